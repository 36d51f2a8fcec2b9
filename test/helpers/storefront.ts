// A small front end of the demo shop as source code: a router whose routes a test names.
import type { SourceCommit } from './source-repository.ts'

export const ROUTES_FILE = 'src/routes.tsx'

/** Everything that the demo shop's sections have, a few static pages, and some that are none. */
export const SHOP_ROUTES = [
  "{ path: '/', element: <Page /> },",
  "{ path: '/about', element: <Page /> },",
  "{ path: '/stores', element: <Page /> },",
  "{ path: '/shops', element: <Navigate to='/stores' /> },",
  "{ path: '/products/:slug', element: <Page /> },",
  "{ path: '/categories/:slug', element: <Page /> },",
  "{ path: '/collections/:slug', element: <Page /> },",
  "{ path: '/pages/:slug', element: <Page /> },",
  "{ path: '/cart', element: <Page /> },",
  "{ path: '/orders', element: <RequireCustomer><Page /></RequireCustomer> },",
  "{ path: '/blog/:post', element: <Page /> },",
  "{ path: '*', element: <Page /> },",
] as const

/** The line of the first of the routes in their file. */
export const FIRST_LINE = 5

/** Files of the front end; each route is a line. */
export const storefront = (routes: readonly string[] = SHOP_ROUTES): SourceCommit['files'] => ({
  'package.json': '{ "name": "storefront", "dependencies": { "react-router": "^7.0.0" } }\n',
  'src/page.tsx': 'export const Page = () => <main>Hello</main>\n',
  'src/require-customer.tsx':
    "import { Navigate, useRouteLoaderData } from 'react-router'\n" +
    'export const RequireCustomer = ({ children }) =>\n' +
    "  useRouteLoaderData('customer') ? children : <Navigate to='/login' />\n",
  [ROUTES_FILE]: [
    "import { createBrowserRouter, Navigate } from 'react-router'",
    "import { Page } from './page'",
    "import { RequireCustomer } from './require-customer'",
    'export const router = createBrowserRouter([',
    ...routes,
    '])',
    '',
  ].join('\n'),
})

/** The same with one route more. */
export const withRoute = (path: string): SourceCommit['files'] =>
  storefront([...SHOP_ROUTES.slice(0, -1), `{ path: '${path}', element: <Page /> },`, ...SHOP_ROUTES.slice(-1)])

/** The same without the routes of that path. */
export const withoutRoute = (path: string): SourceCommit['files'] =>
  storefront(SHOP_ROUTES.filter(route => !route.startsWith(`{ path: '${path}',`)))
