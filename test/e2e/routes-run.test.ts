// Runs that publish the pages of a front end: what is new, what is gone and why, and what has to stay as it is.
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Explanation } from '../../src/explain/explanation.ts'
import type { DiffReport } from '../../src/explain/removal.ts'
import type { RunReport } from '../../src/pipeline/report.ts'
import { createProject, demoShop, locsOf, type Project, SITE } from '../helpers/project.ts'
import { commitSource, makeSourceRepository } from '../helpers/source-repository.ts'
import { SHOP_ROUTES, storefront, withoutRoute, withRoute } from '../helpers/storefront.ts'

const { products, categories, collections, pages } = demoShop.sections
const RECORDS = { products, categories, collections, pages }
const STATIC = {
  of: 'routes',
  router: { git: { repo: '../frontend', ref: 'main', path: 'src/routes.tsx' } },
  exclude: ['/cart', '/blog/**'],
} as const
const configuration = (section: object = {}, sections: object = RECORDS) => ({
  ...demoShop,
  sections: { ...sections, static: { ...STATIC, ...section } },
  publish: [{ git: { repo: '../sitemap.git' } }],
})

let project: Project
let frontend: string
beforeAll(async () => {
  project = await createProject({ withDatabase: true })
  frontend = join(project.dir, '..', 'frontend')
  await makeSourceRepository(frontend, { files: storefront() })
})
afterAll(() => project[Symbol.asyncDispose]())

/** The front end as it is at first, and published. */
async function reset(): Promise<void> {
  await commitSource(frontend, { files: storefront() })
  await configure()
  await run()
}

const configure = (...given: Parameters<typeof configuration>) => project.configure(configuration(...given) as never)
const published = async () => locsOf(await project.repository.read('sitemap.xml'))
const staticPages = async () =>
  (await published()).map(loc => loc.slice(SITE.length)).filter(path => /^\/[^/]*$/.test(path))

async function json<T>(args: readonly string[], expected = 0): Promise<T> {
  const { code, stdout, stderr } = await project.run([...args, '--json'])
  expect({ code, stderr }, stdout).toEqual({ code: expected, stderr: '' })
  return JSON.parse(stdout)
}
const run = () => json<RunReport>(['run'])

/** Fails with the code, and leaves what is published as it is. */
async function failsWith(code: string, args: readonly string[] = ['run']): Promise<string> {
  const before = await project.repository.head()
  const { error } = await json<{ error: { code: string; message: string } }>(args, 1)
  expect(error.code).toBe(code)
  expect(await project.repository.head()).toBe(before)
  expect(await project.leftovers()).toEqual([])
  return error.message
}

