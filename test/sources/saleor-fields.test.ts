// The whole catalogue of fields: the two ways to each value agree, and what each field means, against SQL written by hand.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReadOnly, type ReadOnlyTransaction, type TextRow } from '../../src/io/postgres.ts'
import { compileSql } from '../../src/rules/compile-sql.ts'
import { parseRule } from '../../src/rules/parse.ts'
import { joinSql, type SqlFragment, sql, trusted } from '../../src/rules/sql.ts'
import { fieldNames, fieldPatterns, findField, tableOf, toLookup } from '../../src/sources/saleor/fields.ts'
import { probeShop } from '../../src/sources/saleor/probe.ts'
import type { SaleorField } from '../../src/sources/saleor/saleor-field.ts'
import type { Shop } from '../../src/sources/saleor/shop.ts'
import { MOST_VALUES, readValues } from '../../src/sources/saleor/values.ts'
import { RECORD_KINDS, type RecordKind } from '../../src/sources/source.ts'
import { createDatabase, loadSqlGz, type TestDatabase } from '../helpers/postgres.ts'

const DUMP = fileURLToPath(new URL('../../../shared/saleor/3.23/catalog.sql.gz', import.meta.url))
const isThere = existsSync(DUMP)
if (!isThere) {
  console.warn('SKIPPED: the fields of a real Saleor database, since ../shared/saleor is not beside this repository.')
}

/** Metadata where the demo shop has none, and what only this file asks for. */
const MORE_DATA = `
  update product_category set metadata = metadata || jsonb_build_object('season', (array['summer', '5', 'x"y'])[1 + id % 3]),
    private_metadata = case when id % 4 = 0 then '{"owner": "ann"}' else '{}' end::jsonb;
  update product_producttype set metadata = jsonb_build_object('fragile', (id = 2)::text),
    private_metadata = jsonb_build_object('duty', id * 10);
  update product_collection set metadata = metadata || jsonb_build_object('rank', (id * 10)::text),
    private_metadata = case when id in (1, 2) then '{"owner": "bob"}' else '{}' end::jsonb;
  update product_productvariant set metadata = case when id % 3 = 0 then jsonb_build_object('ean', 'e-' || id % 7) else '{}' end,
    private_metadata = case when id % 11 = 0 then '{"batch": "b 1"}' else '{}' end::jsonb;
  update product_productvariant set sku = null where id % 13 = 0;
  update product_productvariant set sku = '' where id = 14;
  update page_pagetype set metadata = '{"layout": "wide"}', private_metadata = '{"owner": "eve"}' where id = 2;
  update page_page set private_metadata = '{"draft": "no"}' where id < 4;
  update product_collection set private_metadata = private_metadata || '{"sort": 1}';
  update product_category set seo_description = 'All of ' || name where id % 2 = 0;
  update product_collection set seo_description = '' where id = 3;
  update page_page set seo_description = 'Read ' || title where id > 5;
  update product_product set description_plaintext = '' where id % 9 = 0`

interface Connected {
  readonly db: TestDatabase
  readonly transaction: ReadOnlyTransaction
  readonly shop: Shop
}

async function connect(db: TestDatabase): Promise<Connected> {
  const transaction = await openReadOnly({ url: db.url, connectTimeoutMs: 5_000, statementTimeoutMs: 120_000 })
  const shop = await probeShop(transaction, 'default-channel', ['attributes.x', 'stock.x.available'])
  return { db, transaction, shop }
}

async function disconnect(connected: Connected | undefined): Promise<void> {
  await connected?.transaction.close()
  await connected?.db.drop()
}

const fieldOf = (kind: RecordKind, name: string, shop: Shop): SaleorField => {
  const found = findField(kind, name, shop)
  if ('problem' in found) throw new Error(`${name}: ${found.problem}`)
  return found
}

