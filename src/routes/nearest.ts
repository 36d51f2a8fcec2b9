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

/** A front end among whose pages the nearest is looked for. */
export interface Nearby {
  readonly table: RouteTable
  readonly outside: Outside
  /** Pages that nothing else accounts for: they come first. Undefined: all of them. */
  readonly free?: ReadonlySet<Route> | undefined
}

/**
 * The page that was probably meant; undefined where none is plausible. Takes an address of the site, or the template of
 * many. A renamed route is free and has the shape of its old template, however it is called now: it comes before one that
 * is only called alike, and has its addresses from elsewhere.
 */
export function nearestRoute(frontEnds: readonly Nearby[], target: string | UrlTemplate): Route | undefined {
  const pairs = frontEnds.flatMap(frontEnd => pairsOf(frontEnd, target))
  const free = pairs.filter(({ isFree }) => isFree)
  return closest(free.filter(isNear)) ?? closest(free.filter(hasSameShape)) ?? closest(pairs.filter(isNear))
}

/** A page beside what is looked for. */
interface Pair {
  readonly route: Route
  readonly own: readonly Segment[]
  readonly target: readonly Segment[]
  readonly away: number
  readonly isFree: boolean
  /** Whether the target is below the basename, as the page is. */
  readonly isBelow: boolean
}

function pairsOf({ table, outside: { basename, hidden = [] }, free }: Nearby, target: string | UrlTemplate): Pair[] {
  const { patterns, isBelow } = readTarget(target, basename)
  const targets = patterns.map(each => withoutPrefix(each, prefixOf([each], hidden)) ?? each)
  const pages = inOrder(table).filter(({ route }) => route.kind === 'page')
  return pages.flatMap(({ route, pattern: { segments } }) => {
    // Only its own address can be meant, and not all that it shows below that.
    const own = route.end === false ? segments.slice(0, -1) : segments
    const isFree = free === undefined || free.has(route)
    return targets.map(({ segments: facing }): Pair => {
      return { route, own, target: facing, away: distanceOf(own, facing), isFree, isBelow }
    })
  })
}

/** Of the fixed folders that are looked for, how much may differ: values face each other in any two routes. */
const NEAR = 0.5

const isNear = ({ target, away }: Pair): boolean =>
  away <= target.filter(segment => textOf(segment) !== undefined).length * NEAR

/**
 * Whether values face values, and text faces text. Before that text may face values, as the language does where the
 * router has it as a value. An address of the site has no values, so that nothing can be told by its shape.
 */
function hasSameShape({ own, target, isBelow }: Pair): boolean {
  if (!isBelow || own.length !== target.length || target.every(segment => textOf(segment) !== undefined)) return false
  const isText = (segment: Segment | undefined): boolean => textOf(segment) !== undefined
  const start = own.findIndex((segment, index) => isText(segment) && isText(target[index]))
  return target.every((facing, index) => {
    const segment = own[index] as Segment
    if (isText(facing)) return index < start ? !isText(segment) : isText(segment)
    return !isText(segment) && segment.is === facing.is
  })
}

function closest(pairs: readonly Pair[]): Route | undefined {
  const [first, ...others] = pairs
  return others.reduce((best, each) => (best && each.away >= best.away ? best : each), first)?.route
}

/** One that is not below the basename was perhaps meant to be. */
function readTarget(target: string | UrlTemplate, basename: string) {
  const read = (base: string): readonly Pattern[] =>
    typeof target === 'string' ? toPatterns(target, base) : readTemplate(target, { basename: base })
  const below = read(basename)
  return below.length > 0 ? { patterns: below, isBelow: true } : { patterns: read(''), isBelow: false }
}

function toPatterns(path: string, basename: string): Pattern[] {
  const { texts } = toFolders(path, { caseSensitive: true })
  const segments = texts.map((text): Segment => ({ is: 'folder', pieces: [{ text }] }))
  const below = withoutPrefix({ segments, trailingSlash: texts.length === 0 }, foldersOf(basename))
  return below ? [below] : []
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
