// What a configuration asks for and the shop has nowhere is said, with what is near; the run goes on.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { queryOf, withShop } from './shop-reading.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createDatabase({ template: 'demo' })
})
afterAll(() => db?.drop())

const warningsOf = (kind: 'products' | 'categories' | 'pages', where: object, more: object = {}) =>
  withShop(db.url, {}, async shop => {
    const query = { ...queryOf(kind, where), ...more }
    expect(await shop.check([query])).toEqual([])
    return shop.warnings
  })

describe('a value that no record can have', () => {
  test.each<['products' | 'categories' | 'pages', object, string]>([
    [
      'products',
      { 'category.slug': 'sofass' },
      'the shop has no category with the slug "sofass"; the nearest is "sofas".',
    ],
    [
      'products',
      { NOT: { 'category.within': { oneOf: ['furniture', 'furnitur'] } } },
      '"furnitur"; the nearest is "furniture"',
    ],
    [
      'products',
      { OR: [{ 'productType.slug': 'textile' }] },
      'no product type with the slug "textile"; the nearest is "textiles"',
    ],
    ['products', { 'collections.slug': 'zzzzzzzzzzzz' }, 'no collection with the slug "zzzzzzzzzzzz".'],
    [
      'products',
      { 'attributes.material': { oneOf: ['oak-wood-x'] } },
      'attributes.material has no choice "oak-wood-x"',
    ],
    ['products', { 'variants.attributes.size': 'zzz' }, 'variants.attributes.size has no choice "zzz"'],
    ['categories', { within: 'furnitures' }, 'the nearest is "furniture"'],
    ['pages', { 'pageType.slug': 'nonesuch' }, 'no page type with the slug "nonesuch"'],
  ])('of %s in %j is told', async (kind, where, told) => {
    const warnings = await warningsOf(kind, where)
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toContain(`sections.${kind}.where: `)
    expect(warnings[0]).toContain(told)
  })

  test.each([
    { 'category.slug': 'sofas' },
    { 'category.slug': { startsWith: 'sofass' } },
    { 'attributes.internal-note': 'free text' },
    { slug: 'whatever' },
    { 'metadata.sitemap': 'nobody has this' },
    {},
  ])('is none in %j', async where => {
    expect(await warningsOf('products', where)).toEqual([])
  })

  test.each([
    ['omit', 'so they have no address there'],
    ['fallback', 'so they keep their own values there'],
  ] as const)('is a language that nothing is translated to (%s)', async (missing, then) => {
    const address = { channel: undefined, missing, fields: ['slug'], path: 'sections.products.url' } as const
    const addresses = [
      { ...address, language: 'de', channelPath: 'locales.de.channel' },
      { ...address, language: 'zzz', channelPath: 'locales.sv.channel' },
    ]
    expect(await warningsOf('products', {}, { addresses })).toEqual([
      `locales.sv: none of the products is translated to "zzz", ${then}.`,
    ])
  })
})

test('a date of change that is still to come is no lastmod', async () => {
  await db.query("update product_product set updated_at = '2099-01-01' where id = 8")
  await db.query("update product_product set updated_at = now() + interval '1 hour' where id = 9")
  await withShop(db.url, {}, async shop => {
    const query = { ...queryOf('products', { id: { oneOf: [8, 9] } }), updatedAt: true }
    await shop.check([query])
    const dates: (string | undefined)[] = []
    for await (const records of shop.read(query)) dates.push(...records.map(({ updatedAt }) => updatedAt))
    expect(dates).toEqual([undefined, expect.stringMatching(/Z$/)])
    // What is told of a record is what a run writes.
    const told = await Promise.all(['8', '9'].map(async key => (await shop.judge(query, key))?.updatedAt))
    expect(told).toEqual(dates)
  })
})
