// From the routes of a front end to the pages that are listed, and what is said of the rest.
import { describe, expect, test } from 'vitest'
import { StoremapError } from '../../src/errors.ts'
import { routeWarnings, undecidedIn, withoutRoutes } from '../../src/pipeline/routes.ts'
import type { Unresolved } from '../../src/routes/route.ts'
import { routeOf, tableOf, v5 } from '../routes/oracle.ts'
import { address, type FrontEndGiven, pathsOf, read, routeSection } from './front-ends.ts'
import { build, makeJob, records, SITE } from './setting.ts'

const SHOP = tableOf(['/', '/about', '/product/:slug', '/account', '/account/orders', '/blog/:post', '/*'].map(page))

function page(path: string, index: number) {
  return routeOf(path, { line: 10 + index, kind: path === '/*' ? 'catch-all' : 'page' })
}

const listed = async (...given: Parameters<typeof routeSection>): Promise<string[]> =>
  (await pathsOf(await read([routeSection(...given)]))).map(({ path }) => path)

const failureOf = async (work: Promise<unknown>): Promise<StoremapError> => {
  const cause = await work.then(
    () => expect.fail('it did not fail'),
    (thrown: unknown) => thrown,
  )
  expect(cause).toBeInstanceOf(StoremapError)
  return cause as StoremapError
}

/** Its one front end. */
const frontEnd = async (...given: Parameters<typeof routeSection>) => {
  const [found] = (await read([routeSection(...given)])).frontEnds
  return found ?? expect.fail('no front end was read')
}

const warned = async (...given: Parameters<typeof frontEnd>): Promise<readonly string[]> =>
  routeWarnings(await frontEnd(...given))

describe('a section of routes', () => {
  test('becomes a list of the pages that are listed: not those excluded, filled, or undecided', async () => {
    const job = await read([routeSection(SHOP, { exclude: ['/account/**'] }), records('products', '/product/{slug}')])
    expect(job.sections.map(({ kind, name }) => `${kind} ${name}`)).toEqual(['list static', 'records products'])
    expect((await pathsOf(job)).map(({ path }) => path)).toEqual(['/', '/about'])
    const told = job.frontEnds[0]?.decided.map(({ route, outcome }) => `${route.path} ${outcome.is}`)
    expect(told).toEqual([
      '/ listed',
      '/about listed',
      '/product/:slug filled',
      '/account excluded',
      '/account/orders excluded',
      '/blog/:post undecided',
      '/* catch-all',
    ])
  })

  test('is published as any list is', async () => {
    const job = await read([routeSection(SHOP, { exclude: ['/account/**'] }), records('products', '/product/{slug}')])
    const { text, sections } = await build(job, { products: ['oak-table'] })
    const locs = [...(await text('sitemap.xml')).matchAll(/<loc>(.*?)<\/loc>/g)].map(match => match[1])
    expect(locs).toEqual([`${SITE}/`, `${SITE}/about`, `${SITE}/product/oak-table`])
    expect(sections.map(({ name, entries }) => [name, entries])).toEqual([
      ['static', 2],
      ['products', 1],
    ])
  })

  test('lists only what "include" names, and all else is undecided', async () => {
    const given = { include: ['/', '/account'], exclude: ['/account/**'] }
    expect(await listed(SHOP, given)).toEqual(['/'])
    const undecided = undecidedIn(await frontEnd(SHOP, given))
    expect(undecided.map(({ what }) => what)).toEqual(['/about', '/product/:slug', '/blog/:post'])
  })

  test('lists a route once for each value of its parameters', async () => {
    const given = { params: { post: ['first', 'second'] }, include: ['/blog/*'] }
    expect(await listed(SHOP, given)).toEqual(['/blog/first', '/blog/second'])
  })

  test('closes its front end, and not only where all goes well', async () => {
    const seen: string[] = []
    const hooks = { onOpen: () => seen.push('opened'), onClose: () => seen.push('closed') }
    await read([routeSection(SHOP, hooks)])
    await failureOf(read([routeSection(SHOP, { ...hooks, undecided: 'error' })]))
    const broken = { ...routeSection(SHOP, { ...hooks, lastmod: 'git' }) }
    const open = broken.open
    const failing: typeof open = async () => ({
      ...(await open()),
      lastChanges: async () => {
        throw new Error('no history')
      },
    })
    await expect(read([{ ...broken, open: failing }])).rejects.toThrow('no history')
    expect(seen).toEqual(['opened', 'closed', 'opened', 'closed', 'opened', 'closed'])
  })

  test('is a list of nothing where no front end is read', () => {
    const job = withoutRoutes({ ...makeJob([]), sections: [routeSection(SHOP)] })
    expect(job).toMatchObject({ frontEnds: [], sections: [{ kind: 'list', name: 'static' }] })
  })

  test('stands beside another: each has its own routes and rules, and all that is undecided is told at once', async () => {
    const shop = routeSection(tableOf(['/', '/cart']), { name: 'shop', exclude: ['/cart'] })
    const blog = routeSection(tableOf(['/posts', '/posts/:post']), { name: 'blog', basename: '/blog' })
    const job = await read([shop, blog])
    expect((await pathsOf(job, 'shop')).map(({ places }) => places)).toEqual([['/']])
    expect((await pathsOf(job, 'blog')).map(({ places }) => places)).toEqual([['/blog/posts']])
    expect(job.frontEnds.map(({ section }) => section)).toEqual(['shop', 'blog'])

    const strict = [
      routeSection(SHOP, { name: 'one', undecided: 'error', exclude: ['/product/*'] }),
      routeSection(SHOP, { name: 'two', exclude: ['/product/*', '/blog/*'] }),
      routeSection(tableOf(['/posts/:post']), { name: 'three', undecided: 'error' }),
    ]
    const { code, message } = await failureOf(read(strict))
    expect(code).toBe('ROUTES_UNDECIDED')
    expect(message).toContain('In the front end 2 routes are undecided')
    expect(message).toContain('/blog/:post (src/App.tsx:15): ')
    expect(message).toContain('/posts/:post (src/App.tsx:1): ')
  })
})

