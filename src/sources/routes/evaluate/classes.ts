// What can be told of a class and of what `new` makes of it: fields, methods and getters, those it inherits, too.
import type { Class, Node } from 'oxc-parser'
import { declare } from './declarations.ts'
import type { Evaluator } from './evaluator.ts'
import { Scope } from './scope.ts'
import { staticName } from './syntax.ts'
import { type ClassValue, type ObjectValue, once, UNDEFINED, type UnknownValue, type Value } from './value.ts'

type Members = Map<string, () => Value>

/** A static member; undefined where there is none. */
export function memberOfClass(evaluator: Evaluator, value: ClassValue, name: string): Value | undefined {
  return membersOf(evaluator, value, { isStatic: true, self: value }).members.get(name)?.()
}

/** An object with the fields and methods of the class; `fields` are what it has besides, as a component's props. */
export function instanceOf(evaluator: Evaluator, value: ClassValue, fields: ReadonlyMap<string, () => Value>): Value {
  const properties: Members = new Map()
  // Its methods know it, and so it is made before they are.
  const self: { -readonly [K in keyof ObjectValue]: ObjectValue[K] } = { is: 'object', properties, open: undefined }
  const { members, open } = membersOf(evaluator, value, { isStatic: false, self })
  self.open = open
  for (const [name, member] of members) properties.set(name, member)
  for (const [name, field] of fields) properties.set(name, field)
  return self
}

interface Side {
  readonly isStatic: boolean
  readonly self: Value
}

/** Of a class that extends itself, over others, no more is asked. */
const DEEPEST = 20

/** `open`: it also has what a class of a package has. */
function membersOf(
  evaluator: Evaluator,
  { node, scope }: ClassValue,
  side: Side,
  depth = 0,
): { readonly members: Members; readonly open: UnknownValue | undefined } {
  const parent = node.superClass && depth < DEEPEST ? evaluator.evaluate(node.superClass, scope) : UNDEFINED
  const inherited =
    parent.is === 'class' ? membersOf(evaluator, parent, side, depth + 1) : { members: new Map(), open: undefined }
  const members: Members = new Map(inherited.members)
  const inner = new Scope(scope.module, scope, side.self)
  for (const member of node.body.body) {
    if (member.type !== 'MethodDefinition' && member.type !== 'PropertyDefinition') continue
    const name = staticName(member.key, member.computed)
    if (member.static !== side.isStatic || name === undefined) continue
    if (name === 'constructor') continue
    members.set(
      name,
      once(() => memberValue(evaluator, member, inner)),
    )
  }
  if (!side.isStatic) for (const [name, field] of assignedIn(evaluator, node, inner)) members.set(name, field)
  const isKnown = parent === UNDEFINED || parent.is === 'class' || isComponent(parent)
  const open = isKnown
    ? inherited.open
    : evaluator.unknown(node.superClass as Node, scope, 'the class extends one that is no part of the front end')
  return { members, open }
}

const isComponent = (value: Value): boolean =>
  value.is === 'external' && /^(Component|PureComponent)$/.test(value.path.at(-1) ?? '')

/** `this.routes = […]` of the constructor. */
function assignedIn(evaluator: Evaluator, node: Class, scope: Scope): Members {
  const found: Members = new Map()
  const method = node.body.body.find(member => member.type === 'MethodDefinition' && member.kind === 'constructor')
  const body = method?.type === 'MethodDefinition' ? method.value.body : null
  if (method?.type !== 'MethodDefinition' || !body) return found
  let inner: Scope | undefined
  const within = (): Scope => {
    if (inner) return inner
    inner = new Scope(scope.module, scope)
    const unknown = evaluator.unknown(method, scope, 'it is given to the constructor')
    for (const param of method.value.params) if (param.type === 'Identifier') inner.bind(param.name, () => unknown)
    declare(evaluator, body.body, inner)
    return inner
  }
  for (const statement of body.body) {
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') continue
    const { left, right } = statement.expression
    if (left.type !== 'MemberExpression' || left.object.type !== 'ThisExpression') continue
    const name = staticName(left.property, left.computed)
    if (name !== undefined)
      found.set(
        name,
        once(() => evaluator.evaluate(right, within())),
      )
  }
  return found
}

function memberValue(
  evaluator: Evaluator,
  member: { readonly type: string; readonly kind?: string; readonly value: unknown },
  scope: Scope,
): Value {
  const node = member.value as Parameters<Evaluator['evaluate']>[0] | null
  if (!node) return UNDEFINED
  const value = evaluator.evaluate(node, scope)
  if (value.is !== 'function' || !scope.self) return value
  const method: Value = node.type === 'ArrowFunctionExpression' ? value : { ...value, self: scope.self }
  return member.kind === 'get' ? evaluator.call(method, [], { node, scope }) : method
}