describe('run', () => {
  beforeEach(reset)

  test('publishes the pages of the router beside those of records, and names the commit that it read', async () => {
    expect(await staticPages()).toEqual(['/', '/about', '/stores'])
    const oid = await commitSource(frontend, { files: {} })
    const { sections } = await run()
    const section = sections.find(({ name }) => name === 'static')
    expect(JSON.stringify(section)).toContain(oid)
    const { stdout } = await project.run(['run'])
    expect(stdout).toMatch(new RegExp(`commit ${oid.slice(0, 10)}`))
    expect(stdout).toContain('routes: 3 listed, 1 redirect, 4 filled, 2 excluded, 1 guarded, 1 catch-all')
  })

  test('changes nothing where the front end did not, though its commit is another', async () => {
    const before = await project.repository.head()
    await commitSource(frontend, { files: { 'README.md': 'Hello\n' } })
    expect(await run()).toMatchObject({ outcome: 'unchanged', warnings: [] })
    expect(await project.repository.head()).toBe(before)
  })

  test('lists a page that its router lists now, and warns of one that is undecided', async () => {
    await commitSource(frontend, { files: withRoute('/press') })
    expect(await run()).toMatchObject({ outcome: 'published', changes: { added: 1, removed: 0 } })
    expect(await staticPages()).toContain('/press')

    await commitSource(frontend, { files: withRoute('/events/:event') })
    expect((await run()).warnings).toEqual([
      expect.stringMatching(/1 route is undecided: \/events\/:event \(src\/routes\.tsx:16\): no section fills it/),
    ])
    expect(await staticPages()).toEqual(['/', '/about', '/stores'])
  })

  test('fails at a new undecided route that must not be, before it reads the shop, and keeps what is published', async () => {
    await configure({ undecided: 'error' })
    expect((await run()).outcome).toBe('unchanged')
    await commitSource(frontend, { files: withRoute('/events/:event') })
    for (const args of [['run'], ['build', '--out', 'made'], ['diff']]) {
      const message = await failsWith('ROUTES_UNDECIDED', args)
      expect(message).toContain('/events/:event (src/routes.tsx:16): no section fills it')
    }
    expect(await staticPages()).toEqual(['/', '/about', '/stores'])
    const env = { DATABASE_URL: 'postgres://nobody:word@127.0.0.1:1/nothing' }
    expect((await project.run(['run', '--json'], env)).stdout).toContain('ROUTES_UNDECIDED')
    // Those who ask why are answered all the same.
    const { routes } = await json<Explanation>(['explain', '/about'])
    expect(routes).toMatchObject([{ path: '/about', is: 'listed' }])
  })

  test('tells of sections whose addresses the front end has no route for, or fails where that is an error', async () => {
    const wrong = { ...RECORDS, products: { ...products, url: '/product/{slug}' } }
    await configure({}, wrong)
    const diff = await json<DiffReport>(['diff'])
    expect(diff.warnings.join('\n')).toMatch(
      /350 addresses of products are no page of the front end: https:\/\/shop\.example\.com\/product\/.*, which the catch-all \/\* \(src\/routes\.tsx:16\) takes; the nearest route is \/products\/:slug \(src\/routes\.tsx:9\)\./,
    )
    await configure({ uncovered: 'error' }, wrong)
    expect(await failsWith('ROUTES_UNCOVERED')).toContain('350 addresses of products')
  })

  test('is held where too many pages of the router are gone, as with any section', async () => {
    const many = Array.from({ length: 40 }, (_, index) => `{ path: '/campaign-${index}', element: <Page /> },`)
    await commitSource(frontend, { files: storefront([...SHOP_ROUTES, ...many]) })
    await run()
    await commitSource(frontend, { files: storefront() })
    const before = await project.repository.head()
    const held = await json<{ error: { code: string; message: string } }>(['run'], 3)
    expect(held.error).toMatchObject({ code: 'BUNDLE_SHRUNK', message: expect.stringContaining('static') })
    expect(await project.repository.head()).toBe(before)
    // What was held is published without a look at the front end.
    await configure({ router: { git: { repo: '../gone' } } })
    await json(['run', '--accept'])
    expect(await staticPages()).toEqual(['/', '/about', '/stores'])
  })

  test.each([
    ['a repository that is not there', { repo: '../gone' }, 'ROUTER_UNREACHABLE'],
    ['a branch that is not there', { repo: '../frontend', ref: 'production' }, 'ROUTER_NOT_FOUND'],
    ['a file that is not there', { repo: '../frontend', path: 'src/App.tsx' }, 'ROUTER_NOT_FOUND'],
  ])('fails at %s, and keeps what is published', async (_, git, code) => {
    await configure({ router: { git } })
    await failsWith(code)
    await failsWith(code, ['build', '--out', 'made'])
    expect(await staticPages()).toEqual(['/', '/about', '/stores'])
    // An answer needs no front end, and says what it lacks.
    const { stdout, stderr, code: told } = await project.run(['explain', '/products/beech-rug-1'])
    expect({ told, isTold: stdout.includes('section products') }).toEqual({ told: 0, isTold: true })
    expect(stderr).toContain("warning The front end's pages are not looked through: ")
  })
})

