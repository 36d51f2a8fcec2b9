// Why a record is listed or not: what is told of one record is what a run does with it, and it is found by any name.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReadOnly } from '../../src/io/postgres.ts'
import { type SqlFragment, sql } from '../../src/rules/sql.ts'
import type { Verdict } from '../../src/rules/verdict.ts'
import { findField, type SaleorField } from '../../src/sources/saleor/fields.ts'
import { probeShop } from '../../src/sources/saleor/probe.ts'
import { RECORD_KINDS, type RecordKind, type Snapshot } from '../../src/sources/source.ts'
import { createDatabase, loadSqlGz, type TestDatabase } from '../helpers/postgres.ts'
import { idsOf, openShop, queryOf, withShop } from './shop-reading.ts'

const DUMP = fileURLToPath(new URL('../../../shared/saleor/3.23/catalog.sql.gz', import.meta.url))
const isThere = existsSync(DUMP)
if (!isThere)
  console.warn('SKIPPED: explanations on a real shop, since ../shared/saleor is not beside this repository.')

const TEXTS = ['a', 'e', '', 'ready', 'exclude', 'yes', 'true', '5', 'oak', 'sofas', 'furniture', 'summer', 'größe']
const NUMBERS = [-1, 0, 1, 2, 2.6, 3, 4, 10, 40, 100, 500]
const DATES = ['now', 'now-30d', 'now-400d', 'now+30d', '2025-06-01', '2026-03-01T12:00:00Z', '2098-01-01']

interface Shape {
  readonly text: readonly string[]
  readonly number: readonly string[]
  readonly boolean: readonly string[]
  readonly date: readonly string[]
  readonly metadata: readonly string[]
}

const OWN = { text: ['slug', 'name', 'seoTitle', 'translations.de.slug', 'translations.pl.name'], number: ['id'] }
/** Fields that every shop has, and those of one shop. */
const shapesOf = (extra: Partial<Record<RecordKind, Partial<Shape>>>): Readonly<Record<RecordKind, Shape>> => {
  const shape = (kind: RecordKind, fields: Shape): Shape => ({
    text: [...OWN.text, ...fields.text, ...(extra[kind]?.text ?? [])],
    number: [...OWN.number, ...fields.number, ...(extra[kind]?.number ?? [])],
    boolean: [...fields.boolean, ...(extra[kind]?.boolean ?? [])],
    date: [...fields.date, ...(extra[kind]?.date ?? [])],
    metadata: [...fields.metadata, ...(extra[kind]?.metadata ?? [])],
  })
  return {
    products: shape('products', {
      text: [
        ...['description', 'externalReference', 'productType.slug', 'category.slug', 'category.path'],
        ...['category.within', 'collections.slug', 'variants.sku'],
      ],
      number: ['rating', 'weight', 'images.count', 'variants.count', 'variants.price', 'stock.available'],
      boolean: [
        ...['listing.isPublished', 'listing.visibleInListings', 'listings.channel-pln.isPublished'],
        'listings.closed-channel.visibleInListings',
      ],
      date: ['createdAt', 'updatedAt', 'listing.publishedAt', 'listings.channel-pln.availableForPurchaseAt'],
      metadata: ['metadata.sitemap', 'privateMetadata.pim_status', 'variants.metadata.k', 'category.metadata.sitemap'],
    }),
    categories: shape('categories', {
      text: ['path', 'within', 'parent.slug', 'description'],
      number: ['level', 'visibleProducts', 'visibleProducts.direct'],
      boolean: [],
      date: ['updatedAt'],
      metadata: ['metadata.sitemap', 'privateMetadata.x'],
    }),
    collections: shape('collections', {
      text: [],
      number: ['visibleProducts'],
      boolean: ['listing.isPublished', 'listings.channel-pln.isPublished'],
      date: ['listing.publishedAt'],
      metadata: ['metadata.sitemap'],
    }),
    pages: shape('pages', {
      text: ['pageType.slug', 'title'],
      number: [],
      boolean: ['isPublished'],
      date: ['publishedAt', 'createdAt'],
      metadata: ['metadata.sitemap', 'pageType.metadata.x'],
    }),
  }
}

