// A Next front end: its folders, and what its configuration makes of their paths, in one table.
import type { Route, RouterForm, RouteTable } from '../../../routes/route.ts'
import type { FrontEnd } from '../front-end.ts'
import { readAppRoutes } from './app-routes.ts'
import type { Judge } from './judge.ts'
import { DEFAULT_CONFIG, type NextConfig } from './next-config.ts'
import { findNextProject } from './next-project.ts'
import type { NamedRoutes } from './page-file.ts'
import { noteOfMiddleware, readPagesRoutes } from './pages-routes.ts'
import { redirected, shapeOf } from './precedence.ts'

export interface NextOptions {
  /** The project's folder, or its app or pages folder. */
  readonly root: string
  readonly judge: Judge
  /** @defaultValue what Next does without a configuration */
  readonly config?: NextConfig | undefined
}

/** Reads all routes of the project; undefined where `root` is none. */
export async function readNext(
  frontEnd: FrontEnd,
  { root, judge, config = DEFAULT_CONFIG }: NextOptions,
): Promise<RouteTable | undefined> {
  const project = await findNextProject(frontEnd, root)
  if (project === undefined) return undefined
  const reading = { pageExtensions: config.pageExtensions, judge }
  const forms: RouterForm[] = []
  const parts: NamedRoutes[] = []
  if (project.app !== undefined) {
    forms.push('next-app')
    parts.push(await readAppRoutes(frontEnd, project.app, reading))
  }
  if (project.pages !== undefined) {
    forms.push('next-pages')
    parts.push(await readPagesRoutes(frontEnd, project.pages, reading))
  }

  const slash = config.trailingSlash ? withSlash : (route: Route) => route
  const pages = parts.flatMap(({ routes }) => routes).map(slash)
  const rewrites = config.rewrites.map(slash)
  const redirects = config.redirects
  const { routes, notes } = once([...redirects, ...redirected([...pages, ...rewrites], redirects)])
  return {
    forms,
    order: 'ranked',
    basename: config.basePath,
    caseSensitive: true,
    routes,
    unresolved: [...config.unresolved, ...parts.flatMap(({ unresolved }) => unresolved)],
    notes: [
      ...project.notes,
      ...config.notes,
      ...noteOfLocales(config, project.pages),
      ...(project.middleware === undefined ? [] : [noteOfMiddleware(project.middleware)]),
      ...parts.flatMap(part => part.notes),
      ...notes,
    ],
    revision: frontEnd.revision,
  }
}

/** Files with an extension in their address keep it as it is. */
const withSlash = (route: Route): Route =>
  route.path.endsWith('/') || /\.\w+$/.test(route.path) ? route : { ...route, path: `${route.path}/` }

/** The first of each address. */
function once(all: readonly Route[]): { readonly routes: readonly Route[]; readonly notes: readonly string[] } {
  const taken = new Map<string, Route>()
  const notes: string[] = []
  const routes = all.filter(route => {
    const shape = shapeOf(route.path)
    const first = taken.get(shape)
    if (first === undefined || first.condition !== undefined || route.condition !== undefined) {
      if (route.condition === undefined) taken.set(shape, route)
      return true
    }
    const isSame = first.file === route.file || (first.kind === 'redirect' && route.kind === 'redirect')
    if (!isSame) notes.push(`${route.file} is not shown: ${first.file} has the same path, ${first.path}.`)
    return false
  })
  return { routes, notes }
}

function noteOfLocales({ i18n }: NextConfig, pages: string | undefined): string[] {
  if (i18n === undefined || pages === undefined) return []
  const others = i18n.locales.filter(locale => locale !== i18n.defaultLocale).map(locale => `/${locale}`)
  return others.length === 0 ? [] : [`Next serves the paths of ${pages} below ${others.join(', ')} too (i18n).`]
}
