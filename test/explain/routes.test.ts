// What is said of an address by the routes of front ends: which one a router would choose, and what becomes of it.
import { expect, test } from 'vitest'
import { findRoutes, lostRoute } from '../../src/explain/routes.ts'
import type { FrontEndRead } from '../../src/pipeline/routes.ts'
import { address, read, routeSection } from '../pipeline/front-ends.ts'
import { records, SITE } from '../pipeline/setting.ts'
import { routeOf, tableOf, v5 } from '../routes/oracle.ts'

type Given = Parameters<typeof routeSection>

const frontEnd = async (...given: Given): Promise<readonly FrontEndRead[]> =>
  (await read([routeSection(...given), records('products', '/p/{slug}')])).frontEnds

/** Each route with what is said of it, or what is said instead. */
const said = (frontEnds: readonly FrontEndRead[], path: string, isWord = false): string[] => {
  const { routes, notes } = findRoutes(frontEnds, `${SITE}${path}`, { isWord })
  return [...routes.map(route => `${route.path}: ${route.text}`), ...notes]
}

const SHOP = tableOf([
  '/',
  '/about',
  '/p/:slug',
  '/:kind(terms|privacy)',
  routeOf('/old', { kind: 'redirect' }),
  routeOf('/older', { kind: 'redirect', to: '/old' }),
  routeOf('/feed', { kind: 'resource' }),
  routeOf('/beta', { condition: 'features.beta', file: 'src/beta.tsx', line: undefined }),
  routeOf('/*', { kind: 'catch-all', line: 9 }),
])

test.each([
  ['/about', ['/about: listed']],
  ['/about/', ['/about: listed']],
  ['/terms', ['/:kind(terms|privacy): listed']],
  ['/p/oak', ['/p/:slug: filled by products']],
  ['/old', ['/old: it only leads elsewhere']],
  ['/older?a=b', ['/older: it only leads to /old']],
  ['/feed', ['/feed: it answers no page']],
  ['/beta', ['/beta: undecided, since it is there only where features.beta']],
  [
    '/abuot',
    [
      'The front end has no page for this address: the catch-all /* (src/App.tsx:9) takes it; the nearest route is /about (src/App.tsx:1).',
    ],
  ],
])('%s', async (path, words) => {
  expect(said(await frontEnd(SHOP), path)).toEqual(words)
})

test('a word is a route only where the route is that word, and is no address otherwise', async () => {
  const frontEnds = await frontEnd(SHOP)
  expect(said(frontEnds, '/about', true)).toEqual(['/about: listed'])
  expect(said(frontEnds, '/terms', true)).toEqual([])
  expect(said(frontEnds, '/oak-table', true)).toEqual([])
})

test('patterns say by which they list and exclude', async () => {
  const frontEnds = await frontEnd(SHOP, { include: ['/a*'], exclude: ['/:kind'] })
  expect(said(frontEnds, '/about')).toEqual(['/about: listed by "/a*"'])
  expect(said(frontEnds, '/terms')).toEqual(['/:kind(terms|privacy): excluded by "/:kind"'])
})

test('a route that another comes before is told with it', async () => {
  const table = tableOf([routeOf('/:page', { line: 3 }), routeOf('/about', { line: 4 })], v5)
  expect(said(await frontEnd(table), '/about')).toEqual([
    '/:page: undecided, since no section fills it, and nothing fills :page',
    '/about: not listed, since /:page (src/App.tsx:3) comes before it',
  ])
})

test('a redirect for some visitors only does not stand in the way of the page', async () => {
  const table = tableOf([routeOf('/about', { kind: 'redirect', condition: 'old' }), routeOf('/about')], v5)
  expect(said(await frontEnd(table), '/about')).toEqual(['/about: listed'])
})

test('a page of one front end is no news of another, and languages that no router sees make no difference', async () => {
  const addresses = [address('/{path}', 'en'), address('/de/{path}', 'de')]
  const blog = routeSection(tableOf(['/posts']), { name: 'blog', basename: '/blog' })
  const { frontEnds } = await read([routeSection(SHOP, { addresses }), blog, records('products', '/p/{slug}')])
  expect(said(frontEnds, '/blog/posts')).toEqual(['/posts: listed'])
  expect(said(frontEnds, '/de/about')).toEqual(['/about: listed'])
  expect(said([], '/about')).toEqual([])
})

test('a page that is gone is told by what its route is now', async () => {
  const [shop] = await frontEnd(SHOP, { exclude: ['/about'] })
  const lost = (path: string) => lostRoute(shop as FrontEndRead, `${SITE}${path}`)
  expect(lost('/about')).toEqual({
    detail: 'excluded by "/about"',
    route: { path: '/about', file: 'src/App.tsx', line: 1 },
  })
  expect(lost('/beta')).toMatchObject({ route: { path: '/beta', file: 'src/beta.tsx', line: null } })
  expect(lost('/terms/')).toMatchObject({ detail: 'listed at /terms, and not here' })
  expect(lost('/gone')).toEqual({ detail: 'the front end has no route for it any more' })
})
