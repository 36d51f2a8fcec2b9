// Methods of arrays, some of whose items may not be known.
import type { Call } from './calls.ts'
import type { Evaluator } from './evaluator.ts'
import { firstUnknownOf } from './methods.ts'
import { arrayOf, known, mapPossible, maybe, truthOf, UNDEFINED, type Value } from './value.ts'

interface ArrayCall extends Call {
  readonly name: string
}

/** Undefined where the result cannot be told. */
export function arrayMethod(
  evaluator: Evaluator,
  items: readonly Value[],
  { name, args, node, scope }: ArrayCall,
): Value | undefined {
  const [first, second] = args
  const apply = (item: Value, index: number): Value =>
    mapPossible(item, each =>
      each.is === 'unknown' || !first
        ? each
        : evaluator.call(first, [each, known(index), arrayOf(items)], { node, scope }),
    )
  switch (name) {
    case 'map':
      return arrayOf(items.map(apply))
    case 'flatMap':
      return arrayOf(items.map(apply).flatMap(item => flattened(item, 1)))
    case 'flat':
      return arrayOf(items.flatMap(item => flattened(item, first?.is === 'known' ? Number(first.value) : 1)))
    case 'filter':
      return arrayOf(
        items.flatMap((item, index) => kept(item, apply(item, index), () => scope.module.sourceOf(node, 60))),
      )
    case 'find': {
      const found = items.map((item, index) => ({ item, truth: truthOf(apply(item, index)) }))
      if (found.some(({ truth }) => truth === undefined)) return undefined
      return found.find(({ truth }) => truth)?.item ?? UNDEFINED
    }
    case 'some':
    case 'every': {
      const truths = items.map((item, index) => truthOf(apply(item, index)))
      if (truths.includes(undefined)) return undefined
      return known(name === 'some' ? truths.includes(true) : !truths.includes(false))
    }
    case 'concat':
      return arrayOf([...items, ...args.flatMap(arg => flattened(arg, 1))])
    case 'reduce':
    case 'reduceRight': {
      const all = items.map((item, index) => ({ item, index }))
      if (name === 'reduceRight') all.reverse()
      const [initial, rest] = second ? [second, all] : [all[0]?.item ?? UNDEFINED, all.slice(1)]
      return rest.reduce<Value>(
        (sum, { item, index }) => (first ? evaluator.call(first, [sum, item, known(index)], { node, scope }) : sum),
        initial,
      )
    }
    case 'join': {
      if (!items.every(item => item.is === 'known')) return firstUnknownOf(items)
      const glue = first?.is === 'known' ? String(first.value) : ','
      return known(items.map(item => (item.is === 'known' ? String(item.value ?? '') : '')).join(glue))
    }
    case 'includes':
    case 'indexOf': {
      if (first?.is !== 'known' || !items.every(item => item.is === 'known')) return undefined
      const at = items.findIndex(item => item.is === 'known' && item.value === first.value)
      return known(name === 'indexOf' ? at : at !== -1)
    }
    case 'slice': {
      const [from, to] = args.map(arg => (arg.is === 'known' ? Number(arg.value) : Number.NaN))
      return Number.isNaN(from) || Number.isNaN(to) ? undefined : arrayOf(items.slice(from, to))
    }
    case 'reverse':
    case 'toReversed':
      return arrayOf([...items].reverse())
    case 'sort':
    case 'toSorted':
    case 'values':
      // Which of them stands first makes no difference to which there are.
      return arrayOf(items)
    case 'keys':
      return arrayOf(items.map((_, index) => known(index)))
    case 'entries':
      return arrayOf(items.map((item, index) => arrayOf([known(index), item])))
    case 'at':
      return first?.is === 'known' ? (items.at(Number(first.value)) ?? UNDEFINED) : undefined
    case 'forEach':
      return UNDEFINED
    default:
      return undefined
  }
}

function flattened(value: Value, depth: number): readonly Value[] {
  if (value.is === 'array') return depth < 1 ? [value] : value.items.flatMap(item => flattened(item, depth - 1))
  if (value.is === 'choice') return value.values.flatMap(each => flattened(each, depth))
  if (value.is === 'maybe') return flattened(value.value, depth).map(each => maybe(value.condition, each))
  return [value]
}

/** What a filter leaves of an item: of `cond && route` the route, under its condition. */
function kept(item: Value, verdict: Value, source: () => string): readonly Value[] {
  if (item.is === 'choice')
    return item.values.flatMap(each => kept(each, truthOf(each) === false ? known(false) : verdict, source))
  if (item.is === 'maybe' && truthOf(item.value) === false) return []
  if (item.is === 'unknown') return [item]
  const truth = truthOf(verdict)
  if (truth !== undefined) return truth ? [item] : []
  return [item.is === 'maybe' ? item : maybe(source(), item)]
}
