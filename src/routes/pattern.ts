// The one spelling of routes, read into folders and written from them: /product/:slug, /docs/:rest*.

/** A part of one folder: fixed text as people read it, or a value, which is never empty unless its regular expression says so. */
export type Piece = { readonly text: string } | Value
export interface Value {
  readonly param: string
  /** What the value matches, all of it; undefined: anything. Without groups, so that no input makes it slow. */
  readonly regex?: string | undefined
}

export type Segment =
  /** One folder. */
  | { readonly is: 'folder'; readonly pieces: readonly Piece[] }
  /** Any number of folders. Without a name it is written `*`. */
  | {
      readonly is: 'splat'
      readonly name?: string | undefined
      readonly min: 0 | 1
      readonly regex?: string | undefined
    }

export interface Pattern {
  readonly segments: readonly Segment[]
  /** True of `/`, too. */
  readonly trailingSlash: boolean
}

/** The path of a route as folders, or what hinders reading it. */
export function parsePattern(path: string): { readonly pattern: Pattern } | { readonly problem: string } {
  if (!path.startsWith('/')) return { problem: 'It does not begin with a slash.' }
  const segments: Segment[] = []
  let at = 1
  while (at < path.length) {
    const read = readSegment(path, at)
    if ('problem' in read) return read
    if (read.end === at) return { problem: 'It has an empty folder.' }
    segments.push(read.segment)
    at = read.end + 1
  }
  return { pattern: { segments, trailingSlash: path.endsWith('/') } }
}

function readSegment(path: string, start: number): { segment: Segment; end: number } | { problem: string } {
  const pieces: Piece[] = []
  let text = ''
  let at = start
  const endsAt = (index: number): boolean => index === path.length || path[index] === '/'
  if (path[at] === '*' && endsAt(at + 1)) return { segment: { is: 'splat', min: 0 }, end: at + 1 }
  while (!endsAt(at)) {
    const read = readValue(path, at)
    if (read === undefined) {
      if (path[at] === '?' || path[at] === '#') return { problem: `It has a "${path[at]}", which no path has.` }
      text += path[at++]
      continue
    }
    if ('problem' in read) return read
    const { value, end } = read
    const repeat = path[end]
    if (at === start && (repeat === '+' || repeat === '*') && endsAt(end + 1)) {
      const segment: Segment = { is: 'splat', name: value.param, min: repeat === '+' ? 1 : 0, regex: value.regex }
      return { segment, end: end + 1 }
    }
    if (text !== '') pieces.push({ text: decodeText(text) })
    text = ''
    pieces.push(value)
    at = end
  }
  if (text !== '') pieces.push({ text: decodeText(text) })
  return { segment: { is: 'folder', pieces }, end: at }
}

/** `:slug` or `:slug(regex)` at that place; undefined where there is none. */
function readValue(
  path: string,
  at: number,
): { readonly value: Value; readonly end: number } | { readonly problem: string } | undefined {
  const param = /^:(\w+)/.exec(path.slice(at))?.[1]
  if (param === undefined) return undefined
  const end = at + 1 + param.length
  if (path[end] !== '(') return { value: { param }, end }
  const group = readGroup(path, end)
  return 'problem' in group ? group : { value: { param, regex: group.regex }, end: group.end }
}

/** A regular expression in parentheses. */
export function readGroup(
  path: string,
  at: number,
): { readonly regex: string; readonly end: number } | { readonly problem: string } {
  const regex = /^\(((?:\\.|[^\\()])+)\)/.exec(path.slice(at))?.[1]
  if (regex === undefined)
    return { problem: 'It has a regular expression with groups of its own, or one that never ends.' }
  try {
    new RegExp(`^(?:${regex})$`)
  } catch {
    return { problem: `"${regex}" is no regular expression.` }
  }
  return { regex, end: at + regex.length + 2 }
}

/** The path that `parsePattern` reads as this pattern. */
export function formatPattern({ segments, trailingSlash }: Pattern): string {
  const path = segments.map(segment => `/${formatSegment(segment)}`).join('')
  return trailingSlash ? `${path}/` : path
}

function formatSegment(segment: Segment): string {
  if (segment.is === 'splat') {
    if (segment.name === undefined) return '*'
    return `${formatValue({ param: segment.name, regex: segment.regex })}${segment.min === 1 ? '+' : '*'}`
  }
  const [first] = segment.pieces
  if (segment.pieces.length === 1 && first && 'text' in first && first.text === '*') return '%2A'
  return segment.pieces
    .map((piece, index) => {
      if (!('text' in piece)) return formatValue(piece)
      const text = encodeText(piece.text).replace(/:(?=\w)/g, '%3A')
      const before = segment.pieces[index - 1]
      const isOpen = before && !('text' in before)
      // What would be taken for more of the value before it.
      return isOpen ? text.replace(before.regex === undefined ? /^[\w(+*]/ : /^[+*]/, escapeChar) : text
    })
    .join('')
}

const formatValue = ({ param, regex }: Value): string => `:${param}${regex === undefined ? '' : `(${regex})`}`
const escapeChar = (char: string): string => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

/** A name as `:name` can have it: `my-id` → `my_id`. */
export const paramName = (name: string): string => name.replace(/\W/g, '_')

/** The words of `en|de`; undefined of a regular expression that matches more. */
export const wordsOf = (regex: string | undefined): readonly string[] | undefined =>
  regex !== undefined && /^[\w-]+(\|[\w-]+)*$/.test(regex) ? regex.split('|') : undefined

/** The text of a folder without values; undefined of one that has some. */
export function textOf(segment: Segment | undefined): string | undefined {
  if (segment?.is !== 'folder') return undefined
  const [first, ...more] = segment.pieces
  return first && 'text' in first && more.length === 0 ? first.text : undefined
}

/** The value that is the whole folder; undefined where there is none. */
export function paramOf(segment: Segment | undefined): Value | undefined {
  if (segment?.is !== 'folder') return undefined
  const [first, ...more] = segment.pieces
  return first && !('text' in first) && more.length === 0 ? first : undefined
}

export const isStatic = ({ segments }: Pattern): boolean => segments.every(segment => textOf(segment) !== undefined)

/** A folder's text as it stands in an address. */
export const encodeText = (text: string): string =>
  encodeURI(text.replace(/\p{Surrogate}/gu, '\ufffd'))
    .replace(/[/?#]/g, encodeURIComponent)
    .replaceAll("'", '%27')

/** A folder of an address as people read it; as it is where it cannot be decoded. */
export function decodeText(text: string): string {
  if (!text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
