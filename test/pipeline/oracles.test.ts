// Bundles as readers of other makers see them: whole, valid, and nothing in them that was not meant.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Configuration } from '../../src/config/configuration.ts'
import { createProject, demoShop, type Project, SITE } from '../helpers/project.ts'
import {
  ensureCrawlerCommons,
  ensureSchemas,
  ensureSitemapJs,
  ensureUltimateSitemapParser,
} from '../oracles/available.ts'
import { sitemapFiles } from '../oracles/bundle-files.ts'
import { readWithCrawlerCommons } from '../oracles/crawler-commons.ts'
import { checkSchemas } from '../oracles/schemas.ts'
import { serveFolder } from '../oracles/serve-folder.ts'
import { readWithSitemapJs } from '../oracles/sitemap-js.ts'
import { readWithUsp } from '../oracles/ultimate-sitemap-parser.ts'

const [hasSchemas, hasCrawlerCommons, hasUsp, hasSitemapJs] = await Promise.all([
  ensureSchemas(),
  ensureCrawlerCommons(),
  ensureUltimateSitemapParser(),
  ensureSitemapJs(),
])

let project: Project
/** What the demo shop's pages are by its own tables, encoded as RFC 3986 has it for a segment. */
let expected: { locs: string[]; lastmods: Map<string, string> }
const LIST = Array.from({ length: 50_001 }, (_, index) => `${SITE}/page-${index}`)

const mixed = { ...demoShop, limits: { entries: 40 } } as const
const variants: [name: string, folder: string, configuration: Configuration][] = [
  ['one urlset', 'one', demoShop],
  ['an index of many shards', 'many', mixed],
  ['an index of many gzipped shards', 'packed', { ...mixed, gzip: true }],
  ['an index of shards cut by bytes', 'bytes', { ...demoShop, limits: { bytes: 6_000 } }],
]

beforeAll(async () => {
  project = await createProject({ withDatabase: true })
  expected = await expectedOfShop()
  await project.write('paths.txt', LIST.map(loc => `${loc.slice(SITE.length)}\n`).join(''))
  const list = { site: SITE, sections: { pages: { of: 'list', file: 'paths.txt' } } } as const
  const all = [...variants, ['a list of 50,001', 'list', list] as const, ['no dates', 'none', undated] as const]
  for (const [name, folder, configuration] of all) {
    await project.configure(configuration)
    const { code, stderr } = await project.run(['build', '--out', folder])
    if (code !== 0) throw new Error(`${name}: ${stderr}`)
  }
})
afterAll(() => project[Symbol.asyncDispose]())

const undated = { ...demoShop, lastmod: 'none' } as const
const pathOf = (folder: string) => join(project.dir, folder)

async function expectedOfShop() {
  const visible = (listing: string) => `${listing}.is_published and coalesce(${listing}.published_at <= now(), true)`
  const channel = "(select id from channel_channel where slug = 'default-channel')"
  const rows = (await project.database?.query(`
    with visible as (
      select p.*, l.visible_in_listings from product_product p
      join product_productchannellisting l on l.product_id = p.id and l.channel_id = ${channel}
      where ${visible('l')} and exists (
        select from product_productvariant v join product_productvariantchannellisting vl on vl.variant_id = v.id
        where v.product_id = p.id and vl.channel_id = l.channel_id and vl.price_amount is not null)
    )
    select 'products' as kind, slug, updated_at at time zone 'UTC' as date from visible
    where visible_in_listings and private_metadata ->> 'pim_status' = 'ready'
      and metadata ->> 'sitemap' is distinct from 'exclude'
    union all select 'categories', slug, updated_at at time zone 'UTC' from product_category c
    where exists (select from visible v join product_category below on below.id = v.category_id
      where below.tree_id = c.tree_id and below.lft between c.lft and c.rght)
    union all select 'collections', slug, null from product_collection c
    where exists (select from product_collectionchannellisting l
      where l.collection_id = c.id and l.channel_id = ${channel} and ${visible('l')})
    union all select 'pages', slug, null from page_page p where ${visible('p')}`)) as {
    kind: string
    slug: string
    date: Date | null
  }[]
  const locOf = ({ kind, slug }: { kind: string; slug: string }) =>
    `${SITE}/${kind}/${encodeURIComponent(slug).replaceAll("'", '%27')}`
  const fixed = ['/', '/about', '/stores', '/contact'].map(path => SITE + path)
  return {
    locs: [...rows.map(locOf), ...fixed].sort(),
    lastmods: new Map(
      rows.flatMap(row =>
        row.date && row.kind === 'products' ? [[locOf(row), `${row.date.toISOString().slice(0, 19)}.000Z`]] : [],
      ),
    ),
  }
}

