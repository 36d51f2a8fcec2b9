// A path as a row of slashes, texts and values, before it is known what is a folder: what spans folders is written out.
import { decodeText, formatPattern, type Pattern, type Piece, type Segment, type Value } from './pattern.ts'

/** A value of any length, slashes included: `(.*)`. */
export interface Wide {
  /** Its name, where it has one of its own. */
  readonly wide: string | undefined
  /** Its name where it has to have one. */
  readonly param: string
  readonly min: 0 | 1
}
/** The values of folders, each between slashes. */
interface Splat {
  readonly splat: string | undefined
  readonly min: 0 | 1
  readonly regex?: string | undefined
}
export type Item = '/' | { readonly text: string } | Value | Wide | Splat
type Folder = readonly Exclude<Item, '/'>[]

/** More would be thousands of paths; React Router has the same limit. */
export const MAX_OPTIONAL = 12

/** The paths of all rows, each once. A row that does not begin with a slash can match nothing, and has none. */
export function formatPaths(rows: readonly (readonly Item[])[]): readonly string[] {
  const paths = rows.flatMap(row => patternsOf(row).map(formatPattern))
  return [...new Set(paths)].filter(path => !path.includes('//'))
}

/** Each way in which a row is whole folders. */
export function patternsOf(row: readonly Item[]): readonly Pattern[] {
  const folders: Exclude<Item, '/'>[][] = [[]]
  for (const item of row) {
    if (item === '/') folders.push([])
    else folders.at(-1)?.push(item)
  }
  const [before = [], ...rest] = folders
  const [lead] = before
  if (lead === undefined)
    return seal(expand(rest.length === 0 ? [] : rest), rest.length === 0 || rest.at(-1)?.length === 0)
  // Only what takes slashes can take the first one.
  if (!('wide' in lead)) return []
  const first: Folder[] =
    before.length === 1
      ? [[{ splat: lead.wide, min: lead.min === 1 && rest.length > 0 ? 1 : 0 }]]
      : [[{ splat: undefined, min: 0 }], [{ param: lead.param, regex: '.*' }, ...before.slice(1)]]
  return seal(expand([...first, ...rest]), rest.at(-1)?.length === 0)
}

const seal = (choices: readonly (readonly Segment[])[], trailingSlash: boolean): Pattern[] =>
  choices.map(segments => ({ segments, trailingSlash: trailingSlash || segments.length === 0 }))

/** The folders, in each way in which they can be whole ones. */
function expand(given: readonly Folder[]): readonly (readonly Segment[])[] {
  // A slash at the end begins no folder.
  const folders = given.at(-1)?.length === 0 ? given.slice(0, -1) : given
  return folders.reduce<readonly (readonly Segment[])[]>(
    (heads, folder, index) => {
      const ways = waysOf(folder, { isLast: folders.slice(index + 1).every(canBeMissing) })
      return heads.flatMap(head => ways.map(way => [...head, ...way]))
    },
    [[]],
  )
}

function waysOf(folder: Folder, { isLast }: { readonly isLast: boolean }): readonly (readonly Segment[])[] {
  const [first] = folder
  if (folder.length === 1 && first && 'wide' in first) {
    const min = isLast ? first.min : 1
    return [[{ is: 'splat', min, name: first.wide ?? (min === 1 ? first.param : undefined) }]]
  }
  if (folder.length === 1 && first && 'splat' in first)
    return [[{ is: 'splat', min: first.min, name: first.splat, regex: first.regex }]]
  const at = folder.findIndex(item => 'wide' in item)
  if (at === -1) {
    const whole: Segment = { is: 'folder', pieces: folder as readonly Piece[] }
    // A folder that may be empty may as well be missing, where nothing follows.
    return isLast && folder.every(canBeEmpty) ? [[whole], []] : [[whole]]
  }
  return waysOfWide(folder, { at, isLast })
}

/** A value that takes slashes beside other things of a folder: all in one folder, or over several. */
function waysOfWide(folder: Folder, { at, isLast }: { readonly at: number; readonly isLast: boolean }) {
  const { param, min } = folder[at] as Wide
  const before = folder.slice(0, at)
  const after = folder.slice(at + 1)
  const any: Value = { param, regex: '.*' }
  const within = waysOf([...before, min === 1 ? { param } : any, ...after], { isLast })
  const starts: readonly (readonly Segment[])[] = before.length === 0 ? [] : waysOf([...before, any], { isLast: false })
  const ends = after.length === 0 ? [] : waysOf([any, ...after], { isLast })
  const several: Segment = { is: 'splat', min: starts.length > 0 && ends.length > 0 ? 0 : 1, name: param }
  const spanning = (starts.length > 0 ? starts : [[]]).flatMap(start =>
    (ends.length > 0 ? ends : [[]]).map(end => [...start, several, ...end]),
  )
  return [...within, ...spanning]
}

const canBeMissing = ([first, ...more]: Folder): boolean =>
  first !== undefined && 'splat' in first && first.min === 0 && more.length === 0

const canBeEmpty = (item: Exclude<Item, '/'>): boolean =>
  'param' in item && 'regex' in item && matchesNothing(item.regex)

/** Whether a value may be empty. */
export const matchesNothing = (regex: string | undefined): boolean =>
  regex !== undefined && new RegExp(`^(?:${regex})$`).test('')

/** Text between slashes, which `%2F` is none of. */
export const textItems = (text: string): Item[] =>
  text
    .split('/')
    .flatMap((part, index): Item[] => [
      ...(index > 0 ? ['/' as const] : []),
      ...(part === '' ? [] : [{ text: decodeText(part) }]),
    ])