describe('an undecided route', () => {
  test('is a warning, with its place and the reason', async () => {
    expect(await warned(SHOP, { exclude: ['/product/*'] })).toEqual([
      'In front end of static 1 route is undecided: /blog/:post (src/App.tsx:15): no section fills it, and nothing ' +
        'fills :post. "storemap routes" shows all of them.',
    ])
  })

  test('is one of many: five are told, and how many there are more', async () => {
    const many = tableOf(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(name => `/${name}/:${name}`))
    const [warning = ''] = await warned(many)
    expect(warning).toMatch(/^In front end of static 7 routes are undecided: \/a\/:a .*; \/e\/:e .*; and 2 more\. /)
    expect(warning).not.toContain('/f/:f')
  })

  test('fails the run where it is an error, and nothing else is read', async () => {
    const { code, exitCode, message } = await failureOf(read([routeSection(SHOP, { undecided: 'error' })]))
    expect({ code, exitCode }).toEqual({ code: 'ROUTES_UNDECIDED', exitCode: 1 })
    expect(message).toContain('/blog/:post (src/App.tsx:15): no section fills it')
    expect(message).toContain('Nothing was published')
  })

  test('is none once it is excluded, filled, or has its values', async () => {
    const strict = { undecided: 'error', exclude: ['/product/*'] } as const
    await read([routeSection(SHOP, { ...strict, params: { post: ['first'] } })])
    await read([routeSection(SHOP, { ...strict, exclude: ['/product/*', '/blog/**'] })])
    await read([routeSection(SHOP, strict), records('posts', '/blog/{slug}')])
  })
})

