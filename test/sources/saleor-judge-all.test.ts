// Many records judged at once: each is what it is alone, and fails the condition that the funnel counts it under.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RecordKind, RecordQuery } from '../../src/sources/source.ts'
import { createDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { queryOf, withShop } from './shop-reading.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createDatabase({ template: 'demo' })
})
afterAll(() => db?.drop())

const TABLES: Readonly<Record<RecordKind, string>> = {
  products: 'product_product',
  categories: 'product_category',
  collections: 'product_collection',
  pages: 'page_page',
}

const RULES: readonly (readonly [RecordKind, object])[] = [
  [
    'products',
    {
      'privateMetadata.pim_status': 'ready',
      rating: { gte: 1, lt: 5 },
      NOT: { OR: [{ 'metadata.sitemap': 'exclude' }, { 'attributes.discontinued': true }] },
      OR: [{ 'collections.slug': { exists: true } }, { 'stock.available': { gt: 3 } }],
    },
  ],
  ['categories', { visibleProducts: { gte: 1 }, NOT: { slug: { startsWith: 's' } } }],
  ['collections', { OR: [{ 'metadata.sitemap': 'include' }, { visibleProducts: { gt: 20 } }] }],
  ['pages', { title: { exists: true }, 'pageType.slug': { oneOf: ['guide'] } }],
]

test.each(RULES)('of %s each fails the first condition that does not hold, as the funnel counts', async (of, where) => {
  const query = queryOf(of, where)
  const keys = (await db.query(`select id from ${TABLES[of]} order by id`)).map(({ id }) => String(id))
  await withShop(db.url, { visibility: 'saleor' }, async shop => {
    expect(await shop.check([query])).toEqual([])
    const facts = await shop.judgeAll(query, [...keys, '999999', '99999999999', 'x'])
    expect([...facts.keys()]).toEqual(keys)
    const counted = new Map<string, number>()
    let listed = 0
    for (const { judgements } of facts.values()) {
      const [judgement] = judgements
      const { failing } = judgement as (typeof judgements)[number]
      expect(failing === undefined).toBe(judgement?.listed)
      expect(failing?.verdict.holds).not.toBe(true)
      if (failing) counted.set(failing.removes, (counted.get(failing.removes) ?? 0) + 1)
      else listed++
    }
    const [funnel] = await shop.funnel(query, { exact: true })
    const steps = (funnel?.steps ?? []).filter(({ removed }) => removed > 0)
    expect(Object.fromEntries(counted)).toEqual(
      Object.fromEntries(steps.map(({ condition, removed }) => [condition, removed])),
    )
    expect(steps.length).toBeGreaterThan(1)
    expect(listed).toBe(funnel?.selected)
    for (const key of keys.slice(0, 20)) expect(facts.get(key), key).toEqual(await shop.judge(query, key))
  })
})

test('each channel of the addresses has its own judgement', async () => {
  const address = queryOf('products', {}).addresses[0] as RecordQuery['addresses'][number]
  const query = {
    ...queryOf('products', {}),
    addresses: [address, { ...address, channel: 'channel-pln' }, address],
  }
  await withShop(db.url, { visibility: 'saleor' }, async shop => {
    expect(await shop.check([query])).toEqual([])
    const facts = await shop.judgeAll(query, ['13', '24', '25'])
    const told = [...facts.values()].map(({ judgements }) =>
      judgements.map(({ addresses, listed, failing }) => [addresses, listed, failing?.removes]),
    )
    expect(told).toEqual([
      [
        [[0, 2], false, 'not published in "default-channel"'],
        [[1], true, undefined],
      ],
      [
        [[0, 2], true, undefined],
        [[1], true, undefined],
      ],
      [
        [[0, 2], true, undefined],
        [[1], false, 'not published in "channel-pln"'],
      ],
    ])
  })
})
