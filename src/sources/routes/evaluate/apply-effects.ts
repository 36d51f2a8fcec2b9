// The value of a name after all that happens to it in its module or function.
import type { Expression, Node } from 'oxc-parser'
import { type Effect, effectsIn } from './effects.ts'
import type { Evaluator } from './evaluator.ts'
import { getMember } from './members.ts'
import { occasionsOf } from './occasions.ts'
import { binary } from './operators.ts'
import { Scope } from './scope.ts'
import { spreadInto, spreadItems } from './spread.ts'
import { arrayOf, choiceOf, isUndefined, mapPossible, maybe, objectOf, once, UNDEFINED, type Value } from './value.ts'

interface Setting {
  readonly effects: readonly Effect[]
  readonly scope: Scope
}

/** Of several assignments the last that is sure counts, and those after it that may be. */
export function applyEffects(evaluator: Evaluator, value: Value, { effects, scope }: Setting): Value {
  let result = value
  for (const effect of effects)
    result = atPath(result, effect.path, {
      evaluator,
      at: { node: effect.node, scope },
      change: part => applyOne(evaluator, part, effect, scope),
    })
  return result
}

interface Changing {
  readonly evaluator: Evaluator
  readonly at: { readonly node: Node; readonly scope: Scope }
  readonly change: (part: Value) => Value
}

/** The same value with another part at a path; where there is nothing of the kind, it stays as it is. */
function atPath(value: Value, path: readonly string[], changing: Changing): Value {
  const { evaluator, at, change } = changing
  const [name, ...rest] = path
  if (name === undefined) return change(value)
  return mapPossible(value, each => {
    if (each.is === 'class' || each.is === 'function') {
      const changed = once(() => atPath(getMember(evaluator, each, name, at), rest, changing))
      return { ...each, statics: new Map(each.statics).set(name, changed) }
    }
    if (each.is === 'object') {
      const part = each.properties.get(name)
      if (!part) return each
      return objectOf(
        new Map(each.properties).set(
          name,
          once(() => atPath(part(), rest, changing)),
        ),
        each,
      )
    }
    if (each.is !== 'array' || !/^\d+$/.test(name)) return each
    return arrayOf(each.items.map((item, index) => (index === Number(name) ? atPath(item, rest, changing) : item)))
  })
}

function applyOne(evaluator: Evaluator, value: Value, effect: Effect, scope: Scope): Value {
  const unknown = (reason = `${effect.name} is changed there`): Value => evaluator.unknown(effect.node, scope, reason)
  switch (effect.does) {
    case 'alter':
      return value.is === 'array' || value.is === 'known' ? unknown() : value
    case 'assign':
      return assigned(evaluator, value, effect, scope)
    case 'set':
      return afterSet(evaluator, value, effect, scope)
    case 'extend': {
      if (value.is !== 'object') return value
      const properties = new Map(value.properties)
      let { open } = value
      for (const arg of effect.args) {
        const spread: Value =
          arg.type === 'SpreadElement' ? evaluator.unknown(arg, scope, UNTOLD) : evaluator.evaluate(arg, scope)
        open = spreadInto(properties, spread, () => evaluator.unknown(arg, scope, UNTOLD)) ?? open
      }
      return objectOf(properties, { ...value, open })
    }
    case 'pass':
      return isChangedBy(evaluator, value, effect, scope) ? unknown() : value
    default: {
      if (value.is === 'choice' || value.is === 'maybe')
        return mapPossible(value, each => applyOne(evaluator, each, effect, scope))
      if (value.is !== 'array') return value
      const added = occasionsOf(evaluator, effect, scope).flatMap(({ scope: at, condition }) =>
        effect.args
          .flatMap(arg =>
            arg.type === 'SpreadElement' ? spreadItems(evaluator, arg.argument, at) : evaluator.evaluate(arg, at),
          )
          .map(item => (condition === undefined ? item : maybe(condition, item))),
      )
      return arrayOf(effect.does === 'push' ? [...value.items, ...added] : [...added, ...value.items])
    }
  }
}

