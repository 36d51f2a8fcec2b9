// Patterns by which people name routes, as /account/** or /blog/[slug].
import picomatch from 'picomatch'
import { decodeText, formatPattern, type Pattern } from './pattern.ts'

export interface NamePattern {
  /** As it is configured. */
  readonly text: string
  readonly matches: (names: readonly string[]) => boolean
}

/** `/account/**` is `/account`, too. A slash at the end makes no difference, nor does case where it makes none to the router. */
export function compileNames(
  texts: readonly string[],
  { caseSensitive }: { readonly caseSensitive: boolean },
): readonly NamePattern[] {
  const fold = (text: string): string => (caseSensitive ? text : text.toLowerCase())
  return texts.map(text => {
    const own = withoutSlash(text.split('/').map(toOwn).map(decodeText).join('/'))
    const isMatch = picomatch(own, { dot: true, nocase: !caseSensitive })
    const matches = (name: string): boolean => fold(name) === fold(own) || isMatch(name)
    return { text, matches: names => names.map(withoutSlash).some(matches) }
  })
}

/** Next's way to write a folder, in ours. */
function toOwn(folder: string): string {
  const [, several, name = ''] = /^\[(\.\.\.)?([\w-]+)\]$/.exec(folder) ?? []
  const optional = /^\[\[\.\.\.([\w-]+)\]\]$/.exec(folder)?.[1]
  if (optional !== undefined) return `:${optional.replace(/\W/g, '_')}*`
  return name === '' ? folder : `:${name.replace(/\W/g, '_')}${several ? '+' : ''}`
}

/** What a pattern may call a path: with its regular expressions or without, as it is written or as it is read. */
export function namesOfPath(pattern: Pattern): readonly string[] {
  const plain: Pattern = {
    ...pattern,
    segments: pattern.segments.map(segment =>
      segment.is === 'splat'
        ? { is: 'splat', name: segment.name, min: segment.min }
        : { is: 'folder', pieces: segment.pieces.map(piece => ('text' in piece ? piece : { param: piece.param })) },
    ),
  }
  const written = formatPattern(plain)
  return [...new Set([formatPattern(pattern), written, written.split('/').map(decodeText).join('/')])]
}

const withoutSlash = (path: string): string => (path === '/' ? path : path.replace(/\/$/, ''))
