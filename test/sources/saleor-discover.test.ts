// What a shop's fields are found to be: every name can be used, every number is what a rule would choose.
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReadOnly } from '../../src/io/postgres.ts'
import { registerSecret } from '../../src/redact.ts'
import { type DiscoverOptions, discoverFields } from '../../src/sources/saleor/discover.ts'
import { fieldNames, fieldPatterns, tableOf } from '../../src/sources/saleor/fields.ts'
import { probeShop } from '../../src/sources/saleor/probe.ts'
import { type KindFields, RECORD_KINDS, type RecordKind, type ShopField } from '../../src/sources/source.ts'
import { createDatabase, loadSqlGz, type TestDatabase } from '../helpers/postgres.ts'
import { idsOf, openShop, withShop } from './shop-reading.ts'

const DATA = fileURLToPath(new URL('../../../shared/saleor', import.meta.url))
const isThere = existsSync(DATA)
if (!isThere)
  console.warn('SKIPPED: the fields of real Saleor databases, since ../shared/saleor is not beside this repository.')

async function fieldsIn(url: string, of: RecordKind): Promise<KindFields> {
  const shop = await openShop(url)
  try {
    return await shop.fields(of)
  } finally {
    await shop.close()
  }
}

/** With limits of the test's own. */
async function fieldsWith(url: string, options: Omit<DiscoverOptions, 'shop'>): Promise<KindFields> {
  const transaction = await openReadOnly({ url, connectTimeoutMs: 5_000, statementTimeoutMs: 60_000 })
  try {
    const shop = await probeShop(transaction, 'default-channel', fieldPatterns('products'))
    return await discoverFields(transaction, { ...options, shop })
  } finally {
    await transaction.close()
  }
}

const namesOf = ({ fields }: KindFields): string[] => fields.map(({ name }) => name)
const byName = ({ fields }: KindFields, name: string): ShopField => {
  const found = fields.find(field => field.name === name)
  if (!found) throw new Error(`${name} is not told`)
  return found
}

/** How many records the rule "has a value" chooses, by name. */
async function chosenBy(url: string, of: RecordKind, names: readonly string[]): Promise<Record<string, number>> {
  const wheres = names.map(name => ({ [name]: { exists: true } }))
  const ids = await withShop(url, {}, shop => idsOf(shop, of, wheres))
  return Object.fromEntries(names.map((name, index) => [name, ids[index]?.length ?? -1]))
}

async function expectUsable(url: string, of: RecordKind): Promise<KindFields> {
  const found = await fieldsIn(url, of)
  const told = Object.fromEntries(found.fields.map(({ name, records }) => [name, records]))
  expect(await chosenBy(url, of, namesOf(found))).toEqual(told)
  for (const { name, records, example } of found.fields)
    expect([name, example !== undefined]).toEqual([name, records > 0])
  return found
}

/** A rule that holds for the value shown; undefined where the value is not shown whole. */
function ruleFor({ name, type, example = '…' }: ShopField): object | undefined {
  if (example.endsWith('…')) return undefined
  if (type === 'number') return { [name]: Number(example) }
  if (type === 'boolean') return { [name]: example === 'true' }
  // Shown in whole seconds.
  if (type !== 'date') return { [name]: example }
  const next = new Date(Date.parse(example) + 1_000).toISOString()
  return { [name]: { gte: example, lt: next } }
}

