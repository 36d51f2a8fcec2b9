// The template of addresses as patterns, so that it can be laid beside those of routes: a field is a value like any other.
import { encodeLiteral, PATH_FIELDS, type UrlTemplate } from '../sitemap/url-template.ts'
import { type Item, patternsOf, textItems } from './items.ts'
import { decodeText, type Pattern, type Segment, textOf } from './pattern.ts'

/** What stands before all that a router sees, and is none of its own. */
export interface Below {
  readonly basename: string
}

/**
 * The patterns of a template's addresses below the basename, several where a field can have slashes and shares its folder;
 * none where they are not below it. What follows the path, as a query, makes no difference.
 */
export function readTemplate(template: UrlTemplate, { basename }: Below): readonly Pattern[] {
  const row: Item[] = []
  for (const [index, literal] of template.literals.entries()) {
    const [path = '', ...query] = encodeLiteral(literal).split('?')
    row.push(...textItems(path))
    if (query.length > 0) break
    const field = template.fields[index]
    if (field !== undefined) row.push(PATH_FIELDS.has(field) ? { wide: field, param: field, min: 1 } : { param: field })
  }
  return patternsOf(row).flatMap(pattern => {
    const below = withoutPrefix(pattern, foldersOf(basename))
    return below ? [{ ...below, segments: below.segments.map(withPlainValues) }] : []
  })
}

/** The folders of fixed text, as people read them. */
export const foldersOf = (path: string): readonly string[] =>
  path
    .split('/')
    .filter(folder => folder !== '')
    .map(decodeText)

/** What of a pattern follows fixed folders; undefined where it does not begin with them, in whatever case. */
export function withoutPrefix(pattern: Pattern, prefix: readonly string[]): Pattern | undefined {
  const begins = prefix.every((text, index) => textOf(pattern.segments[index])?.toLowerCase() === text.toLowerCase())
  if (!begins) return undefined
  const segments = pattern.segments.slice(prefix.length)
  return { segments, trailingSlash: pattern.trailingSlash || segments.length === 0 }
}

/** A part of a value with slashes is never empty either. */
const withPlainValues = (segment: Segment): Segment =>
  segment.is === 'splat'
    ? segment
    : { is: 'folder', pieces: segment.pieces.map(piece => ('text' in piece ? piece : { param: piece.param })) }
