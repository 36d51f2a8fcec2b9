// The patterns of Next's redirects and rewrites, which are path-to-regexp's of version 6, in the spelling of routes.
import { formatPaths, type Item, MAX_OPTIONAL } from '../../../routes/items.ts'
import { decodeText, readGroup } from '../../../routes/pattern.ts'
import { freeName } from './names.ts'

export type PatternPaths = { readonly paths: readonly string[] } | { readonly problem: string }

/** A parameter of a pattern with what stands before and after it. */
interface Piece {
  readonly before: string
  /** Undefined for a text in braces. */
  readonly name: string | undefined
  /** '' where it is not written. */
  readonly expression: string
  readonly after: string
  readonly modifier: '' | '?' | '*' | '+'
}
type Row = readonly Item[]

/** All paths that a pattern stands for: two where a piece is optional. */
export function pathsOfPattern(source: string): PatternPaths {
  if (!source.startsWith('/')) return { problem: 'its source does not begin with a slash' }
  const pieces = piecesOf(source)
  if (pieces === undefined) return { problem: 'its source cannot be read' }
  const taken = new Set<string>()
  let rows: readonly Row[] = [[]]
  for (const piece of pieces) {
    const ways =
      typeof piece === 'string'
        ? [textItems(piece)]
        : waysOf(piece, { taken, isFirst: piece === pieces[0], isLast: piece === pieces.at(-1) })
    if ('problem' in ways) return ways
    rows = rows.flatMap(row => ways.map(way => [...row, ...way]))
    if (rows.length > 2 ** MAX_OPTIONAL) return { problem: `its source has more than ${MAX_OPTIONAL} optional parts` }
  }
  // Where all of it is optional and left out, the home page is meant.
  return { paths: formatPaths(rows.map(row => (row.length === 0 ? ['/'] : row))) }
}

/** With the piece, and without it where it is optional. */
function waysOf(
  piece: Piece,
  { taken, isFirst, isLast }: { readonly taken: Set<string>; readonly isFirst: boolean; readonly isLast: boolean },
): readonly Row[] | { readonly problem: string } {
  const { before, name, expression, after, modifier } = piece
  const isRepeated = modifier === '*' || modifier === '+'
  const around = (...items: readonly Item[]): readonly Row[] => {
    const way = [...textItems(before), ...items, ...textItems(after)]
    return modifier === '?' || modifier === '*' ? [way, []] : [way]
  }
  if (name === undefined) return isRepeated ? { problem: `"${before}" is repeated in its source` } : around()

  const isNamed = /^\D/.test(name)
  const param = freeName(isNamed ? name : `part${name}`, taken)
  const wide = isNamed ? param : undefined
  // Behind other text an empty rest would leave a slash at the end, which Next takes away before it looks.
  if (expression === '.*') return around({ wide, param, min: before.endsWith('/') && !isFirst ? 1 : 0 })
  if (expression === '.+') return around({ wide, param, min: 1 })
  const regex = /^(\[\^\\?\/\]\+\??)?$/.test(expression) ? undefined : expression
  if (regex !== undefined && ('problem' in readGroup(`(${regex})`, 0) || mayHoldSlash(regex))) {
    return { problem: `"(${regex})" in its source may stand for several folders, or has groups` }
  }
  if (!isRepeated) return around({ param, regex })
  if (before !== '/' || after !== '' || regex !== undefined) {
    return { problem: `":${name}" in its source is repeated in a way that has no path` }
  }
  return modifier === '*' && isLast ? [['/', { wide: param, param, min: 0 }]] : around({ wide: param, param, min: 1 })
}

/** Whether a slash may match: where that is not plain, it may. */
const mayHoldSlash = (expression: string): boolean =>
  /[./]|\\|\[\^/.test(expression.replace(/\[\^[^\]]*\/[^\]]*\]/g, '').replace(/\\[.\-+dw]/g, ''))

const textItems = (text: string): Row =>
  text
    .split('/')
    .flatMap((part, at): Row => [...(at > 0 ? (['/'] as const) : []), ...(part ? [{ text: decodeText(part) }] : [])])

function piecesOf(source: string): readonly (string | Piece)[] | undefined {
  const pieces: (string | Piece)[] = []
  let at = 0
  let unnamed = 0
  const add = (piece: Omit<Piece, 'modifier'>, end: number): void => {
    const modifier = /^[?*+]/.exec(source.slice(end, end + 1))?.[0] ?? ''
    pieces.push({ ...piece, modifier: modifier as Piece['modifier'] })
    at = end + modifier.length
  }
  while (at < source.length) {
    const text = textAt(source, at)
    const parameter = parameterAt(source, text.end)
    // What stands right before a parameter goes with it when it is optional; an escaped dot does not.
    const before = parameter && /(?<!\\)[./]$/.test(source.slice(at, text.end)) ? text.value.slice(-1) : ''
    if (text.value !== before) pieces.push(text.value.slice(0, text.value.length - before.length))
    if (parameter) {
      add(
        { before, name: parameter.name ?? String(unnamed++), expression: parameter.expression, after: '' },
        parameter.end,
      )
    } else if (source[text.end] === '{') {
      const first = textAt(source, text.end + 1)
      const inside = parameterAt(source, first.end)
      const last = textAt(source, inside?.end ?? first.end)
      if (source[last.end] !== '}') return undefined
      const name = inside && (inside.name ?? String(unnamed++))
      add({ before: first.value, name, expression: inside?.expression ?? '', after: last.value }, last.end + 1)
    } else if (text.end < source.length) {
      return undefined
    } else {
      at = text.end
    }
  }
  return pieces
}

/** Fixed text up to where something else begins. */
function textAt(source: string, at: number): { readonly value: string; readonly end: number } {
  const found = /^(?:\\[\s\S]|[^\\:(){}*+?])*/.exec(source.slice(at))?.[0] ?? ''
  return { value: found.replace(/\\([\s\S])/g, '$1'), end: at + found.length }
}

function parameterAt(
  source: string,
  at: number,
): { readonly name: string | undefined; readonly expression: string; readonly end: number } | undefined {
  const name = /^:(\w+)/.exec(source.slice(at))?.[1]
  const start = at + (name === undefined ? 0 : name.length + 1)
  if (source[start] !== '(') return name === undefined ? undefined : { name, expression: '', end: start }
  let depth = 0
  for (let index = start; index < source.length; index++) {
    const character = source[index]
    if (character === '\\') index++
    else if (character === '(') depth++
    else if (character === ')' && --depth === 0) {
      return { name, expression: source.slice(start + 1, index), end: index + 1 }
    }
  }
  return undefined
}
