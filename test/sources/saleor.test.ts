// Every field of Saleor's records on the demo shop, against SQL written by hand; and the promises of a snapshot.
// What a product is there follows from its number: see src/demo/shop/catalogue.sql.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReadOnly } from '../../src/io/postgres.ts'
import { trusted } from '../../src/rules/sql.ts'
import { DEFAULT_CONTENT } from '../../src/sources/saleor/content.ts'
import { RECORD_KINDS, type RecordKind, type Snapshot } from '../../src/sources/source.ts'
import { createDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { idsOf, openShop, queryOf, valuesOf, withShop } from './shop-reading.ts'

const TABLES: Readonly<Record<RecordKind, string>> = {
  products: 'product_product',
  categories: 'product_category',
  collections: 'product_collection',
  pages: 'page_page',
}

/** Visible to an anonymous customer of the channel, as the facts about Saleor say it. */
const visible = (channel: number, product = 'r') => `exists (
  select from product_productchannellisting l join channel_channel c on c.id = l.channel_id and c.is_active
  where l.product_id = ${product}.id and c.id = ${channel} and l.is_published
    and (l.published_at is null or l.published_at <= now()) and exists (
      select from product_productvariant v join product_productvariantchannellisting vl on vl.variant_id = v.id
      where v.product_id = ${product}.id and vl.channel_id = c.id and vl.price_amount is not null))`
const variantHas = (condition: string) =>
  `exists (select from product_productvariant v where v.product_id = r.id and ${condition})`
const stocked = (condition: string) =>
  variantHas(`exists (select from warehouse_stock s join warehouse_warehouse w on w.id = s.warehouse_id
    where s.product_variant_id = v.id and ${condition})`)
const listing = (channel: number, condition: string) =>
  `exists (select from product_productchannellisting l where l.product_id = r.id and l.channel_id = ${channel} and ${condition})`
const translated = (table: string, key: string, condition: string) =>
  `exists (select from ${table} t where t.${key} = r.id and ${condition})`
/** By the tree's own numbers, where the program goes by parent_id. */
const BELOW = `(select count(*) from product_product p join product_category c on c.id = p.category_id
  where c.tree_id = r.tree_id and c.lft between r.lft and r.rght and ${visible(1, 'p')})`

const RULES: Readonly<Record<RecordKind, readonly (readonly [where: object, plain: string])[]>> = {
  products: [
    // Attributes, by input type
    [{ 'attributes.brand': 'nordhem' }, 'r.id % 12 <> 0 and r.id % 5 = 0'],
    [{ 'attributes.brand': { oneOf: ['łódź-works', 'o-hara'] } }, 'r.id % 12 <> 0 and r.id % 5 in (3, 4)'],
    [{ 'attributes.brand': 'no-orders-yet' }, 'false'],
    [{ 'attributes.colour': 'tartan' }, 'r.id % 4 = 3'],
    [{ 'attributes.discontinued': false }, 'r.id % 20 in (16, 17)'],
    [{ NOT: { 'attributes.discontinued': false } }, 'r.id % 20 not in (16, 17)'],
    [{ 'attributes.discontinued': { exists: true } }, 'r.id % 20 in (15, 16, 17)'],
    [{ 'attributes.net-weight': 30.5 }, 'r.id % 3 = 0 and r.id % 80 = 30'],
    [{ 'attributes.net-weight': { exists: true } }, 'r.id % 3 = 0'],
    [{ 'attributes.sellable-until': '2025-12-31' }, 'r.id % 10 = 1'],
    [{ 'attributes.sellable-until': { gte: 'now' } }, 'r.id % 10 = 2'],
    [{ 'attributes.restocked-at': { lt: '2026-03-01' } }, `r.id % 10 in (3, 4, 5) and r.updated_at < '2026-03-06Z'`],
    [{ 'attributes.internal-note': { contains: '& "call back"' } }, 'r.id % 15 = 4'],
    [{ 'attributes.internal-note': 'Ask <the warehouse> & "call back"' }, 'r.id % 15 = 4'],
    [{ 'attributes.story': 'Made <i>by hand</i>' }, 'r.id % 25 = 6'],
    [{ 'attributes.manual': 'file_upload/manual-5.pdf' }, 'r.id = 5'],
    [{ 'attributes.designer': 'our-designers' }, 'r.id % 21 = 5'],
    [
      { 'attributes.goes-with': { startsWith: 'oak-' } },
      `r.id % 8 = 3 and exists (select from product_product o where o.id in (r.id % 500 + 1, (r.id + 1) % 500 + 1)
        and o.slug like 'oak-%')`,
    ],
    [{ 'variants.attributes.size': 'l' }, 'r.id % 3 = 2 and r.id % 50 <> 5'],
    [{ 'variants.attributes.size': { exists: false } }, 'r.id % 50 = 5'],
    // What belongs to a product
    [{ 'productType.slug': 'lighting' }, 'r.product_type_id = 2'],
    [{ 'category.slug': 'sofas' }, 'r.category_id = 3'],
    [{ 'category.slug': { exists: false } }, 'r.id % 100 = 2'],
    [{ 'category.path': 'furniture/dining-room/tables' }, 'r.category_id = 6'],
    [
      { 'category.path': { startsWith: 'homeware/' } },
      'r.category_id in (select id from product_category where tree_id = 2 and level > 0)',
    ],
    [
      { 'collections.slug': { oneOf: ['summer-sale', 'größe-&-maß'] } },
      'exists (select from product_collectionproduct k where k.product_id = r.id and k.collection_id in (1, 8))',
    ],
    [
      { NOT: { 'collections.slug': 'summer-sale' } },
      'not exists (select from product_collectionproduct k where k.product_id = r.id and k.collection_id = 1)',
    ],
    [
      { 'images.count': { gte: 2 } },
      `(select count(*) from product_productmedia m where m.product_id = r.id and m.type = 'IMAGE' and not m.to_remove) >= 2`,
    ],
    [
      { 'images.count': 0 },
      `not exists (select from product_productmedia m where m.product_id = r.id and m.type = 'IMAGE' and not m.to_remove)`,
    ],
    [{ 'variants.count': 0 }, 'r.id % 50 = 5'],
    [{ 'variants.count': 3 }, 'r.id % 3 = 2 and r.id % 50 <> 5'],
    [
      { 'variants.price': { gte: 100, lt: 150 } },
      variantHas(`exists (select from product_productvariantchannellisting vl where vl.variant_id = v.id
        and vl.channel_id = 1 and vl.price_amount >= 100 and vl.price_amount < 150)`),
    ],
    [{ 'stock.available': { gt: 0 } }, 'r.id % 9 not in (0, 1) and r.id % 50 <> 5'],
    [
      { 'stock.main-warehouse.available': { gt: 30 } },
      stocked(`w.slug = 'main-warehouse' and quantity - quantity_allocated > 30`),
    ],
    [{ 'stock.store-room.available': { exists: true } }, stocked(`w.slug = 'store-room'`)],
    [{ 'stock.store-room.available': { gt: 0 } }, stocked(`w.slug = 'store-room' and quantity > quantity_allocated`)],
    // Listings and translations
    [{ 'listing.visibleInListings': false }, listing(1, 'not l.visible_in_listings')],
    [{ 'listing.availableForPurchaseAt': { gt: 'now' } }, listing(1, `l.available_for_purchase_at > now()`)],
    [{ 'listing.publishedAt': { exists: false } }, `not ${listing(1, 'l.published_at is not null')}`],
    [{ 'listings.channel-pln.isPublished': true }, listing(2, 'l.is_published')],
    [{ NOT: { 'listings.channel-pln.isPublished': true } }, `not ${listing(2, 'l.is_published')}`],
    [{ 'listings.closed-channel.publishedAt': { lte: 'now' } }, listing(3, 'l.published_at <= now()')],
    [
      { 'listing.isPublished': true, 'listings.channel-pln.isPublished': false },
      `${listing(1, 'l.is_published')} and ${listing(2, 'not l.is_published')}`,
    ],
    [
      { 'translations.de.slug': { exists: true } },
      translated('product_producttranslation', 'product_id', `t.language_code = 'de' and t.slug <> ''`),
    ],
    [{ 'translations.fr-ca.slug': { exists: true } }, 'false'],
    [{ 'privateMetadata.pim_editor': "o'hara & sons" }, 'r.id % 5 = 0'],
    [{ externalReference: 'ERP-00007' }, 'r.id = 7'],
    [{ seoDescription: { exists: false } }, 'r.id % 4 = 0'],
  ],
  categories: [
    [{ path: 'furniture/living-room/sofas' }, 'r.id = 3'],
    [{ path: { startsWith: 'outdoor' } }, 'r.tree_id = 3'],
    [
      { 'visibleProducts.direct': { gte: 1 } },
      `exists (select from product_product p where p.category_id = r.id and ${visible(1, 'p')})`,
    ],
    [{ visibleProducts: { gte: 1 } }, `${BELOW} >= 1`],
    [{ visibleProducts: { gte: 50, lt: 300 } }, `${BELOW} between 50 and 299`],
    [{ visibleProducts: 0 }, `${BELOW} = 0`],
    [{ 'metadata.sitemap': { exists: true } }, "r.slug in ('clearance', 'sofas')"],
    [{ updatedAt: { exists: false } }, 'r.id % 7 = 0'],
    [
      { 'translations.pl.slug': { exists: true } },
      translated('product_categorytranslation', 'category_id', `t.language_code = 'pl' and t.slug is not null`),
    ],
  ],
  collections: [
    [{ 'listing.isPublished': true }, 'r.id in (1, 2, 3, 7, 8, 9)'],
    [{ 'listing.publishedAt': { gt: 'now' } }, 'r.id = 3'],
    [{ 'listings.channel-pln.isPublished': true }, 'r.id in (1, 4, 5)'],
    [
      { visibleProducts: { gte: 30 } },
      `(select count(*) from product_collectionproduct k join product_product p on p.id = k.product_id
        where k.collection_id = r.id and ${visible(1, 'p')}) >= 30`,
    ],
    [{ visibleProducts: 0 }, 'r.id = 9'],
    [{ 'translations.de.slug': { startsWith: 's' } }, 'r.id = 1'],
    [{ NOT: { 'metadata.sitemap': 'exclude' } }, 'r.id <> 7'],
  ],
  pages: [
    [{ isPublished: true }, 'r.id not in (10, 11)'],
    [{ publishedAt: { gt: 'now' } }, 'r.id in (12, 13)'],
    [{ publishedAt: { exists: false } }, 'r.id in (6, 7, 11)'],
    [{ 'pageType.slug': 'guide' }, 'r.id in (7, 8, 9, 13)'],
    [{ title: 'About us' }, 'r.id = 1'],
    [{ name: { contains: 'rug' } }, 'r.id = 8'],
    [{ 'attributes.audience': 'press' }, 'r.id = 10'],
    [{ 'attributes.audience': { exists: false } }, 'r.id = 2'],
    [{ 'attributes.reviewed-on': { gte: '2026-01-01' } }, 'r.id in (7, 8)'],
    [{ 'attributes.reviewed-on': '2026-09-01' }, 'r.id = 8'],
    [{ 'translations.de.slug': 'ueber-uns' }, 'r.id = 1'],
    [{ 'metadata.sitemap': 'exclude' }, 'r.id = 5'],
  ],
}

/** Rules and URLs that read everything there is to read. */
const EVERYTHING: Readonly<Record<RecordKind, { readonly where: object; readonly fields: readonly string[] }>> = {
  products: {
    where: {
      AND: RULES.products.map(([where]) => ({ OR: [where, {}] })),
    },
    fields: ['category.path', 'productType.slug', 'translations.de.slug', 'images.count', 'variants.count', 'slug'],
  },
  categories: { where: { AND: RULES.categories.map(([where]) => ({ OR: [where, {}] })) }, fields: ['path', 'slug'] },
  collections: { where: { AND: RULES.collections.map(([where]) => ({ OR: [where, {}] })) }, fields: ['slug'] },
  pages: { where: { AND: RULES.pages.map(([where]) => ({ OR: [where, {}] })) }, fields: ['slug', 'pageType.slug'] },
}
const QUERIES = RECORD_KINDS.map(kind => queryOf(kind, EVERYTHING[kind].where, EVERYTHING[kind].fields))
/** What pages show, in a language. */
const CONTENTS = RECORD_KINDS.map(kind => {
  const query = queryOf(kind, {})
  const addresses = query.addresses.map(address => ({ ...address, language: 'de' }))
  return { ...query, addresses, content: DEFAULT_CONTENT[kind] }
})

let db: TestDatabase
beforeAll(async () => {
  db = await createDatabase({ template: 'demo' })
})
afterAll(() => db?.drop())

const idsBySql = async (kind: RecordKind, condition: string): Promise<number[]> =>
  (await db.query(`select r.id from ${TABLES[kind]} r where ${condition} order by r.id`)).map(({ id }) => id)

describe('a field of the demo shop', () => {
  let shop: Snapshot
  beforeAll(async () => {
    shop = await openShop(db.url)
  })
  afterAll(() => shop?.close())

  for (const kind of RECORD_KINDS) {
    test.each(RULES[kind])(`of ${kind}: %j`, async (where, plain) => {
      const [chosen] = await idsOf(shop, kind, [where])
      expect(chosen).toEqual(await idsBySql(kind, plain))
    })
  }

  test('that is an attribute hides values which the product type no longer has, as Saleor hides them', async () => {
    const stale = await idsBySql('products', 'r.id % 16 = 5 and r.product_type_id = 3')
    expect(stale.length).toBeGreaterThan(5)
    const [row] = await db.query(
      `select count(distinct av.product_id)::int from attribute_assignedproductattributevalue av
       join attribute_attributevalue val on val.id = av.value_id and val.attribute_id = 10 where av.product_id = any ($1)`,
      [stale],
    )
    expect(row.count).toBe(stale.length)

    const [withManual, without] = await idsOf(shop, 'products', [
      { 'attributes.manual': { exists: true } },
      { 'attributes.manual': { exists: false } },
    ])
    expect(withManual).toEqual(await idsBySql('products', 'r.id % 16 = 5 and r.product_type_id <> 3'))
    expect(without).toEqual(expect.arrayContaining(stale))
  })

  test('that is numeric reads values which so far exist as text alone', async () => {
    const [row] = await db.query(
      `select count(*)::int from attribute_attributevalue where attribute_id = 5 and "numeric" is null`,
    )
    expect(row.count).toBe(16)
    const [heavy] = await idsOf(shop, 'products', [{ 'attributes.net-weight': { gte: 60 } }])
    expect(heavy).toEqual(await idsBySql('products', 'r.id % 3 = 0 and r.id % 80 >= 60'))
    expect(heavy?.filter(id => id % 30 === 0).length).toBeGreaterThan(0)
  })

  test('gives its value to a URL, and none where the record has none', async () => {
    const fields = ['id', 'slug', 'category.path', 'translations.de.slug', 'images.count', 'metadata.score', 'rating']
    const rows = await valuesOf(shop, queryOf('products', {}, fields))
    const expected = await db.query(`
      with recursive tree as (
        select id, slug::text as path from product_category where parent_id is null
        union all select c.id, tree.path || '/' || c.slug from product_category c join tree on tree.id = c.parent_id)
      select p.id::text, p.slug, tree.path, t.slug as de, p.metadata ->> 'score' as score, p.rating::text as rating,
        (select count(*) from product_productmedia m where m.product_id = p.id and type = 'IMAGE' and not to_remove)::text
          as images
      from product_product p left join tree on tree.id = p.category_id
      left join product_producttranslation t on t.product_id = p.id and t.language_code = 'de' order by p.id`)
    expect(rows).toEqual(expected.map(row => [row.id, row.slug, row.path, row.de, row.images, row.score, row.rating]))
  })
})

describe('what only the shop can show', () => {
  const problemsOf = (
    kind: RecordKind,
    where: unknown,
    fields: readonly string[] = ['slug'],
    channel = 'default-channel',
  ) => withShop(db.url, { channel }, shop => shop.check([queryOf(kind, where, fields)]))

  test.each([
    ['products', { 'attributes.brnd': 'x' }, 'sections.products.where.attributes.brnd', 'attributes.brand'],
    ['products', { 'attributes.audience': 'x' }, 'sections.products.where.attributes.audience', 'attributes.'],
    ['pages', { 'attributes.brand': 'x' }, 'sections.pages.where.attributes.brand', 'attributes.audience'],
    ['products', { 'variants.attributes.sise': 'x' }, 'sections.products.where.variants.attributes.sise', 'size'],
    ['products', { 'stock.main.available': 1 }, 'sections.products.where.stock.main.available', 'main-warehouse'],
    ['products', { 'listings.pln.isPublished': true }, 'sections.products.where.listings.pln.isPublished', 'channel'],
    ['products', { 'attributes.net-weight': 'heavy' }, 'sections.products.where.attributes.net-weight', undefined],
    [
      'products',
      { 'attributes.discontinued': { gt: true } },
      'sections.products.where.attributes.discontinued.gt',
      'eq',
    ],
    ['products', { NOT: { OR: [{ 'attributes.x': 1 }] } }, 'sections.products.where.NOT.OR[0].attributes.x', undefined],
  ] as const)('in a rule of %s is told with its place: %j', async (kind, where, path, hint) => {
    const problems = await problemsOf(kind, where)
    expect(problems.map(problem => problem.path)).toEqual([path])
    if (hint !== undefined) expect(problems[0]?.hint).toContain(hint)
  })

  test('is told all at once, rules and URLs of all sections together', async () => {
    const problems = await withShop(db.url, {}, shop =>
      shop.check([
        queryOf('products', { 'attributes.a': 1, 'attributes.b': 2 }, ['slug', 'attributes.c']),
        queryOf('pages', { 'attributes.d': 1 }, ['nmae']),
      ]),
    )
    expect(problems.map(({ path }) => path)).toEqual([
      'sections.products.where.attributes.a',
      'sections.products.where.attributes.b',
      'sections.products.url',
      'sections.pages.where.attributes.d',
      'sections.pages.url',
    ])
  })

  test('includes the channel, with the nearest one', async () => {
    expect(await problemsOf('products', {}, ['slug'], 'defalt-channel')).toEqual([
      {
        path: 'source.saleor.channel',
        message: 'The shop has no channel "defalt-channel".',
        hint: 'Did you mean "default-channel"?',
      },
    ])
  })

  test('includes that a field of many values cannot stand in a URL', async () => {
    const problems = await problemsOf('products', {}, ['collections.slug'])
    expect(problems[0]?.message).toContain('many values a record')
  })
})

describe('references', () => {
  test('to variants, categories and collections compare by what they are called', async () => {
    const other = await createDatabase({ template: 'demo' })
    try {
      await other.query(`
        insert into attribute_attribute (id, slug, name, input_type, type, entity_type, is_variant_only, available_in_grid,
          visible_in_storefront, filterable_in_dashboard, filterable_in_storefront, value_required, storefront_search_position)
        select 100 + n, 'to-' || n, '', 'reference', 'product-type',
          (array['ProductVariant', 'Category', 'Collection'])[n], false, false, true, true, true, false, 0
        from generate_series(1, 3) n;
        insert into attribute_attributeproduct (attribute_id, product_type_id)
        select 100 + n, t from generate_series(1, 3) n, generate_series(1, 3) t;
        insert into attribute_attributevalue (id, attribute_id, slug, name, value, reference_variant_id,
          reference_category_id, reference_collection_id) values
          (9001, 101, '7_101', '', '', (select id from product_productvariant where sku = 'SM-0009-1'), null, null),
          (9002, 102, '7_102', '', '', null, 3, null), (9003, 103, '7_103', '', '', null, null, 2);
        insert into attribute_assignedproductattributevalue (product_id, value_id) values (7, 9001), (7, 9002), (7, 9003)`)
      await withShop(other.url, {}, async shop => {
        const chosen = await idsOf(shop, 'products', [
          { 'attributes.to-1': 'SM-0009-1' },
          { 'attributes.to-2': 'sofas' },
          { 'attributes.to-3': 'new-arrivals' },
        ])
        expect(chosen).toEqual([[7], [7], [7]])
      })
    } finally {
      await other.drop()
    }
  })
})

describe('visibility', () => {
  test.each([
    ['default-channel', 1],
    ['channel-pln', 2],
    ['closed-channel', 3],
  ])('in %s is what an anonymous customer sees there', async (channel, id) => {
    await withShop(db.url, { channel, visibility: 'saleor' }, async shop => {
      const chosen = async (kind: RecordKind) => (await idsOf(shop, kind, [{}]))[0]
      expect(await chosen('products')).toEqual(await idsBySql('products', visible(id)))
      expect(await chosen('pages')).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])
      expect(await chosen('categories')).toHaveLength(24)
      expect(await chosen('collections')).toEqual(
        await idsBySql(
          'collections',
          `exists (select from product_collectionchannellisting l join channel_channel c on c.id = l.channel_id
            where l.collection_id = r.id and c.id = ${id} and c.is_active and l.is_published
              and (l.published_at is null or l.published_at <= now()))`,
        ),
      )
    })
  })
})

