// Next's pages folder: which addresses its files have.
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openFolder } from '../../../src/sources/routes/front-end-folder.ts'
import { PAGE_EXTENSIONS } from '../../../src/sources/routes/next/names.ts'
import { readNext } from '../../../src/sources/routes/next/next.ts'
import { readNextConfig } from '../../../src/sources/routes/next/next-config.ts'
import type { NamedRoutes } from '../../../src/sources/routes/next/page-file.ts'
import { readPagesRoutes } from '../../../src/sources/routes/next/pages-routes.ts'
import { tempFolder } from '../../helpers/bundle.ts'
import { writeSource } from '../../helpers/source-repository.ts'
import { judgeBy } from './judge-by-table.ts'

const SHOP = fileURLToPath(new URL('../../fixtures/front-ends/next-pages', import.meta.url))

async function read(files: readonly string[], pageExtensions = PAGE_EXTENSIONS): Promise<NamedRoutes> {
  await using temp = await tempFolder()
  await writeSource(temp.path, Object.fromEntries(files.map(file => [`pages/${file}`, ''])))
  const frontEnd = await openFolder(temp.path, { name: 'shop' })
  return await readPagesRoutes(frontEnd, 'pages', { pageExtensions, judge: judgeBy() })
}

test.each([
  ['the index of the folder', 'index.tsx', ['/']],
  ['a file', 'about.js', ['/about']],
  ['the index of a folder in it', 'about/index.jsx', ['/about']],
  ['a folder that is called index', 'index/index.ts', ['/index']],
  ['a value in a file name', 'products/[slug].tsx', ['/products/:slug']],
  ['a value in a folder name', '[channel]/index.tsx', ['/:channel']],
  ['one folder or more', 'docs/[...path].tsx', ['/docs/:path+']],
  ['folders that may be left out, written out', '[lang]/[[...path]].tsx', ['/:lang', '/:lang/:path+']],
  ['the same in an index', 'docs/[[...path]]/index.tsx', ['/docs', '/docs/:path+']],
  ['a name that is Next’s own only at the top', 'help/404.tsx', ['/help/404']],
  ['a name that is a slot or a group elsewhere', '@team/(x).tsx', ['/@team/(x)']],
])('%s', async (_, file, paths) => {
  const { routes, unresolved } = await read([file])
  expect(routes.map(({ path }) => path)).toEqual(paths)
  expect(routes.every(({ kind }) => kind === 'page')).toBe(true)
  expect(unresolved).toEqual([])
})

test("files of Next's own, types and other files have no path", async () => {
  const own = ['_app.tsx', '_document.js', '_error.tsx', '404.tsx', '500.tsx']
  expect(await read([...own, 'shop/types.d.ts', 'shop/style.css'])).toEqual({ routes: [], unresolved: [], notes: [] })
})

test('what sees requests before pages do is a note', async () => {
  expect(await read(['_middleware.ts', 'shop/_middleware.js'])).toEqual({
    routes: [],
    unresolved: [],
    notes: [
      'pages/_middleware.ts sees requests before pages do, and may send visitors elsewhere.',
      'pages/shop/_middleware.js sees requests before pages do, and may send visitors elsewhere.',
    ],
  })
})

test('what is in the folder api answers programs', async () => {
  const { routes } = await read(['api.ts', 'api/index.ts', 'api/orders/[id].ts', 'apis.tsx'])
  expect(routes.map(({ path, kind }) => `${kind} ${path}`)).toEqual([
    'resource /api',
    'resource /api/orders/:id',
    'resource /api',
    'page /apis',
  ])
})

test('with an extension of its own for pages, other files beside them are none', async () => {
  const { routes } = await read(['index.page.tsx', 'index.test.tsx', 'cart/index.page.tsx'], ['page.tsx'])
  expect(routes.map(({ path }) => path)).toEqual(['/cart', '/'])
})

test('a shop with its pages by channel and locale has these routes', async () => {
  const judge = judgeBy({
    'pages/index.tsx': { kind: 'redirect', to: '/default/en-US' },
    '[sitemap]/index.tsx': { kind: 'resource' },
    'account/orders.tsx': { kind: 'page', guard: { file: 'lib/with-auth.tsx', line: 4, name: 'withAuth' } },
  })
  const config = readNextConfig(
    {
      trailingSlash: true,
      pageExtensions: ['page.tsx', 'tsx', 'ts', 'mdx'],
      redirects: [{ source: '/blog/:path*', destination: 'https://blog.south-shop.example/:path*', permanent: false }],
    },
    { file: 'next.config.js' },
  )
  const table = await readNext(await openFolder(SHOP, { name: 'shop' }), { root: '', judge, config })
  expect(table).toMatchObject({ forms: ['next-pages'], basename: '', unresolved: [] })
  expect(table?.notes).toEqual(['pages/_middleware.ts sees requests before pages do, and may send visitors elsewhere.'])
  expect(table?.routes.map(({ path, kind, guard }) => `${kind} ${path}${guard ? ` ${guard.name}` : ''}`)).toEqual([
    'redirect /blog/:path*',
    'resource /:channel/:locale/:sitemap/',
    'page /:channel/:locale/account/login/',
    'page /:channel/:locale/account/orders/:token/',
    'page /:channel/:locale/account/orders/ withAuth',
    'page /:channel/:locale/cart/',
    'page /:channel/:locale/category/:slug/',
    'page /:channel/:locale/',
    'page /:channel/:locale/page/:slug+/',
    'page /:channel/:locale/products/:slug/',
    'page /:channel/:locale/search/',
    'resource /api/newsletter/',
    'redirect /blog/',
    'redirect /',
    'page /size-guide/',
  ])
})
