// Next's app folder: which addresses its files have.
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { openFolder } from '../../../src/sources/routes/front-end-folder.ts'
import { readAppRoutes } from '../../../src/sources/routes/next/app-routes.ts'
import type { Judged } from '../../../src/sources/routes/next/judge.ts'
import { PAGE_EXTENSIONS } from '../../../src/sources/routes/next/names.ts'
import { readNext } from '../../../src/sources/routes/next/next.ts'
import type { NamedRoutes } from '../../../src/sources/routes/next/page-file.ts'
import { tempFolder } from '../../helpers/bundle.ts'
import { writeSource } from '../../helpers/source-repository.ts'
import { judgeBy } from './judge-by-table.ts'

const SHOP = fileURLToPath(new URL('../../fixtures/front-ends/next-app', import.meta.url))

interface Reading {
  readonly judged?: Readonly<Record<string, Judged>>
  readonly pageExtensions?: readonly string[]
}

async function read(
  files: readonly string[],
  { judged, pageExtensions = PAGE_EXTENSIONS }: Reading = {},
): Promise<NamedRoutes> {
  await using temp = await tempFolder()
  await writeSource(temp.path, Object.fromEntries(files.map(file => [`app/${file}`, ''])))
  const frontEnd = await openFolder(temp.path, { name: 'shop' })
  return await readAppRoutes(frontEnd, 'app', { pageExtensions, judge: judgeBy(judged) })
}

const pathsOf = ({ routes }: Pick<NamedRoutes, 'routes'>): string[] => routes.map(({ path }) => path)

describe('names of folders', () => {
  test.each([
    ['the folder itself', 'page.tsx', ['/']],
    ['folders', 'about/team/page.jsx', ['/about/team']],
    ['a value', 'products/[slug]/page.ts', ['/products/:slug']],
    ['values one below another', '[locale]/[channel]/page.js', ['/:locale/:channel']],
    ['one folder or more', 'docs/[...path]/page.tsx', ['/docs/:path+']],
    ['folders that may be left out, written out', 'docs/[[...path]]/page.tsx', ['/docs', '/docs/:path+']],
    ['the same at the top', '[[...path]]/page.tsx', ['/', '/:path+']],
    ['a group, which is no part of the path', '(shop)/(main)/cart/page.tsx', ['/cart']],
    ['an underscore written as %5F', '%5Fpreview/page.tsx', ['/_preview']],
    ['text that an address has encoded', 'über uns/page.tsx', ['/%C3%BCber%20uns']],
    ['a value whose name has more than letters', '[product-slug]/page.tsx', ['/:product_slug']],
    ['values whose names would become one', '[a-b]/[a_b]/page.tsx', ['/:a_b/:a_b2']],
  ])('%s', async (_, file, paths) => {
    const table = await read([file])
    expect(pathsOf(table)).toEqual(paths)
    expect(table.unresolved).toEqual([])
    expect(table.routes[0]).toMatchObject({ kind: 'page', file: `app/${file}`, component: `app/${file}` })
  })

  test('a path with values keeps the way it is written', async () => {
    const { routes } = await read(['(shop)/products/[slug]/page.tsx', '(shop)/cart/page.tsx'])
    expect(routes.map(({ written }) => written)).toEqual([undefined, '/products/[slug]'])
  })

  test.each([
    ['a private folder', '_data/page.tsx'],
    ['an intercepted page of the same level', 'photos/(.)photo/page.tsx'],
    ['an intercepted page of levels above', 'photos/(..)(..)photo/[id]/page.tsx'],
    ['an intercepted page of the top', 'photos/(...)photo/page.tsx'],
    ['a file with another name', 'about/content.tsx'],
    ['a file with another extension', 'about/page.css'],
    ['a text where texts are no pages', 'about/page.mdx'],
    ['what is shown where nothing is', 'not-found.tsx'],
  ])('%s has no path', async (_, file) => {
    expect(await read([file])).toEqual({ routes: [], unresolved: [], notes: [] })
  })

  test.each([
    ['[[slug]]/page.tsx', '"[[slug]]" is no name that Next knows'],
    ['[slug]-x/page.tsx', '"[slug]-x" is no name that Next knows'],
    ['x-[slug]/page.tsx', '"x-[slug]" is no name that Next knows'],
    ['[...path]/more/page.tsx', '"[...path]" is not the last folder, which Next refuses'],
  ])('%s, which Next refuses, is told and not guessed', async (file, why) => {
    const { routes, unresolved } = await read([file])
    expect(routes).toEqual([])
    expect(unresolved).toEqual([
      { file: `app/${file}`, reason: `its path cannot be told: ${why}`, source: `/${file.replace('/page.tsx', '')}` },
    ])
  })

  test('extensions of pages are the configured ones, and the text of a page is not judged', async () => {
    const judged = { 'page.mdx': { kind: 'missing' } } as const
    const files = ['about/page.mdx', 'cart/page.page.tsx', 'cart/page.tsx']
    const table = await read(files, { judged, pageExtensions: ['page.tsx', 'mdx'] })
    expect(table.routes.map(({ file }) => file)).toEqual(['app/about/page.mdx', 'app/cart/page.page.tsx'])
  })
})