const DEMO = shapesOf({
  products: {
    text: ['attributes.material', 'attributes.internal-note', 'variants.attributes.size'],
    number: ['attributes.net-weight', 'stock.main-warehouse.available'],
    boolean: ['attributes.discontinued'],
    date: ['attributes.sellable-until'],
  },
})
const REAL = shapesOf({
  products: {
    text: ['attributes.brand-name', 'attributes.search-tags', 'attributes.internal-note'],
    number: ['attributes.net-grams'],
    boolean: ['attributes.discontinued'],
    date: ['attributes.sellable-until'],
  },
})

function ruleArbitrary(shape: Shape): fc.Arbitrary<object> {
  const compare = (fields: readonly string[], operands: fc.Arbitrary<object>) =>
    fields.length === 0
      ? []
      : [fc.tuple(fc.constantFrom(...fields), operands).map(([name, test]) => ({ [name]: test }))]
  const exists = fc.boolean().map(value => ({ exists: value }))
  const ordered = <T>(values: fc.Arbitrary<T>) =>
    fc
      .tuple(fc.constantFrom('eq', 'gt', 'gte', 'lt', 'lte'), values)
      .map(([operator, value]) => ({ [operator]: value }))
  const text = fc.constantFrom(...TEXTS)
  const texts = fc.oneof(
    ordered(text),
    fc.tuple(fc.constantFrom('startsWith', 'contains'), text).map(([operator, value]) => ({ [operator]: value })),
    fc.array(text, { maxLength: 4 }).map(oneOf => ({ oneOf })),
    exists,
  )
  const number = fc.constantFrom(...NUMBERS)
  const window = fc.tuple(number, number).map(([gte, lt]) => ({ gte, lt }))
  const date = fc.constantFrom(...DATES)
  const leaf = fc.oneof(
    ...compare(shape.text, texts),
    ...compare(shape.number, fc.oneof(ordered(number), window, exists)),
    ...compare(
      shape.boolean,
      fc.oneof(
        fc.boolean().map(eq => ({ eq })),
        exists,
      ),
    ),
    ...compare(shape.date, fc.oneof(ordered(date), exists)),
    ...compare(shape.metadata, fc.oneof(texts, ordered(number), ordered(date))),
  )
  return fc.letrec<{ rule: object }>(tie => ({
    rule: fc.oneof(
      { maxDepth: 3, depthSize: 'small' },
      leaf,
      tie('rule').map(rule => ({ NOT: rule })),
      fc.array(tie('rule'), { maxLength: 3 }).map(rules => ({ AND: rules })),
      fc.array(tie('rule'), { maxLength: 3 }).map(rules => ({ OR: rules })),
    ),
  })).rule
}

/** A verdict says of every node what its parts add up to. */
function addsUp(verdict: Verdict): boolean {
  switch (verdict.kind) {
    case 'compare':
      return true
    case 'not':
      return verdict.holds === !verdict.verdict.holds && addsUp(verdict.verdict)
    case 'and':
      return verdict.holds === verdict.verdicts.every(({ holds }) => holds) && verdict.verdicts.every(addsUp)
    case 'or':
      return verdict.holds === verdict.verdicts.some(({ holds }) => holds) && verdict.verdicts.every(addsUp)
  }
}