/** Every name of the catalogue, its patterns filled in with all that the shop has. */
async function allNames(kind: RecordKind, { db, shop }: Connected): Promise<Map<string, readonly string[]>> {
  const column = async (text: string): Promise<string[]> => (await db.query(text)).map(row => row.it)
  const keysOf = (table: string, document: string) =>
    column(
      `select distinct jsonb_object_keys(${document}) as it from public.${table} where jsonb_typeof(${document}) = 'object'`,
    )
  const names = new Map<string, readonly string[]>(fieldNames(kind).map(name => [name, [name]]))
  for (const pattern of fieldPatterns(kind)) {
    const [, before = '', placeholder] = /^(.*)(<.+>)/.exec(pattern) as RegExpExecArray
    const [, owner = '', document = ''] = /^(?:(.*)\.)?(metadata|privateMetadata)\.$/.exec(before) ?? []
    const choices: Readonly<Record<string, () => Promise<readonly string[]>>> = {
      '<channel>': async () => [...shop.channels.keys()],
      '<warehouse>': async () => [...(shop.warehouses ?? [])],
      '<lang>': () => column(`select distinct language_code as it from public.${TRANSLATIONS[kind]}`),
      '<slug>': () => {
        const has = before === 'variants.attributes.' ? 'variant' : kind === 'pages' ? 'page' : 'product'
        return column(`select slug as it from public.attribute_attribute a where exists
          (select from public.attribute_attribute${has} t where t.attribute_id = a.id)`)
      },
      '<key>': () => keysOf(OWNERS[owner] ?? tableOf(kind), document === 'metadata' ? 'metadata' : 'private_metadata'),
    }
    const values = (await choices[placeholder as string]?.()) ?? []
    names.set(
      pattern,
      values.map(value => pattern.replace(placeholder as string, () => value)),
    )
  }
  return names
}

const TRANSLATIONS: Readonly<Record<RecordKind, string>> = {
  products: 'product_producttranslation',
  categories: 'product_categorytranslation',
  collections: 'product_collectiontranslation',
  pages: 'page_pagetranslation',
}
const OWNERS: Readonly<Record<string, string>> = {
  category: 'product_category',
  productType: 'product_producttype',
  collections: 'product_collection',
  variants: 'product_productvariant',
  pageType: 'page_pagetype',
}

/** The way of a run: joins with what is computed once for all records. */
async function valuesByJoins(kind: RecordKind, field: SaleorField, { transaction, shop }: Connected) {
  const place = field.locate(shop)
  const from = sql`from ${trusted(tableOf(kind))} r ${joinSql([...(place.joins?.values() ?? [])], ' ')}`
  const select: SqlFragment = place.rows
    ? sql`select r.id, each.v ${from} cross join lateral (select (${place.value})::text as v ${place.rows}) each`
    : sql`select r.id, (${place.value})::text ${from}`
  const values = new Map<string, (string | null)[]>()
  const add = ([key, value]: TextRow): void => {
    values.set(key as string, [...(values.get(key as string) ?? []), value as string | null])
  }
  for await (const rows of transaction.copy(select)) rows.forEach(add)
  return values
}

const sorted = (values: readonly (string | null)[]) => [...values].map(value => JSON.stringify(value)).sort()

/** How many of the fields' values are not null, by the name or pattern that the catalogue has. */
async function compareBothWays(kind: RecordKind, connected: Connected): Promise<Map<string, number>> {
  const counts = new Map<string, number>()
  const names = await allNames(kind, connected)
  const fields = [...names.values()].flat().map(name => fieldOf(kind, name, connected.shop))
  const keys = (await connected.db.query(`select r.id::text from public.${tableOf(kind)} r order by r.id`)).map(
    row => row.id,
  )
  const single = await readValues(connected.transaction, { kind, keys, fields, shop: connected.shop })
  expect([...single.keys()]).toEqual(keys)
  for (const [index, field] of fields.entries()) {
    const joined = await valuesByJoins(kind, field, connected)
    let some = 0
    for (const key of keys) {
      const one = single.get(key)?.[index] ?? []
      const other = joined.get(key) ?? []
      expect(sorted(one), `${field.field.name} of ${kind} ${key}`).toEqual(sorted(other))
      some += one.filter(value => value !== null).length
    }
    const pattern = [...names].find(([, each]) => each.includes(field.field.name))?.[0] as string
    counts.set(pattern, (counts.get(pattern) ?? 0) + some)
  }
  return counts
}

