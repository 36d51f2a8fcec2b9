// storemap routes, as people and programs have it: every route of a front end, and what becomes of it.
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createProject, type Project, SITE } from '../helpers/project.ts'
import { commitSource, makeSourceRepository, writeSource } from '../helpers/source-repository.ts'
import { ROUTES_FILE, SHOP_ROUTES, storefront, withRoute } from '../helpers/storefront.ts'

const STATIC = { of: 'routes', router: '../frontend/src/routes.tsx', exclude: ['/cart', '/blog/**'] } as const
const PRODUCTS = { of: 'products', url: '/products/{slug}' } as const
const SALEOR = { saleor: { database: 'postgres://reader:word@127.0.0.1:9/saleor', channel: 'default-channel' } }
const REST = ['/categories/*', '/collections/*', '/pages/*']
const SHOP = {
  site: SITE,
  source: SALEOR,
  sections: { products: PRODUCTS, static: { ...STATIC, exclude: [...STATIC.exclude, ...REST] } },
}

let project: Project
let frontend: string
beforeEach(async () => {
  project = await createProject()
  frontend = join(project.dir, '..', 'frontend')
})
afterEach(() => project[Symbol.asyncDispose]())

/** The one front end of its answer. */
async function routesOf(args: readonly string[] = []): Promise<{ path: string; is: string }[]> {
  const { code, stdout, stderr } = await project.run(['routes', ...args, '--json'])
  expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' })
  const { routes } = JSON.parse(stdout) as { routes: { path: string; outcome: { is: string } }[] }
  return routes.map(({ path, outcome }) => ({ path, is: outcome.is }))
}

test('shows each route on a line: what becomes of it, by what, and where it is', async () => {
  await makeSourceRepository(frontend, { files: storefront() })
  await project.configure(SHOP)
  const { code, stdout, stderr } = await project.run(['routes'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'reading the routes of static\n' })
  expect(stdout).toBe(`static  ../frontend/src/routes.tsx
  listed     /                   src/routes.tsx:5
  listed     /about              src/routes.tsx:6
  listed     /stores             src/routes.tsx:7
  redirect   /shops              to /stores  src/routes.tsx:8
  filled     /products/:slug     by products  src/routes.tsx:9
  excluded   /categories/:slug   by /categories/*  src/routes.tsx:10
  excluded   /collections/:slug  by /collections/*  src/routes.tsx:11
  excluded   /pages/:slug        by /pages/*  src/routes.tsx:12
  excluded   /cart               by /cart  src/routes.tsx:13
  guarded    /orders             by RequireCustomer (src/require-customer.tsx:3)  src/routes.tsx:14
  excluded   /blog/:post         by /blog/**  src/routes.tsx:15
  catch-all  /*                  src/routes.tsx:16
  3 listed, 1 redirect, 1 filled, 5 excluded, 1 guarded, 1 catch-all
`)
  expect(await project.run(['routes', '--quiet'])).toEqual({ code, stdout, stderr: '' })
  expect(await project.run(['routes', '--no-color'], { FORCE_COLOR: '1' })).toEqual({ code, stdout, stderr })
})

test('tells what the source does not say, patterns that fit nothing, and where several pages are', async () => {
  const routes = ["{ path: '/info/:name', element: <Page /> },", '...campaigns(),', ...SHOP_ROUTES.slice(0, 2)]
  await writeSource(frontend, storefront(routes))
  const params = { name: ['terms', 'privacy', 'imprint'] }
  await project.configure({
    site: SITE,
    sections: { static: { of: 'routes', router: STATIC.router, params, exclude: ['/acount'] } },
  })
  const { code, stdout } = await project.run(['routes'])
  expect(code).toBe(0)
  expect(stdout).toMatch(/^ {2}listed {2}\/info\/:name {2}as \/info\/terms and 2 more {2}src\/routes\.tsx:5$/m)
  expect(stdout).toMatch(/^ {2}not told {2}.*campaigns\(\).* {2}src\/routes\.tsx:6$/m)
  expect(stdout).toContain('  "/acount" fits nothing\n')
  expect(stdout).toMatch(/^ {2}3 listed, 1 not told by the source$/m)
})

