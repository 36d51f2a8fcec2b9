// The pages of all listed routes, each once.
import type { DecidedRoute } from './decide.ts'
import type { Page } from './place.ts'
import type { Route } from './route.ts'

export interface ListedPage extends Page {
  /** The first one that gives it. */
  readonly route: Route
}

/** In the order of the routes. `/about` and `/:lang/about` are one page, whose addresses are those of both. */
export function listPages(decided: readonly DecidedRoute[]): readonly ListedPage[] {
  const found = new Map<string, ListedPage>()
  const placed = new Set<string>()
  for (const { route, outcome } of decided) {
    if (outcome.is !== 'listed') continue
    for (const page of outcome.pages) {
      const key = page.alone === undefined ? nameOf(page.path) : `=${page.alone}`
      const known = found.get(key)
      const locs = known ? known.locs.map((loc, index) => loc ?? page.locs[index]) : page.locs
      found.set(key, known ? { ...known, locs } : { ...page, route })
      for (const loc of page.locs) if (loc !== undefined) placed.add(loc)
    }
  }
  return [...found.values()].filter(({ alone }) => alone === undefined || !placed.has(alone))
}

/** One page with a slash at its end and without. */
const nameOf = (path: string): string => (path === '/' ? path : path.replace(/\/$/, ''))