describe('the demo shop', () => {
  let db: TestDatabase
  let demo: Readonly<Record<RecordKind, KindFields>>
  beforeAll(async () => {
    db = await createDatabase({ template: 'demo' })
    await db.query(
      `update product_producttype set metadata = '{"fragile": "yes"}', private_metadata = '{"duty": 5}' where id = 2`,
    )
    await db.query(`update product_category set private_metadata = '{"owner": "ann"}' where id % 4 = 0`)
    await db.query(`update product_collection set private_metadata = '{"owner": "bob"}' where id < 3`)
    await db.query(`update product_productvariant set metadata = '{"ean": "e-1"}' where id % 3 = 0`)
    await db.query(`update product_productvariant set private_metadata = '{"batch": "b 1"}' where id % 11 = 0`)
    await db.query(`update product_product set description_plaintext = '' where id % 9 = 0`)
    await db.query(
      `update page_pagetype set metadata = '{"layout": "wide"}', private_metadata = '{"owner": "eve"}' where id = 2`,
    )
    await db.query(`update page_page set private_metadata = '{"draft": "no"}' where id < 4`)
    await db.query(`insert into attribute_attribute (id, slug, name, type, input_type, metadata, private_metadata, value_required, is_variant_only, visible_in_storefront, filterable_in_storefront, filterable_in_dashboard, storefront_search_position, available_in_grid)
      select id + 1000, 'lone-' || slug, name, type, input_type, '{}', '{}', value_required, is_variant_only, visible_in_storefront, filterable_in_storefront, filterable_in_dashboard, storefront_search_position, available_in_grid from attribute_attribute where slug in ('brand', 'audience', 'net-weight')`)
    await db.query(
      `insert into attribute_attributeproduct (attribute_id, product_type_id) select a.id, 2 from attribute_attribute a where slug = 'lone-brand'`,
    )
    const found = []
    for (const of of RECORD_KINDS) found.push([of, await fieldsIn(db.url, of)])
    demo = Object.fromEntries(found)
  })
  afterAll(() => db?.drop())

  test.each(RECORD_KINDS)(
    'tells names of %s that can all be used, and counts what a rule chooses by them',
    async of => {
      const found = await expectUsable(db.url, of)
      expect(namesOf(found)).toEqual([...new Set(namesOf(found))])
      const [row] = await db.query(`select count(*)::int as n from ${tableOf(of)}`)
      expect(found).toMatchObject({ of, records: row.n, moreKeys: 0, unreadable: [] })
      expect(found.sampled).toBeUndefined()
    },
  )

  test.each(RECORD_KINDS)('leaves out no name and no pattern of the catalogue of %s', async of => {
    const names = namesOf(demo[of])
    for (const name of fieldNames(of)) expect(names).toContain(name)
    const missing = fieldPatterns(of).filter(pattern => {
      const [before, after] = pattern.split(/<\w+>/) as [string, string]
      return !names.some(name => name.startsWith(before) && name.endsWith(after) && name.length > before.length)
    })
    expect(missing).toEqual(
      of === 'collections' || of === 'pages' || of === 'categories' ? missing.filter(() => false) : [],
    )
  })

  test.each(RECORD_KINDS)('shows values of %s by which a rule finds the record that has them', async of => {
    const { fields } = demo[of]
    const rules = fields.flatMap(field => {
      const where = ruleFor(field)
      return where ? [[field.name, where] as const] : []
    })
    expect(rules.length).toBeGreaterThan(15)
    const ids = await withShop(db.url, {}, shop =>
      idsOf(
        shop,
        of,
        rules.map(([, where]) => where),
      ),
    )
    expect(rules.filter((_, index) => ids[index]?.length === 0)).toEqual([])
  })

  const LISTED =
    'exists (select from product_productchannellisting l join channel_channel c on c.id = l.channel_id where l.product_id = p.id'
  const VARIANT = 'exists (select from product_productvariant v where v.product_id = p.id'
  test.each([
    ['products', 'slug', 'text', false, 'true'],
    ['products', 'description', 'text', false, "p.description_plaintext <> ''"],
    ['products', 'rating', 'number', false, 'p.rating is not null'],
    ['products', 'createdAt', 'date', false, 'true'],
    ['products', 'category.path', 'text', false, 'p.category_id is not null'],
    [
      'products',
      'collections.slug',
      'text',
      true,
      'exists (select from product_collectionproduct k where k.product_id = p.id)',
    ],
    ['products', 'images.count', 'number', false, 'true'],
    ['products', 'variants.sku', 'text', true, `${VARIANT} and v.sku <> '')`],
    ['products', 'listing.isPublished', 'boolean', false, `${LISTED} and c.slug = 'default-channel')`],
    [
      'products',
      'listings.closed-channel.publishedAt',
      'date',
      false,
      `${LISTED} and c.slug = 'closed-channel' and l.published_at is not null)`,
    ],
    [
      'products',
      'stock.store-room.available',
      'number',
      true,
      `${VARIANT} and exists (select from warehouse_stock s join warehouse_warehouse w on w.id = s.warehouse_id where w.slug = 'store-room' and s.product_variant_id = v.id))`,
    ],
    [
      'products',
      'translations.de.name',
      'text',
      false,
      "exists (select from product_producttranslation t where t.product_id = p.id and t.language_code = 'de' and t.name <> '')",
    ],
    [
      'products',
      'attributes.brand',
      'text',
      true,
      "exists (select from attribute_assignedproductattributevalue av join attribute_attributevalue val on val.id = av.value_id join attribute_attribute a on a.id = val.attribute_id where av.product_id = p.id and a.slug = 'brand' and exists (select from attribute_attributeproduct ap where ap.attribute_id = a.id and ap.product_type_id = p.product_type_id))",
    ],
    ['products', 'metadata.sitemap', 'metadata', false, "p.metadata ? 'sitemap'"],
    ['products', 'privateMetadata.pim_status', 'metadata', false, "p.private_metadata ? 'pim_status'"],
    ['products', 'productType.privateMetadata.duty', 'metadata', false, 'p.product_type_id = 2'],
    ['products', 'category.privateMetadata.owner', 'metadata', false, 'p.category_id % 4 = 0'],
    [
      'products',
      'collections.privateMetadata.owner',
      'metadata',
      true,
      'exists (select from product_collectionproduct k where k.product_id = p.id and k.collection_id < 3)',
    ],
    ['products', 'variants.metadata.ean', 'metadata', true, `${VARIANT} and v.id % 3 = 0)`],
    ['categories', 'parent.slug', 'text', false, 'p.parent_id is not null'],
    [
      'categories',
      'translations.pl.slug',
      'text',
      false,
      "exists (select from product_categorytranslation t where t.category_id = p.id and t.language_code = 'pl' and t.slug <> '')",
    ],
    [
      'collections',
      'listings.channel-pln.isPublished',
      'boolean',
      false,
      "exists (select from product_collectionchannellisting l join channel_channel c on c.id = l.channel_id where l.collection_id = p.id and c.slug = 'channel-pln')",
    ],
    ['pages', 'publishedAt', 'date', false, 'p.published_at is not null'],
    ['pages', 'pageType.metadata.layout', 'metadata', false, 'p.page_type_id = 2'],
  ] as const)(
    'counts of %s those that have a value of %s, as SQL written by hand does',
    async (of, name, type, many, plain) => {
      const [row] = await db.query(`select count(*)::int as n from ${tableOf(of)} p where ${plain}`)
      expect(row.n).toBeGreaterThan(0)
      expect(byName(demo[of], name)).toMatchObject({ name, type, many, records: row.n })
    },
  )

  test('shows the value of the first record that has one', async () => {
    const products = demo.products
    const [row] =
      await db.query(`select p.slug, p.seo_title, (select c.slug from product_category c where c.id = p.category_id) as category
      from product_product p where p.id = (select min(id) from product_product where seo_title <> '')`)
    expect(byName(products, 'seoTitle').example).toBe(row.seo_title)
    expect(byName(products, 'id').example).toBe('1')
    const [first] = await db.query(
      'select slug, private_metadata as private, created_at from product_product where id = 1',
    )
    expect(byName(products, 'slug').example).toBe(first.slug)
    expect(byName(products, 'privateMetadata.pim_status').example).toBe(first.private.pim_status)
    expect(byName(products, 'createdAt').example).toBe(first.created_at.toISOString().replace(/\.\d+Z$/, 'Z'))
    expect(byName(products, 'productType.privateMetadata.duty').example).toBe('5')
  })

  test('tells of attributes how they are filled in and what can be chosen, those without a value included', async () => {
    const products = demo.products
    const rows =
      await db.query(`select val.slug from attribute_attributevalue val join attribute_attribute a on a.id = val.attribute_id
      where a.slug = 'material' order by val.sort_order nulls last, val.id`)
    expect(byName(products, 'attributes.material')).toMatchObject({
      inputType: 'multiselect',
      choices: { slugs: rows.map(({ slug }) => slug), count: rows.length },
    })
    const number = byName(products, 'attributes.net-weight')
    expect(number).toMatchObject({ type: 'number', inputType: 'numeric' })
    expect(number).not.toHaveProperty('choices')
    expect(byName(products, 'attributes.lone-brand')).toEqual({
      name: 'attributes.lone-brand',
      type: 'text',
      many: true,
      inputType: 'dropdown',
      choices: { slugs: [], count: 0 },
      records: 0,
    })
  })

  test('leaves out attributes that no type has, and those of other records', async () => {
    for (const of of RECORD_KINDS) {
      const names = namesOf(demo[of])
      expect(names.filter(name => /lone-(audience|net-weight)/.test(name))).toEqual([])
      expect(names.includes('attributes.audience')).toBe(of === 'pages')
      expect(names.includes('attributes.brand')).toBe(of === 'products')
    }
  })

  test('tells the first twenty of many choices, and how many there are', async () => {
    const other = await createDatabase({ template: 'demo' })
    try {
      await other.query(`insert into attribute_attributevalue (attribute_id, slug, name, value, sort_order)
        select id, 'choice-' || n, '', '', -n from attribute_attribute, generate_series(1, 100) n where slug = 'colour'`)
      const { choices } = byName(await fieldsIn(other.url, 'products'), 'attributes.colour')
      expect(choices?.slugs).toEqual(Array.from({ length: 20 }, (_, index) => `choice-${100 - index}`))
      const [row] = await other.query(
        `select count(*)::int as n from attribute_attributevalue val join attribute_attribute a on a.id = val.attribute_id where a.slug = 'colour'`,
      )
      expect(choices?.count).toBe(row.n)
    } finally {
      await other.drop()
    }
  })
})

