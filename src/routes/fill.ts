// A route's parameters filled with what is known of them: fixed values, so that its addresses can be listed.
import { toTest } from './match-folders.ts'
import { encodeText, type Pattern, type Piece, type Segment, type Value, wordsOf } from './pattern.ts'
import { namesOf } from './sections.ts'

/** More pages than that are no work for a list of values. */
const MAX_PAGES = 10_000

export interface ParameterValues {
  /** As they are configured. */
  readonly given: ReadonlyMap<string, readonly string[]>
  /** What sections tell of them, where the route itself names no words. */
  readonly taught: ReadonlyMap<string, readonly string[]>
}

/** The paths with every combination of values; or why there are none. */
export function fillPattern(
  pattern: Pattern,
  values: ParameterValues,
): { readonly paths: readonly string[] } | { readonly why: string } {
  const choices = new Map<string, readonly string[]>()
  for (const name of new Set(namesOf(pattern))) {
    const given = values.given.get(name) ?? wordsOf(regexOf(pattern, name)) ?? values.taught.get(name)
    if (given === undefined || given.length === 0) return { why: `nothing fills ${written(name)}` }
    choices.set(name, given)
  }
  const count = [...choices.values()].reduce((product, { length }) => product * length, 1)
  if (count > MAX_PAGES) return { why: `its parameters make ${count} pages, and ${MAX_PAGES} at most are listed` }
  const paths: string[] = []
  for (const chosen of combine([...choices])) {
    const folders: string[] = []
    for (const segment of pattern.segments) {
      const filled = fillSegment(segment, chosen)
      if ('why' in filled) return filled
      if (filled.text !== '') folders.push(filled.text)
    }
    const path = folders.map(folder => `/${folder}`).join('')
    paths.push(pattern.trailingSlash || path === '' ? `${path}/` : path)
  }
  return { paths: [...new Set(paths)] }
}

function fillSegment(segment: Segment, chosen: ReadonlyMap<string, string>): { text: string } | { why: string } {
  if (segment.is === 'folder') {
    const texts: string[] = []
    for (const piece of segment.pieces) {
      if ('text' in piece) {
        texts.push(encodeText(piece.text))
        continue
      }
      const value = chosen.get(piece.param) ?? ''
      if (!toTest([piece], false)(value)) return mismatch(value, piece)
      texts.push(encodeValue(value))
    }
    return { text: texts.join('') }
  }
  const { name = '*', regex, min } = segment
  const whole = chosen.get(name) ?? ''
  const folders = whole.split('/').filter(folder => folder !== '')
  const value: Value = { param: name, regex }
  if (folders.length < min) return { why: `${written(name)} has to be one folder or more, and is "${whole}"` }
  const odd = folders.find(folder => !toTest([value as Piece], false)(folder))
  return odd === undefined ? { text: folders.map(encodeValue).join('/') } : mismatch(odd, value)
}

const mismatch = (text: string, { param, regex }: Value): { why: string } => ({
  why:
    regex === undefined
      ? `${written(param)} is empty`
      : `"${text}" is given for ${written(param)}, which takes ${regex}`,
})
const written = (name: string): string => (name === '*' ? '*' : `:${name}`)
const encodeValue = (text: string): string =>
  encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd')).replaceAll("'", '%27')

function regexOf({ segments }: Pattern, name: string): string | undefined {
  for (const segment of segments) {
    if (segment.is === 'splat') continue
    for (const piece of segment.pieces) if ('param' in piece && piece.param === name) return piece.regex
  }
  return undefined
}

function* combine([first, ...rest]: readonly (readonly [string, readonly string[]])[]): Generator<Map<string, string>> {
  if (first === undefined) return yield new Map()
  const [name, texts] = first
  for (const text of texts) for (const others of combine(rest)) yield new Map([[name, text], ...others])
}