describe('the funnel', () => {
  test('counts each record once, at the first condition that removes it, and adds up', async () => {
    const where = {
      'listing.visibleInListings': true,
      AND: [{ 'privateMetadata.pim_status': 'ready' }],
      NOT: { OR: [{ 'metadata.sitemap': 'exclude' }, { 'attributes.discontinued': true }] },
    }
    const query = queryOf('products', where)
    await withShop(db.url, { visibility: 'saleor' }, async shop => {
      const slugs = await valuesOf(shop, query)
      const [funnel] = await shop.funnel(query, { exact: true })
      const steps = [
        listing(1, 'l.is_published'),
        listing(1, '(l.published_at is null or l.published_at <= now())'),
        visible(1),
        listing(1, 'l.visible_in_listings'),
        'r.id % 50 not in (11, 21, 12, 22) and r.id % 100 <> 20',
        'r.id % 50 not in (10, 20)',
        'r.id % 20 <> 15',
      ]
      const expected = await Promise.all(
        steps.map((step, index) => idsBySql('products', [...steps.slice(0, index), `not (${step})`].join(' and '))),
      )
      const removed = await Promise.all(
        expected.map(ids => db.query('select slug from product_product where id = any($1)', [ids])),
      )
      const areSome = (slugs: string[], rows: { slug: string }[]): boolean =>
        slugs.length === Math.min(3, rows.length) && slugs.every(slug => rows.some(row => row.slug === slug))
      expect(funnel?.steps).toEqual(
        [
          'not published in "default-channel"',
          'publication date in "default-channel" still to come',
          'no variant with a price in "default-channel"',
          'listing.visibleInListings is not true',
          'privateMetadata.pim_status is not "ready"',
          'metadata.sitemap is "exclude"',
          'attributes.discontinued is true',
        ].map((condition, index) => ({
          condition,
          removed: expected[index]?.length,
          examples: expect.toSatisfy((slugs: string[]) => areSome(slugs, removed[index] ?? [])),
        })),
      )
      expect(funnel?.records).toBe(500)
      expect(funnel?.selected).toBe(slugs.length)
      expect(funnel?.steps.reduce((left, { removed }) => left - removed, 500)).toBe(slugs.length)
    })
  })

  test('adds up for a rule that reads everything, and for one that asks nothing', { timeout: 240_000 }, async () => {
    for (const visibility of ['saleor', 'all'] as const) {
      await withShop(db.url, { visibility }, async shop => {
        const queries = [...QUERIES, ...RECORD_KINDS.map(kind => queryOf(kind, {}))]
        expect(await shop.check(queries)).toEqual([])
        for (const query of queries) {
          let read = 0
          for await (const records of shop.read(query)) read += records.length
          const [funnel] = await shop.funnel(query, { exact: true })
          expect(funnel?.selected).toBe(read)
          expect(funnel?.steps.reduce((left, { removed }) => left - removed, funnel?.records ?? 0)).toBe(read)
        }
      })
    }
  })
})