describe('the demo shop', () => {
  let demo: Connected
  beforeAll(async () => {
    const db = await createDatabase({ template: 'demo' })
    await db.query(MORE_DATA)
    demo = await connect(db)
  })
  afterAll(() => disconnect(demo))

  test.each(RECORD_KINDS)(
    'gives the same values of %s one by one and all together, for every field there is',
    async kind => {
      const counts = await compareBothWays(kind, demo)
      expect([...counts.keys()].sort()).toEqual([...fieldNames(kind), ...fieldPatterns(kind)].sort())
      // A field without any value would agree with everything.
      expect([...counts].filter(([, count]) => count === 0)).toEqual([])
    },
  )

  /** Ids by the program's rule, and by the condition on `r` as anybody might write it. */
  const idsBy = async (kind: RecordKind, where: object): Promise<number[]> => {
    const { condition, from } = compiled(kind, where)
    const ids: number[] = []
    for await (const rows of demo.transaction.copy(sql`select r.id ${from} where ${condition} order by r.id`))
      ids.push(...rows.map(([id]) => Number(id)))
    return ids
  }
  const compiled = (kind: RecordKind, where: object) => {
    const { rule, problems } = parseRule(where, 'where', toLookup(kind, demo.shop))
    expect(problems).toEqual([])
    const { condition, joins } = compileSql(rule, field => fieldOf(kind, field.name, demo.shop).locate(demo.shop))
    return { condition, from: sql`from ${trusted(tableOf(kind))} r ${joinSql([...joins.values()], ' ')}` }
  }
  const idsBySql = async (kind: RecordKind, condition: string): Promise<number[]> =>
    (await demo.db.query(`select r.id from ${tableOf(kind)} r where ${condition} order by r.id`)).map(({ id }) => id)

  /** By the tree's own numbers, where the program goes by parent_id. */
  const inside = (category: string, slug: string) =>
    `exists (select from product_category c join product_category a on a.tree_id = c.tree_id and c.lft between a.lft and a.rght
      where c.id = ${category} and a.slug = '${slug}')`
  const variant = (condition: string) =>
    `exists (select from product_productvariant v where v.product_id = r.id and ${condition})`
  const collection = (condition: string) =>
    `exists (select from product_collectionproduct kp join product_collection k on k.id = kp.collection_id
      where kp.product_id = r.id and ${condition})`
  const category = (condition: string) =>
    `exists (select from product_category c where c.id = r.category_id and ${condition})`

  test.each([
    ['products', { description: { startsWith: 'The 7th of its kind' } }, 'r.id % 20 = 7 and r.id % 9 <> 0'],
    ['products', { description: { exists: false } }, 'r.id % 9 = 0'],
    ['products', { weight: { gte: 20, lt: 21 } }, 'r.id % 6 <> 0 and r.id % 40 = 20'],
    ['products', { weight: { exists: false } }, 'r.id % 6 = 0'],
    ['products', { globalId: 'UHJvZHVjdDoxMjM=' }, 'r.id = 123'],
    ['products', { globalId: { oneOf: ['UHJvZHVjdDo3', 'UHJvZHVjdDo0Mg==', 'UHJvZHVjdDo0Mg'] } }, 'r.id in (7, 42)'],
    ['products', { 'category.within': 'furniture' }, inside('r.category_id', 'furniture')],
    ['products', { 'category.within': 'sofas' }, 'r.category_id = 3'],
    [
      'products',
      { OR: [{ 'category.within': 'lighting' }, { id: { lte: 10 } }] },
      `${inside('r.category_id', 'lighting')} or r.id <= 10`,
    ],
    ['products', { 'category.within': { exists: false } }, 'r.category_id is null'],
    ['products', { 'category.within': { startsWith: 'tab' } }, 'r.category_id in (6, 13)'],
    ['products', { 'category.metadata.season': 'summer' }, category('c.id % 3 = 0')],
    ['products', { 'category.metadata.season': '5' }, category('c.id % 3 = 1')],
    ['products', { 'category.metadata.season': { lt: 6 } }, category('c.id % 3 = 1')],
    ['products', { 'category.metadata.season': 'x"y' }, category('c.id % 3 = 2')],
    ['products', { 'category.metadata.season': { exists: false } }, 'r.category_id is null'],
    ['products', { 'category.privateMetadata.owner': 'ann' }, category('c.id % 4 = 0')],
    ['products', { 'productType.metadata.fragile': 'true' }, 'r.product_type_id = 2'],
    ['products', { 'productType.metadata.fragile': { oneOf: ['false'] } }, 'r.product_type_id <> 2'],
    ['products', { 'productType.privateMetadata.duty': { gt: 15 } }, 'r.product_type_id in (2, 3)'],
    ['products', { 'productType.privateMetadata.duty': '20' }, 'r.product_type_id = 2'],
    ['products', { 'collections.metadata.sitemap': 'exclude' }, collection('k.id = 7')],
    ['products', { 'collections.metadata.rank': { gte: 30, lt: 60 } }, collection('k.id between 3 and 5')],
    ['products', { 'collections.metadata.rank': { exists: false } }, `not ${collection('true')}`],
    ['products', { 'collections.privateMetadata.owner': 'bob' }, collection('k.id in (1, 2)')],
    ['products', { 'variants.sku': 'SM-0009-1' }, 'r.id = 9'],
    ['products', { 'variants.sku': { startsWith: 'SM-000' } }, variant(`v.sku like 'SM-000%'`)],
    ['products', { 'variants.sku': { exists: false } }, `not ${variant(`v.sku <> ''`)}`],
    ['products', { 'variants.metadata.ean': 'e-3' }, variant('v.id % 3 = 0 and v.id % 7 = 3')],
    ['products', { 'variants.metadata.ean': { exists: true } }, variant('v.id % 3 = 0')],
    ['products', { 'variants.privateMetadata.batch': { contains: ' ' } }, variant('v.id % 11 = 0')],
    ['categories', { description: { contains: 'sofas' } }, 'r.id = 3'],
    ['categories', { description: { exists: false } }, 'r.id % 5 = 0'],
    ['categories', { globalId: 'Q2F0ZWdvcnk6NA==' }, 'r.id = 4'],
    ['categories', { level: 0 }, 'r.level = 0'],
    ['categories', { level: { gte: 2 } }, 'r.level = 2'],
    ['categories', { 'parent.slug': 'living-room' }, 'r.id in (3, 4)'],
    ['categories', { 'parent.slug': { exists: false } }, 'r.level = 0'],
    ['categories', { within: 'homeware' }, 'r.tree_id = 2'],
    ['categories', { within: { oneOf: ['study', 'sofas'] } }, 'r.id in (3, 8, 9, 10)'],
    ['collections', { globalId: 'Q29sbGVjdGlvbjo3' }, 'r.id = 7'],
    ['pages', { globalId: 'UGFnZTo3' }, 'r.id = 7'],
    ['pages', { 'pageType.metadata.layout': 'wide' }, 'r.page_type_id = 2'],
    ['pages', { 'pageType.privateMetadata.owner': { exists: true } }, 'r.page_type_id = 2'],
  ] as const)('chooses %s by %j, and all others under NOT', async (kind, where, plain) => {
    const expected = await idsBySql(kind, plain)
    expect(expected.length).toBeGreaterThan(0)
    expect(await idsBy(kind, where)).toEqual(expected)
    expect(await idsBy(kind, { NOT: where })).toEqual(await idsBySql(kind, `(${plain}) is not true`))
  })

  test.each([
    { 'category.within': 'furniture' },
    { NOT: { 'category.within': 'furniture' } },
    { OR: [{ 'category.within': 'furniture' }, { rating: { gt: 4 } }] },
    { OR: [{ NOT: { 'category.within': 'furniture' } }, { rating: { gt: 4 } }] },
  ])('goes through the tree of categories once for all products: %j', async where => {
    const { condition, from } = compiled('products', where)
    const [row] = await demo.transaction.query(
      sql`explain (analyze, timing off, format json) select r.id ${from} where ${condition}`,
    )
    const unions: number[] = []
    const visit = (node: Record<string, unknown>): void => {
      if (node['Node Type'] === 'Recursive Union') unions.push(node['Actual Loops'] as number)
      for (const child of (node.Plans ?? []) as Record<string, unknown>[]) visit(child)
    }
    visit((JSON.parse(row?.[0] as string) as [{ Plan: Record<string, unknown> }])[0].Plan)
    expect(unions).toEqual([1])
  })
})

