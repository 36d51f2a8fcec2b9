// What can be told of a class and of what `new` makes of it: fields, methods and getters.
import type { Evaluator } from './evaluator.ts'
import { Scope } from './scope.ts'
import { staticName } from './syntax.ts'
import { type ClassValue, objectOf, UNDEFINED, type Value } from './value.ts'

/** A static member; undefined where there is none. */
export function memberOfClass(evaluator: Evaluator, value: ClassValue, name: string): Value | undefined {
  return membersOf(evaluator, value, { isStatic: true, self: value }).get(name)?.()
}

/** An object with the fields and methods of the class; `fields` are what it has besides, as a component's props. */
export function instanceOf(evaluator: Evaluator, value: ClassValue, fields: ReadonlyMap<string, () => Value>): Value {
  const properties = new Map<string, () => Value>()
  const self = objectOf(properties)
  for (const [name, member] of membersOf(evaluator, value, { isStatic: false, self })) properties.set(name, member)
  for (const [name, field] of fields) properties.set(name, field)
  return self
}

function membersOf(
  evaluator: Evaluator,
  { node, scope }: ClassValue,
  { isStatic, self }: { readonly isStatic: boolean; readonly self: Value },
): Map<string, () => Value> {
  const members = new Map<string, () => Value>()
  const inner = new Scope(scope.module, scope, self)
  for (const member of node.body.body) {
    if (member.type !== 'MethodDefinition' && member.type !== 'PropertyDefinition') continue
    const name = staticName(member.key, member.computed)
    if (member.static !== isStatic || name === undefined) continue
    let made: Value | undefined
    members.set(name, () => {
      made ??= memberValue(evaluator, member, inner)
      return made
    })
  }
  return members
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