describe('what the source does not tell', () => {
  const unresolved: readonly Unresolved[] = [
    { file: 'src/App.tsx', line: 40, source: 'campaignRoutes()', reason: 'it is fetched' },
    { file: 'src/legacy.tsx', line: 7, source: 'legacy[name]', reason: 'it is another for each name' },
  ]
  const table = tableOf(['/'], { unresolved })

  test('is undecided, by its expression and its place', async () => {
    const [warning = ''] = await warned(table)
    expect(warning).toContain('2 routes are undecided: campaignRoutes() (src/App.tsx:40): it is fetched; ')
    expect(warning).toContain('legacy[name] (src/legacy.tsx:7): it is another for each name')
    const { message } = await failureOf(read([routeSection(table, { undecided: 'error' })]))
    expect(message).toContain('  campaignRoutes() (src/App.tsx:40): it is fetched')
  })

  test.each([
    ['its expression', 'campaignRoutes()'],
    ['file and line', 'src/App.tsx:40'],
    ['file', 'src/App.tsx'],
  ])('is told by hand, by %s', async (_, key) => {
    const given = { resolve: { [key]: ['/sale', '/campaign/:name'] }, params: { name: ['spring'] } }
    expect(await listed(table, given)).toEqual(['/', '/sale', '/campaign/spring'])
    const { unresolved: left, unused, decided } = await frontEnd(table, given)
    expect({ left: left.map(({ source }) => source), unused }).toEqual({ left: ['legacy[name]'], unused: [] })
    expect(decided.at(-1)?.route.file).toBe(`sections.static.resolve["${key}"]`)
  })

  test('is known to be nothing where no paths are given', async () => {
    const resolve = { 'campaignRoutes()': [], 'src/legacy.tsx': [] }
    await read([routeSection(table, { resolve, undecided: 'error' })])
    expect(await listed(table, { resolve })).toEqual(['/'])
    expect(await warned(table, { resolve })).toEqual([])
  })

  test('is a route like any: it can be excluded, filled and undecided, and is the router’s where both tell it', async () => {
    const resolve = { 'campaignRoutes()': ['/', '/sale', '/p/:slug', '/x/:y'], 'src/legacy.tsx:7': [] }
    const job = await read([routeSection(table, { resolve, exclude: ['/sale'] }), records('products', '/p/{slug}')])
    expect(job.frontEnds[0]?.decided.map(({ route, outcome }) => `${route.path} ${outcome.is}`)).toEqual([
      '/ listed',
      '/sale excluded',
      '/p/:slug filled',
      '/x/:y undecided',
    ])
  })
})

test('patterns, parameters and expressions that fit nothing are warnings, each by itself', async () => {
  const exclude = ['/account/**', '/acount', '/product/**', '/blog/**']
  const given = {
    exclude,
    include: ['/**', '/gone'],
    resolve: { 'oldRoutes()': ['/old'] },
    params: { post: ['one'], pots: ['two'] },
  }
  expect(await warned(SHOP, given)).toEqual(
    ['/acount', '/gone', 'pots', 'oldRoutes()'].map(
      text =>
        `In sections.static, "${text}" fits nothing in front end of static: it is written wrong, or the route is gone.`,
    ),
  )
})

