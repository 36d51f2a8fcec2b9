// Locales, storefronts, images and address problems on the demo shop: from a configuration to what a crawler sees.
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { loadSite } from '../../src/compose.ts'
import type { Configuration, LocaleConfiguration } from '../../src/config/configuration.ts'
import { buildSite, runSite } from '../../src/operations.ts'
import type { RunReport } from '../../src/pipeline/report.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { createDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { createProject, SITE } from '../helpers/project.ts'
import { ensureCrawlerCommons, ensureSchemas, ensureUltimateSitemapParser } from '../oracles/available.ts'
import { readXml, sitemapFiles } from '../oracles/bundle-files.ts'
import { readWithCrawlerCommons } from '../oracles/crawler-commons.ts'
import { type LinkedPage, linkFaults, readLinkedPages } from '../oracles/linked-pages.ts'
import { checkSchemas } from '../oracles/schemas.ts'
import { serveFolder } from '../oracles/serve-folder.ts'
import { readWithUsp } from '../oracles/ultimate-sitemap-parser.ts'

const [hasSchemas, hasUsp, hasCrawlerCommons] = await Promise.all([
  ensureSchemas(),
  ensureUltimateSitemapParser(),
  ensureCrawlerCommons(),
])

const folders: Awaited<ReturnType<typeof tempFolder>>[] = []
const databases: TestDatabase[] = []
let db: TestDatabase
beforeAll(async () => {
  db = await createDatabase({ template: 'demo' })
})
afterAll(() => db?.drop())
afterEach(async () => {
  for (const folder of folders.splice(0)) await folder[Symbol.asyncDispose]()
  for (const database of databases.splice(0)) await database.drop()
})

/** A copy of the demo shop, altered before anything looks at it. */
async function altered(alteration: string): Promise<TestDatabase> {
  const database = await createDatabase({ template: 'demo' })
  databases.push(database)
  await database.query(alteration)
  return database
}

interface Built {
  readonly folder: string
  readonly report: RunReport
  readonly pages: readonly LinkedPage[]
  /** Links by the path of the page, paths themselves. */
  readonly links: Readonly<Record<string, Readonly<Record<string, string>>>>
}

type Settings = Partial<Configuration> & Pick<Configuration, 'sections'>

const configured = (settings: Settings, { url }: TestDatabase = db, media?: string): Configuration => ({
  site: SITE,
  source: { saleor: { database: url, channel: 'default-channel', ...(media && { media }) } },
  ...settings,
})

async function buildShop(settings: Settings, database?: TestDatabase, media?: string): Promise<Built> {
  const folder = await tempFolder()
  folders.push(folder)
  const config = configured(settings, database, media)
  const report = await buildSite(await loadSite({ config, folder: folder.path, environment: {} }), folder.path)
  const pages = await readLinkedPages(folder.path)
  expect(linkFaults(pages)).toEqual([])
  const pathOf = (loc: string) => loc.slice(SITE.length)
  const links = pages.map(page => [
    pathOf(page.loc),
    Object.fromEntries(Object.entries(page.links).map(([lang, href]) => [lang, pathOf(href)])),
  ])
  return { folder: folder.path, report, pages, links: Object.fromEntries(links) }
}

const problemsOf = async (settings: Settings, database?: TestDatabase) => {
  const site = loadSite({ config: configured(settings, database), folder: tmpdir(), environment: {} })
  const failed = await site
    .then(async loaded => {
      await using folder = await tempFolder()
      return buildSite(loaded, folder.path)
    })
    .then(
      () => undefined,
      cause => cause,
    )
  expect(failed).toMatchObject({ code: 'CONFIG_INVALID' })
  return failed.problems as { path: string; message: string; hint?: string }[]
}

const EN = { default: true } as const
const DE: LocaleConfiguration = { url: '/de{path}', translations: 'de' }
const sections = {
  products: { of: 'products', url: '/products/{slug}' },
  categories: { of: 'categories', url: '/categories/{path}' },
  collections: { of: 'collections', url: '/collections/{slug}' },
  pages: { of: 'pages', url: '/pages/{slug}' },
  static: { of: 'list', paths: ['/', '/about', '/contact?a=1&b=2'] },
} as const

const encoded = (slug: string) => encodeURIComponent(slug).replaceAll("'", '%27')