describe('explain', () => {
  beforeAll(reset)

  const explain = async (asked: string) => {
    const { code, stdout, stderr } = await project.run(['explain', asked])
    return { code, text: `${stdout}${stderr}` }
  }

  test.each([
    ['/about', '(src/routes.tsx:6): listed.'],
    ['about', 'In the front end it is the route /about (src/routes.tsx:6): listed.'],
    [`${SITE}/cart?x=1`, 'In the front end it is the route /cart (src/routes.tsx:13): excluded by "/cart".'],
    ['/blog/first', 'In the front end it is the route /blog/:post (src/routes.tsx:15): excluded by "/blog/**".'],
    ['/shops', 'In the front end it is the route /shops (src/routes.tsx:8): it only leads to /stores.'],
    [
      '/orders/',
      'In the front end it is the route /orders (src/routes.tsx:14): not listed, since RequireCustomer ' +
        '(src/require-customer.tsx:3) may send visitors elsewhere.',
    ],
    ['/products/no-such-thing', 'the route /products/:slug (src/routes.tsx:9): filled by products.'],
  ])('%s: which route it is, and what becomes of it', async (asked, words) => {
    const { code, text } = await explain(asked)
    expect({ code, text }).toEqual({ code: 0, text: expect.stringContaining(words) })
  })

  test('says of a page that the front end has it, and of a record its route besides', async () => {
    const page = await json<Explanation>(['explain', '/about'])
    expect(page.lists).toMatchObject([
      { section: 'static', address: { listed: true, published: { file: 'sitemap.xml' } } },
    ])
    expect(page.routes).toEqual([
      { section: 'static', path: '/about', file: 'src/routes.tsx', line: 6, is: 'listed', text: 'listed' },
    ])
    expect((await explain('/about')).text).toContain('section static: in the sitemap, since the front end has it')
    const record = await json<Explanation>(['explain', '/products/beech-rug-1'])
    expect(record).toMatchObject({ records: [{ slug: 'beech-rug-1' }], routes: [{ is: 'filled' }], notes: [] })
    // A slug is no address.
    expect((await json<Explanation>(['explain', 'beech-rug-1'])).routes).toEqual([])
  })

  test('says where the front end has no page, and what was probably meant', async () => {
    const { code, text } = await explain('/abuot')
    expect(code).toBe(1)
    expect(text).toContain(
      'The front end has no page for this address: the catch-all /* (src/routes.tsx:16) takes it; the nearest route ' +
        'is /about (src/routes.tsx:6).',
    )
  })

  test('says of an undecided route why it is', async () => {
    await configure({ exclude: ['/cart'] })
    expect((await explain('/blog/first')).text).toContain(
      '/blog/:post (src/routes.tsx:15): undecided, since no section fills it, and nothing fills :post.',
    )
  })
})

describe('diff', () => {
  beforeEach(reset)

  const reasons = async () => {
    const { changes } = await json<DiffReport>(['diff'])
    const section = changes?.sections.find(({ name }) => name === 'static')
    return (section?.removals ?? []).map(({ loc, ...cause }) => ({ path: loc.slice(SITE.length), ...cause }))
  }

  test('says of a page whose route is gone that it is', async () => {
    await commitSource(frontend, { files: withoutRoute('/about') })
    const detail = 'the front end has no route for it any more'
    expect(await reasons()).toEqual([{ path: '/about', reason: 'route', detail }])
    const { stdout } = await project.run(['diff'])
    expect(stdout).toContain(`      1  ${detail}\n           /about\n`)
  })

  test('says of a page that is excluded or undecided now by what, and where its route is', async () => {
    await configure({ exclude: ['/cart', '/blog/**', '/about'], include: ['/'] })
    expect(await reasons()).toEqual([
      {
        path: '/about',
        reason: 'route',
        detail: 'excluded by "/about"',
        route: { path: '/about', file: 'src/routes.tsx', line: 6 },
      },
      {
        path: '/stores',
        reason: 'route',
        detail: 'undecided, since no pattern of "include" names it',
        route: { path: '/stores', file: 'src/routes.tsx', line: 7 },
      },
    ])
    const { stdout } = await project.run(['diff'])
    expect(stdout).toContain('      1  excluded by "/about"\n           /about  src/routes.tsx:6\n')
  })

  test('says of a page that only leads elsewhere now, or has another slash at its end, that it does', async () => {
    const routes = SHOP_ROUTES.map(route =>
      route
        .replace("{ path: '/about', element: <Page />", "{ path: '/about', element: <Navigate to='/stores' />")
        .replace("'/stores', element: <Page />", "'/stores/', element: <Page />"),
    )
    await commitSource(frontend, { files: storefront(routes) })
    expect(await reasons()).toMatchObject([
      { path: '/about', reason: 'route', detail: 'it only leads to /stores' },
      { path: '/stores', reason: 'route', detail: 'listed at /stores/, and not here' },
    ])
  })
})
