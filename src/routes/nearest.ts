// The route that was probably meant by an address that has none.
import { distance } from 'fastest-levenshtein'
import type { UrlTemplate } from '../sitemap/url-template.ts'
import type { Outside } from './match.ts'
import { toFolders } from './match-folders.ts'
import { inOrder } from './order.ts'
import { type Pattern, paramOf, type Segment, textOf } from './pattern.ts'
import type { Route, RouteTable } from './route.ts'
import { prefixOf } from './sections.ts'
import { foldersOf, readTemplate, withoutPrefix } from './template-patterns.ts'

/** The nearest page; undefined where none is near. Takes an address of the site, or the template of many. */
export function nearestRoute(
  table: RouteTable,
  target: string | UrlTemplate,
  { basename, hidden = [] }: Outside,
): Route | undefined {
  const targets = (typeof target === 'string' ? [toPattern(target, basename)] : readTemplate(target, { basename })).map(
    each => withoutPrefix(each, prefixOf([each], hidden)) ?? each,
  )
  const pages = inOrder(table).filter(({ route }) => route.kind === 'page')
  let best: { readonly route: Route; readonly away: number } | undefined
  for (const { route, pattern } of pages) {
    for (const each of targets) {
      const away = distanceOf(pattern.segments, each.segments)
      if (away <= each.segments.length * NEAR && (best === undefined || away < best.away)) best = { route, away }
    }
  }
  return best?.route
}

/** Of its folders, how much may differ. */
const NEAR = 0.5

function toPattern(path: string, basename: string): Pattern {
  const { texts } = toFolders(path, { caseSensitive: true })
  const pattern: Pattern = {
    segments: texts.map(text => ({ is: 'folder', pieces: [{ text }] })),
    trailingSlash: texts.length === 0,
  }
  return withoutPrefix(pattern, foldersOf(basename)) ?? pattern
}

/** Folders put in, taken out or replaced, as between words their letters. */
function distanceOf(one: readonly Segment[], other: readonly Segment[]): number {
  let above = other.map((_, index) => index + 1)
  above.unshift(0)
  for (const [i, segment] of one.entries()) {
    const row = [i + 1]
    for (const [j, facing] of other.entries()) {
      const replaced = (above[j] as number) + differenceOf(segment, facing)
      row.push(Math.min(replaced, (above[j + 1] as number) + 1, (row[j] as number) + 1))
    }
    above = row
  }
  return above.at(-1) as number
}

/** Between 0, the same, and 1. */
function differenceOf(own: Segment, facing: Segment): number {
  const [a, b] = [textOf(own), textOf(facing)]
  if (a !== undefined && b !== undefined)
    return distance(a.toLowerCase(), b.toLowerCase()) / Math.max(a.length, b.length)
  if (a === undefined && b === undefined) return paramOf(own)?.regex === undefined ? 0 : 0.1
  // A value where text should be: it may be one by chance.
  return a === undefined ? 0.4 : 0.9
}
