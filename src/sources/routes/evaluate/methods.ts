// Methods of arrays, texts, objects, promises and functions, as far as their results can be told.
import { arrayMethod } from './array-methods.ts'
import type { Call } from './calls.ts'
import type { Evaluator } from './evaluator.ts'
import { toRegExp } from './regexes.ts'
import { textMethod } from './text-methods.ts'
import { known, type MethodValue, type Value } from './value.ts'

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

export const firstUnknownOf = (args: readonly Value[]): Value | undefined => args.find(({ is }) => is === 'unknown')
