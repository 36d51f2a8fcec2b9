// The addresses of records in several languages and channels, against SQL written by hand.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AddressQuery, AddressValues, RecordKind, RecordQuery, Snapshot } from '../../src/sources/source.ts'
import { createDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { queryOf, withShop } from './shop-reading.ts'

type Ask = Partial<Omit<AddressQuery, 'path'>>

const OWN: Ask = {}
const GERMAN: Ask = { language: 'de' }
const FALLBACK: Ask = { language: 'de', missing: 'fallback' }
const PLN: Ask = { channel: 'channel-pln' }

const asking = (of: RecordKind, asks: readonly Ask[], where: object = {}): RecordQuery => ({
  ...queryOf(of, where),
  addresses: asks.map(ask => ({
    channel: undefined,
    language: undefined,
    missing: 'omit',
    fields: ['slug'],
    path: `sections.${of}.url`,
    ...ask,
  })),
})

type Found = Record<string, readonly (AddressValues | undefined)[]>

async function readAll(snapshot: Snapshot, query: RecordQuery): Promise<Found> {
  expect(await snapshot.check([query])).toEqual([])
  const found: Found = {}
  for await (const records of snapshot.read(query)) for (const { key, addresses } of records) found[key] = addresses
  return found
}

let db: TestDatabase
beforeAll(async () => {
  db = await createDatabase({ template: 'demo' })
  // Saleor lets one translation a language have an empty slug; here several have.
  await db.query(`
    alter table product_producttranslation drop constraint product_producttranslation_language_code_slug_key;
    update product_producttranslation set name = '', slug = null where product_id = 8 and language_code = 'de';
    update product_producttranslation set name = null, slug = '' where product_id = 10 and language_code = 'de';
    update product_producttranslation set name = '', slug = 'nur-slug' where product_id = 12 and language_code = 'de';
    update product_producttranslation set name = null, slug = 'nur-slug-2' where product_id = 14 and language_code = 'de';
    update product_producttranslation set slug = '' where product_id = 16 and language_code = 'de';
    insert into product_producttranslation (product_id, language_code, name, slug)
      values (1, 'de-at', 'Österreichisch', 'oesterreichisch'), (1, 'pt-br', 'Brasil', null)`)
})
afterAll(() => db?.drop())

const read = (of: RecordKind, asks: readonly Ask[], where: object = {}) =>
  withShop(db.url, {}, snapshot => readAll(snapshot, asking(of, asks, where)))

/** Rows of `key` and one column an address; null: not there. */
async function byHand(sql: string): Promise<Found> {
  const rows: Record<string, string | null>[] = await db.query(sql)
  return Object.fromEntries(
    rows.map(({ key, ...columns }) => [
      key as string,
      Object.values(columns).map(value => (value === null ? undefined : [value])),
    ]),
  )
}

describe('translated slugs', () => {
  const KINDS = [
    ['products', 'product_product', 'product_producttranslation', 'product_id', 'name'],
    ['categories', 'product_category', 'product_categorytranslation', 'category_id', 'name'],
    ['collections', 'product_collection', 'product_collectiontranslation', 'collection_id', 'name'],
    ['pages', 'page_page', 'page_pagetranslation', 'page_id', 'title'],
  ] as const

  test.each(KINDS)(
    'of %s are the translation’s where it has one, else the record’s own',
    async (of, table, translations, owner, name) => {
      const expected = await byHand(`select r.id::text as key, r.slug as own,
        case when t.name <> '' or t.slug <> '' then case when t.slug <> '' then t.slug else r.slug end end as omit,
        case when t.slug <> '' then t.slug else r.slug end as fallback
      from ${table} r left join (select ${owner} as id, ${name} as name, slug from ${translations}
        where language_code = 'de') t on t.id = r.id`)
      expect(await read(of, [OWN, GERMAN, FALLBACK])).toEqual(expected)
      const all = Object.values(expected)
      // The demo shop has each of the cases.
      expect(all.some(([own, omit]) => omit && own?.[0] !== omit[0])).toBe(true)
      expect(all.some(([own, omit]) => omit && own?.[0] === omit[0])).toBe(true)
      expect(all.some(([, omit]) => !omit)).toBe(true)
    },
  )

  test.each([
    [8, 'an empty name and no slug', undefined],
    [10, 'no name and an empty slug', undefined],
    [12, 'an empty name and a slug', 'nur-slug'],
    [14, 'no name and a slug', 'nur-slug-2'],
    [2, 'a name and no slug', 'own'],
    [16, 'a name and an empty slug', 'own'],
    [1, 'no row', undefined],
  ])('of product %i, whose translation has %s, are %s', async (id, _, slug) => {
    const found = (await read('products', [OWN, GERMAN, FALLBACK], { id }))[String(id)]
    const own = found?.[0]
    expect(own?.[0]).toMatch(/^[a-z]/)
    expect(found).toEqual([
      own,
      slug === 'own' ? own : slug && [slug],
      slug === undefined || slug === 'own' ? own : [slug],
    ])
  })

  test('are of the very language: a region is one of its own', async () => {
    const asks = ['de', 'de-at', 'pt-br', 'pt'].map(language => ({ language, fields: ['slug', 'name'] }))
    const { 1: found } = await read('products', asks, { id: 1 })
    expect(found).toEqual([undefined, ['oesterreichisch', 'Österreichisch'], [expect.any(String), 'Brasil'], undefined])
  })

  test('are of those records alone that have a translation', async () => {
    const found = Object.entries(await read('products', [{ language: 'de-at' }]))
    expect(found.filter(([, [slug]]) => slug)).toEqual([['1', [['oesterreichisch']]]])
  })

  test('go along with names, titles and what has no translation', async () => {
    const fields = ['name', 'slug', 'id', 'seoTitle']
    const { 4: desk } = await read('products', [{ fields }, { ...GERMAN, fields }], { id: 4 })
    expect(desk?.[0]?.[0]).toBe('Ash Lounge Chair 1')
    expect(desk?.[1]).toEqual(['Loungesessel Esche 1', 'loungesessel-esche-1', '4', desk?.[0]?.[3]])
    const { 1: about } = await read('pages', [{ fields: ['title', 'name', 'slug'], ...GERMAN }], { id: 1 })
    expect(about).toEqual([['Über uns', 'Über uns', 'ueber-uns']])
  })

  test('can be asked for beside a record’s own', async () => {
    const fields = ['slug', 'translations.de.slug', 'translations.pl.slug']
    const { 1: about } = await read('pages', [{ fields }, { ...GERMAN, fields }], { id: 1 })
    expect(about).toEqual([
      ['about', 'ueber-uns', 'o-nas'],
      ['ueber-uns', 'ueber-uns', 'o-nas'],
    ])
  })
})

describe('paths of categories', () => {
  test('are translated part by part, from the root down', async () => {
    const ask = { ...FALLBACK, fields: ['path'] }
    const found = await read('categories', [{ fields: ['path'] }, ask])
    expect(found[4]).toEqual([['furniture/living-room/armchairs'], ['furniture/wohnzimmer/sessel']])
    expect(found[9]).toEqual([['furniture/study/desks'], ['furniture/arbeitszimmer/desks']])
    expect(found[21]).toEqual([['outdoor/garden-furniture/hammocks'], ['outdoor/gartenmöbel/hammocks']])
    expect(found[23]).toEqual([['archive'], ['archive']])

    // The tree's own numbers, where the program goes by parent_id.
    const expected = await byHand(`select c.id::text as key, string_agg(p.slug, '/' order by p.level) as own,
        string_agg(coalesce(nullif(t.slug, ''), p.slug), '/' order by p.level) as german
      from product_category c join product_category p on p.tree_id = c.tree_id and c.lft between p.lft and p.rght
      left join product_categorytranslation t on t.category_id = p.id and t.language_code = 'de' group by c.id`)
    expect(found).toEqual(expected)
  })

  test('of products, too, and their slugs; without a category there is none', async () => {
    const fields = ['category.slug', 'category.path']
    const found = await read('products', [{ fields }, { ...FALLBACK, fields }])
    const expected = await db.query(`select r.id::text as key, c.slug, coalesce(nullif(t.slug, ''), c.slug) as german
      from product_product r left join product_category c on c.id = r.category_id
      left join product_categorytranslation t on t.category_id = c.id and t.language_code = 'de'`)
    expect(Object.keys(found)).toHaveLength(500)
    for (const { key, slug, german } of expected) {
      expect(
        found[key]?.map(values => values?.[0]),
        key,
      ).toEqual([slug, german])
      expect(
        found[key]?.map(values => values?.[1]?.split('/').at(-1) ?? null),
        key,
      ).toEqual([slug, german])
    }
    expect(found[2]).toEqual([
      [null, null],
      [null, null],
    ])
    expect(expected.filter(({ slug, german }) => slug !== german).length).toBeGreaterThan(50)
  })

  test('of products say nothing of whether the product is translated', async () => {
    const { 3: found } = await read('products', [{ ...GERMAN, fields: ['category.path'] }], { id: 3 })
    expect(found?.[0]).toBeUndefined()
    const { 3: fallback } = await read('products', [{ ...FALLBACK, fields: ['category.path'] }], { id: 3 })
    expect(fallback).toEqual([['demnächst']])
  })
})

describe('addresses in channels', () => {
  const shopWith = <T>(channel: string, act: (snapshot: Snapshot) => Promise<T>) =>
    withShop(db.url, { channel, visibility: 'saleor' }, act)
  const visibleIn = async (of: RecordKind, channel: string) =>
    new Set(Object.keys(await shopWith(channel, snapshot => readAll(snapshot, asking(of, [OWN])))))

  test.each(['products', 'collections', 'categories', 'pages'] as const)(
    'are those of %s which each channel shows by itself',
    async of => {
      const usd = await visibleIn(of, 'default-channel')
      const pln = await visibleIn(of, 'channel-pln')
      const found = await shopWith('default-channel', snapshot => readAll(snapshot, asking(of, [OWN, PLN, GERMAN])))
      expect(new Set(Object.keys(found))).toEqual(new Set([...usd, ...pln]))
      for (const [key, [first, second, third]] of Object.entries(found)) {
        expect([first !== undefined, second !== undefined], key).toEqual([usd.has(key), pln.has(key)])
        expect(!third || usd.has(key), key).toBe(true)
      }
      const isEverywhere = of === 'pages' || of === 'categories'
      expect([...usd].some(key => !pln.has(key))).toBe(!isEverywhere)
      expect([...pln].some(key => !usd.has(key))).toBe(!isEverywhere)
    },
  )

  test('are judged by the rule in the eyes of the channel each', async () => {
    const where = { visibleProducts: { gte: 1 } }
    const found = await shopWith('default-channel', snapshot =>
      readAll(snapshot, asking('categories', [OWN, PLN], where)),
    )
    // Hammocks are sold in Poland only; what the channels share is listed in both.
    expect(found[21]).toEqual([undefined, ['hammocks']])
    expect(found[3]).toEqual([['sofas'], ['sofas']])
    expect(found[23]).toBeUndefined()
  })

  test('of an inactive one are those of no product and no collection, and it is told', async () => {
    await shopWith('default-channel', async snapshot => {
      const closed: Ask = { channel: 'closed-channel' }
      for (const of of ['products', 'collections'] as const) {
        const found = await readAll(snapshot, asking(of, [OWN, closed]))
        expect(Object.values(found).every(([first, second]) => first && !second)).toBe(true)
        expect(Object.keys(found).length).toBeGreaterThan(3)
      }
      expect(snapshot.warnings).toContainEqual(expect.stringContaining('The channel "closed-channel" is not active'))
      const pages = await readAll(snapshot, asking('pages', [OWN, closed]))
      expect(Object.values(pages).every(([first, second]) => first && second)).toBe(true)
    })
  })

  test('of one alone that is not the source’s are read from that one', async () => {
    const found = await shopWith('default-channel', snapshot => readAll(snapshot, asking('products', [PLN])))
    expect(new Set(Object.keys(found))).toEqual(await visibleIn('products', 'channel-pln'))
  })

  test('name a listing of their own where they name one', async () => {
    const fields = ['slug', 'listing.publishedAt']
    const found = await shopWith('default-channel', snapshot =>
      readAll(snapshot, asking('collections', [{ fields }, { ...PLN, fields }], { id: 1 })),
    )
    expect(found[1]?.map(values => values?.[1]?.slice(0, 10))).toEqual(['2026-06-01', '2026-06-15'])
  })

  test('that the shop does not have are told with the nearest name', async () => {
    await shopWith('default-channel', async snapshot => {
      const asks = [OWN, { channel: 'chanel-pln' }, { channel: 'nowhere' }]
      const problems = await snapshot.check([asking('products', asks)])
      expect(problems.map(({ message, hint }) => `${message} ${hint}`)).toEqual([
        'The shop has no channel "chanel-pln". Did you mean "channel-pln"?',
        'The shop has no channel "nowhere". Known: channel-pln, closed-channel, default-channel.',
      ])
    })
  })
})

describe('a shop from before translated slugs', () => {
  let old: TestDatabase
  beforeAll(async () => {
    old = await createDatabase({ template: 'demo' })
    for (const table of ['product_producttranslation', 'product_categorytranslation', 'product_collectiontranslation'])
      await old.query(`alter table ${table} drop column slug`)
    await old.query('alter table page_pagetranslation drop column slug')
  })
  afterAll(() => old?.drop())
  const readOld = (of: RecordKind, asks: readonly Ask[]) =>
    withShop(old.url, {}, snapshot => readAll(snapshot, asking(of, asks)))

  test('has the records’ own slugs in every language, where there is a translation', async () => {
    for (const of of ['products', 'categories', 'collections', 'pages'] as const) {
      const found = Object.values(await readOld(of, [OWN, GERMAN, FALLBACK]))
      expect(
        found.every(([own, omit, fallback]) => (!omit || omit[0] === own?.[0]) && fallback?.[0] === own?.[0]),
      ).toBe(true)
      expect(found.some(([, omit]) => omit)).toBe(true)
      expect(found.some(([, omit]) => !omit)).toBe(true)
    }
  })

  test('has names in the language all the same, and paths of its own slugs', async () => {
    const products = await readOld('products', [{ ...GERMAN, fields: ['name', 'category.path', 'category.slug'] }])
    expect(products[4]).toEqual([['Loungesessel Esche 1', 'furniture/living-room/armchairs', 'armchairs']])
    const categories = await readOld('categories', [{ ...GERMAN, fields: ['path'] }])
    expect(categories[9]).toEqual([['furniture/study/desks']])
  })

  test('says of translated slugs that are asked for by name that it has none', async () => {
    const query = asking('products', [{ fields: ['translations.de.slug'] }])
    const problems = await withShop(old.url, {}, snapshot => snapshot.check([query]))
    expect(problems).toMatchObject([
      { path: 'sections.products.url', message: 'This shop has no translated slugs: Saleor has them from 3.21 on.' },
    ])
  })
})
