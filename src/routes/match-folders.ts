// Whether an address, cut into folders, is one of a pattern's.
import { decodeText, type Pattern, type Piece, type Segment, textOf } from './pattern.ts'

/** An address as it is compared. */
export interface Folders {
  /** As people read them. */
  readonly texts: readonly string[]
  /** The same, in lower case where case makes no difference. */
  readonly folded: readonly string[]
}

/** The folders of a path; what follows it, as a query, makes no difference, nor does a slash at its end. */
export function toFolders(path: string, { caseSensitive }: { readonly caseSensitive: boolean }): Folders {
  const end = path.search(/[?#]/)
  const whole = (end === -1 ? path : path.slice(0, end)).replace(/^\//, '').replace(/\/$/, '')
  const texts = whole === '' ? [] : whole.split('/').map(decodeText)
  return { texts, folded: caseSensitive ? texts : texts.map(text => text.toLowerCase()) }
}

type Test = string | ((text: string) => boolean)
type Step = { readonly test: Test } | { readonly splat: (text: string) => boolean; readonly min: number }

export interface CompiledPattern {
  /** Fewer folders never match, nor do more. */
  readonly min: number
  readonly max: number
  /** The fixed text of the first folder, in lower case where case makes no difference. */
  readonly first: string | undefined
  matches(folders: Folders): boolean
}

export function compilePattern(
  pattern: Pattern,
  { caseSensitive }: { readonly caseSensitive: boolean },
): CompiledPattern {
  const steps = pattern.segments.map(segment => toStep(segment, caseSensitive))
  const min = pattern.segments.reduce((sum, segment) => sum + (segment.is === 'splat' ? segment.min : 1), 0)
  const hasSplat = pattern.segments.some(({ is }) => is === 'splat')
  const [first] = steps
  return {
    min,
    max: hasSplat ? Number.POSITIVE_INFINITY : min,
    first: first && 'test' in first && typeof first.test === 'string' ? first.test : undefined,
    matches: folders => matchFrom(steps, folders, 0, 0),
  }
}

function matchFrom(steps: readonly Step[], folders: Folders, from: number, at: number): boolean {
  let folder = at
  for (let index = from; index < steps.length; index++) {
    const step = steps[index] as Step
    if ('splat' in step) return matchSplat(step, { steps, folders, next: index + 1, at: folder })
    const { test } = step
    if (folder === folders.texts.length) return false
    if (typeof test === 'string' ? folders.folded[folder] !== test : !test(folders.texts[folder] as string))
      return false
    folder++
  }
  return folder === folders.texts.length
}

function matchSplat(
  { splat, min }: Extract<Step, { min: number }>,
  rest: { readonly steps: readonly Step[]; readonly folders: Folders; readonly next: number; readonly at: number },
): boolean {
  const { steps, folders, next, at } = rest
  for (let end = at; end <= folders.texts.length; end++) {
    if (end - at >= min && matchFrom(steps, folders, next, end)) return true
    if (end === folders.texts.length || !splat(folders.texts[end] as string)) return false
  }
  return false
}

function toStep(segment: Segment, caseSensitive: boolean): Step {
  if (segment.is === 'splat')
    return {
      splat: segment.regex === undefined ? () => true : toTest([{ param: '', regex: segment.regex }], caseSensitive),
      min: segment.min,
    }
  const text = textOf(segment)
  return {
    test: text === undefined ? toTest(segment.pieces, caseSensitive) : caseSensitive ? text : text.toLowerCase(),
  }
}

/** A test of one folder, never of more: what a front end's regular expressions can make slow stays small. */
export function toTest(pieces: readonly Piece[], caseSensitive: boolean): (text: string) => boolean {
  const [first, ...more] = pieces
  if (first && !('text' in first) && first.regex === undefined && more.length === 0) return text => text !== ''
  const source = pieces
    .map(piece => ('text' in piece ? escapeText(piece.text) : `(?:${piece.regex ?? '.+?'})`))
    .join('')
  const whole = new RegExp(`^${source}$`, caseSensitive ? 's' : 'is')
  return text => whole.test(text)
}

const escapeText = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
