// Fingerprints of what pages show, on real Saleor databases and on the demo shop: what moves them, and what does not.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sectionProblems } from '../../src/config/check-sections.ts'
import { openReadOnly } from '../../src/io/postgres.ts'
import { CONTENT_VERSION, DEFAULT_CONTENT } from '../../src/sources/saleor/content.ts'
import { fieldNames, fieldPatterns, findField, type SaleorField } from '../../src/sources/saleor/fields.ts'
import { probeShop } from '../../src/sources/saleor/probe.ts'
import { planQuery } from '../../src/sources/saleor/query.ts'
import { readValues } from '../../src/sources/saleor/values.ts'
import { type AddressQuery, RECORD_KINDS, type RecordKind, type RecordQuery } from '../../src/sources/source.ts'
import { createDatabase, loadSqlGz, type TestDatabase } from '../helpers/postgres.ts'
import { fingerprintsOf, queryOf, withShop } from './shop-reading.ts'

const DATA = fileURLToPath(new URL('../../../shared/saleor', import.meta.url))
const isThere = existsSync(DATA)
if (!isThere) {
  console.warn('SKIPPED: fingerprints of real Saleor databases, since ../shared/saleor is not beside this repository.')
}

const LANGUAGES = [undefined, 'de', 'fr-ca'] as const
const PLACES = ['own', 'de', 'fr-ca'] as const
type PlaceName = (typeof PLACES)[number]

const asking = (kind: RecordKind, content: readonly string[], asks: readonly Partial<AddressQuery>[]): RecordQuery => ({
  ...queryOf(kind, {}),
  addresses: asks.map(ask => ({
    channel: undefined,
    language: undefined,
    missing: 'fallback',
    fields: ['slug'],
    path: `sections.${kind}.url`,
    ...ask,
  })),
  content,
})

interface Shop {
  readonly db: TestDatabase
  /** The places whose fingerprints a statement moves: `17 own`, `17 de`. */
  moved(kind: RecordKind, statement: string, content?: readonly string[]): Promise<string[]>
  ids(query: string): Promise<number[]>
}

function shopOn(database: () => TestDatabase): Shop {
  const read = (kind: RecordKind, content: readonly string[]) => {
    const asks = LANGUAGES.map(language => ({ language }))
    return withShop(database().url, {}, shop => fingerprintsOf(shop, asking(kind, content, asks)))
  }
  return {
    get db() {
      return database()
    },
    moved: async (kind, statement, content = DEFAULT_CONTENT[kind]) => {
      const before = await read(kind, content)
      await database().query(statement)
      const after = await read(kind, content)
      expect(Object.keys(after)).toEqual(Object.keys(before))
      expect(Object.keys(after).length).toBeGreaterThan(5)
      return Object.keys(after).flatMap(key =>
        PLACES.filter((_, index) => before[key]?.[index] !== after[key]?.[index]).map(place => `${key} ${place}`),
      )
    },
    ids: async query => (await database().query(query)).map(({ id }) => id),
  }
}

const at = (ids: readonly number[], places: readonly PlaceName[] = PLACES): string[] =>
  ids.flatMap(id => places.map(place => `${id} ${place}`))

const TABLES = {
  products: ['product_product', 'product_producttranslation', 'product_id', 'name', 'description'],
  categories: ['product_category', 'product_categorytranslation', 'category_id', 'name', 'description'],
  collections: ['product_collection', 'product_collectiontranslation', 'collection_id', 'name', 'description'],
  pages: ['page_page', 'page_pagetranslation', 'page_id', 'title', 'content'],
} as const

const document = (text: string, more = ''): string =>
  `'{"blocks": [{"type": "paragraph", "data": {"text": "${text}"}}]${more}}'`

