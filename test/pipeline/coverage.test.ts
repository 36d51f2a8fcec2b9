// Addresses that sections list, and the front end has no page for: how many, which, and what was probably meant.
import { afterEach, describe, expect, test } from 'vitest'
import { StoremapError } from '../../src/errors.ts'
import { watchCoverage } from '../../src/pipeline/coverage.ts'
import type { Job, Section } from '../../src/pipeline/job.ts'
import { rehearse } from '../../src/pipeline/prepare.ts'
import type { Source } from '../../src/sources/source.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { routeOf, tableOf, v5 } from '../routes/oracle.ts'
import { address, type FrontEndGiven, read, routeSection } from './front-ends.ts'
import { list, NOW, type Rows, records, removeBuilt, SITE, slugs, snapshotOf } from './setting.ts'

type Table = Parameters<typeof routeSection>[0]

afterEach(removeBuilt)

const SHOP = tableOf([
  routeOf('/', { line: 3 }),
  routeOf('/about', { line: 4 }),
  routeOf('/product/:slug', { line: 5 }),
  routeOf('/shop/*', { line: 6, kind: 'redirect', to: '/' }),
  routeOf('/feed.xml', { line: 7, kind: 'resource' }),
])

/** What a run says of sections beside one of routes. */
async function warnings(job: Job, rows: Readonly<Record<string, Rows>> = {}): Promise<readonly string[]> {
  await using folder = await tempFolder()
  const source: Source = { name: 'shop', open: async () => snapshotOf(rows) }
  const deps = { source, clock: () => new Date(NOW) }
  const options = { published: undefined, known: undefined, dir: folder.path, mayKeep: false, exactFunnel: false }
  return (await rehearse({ ...job, features: { alternates: true, images: false } }, deps, options)).report.warnings
}

const told = async (
  table: Table,
  { sections, rows, ...given }: FrontEndGiven & { sections: Section[]; rows?: Readonly<Record<string, Rows>> },
): Promise<readonly string[]> => {
  // What is undecided is not looked at here.
  const job = await read([routeSection(table, given), ...sections])
  return (await warnings(job, rows)).filter(text => !text.includes('undecided'))
}

