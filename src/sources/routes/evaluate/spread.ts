// What `...list` adds to an array or to arguments.
import type { Node } from 'oxc-parser'
import type { Evaluator } from './evaluator.ts'
import type { Scope } from './scope.ts'
import { isNothing, maybe, type Value } from './value.ts'

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
