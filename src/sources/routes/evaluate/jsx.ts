// Elements of JSX: what they are of, and the properties they are given.
import type { JSXElement, JSXFragment, Node } from 'oxc-parser'
import type { Evaluator } from './evaluator.ts'
import { getMember } from './members.ts'
import type { Scope } from './scope.ts'
import { spreadInto } from './spread.ts'
import {
  arrayOf,
  type ElementValue,
  known,
  type ObjectValue,
  objectOf,
  once,
  UNDEFINED,
  type UnknownValue,
  type Value,
} from './value.ts'

const UNTOLD = 'it cannot be told what is in it'

export function elementOf(evaluator: Evaluator, node: JSXElement, scope: Scope): ElementValue {
  const { name, attributes } = node.openingElement
  const properties = new Map<string, () => Value>()
  const written = new Set<string>()
  let open: UnknownValue | undefined
  for (const attribute of attributes) {
    if (attribute.type === 'JSXSpreadAttribute') {
      const spread = evaluator.evaluate(attribute.argument, scope)
      open = spreadInto(properties, spread, () => evaluator.unknown(attribute, scope, UNTOLD)) ?? open
      continue
    }
    const key = attribute.name.type === 'JSXIdentifier' ? attribute.name.name : scope.module.sourceOf(attribute.name)
    const { value } = attribute
    written.add(key)
    properties.set(
      key,
      once(() => (value ? attributeValue(evaluator, value, scope) : known(true))),
    )
  }
  if (node.children.length > 0)
    properties.set(
      'children',
      once(() => childrenOf(evaluator, node.children, scope)),
    )
  return {
    is: 'element',
    type: typeOf(evaluator, name, scope),
    name: scope.module.sourceOf(name),
    properties: objectOf(properties, { open }),
    place: scope.module.placeOf(node),
    written,
  }
}

export const fragmentOf = (evaluator: Evaluator, node: JSXFragment, scope: Scope): ElementValue => ({
  is: 'element',
  type: known(''),
  name: '',
  properties: objectOf(new Map([['children', once(() => childrenOf(evaluator, node.children, scope))]])),
  place: scope.module.placeOf(node),
  written: new Set(),
})

/** `createElement(Page, { path: '/' }, child)`, and what compilers make of JSX. */
export function createdElement(
  args: readonly Value[],
  {
    place,
    name,
    hasChildren,
  }: { readonly place: ElementValue['place']; readonly name: string; readonly hasChildren: boolean },
): ElementValue {
  const [first = UNDEFINED, given, ...children] = args
  // A copy of an element has what the element has.
  const [type, original] = first.is === 'element' ? [first.type, first.properties.properties] : [first, []]
  const properties = new Map<string, () => Value>(original)
  let open: UnknownValue | undefined
  if (given) open = spreadInto(properties, given, () => ({ is: 'unknown', reason: UNTOLD, source: name, place }))
  if (hasChildren && children.length > 0)
    properties.set('children', () => (children.length === 1 ? (children[0] as Value) : arrayOf(children)))
  return {
    is: 'element',
    type,
    name,
    properties: objectOf(properties, { open }),
    place,
    written: new Set(properties.keys()),
  }
}

function typeOf(evaluator: Evaluator, name: Node, scope: Scope): Value {
  if (name.type === 'JSXMemberExpression') {
    const object = typeOf(evaluator, name.object, scope)
    return getMember(evaluator, object, name.property.name, { node: name, scope })
  }
  if (name.type !== 'JSXIdentifier') return known(scope.module.sourceOf(name))
  const found = scope.lookUp(name.name, () => evaluator.unknown(name, scope, `${name.name} is made of itself`))
  // Small letters are elements of HTML.
  if (!found && /^[a-z]/.test(name.name)) return known(name.name)
  if (name.name === 'this') return scope.self ?? UNDEFINED
  return found ?? { is: 'external', module: 'global', path: [name.name] }
}

function childrenOf(evaluator: Evaluator, children: readonly Node[], scope: Scope): Value {
  const values = children.flatMap((child): Value[] => {
    if (child.type !== 'JSXText') return [evaluator.evaluate(child, scope)]
    return child.value.trim() === '' ? [] : [known(child.value)]
  })
  return values.length === 1 ? (values[0] as Value) : arrayOf(values)
}

function attributeValue(evaluator: Evaluator, value: Node, scope: Scope): Value {
  // Entities in an attribute are the writer's way to a character.
  if (value.type === 'Literal' && typeof value.value === 'string') return known(value.value.replaceAll('&amp;', '&'))
  return evaluator.evaluate(value, scope)
}

export const propertyOf = ({ properties }: ElementValue, name: string): Value =>
  own(properties, name) ?? properties.open ?? UNDEFINED

const own = ({ properties }: ObjectValue, name: string): Value | undefined => properties.get(name)?.()
