// Paths as React Router takes them since v6: /:lang?/about, edit?, files/*, :file.json.
import { MAX_OPTIONAL } from './items.ts'
import { decodeText, formatPattern, type Piece, paramName, type Segment } from './pattern.ts'

/**
 * The paths of a route in the one spelling, what is optional written out; or why it cannot be told. It takes the whole
 * path of a nested route, from the top, where what a parent has as `/*` is left out.
 */
export function readPath(written: string): { readonly paths: readonly string[] } | { readonly problem: string } {
  const text = `/${written}`.replace(/\/{2,}/g, '/')
  const folders = text.split('/').slice(1)
  if (folders.some(folder => folder.replace(/\?$/, '').includes('?')))
    return { problem: 'It has a question mark within a folder, which means one thing here and another there.' }
  if (folders.filter(folder => folder.endsWith('?')).length > MAX_OPTIONAL)
    return { problem: `It has more than ${MAX_OPTIONAL} optional folders.` }
  const trailingSlash = text.endsWith('/')
  // A star before it is the last folder only where the router drops the slash, as it does of paths with optional folders.
  const isEnd = !trailingSlash || folders.some(folder => folder.endsWith('?'))
  const paths = choose(folders.filter(folder => folder !== '')).map(chosen => {
    const segments = chosen.flatMap((folder, index) =>
      segmentsOf(folder, { isLast: index === chosen.length - 1 && isEnd }),
    )
    return formatPattern({ segments, trailingSlash: trailingSlash || segments.length === 0 })
  })
  return { paths: [...new Set(paths)] }
}

/** Each choice of what is there and what is left out, the fullest first. */
function choose([first, ...rest]: readonly string[]): readonly (readonly string[])[] {
  if (first === undefined) return [[]]
  const ends = choose(rest)
  const required = first.replace(/\?$/, '')
  const full = ends.map(end => (required === '' ? end : [required, ...end]))
  return first === required ? full : [...full, ...ends]
}

/** `files*` is read as `files/*`, and a star that is not at the end as a star. */
function segmentsOf(folder: string, { isLast }: { readonly isLast: boolean }): readonly Segment[] {
  if (!isLast || !folder.endsWith('*')) return [{ is: 'folder', pieces: piecesOf(folder) }]
  const splat: Segment = { is: 'splat', min: 0 }
  const before = folder.slice(0, -1)
  return before === '' ? [splat] : [{ is: 'folder', pieces: piecesOf(before) }, splat]
}

/** Only what begins a folder is a value, and its name takes hyphens. */
function piecesOf(folder: string): readonly Piece[] {
  const [whole, name] = /^:([\w-]+)/.exec(folder) ?? []
  if (whole === undefined || name === undefined) return [{ text: decodeText(folder) }]
  const after = folder.slice(whole.length)
  const value: Piece = { param: paramName(name) }
  return after === '' ? [value] : [value, { text: decodeText(after) }]
}
