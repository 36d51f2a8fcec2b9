// Methods of texts that are known.
import { toRegExp } from './regexes.ts'
import { arrayOf, known, type Value } from './value.ts'

/** Undefined where the result cannot be told. */
export function textMethod(text: string, name: string, args: readonly Value[]): Value | undefined {
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
