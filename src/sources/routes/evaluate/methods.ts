// Methods of arrays, texts, objects, promises and functions, as far as their results can be told.
import type { Call } from './calls.ts'
import type { Evaluator } from './evaluator.ts'
import {
  arrayOf,
  known,
  type MethodValue,
  mapPossible,
  maybe,
  type RegexValue,
  truthOf,
  UNDEFINED,
  type Value,
} from './value.ts'

const METHODS = {
  array: new Set([
    'map',
    'flatMap',
    'filter',
    'concat',
    'flat',
    'reduce',
    'reduceRight',
    'find',
    'some',
    'every',
    'includes',
    'join',
    'slice',
    'reverse',
    'toReversed',
    'sort',
    'toSorted',
    'at',
    'keys',
    'values',
    'entries',
    'indexOf',
    'forEach',
    'push',
  ]),
  text: new Set([
    'concat',
    'replace',
    'replaceAll',
    'toLowerCase',
    'toUpperCase',
    'trim',
    'trimStart',
    'trimEnd',
    'split',
    'slice',
    'substring',
    'startsWith',
    'endsWith',
    'includes',
    'padStart',
    'toString',
    'repeat',
    'at',
    'charAt',
    'indexOf',
    'lastIndexOf',
  ]),
  object: new Set(['hasOwnProperty', 'toString']),
}

export const isMethodOf = (kind: keyof typeof METHODS, name: string): boolean => METHODS[kind].has(name)

export function callMethod(evaluator: Evaluator, { name, of }: MethodValue, call: Call): Value {
  const { node, scope, args } = call
  const unknown = (reason = 'it is only known when it runs'): Value => evaluator.unknown(node, scope, reason)
  switch (of.is) {
    case 'array':
      return arrayMethod(evaluator, of.items, { ...call, name }) ?? unknown()
    case 'known':
      return textMethod(String(of.value), name, args) ?? firstUnknownOf(args) ?? unknown()
    case 'object':
      return name === 'hasOwnProperty' && args[0]?.is === 'known'
        ? known(of.properties.has(String(args[0].value)))
        : unknown()
    case 'promise': {
      if (name !== 'then' || !args[0]) return of
      const result = evaluator.call(args[0], [of.value], { node, scope })
      return result.is === 'promise' ? result : { is: 'promise', value: result }
    }
    case 'function':
    case 'class': {
      if (name === 'bind') return of.is === 'function' && args[0] ? { ...of, self: of.self ?? args[0] } : of
      if (name === 'call') return evaluator.call(of, args.slice(1), { node, scope })
      return evaluator.call(of, args[1]?.is === 'array' ? args[1].items : [], { node, scope })
    }
    case 'regex': {
      const [text] = args
      if (name !== 'test' || text?.is !== 'known') return unknown()
      const regex = toRegExp(of, String(text.value))
      return regex ? known(regex.test(String(text.value))) : unknown()
    }
    default:
      return unknown()
  }
}

const firstUnknownOf = (args: readonly Value[]): Value | undefined => args.find(({ is }) => is === 'unknown')

interface ArrayCall extends Call {
  readonly name: string
}

function arrayMethod(
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

function textMethod(text: string, name: string, args: readonly Value[]): Value | undefined {
  const [first, second] = args
  if (name === 'replace' || name === 'replaceAll') {
    const pattern =
      first?.is === 'regex' ? toRegExp(first, text) : first?.is === 'known' ? String(first.value) : undefined
    if (pattern === undefined || second?.is !== 'known') return undefined
    const by = String(second.value)
    return known(name === 'replace' ? text.replace(pattern, by) : text.replaceAll(pattern, by))
  }
  if (name === 'split' && first?.is === 'regex') {
    const pattern = toRegExp(first, text)
    return pattern ? arrayOf(text.split(pattern).map(known)) : undefined
  }
  if (!args.every(arg => arg.is === 'known')) return undefined
  const values = args.map(arg => (arg.is === 'known' ? arg.value : undefined))
  const texts = values.map(String)
  const numbers = values.map(Number)
  switch (name) {
    case 'concat':
      return known([text, ...texts].join(''))
    case 'toLowerCase':
      return known(text.toLowerCase())
    case 'toUpperCase':
      return known(text.toUpperCase())
    case 'trim':
      return known(text.trim())
    case 'trimStart':
      return known(text.trimStart())
    case 'trimEnd':
      return known(text.trimEnd())
    case 'toString':
      return known(text)
    case 'split':
      return arrayOf(text.split(texts[0] ?? '').map(known))
    case 'slice':
      return known(text.slice(numbers[0], numbers[1]))
    case 'substring':
      return known(text.substring(numbers[0] ?? 0, numbers[1]))
    case 'startsWith':
      return known(text.startsWith(texts[0] ?? ''))
    case 'endsWith':
      return known(text.endsWith(texts[0] ?? ''))
    case 'includes':
      return known(text.includes(texts[0] ?? ''))
    case 'padStart':
      return known(text.padStart(Math.min(numbers[0] ?? 0, 1000), texts[1]))
    case 'repeat':
      return known(text.repeat(Math.min(numbers[0] ?? 0, 100)))
    case 'at':
    case 'charAt':
      return known(text.at(numbers[0] ?? 0))
    case 'indexOf':
      return known(text.indexOf(texts[0] ?? ''))
    case 'lastIndexOf':
      return known(text.lastIndexOf(texts[0] ?? ''))
    default:
      return undefined
  }
}

/** So much a regular expression of the source is given to do: what could take for ever is not begun. */
const MOST_SEARCHED = 300
const UNBOUNDED = /[+*]|\{\d+,\}/g
const REPEATED_CHOICE = /\([^()]*(?:[+*|]|\{\d)[^()]*\)(?:[+*]|\{\d)/

/** Undefined where it is not valid here, or might take long. */
function toRegExp({ pattern, flags }: RegexValue, text: string): RegExp | undefined {
  const isTame =
    (pattern.match(UNBOUNDED) ?? []).length <= 3 && !REPEATED_CHOICE.test(pattern) && !/\\\d|\(\?[<!=]/.test(pattern)
  if (!isTame && text.length > 20) return undefined
  if (text.length > MOST_SEARCHED) return undefined
  try {
    return new RegExp(pattern, flags)
  } catch {
    return undefined
  }
}