describe('addresses without a route', () => {
  test('are all of a section where its template is wrong: their number, three of them, and the nearest route', async () => {
    const rows = { products: slugs(1234, 'oak') }
    expect(await told(SHOP, { sections: [records('products', '/products/{slug}')], rows })).toEqual([
      `1,234 addresses of products are no page of the front end: ${['000000', '000001', '000002']
        .map(number => `${SITE}/products/oak-${number}; the nearest route is /product/:slug (src/App.tsx:5)`)
        .join('. ')}.`,
    ])
  })

  test('are named without a nearest route where none is near', async () => {
    const rows = { posts: ['one'] }
    expect(await told(SHOP, { sections: [records('posts', '/a/b/c/d/{slug}')], rows })).toEqual([
      `1 address of posts is no page of the front end: ${SITE}/a/b/c/d/one.`,
    ])
  })

  test('are told with the route that is called otherwise now, and that no other section has', async () => {
    const table = tableOf([
      routeOf('/c/:slug', { line: 4 }),
      routeOf('/account/:page', { line: 5 }),
      routeOf('/orders/:id', { line: 6, guard: { name: 'RequireCustomer', file: 'src/auth.tsx', line: 2 } }),
      routeOf('/p/:slug', { line: 7 }),
    ])
    const sections = [records('categories', '/c/{slug}'), records('products', '/products/{slug}')]
    const rows = { categories: ['rugs'], products: ['oak'] }
    const given = { exclude: ['/account/**'], sections, rows }
    expect(await told(table, given)).toEqual([
      `1 address of products is no page of the front end: ${SITE}/products/oak; the nearest route is /p/:slug (src/App.tsx:7).`,
    ])
    const left = { ...table, routes: table.routes.slice(0, 3) }
    expect(await told(left, given)).toEqual([
      `1 address of products is no page of the front end: ${SITE}/products/oak.`,
    ])
  })

  test('are some of a section where the route takes only some values', async () => {
    const table = tableOf([routeOf('/product/:slug([a-z-]+)', { line: 5 })], v5)
    const rows = { products: ['oak-table', 'oak-table-2', 'beech-rug'] }
    const [warning = '', ...more] = await told(table, { sections: [records('products', '/product/{slug}')], rows })
    expect(more).toEqual([])
    expect(warning).toContain(`1 address of products is no page of the front end: ${SITE}/product/oak-table-2; `)
  })

  test('may be those of a list', async () => {
    expect(await told(SHOP, { sections: [list('extra', ['/about', '/abuot'])] })).toEqual([
      `1 address of extra is no page of the front end: ${SITE}/abuot; the nearest route is /about (src/App.tsx:4).`,
    ])
  })

  test('are those that a redirect, a catch-all, or what answers no page takes', async () => {
    const table = { ...SHOP, routes: [...SHOP.routes, routeOf('/*', { line: 9, kind: 'catch-all' })] }
    const [warning = ''] = await told(table, {
      sections: [list('extra', ['/shop/old', '/nowhere/at/all', '/feed.xml'])],
    })
    expect(warning).toContain('3 addresses of extra')
    expect(warning).toContain(`${SITE}/shop/old, which the redirect /shop/* (src/App.tsx:6) takes`)
    expect(warning).toContain(`${SITE}/nowhere/at/all, which the catch-all /* (src/App.tsx:9) takes`)
    expect(warning).toContain(`${SITE}/feed.xml, which /feed.xml (src/App.tsx:7) answers with no page`)
  })

  test('are none of those that are only there under a condition, or only for some', async () => {
    const guard = { name: 'RequireCustomer', file: 'src/auth.tsx', line: 2 }
    const table = tableOf([
      routeOf('/', {}),
      routeOf('/club/:slug', { guard }),
      routeOf('/beta', { condition: 'beta' }),
    ])
    const sections = [records('club', '/club/{slug}'), list('extra', ['/beta'])]
    expect(await told(table, { sections, rows: { club: ['one'] } })).toEqual([])
  })

  test('are none of those that a redirect takes for some visitors only, and a page shows to all others', async () => {
    const detour = { kind: 'redirect', to: '/', condition: 'has cookie "beta"' } as const
    const routes = [routeOf('/product/:slug', detour), routeOf('/*', detour), routeOf('/product/:slug')]
    const sections = [records('products', '/product/{slug}'), records('posts', '/post/{slug}')]
    const rows = { products: ['oak'], posts: ['one'] }
    for (const table of [tableOf(routes, v5), tableOf(routes, { forms: ['next-app'] })])
      expect(await told(table, { sections, rows })).toEqual([
        expect.stringMatching(/^1 address of posts is no page of the front end: \S+\/post\/one(; the nearest .*)?\.$/),
      ])
  })

  test('are none of those that another front end has', async () => {
    const blog = routeSection(tableOf([routeOf('/posts/:post', { file: 'blog/App.tsx' })]), {
      name: 'blog',
      basename: '/blog',
    })
    const posts = [records('posts', '/blog/posts/{slug}'), records('products', '/product/{slug}')]
    const job = await read([routeSection(SHOP), blog, ...posts])
    const rows = { posts: ['one'], products: ['oak'] }
    expect((await warnings(job, rows)).filter(text => text.includes('no page'))).toEqual([])
    const wrong = await read([routeSection(SHOP), blog, records('posts', '/blog/post/{slug}')])
    const [warning = ''] = (await warnings(wrong, rows)).filter(text => text.includes('no page'))
    expect(warning).toContain(`${SITE}/blog/post/one; the nearest route is /posts/:post (blog/App.tsx:1)`)
  })

  test('are told below a basename, and outside of it', async () => {
    const given = { basename: '/shop' }
    const table = tableOf(['/', '/p/:slug'])
    const rows = { products: ['oak'] }
    expect(await told(table, { ...given, sections: [records('products', '/shop/p/{slug}')], rows })).toEqual([])
    const [outside = ''] = await told(table, { ...given, sections: [records('products', '/p/{slug}')], rows })
    expect(outside).toContain(`1 address of products is no page of the front end: ${SITE}/p/oak`)
  })

  test('are told without the prefix of their language where the router never sees it', async () => {
    const addresses = [address('/{path}', 'en'), address('/de/{path}', 'de')]
    const inGerman = (url: string) => records('products', url)
    const rows = { products: ['eiche'] }
    expect(await told(SHOP, { addresses, sections: [inGerman('/de/product/{slug}')], rows })).toEqual([])
    const [wrong = ''] = await told(SHOP, { addresses, sections: [inGerman('/de/produkt/{slug}')], rows })
    expect(wrong).toContain(`${SITE}/de/produkt/eiche; the nearest route is /product/:slug (src/App.tsx:5)`)
    const [other = ''] = await told(SHOP, { addresses, sections: [inGerman('/fr/product/{slug}')], rows })
    expect(other).toContain(`${SITE}/fr/product/eiche`)
  })

  test('fail the run where they are an error, each section with its own', async () => {
    const sections = [records('products', '/products/{slug}'), list('extra', ['/abuot'])]
    const cause = await told(SHOP, { uncovered: 'error', sections, rows: { products: ['oak'] } }).catch(
      thrown => thrown,
    )
    expect(cause).toBeInstanceOf(StoremapError)
    expect(cause).toMatchObject({ code: 'ROUTES_UNCOVERED', exitCode: 1 })
    expect(cause.message).toContain(`  1 address of products is no page of the front end: ${SITE}/products/oak;`)
    expect(cause.message).toContain(`  1 address of extra is no page of the front end: ${SITE}/abuot;`)
    expect(cause.message).toContain('Nothing was published')
  })
})