const UNTOLD = 'it cannot be told what is in it'

function assigned(
  evaluator: Evaluator,
  value: Value,
  effect: Extract<Effect, { does: 'assign' }>,
  scope: Scope,
): Value {
  const { operator, right, chain, name } = effect
  if (operator !== '=' && operator !== '+=') return evaluator.unknown(effect.node, scope, `${name} is changed there`)
  let result = value
  for (const { scope: at, condition } of occasionsOf(evaluator, effect, scope)) {
    const before = result
    // In `list = [...list, more]` it is what it was before.
    const inner = new Scope(at.module, at)
    inner.bind(name, () => before)
    const given = evaluator.evaluate(right, inner)
    const made = operator === '=' ? given : sum(evaluator, before, { given, effect, scope })
    if (condition === undefined) result = made
    else result = choiceOf(isUndefined(before) ? [maybe(condition, made)] : [before, maybe(condition, made)])
  }
  return chain.length === 0 ? result : isUndefined(result) ? value : result
}

const sum = (
  evaluator: Evaluator,
  before: Value,
  { given, effect, scope }: { readonly given: Value; readonly effect: Effect; readonly scope: Scope },
): Value =>
  mapPossible(before, left =>
    mapPossible(
      given,
      right => binary('+', left, right) ?? evaluator.unknown(effect.node, scope, `${effect.name} is changed there`),
    ),
  )

function afterSet(evaluator: Evaluator, value: Value, effect: Extract<Effect, { does: 'set' }>, scope: Scope): Value {
  const { property, right } = effect
  if (value.is === 'choice' || value.is === 'maybe')
    return mapPossible(value, each => afterSet(evaluator, each, effect, scope))
  if (value.is === 'function' || value.is === 'class')
    return typeof property === 'string'
      ? { ...value, statics: new Map(value.statics).set(property, settled(evaluator, right, effect, scope)) }
      : value
  if (value.is === 'array') return evaluator.unknown(effect.node, scope, `${effect.name} is changed there`)
  if (value.is !== 'object') return value
  if (typeof property === 'string')
    return objectOf(new Map(value.properties).set(property, settled(evaluator, right, effect, scope)), value)
  const properties = new Map(value.properties)
  let { open } = value
  for (const { scope: at, condition } of occasionsOf(evaluator, effect, scope)) {
    const name = evaluator.evaluate(property, at)
    if (name.is === 'known')
      properties.set(
        String(name.value),
        once(() => {
          const made = evaluator.evaluate(right, at)
          return condition === undefined ? made : maybe(condition, made)
        }),
      )
    else open = evaluator.unknown(property, scope, 'the name of a property is only known when it runs')
  }
  return objectOf(properties, { ...value, open })
}

/** What is set where it happens at most once. */
function settled(evaluator: Evaluator, right: Expression, effect: Effect, scope: Scope): () => Value {
  return once(() => {
    const [first] = occasionsOf(evaluator, effect, scope)
    if (!first) return UNDEFINED
    const made = evaluator.evaluate(right, first.scope)
    return first.condition === undefined ? made : maybe(first.condition, made)
  })
}

/** Whether a function of the source that is given an array or object changes it. */
function isChangedBy(
  evaluator: Evaluator,
  value: Value,
  { callee, index }: Extract<Effect, { does: 'pass' }>,
  scope: Scope,
): boolean {
  if (value.is !== 'array' && value.is !== 'object') return false
  const taker = evaluator.evaluate(callee, scope)
  if (taker.is !== 'function') return false
  const parameter = taker.node.params[index] as Node | undefined
  const { body } = taker.node
  if (parameter?.type !== 'Identifier' || body?.type !== 'BlockStatement') return false
  const { program } = taker.scope.module
  return effectsIn(program, body.body)
    .of(parameter.name)
    .some(({ does }) => does !== 'pass' && does !== 'assign')
}
