// Functions of lodash that lists of routes are made with.
import type { Call } from './calls.ts'
import type { Evaluator } from './evaluator.ts'
import { callMethod } from './methods.ts'
import { arrayOf, known, truthOf, type Value } from './value.ts'

const SAME = new Set(['map', 'flatMap', 'filter', 'find', 'some', 'every', 'reduce', 'includes', 'join', 'concat'])

export function ofLodash(evaluator: Evaluator, name: string, { args, node, scope }: Call): Value | undefined {
  const [first, ...rest] = args
  if (!first) return undefined
  if (name === 'keys')
    return first.is === 'object' && !first.open ? arrayOf([...first.properties.keys()].map(known)) : undefined
  const items = itemsOf(first)
  if (!items) return undefined
  const call = (method: string, given: readonly Value[]): Value =>
    callMethod(evaluator, { is: 'method', name: method, of: arrayOf(items) }, { args: given, node, scope })
  if (SAME.has(name)) return call(name, rest)
  switch (name) {
    case 'values':
    case 'sortBy':
    case 'orderBy':
      return arrayOf(items)
    case 'compact':
      return arrayOf(items.filter(item => truthOf(item) !== false))
    case 'flatten':
      return call('flat', [])
    case 'flattenDeep':
      return call('flat', [known(20)])
    default:
      return undefined
  }
}

function itemsOf(value: Value): readonly Value[] | undefined {
  if (value.is === 'array') return value.items
  return value.is === 'object' && !value.open ? [...value.properties.values()].map(property => property()) : undefined
}
