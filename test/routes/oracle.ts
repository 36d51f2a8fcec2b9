// The routers themselves, which have the last word on what matches.

import { compileTable } from '../../src/routes/match.ts'
import type { Route, RouteTable } from '../../src/routes/route.ts'
import { parseTemplate, type UrlTemplate } from '../../src/sitemap/url-template.ts'

export const routeOf = (path: string, more: Partial<Route> = {}): Route => ({
  file: 'src/App.tsx',
  line: 1,
  path,
  kind: 'page',
  ...more,
})

export const tableOf = (routes: readonly (string | Route)[], more: Partial<RouteTable> = {}): RouteTable => ({
  forms: ['react-router'],
  order: 'ranked',
  basename: '',
  caseSensitive: false,
  routes: routes.map(route => (typeof route === 'string' ? routeOf(route) : route)),
  unresolved: [],
  notes: [],
  ...more,
})

export const v5 = { forms: ['react-router-5'], order: 'written' } as const

/** Whether one of the paths matches the address. */
export const matchesAny = (paths: readonly string[]): ((address: string) => boolean) => {
  const match = compileTable(tableOf(paths, v5), { basename: '' })
  return address => match(address) !== undefined
}

/** A slash at the end makes no difference to us; to the routers it may. */
export const withAndWithoutSlash = (address: string): readonly string[] =>
  address === '/' ? ['/'] : [address.replace(/\/$/, ''), address.replace(/\/?$/, '/')]

export const templateOf = (text: string): UrlTemplate => {
  const parsed = parseTemplate(text)
  if ('problem' in parsed) throw new Error(`${text}: ${parsed.problem}`)
  return parsed.template
}