describe('a snapshot', () => {
  test('shows all sections as they were at one instant, whatever others write meanwhile', async () => {
    const other = await createDatabase({ template: 'demo' })
    try {
      await withShop(other.url, {}, async shop => {
        const before = await idsOf(shop, 'products', [{ rating: { exists: true } }])
        await other.query("update product_product set rating = null, slug = 'moved-' || id")
        await other.query("insert into page_pagetype (name, slug) values ('New', 'new')")
        await other.query('delete from page_pagetranslation')
        await other.query("update page_page set slug = 'moved-' || id, is_published = false")
        expect(await idsOf(shop, 'products', [{ rating: { exists: true } }])).toEqual(before)
        expect(await valuesOf(shop, queryOf('pages', { isPublished: true }))).toContainEqual(['about'])
        const query = queryOf('products', { slug: { startsWith: 'moved-' } })
        expect(await shop.check([query])).toEqual([])
        expect((await shop.funnel(query, { exact: true }))[0]?.selected).toBe(0)
      })
      await withShop(other.url, {}, async shop => {
        expect(await idsOf(shop, 'products', [{ rating: { exists: true } }])).toEqual([[]])
      })
    } finally {
      await other.drop()
    }
  })

  test('has one instant, which "now" means in every rule', async () => {
    const transaction = await openReadOnly({ url: db.url, connectTimeoutMs: 5_000, statementTimeoutMs: 10_000 })
    try {
      const ask = () => transaction.query(trusted('select now()::text, clock_timestamp()::text'))
      const [[first], [second]] = [await ask(), await ask()]
      expect(second?.[0]).toBe(first?.[0])
      expect(second?.[1]).not.toBe(first?.[1])
    } finally {
      await transaction.close()
    }
    await withShop(db.url, {}, async shop => {
      expect(shop.now).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
      const [row] = await db.query(`select abs(extract(epoch from now() - $1::timestamptz)) < 30 as near`, [shop.now])
      expect(row.near).toBe(true)
    })
  })

  test.each([
    'update product_product set rating = 5',
    "insert into page_pagetype (name, slug) values ('x', 'x')",
    'delete from page_page',
    'truncate page_pagetranslation',
    'create table anything (id int)',
    'drop table page_pagetranslation',
    'with gone as (delete from page_pagetranslation returning 1) select * from gone',
    "select setval(pg_get_serial_sequence('page_page', 'id'), 1000)",
  ])('cannot write: %s', async statement => {
    const transaction = await openReadOnly({ url: db.url, connectTimeoutMs: 5_000, statementTimeoutMs: 10_000 })
    try {
      await expect(transaction.query(trusted(statement))).rejects.toMatchObject({
        code: 'SOURCE_FAILED',
        message: expect.stringContaining('read-only transaction'),
      })
    } finally {
      await transaction.close()
    }
  })

  test("leaves none of a rule's values behind, and reads dates alike whatever the role's own settings", async () => {
    const other = await createDatabase({ template: 'demo' })
    try {
      const [{ name }] = await other.query('select current_database() as name')
      await other.query(`alter database ${name} set timezone to 'America/Sao_Paulo'`)
      await other.query(`alter database ${name} set datestyle to 'German, DMY'`)
      await other.query(`alter database ${name} set standard_conforming_strings to off`)
      await withShop(other.url, {}, async shop => {
        const query = { ...queryOf('products', { createdAt: { lte: '2025-01-02T16:43:01.250031Z' } }), updatedAt: true }
        expect(await shop.check([query])).toEqual([])
        const records = []
        for await (const batch of shop.read(query)) records.push(...batch)
        const [row] = await db.query(`select to_char(updated_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at
          from product_product where id = 1`)
        expect(records).toEqual([{ key: '1', updatedAt: row.at, addresses: [[expect.any(String)]] }])
        const [odd] = await idsOf(shop, 'products', [{ slug: { contains: 'jerry\'s-"rug"' } }])
        expect(odd).toEqual([200])
      })
    } finally {
      await other.drop()
    }
  })
})