describe('a shop with odd metadata', () => {
  let db: TestDatabase
  const KEYS = [
    ...[
      'a.b',
      'a b',
      ' a\'b" ',
      'two\nlines',
      'tab\there',
      'größe',
      '😀',
      'a: b',
      '# no',
      '$1',
      '%s',
      '\\',
      '<key>',
      'metadata.x',
    ],
    ...['__proto__', 'constructor', 'toString', '\u202eturned', '{}', '[0]', '-', '0'],
  ]
  beforeAll(async () => {
    db = await createDatabase({ template: 'demo' })
    const set = (id: number, metadata: unknown) =>
      db.query('update product_product set metadata = $2::jsonb where id = $1', [id, JSON.stringify(metadata)])
    await db.query("update product_product set metadata = '{}'")
    await set(1, Object.fromEntries([...KEYS.map(key => [key, `of ${key}`]), ['', 'no name']]))
    await set(2, ['a.b', 'listed'])
    await set(3, 'text')
    await set(4, null)
    await set(5, { nothing: null, nested: { deep: [1] }, list: [1, 'two'], number: 5, truth: false, empty: '' })
    await set(6, { empty: '', 'a.b': null })
    await set(7, {})
    await set(8, { long: '😀'.repeat(100), lines: 'one\ntwo\u001b[31m', exact: 'x'.repeat(60) })
  })
  afterAll(() => db?.drop())

  test('has every key told, whatever is in it, and can be asked for each', async () => {
    const found = await expectUsable(db.url, 'products')
    const own = found.fields.filter(({ name }) => name.startsWith('metadata.'))
    const keys = [...KEYS, 'nothing', 'nested', 'list', 'number', 'truth', 'empty', 'long', 'lines', 'exact']
    expect(own.map(({ name }) => name).sort()).toEqual(keys.map(key => `metadata.${key}`).sort())
    expect(own.every(({ type, many }) => type === 'metadata' && !many)).toBe(true)
    expect(byName(found, 'metadata.nothing')).toEqual({
      name: 'metadata.nothing',
      type: 'metadata',
      many: false,
      records: 0,
    })
    expect(byName(found, 'metadata.a.b')).toMatchObject({ records: 1, example: 'of a.b' })
    expect(byName(found, 'metadata.nested').example).toBe('{"deep": [1]}')
    expect(byName(found, 'metadata.truth').example).toBe('false')
    expect(byName(found, 'metadata.empty')).toMatchObject({ records: 2, example: '' })
  })

  test('has long values shortened by whole characters, and others shown as they are', async () => {
    const found = await fieldsIn(db.url, 'products')
    expect(byName(found, 'metadata.long').example).toBe(`${'😀'.repeat(59)}…`)
    expect(byName(found, 'metadata.exact').example).toBe('x'.repeat(60))
    expect(byName(found, 'metadata.lines').example).toBe('one\ntwo\u001b[31m')
  })

  test('never shows a part of a secret that it was told', async () => {
    const secret = randomBytes(40).toString('hex')
    await db.query(
      `update product_product set private_metadata = jsonb_build_object('leak', 'key=' || $1::text) where id = 9`,
      [secret],
    )
    registerSecret(secret)
    expect(byName(await fieldsIn(db.url, 'products'), 'privateMetadata.leak').example).toBe('key=***')
  })
})

