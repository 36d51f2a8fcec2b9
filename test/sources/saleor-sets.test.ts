// Real Saleor databases, and for each set the slugs that Saleor's own ORM gave for it.
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadSite } from '../../src/compose.ts'
import { buildSite } from '../../src/operations.ts'
import { createDatabase, loadSqlGz, type TestDatabase } from '../helpers/postgres.ts'
import { idsOf, withShop } from './shop-reading.ts'

const DATA = fileURLToPath(new URL('../../../shared/saleor', import.meta.url))
const isThere = existsSync(DATA)
if (!isThere) {
  console.warn('SKIPPED: the sets of real Saleor databases, since ../shared/saleor is not beside this repository.')
}

const BRAND = { 'attributes.brand-name': { oneOf: ['acme', 'globex'] } }
const LISTED = { 'listing.visibleInListings': true }
const NOT_EXCLUDED = { NOT: { 'metadata.sitemap': 'exclude' } }
const READY = { 'privateMetadata.pim_status': 'ready' }

/** Each set as a person would write it, visibility being the default one. */
const SETS: Readonly<Record<string, { readonly of: string; readonly where?: object }>> = {
  'products.visible': { of: 'products' },
  'products.listed': { of: 'products', where: LISTED },
  'products.purchasable': { of: 'products', where: { 'listing.availableForPurchaseAt': { lte: 'now' } } },
  'products.not-discontinued': { of: 'products', where: { NOT: { 'attributes.discontinued': true } } },
  'products.brand-acme-or-globex': { of: 'products', where: BRAND },
  'products.net-grams-ge-250': { of: 'products', where: { 'attributes.net-grams': { gte: 250 } } },
  'products.sellable-until-future-or-unset': {
    of: 'products',
    where: {
      OR: [{ 'attributes.sellable-until': { gt: 'now' } }, { 'attributes.sellable-until': { exists: false } }],
    },
  },
  'products.tag-not-hidden': { of: 'products', where: { NOT: { 'attributes.search-tags': 'hidden-from-search' } } },
  'products.note-do-not-index': { of: 'products', where: { 'attributes.internal-note': 'do not index' } },
  'products.metadata-sitemap-not-exclude': { of: 'products', where: NOT_EXCLUDED },
  'products.private-pim-ready': { of: 'products', where: READY },
  'products.seo-title-filled': { of: 'products', where: { seoTitle: { exists: true } } },
  'products.rating-ge-4': { of: 'products', where: { rating: { gte: 4 } } },
  'products.in-stock': { of: 'products', where: { 'stock.available': { gt: 0 } } },
  'products.combined': { of: 'products', where: { ...LISTED, ...NOT_EXCLUDED, ...READY } },
  'collections.visible': { of: 'collections' },
  'categories.with-visible-product': { of: 'categories', where: { 'visibleProducts.direct': { gte: 1 } } },
  'categories.with-visible-product-in-subtree': { of: 'categories', where: { visibleProducts: { gte: 1 } } },
  'pages.visible': { of: 'pages' },
}

describe.skipIf(!isThere).each([['3.23'], ['3.20'], ['3.14']])('a real shop of Saleor %s', version => {
  const expected = join(DATA, version, 'expected')
  let db: TestDatabase
  let out: string

  beforeAll(async () => {
    out = await mkdtemp(join(tmpdir(), 'storemap-sets-'))
    db = await createDatabase()
    await loadSqlGz(db.url, join(DATA, version, 'catalog.sql.gz'))
    await db.query('analyze')
  })
  afterAll(async () => {
    await db?.drop()
    await rm(out, { recursive: true, force: true })
  })

  const buildSections = async (channel: string, sections: object, visibility = 'saleor') => {
    const config = {
      site: 'https://shop.example.com',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference to the environment
      source: { saleor: { database: '${DATABASE_URL}', channel, visibility } },
      sections,
    }
    const site = await loadSite({ config, folder: out, environment: { DATABASE_URL: db.url } })
    const folder = await mkdtemp(join(out, 'bundle-'))
    const report = await buildSite(site, folder)
    return { report, slugs: await slugsIn(folder) }
  }

  const slugsIn = async (folder: string): Promise<string[]> => {
    const xml = await readFile(join(folder, 'sitemap.xml'), 'utf8')
    const locs = [...xml.matchAll(/<loc>([^<]*)<\/loc>/g)].map(match => unescapeXml(match[1] as string))
    const slugs = locs
      .filter(loc => !loc.endsWith('/listed-by-hand'))
      .map(loc => decodeURIComponent(loc.split('/').at(-1) ?? ''))
    return slugs.sort()
  }

  const expectedSlugs = async (file: string): Promise<string[]> =>
    (await readFile(join(expected, file), 'utf8')).split('\n').filter(Boolean).sort()

  test('gives, in every channel, exactly the slugs that Saleor gives for every set', async () => {
    const files = (await readdir(expected)).filter(file => file.endsWith('.txt'))
    expect(files.length).toBeGreaterThan(15)
    for (const file of files) {
      const [, channel = 'default-channel', name] = /^(?:([a-z]+-[a-z]+)\.)?(.+)\.txt$/.exec(file) as RegExpExecArray
      const set = SETS[name as string]
      if (!set) throw new Error(`no configuration says the set ${name}`)
      const section = { ...set, url: `/${set.of}/{slug}` }
      const slugs = await expectedSlugs(file)
      const list = { of: 'list', paths: ['/listed-by-hand'] }
      const built = await buildSections(channel, slugs.length > 0 ? { section } : { section, list })
      expect(built.slugs, file).toEqual(slugs)
      const warnings = channel === 'closed-channel' ? [expect.stringContaining('"closed-channel" is not active')] : []
      expect(built.report.warnings, file).toEqual(warnings)
    }
  })

  test('lists no product, no collection and no category with visible products of an inactive channel', async () => {
    const { report, slugs } = await buildSections('closed-channel', {
      products: { of: 'products', url: '/products/{slug}' },
      collections: { of: 'collections', url: '/collections/{slug}' },
      categories: { of: 'categories', url: '/categories/{slug}', where: { visibleProducts: { gte: 1 } } },
      pages: { of: 'pages', url: '/pages/{slug}' },
      static: { of: 'list', paths: ['/listed-by-hand'] },
    })
    const pages = await expectedSlugs('pages.visible.txt')
    expect(slugs).toEqual(pages)
    expect(report.sections.map(({ name, entries }) => [name, entries])).toEqual([
      ['products', 0],
      ['collections', 0],
      ['categories', 0],
      ['pages', pages.length],
      ['static', 1],
    ])
    expect(report.warnings.join()).toContain('closed-channel')
  })

  test('refuses to write an empty sitemap of an inactive channel', async () => {
    const products = { of: 'products', url: '/products/{slug}' }
    await expect(buildSections('closed-channel', { products })).rejects.toMatchObject({
      code: 'BUNDLE_EMPTY',
      exitCode: 1,
    })
  })

  test('lists every record with visibility "all", whatever the channel shows', async () => {
    for (const [of, table] of Object.entries(TABLES)) {
      const { slugs } = await buildSections('closed-channel', { section: { of, url: `/${of}/{slug}` } }, 'all')
      const rows = await db.query(`select slug from public.${table}`)
      expect(slugs).toEqual(rows.map(({ slug }) => slug).sort())
    }
  })
})