describe.skipIf(!isThere)('a real shop of Saleor 3.23', () => {
  let real: Connected
  beforeAll(async () => {
    const db = await createDatabase()
    await loadSqlGz(db.url, DUMP)
    await db.query('analyze')
    real = await connect(db)
  })
  afterAll(() => disconnect(real))

  test.each(RECORD_KINDS)(
    'gives the same values of %s one by one and all together, for every field there is',
    async kind => {
      const counts = await compareBothWays(kind, real)
      expect([...counts.values()].filter(count => count > 0).length).toBeGreaterThan(8)
    },
  )
})

describe('the tree of categories', () => {
  let db: TestDatabase
  let shop: Connected
  beforeAll(async () => {
    db = await createDatabase({ template: 'demo' })
    // An import left a circle (1 › 2 › 5 › 1, with all that hangs on it), and the tree's own columns as they were.
    await db.query('update product_category set parent_id = 5 where id = 1')
    await db.query('update product_category set parent_id = 2 where id = 5')
    await db.query('update product_category set parent_id = 19 where id = 12')
    shop = await connect(db)
  })
  afterAll(() => disconnect(shop))

  test('may have a circle: no reading goes on for ever, and both ways agree', async () => {
    await compareBothWays('categories', shop)
    const names = ['category.path', 'category.within']
    const fields = names.map(name => fieldOf('products', name, shop.shop))
    const [inCircle] = await db.query('select id::text as id from product_product where category_id = 3 limit 1')
    const values = await readValues(shop.transaction, {
      kind: 'products',
      keys: [inCircle.id],
      fields,
      shop: shop.shop,
    })
    expect(values.get(inCircle.id)).toEqual([[null], ['dining-room', 'furniture', 'living-room', 'sofas']])
    for (const field of fields) {
      const joined = await valuesByJoins('products', field, shop)
      expect(sorted(joined.get(inCircle.id) ?? [])).toEqual(
        sorted(values.get(inCircle.id)?.[fields.indexOf(field)] ?? []),
      )
    }
  })

  test('is read by the parent of each, whatever its own columns say', async () => {
    const fields = ['path', 'level', 'within', 'parent.slug'].map(name => fieldOf('categories', name, shop.shop))
    const values = await readValues(shop.transaction, { kind: 'categories', keys: ['13'], fields, shop: shop.shop })
    expect(values.get('13')).toEqual([
      ['outdoor/lighting/table-lamps'],
      ['2'],
      ['lighting', 'outdoor', 'table-lamps'],
      ['lighting'],
    ])
  })

  test('counts in a circle each product once', async () => {
    const fields = [fieldOf('categories', 'visibleProducts', shop.shop)]
    const values = await readValues(shop.transaction, {
      kind: 'categories',
      keys: ['1', '2', '5'],
      fields,
      shop: shop.shop,
    })
    const [row] = await db.query(`select count(*)::text as n from product_product p join product_productchannellisting l
      on l.product_id = p.id and l.channel_id = 1 and l.is_published and (l.published_at is null or l.published_at <= now())
      where p.category_id between 1 and 10 and exists (select from product_productvariant v
        join product_productvariantchannellisting vl on vl.variant_id = v.id and vl.channel_id = 1
        where v.product_id = p.id and vl.price_amount is not null)`)
    // The study hangs on the circle, too: from each of the three all the furniture is below.
    expect([...values.values()]).toEqual([[[row.n]], [[row.n]], [[row.n]]])
  })
})

