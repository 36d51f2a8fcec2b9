// How one folder of a route and one of a template lie to each other.
import { matchesNothing } from './items.ts'
import { toTest } from './match-folders.ts'
import { type Piece, type Value, wordsOf } from './pattern.ts'

export type Meeting = 'can' | 'fills' | 'all'

/** Whether a folder of a route can be, is filled by, or takes each of a template's. */
export function compareTexts(
  route: readonly Piece[],
  template: readonly Piece[],
  { how, caseSensitive }: { readonly how: Meeting; readonly caseSensitive: boolean },
): boolean {
  const text = fixedText(template)
  if (text !== undefined) return toTest(route, caseSensitive)(text)
  if (fixedText(route) !== undefined) return how === 'can' && canMeet(route, template, caseSensitive)
  return how === 'all' ? takesEach(route, template, caseSensitive) : canMeet(route, template, caseSensitive)
}

function fixedText(pieces: readonly Piece[]): string | undefined {
  const texts = pieces.map(piece => ('text' in piece ? piece.text : undefined))
  return texts.includes(undefined) ? undefined : texts.join('')
}

function canMeet(route: readonly Piece[], template: readonly Piece[], caseSensitive: boolean): boolean {
  const words = route.length === 1 ? wordsOf((route[0] as Value).regex) : undefined
  if (words) return words.some(toTest(template, caseSensitive))
  return overlap(toGlob(route, caseSensitive), toGlob(template, caseSensitive))
}

/** Stands for a value that nothing is known of. */
const UNKNOWN = '\ue000'
const ANY = /^(\.\+|\.\*|\[\^\\?\/\]\+)\??$/
const DIGITS = /^(\\d|\[0-9\])[+*]$/

function takesEach(route: readonly Piece[], template: readonly Piece[], caseSensitive: boolean): boolean {
  const [own, ...others] = route
  const [field, ...more] = template
  if (own && 'regex' in own && others.length === 0 && field && 'param' in field && more.length === 0) {
    if (field.param === 'id' && DIGITS.test(own.regex ?? '')) return true
  }
  // What takes a text that stands for any takes all of them, but for what a regular expression looks at.
  if (route.some(piece => 'regex' in piece && piece.regex !== undefined && !ANY.test(piece.regex))) return false
  return toTest(route, caseSensitive)(template.map(piece => ('text' in piece ? piece.text : UNKNOWN)).join(''))
}

/** Characters, one of any kind, any number of any kind. */
type Glob = readonly (string | 'one' | 'many')[]

const toGlob = (pieces: readonly Piece[], caseSensitive: boolean): Glob =>
  pieces.flatMap(piece => {
    if ('text' in piece) return [...(caseSensitive ? piece.text : piece.text.toLowerCase())].map(char => `=${char}`)
    return matchesNothing(piece.regex) ? ['many'] : ['one', 'many']
  })

function overlap(one: Glob, other: Glob): boolean {
  // Row by row: whether what is left of one, from there, can be what is left of the other.
  let below: boolean[] = []
  for (let i = one.length; i >= 0; i--) {
    const row: boolean[] = []
    for (let j = other.length; j >= 0; j--) {
      const [a, b] = [one[i], other[j]]
      const next = below[j + 1] ?? false
      if (a === undefined && b === undefined) row[j] = true
      else if (a === 'many') row[j] = (below[j] ?? false) || (b !== undefined && (row[j + 1] ?? false))
      else if (b === 'many') row[j] = (row[j + 1] ?? false) || (a !== undefined && (below[j] ?? false))
      else row[j] = a !== undefined && b !== undefined && (a === b || a === 'one' || b === 'one') && next
    }
    below = row
  }
  return below[0] ?? false
}