/** A product of 3.14 with a value of the attribute that satisfies the condition: by the tables between, as they were then. */
const has = (attribute: string, condition: string) => `p.id in (
  select given.product_id from public.attribute_assignedproductattribute given
  join public.attribute_assignedproductattributevalue av on av.assignment_id = given.id
  join public.attribute_attributevalue val on val.id = av.value_id
  join public.attribute_attribute a on a.id = val.attribute_id and a.slug = '${attribute}'
  where ${condition})`
/** Numbers are text there. */
const grams = (condition: string) =>
  has('net-grams', `case when val.name ~ '^[0-9.]+$' then val.name::numeric ${condition} end`)

describe.skipIf(!isThere)('attributes in a real shop of Saleor 3.14, for which no list of slugs was given', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createDatabase()
    await loadSqlGz(db.url, join(DATA, '3.14', 'catalog.sql.gz'))
  })
  afterAll(() => db?.drop())

  test.each([
    ['boolean', { 'attributes.discontinued': true }, has('discontinued', 'val.boolean')],
    ['boolean', { 'attributes.discontinued': false }, has('discontinued', 'not val.boolean')],
    ['boolean', { 'attributes.discontinued': { exists: true } }, has('discontinued', 'true')],
    ['dropdown', BRAND, has('brand-name', `val.slug in ('acme', 'globex')`)],
    [
      'multiselect',
      { 'attributes.search-tags': 'hidden-from-search' },
      has('search-tags', `val.slug = 'hidden-from-search'`),
    ],
    [
      'multiselect',
      { AND: [{ 'attributes.search-tags': 'sale' }, { 'attributes.search-tags': 'new' }] },
      `${has('search-tags', `val.slug = 'sale'`)} and ${has('search-tags', `val.slug = 'new'`)}`,
    ],
    ['numeric', { 'attributes.net-grams': { gte: 250 } }, grams('>= 250')],
    ['numeric', { 'attributes.net-grams': { gt: 0.25, lt: 250 } }, grams('between 0.26 and 249')],
    ['numeric', { 'attributes.net-grams': 0.5 }, grams('= 0.5')],
    ['date', { 'attributes.sellable-until': { gt: 'now' } }, has('sellable-until', 'val.date_time > now()')],
    [
      'date',
      { 'attributes.sellable-until': { lte: '2030-01-01' } },
      has('sellable-until', `val.date_time <= '2030-01-01Z'`),
    ],
    [
      'plain-text',
      { 'attributes.internal-note': 'do not index' },
      has('internal-note', `val.plain_text = 'do not index'`),
    ],
    [
      'plain-text',
      { 'attributes.internal-note': { startsWith: 'ok' } },
      has('internal-note', `val.plain_text like 'ok%'`),
    ],
  ] as const)(
    'of type %s choose what SQL by hand chooses, and under NOT all others: %j',
    async (type, where, plain) => {
      const [attribute] = Object.keys('AND' in where ? where.AND[0] : where)
      const [row] = await db.query('select input_type from public.attribute_attribute where slug = $1', [
        attribute?.replace('attributes.', ''),
      ])
      expect(row.input_type).toBe(type)

      const ids = async (condition: string): Promise<number[]> =>
        (await db.query(`select p.id from public.product_product p where ${condition} order by p.id`)).map(
          ({ id }) => id,
        )
      const [all, expected] = [await ids('true'), await ids(plain)]
      expect(expected.length).toBeGreaterThan(0)
      expect(expected.length).toBeLessThan(all.length)
      await withShop(db.url, {}, async shop => {
        const [chosen, others] = await idsOf(shop, 'products', [where, { NOT: where }])
        expect(chosen).toEqual(expected)
        expect(others).toEqual(all.filter(id => !expected.includes(id)))
      })
    },
  )
})

const TABLES = {
  products: 'product_product',
  categories: 'product_category',
  collections: 'product_collection',
  pages: 'page_page',
}

const unescapeXml = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: 'amp' | 'lt' | 'gt' | 'quot' | 'apos') => {
    return { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }[name]
  })