describe.each([
  ['the demo shop', true, DEMO],
  ['a real shop', isThere, REAL],
] as const)('on %s', (name, isHere, shapes) => {
  describe.skipIf(!isHere)('what is told', () => {
    let db: TestDatabase
    const ids: Partial<Record<RecordKind, string[]>> = {}
    beforeAll(async () => {
      db = await createDatabase(name === 'the demo shop' ? { template: 'demo' } : {})
      if (name !== 'the demo shop') await loadSqlGz(db.url, DUMP)
      await db.query('analyze')
      await withShop(db.url, {}, async shop => {
        for (const kind of RECORD_KINDS) {
          const found: string[] = []
          const query = queryOf(kind, {})
          await shop.check([query])
          for await (const records of shop.read(query)) found.push(...records.map(({ key }) => key))
          ids[kind] = found
        }
      })
    })
    afterAll(() => db?.drop())

    test.each(RECORD_KINDS)('of %s is what a run does, for any rule', async kind => {
      const keys = ids[kind] as string[]
      const rules = fc.array(ruleArbitrary(shapes[kind]), { minLength: 6, maxLength: 6 })
      const picks = fc.array(fc.nat(keys.length - 1), { minLength: 12, maxLength: 12 })
      await fc.assert(
        fc.asyncProperty(rules, picks, async (wheres, indexes) => {
          await withShop(db.url, { visibility: 'saleor' }, async shop => {
            const queries = wheres.map(where => queryOf(kind, where))
            expect(await shop.check(queries)).toEqual([])
            for (const query of queries) {
              const chosen = new Set<string>()
              for await (const records of shop.read(query)) for (const { key } of records) chosen.add(key)
              for (const index of indexes) {
                const key = keys[index] as string
                const judgement = (await shop.judge(query, key))?.judgements[0]
                const told = `${JSON.stringify(query.where)} on ${key}: ${JSON.stringify(judgement)}`
                expect(judgement?.listed, told).toBe(chosen.has(key))
                expect(judgement && addsUp(judgement.rule), told).toBe(true)
              }
            }
          })
        }),
        { numRuns: Number(process.env.STOREMAP_PROPERTY_RUNS ?? 12) },
      )
    })
  })
})

