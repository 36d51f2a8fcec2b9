// What an address is in the front ends: the route that each router would choose for it, and what becomes of it there.
import type { FrontEndRead } from '../pipeline/routes.ts'
import { withoutDetours } from '../routes/cover.ts'
import type { DecidedRoute, Outcome } from '../routes/decide.ts'
import { compileTable } from '../routes/match.ts'
import { nearestRoute } from '../routes/nearest.ts'
import { isStatic, parsePattern } from '../routes/pattern.ts'
import type { Place, Route } from '../routes/route.ts'

/** A route of a front end that has an address, whether it is listed or not. */
export interface RouteExplanation {
  /** The section of routes that read it. */
  readonly section: string
  readonly path: string
  readonly file: string
  /** Null where the file itself is the route. */
  readonly line: number | null
  readonly is: Outcome['is']
  /** What becomes of it, in words: `excluded by "/account/**"`. */
  readonly text: string
}

export interface FoundRoutes {
  /** Without catch-alls: they have every address. */
  readonly routes: readonly RouteExplanation[]
  /** Where no front end has a page there, though some was read. */
  readonly notes: readonly string[]
}

/**
 * The routes that have an address. Of a word that may be a slug as well (`isWord`) only those that say just that, since
 * a route with a value has any word.
 */
export function findRoutes(
  frontEnds: readonly FrontEndRead[],
  loc: string,
  { isWord }: { readonly isWord: boolean },
): FoundRoutes {
  const path = pathOf(loc)
  const chosen = frontEnds.flatMap(read => {
    const route = routeAt(read, path)
    const all = route ? [route, ...shadowedBy(read, { route, path })] : []
    return all.filter(each => !isWord || isFixed(each)).map(each => ({ read, route: each }))
  })
  const own = chosen.filter(({ route }) => route.kind !== 'catch-all')
  const routes = own.flatMap(({ read, route }): RouteExplanation[] => {
    const decided = read.decided.find(each => each.route === route)
    if (!decided) return []
    const { file, line = null } = route
    const text = becomes(decided, each => isSamePath(each, path))
    return [{ section: read.section, path: route.path, file, line, is: decided.outcome.is, text }]
  })
  return { routes, notes: routes.length > 0 || isWord ? [] : notesOf(frontEnds, { path, taker: chosen[0]?.route }) }
}

const routeAt = ({ table, outside }: FrontEndRead, path: string): Route | undefined =>
  compileTable(withoutDetours(table), outside)(path) ?? compileTable(table, outside)(path)

/** Those that would have the address as well, if the route did not come before them. */
function shadowedBy(
  { table, outside, decided }: FrontEndRead,
  { route, path }: { readonly route: Route; readonly path: string },
): Route[] {
  const shadowed = decided.filter(({ outcome }) => outcome.is === 'shadowed' && outcome.by === route)
  return shadowed
    .map(each => each.route)
    .filter(each => compileTable({ ...table, routes: [each] }, outside)(path) !== undefined)
}

function notesOf(
  frontEnds: readonly FrontEndRead[],
  { path, taker }: { readonly path: string; readonly taker: Route | undefined },
): string[] {
  if (frontEnds.length === 0) return []
  const near = nearestRoute(frontEnds, path)
  const taken = taker ? `: the catch-all ${routeText(taker)} takes it` : ''
  const nearest = near ? `${taken ? '; the' : ': the'} nearest route is ${routeText(near)}` : ''
  return [`The front end has no page for this address${taken}${nearest}.`]
}

/** Why a front end's page is not listed any more: what its route is now. */
export function lostRoute(read: FrontEndRead, loc: string): { readonly detail: string; readonly route?: RouteName } {
  const path = pathOf(loc)
  const route = routeAt(read, path)
  const own = route && route.kind !== 'catch-all' ? read.decided.find(each => each.route === route) : undefined
  if (!own) return { detail: 'the front end has no route for it any more' }
  const { file, line = null } = own.route
  return { detail: becomes(own, each => each === path), route: { path: own.route.path, file, line } }
}

/** A route by its path and its place. */
export type RouteName = Pick<RouteExplanation, 'path' | 'file' | 'line'>

function becomes({ outcome }: DecidedRoute, isHere: (path: string) => boolean): string {
  switch (outcome.is) {
    case 'listed': {
      const by = outcome.by === 'default' ? 'listed' : `listed by "${outcome.by}"`
      const locs = outcome.pages.flatMap(({ locs, alone }) => [...locs, alone]).filter(each => each !== undefined)
      const [first] = locs
      return locs.some(isHere) || first === undefined ? by : `${by} at ${first}, and not here`
    }
    case 'excluded':
      return `excluded by "${outcome.by}"`
    case 'filled':
      return `filled by ${outcome.by.join(' and ')}`
    case 'redirect':
      return outcome.to === undefined ? 'it only leads elsewhere' : `it only leads to ${outcome.to}`
    case 'catch-all':
      return 'it is shown where nothing else is'
    case 'resource':
      return 'it answers no page'
    case 'guarded':
      return `not listed, since ${outcome.by.name} (${placeText(outcome.by)}) may send visitors elsewhere`
    case 'shadowed':
      return `not listed, since ${routeText(outcome.by)} comes before it`
    case 'undecided':
      return `undecided, since ${outcome.why}`
  }
}

function isFixed({ path }: Route): boolean {
  const parsed = parsePattern(path)
  return !('problem' in parsed) && isStatic(parsed.pattern)
}

const pathOf = (loc: string): string => new URL(loc).pathname
const isSamePath = (a: string, b: string): boolean => a.replace(/(?<=.)\/$/, '') === b.replace(/(?<=.)\/$/, '')
const routeText = (route: Route): string => `${route.path} (${placeText(route)})`
const placeText = ({ file, line }: Place): string => (line === undefined ? file : `${file}:${line}`)