describe('a database role', () => {
  /** All that a run can ever need, and all that docs/database-role.md grants. */
  const NEEDED = [
    'attribute_assignedpageattributevalue',
    'attribute_assignedproductattributevalue',
    'attribute_assignedvariantattribute',
    'attribute_assignedvariantattributevalue',
    'attribute_attribute',
    'attribute_attributepage',
    'attribute_attributeproduct',
    'attribute_attributevalue',
    'attribute_attributevaluetranslation',
    'attribute_attributevariant',
    'channel_channel',
    'page_page',
    'page_pagetranslation',
    'page_pagetype',
    'product_category',
    'product_categorytranslation',
    'product_collection',
    'product_collectionchannellisting',
    'product_collectionproduct',
    'product_collectiontranslation',
    'product_product',
    'product_productchannellisting',
    'product_productmedia',
    'product_producttranslation',
    'product_producttype',
    'product_productvariant',
    'product_productvariantchannellisting',
    'warehouse_stock',
    'warehouse_warehouse',
  ]
  const role = `reader_${randomBytes(6).toString('hex')}`
  let url: string

  beforeAll(async () => {
    await db.query(`create role ${role} login password 'reads'`)
    const changed = new URL(db.url)
    changed.username = role
    changed.password = 'reads'
    url = changed.href
  })
  afterAll(async () => {
    await db.query(`drop owned by ${role}`)
    await db.query(`drop role ${role}`)
  })

  const readEverything = () =>
    withShop(url, { visibility: 'saleor' }, async shop => {
      const queries = [...QUERIES, ...CONTENTS]
      expect(await shop.check(queries)).toEqual([])
      let count = 0
      for (const query of queries) for await (const records of shop.read(query)) count += records.length
      for (const query of QUERIES) await shop.funnel(query, { exact: false })
      return count
    })

  test('that may SELECT from the tables listed, and nothing else, is enough to read everything', {
    timeout: 240_000,
  }, async () => {
    await db.query(`grant select on ${NEEDED.join(', ')} to ${role}`)
    expect(await readEverything()).toBeGreaterThan(400)
  })

  test.each(NEEDED)('that may not read %s is told so by name, and how to grant it', async table => {
    await db.query(`revoke select on ${table} from ${role}`)
    try {
      await expect(readEverything()).rejects.toMatchObject({
        code: 'SOURCE_PERMISSION_MISSING',
        message: expect.stringContaining(` ${table} `),
        hint: expect.stringContaining(`GRANT SELECT ON ${table} TO`),
      })
    } finally {
      await db.query(`grant select on ${table} to ${role}`)
    }
  })

  test('that lacks several permissions is told all of them at once, those for attributes and warehouses included', async () => {
    const closed = ['attribute_attribute', 'attribute_attributevalue', 'page_page', 'warehouse_warehouse']
    await db.query(`revoke select on ${closed.join(', ')} from ${role}`)
    try {
      await expect(readEverything()).rejects.toMatchObject({
        code: 'SOURCE_PERMISSION_MISSING',
        hint: expect.stringContaining(`GRANT SELECT ON ${closed.join(', ')} TO`),
      })
    } finally {
      await db.query(`grant select on ${closed.join(', ')} to ${role}`)
    }
  })

  test('that may read other columns of a table only is told the table', { timeout: 240_000 }, async () => {
    await db.query(`revoke select on page_page from ${role}`)
    await db.query(`grant select (id, slug) on page_page to ${role}`)
    await expect(readEverything()).rejects.toMatchObject({
      code: 'SOURCE_PERMISSION_MISSING',
      message: expect.stringContaining('page_page'),
    })
    await db.query(`grant select on page_page to ${role}`)
  })

  test('needs exactly the tables that docs/database-role.md names', context => {
    const file = new URL('../../docs/database-role.md', import.meta.url)
    if (!existsSync(file)) {
      console.warn(`SKIPPED: docs/database-role.md is not there to be compared. It has to name ${NEEDED.join(', ')}.`)
      context.skip()
    }
    const names = readFileSync(file, 'utf8').matchAll(/`((?:attribute|channel|page|product|warehouse)_[a-z]+)`/g)
    // The tables between, which the demo shop's version no longer has.
    const upTo315 = ['attribute_assignedpageattribute', 'attribute_assignedproductattribute']
    expect([...new Set([...names].map(match => match[1]))].sort()).toEqual([...NEEDED, ...upTo315].sort())
  })
})