describe('nothing is looked at', () => {
  const jobWith = (section: Section) => read([routeSection(SHOP), section])

  test('where a template can only give pages of the front end', async () => {
    const section = records('products', '/product/{slug}')
    expect(watchCoverage(await jobWith(section), section)).toBeUndefined()
  })

  test('where no front end was read', async () => {
    const section = records('products', '/products/{slug}')
    expect(watchCoverage(await read([section]), section)).toBeUndefined()
  })

  test('in what the front end itself lists', async () => {
    const job = await read([routeSection(SHOP)])
    expect(watchCoverage(job, job.sections[0] as Section)).toBeUndefined()
  })

  test('while a template that may give others is', async () => {
    const section = records('products', '/products/{slug}')
    const covered = watchCoverage(await jobWith(section), section)
    covered?.watch([
      { loc: `${SITE}/product/oak?x=/products/`, key: 1, slot: 0 },
      { loc: `${SITE}/products/oak`, key: 2, slot: 0 },
    ])
    expect(covered?.uncovered).toMatchObject({ count: 1, examples: [{ loc: `${SITE}/products/oak` }] })
  })
})

describe('a slash at the end of addresses', () => {
  const next = tableOf([routeOf('/products/:slug/', { line: 5 }), routeOf('/pages/:slug/', { line: 6 })], {
    forms: ['next-pages'],
  })
  const rows = { products: ['oak'], pages: ['about'] }

  test('is missed where Next would lead each address to the one with it', async () => {
    const sections = [records('products', '/products/{slug}'), records('pages', '/pages/{slug}/')]
    expect(await told(next, { sections, rows })).toEqual([
      "Addresses of products end without a slash, and those of the front end's route /products/:slug/ (src/App.tsx:5) with one: each only leads to the other.",
    ])
  })

  test('makes no difference to React Router', async () => {
    const react = { ...next, forms: ['react-router'] as const }
    expect(await told(react, { sections: [records('products', '/products/{slug}')], rows })).toEqual([])
  })
})
