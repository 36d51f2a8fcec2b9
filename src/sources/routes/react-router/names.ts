// What belongs to React Router among all that a front end imports.
import type { SourceModule } from '../evaluate/module.ts'
import { possibilities, type Value } from '../evaluate/value.ts'

const PACKAGES = new Set([
  'react-router',
  'react-router-dom',
  'react-router/dom',
  'react-router-native',
  'react-router-dom-v5-compat',
  'react-router-config',
  '@remix-run/react',
  '@remix-run/router',
  '@remix-run/node',
  '@remix-run/server-runtime',
  '@react-router/node',
  'connected-react-router',
])

/** What a front end calls a part of its own that stands for one of React Router's, or what tools wrap it in. */
const ROUTER_PARTS = new Set([
  'Route',
  'Routes',
  'Switch',
  'useRoutes',
  'createBrowserRouter',
  'Router',
  'BrowserRouter',
])

/** What a module has to take of the router, or all of it, to have routes, redirects or outlets in it. */
const SHOWN_PARTS =
  /^(default|Route|CompatRoute|Routes|Switch|Redirect|Navigate|Outlet|useRoutes|useOutlet|renderRoutes|RouterProvider|create\w+|\w*Router)$/

export function hasRouterParts({ imports, exports, text }: SourceModule): boolean {
  return (
    imports.some(
      ({ from, imported }) => PACKAGES.has(from) && (imported === undefined || SHOWN_PARTS.test(imported)),
    ) ||
    exports.some(
      ({ from, inner }) => from !== undefined && PACKAGES.has(from) && (inner === undefined || SHOWN_PARTS.test(inner)),
    ) ||
    /\b(?:require|import)\(\s*['"](?:react-router|@remix-run)/.test(text)
  )
}

/** `Route`, `createBrowserRouter`: the name that React Router exports it by; undefined for what is not of it. */
export function routerName(value: Value): string | undefined {
  if (value.is === 'choice') {
    const names = new Set(value.values.map(routerName))
    return names.size === 1 ? [...names][0] : undefined
  }
  const [only] = possibilities(value)
  if (only?.is === 'external') return PACKAGES.has(only.module) ? only.path.at(-1) : undefined
  if (only?.is !== 'called') return undefined
  // Tools that watch an app wrap parts of the router: withSentryRouting(Route).
  const [inner] = only.args
  const name = inner && routerName(inner)
  return name !== undefined && ROUTER_PARTS.has(name) && routerName(only.callee) === undefined ? name : undefined
}

export const ROUTERS = new Set([
  'BrowserRouter',
  'Router',
  'StaticRouter',
  'ConnectedRouter',
  'CompatRouter',
  'unstable_HistoryRouter',
  'HistoryRouter',
  'NativeRouter',
  'RemixBrowser',
  'HydratedRouter',
])
/** Their pages have no addresses that a server could answer. */
export const HIDDEN_ROUTERS = new Set(['HashRouter', 'MemoryRouter'])
export const MAKES_ROUTER = new Set(['createBrowserRouter', 'createStaticRouter', 'unstable_createStaticRouter'])
export const MAKES_HIDDEN_ROUTER = new Set(['createHashRouter', 'createMemoryRouter'])
export const MAKES_ROUTES = new Set(['createRoutesFromElements', 'createRoutesFromChildren'])
export const REDIRECTS = new Set(['redirect', 'redirectDocument', 'replace'])