describe('slots', () => {
  test('a page in a slot is a part of the page beside it', async () => {
    const table = await read(['@modal/page.tsx', '@modal/cart/page.tsx', 'cart/page.tsx', 'page.tsx'])
    expect(table.routes.map(({ path, file }) => [path, file])).toEqual([
      ['/', 'app/page.tsx'],
      ['/cart', 'app/cart/page.tsx'],
    ])
    expect(table.notes).toEqual([])
  })

  test('a page that is only in a slot is one where there is a default beside it', async () => {
    expect(pathsOf(await read(['shop/default.tsx', 'shop/@modal/sizes/page.tsx']))).toEqual(['/shop/sizes'])
    const shown = await read(['[...rest]/page.tsx', '@modal/sizes/page.tsx', '@more/sizes/page.tsx'])
    expect(pathsOf(shown)).toEqual(['/sizes', '/:rest+'])
  })

  test('a page that is only in a slot, with nothing beside it, is a note', async () => {
    const table = await read(['shop/page.tsx', 'shop/@modal/sizes/page.tsx', 'shop/@modal/default.tsx'])
    expect(pathsOf(table)).toEqual(['/shop'])
    expect(table.notes).toEqual([
      'app/shop/@modal/sizes/page.tsx is not a page of its own: nothing is shown beside it at this path.',
    ])
  })
})

describe('what is no page', () => {
  test('handlers and files for search engines are resources', async () => {
    const files = [
      'feed.xml/route.ts',
      'robots.txt',
      'sitemap.ts',
      'manifest.ts',
      'shop/sitemap.js',
      'shop/robots.ts',
      'icon.tsx',
      'favicon.ico',
    ]
    const { routes } = await read(files)
    expect(routes.map(({ path, kind }) => [path, kind])).toEqual([
      ['/manifest.webmanifest', 'resource'],
      ['/robots.txt', 'resource'],
      ['/sitemap.xml', 'resource'],
      ['/feed.xml', 'resource'],
      ['/shop/sitemap.xml', 'resource'],
    ])
  })

  test('a page that only sends elsewhere is a redirect, and one that exports nothing is a note', async () => {
    const judged = {
      'old/page.tsx': { kind: 'redirect', to: '/new' },
      'feed/page.tsx': { kind: 'resource' },
      'draft/page.tsx': { kind: 'missing' },
    } as const
    const table = await read(['old/page.tsx', 'feed/page.tsx', 'draft/page.tsx'], { judged })
    expect(table.routes.map(({ path, kind, to }) => [path, kind, to])).toEqual([
      ['/feed', 'resource', undefined],
      ['/old', 'redirect', '/new'],
    ])
    expect(table.notes).toEqual(['app/draft/page.tsx is no page, since it has no default export.'])
  })
})