describe('a shop that has ids as keys', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createDatabase({ template: 'demo' })
    await db.query(
      `update product_product p set metadata = (select jsonb_object_agg('order-' || (p.id * 20 + n), 'x') from generate_series(1, 20) n)`,
    )
    await db.query(`update product_product set metadata = metadata || '{"often": "y"}' where id % 2 = 0`)
    await db.query(`update product_product set private_metadata = '{"rare": "z"}' where id < 4`)
  })
  afterAll(() => db?.drop())

  test('has the most frequent of them told, and how many more there are', async () => {
    const { fields, moreKeys } = await fieldsIn(db.url, 'products')
    const keys = fields.filter(({ type }) => type === 'metadata')
    const others = keys.filter(({ name }) => !name.includes('order-'))
    expect(keys.length).toBe(200)
    expect(others).toContainEqual(expect.objectContaining({ name: 'metadata.often', records: 250, example: 'y' }))
    expect(others).toContainEqual(expect.objectContaining({ name: 'privateMetadata.rare', records: 3, example: 'z' }))
    const [row] = await db.query(`select count(*)::int as n from (
      select 'own', jsonb_object_keys(metadata) from product_product
      union select 'own private', jsonb_object_keys(private_metadata) from product_product
      union select 'category', jsonb_object_keys(c.metadata) from product_category c join product_product p on p.category_id = c.id
      union select 'collection', jsonb_object_keys(c.metadata) from product_collection c join product_collectionproduct k on k.collection_id = c.id) keys`)
    expect(row.n).toBeGreaterThan(10_000)
    expect(keys.length + moreKeys).toBe(row.n)
  })
})