/** Every page there should be and no other; dates of products as the shop has them. */
function expectWhole(reading: { locs: readonly string[]; lastmods: ReadonlyMap<string, string>; problems: unknown }) {
  expect(reading.problems).toEqual([])
  expect(reading.locs).toEqual(expected.locs)
  expect(expected.lastmods.size).toBe(350)
  for (const [loc, date] of expected.lastmods) expect(reading.lastmods.get(loc), loc).toBe(date)
}

describe.each(variants)('the demo shop as %s', (_, folder) => {
  test.skipIf(!hasSchemas)('is valid by the schemas', async () => {
    const { files, problems } = await checkSchemas(pathOf(folder))
    expect(problems).toEqual([])
    expect(files).toEqual(await sitemapFiles(pathOf(folder)))
    if (folder !== 'one') expect(files.length).toBeGreaterThan(10)
  })

  test.skipIf(!hasUsp)('is read whole by ultimate-sitemap-parser', async () => {
    await using served = await serveFolder(pathOf(folder))
    expectWhole(await readWithUsp(served.url, { site: SITE }))
  })

  test.skipIf(!hasSitemapJs)('is read whole by sitemap.js', async () => {
    expectWhole(await readWithSitemapJs(pathOf(folder), { site: SITE }))
  })

  test.skipIf(!hasCrawlerCommons)('is read whole by crawler-commons, strictly', async () => {
    expectWhole(await readWithCrawlerCommons(pathOf(folder), { site: SITE }))
  })
})

describe('a list of 50,001 pages', () => {
  const locs = [...LIST].sort()
  test.skipIf(!hasSchemas)('is valid by the schemas, in two shards', async () => {
    expect(await checkSchemas(pathOf('list'))).toEqual({
      files: ['sitemap-pages-00.xml', 'sitemap-pages-8388608.xml', 'sitemap.xml'],
      problems: [],
    })
  })

  test.skipIf(!hasUsp)('is read whole by ultimate-sitemap-parser', async () => {
    await using served = await serveFolder(pathOf('list'))
    const reading = await readWithUsp(served.url, { site: SITE })
    expect(reading.problems).toEqual([])
    expect(reading.locs).toEqual(locs)
  })

  test.skipIf(!hasSitemapJs)('is read whole by sitemap.js', async () => {
    expect((await readWithSitemapJs(pathOf('list'), { site: SITE })).locs).toEqual(locs)
  })

  test.skipIf(!hasCrawlerCommons)('is read whole by crawler-commons, strictly', async () => {
    const reading = await readWithCrawlerCommons(pathOf('list'), { site: SITE })
    expect(reading.problems).toEqual([])
    expect(reading.locs).toEqual(locs)
  })
})

test('hostile slugs are one path segment each, and mean what they say', async () => {
  const xml = await readFile(join(pathOf('one'), 'sitemap.xml'), 'utf8')
  for (const path of [
    '/products/schreibtisch-gr%C3%B6%C3%9Fe-l<',
    '/products/%E6%9D%B1%E4%BA%AC-lamp<',
    '/products/tom-%26-jerry%27s-%22rug%22-%3Cxl%3E<',
    '/products/half%2Fprice-sofa<',
    '/products/100%25%20wool-throw<',
    '/products/party-%F0%9F%8E%89-lights<',
    '/products/who%3F-poster-%231<',
    '/collections/gr%C3%B6%C3%9Fe-%26-ma%C3%9F<',
  ])
    expect(xml).toContain(`<loc>${SITE}${path}`)
})

test('lastmod: none leaves every date out, of entries only', async () => {
  const xml = await readFile(join(pathOf('none'), 'sitemap.xml'), 'utf8')
  expect(xml).not.toContain('<lastmod>')
  expect(xml.match(/<url>/g)).toHaveLength(expected.locs.length)
})