test('needs no shop, and no database', async () => {
  await writeSource(frontend, storefront())
  await project.configure(SHOP)
  expect(await routesOf()).toContainEqual({ path: '/products/:slug', is: 'filled' })
})

test('ends with 1 where a route is undecided that must not be, having shown all of them', async () => {
  await writeSource(frontend, storefront())
  await project.configure({ ...SHOP, sections: { ...SHOP.sections, static: { ...STATIC, undecided: 'error' } } })
  const { code, stdout, stderr } = await project.run(['routes'])
  expect(code).toBe(1)
  expect(stdout).toContain('  listed     /about ')
  expect(stdout).toContain('  undecided  /pages/:slug ')
  expect(stderr).toMatch(/error ROUTES_UNDECIDED In the front end 3 routes are undecided/)
  expect(stderr).toContain('  /pages/:slug (src/routes.tsx:12): no section fills it')

  const json = await project.run(['routes', '--json'])
  expect({ code: json.code, stderr: json.stderr }).toEqual({ code: 1, stderr: '' })
  expect(JSON.parse(json.stdout).routes).toHaveLength(SHOP_ROUTES.length)
})

test.each([
  [['routes', 'elsewhere'], 2, 'SITE_UNKNOWN'],
  [['routes', '--rooter', 'x'], 2, '--rooter'],
  [['routes', '--router', '../nowhere'], 1, 'ROUTER_NOT_FOUND'],
  [['routes', '--router', '../frontend/src/page.tsx'], 1, 'ROUTER_EMPTY'],
] as const)('%j fails with %i and %s', async (args, code, word) => {
  await writeSource(frontend, storefront())
  await project.configure(SHOP)
  const answer = await project.run(args)
  expect({ code: answer.code, stdout: answer.stdout }).toEqual({ code, stdout: '' })
  expect(answer.stderr).toContain(word)
})

test('says so where no section is of routes', async () => {
  await project.configure({ site: SITE, sections: { pages: { of: 'list', paths: ['/'] } } })
  const { code, stderr } = await project.run(['routes'])
  expect(code).not.toBe(0)
  expect(stderr).toContain('No section of shop.example.com is of routes')
})

test('names what is near where the router is not there, as it would be written', async () => {
  await writeSource(frontend, storefront())
  await project.configure({ site: SITE, sections: { static: { ...STATIC, router: '../frontent' } } })
  const { stderr } = await project.run(['routes'])
  expect(stderr).toContain('there is no file or folder ../frontent. ')
  expect(stderr).toContain('Near are: ../frontend.')
})

test('with --router it needs no configuration, and writes a routes.json that serves in the place of the source', async () => {
  const [oid] = await makeSourceRepository(frontend, { files: storefront(), at: '2026-01-02T03:04:05Z' })
  const text = await project.run(['routes', '--router', '../frontend'])
  expect(text).toMatchObject({ code: 0, stderr: '' })
  expect(text.stdout).toContain('  page       /products/:slug     src/routes.tsx:9\n')
  expect(text.stdout).toContain('  12 routes, React Router 6 or later\n')

  const { stdout } = await project.run(['routes', '--router', '../frontend/src/routes.tsx', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ format: 1, revision: oid, unresolved: [] })
  await project.write('routes.json', stdout)
  await project.configure(SHOP)
  const bySource = await routesOf()
  await project.configure({
    ...SHOP,
    sections: {
      products: PRODUCTS,
      static: { ...SHOP.sections.static, router: 'routes.json', lastmod: 'git', undecided: 'error' },
    },
  })
  expect(await routesOf()).toEqual(bySource)
  expect((await project.run(['routes'])).stdout).toContain(`static  routes.json, commit ${oid?.slice(0, 10)}\n`)

  await project.configure({ site: SITE, sections: { static: { ...STATIC, router: 'routes.json', lastmod: 'git' } } })
  const { code, stdout: built } = await project.run(['build', '--out', 'made', '--json'])
  expect({ code, entries: JSON.parse(built).entries }).toEqual({ code: 0, entries: 3 })
})