describe('the demo shop in English and German', () => {
  test('has a German page where there is a translation, and none where there is not', async () => {
    const { links, report } = await buildShop({ sections, locales: { en: EN, de: DE } })
    const rows = await db.query(`select p.slug, t.id is not null as translated, coalesce(t.slug, p.slug) as german
      from page_page p left join page_pagetranslation t on t.page_id = p.id and t.language_code = 'de'
      where p.is_published and (p.published_at is null or p.published_at <= now())`)
    const expected = rows.flatMap(({ slug, translated, german }): [string, object][] => {
      const [en, de] = [`/pages/${slug}`, `/de/pages/${german}`]
      const group = { en, de, 'x-default': en }
      return translated
        ? [
            [en, group],
            [de, group],
          ]
        : [[en, {}]]
    })
    expect(Object.fromEntries(Object.entries(links).filter(([path]) => /^(\/de)?\/pages\//.test(path)))).toEqual(
      Object.fromEntries(expected),
    )
    expect(expected.length).toBeGreaterThan(rows.length)
    expect(links['/de/categories/furniture/wohnzimmer/sessel']).toEqual({
      en: '/categories/furniture/living-room/armchairs',
      de: '/de/categories/furniture/wohnzimmer/sessel',
      'x-default': '/categories/furniture/living-room/armchairs',
    })
    expect(links['/categories/archive']).toEqual({})
    expect(links['/collections/new-arrivals']?.de).toBe('/de/collections/new-arrivals')
    expect(links['/collections/summer-sale']?.de).toBe('/de/collections/sommerschlussverkauf')
    expect(links['/collections/gr%C3%B6%C3%9Fe-%26-ma%C3%9F']).toEqual({})
    expect(report.entries).toBe(Object.keys(links).length)
  })

  test('has a German page of everything with missing: fallback', async () => {
    const { links, report } = await buildShop({ sections, locales: { en: EN, de: { ...DE, missing: 'fallback' } } })
    const all = Object.entries(links)
    expect(all.filter(([path]) => path.startsWith('/de/'))).toHaveLength(all.length / 2)
    expect(all.every(([, group]) => Object.keys(group).join() === 'en,de,x-default')).toBe(true)
    expect(links['/categories/archive']?.de).toBe('/de/categories/archive')
    const products = await db.query(`select p.slug, coalesce(t.slug, p.slug) as german from product_product p
      left join product_producttranslation t on t.product_id = p.id and t.language_code = 'de'`)
    let count = 0
    for (const { slug, german } of products) {
      const group = links[`/products/${encoded(slug)}`]
      if (!group) continue
      count++
      expect(group.de, slug).toBe(`/de/products/${encoded(german)}`)
    }
    expect(count).toBe((report.sections.find(({ name }) => name === 'products')?.entries as number) / 2)
    expect(count).toBeGreaterThan(350)
  })

  test('has each path of a list in each language', async () => {
    const { links } = await buildShop({ sections: { static: sections.static }, locales: { en: EN, de: DE } })
    expect(Object.keys(links)).toEqual([
      ...['/', '/de/', '/about', '/de/about', '/contact?a=1&b=2', '/de/contact?a=1&b=2'],
    ])
    expect(links['/de/contact?a=1&b=2']).toEqual({
      en: '/contact?a=1&b=2',
      de: '/de/contact?a=1&b=2',
      'x-default': '/contact?a=1&b=2',
    })
  })

  test('has its products at the translated slugs of their categories', async () => {
    const shop = {
      products: { of: 'products', url: '/c/{category.path}/{slug}', where: { id: { oneOf: [4, 12] } } },
    } as const
    const { links } = await buildShop({ sections: shop, locales: { en: EN, de: DE } })
    expect(links).toMatchObject({
      '/c/furniture/living-room/armchairs/ash-lounge-chair-1': {
        de: '/de/c/furniture/wohnzimmer/sessel/loungesessel-esche-1',
      },
    })
  })

  test.each([
    ['null', 'null'],
    ['empty', "''"],
  ])('has a German page at the own slug where that of the translation is %s', async (_, slug) => {
    const shop = await altered(
      `update page_pagetranslation set slug = ${slug} where page_id = 1 and language_code = 'de'`,
    )
    const { links } = await buildShop({ sections: { pages: sections.pages }, locales: { en: EN, de: DE } }, shop)
    expect(links['/de/pages/about']).toEqual({ en: '/pages/about', de: '/de/pages/about', 'x-default': '/pages/about' })
    expect(links['/de/pages/ueber-uns']).toBeUndefined()
  })

  test('of an older schema, without translated slugs, has German pages at the own slugs', async () => {
    const tables = ['product_producttranslation', 'product_categorytranslation', 'product_collectiontranslation']
    const shop = await altered(
      [...tables, 'page_pagetranslation'].map(table => `alter table ${table} drop column slug`).join(';'),
    )
    const { links } = await buildShop({ sections, locales: { en: EN, de: DE } }, shop)
    expect(links['/de/pages/about']?.en).toBe('/pages/about')
    expect(links['/de/categories/furniture/living-room/armchairs']?.en).toBe(
      '/categories/furniture/living-room/armchairs',
    )
    const german = Object.keys(links).filter(path => path.startsWith('/de/products/'))
    expect(german.length).toBeGreaterThan(100)
    expect(german.every(path => links[path]?.en === path.slice(3))).toBe(true)
  })
})

describe('locales with channels', () => {
  const locales = {
    'en-US': { default: true, url: '/us{path}' },
    pl: { url: '/pl{path}', translations: 'pl', missing: 'fallback', channel: 'channel-pln' },
  } as const

  test('list a record where its channel shows it, and link it where both do', async () => {
    const { links, report } = await buildShop({ sections: { products: sections.products }, locales })
    const isVisible = (channel: number) => `exists (select from product_productchannellisting l
      where l.product_id = p.id and l.channel_id = ${channel} and l.is_published
        and (l.published_at is null or l.published_at <= now()) and exists (
          select from product_productvariant v join product_productvariantchannellisting vl on vl.variant_id = v.id
          where v.product_id = p.id and vl.channel_id = ${channel} and vl.price_amount is not null))`
    const rows =
      await db.query(`select p.slug, coalesce(t.slug, p.slug) as polish, ${isVisible(1)} as us, ${isVisible(2)} as pl
      from product_product p left join product_producttranslation t on t.product_id = p.id and t.language_code = 'pl'`)
    const kinds = { both: 0, us: 0, pl: 0 }
    const expected = rows.flatMap(({ slug, polish, us, pl }): [string, object][] => {
      const [first, second] = [`/us/products/${encoded(slug)}`, `/pl/products/${encoded(polish)}`]
      const group = us && pl ? { 'en-US': first, pl: second, 'x-default': first } : {}
      if (us || pl) kinds[us && pl ? 'both' : us ? 'us' : 'pl']++
      return [...(us ? [[first, group] as [string, object]] : []), ...(pl ? [[second, group] as [string, object]] : [])]
    })
    expect(links).toEqual(Object.fromEntries(expected))
    expect(Object.values(kinds).every(count => count > 0)).toBe(true)
    expect(report.sections[0]?.funnel?.channel).toBe('default-channel')
    expect(report.sections[0]?.otherFunnels?.map(({ channel }) => channel)).toEqual(['channel-pln'])
  })

  test('list pages and categories in each, since those have no channel', async () => {
    const { links, report } = await buildShop({
      sections: { categories: sections.categories, pages: sections.pages },
      locales,
    })
    expect(links['/pl/pages/o-nas']).toEqual({
      'en-US': '/us/pages/about',
      pl: '/pl/pages/o-nas',
      'x-default': '/us/pages/about',
    })
    expect(Object.values(links).every(group => Object.keys(group).length === 3)).toBe(true)
    expect(report.sections.map(({ entries }) => entries)).toEqual([48, 18])
  })

  test('list categories whose products are sold there', async () => {
    const categories = { ...sections.categories, where: { visibleProducts: { gte: 1 } } }
    const { links } = await buildShop({ sections: { categories }, locales })
    expect(links['/pl/categories/outdoor/garden-furniture/hamaki']).toEqual({})
    expect(Object.keys(links)).not.toContain('/us/categories/outdoor/garden-furniture/hammocks')
  })

  test('of which one is closed list nothing there, and say so', async () => {
    const closed = { ...locales, de: { url: '/de{path}', channel: 'closed-channel' } }
    const { links, report } = await buildShop({ sections: { ...sections }, locales: closed })
    expect(Object.keys(links).filter(path => /^\/de\/(products|collections)\//.test(path))).toEqual([])
    expect(links['/de/pages/about']).toMatchObject({ pl: '/pl/pages/o-nas' })
    expect(report.warnings).toEqual([expect.stringContaining('The channel "closed-channel" is not active')])
  })

  test('of which one is unknown are told at the locale, once, with the nearest name', async () => {
    const wrong = { ...locales, pl: { ...locales.pl, channel: 'channel-pnl' } }
    expect(await problemsOf({ sections, locales: wrong })).toEqual([
      {
        path: 'locales.pl.channel',
        message: 'The shop has no channel "channel-pnl".',
        hint: 'Did you mean "channel-pln"?',
      },
    ])
  })

  test('of which one is unknown are refused, with the nearest name', async () => {
    const wrong = { ...locales, pl: { ...locales.pl, channel: 'channel-pnl' } }
    const [problem] = await problemsOf({ sections, locales: wrong })
    expect(problem?.path).toMatch(/\.channel$/)
    expect(problem).toMatchObject({
      message: 'The shop has no channel "channel-pnl".',
      hint: 'Did you mean "channel-pln"?',
    })
  })
})

describe('what is the same for all records', () => {
  test('stands in the addresses: {locale}, {channel}, {language}', async () => {
    const locales = {
      'en-US': { default: true },
      'de-AT': { translations: 'DE', channel: 'channel-pln', missing: 'fallback' },
    } as const
    const pages = { of: 'pages', url: '/{channel}/{locale}/{slug}', where: { id: 1 } } as const
    const { links } = await buildShop({ sections: { pages }, locales })
    expect(Object.keys(links)).toEqual(['/default-channel/en-US/about', '/channel-pln/de-AT/ueber-uns'])

    const inLanguage = { de: { translations: 'DE', url: '/{language}-{locale}/{channel}{path}?l={locale}' } } as const
    const single = await buildShop({ sections: { pages: { ...pages, url: '/{slug}' } }, locales: inLanguage })
    expect(single.links).toEqual({ '/de-de/default-channel/ueber-uns?l=de': {} })
  })

  test('and {channel} needs no locales', async () => {
    const pages = { of: 'pages', url: '/{channel}/{slug}', where: { id: 1 } } as const
    const { links, folder } = await buildShop({ sections: { pages } })
    expect(Object.keys(links)).toEqual(['/default-channel/about'])
    expect(await readXml(folder, 'sitemap.xml')).not.toContain('xmlns:')
  })
})

describe('a storefront', () => {
  const kinds = {
    products: { of: 'products', where: { id: { oneOf: [4, 50, 100] } } },
    categories: { of: 'categories', where: { id: 4 } },
    collections: { of: 'collections', where: { id: 1 } },
    pages: { of: 'pages', where: { id: 1 } },
  } as const

  test('paper has each page in each locale and channel, and a section may have its own url', async () => {
    const locales = { en: EN, de: { translations: 'de', channel: 'channel-pln', missing: 'fallback' } } as const
    const pages = { ...kinds.pages, url: '/info/{slug}' } as const
    const { pages: found } = await buildShop({ storefront: 'paper', sections: { ...kinds, pages }, locales })
    expect(found.map(({ loc }) => loc.slice(SITE.length))).toEqual([
      '/en/default-channel/products/ash-lounge-chair-1',
      '/de/channel-pln/products/loungesessel-esche-1',
      '/en/default-channel/products/schreibtisch-gr%C3%B6%C3%9Fe-l',
      '/de/channel-pln/products/schreibtisch-gr%C3%B6%C3%9Fe-l',
      '/en/default-channel/products/%E6%9D%B1%E4%BA%AC-lamp',
      '/de/channel-pln/products/%E6%9D%B1%E4%BA%AC-lamp-de',
      '/en/default-channel/categories/armchairs',
      '/de/channel-pln/categories/sessel',
      '/en/default-channel/collections/summer-sale',
      '/de/channel-pln/collections/sommerschlussverkauf',
      '/en/default-channel/info/about',
      '/de/channel-pln/info/ueber-uns',
    ])
  })

  test('django has slugs made of translated names', async () => {
    const shop = await altered(`update product_product set name = 'Größe & Maß' where id = 4;
      update product_producttranslation set name = 'Стол дубовый' where product_id = 4 and language_code = 'de'`)
    const locales = { en: EN, de: { translations: 'de' } } as const
    const { pages } = await buildShop({ storefront: 'django', sections: kinds, locales }, shop)
    const found = pages.map(({ loc }) => loc.slice(SITE.length))
    expect(found).toContain('/en/products/grosse-mass-4/')
    expect(found).toContain('/de/products/stol-dubovyi-4/')
    expect(found).toContain('/de/products/category/sessel-4/')
  })

  test('of Saleor’s ids names them as the API does', async () => {
    const { products } = kinds
    const { pages } = await buildShop({ storefront: 'storefront-2023-10', sections: { products } })
    expect(pages.map(({ loc }) => loc)).toEqual(
      [4, 50, 100].map(id => `${SITE}/products/${encodeURIComponent(Buffer.from(`Product:${id}`).toString('base64'))}`),
    )
  })
})

describe('address problems', () => {
  const collide = `update product_producttranslation set slug = 'petite-wall-shelf-1' where product_id = 10 and language_code = 'de';
    update product_producttranslation set slug = null where product_id = 12 and language_code = 'de'`
  const products = { ...sections.products, where: { id: { oneOf: [8, 10, 12] } } } as const
  const locales = { en: EN, de: DE } as const

  /** What a run says, and what its target has after it. */
  async function publish(settings: Settings, database: TestDatabase) {
    const folder = await tempFolder()
    folders.push(folder)
    const config = { ...configured(settings, database), publish: [{ directory: 'public' }] }
    const site = await loadSite({ config, folder: folder.path, environment: {} })
    const outcome = await runSite(site).catch(cause => cause as { code: string; message: string; exitCode: number })
    const names = await readdir(join(folder.path, 'public')).catch(() => [])
    return { outcome, names: names.filter(name => !name.startsWith('.')) }
  }

  test('a translated slug that is the slug of another product fails the run, and nothing is published', async () => {
    const shop = await altered(collide)
    const { outcome, names } = await publish({ sections: { products }, locales }, shop)
    expect(outcome).toMatchObject({
      code: 'ADDRESS_SHARED',
      message: expect.stringContaining(
        `${SITE}/de/products/petite-wall-shelf-1: products petite-wall-shelf-1 (id 10, de) and products petite-wall-shelf-1 (id 12, de)`,
      ),
    })
    expect(names).toEqual([])
  })

  test('with addresses: warn the first has it alone, and the other is named in the report', async () => {
    const shop = await altered(collide)
    const built = await buildShop({ sections: { products }, locales, addresses: 'warn' }, shop)
    expect(built.links['/de/products/petite-wall-shelf-1']).toMatchObject({
      en: expect.stringContaining('standing-desk'),
    })
    expect(built.links['/products/petite-wall-shelf-1']).toEqual({})
    expect(built.report.sections[0]?.leftOut).toEqual([
      { reason: 'taken', count: 1, examples: ['petite-wall-shelf-1 (id 12, de)'] },
    ])
    expect(built.report.entries).toBe(5)
  })

  test('two sections at one address fail it, naming both', async () => {
    const both = { pages: { of: 'pages', url: '/{slug}' }, collections: { of: 'collections', url: '/{slug}' } } as const
    const shop = await altered(`update product_collection set slug = 'about' where id = 1`)
    const { outcome, names } = await publish({ sections: both }, shop)
    expect(outcome).toMatchObject({
      code: 'ADDRESS_SHARED',
      message: expect.stringContaining(`${SITE}/about: pages about (id 1) and collections about (id 1)`),
    })
    expect(names).toEqual([])
  })

  test('a record without a value fails it, by section, number and names', async () => {
    const erp = { ...sections.products, url: '/{externalReference}' } as const
    const { outcome, names } = await publish({ sections: { products: erp, pages: sections.pages } }, db)
    expect(outcome).toMatchObject({
      code: 'ADDRESS_MISSING',
      message: expect.stringMatching(
        /^\d+ records of section "products" have no address, since \{externalReference\} is empty: id 4, id 8, id 10 …\./,
      ),
    })
    expect(names).toEqual([])

    const built = await buildShop({ sections: { products: erp }, addresses: 'warn' })
    const [left] = built.report.sections[0]?.leftOut ?? []
    expect(left).toMatchObject({ reason: 'empty', examples: ['id 4', 'id 8', 'id 10'] })
    const funnel = built.report.sections[0]?.funnel
    expect((left?.count ?? 0) + built.report.entries).toBe(funnel?.selected)
    expect(outcome).toMatchObject({ message: expect.stringMatching(new RegExp(`^${left?.count} records`)) })
  })

  test('a rule that leaves such records out lets it pass', async () => {
    const erp = { ...sections.products, url: '/{externalReference}', where: { externalReference: { exists: true } } }
    const built = await buildShop({ sections: { products: erp } as Settings['sections'] })
    expect(built.report.sections[0]?.leftOut).toBeUndefined()
    expect(built.report.entries).toBeGreaterThan(100)
  })

  test('there are none in the demo shop, whatever its storefront', async () => {
    const all = { products: { of: 'products' }, categories: { of: 'categories' }, pages: { of: 'pages' } } as const
    for (const storefront of ['django', 'react-storefront', 'paper', 'storefront-2023-10'] as const) {
      const built = await buildShop({ storefront, sections: all, locales: { en: EN } })
      expect(
        built.report.sections.every(({ leftOut }) => leftOut === undefined),
        storefront,
      ).toBe(true)
    }
  })
})

describe('as crawlers see it,', () => {
  const media = 'https://media.example.com/shop'
  const withImages = {
    ...sections,
    products: { ...sections.products, images: true },
    categories: { ...sections.categories, images: true },
    collections: { ...sections.collections, images: true },
  } as const
  const locales = {
    en: EN,
    de: { ...DE, missing: 'fallback' },
    pl: { url: '/pl{path}', translations: 'pl', channel: 'channel-pln' },
  } as const

  test.each([
    ['one file', {}],
    ['many shards', { limits: { entries: 100 } }],
    ['many packed shards', { limits: { entries: 100 }, gzip: true }],
    ['shards cut by bytes', { limits: { bytes: 30_000 } }],
  ])('the whole shop in three languages with images as %s is valid, and read whole', async (_, options) => {
    const { folder, pages } = await buildShop({ sections: withImages, locales, ...options }, db, media)
    const locs = pages.map(({ loc }) => loc).sort()
    expect(locs.length).toBeGreaterThan(1_000)
    expect(pages.filter(({ images }) => images.length > 0).length).toBeGreaterThan(500)
    const images = pages.flatMap(page => page.images)
    expect(images.every(loc => loc.startsWith(`${media}/`) || loc.startsWith('https://img.example.com/'))).toBe(true)
    if (hasSchemas) {
      const { files, problems } = await checkSchemas(folder)
      expect(problems).toEqual([])
      expect(files).toEqual(await sitemapFiles(folder))
    }
    if (hasUsp) {
      await using served = await serveFolder(folder)
      const reading = await readWithUsp(served.url, { site: SITE })
      expect({ problems: reading.problems, locs: reading.locs }).toEqual({ problems: [], locs })
    }
    if (hasCrawlerCommons) {
      const reading = await readWithCrawlerCommons(folder, { site: SITE })
      expect({ problems: reading.problems, locs: reading.locs }).toEqual({ problems: [], locs })
    }
  })

  test('a group has the images of its record at each of its addresses', async () => {
    const products = { ...withImages.products, where: { id: 4 } } as const
    const { pages } = await buildShop({ sections: { products }, locales: { en: EN, de: DE } }, db, media)
    const expected = [1, 2].map(k => `${media}/products/ash-lounge-chair-1-${k}.jpg`)
    expect(pages.map(({ images }) => images)).toEqual([expected, expected])
  })

  test('the program says the same: build, then check, from the command line', async () => {
    await using project = await createProject({ withDatabase: true })
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the configuration
    const saleor = { database: '${DATABASE_URL}', channel: 'default-channel', media }
    await project.configure({ site: SITE, source: { saleor }, sections: withImages, locales, limits: { entries: 200 } })
    const built = await project.run(['build', '--out', 'out'])
    expect(built.code, built.stderr).toBe(0)
    const pages = await readLinkedPages(join(project.dir, 'out'))
    expect(linkFaults(pages)).toEqual([])
    expect(pages.length).toBeGreaterThan(1_000)
    expect(await project.run(['check', 'out'])).toMatchObject({ code: 0 })
  })
})