describe('addresses', () => {
  const DE_EN = [address('/{path}', 'en'), address('/de/{path}', 'de')]
  const places = async (...given: Parameters<typeof routeSection>) =>
    (await pathsOf(await read([routeSection(...given)]))).map(({ places: own, alone }) => alone ?? own)

  test('are below the basename of the router, and below that of the configuration where it has one', async () => {
    const table = tableOf(['/', '/about'], { basename: '/shop' })
    expect(await places(table)).toEqual([['/shop/'], ['/shop/about']])
    expect(await places(table, { basename: '/store' })).toEqual([['/store/'], ['/store/about']])
    expect(await places(table, { basename: '' })).toEqual([['/'], ['/about']])
  })

  test('are in each locale where the router does not see which one it is', async () => {
    expect(await places(tableOf(['/', '/about']), { addresses: DE_EN })).toEqual([
      ['/', '/de/'],
      ['/about', '/de/about'],
    ])
  })

  test('are in the locales that the router has where it sees them', async () => {
    const addresses = [address('/en/{path}', 'en'), address('/de/{path}', 'de'), address('/fr/{path}', 'fr')]
    const table = tableOf(['/:locale(en|de)/about', '/de/impressum', '/robots-info'])
    expect(await places(table, { addresses })).toEqual([
      ['/en/about', '/de/about', undefined],
      [undefined, '/de/impressum', undefined],
      '/robots-info',
    ])
  })

  test('are linked as one another’s languages, but for a page that is in none', async () => {
    const addresses = [address('/en/{path}', 'en'), address('/de/{path}', 'de')]
    const section = routeSection(tableOf(['/:locale(en|de)/about', '/press']), { addresses })
    const job = { ...(await read([section])), features: { alternates: true, images: false } }
    const xml = await (await build(job)).text('sitemap.xml')
    expect([...xml.matchAll(/<loc>(.*?)<\/loc>/g)].map(match => match[1])).toEqual([
      `${SITE}/en/about`,
      `${SITE}/de/about`,
      `${SITE}/press`,
    ])
    expect([...xml.matchAll(/hreflang="(..)" href="(.*?)"/g)].map(match => `${match[1]} ${match[2]}`)).toEqual([
      `en ${SITE}/en/about`,
      `de ${SITE}/de/about`,
      `en ${SITE}/en/about`,
      `de ${SITE}/de/about`,
    ])
  })

  test('are of two pages where one path is in each language, and outside of them as well', async () => {
    const addresses = [address('/en/{path}', 'en'), address('/de/{path}', 'de')]
    for (const routes of [
      ['/:locale(en|de)', '/', '/:locale(en|de)/about', '/about'],
      ['/about', '/:locale(en|de)/about', '/', '/:locale(en|de)'],
    ]) {
      const job = await read([routeSection(tableOf(routes), { addresses })])
      const xml = await (await build({ ...job, features: { alternates: true, images: false } })).text('sitemap.xml')
      const paths = [...xml.matchAll(/<loc>(.*?)<\/loc>/g)].map(match => match[1]?.slice(SITE.length))
      expect(paths.sort()).toEqual(['/', '/about', '/de', '/de/about', '/en', '/en/about'])
    }
  })

  test('keep the slash that the router has at their end', async () => {
    expect(await places(tableOf(['/about/', '/team'], v5))).toEqual([['/about/'], ['/team']])
  })
})

describe('lastmod', () => {
  const table = tableOf([
    routeOf('/about', { component: 'src/about.tsx' }),
    routeOf('/team', { component: 'src/team.tsx' }),
    routeOf('/news', { component: 'src/news.tsx', changed: '2026-03-03T00:00:00Z' }),
    routeOf('/faq'),
  ])
  const dates = { 'src/about.tsx': '2026-01-01T10:00:00+02:00', 'src/App.tsx': '2026-02-02T00:00:00Z' }
  const lastmods = async (given: FrontEndGiven) =>
    Object.fromEntries((await pathsOf(await read([routeSection(table, given)]))).map(each => [each.path, each.lastmod]))

  test('is when the component’s file last changed, or the route’s where it has none; none where that is not known', async () => {
    expect(await lastmods({ lastmod: 'git', dates })).toEqual({
      '/about': '2026-01-01T08:00:00Z',
      '/team': undefined,
      '/news': '2026-03-03T00:00:00Z',
      '/faq': '2026-02-02T00:00:00Z',
    })
  })

  test('is none by default, whatever is known', async () => {
    expect(Object.values(await lastmods({ dates }))).toEqual([undefined, undefined, undefined, undefined])
  })

  test('stands in the sitemap', async () => {
    const xml = await (await build(await read([routeSection(table, { lastmod: 'git', dates })]))).text('sitemap.xml')
    expect(xml).toContain(`<loc>${SITE}/about</loc><lastmod>2026-01-01T08:00:00Z</lastmod>`)
    expect(xml).toContain(`<loc>${SITE}/team</loc></url>`)
  })
})