describe('layouts', () => {
  const files = [
    'layout.tsx',
    'page.tsx',
    'account/layout.tsx',
    'account/(private)/orders/page.tsx',
    'account/route.ts',
  ]

  test('a layout that may send visitors elsewhere guards all below it', async () => {
    const judged: Reading['judged'] = {
      'account/layout.tsx': { kind: 'page', mayRedirect: { file: 'app/account/layout.tsx', line: 5 } },
    }
    const { routes } = await read(files, { judged })
    expect(routes.map(({ path, guard }) => [path, guard])).toEqual([
      ['/', undefined],
      ['/account', undefined],
      ['/account/orders', { file: 'app/account/layout.tsx', line: 5, name: 'layout.tsx' }],
    ])
  })

  test('the nearest guard is told, and before it that of the page', async () => {
    const guard = (name: string): Judged => ({ kind: 'page', guard: { file: `${name}.ts`, line: 1, name } })
    const judged = { 'account/layout.tsx': guard('withUser'), 'app/layout.tsx': guard('withShop') }
    const names = async (more: Reading['judged']) =>
      (await read(files, { judged: { ...judged, ...more } })).routes.map(({ guard }) => guard?.name)
    expect(await names({})).toEqual(['withShop', undefined, 'withUser'])
    expect(await names({ 'orders/page.tsx': guard('withOrders') })).toEqual(['withShop', undefined, 'withOrders'])
  })

  test('a layout that only sends elsewhere leaves no page below it', async () => {
    const { routes } = await read(files, { judged: { 'account/layout.tsx': { kind: 'redirect', to: '/login' } } })
    expect(routes.map(({ path, kind, to }) => [path, kind, to])).toEqual([
      ['/', 'page', undefined],
      ['/account', 'resource', undefined],
      ['/account/orders', 'redirect', '/login'],
    ])
  })

  test('each file is judged once', async () => {
    const asked: string[] = []
    await using temp = await tempFolder()
    await writeSource(temp.path, { 'app/layout.tsx': '', 'app/page.tsx': '', 'app/[[...x]]/page.tsx': '' })
    const frontEnd = await openFolder(temp.path, { name: 'shop' })
    const judge = async (file: string): Promise<Judged> => {
      asked.push(file)
      return { kind: 'page' }
    }
    await readAppRoutes(frontEnd, 'app', { pageExtensions: PAGE_EXTENSIONS, judge })
    expect(asked.sort()).toEqual(['app/[[...x]]/page.tsx', 'app/layout.tsx', 'app/page.tsx'])
  })
})

test('a shop with its pages by locale and channel has these routes', async () => {
  const orders = '(main)/orders/page.tsx'
  const judge = judgeBy({
    '(root)/page.tsx': { kind: 'redirect' },
    [orders]: { kind: 'redirect', to: '/:locale/:channel/account/orders' },
    'account/layout.tsx': { kind: 'page', mayRedirect: { file: 'account/layout.tsx', line: 5 } },
    'search/page.tsx': { kind: 'missing' },
  })
  const table = await readNext(await openFolder(SHOP, { name: 'shop' }), { root: '', judge })
  expect(table).toMatchObject({
    forms: ['next-app'],
    order: 'ranked',
    basename: '',
    caseSensitive: true,
    unresolved: [],
  })
  expect(table?.routes.map(({ path, kind, guard }) => `${kind} ${path}${guard ? ' guarded' : ''}`)).toEqual([
    'resource /robots.txt',
    'page /checkout',
    'page /checkout/complete',
    'redirect /',
    'page /:locale/:channel',
    'page /:locale/:channel/_preview',
    'page /:locale/:channel/account guarded',
    'page /:locale/:channel/account/orders/:number guarded',
    'page /:locale/:channel/categories/:slug+',
    'page /:locale/:channel/journal',
    'page /:locale/:channel/journal/:filters+',
    'page /:locale/:channel/login',
    'redirect /:locale/:channel/orders',
    'page /:locale/:channel/pages/:slug',
    'page /:locale/:channel/products',
    'page /:locale/:channel/products/:slug',
    'resource /api/revalidate',
    'resource /feed.xml',
  ])
  const main = 'src/app/(storefront)/[locale]/[channel]/(main)'
  expect(table?.notes).toEqual([
    'src/middleware.ts sees requests before pages do, and may send visitors elsewhere.',
    `${main}/@modal/size-guide/page.tsx is not a page of its own: nothing is shown beside it at this path.`,
    `${main}/search/page.tsx is no page, since it has no default export.`,
  ])
})