describe('values of a few records', () => {
  let shop: Connected
  beforeAll(async () => {
    const db = await createDatabase({ template: 'demo' })
    await db.query(`insert into product_productvariant (product_id, sku, name, track_inventory, is_preorder, created_at,
      updated_at) select 5, 'many-' || lpad(n::text, 5, '0'), '', true, false, now(), now() from generate_series(1, 1500) n`)
    await db.query(`update product_productvariant set sku = null where sku like 'many-%9'`)
    shop = await connect(db)
  })
  afterAll(() => disconnect(shop))
  const read = (kind: RecordKind, keys: readonly string[], names: readonly string[]) =>
    readValues(shop.transaction, {
      kind,
      keys,
      fields: names.map(name => fieldOf(kind, name, shop.shop)),
      shop: shop.shop,
    })

  test('come by key, field by field in the order asked for, as the text that PostgreSQL writes', async () => {
    const values = await read(
      'products',
      ['8', '3', '8'],
      ['slug', 'rating', 'createdAt', 'listing.visibleInListings', 'slug'],
    )
    const rows = await shop.db.query(`select p.id::text, p.slug, p.rating::text,
      (p.created_at at time zone 'utc')::text || '+00' as at, l.visible_in_listings::text as listed from product_product p
      join product_productchannellisting l on l.product_id = p.id and l.channel_id = 1 where p.id in (3, 8) order by p.id`)
    expect([...values]).toEqual(
      rows.map(row => [row.id, [[row.slug], [row.rating], [row.at], [row.listed], [row.slug]]]),
    )
    expect(rows[1].rating).toBeNull()
  })

  test('are read without joining anything that has to be computed for all records first', async () => {
    for (const kind of RECORD_KINDS) {
      const texts: string[] = []
      const spy: ReadOnlyTransaction = {
        ...shop.transaction,
        query: async fragment => {
          texts.push(fragment.parts.join('?'))
          return []
        },
      }
      const fields = fieldNames(kind).map(name => fieldOf(kind, name, shop.shop))
      await readValues(spy, { kind, keys: ['1'], fields, shop: shop.shop })
      expect(texts.join()).toContain(`from ${tableOf(kind)} r`)
      expect(texts.join()).not.toMatch(/left join \(|group by/)
    }
  })

  test('leave out a key that no record has, and one that can be none', async () => {
    const values = await read(
      'products',
      ['7', '999999', '', 'x', '-1', '99999999999', '1; drop table page_page'],
      ['id'],
    )
    expect([...values]).toEqual([['7', [['7']]]])
    expect(await read('products', [], ['id'])).toEqual(new Map())
    expect([...(await read('pages', ['1'], []))]).toEqual([['1', []]])
  })

  test('are at most a thousand of a field, the first in order, nulls last', async () => {
    const [skus] = (await read('products', ['5'], ['variants.sku'])).get('5') as [string[]]
    const all = Array.from({ length: 1_500 }, (_, index) => index + 1).filter(n => n % 10 !== 9)
    expect(skus).toEqual(all.slice(0, MOST_VALUES).map(n => `many-${String(n).padStart(5, '0')}`))
  })

  test('are in the order of numbers where they are numbers, with nulls and repeated values kept', async () => {
    await expect(read('products', ['9'], ['stock.available'])).resolves.toEqual(new Map([['9', [['0', '0']]]]))
    const [row] =
      await shop.db.query(`select p.id::text from product_product p join product_productvariant v on v.product_id = p.id
      join product_productvariantchannellisting vl on vl.variant_id = v.id and vl.channel_id = 1
      where p.id % 50 = 23 group by p.id having count(*) = 3 and count(price_amount) = 2 order by p.id limit 1`)
    const [prices] = (await read('products', [row.id], ['variants.price'])).get(row.id) as [(string | null)[]]
    const expected = await shop.db.query(
      `select price_amount::text as price from product_productvariantchannellisting vl join product_productvariant v
       on v.id = vl.variant_id where v.product_id = $1 and vl.channel_id = 1 order by price_amount nulls last`,
      [row.id],
    )
    expect(prices).toEqual(expected.map(({ price }) => price))
    expect(prices.at(-1)).toBeNull()
  })
})
