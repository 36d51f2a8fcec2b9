// What `...list` adds to an array or to arguments, and `...object` to an object or to properties.
import type { Node } from 'oxc-parser'
import type { Evaluator } from './evaluator.ts'
import type { Scope } from './scope.ts'
import { choiceOf, isNothing, maybe, UNDEFINED, type UnknownValue, type Value } from './value.ts'

export function spreadItems(evaluator: Evaluator, node: Node, scope: Scope): readonly Value[] {
  return itemsOf(evaluator.evaluate(node, scope), () =>
    evaluator.unknown(node, scope, 'it cannot be told what is in it'),
  )
}

function itemsOf(value: Value, unknown: () => Value): readonly Value[] {
  switch (value.is) {
    case 'array':
      return value.items
    case 'choice':
      return value.values.flatMap(each => itemsOf(each, unknown))
    case 'maybe':
      return itemsOf(value.value, unknown).map(item => maybe(value.condition, item))
    case 'known':
      return isNothing(value) ? [] : [unknown()]
    case 'unknown':
    case 'called':
      return [value]
    default:
      return [unknown()]
  }
}

/** Gives what it may have besides; undefined where all of it is known. */
export function spreadInto(
  into: Map<string, () => Value>,
  spread: Value,
  unknown: () => UnknownValue,
): UnknownValue | undefined {
  switch (spread.is) {
    case 'object':
      for (const [name, value] of spread.properties) into.set(name, value)
      return spread.open
    case 'maybe': {
      const { condition, value } = spread
      if (value.is !== 'object') return spreadInto(into, value, unknown)
      for (const [name, each] of value.properties) {
        const before = into.get(name) ?? (() => UNDEFINED)
        into.set(name, () => choiceOf([before(), maybe(condition, each())]))
      }
      return value.open
    }
    case 'choice':
      return spread.values.map(value => spreadInto(into, value, unknown)).find(open => open !== undefined)
    case 'known':
      return undefined
    case 'unknown':
      return spread
    default:
      return unknown()
  }
}