describe.skipIf(!isThere).each([['3.23'], ['3.20'], ['3.14']])('the pages of a real shop of Saleor %s', version => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createDatabase()
    await loadSqlGz(db.url, join(DATA, version, 'catalog.sql.gz'))
    await db.query('analyze')
  })
  afterAll(() => db?.drop())

  const { moved, ids } = shopOn(() => db)
  const isOld = version === '3.14'
  /** Which values a product has been given, as the version keeps it. */
  const given = isOld
    ? '(select av.id, aa.product_id, av.value_id from attribute_assignedproductattributevalue av join attribute_assignedproductattribute aa on aa.id = av.assignment_id)'
    : '(select id, product_id, value_id from attribute_assignedproductattributevalue)'
  const having = (condition: string) =>
    ids(`select distinct p.id from product_product p join ${given} g on g.product_id = p.id
      join attribute_attributevalue v on v.id = g.value_id join attribute_attribute a on a.id = v.attribute_id
      join attribute_attributeproduct at on at.attribute_id = a.id and at.product_type_id = p.product_type_id
      where ${condition} order by p.id`)
  const one = async (query: string): Promise<number> => {
    const [id] = await ids(`${query} limit 1`)
    if (id === undefined) throw new Error(`nothing there: ${query}`)
    return id
  }

  test('are not moved by what Saleor touches by itself, nor by what they do not show', async () => {
    const untouched = [
      `update product_product set updated_at = now(), created_at = now(), search_index_dirty = not search_index_dirty,
        metadata = '{"x": "y"}', private_metadata = '{"x": "y"}', rating = 1, weight = 7, external_reference = 'x' || id,
        slug = slug || '-x', description_plaintext = 'x'`,
      'update product_productvariant set updated_at = now(), name = name || id, sku = sku || id',
      'update product_productvariantchannellisting set price_amount = coalesce(price_amount, 0) + 1',
      'update product_productchannellisting set is_published = not is_published, published_at = now()',
      'update warehouse_stock set quantity = quantity + 1, quantity_allocated = 0',
      `update product_productmedia set sort_order = sort_order * 10 - 5, metadata = '{"x": "y"}', oembed_data = '{"x": 1}'`,
      'update attribute_assignedproductattributevalue set sort_order = coalesce(sort_order, 0) * 10 + 3',
      `update attribute_attributevalue set slug = slug || '-x', external_reference = 'x' || id, sort_order = null`,
      `update attribute_attribute set metadata = '{"x": "y"}', filterable_in_storefront = not filterable_in_storefront`,
      'delete from product_collectionproduct where id % 2 = 0',
    ]
    for (const statement of untouched) expect(await moved('products', statement), statement).toEqual([])
    for (const table of ['product_category', 'product_collection']) {
      const kind = table === 'product_category' ? 'categories' : 'collections'
      const more = kind === 'categories' && !isOld ? ', updated_at = now()' : ''
      const statement = `update ${table} set slug = slug || '-x', metadata = '{"x": "y"}', background_image_alt = 'x'${more}`
      expect(await moved(kind, statement), table).toEqual([])
    }
    expect(await moved('pages', `update page_page set created_at = now(), slug = slug || '-x'`)).toEqual([])
  })

  test.each(RECORD_KINDS)('of %s move with their own texts, in the languages that have none instead', async kind => {
    const [table, translations, owner, name, description] = TABLES[kind]
    const textOf = `exists (select from ${translations} t where t.${owner} = r.id and t.language_code = 'de' and t.${name} <> '')`
    const translated = (await ids(`select r.id from ${table} r where ${textOf} order by r.id desc limit 1`))[0]
    const id = await one(`select r.id from ${table} r where not ${textOf} order by r.id desc`)
    await db.query(
      `delete from ${translations} where ${owner} in (${id}, ${translated ?? id}) and language_code = 'fr-ca'`,
    )
    const texts = { [name]: `${name} || '!'`, seo_title: `'A title'`, seo_description: `'A description'` }
    for (const [column, value] of Object.entries(texts)) {
      const places = await moved(kind, `update ${table} set ${column} = ${value} where id = ${id}`)
      expect(places, column).toEqual(at([id]))
    }
    if (translated !== undefined) {
      const statement = `update ${table} set ${name} = ${name} || '!' where id = ${translated}`
      expect(await moved(kind, statement)).toEqual(at([translated], ['own', 'fr-ca']))
    } else expect(['categories', 'collections']).toContain(kind)

    const write = (text: string) => moved(kind, `update ${table} set ${description} = ${text} where id = ${id}`)
    expect(await write(document('One'))).toEqual(at([id]))
    expect(await write(document('Two'))).toEqual(at([id]))
    expect(await write(document('<a href=\\"/x\\">Two</a>'))).toEqual(at([id]))
    // What the editor writes when it saves the same again.
    const saved = document('<a href=\\"/x\\">Two</a>', ', "time": 1764316800000, "version": "2.30.7"')
    expect(await write(saved)).toEqual([])
    expect(await write(saved.replace('1764316800000', '1764316800001'))).toEqual([])
    expect(await write('null')).toEqual(at([id]))
    // None is written in two ways.
    expect(await write(`'null'`)).toEqual([])
    for (const odd of [`'"text"'`, `'[1, 2]'`, `'7'`, `'{}'`]) expect(await write(odd), odd).toEqual(at([id]))
  })

  test.each(RECORD_KINDS)('of %s tell an empty text from none, and where one text ends', async kind => {
    const [table, , , name] = TABLES[kind]
    const id = await one(`select id from ${table} order by id`)
    const write = (texts: string) =>
      moved(kind, `update ${table} set (${name}, seo_title, seo_description) = (${texts}) where id = ${id}`)
    await write(`'a', null, 'c'`)
    expect(await write(`'a', '', 'c'`)).toEqual(at([id]))
    expect(await write(`'a', 'c', ''`)).toEqual(at([id]))
    expect(await write(`'ab', 'c', ''`)).toEqual(at([id]))
    expect(await write(`'a', 'bc', ''`)).toEqual(at([id]))
    expect(await write(`'a', 'b', 'c'`)).toEqual(at([id]))
    expect(await write(`'a', 'c', 'b'`)).toEqual(at([id]))
    expect(await write(`'a', 'c', 'b'`)).toEqual([])
  })

  test.each(RECORD_KINDS)('of %s move with a translation at the address of its language alone', async kind => {
    const [table, translations, owner, name, description] = TABLES[kind]
    const id = await one(`select id from ${table} order by id desc offset 1`)
    await db.query(`delete from ${translations} where ${owner} = ${id}`)
    const german = at([id], ['de'])
    const write = (set: string) =>
      moved(kind, `update ${translations} set ${set} where ${owner} = ${id} and language_code = 'de'`)
    // Saleor writes a missing document as JSON's null.
    const added = `insert into ${translations} (language_code, ${owner}, ${description}) values ('de', ${id}, 'null'), ('pl', ${id}, ${document('Po polsku')})`
    expect(await moved(kind, added)).toEqual([])
    for (const column of [name, 'seo_title', 'seo_description']) {
      expect(await write(`${column} = 'Auf Deutsch'`), column).toEqual(german)
      expect(await write(`${column} = 'Auf gut Deutsch'`), column).toEqual(german)
      expect(await write(`${column} = ''`), column).toEqual(german)
      expect(await write(`${column} = null`), column).toEqual([])
    }
    expect(await write(`${description} = ${document('Auf Deutsch')}`)).toEqual(german)
    expect(await write(`${description} = ${document('Auf Deutsch', ', "time": 5')}`)).toEqual([])
    expect(await write(`${description} = null`)).toEqual(german)
    if (version === '3.23') expect(await write(`slug = 'auf-deutsch'`)).toEqual([])
    // A translation that says the same shows the same.
    expect(await write(`${name} = (select ${name} from ${table} where id = ${id})`)).toEqual([])
  })

  test('of products move with their images: path, text, kind and order', async () => {
    const id = await one(
      'select product_id as id from product_productmedia group by product_id having count(*) >= 3 order by 1 desc',
    )
    const media = await ids(`select id from product_productmedia where product_id = ${id} order by sort_order, id`)
    const [first, second, third] = media as [number, number, number]
    const write = (set: string, which = second) =>
      moved('products', `update product_productmedia set ${set} where id = ${which}`)
    expect(await write(`alt = 'Seen from above'`)).toEqual(at([id]))
    expect(await write(`image = 'products/other.png'`)).toEqual(at([id]))
    expect(await write(`image = null, external_url = 'https://img.example.com/1.jpg'`)).toEqual(at([id]))
    expect(await write(`image = ''`)).toEqual([])
    expect(await write(`external_url = 'https://video.example.com/1'`)).toEqual(at([id]))
    expect(await write(`type = 'VIDEO'`)).toEqual(at([id]))
    const swap = `update product_productmedia m set sort_order = o.sort_order from product_productmedia o
      where (m.id, o.id) in ((${first}, ${second}), (${second}, ${first}))`
    expect(await moved('products', swap)).toEqual(at([id]))
    const renumbered = `update product_productmedia set sort_order = sort_order + 100 where product_id = ${id}`
    expect(await moved('products', renumbered)).toEqual([])
    // Saleor first marks what it deletes later, and then moves up those behind it.
    expect(await write('to_remove = true')).toEqual(at([id]))
    const deleted = `delete from product_productmedia where id = ${second};
      update product_productmedia set sort_order = sort_order - 1 where product_id = ${id}`
    expect(await moved('products', deleted)).toEqual([])
    expect(await write('sort_order = null', first)).toEqual(at([id]))
    expect(await write('product_id = null', third)).toEqual(at([id]))
  })

  test.each(['categories', 'collections'] as const)('of %s move with their background', async kind => {
    const [table] = TABLES[kind]
    const id = await one(`select id from ${table} order by id desc`)
    const write = (set: string) => moved(kind, `update ${table} set ${set} where id = ${id}`)
    expect(await write(`background_image = 'a.jpg', background_image_alt = ''`)).toEqual(at([id]))
    expect(await write(`background_image_alt = 'A room'`)).toEqual(at([id]))
    expect(await write(`background_image = 'b.jpg'`)).toEqual(at([id]))
    expect(await write(`background_image = ''`)).toEqual(at([id]))
    expect(await write('background_image = null')).toEqual([])
  })

  test('of products move with the attributes that storefronts show, and with no others', async () => {
    const value = await one(
      `select v.id from attribute_attributevalue v join attribute_attribute a on a.id = v.attribute_id
        join ${given} g on g.value_id = v.id where a.slug = 'material' and a.visible_in_storefront group by v.id order by count(*) desc`,
    )
    const withValue = await having(`v.id = ${value}`)
    expect(withValue.length).toBeGreaterThan(0)
    const write = (set: string, which = value) =>
      moved('products', `update attribute_attributevalue set ${set} where id = ${which}`)
    expect(await write(`name = 'Driftwood'`)).toEqual(at(withValue))
    expect(await write(`value = '#aabbcc'`)).toEqual(at(withValue))
    expect(await write(`file_url = 'file_upload/wood.png'`)).toEqual(at(withValue))

    const [product = 0] = withValue
    const row = await one(`select id from ${given} g where product_id = ${product} and value_id = ${value}`)
    const other = await one(
      `select id from attribute_attributevalue where attribute_id = (select attribute_id from attribute_attributevalue where id = ${value}) and id <> ${value} order by id`,
    )
    const assign = (id: number) =>
      `update attribute_assignedproductattributevalue set value_id = ${id} where id = ${row}`
    expect(await moved('products', assign(other))).toEqual(at([product]))
    expect(await moved('products', assign(value))).toEqual(at([product]))
    expect(await moved('products', `delete from attribute_assignedproductattributevalue where id = ${row}`)).toEqual(
      at([product]),
    )

    const hidden = await having(`a.slug = 'search-tags'`)
    const rename = `update attribute_attributevalue set name = name || '!' where attribute_id = (select id from attribute_attribute where slug = 'search-tags')`
    expect(hidden.length).toBeGreaterThan(100)
    expect(await moved('products', rename)).toEqual([])
    const show = `update attribute_attribute set visible_in_storefront = true where slug = 'search-tags'`
    expect(await moved('products', show)).toEqual(at(hidden))
    expect(await moved('products', rename)).toEqual(at(hidden))
    const remove = `from attribute_attributeproduct where attribute_id = (select id from attribute_attribute where slug = 'search-tags')`
    if (isOld) return
    // What the type has lost is hidden. Up to 3.17 it is deleted.
    expect(await moved('products', `delete ${remove}`)).toEqual(at(hidden))
    expect(await moved('products', rename)).toEqual([])
  })

  test('of products move with the order of an attribute’s values', async () => {
    await db.query(`update attribute_attribute set visible_in_storefront = true where slug = 'search-tags';
      insert into attribute_attributeproduct (attribute_id, product_type_id)
        select a.id, t.id from attribute_attribute a cross join product_producttype t where a.slug = 'search-tags'
        on conflict do nothing`)
    const tagged = `${given} g join attribute_attributevalue v on v.id = g.value_id join attribute_attribute a on a.id = v.attribute_id where a.slug = 'search-tags'`
    const id = await one(`select g.product_id as id from ${tagged} group by 1 having count(*) = 2 order by 1 desc`)
    const rows = await ids(`select g.id from ${tagged} and g.product_id = ${id} order by g.id`)
    const order = (...numbers: (number | 'null')[]) =>
      moved(
        'products',
        rows
          .map(
            (row, index) =>
              `update attribute_assignedproductattributevalue set sort_order = ${numbers[index] ?? 50} where id = ${row}`,
          )
          .join(';'),
      )
    await order(0, 1)
    expect(await order(1, 0)).toEqual(at([id]))
    expect(await order(7, 3)).toEqual([])
    expect(await order('null', 3)).toEqual([])
    expect(await order(2, 2)).toEqual(at([id]))
    expect(await order(2, 'null')).toEqual([])
  })

  test('of products move with all that a value can be', async () => {
    const value = await one(
      `select v.id from attribute_attributevalue v join attribute_attribute a on a.id = v.attribute_id
        join ${given} g on g.value_id = v.id where a.slug = 'brand-name' and a.visible_in_storefront order by v.id desc`,
    )
    const products = await having(`v.id = ${value}`)
    expect(products.length).toBeGreaterThan(0)
    const write = (set: string) => moved('products', `update attribute_attributevalue set ${set} where id = ${value}`)
    const [page, product, variant] = await Promise.all([
      one('select id from page_page'),
      one('select id from product_product'),
      one('select id from product_productvariant'),
    ])
    const sets = [
      `plain_text = 'Some text'`,
      `rich_text = ${document('Some text')}`,
      `"boolean" = true`,
      `"boolean" = false`,
      `date_time = '2026-01-31T12:00:00Z'`,
      `date_time = '2026-01-31T12:00:00.000001Z'`,
      `reference_page_id = ${page}`,
      `reference_product_id = ${product}`,
      `reference_variant_id = ${variant}`,
    ]
    if (version === '3.23') {
      sets.push(`reference_category_id = ${await one('select id from product_category')}`)
      sets.push(`reference_collection_id = ${await one('select id from product_collection')}`)
    }
    for (const set of sets) expect(await write(set), set).toEqual(at(products))
    expect(await write(`rich_text = ${document('Some text', ', "time": 7')}`)).toEqual([])

    const german = at(products, ['de'])
    const add = `insert into attribute_attributevaluetranslation (language_code, attribute_value_id, name, rich_text)
      values ('de', ${value}, '', 'null'), ('pl', ${value}, 'Marka', null)`
    expect(await moved('products', add)).toEqual([])
    const translate = (set: string) =>
      moved(
        'products',
        `update attribute_attributevaluetranslation set ${set} where attribute_value_id = ${value} and language_code = 'de'`,
      )
    expect(await translate(`name = 'Marke'`)).toEqual(german)
    expect(await translate(`plain_text = 'Etwas Text'`)).toEqual(german)
    expect(await translate(`rich_text = ${document('Etwas Text')}`)).toEqual(german)
    expect(await write(`name = 'Another brand'`)).toEqual(at(products, ['own', 'fr-ca']))
  })

  test('of products move with price and stock where they are content', async () => {
    const content = ['name', 'variants.price', 'stock.available']
    const price = await one(
      `select vl.id from product_productvariantchannellisting vl join channel_channel c on c.id = vl.channel_id
        where c.slug = 'default-channel' and price_amount is not null order by vl.id`,
    )
    const [sold] = await ids(`select v.product_id as id from product_productvariant v
      join product_productvariantchannellisting vl on vl.variant_id = v.id where vl.id = ${price}`)
    const raise = `update product_productvariantchannellisting set price_amount = price_amount + 1`
    expect(await moved('products', `${raise} where id = ${price}`, content)).toEqual(at([sold as number]))
    const elsewhere = `channel_id <> (select id from channel_channel where slug = 'default-channel')`
    expect(await moved('products', `${raise} where ${elsewhere}`, content)).toEqual([])
    expect(
      await moved('products', `update product_productvariantchannellisting set currency = currency`, content),
    ).toEqual([])

    const stock = await one('select id from warehouse_stock where quantity > quantity_allocated order by id')
    const [stocked] = await ids(`select v.product_id as id from product_productvariant v
      join warehouse_stock s on s.product_variant_id = v.id where s.id = ${stock}`)
    const sell = `update warehouse_stock set quantity_allocated = quantity_allocated + 1 where id = ${stock}`
    expect(await moved('products', sell, content)).toEqual(at([stocked as number]))
    const both = `update warehouse_stock set quantity = quantity + 1, quantity_allocated = quantity_allocated + 1`
    expect(await moved('products', both, content)).toEqual([])
  })
})

