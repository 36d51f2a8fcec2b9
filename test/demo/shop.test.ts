import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadDemoShop } from '../../src/demo/load-shop.ts'
import { createDatabase, type TestDatabase } from '../helpers/postgres.ts'

// Conditions on a product p and its listing l in default-channel, if it has one.
const has = (table: string, condition: string) => `exists (select from ${table} where ${condition})`
const variant = has('product_productvariant v', 'v.product_id = p.id')
const variantListing = (condition: string) =>
  has(
    'product_productvariant v join product_productvariantchannellisting vl on vl.variant_id = v.id',
    `v.product_id = p.id and vl.channel_id = l.channel_id and ${condition}`,
  )
const PRICED = variantListing('vl.price_amount is not null')
const VISIBLE = `l.is_published and (l.published_at is null or l.published_at <= now()) and ${PRICED}`
const READY = `p.private_metadata @> '{"pim_status": "ready"}' and not p.metadata @> '{"sitemap": "exclude"}'`

const STATES: Record<string, string> = {
  'no listing in any channel': `not ${has('product_productchannellisting any_l', 'any_l.product_id = p.id')}`,
  'not listed in the channel': 'l.id is null',
  'not published': 'not l.is_published',
  'published in 2098': `l.is_published and l.published_at >= '2098-01-01'`,
  'hidden in listings': 'not l.visible_in_listings',
  'no variant': `not ${variant}`,
  'no price': `${variantListing('true')} and not ${PRICED}`,
  'no variant listed': `l.id is not null and ${variant} and not ${variantListing('true')}`,
  'purchasable in 2098': `l.available_for_purchase_at >= '2098-01-01'`,
  'never purchasable': 'l.id is not null and l.available_for_purchase_at is null',
  'excluded by metadata': `p.metadata @> '{"sitemap": "exclude"}'`,
  'included by metadata': `p.metadata @> '{"sitemap": "include"}'`,
  'pim_status draft': `p.private_metadata @> '{"pim_status": "draft"}'`,
  'pim_status absent': `not p.private_metadata ? 'pim_status'`,
  discontinued: has(
    'attribute_assignedproductattributevalue av join attribute_attributevalue val on val.id = av.value_id',
    'av.product_id = p.id and val.boolean',
  ),
  'sold out': `${variant} and not ${has(
    'warehouse_stock s join product_productvariant v on v.id = s.product_variant_id',
    'v.product_id = p.id and s.quantity > s.quantity_allocated',
  )}`,
  'hostile slug': `p.slug !~ '^[a-z0-9]+(-[a-z0-9]+)*$'`,
  'visible to the public': VISIBLE,
  'visible and listed': `${VISIBLE} and l.visible_in_listings`,
  'and ready, not excluded': `${VISIBLE} and l.visible_in_listings and ${READY}`,
}

const MPTT_FROM_PARENTS = `
  with recursive above as (
    select id, id as ancestor, parent_id, 0 as steps from product_category
    union all
    select a.id, c.id, c.parent_id, steps + 1 from above a join product_category c on c.id = a.parent_id
  )
  select c.id, c.level,
    (select array_agg(ancestor order by ancestor) from above a where a.id = c.id) as by_parent,
    (select max(steps) from above a where a.id = c.id) as depth,
    (select array_agg(o.id order by o.id) from product_category o
      where o.tree_id = c.tree_id and o.lft <= c.lft and o.rght >= c.rght) as by_mptt
  from product_category c`

describe('the demo shop', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createDatabase({ template: 'demo' })
  })
  afterAll(() => db.drop())

  test('has as many products in each state as its README promises', async () => {
    const readme = await readFile(new URL('../../src/demo/shop/README.md', import.meta.url), 'utf8')
    const rows = [...readme.matchAll(/^\| ([^|]+?) +\| +(\d+) \|/gm)]
    const promised = rows.map(([, state, count]) => [state, Number(count)])
    const counted = await Promise.all(
      Object.entries(STATES).map(async ([state, condition]) => {
        const [row] = await db.query(`
          select count(*)::int from product_product p
          left join product_productchannellisting l on l.product_id = p.id
            and l.channel_id = (select id from channel_channel where slug = 'default-channel')
          where ${condition}`)
        return [state, row.count]
      }),
    )
    expect(counted).toEqual(promised)
  })

  test('has MPTT columns that agree with parent_id', async () => {
    const rows = await db.query(MPTT_FROM_PARENTS)
    expect(rows).toHaveLength(24)
    for (const row of rows) {
      expect(row.by_mptt).toEqual(row.by_parent)
      expect(row.level).toBe(row.depth)
    }
    const [gaps] = await db.query(`
      select count(*)::int from (
        select tree_id, unnest(array[lft, rght]) as edge from product_category
      ) e group by tree_id having min(edge) <> 1 or max(edge) <> count(*) or count(distinct edge) <> count(*)`)
    expect(gaps).toBeUndefined()
  })

  test('has no date between the past it tells of and 2098', async () => {
    const columns = await db.query(`
      select table_name, column_name from information_schema.columns
      where table_schema = 'public' and data_type = 'timestamp with time zone'`)
    expect(columns.length).toBeGreaterThan(10)
    for (const { table_name, column_name } of columns) {
      const rows = await db.query(`select 1 from ${table_name} where ${column_name} < '2025-01-01'
        or ${column_name} >= '2026-11-01' and ${column_name} not between '2098-01-01' and '2099-01-01'`)
      expect(rows, `${table_name}.${column_name}`).toEqual([])
    }
  })

  test('takes further rows without their numbers being given', async () => {
    const [row] = await db.query(`insert into page_pagetype (name, slug) values ('More', 'more') returning id`)
    expect(row.id).toBe(3)
  })
})

test('the demo shop loads into an empty database, each time the same', async () => {
  const databases = await Promise.all([createDatabase(), createDatabase({ template: 'demo' })])
  try {
    const [empty, demo] = databases
    await loadDemoShop(empty.url)
    const [contents, expected] = await Promise.all([empty, demo].map(readAll))
    expect(Object.keys(contents ?? {})).toHaveLength(31)
    expect(contents).toEqual(expected)
  } finally {
    for (const db of databases) await db.drop()
  }
})

async function readAll(db: TestDatabase): Promise<Record<string, string>> {
  const tables = await db.query(`select table_name from information_schema.tables where table_schema = 'public'`)
  const contents: Record<string, string> = {}
  for (const { table_name } of tables) {
    const [row] = await db.query(
      `select md5(string_agg(t::text, E'\\n' order by t::text)) as hash from ${table_name} t`,
    )
    contents[table_name] = row.hash
  }
  return contents
}
