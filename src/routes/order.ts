// The order in which a router tries its routes: the first that matches is the one it shows.
import { type Pattern, paramOf, parsePattern, type Segment, textOf } from './pattern.ts'
import type { Route, RouteTable } from './route.ts'

export interface OrderedRoute {
  readonly route: Route
  readonly pattern: Pattern
}

/** All routes whose path can be read. */
export function inOrder({
  routes,
  order,
  forms,
}: Pick<RouteTable, 'routes' | 'order' | 'forms'>): readonly OrderedRoute[] {
  const read = routes.flatMap((route): OrderedRoute[] => {
    const parsed = parsePattern(route.path)
    return 'problem' in parsed ? [] : withDescendants(route, parsed.pattern)
  })
  if (order === 'written') return read
  const isNext = forms.some(form => form.startsWith('next-'))
  return isNext
    ? read.toSorted((a, b) => compareFolders(a.pattern, b.pattern))
    : read.toSorted((a, b) => scoreOf(b.pattern) - scoreOf(a.pattern))
}

/**
 * A route that also shows what is below it takes any number of folders more. Below the front page is everything: there
 * it is what is shown where nothing else matches.
 */
function withDescendants(route: Route, pattern: Pattern): OrderedRoute[] {
  if (route.end !== false) return [{ route, pattern }]
  const below: Pattern = { ...pattern, segments: [...pattern.segments, { is: 'splat', min: 0 }] }
  if (route.kind !== 'page' || pattern.segments.length > 0) return [{ route, pattern: below }]
  return [
    { route, pattern },
    { route: { ...route, kind: 'catch-all' }, pattern: below },
  ]
}

/** As React Router counts since v6, over the whole path: fixed text 10, a value 3, each folder 1, a splat less. */
function scoreOf({ segments, trailingSlash }: Pattern): number {
  const empty = trailingSlash ? 2 : 1
  const hasSplat = segments.some(({ is }) => is === 'splat')
  const start = segments.length + empty + empty - (hasSplat ? 2 : 0)
  return segments.reduce((score, segment) => score + (segment.is === 'splat' ? 0 : paramOf(segment) ? 3 : 10), start)
}

/** As Next does: folder by folder, fixed text before a value, a value before several. */
function compareFolders(a: Pattern, b: Pattern): number {
  const length = Math.max(a.segments.length, b.segments.length)
  for (let index = 0; index < length; index++) {
    const difference = widthOf(a.segments[index]) - widthOf(b.segments[index])
    if (difference !== 0) return difference
  }
  return 0
}

function widthOf(segment: Segment | undefined): number {
  if (segment === undefined) return 0
  if (segment.is === 'splat') return segment.min === 1 ? 3 : 4
  return textOf(segment) === undefined ? 2 : 1
}