describe('fingerprints of the demo shop', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createDatabase({ template: 'demo' })
  })
  afterAll(() => db?.drop())

  const { moved } = shopOn(() => db)
  const read = (query: RecordQuery, options: Parameters<typeof withShop>[1] = {}) =>
    withShop(db.url, options, shop => fingerprintsOf(shop, query))
  const whole = (kind: RecordKind, asks: readonly Partial<AddressQuery>[]) => asking(kind, DEFAULT_CONTENT[kind], asks)

  test.each(RECORD_KINDS)(
    'of %s are whole numbers of 48 bits, of each page another, and the same again',
    async kind => {
      const prints = await read(whole(kind, [{}]))
      const numbers = Object.values(prints).map(([number]) => number as number)
      expect(numbers.length).toBeGreaterThan(8)
      for (const number of numbers) expect(Number.isInteger(number) && number >= 0 && number < 2 ** 48).toBe(true)
      expect(new Set(numbers).size).toBe(numbers.length)
      expect(Math.max(...numbers)).toBeGreaterThan(2 ** 45)
      expect(await read(whole(kind, [{}]))).toEqual(prints)
    },
  )

  test('are what they were: another number for the same content is another CONTENT_VERSION', async () => {
    const known = await createDatabase({ template: 'demo' })
    const text = document('Known &amp; <b>well</b>', ', "time": 1764316800000')
    try {
      for (const [kind, [table, translations, owner, name, description]] of Object.entries(TABLES)) {
        await known.query(`update ${table} set ${name} = 'Größe', seo_title = null, seo_description = '', ${description} = ${text} where id = 7;
          delete from ${translations} where ${owner} = 7;
          insert into ${translations} (${owner}, language_code, ${name}, seo_title) values (7, 'de', 'Bekannt', 'Titel')`)
        if (/^c/.test(kind))
          await known.query(`update ${table} set background_image = 'a.jpg', background_image_alt = 'A' where id = 7`)
      }
      await known.query(`update product_product set rating = 4.5, created_at = '2026-01-31T12:00:00Z' where id = 7;
        delete from product_productmedia where product_id = 7;
        insert into product_productmedia (product_id, sort_order, type, image, alt, external_url, oembed_data, to_remove) values
          (7, 1, 'IMAGE', 'a.jpg', 'A', null, '{}', false), (7, 0, 'VIDEO', null, '', 'https://video.example.com/1', '{}', false);
        delete from attribute_assignedproductattributevalue where product_id = 7;
        insert into attribute_assignedproductattributevalue (product_id, value_id, sort_order)
          select 7, id, 10 - id from attribute_attributevalue where slug in ('wood', 'linen', 'moss');
        delete from product_collectionproduct where product_id = 7;
        insert into product_collectionproduct (product_id, collection_id) values (7, 1), (7, 2)`)
      const numbers = await withShop(known.url, {}, async shop => {
        const all: unknown[] = []
        for (const kind of RECORD_KINDS) {
          const more = kind === 'products' ? ['rating', 'createdAt', 'collections.slug', 'attributes.material'] : []
          const query = { ...whole(kind, [{}, { language: 'de' }]), content: [...DEFAULT_CONTENT[kind], ...more] }
          all.push((await fingerprintsOf(shop, query))['7'])
        }
        return all
      })
      expect([CONTENT_VERSION, ...numbers]).toEqual([
        1,
        [222606815630888, 121001433397298],
        [60709399796919, 10248411292922],
        [60709399796919, 10248411292922],
        [13858400378850, 183110513671010],
      ])
    } finally {
      await known.drop()
    }
  })

  test.each(RECORD_KINDS)('of %s are the same whichever way the records are read', async kind => {
    const german = { language: 'de' }
    const [own, both] = [
      await read(whole(kind, [{}])),
      await read(whole(kind, [{}, german, { channel: 'channel-pln' }])),
    ]
    expect(Object.keys(own).length).toBeGreaterThan(8)
    for (const [key, [number]] of Object.entries(own)) {
      expect(both[key]?.[0], key).toBe(number)
      expect(both[key]?.[2], key).toBe(number)
    }
    const turned = {
      ...whole(kind, [german, {}]),
      content: [...DEFAULT_CONTENT[kind], ...DEFAULT_CONTENT[kind]].reverse(),
    }
    for (const [key, numbers] of Object.entries(await read(turned)))
      expect(numbers).toEqual([both[key]?.[1], both[key]?.[0]])
    if (kind === 'pages') return
    const images = { ...whole(kind, [{}, german]), images: true, updatedAt: true }
    const media = 'https://media.example.com/'
    for (const [key, numbers] of Object.entries(await read(images, { media })))
      expect(numbers).toEqual(both[key]?.slice(0, 2))
    await withShop(db.url, { media }, async shop => {
      const plain = { ...queryOf(kind, {}), images: true }
      await shop.check([images, plain])
      const list = async (query: RecordQuery) => {
        const all: unknown[] = []
        for await (const records of shop.read(query)) all.push(...records.map(({ key, images }) => [key, images]))
        return all
      }
      expect(await list(images)).toEqual(await list(plain))
    })
  })

  test('are there where the address is, and for those alone that are listed', async () => {
    const query = whole('products', [{}, { language: 'de', missing: 'omit' }, { channel: 'channel-pln' }])
    await withShop(db.url, { visibility: 'saleor' }, async shop => {
      expect(await shop.check([query])).toEqual([])
      const seen = new Set<string>()
      for await (const records of shop.read(query)) {
        for (const { addresses, fingerprints } of records) {
          expect(fingerprints?.map(print => print !== undefined)).toEqual(
            addresses.map(address => address !== undefined),
          )
          seen.add(addresses.map(address => (address ? 'x' : '-')).join(''))
        }
      }
      expect([...seen].sort()).toEqual(['--x', 'x--', 'xx-', 'xxx'])
    })
  })

  test('are not there where no content is asked for, and nothing is computed', async () => {
    const transaction = await openReadOnly({ url: db.url, connectTimeoutMs: 5_000, statementTimeoutMs: 60_000 })
    try {
      const shop = await probeShop(transaction, 'default-channel', [])
      for (const kind of RECORD_KINDS) {
        const { content, ...plain } = whole(kind, [{}, { language: 'de' }])
        expect(await read(plain)).toEqual({})
        const { plan } = planQuery(plain, shop, 'saleor')
        expect(plan?.fingerprints).toBeUndefined()
        expect(plan?.select.parts.join('')).not.toMatch(/hash|content_/)
        expect(planQuery({ ...plain, content }, shop, 'saleor').plan?.select.parts.join('')).toMatch(/hash.*content_/)
      }
    } finally {
      await transaction.close()
    }
  })

  test.each(RECORD_KINDS)('can be of any field of %s: two records have the same if their values are', async kind => {
    const transaction = await openReadOnly({ url: db.url, connectTimeoutMs: 5_000, statementTimeoutMs: 60_000 })
    try {
      const shop = await probeShop(transaction, 'default-channel', ['attributes.x', 'stock.x.available'])
      const known = { '<key>': 'sitemap', '<lang>': 'de', '<channel>': 'channel-pln', '<warehouse>': 'store-room' }
      const owner = kind === 'pages' ? 'page-type' : 'product-type'
      const slugs = [...(shop.attributes?.values() ?? [])].filter(({ type }) => type === owner).map(({ slug }) => slug)
      const names = [...fieldNames(kind), ...fieldPatterns(kind)].flatMap(name =>
        name.includes('<slug>')
          ? slugs.map(slug => name.replace('<slug>', slug))
          : [Object.entries(known).reduce((all, [part, value]) => all.replace(part, value), name)],
      )
      const keys = Object.keys(await read(whole(kind, [{}])))
      const fields = names.map(name => findField(kind, name, shop) as SaleorField)
      const values = await readValues(transaction, { kind, keys, fields, shop })
      for (const [index, name] of names.entries()) {
        const prints = await read(asking(kind, [name], [{}]))
        const byValue = new Map<string, Set<number | undefined>>()
        for (const key of keys) {
          const all = values.get(key)?.[index] ?? []
          const text = JSON.stringify(fields[index]?.field.many ? all.filter(value => value !== null) : all)
          byValue.set(text, (byValue.get(text) ?? new Set()).add(prints[key]?.[0]))
        }
        const sets = [...byValue.values()]
        expect(
          sets.map(({ size }) => size),
          name,
        ).toEqual(sets.map(() => 1))
        expect(new Set(sets.flatMap(set => [...set])).size, name).toBe(sets.length)
      }
    } finally {
      await transaction.close()
    }
  })

  test('move with a field that is named, whatever the language', async () => {
    const content = [
      'attributes.material',
      'variants.attributes.size',
      'collections.slug',
      'metadata.colour-chart',
      'rating',
    ]
    const move = (statement: string) => moved('products', statement, content)
    expect(await move(`update product_product set metadata = '{"colour-chart": "1"}' where id = 5`)).toEqual(at([5]))
    expect(await move(`update product_product set metadata = '{"colour-chart": "1", "x": "y"}' where id = 5`)).toEqual(
      [],
    )
    expect(await move('update product_product set rating = 4.5 where id = 6')).toEqual(at([6]))
    expect(await move('delete from product_collectionproduct where product_id = 8')).toEqual(at([8]))
    expect(await move(`update product_product set name = 'x', seo_title = 'x', updated_at = now()`)).toEqual([])

    const having = async (slug: string) =>
      (
        await db.query(
          `select distinct p.id from product_product p join attribute_assignedproductattributevalue av on av.product_id = p.id
        join attribute_attributevalue v on v.id = av.value_id where v.slug = $1 order by 1`,
          [slug],
        )
      ).map(({ id }) => id)
    // Translated to German: what is shown there stays.
    expect(await move(`update attribute_attributevalue set name = 'Timber' where slug = 'wood'`)).toEqual(
      at(await having('wood'), ['own', 'fr-ca']),
    )
    expect(await move(`update attribute_attributevaluetranslation set name = 'Bauholz' where name = 'Holz'`)).toEqual(
      at(await having('wood'), ['de']),
    )
    const large = (
      await db.query(`select distinct v.product_id as id from product_productvariant v
      join attribute_assignedvariantattribute aa on aa.variant_id = v.id
      join attribute_assignedvariantattributevalue av on av.assignment_id = aa.id
      join attribute_attributevalue val on val.id = av.value_id where val.slug = 'l' order by 1`)
    ).map(({ id }) => id)
    expect(large.length).toBeGreaterThan(100)
    expect(await move(`update attribute_attributevalue set name = 'Large' where slug = 'l'`)).toEqual(at(large))
    // The order of the values of a named field is none of its values.
    expect(await move('update attribute_assignedproductattributevalue set sort_order = 10 - sort_order')).toEqual([])
  })

  test('of pages move with their attributes', async () => {
    expect(
      await moved('pages', `update attribute_attributevalue set name = 'Journalists' where slug = 'press'`),
    ).toEqual(at([10]))
    expect(
      await moved('pages', `update attribute_attributevaluetranslation set name = 'Kundschaft' where name = 'Kunden'`),
    ).toEqual(at([1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13], ['de']))
  })

  test('take no notice of the settings of the role', async () => {
    const query = {
      ...whole('products', [{}]),
      content: [...DEFAULT_CONTENT.products, 'weight', 'updatedAt', 'variants.price'],
    }
    const before = await read(query)
    const name = new URL(db.url).pathname.slice(1)
    await db.query(`alter database "${name}" set extra_float_digits = 0; alter database "${name}" set timezone = 'Asia/Tokyo';
      alter database "${name}" set datestyle = 'German'; alter database "${name}" set bytea_output = 'escape'`)
    expect(await read(query)).toEqual(before)
  })

  test.each(RECORD_KINDS)('of %s have their mistakes told with their places and the nearest names', async kind => {
    const content = [
      ...DEFAULT_CONTENT[kind],
      'seoTitel',
      'imagse',
      'metadata',
      'attributes.nowhere',
      'images',
      'description',
    ]
    const first = DEFAULT_CONTENT[kind].length
    const problems = await withShop(db.url, {}, shop => shop.check([asking(kind, content, [{}])]))
    const told = problems.map(
      ({ path, message, hint }) => `${path.slice(`sections.${kind}.content`.length)} ${message} ${hint}`,
    )
    expect(told[0]).toContain(`[${first}] The records of ${kind} have no field "seoTitel". Did you mean "seoTitle"?`)
    expect(told[1]).toContain(`[${first + 1}] The records of ${kind} have no field "imagse".`)
    if (kind !== 'pages') expect(told[1]).toContain('Did you mean "images"?')
    expect(told[2]).toContain(`[${first + 2}] "metadata" needs a key: "metadata.<key>".`)
    expect(told[3]).toContain(
      `[${first + 3}] The ${kind === 'products' || kind === 'pages' ? 'shop has no attribute' : 'records of'}`,
    )
    expect(told.slice(4)).toEqual(
      kind === 'pages'
        ? [
            `[${first + 4}] Saleor keeps no images of pages. undefined`,
            `[${first + 5}] The records of pages have no field "description". What is written on a page is its "content".`,
          ]
        : [],
    )
    // Without a shop, all that it needs no shop to know.
    const section = { of: kind, url: '/{slug}', content }
    const found = sectionProblems(kind, section, {}, { sections: { [kind]: section } })
    const known = problems.filter(({ message }) => !message.startsWith('The shop has no attribute'))
    expect(found.filter(({ path }) => path.includes('.content'))).toEqual(known)
  })
})