describe('a shop without translations, warehouses or metadata', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createDatabase({ template: 'demo' })
    for (const table of [
      'product_producttranslation',
      'product_categorytranslation',
      'product_collectiontranslation',
      'page_pagetranslation',
    ])
      await db.query(`delete from ${table}`)
    await db.query('delete from warehouse_stock')
    await db.query('delete from warehouse_warehouse')
    for (const table of ['product_product', 'product_category', 'product_collection', 'page_page'])
      await db.query(`update ${table} set metadata = '{}', private_metadata = '{}'`)
    await db.query('truncate page_page cascade')
  })
  afterAll(() => db?.drop())

  test.each(RECORD_KINDS)('has no such fields of %s, and all others', async of => {
    const found = await expectUsable(db.url, of)
    expect(namesOf(found).filter(name => /^translations|metadata|^stock\.[^a]/i.test(name))).toEqual([])
    for (const name of fieldNames(of)) expect(namesOf(found)).toContain(name)
    if (of === 'pages') expect(found.records).toBe(0)
  })
})

describe('a table of which only a part is looked at', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createDatabase({ template: 'demo' })
    await db.query('analyze')
  })
  afterAll(() => db?.drop())

  test('has its numbers made of that part, the same each time, and says so', async () => {
    const options = { of: 'products', few: 499, look: 200 } as const
    const found = await fieldsWith(db.url, options)
    const ids = (await db.query('select id from product_product tablesample system (40) repeatable (1)')).map(
      ({ id }) => id,
    )
    expect(ids.length).toBeGreaterThan(100)
    expect(ids.length).toBeLessThan(400)
    expect(found).toMatchObject({ records: 500, sampled: ids.length })
    const rules = found.fields.map(({ name }) => ({ [name]: { exists: true } }))
    const chosen = await withShop(db.url, {}, shop => idsOf(shop, 'products', rules))
    found.fields.forEach(({ name, records }, index) => {
      const seen = (chosen[index] ?? []).filter(id => ids.includes(id)).length
      expect([name, records]).toEqual([name, Math.round((seen * 500) / ids.length)])
    })
    expect(await fieldsWith(db.url, options)).toEqual(found)
  })

  test('has as many records as the limit, and all of them looked at, up to it', async () => {
    const found = await fieldsWith(db.url, { of: 'products', few: 500, look: 200 })
    expect(found).toEqual(await fieldsIn(db.url, 'products'))
    expect(found.sampled).toBeUndefined()
  })

  test('spares categories and collections the counting of many products for an example', async () => {
    for (const of of ['categories', 'collections'] as const) {
      const large = byName(await fieldsWith(db.url, { of, few: 499 }), 'visibleProducts')
      const small = byName(await fieldsWith(db.url, { of, few: 500 }), 'visibleProducts')
      expect(large).toEqual({ ...small, example: undefined })
      expect(Number(small.example)).toBeGreaterThan(0)
    }
  })
})

