// Routers that nobody here wrote, as packages bring them: starters of shops and templates.
import { describe, expect, test } from 'vitest'
import { readRouter } from '../../../src/sources/routes/router.ts'
import { lineOf } from '../../helpers/front-end-files.ts'
import { fetchPackage } from '../../oracles/published-package.ts'

const EXAMPLES = [
  {
    what: 'a starter for shops, with React Router as a framework and its routes in the names of files',
    spec: '@shopify/cli-hydrogen@12.0.2',
    router: 'dist/assets/hydrogen/starter',
    only: ' if hydrogenRoutes(…) gives it',
    routes: [
      '/',
      '/account/addresses',
      '/account/orders',
      '/account/orders/:id guarded by its loader',
      '/account/profile',
      '/blogs',
      '/blogs/:blogHandle guarded by its loader',
      '/blogs/:blogHandle/:articleHandle guarded by its loader',
      '/cart',
      '/collections',
      '/collections/:handle guarded by its loader',
      '/collections/all',
      '/pages/:handle guarded by its loader',
      '/policies',
      '/policies/:handle',
      '/products/:handle guarded by its loader',
      '/search',
      'catch-all /*',
      'redirect /account to /account/orders',
      'redirect /account/* to /account',
      'redirect /account/logout to /',
      'redirect /cart/:lines',
      'redirect /discount/:code',
      'resource /account/authorize',
      'resource /account/login',
      'resource /robots.txt',
      'resource /sitemap.xml',
      'resource /sitemap/:type/:page.xml',
    ],
    untold: 1,
  },
  {
    what: 'a template with React Router 5',
    spec: 'cra-template-react-router@0.1.2',
    router: 'template',
    routes: ['/ …', '/settings …'],
  },
  {
    what: 'a template with pages that are loaded lazily',
    spec: 'cra-template-rb@1.2.6',
    router: 'template/src/app/index.tsx',
    routes: ['/', 'catch-all /*'],
  },
  {
    what: 'a template whose providers are composed of functions',
    spec: 'cra-template-feature-sliced@0.0.1-concept.1',
    router: 'template',
    routes: ['/'],
  },
  {
    what: "Next's own template, with an app folder",
    spec: 'create-next-app@16.4.3',
    router: 'dist/templates/app/ts',
    routes: ['/'],
  },
  {
    what: "Next's own template, with a pages folder",
    spec: 'create-next-app@16.4.3',
    router: 'dist/templates/default/ts',
    routes: ['/', 'resource /api/hello'],
  },
]

describe('a published example is read', () => {
  test.for(EXAMPLES)('$what', async ({ spec, router, routes, only = '', untold = 0 }, { skip }) => {
    const base = await fetchPackage(spec)
    if (base === undefined) return skip(`${spec} cannot be had here`)
    const read = await readRouter(router, { base, aliases: {}, environment: {}, timeoutMs: 10_000 })
    await read.close()
    const { table } = read
    const lines = table.routes.map(lineOf)
    expect(lines.every(line => line.endsWith(only))).toBe(true)
    expect(lines.map(line => line.slice(0, line.length - only.length)).toSorted()).toEqual(routes)
    expect(table.unresolved).toHaveLength(untold)
  })
})