describe('in the demo shop', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createDatabase({ template: 'demo' })
  })
  afterAll(() => db?.drop())

  const judge = async (shop: Snapshot, kind: RecordKind, key: number, where: object = {}) => {
    const query = queryOf(kind, where)
    expect(await shop.check([query])).toEqual([])
    return (await shop.judge(query, String(key)))?.judgements[0]
  }
  const failing = (judgement: Awaited<ReturnType<typeof judge>>) =>
    judgement?.visibility.filter(({ verdict }) => !verdict.holds).map(({ removes }) => removes)

  test('each condition of visibility is told by itself, with the instant from which a date will hold', async () => {
    const [visible] = await withShop(db.url, { visibility: 'saleor' }, shop => idsOf(shop, 'products', [{}]))
    const [hidden, later, unpriced, unlisted] = visible as [number, number, number, number]
    const change = (sql: string, id: number) => db.query(sql, [id])
    const listing = 'product_productchannellisting'
    const own = 'channel_id = 1 and product_id = $1'
    await change(`update ${listing} set is_published = false where ${own}`, hidden)
    await change(`update ${listing} set published_at = '2098-05-06 07:08:09.5+02' where ${own}`, later)
    await change(
      `update product_productvariantchannellisting set price_amount = null where channel_id = 1
      and variant_id in (select id from product_productvariant where product_id = $1)`,
      unpriced,
    )
    await change(`delete from ${listing} where ${own}`, unlisted)
    await withShop(db.url, { visibility: 'saleor' }, async shop => {
      const told = await judge(shop, 'products', later)
      expect(failing(await judge(shop, 'products', hidden))).toEqual(['not published in "default-channel"'])
      expect(failing(told)).toEqual(['publication date in "default-channel" still to come'])
      expect(JSON.stringify(told)).toContain('"from":"2098-05-06T05:08:09.5')
      expect(failing(await judge(shop, 'products', unpriced))).toEqual(['no variant with a price in "default-channel"'])
      expect(failing(await judge(shop, 'products', unlisted))).toEqual(['not published in "default-channel"'])
    })
    await withShop(db.url, { visibility: 'all' }, async shop => {
      expect(await judge(shop, 'products', hidden)).toMatchObject({ listed: true, visibility: [] })
    })
    await withShop(db.url, { visibility: 'saleor', channel: 'closed-channel' }, async shop => {
      expect(failing(await judge(shop, 'products', 30))).toContain('the channel "closed-channel" is not active')
      expect(await judge(shop, 'pages', 1)).toMatchObject({ visibility: [{ verdict: { holds: true } }, {}] })
      expect(await judge(shop, 'categories', 1)).toMatchObject({ listed: true, visibility: [] })
    })
  })

  test('the values that decided stand beside each comparison', async () => {
    await withShop(db.url, {}, async shop => {
      const [row] = await db.query('select rating, seo_title from product_product where id = 7')
      const judged = await judge(shop, 'products', 7, { rating: { gte: 4 }, NOT: { 'metadata.sitemap': 'exclude' } })
      expect(judged?.rule).toMatchObject({
        kind: 'and',
        verdicts: [
          { field: 'rating', condition: 'rating is at least 4', values: [row.rating] },
          { kind: 'not', verdict: { field: 'metadata.sitemap' } },
        ],
      })
    })
  })

  test('a record is found by slug, ids with and without type, external reference, SKU and translated slug', async () => {
    const [variant] = await db.query(
      'select id, product_id, sku from product_productvariant where product_id = 17 limit 1',
    )
    const [product] = await db.query('select slug, external_reference from product_product where id = 17')
    await db.query("update product_product set external_reference = 'ERP 17/x' where id = 17")
    await db.query(`insert into product_producttranslation (language_code, product_id, name, slug)
      values ('de', 17, 'Einmalig', 'einmalig-17')`)
    const id = (type: string, key: number) => Buffer.from(`${type}:${key}`).toString('base64')
    await withShop(db.url, {}, async shop => {
      await shop.check([queryOf('products', {})])
      const unread = new Set<string>()
      const find = (text: string) => shop.lookUp(text, { unread })
      const expected = (by: string) => expect.objectContaining({ of: 'products', key: '17', slug: product.slug, by })
      expect(await find(product.slug)).toEqual([expected('slug')])
      expect(await find(id('Product', 17))).toEqual([expected('id')])
      expect(await find(encodeURIComponent(id('Product', 17)))).toEqual([expected('id')])
      expect(await find('Product:17')).toEqual([expected('id')])
      expect(await find(id('ProductVariant', variant.id))).toEqual([expected('variant id')])
      expect(await find('ERP 17/x')).toEqual([expected('external reference')])
      if (variant.sku) expect(await find(variant.sku)).toEqual([expected('SKU')])
      // In whatever language, be it one that no address is in.
      expect(await find('einmalig-17')).toEqual([expected('slug in de')])
      expect(await find(id('Page', 1))).toEqual([expect.objectContaining({ of: 'pages', key: '1', by: 'id' })])
      // A number may be of any kind.
      expect((await find('2')).map(({ of, key }) => `${of} ${key}`)).toEqual(RECORD_KINDS.map(of => `${of} 2`))
      for (const nothing of ['', ' ', '99999999999', 'Product:0', 'a/b', "'; drop table x; --", 'toString', 'UHJv'])
        expect(await find(nothing), nothing).toEqual([])
      expect([...unread]).toEqual([])
    })
  })

  test('an id may be as large as the database has them, and no larger', async () => {
    await db.query(`insert into product_category select (jsonb_populate_record(c,
      '{"id": 2147483647, "slug": "the-last", "parent_id": null}')).* from product_category c limit 1`)
    const globalId = (id: string) => Buffer.from(`Category:${id}`).toString('base64')
    await withShop(db.url, {}, async shop => {
      await shop.check([queryOf('categories', {})])
      for (const text of ['2147483647', globalId('2147483647')])
        expect(await shop.lookUp(text, { unread: new Set() }), text).toMatchObject([
          { of: 'categories', key: '2147483647' },
        ])
      for (const text of ['2147483648', '99999999999999999999', globalId('2147483648')])
        expect(await shop.lookUp(text, { unread: new Set() }), text).toEqual([])
      expect(await shop.locate(queryOf('categories', {}), { id: 2147483648 })).toEqual([])
    })
  })

  test('records are located by a rule, and scanned by one as far as it can be asked, hidden ones too', async () => {
    await withShop(db.url, { visibility: 'saleor' }, async shop => {
      const query = queryOf('products', { rating: { gt: 100 } }, ['slug', 'category.slug'])
      expect(await shop.check([query])).toEqual([])
      const rows = await db.query(
        'select p.id, p.slug, c.slug as category from product_product p left join product_category c on c.id = p.category_id order by p.id',
      )
      const scan = async (where: object) => {
        const found: string[] = []
        for await (const records of shop.scan(query, where))
          for (const { key, addresses } of records) found.push([key, ...(addresses[0] ?? [])].join(' '))
        return found
      }
      const expected = (category?: string) =>
        rows
          .filter(row => !category || row.category === category)
          .map(row => [row.id, row.slug, row.category].join(' '))
      const category = rows[0].category
      expect(await scan({})).toEqual(expected())
      expect(await scan({ OR: [{ 'category.slug': category }] })).toEqual(expected(category))
      expect(expected(category).length).toBeGreaterThan(10)
      expect(await scan({ 'no.such.field': 1 })).toEqual(expected())
      expect(await shop.locate(query, { slug: rows[3].slug })).toMatchObject([
        { key: String(rows[3].id), addresses: [[rows[3].slug, rows[3].category]] },
      ])
      expect(await shop.locate(query, { 'no.such.field': 1 })).toEqual([])
    })
  })

  test('the products below a category are counted in one pass, and not category by category', async () => {
    const transaction = await openReadOnly({ url: db.url, connectTimeoutMs: 5_000, statementTimeoutMs: 60_000 })
    const shop = await probeShop(transaction, 'default-channel', [])
    const field = findField('categories', 'visibleProducts', shop) as SaleorField
    const [row] = await transaction.query(
      sql`explain (format json) select ${field.locate(shop).single as SqlFragment} from product_category r where r.id = 1`,
      { fewRecords: true },
    )
    await transaction.close()
    interface Node {
      readonly 'Parent Relationship'?: string
      readonly 'Relation Name'?: string
      readonly Plans?: readonly Node[]
    }
    const repeated = (node: Node, subplans: number): string[] => {
      const inside = subplans + (node['Parent Relationship'] === 'SubPlan' ? 1 : 0)
      const own = inside > 1 && node['Relation Name'] ? [node['Relation Name']] : []
      return [...own, ...(node.Plans ?? []).flatMap(each => repeated(each, inside))]
    }
    const plan = JSON.parse(row?.[0] as string)[0].Plan
    expect(JSON.stringify(plan)).toContain('product_productchannellisting')
    expect(repeated(plan, 0)).toEqual([])
  })

  describe('a role that may not read everything', () => {
    const role = `reader_${randomBytes(6).toString('hex')}`
    let url: string
    beforeAll(async () => {
      await db.query(`create role ${role} login password 'reads'`)
      await db.query(
        `grant select on channel_channel, product_product, product_productchannellisting, product_category,
         product_productvariant, product_productvariantchannellisting, product_collection to ${role}`,
      )
      url = Object.assign(new URL(db.url), { username: role, password: 'reads' }).href
    })
    afterAll(async () => {
      await db.query(`drop owned by ${role}`)
      await db.query(`drop role ${role}`)
    })

    test('is told what was not looked through, and the rest is', async () => {
      await withShop(url, { visibility: 'saleor' }, async shop => {
        expect(await shop.check([queryOf('products', {})])).toEqual([])
        const unread = new Set<string>()
        const kinds = (await shop.lookUp('2', { unread })).map(({ of }) => of)
        expect(kinds).toEqual(['products', 'categories', 'collections'])
        expect([...unread].sort()).toEqual(
          [
            'pages',
            ...RECORD_KINDS.filter(of => of !== 'pages').map(of => `translations of ${of}`),
            'translations of pages',
          ].sort(),
        )
        expect(await shop.find('pages', { slug: { startsWith: 'a' } })).toEqual([])
        // What a collection's channels are is not for it to read, and nothing fails after it was asked.
        expect(await shop.judge(queryOf('collections', {}), '2')).toBeUndefined()
        expect(await shop.judge(queryOf('products', {}), '2')).toMatchObject({ key: '2' })
        await db.query(`revoke select on product_productvariant from ${role}`)
      })
      await withShop(url, { visibility: 'all' }, async shop => {
        await shop.check([queryOf('products', {})])
        const unread = new Set<string>()
        const [{ slug }] = await db.query('select slug from product_product where id = 5')
        expect(await shop.lookUp(slug, { unread })).toMatchObject([{ of: 'products', key: '5', by: 'slug' }])
        expect([...unread]).toContain('variants of products')
      })
    })
  })

  test('a record that the shop does not have is no record', async () => {
    const shop = await openShop(db.url)
    const query = queryOf('products', {})
    await shop.check([query])
    expect(await shop.judge(query, '999999')).toBeUndefined()
    await shop.close()
  })
})