describe('a role that may not read everything', () => {
  let db: TestDatabase
  let url: string
  const role = `reader_${randomBytes(6).toString('hex')}`
  beforeAll(async () => {
    db = await createDatabase({ template: 'demo' })
    await db.query(`create role ${role} login password 'reads'`)
    const changed = new URL(db.url)
    changed.username = role
    changed.password = 'reads'
    url = changed.href
  })
  afterAll(async () => {
    await db.query(`drop owned by ${role}`)
    await db.query(`drop role ${role}`)
    await db.drop()
  })

  const without = async (tables: readonly string[]): Promise<void> => {
    await db.query(`grant select on all tables in schema public to ${role}`)
    await db.query(`revoke select on ${tables.join(', ')} from ${role}`)
  }

  test.each([
    ['product_productmedia', ['images.count']],
    [
      'product_productvariant',
      expect.arrayContaining([
        'variants.sku',
        'variants.metadata.<key>',
        'variants.attributes.<slug>',
        'stock.available',
      ]),
    ],
    ['warehouse_warehouse', ['stock.<warehouse>.available']],
    ['attribute_attribute', ['variants.attributes.<slug>', 'attributes.<slug>']],
    ['attribute_attributeproduct', ['attributes.<slug>']],
    ['product_producttranslation', ['translations.<lang>.slug', 'translations.<lang>.name']],
    ['page_page', ['attributes.designer']],
    [
      'product_category',
      expect.arrayContaining([
        'category.slug',
        'category.path',
        'category.within',
        'category.metadata.<key>',
        'category.privateMetadata.<key>',
      ]),
    ],
  ])('has all fields but those that need %s told, which it is told by name', async (table, names) => {
    await without([table])
    const found = await expectUsable(url, 'products')
    expect(found.unreadable).toEqual([{ tables: [table], names }])
    const all = namesOf(await fieldsIn(db.url, 'products'))
    const left = namesOf(found)
    const closed = (found.unreadable[0]?.names ?? []).map(
      name => new RegExp(`^${name.replaceAll('.', '\\.').replace(/<\w+>/, '.+')}$`),
    )
    expect(all.filter(name => !left.includes(name) && !closed.some(each => each.test(name)))).toEqual([])
    expect(left.filter(name => closed.some(each => each.test(name)))).toEqual([])
  })

  test('is told of a kind that it may not read at all', async () => {
    await without(['page_page', 'page_pagetype'])
    const found = await fieldsIn(url, 'pages')
    expect(found).toMatchObject({ records: 0, fields: [], moreKeys: 0 })
    expect(found.unreadable).toContainEqual({
      tables: ['page_page', 'page_pagetype'],
      names: expect.arrayContaining(['pageType.slug']),
    })
    expect(found.unreadable.flatMap(({ names }) => names)).toEqual(expect.arrayContaining(fieldNames('pages')))
  })
})

describe.skipIf(!isThere).each([['3.23'], ['3.20'], ['3.14']])('a real shop of Saleor %s', version => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createDatabase()
    await loadSqlGz(db.url, `${DATA}/${version}/catalog.sql.gz`)
    await db.query('analyze')
  })
  afterAll(() => db?.drop())

  test.each(RECORD_KINDS)(
    'tells names of %s that can all be used, and counts what a rule chooses by them',
    async of => {
      const found = await expectUsable(db.url, of)
      expect(found.unreadable).toEqual([])
      expect(found.fields.filter(({ records }) => records > 0).length).toBeGreaterThan(8)
      const names = namesOf(found)
      if (of === 'products')
        expect(names).toEqual(
          expect.arrayContaining(['attributes.brand-name', 'metadata.sitemap', 'privateMetadata.pim_status']),
        )
      // What this version does not have is not told.
      const hasSlugs = version === '3.23'
      expect(names.some(name => /^translations\..+\.slug$/.test(name))).toBe(
        hasSlugs && names.some(name => name.startsWith('translations.')),
      )
      if (of === 'categories') expect(names.includes('updatedAt')).toBe(version !== '3.14')
    },
  )
})