test('what it says with a configuration can serve as a routes.json, too', async () => {
  await writeSource(frontend, storefront())
  await project.configure(SHOP)
  const { stdout } = await project.run(['routes', '--json'])
  const before = await routesOf()
  await project.write('routes.json', stdout)
  await project.configure({
    ...SHOP,
    sections: { ...SHOP.sections, static: { ...SHOP.sections.static, router: 'routes.json' } },
  })
  expect(await routesOf()).toEqual(before)
})

test.each([
  ['no JSON', '{', 'it is no JSON'],
  ['of a later format', '{"format":9}', 'its format 9 is newer than 1'],
  ['of several front ends', '{"sections":[{},{}]}', 'each needs a file of its own'],
  ['of several sites', '{"sites":{"de":{}}}', 'each needs a file of its own'],
  ['something else', '{"name":"shop"}', 'is no list of routes'],
])('a routes.json that is %s fails, and says what is wrong', async (_, text, words) => {
  await project.write('routes.json', text)
  await project.configure({ site: SITE, sections: { static: { of: 'routes', router: 'routes.json' } } })
  const { code, stderr } = await project.run(['routes'])
  expect(code).toBe(1)
  expect(stderr).toContain('error ROUTES_FILE_INVALID')
  expect(stderr).toContain(words)
})

test('several front ends are several sections, and several sites are told one by one', async () => {
  await writeSource(frontend, storefront())
  await writeSource(join(project.dir, '..', 'blog'), storefront(SHOP_ROUTES.slice(0, 2)))
  const blog = { of: 'routes', router: '../blog/src/routes.tsx', basename: '/blog' } as const
  await project.configure({ site: SITE, sections: { static: STATIC, blog } })
  const { stdout } = await project.run(['routes', '--json'])
  const { sections } = JSON.parse(stdout) as { sections: { section: string; from: string; routes: unknown[] }[] }
  expect(sections.map(({ section, from, routes }) => [section, from, routes.length])).toEqual([
    ['static', '../frontend/src/routes.tsx', 12],
    ['blog', '../blog/src/routes.tsx', 2],
  ])
  expect((await project.run(['routes'])).stdout).toContain('listed  /about  as /blog/about  src/routes.tsx:6\n')

  await project.write(
    'storemap.config.json',
    JSON.stringify({
      sites: {
        de: { site: 'https://de.example.com', sections: { static: STATIC } },
        us: { site: 'https://us.example.com', sections: { static: { ...STATIC, include: ['/'] } } },
        old: { site: 'https://old.example.com', sections: { pages: { of: 'list', paths: ['/'] } } },
      },
    }),
  )
  const all = await project.run(['routes', '--json'])
  expect(all, all.stdout).toMatchObject({ code: 0, stderr: '' })
  const { sites } = JSON.parse(all.stdout) as { sites: Record<string, { routes: { outcome: { is: string } }[] }> }
  const listed = Object.entries(sites).map(([key, { routes }]) => [
    key,
    routes.filter(({ outcome }) => outcome.is === 'listed').length,
  ])
  expect(listed).toEqual([
    ['de', 3],
    ['us', 1],
  ])
  const one = await project.run(['routes', 'us'])
  expect(one.stdout).toMatch(/^us\nstatic {2}/)
  expect((await project.run(['routes', 'old'])).stderr).toContain('NO_ROUTES')
})

test('a routes.json of before and one of now show which route is new', async () => {
  await makeSourceRepository(frontend, { files: storefront() })
  const pathsNow = async () => {
    const { stdout } = await project.run(['routes', '--router', '../frontend', '--json'])
    return (JSON.parse(stdout) as { routes: { path: string; file: string }[] }).routes
  }
  const before = new Set((await pathsNow()).map(({ path }) => path))
  await commitSource(frontend, { files: withRoute('/press') })
  const added = (await pathsNow()).filter(({ path }) => !before.has(path))
  expect(added).toMatchObject([{ path: '/press', file: ROUTES_FILE }])
})
