// The shape of the plans on a large catalogue: whatever the rule, nothing is looked up again for every record.
// STOREMAP_PLAN_PRODUCTS=1000000 grows the demo shop to a million products first.
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReadOnly, type ReadOnlyTransaction } from '../../src/io/postgres.ts'
import { sql } from '../../src/rules/sql.ts'
import { DEFAULT_CONTENT } from '../../src/sources/saleor/content.ts'
import { fieldNames, fieldPatterns, findField, type SaleorField } from '../../src/sources/saleor/fields.ts'
import { probeShop } from '../../src/sources/saleor/probe.ts'
import { planQuery } from '../../src/sources/saleor/query.ts'
import type { Shop } from '../../src/sources/saleor/shop.ts'
import { RECORD_KINDS, type RecordKind, type RecordQuery } from '../../src/sources/source.ts'
import { createDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { queryOf } from './shop-reading.ts'

const PRODUCTS = Number(process.env.STOREMAP_PLAN_PRODUCTS ?? 20_000)

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Parent Relationship'?: string
  readonly 'Subplan Name'?: string
  readonly 'Index Name'?: string
  readonly 'Plan Rows': number
  readonly Plans?: readonly PlanNode[]
  readonly [property: string]: unknown
}

let db: TestDatabase
let transaction: ReadOnlyTransaction
let shop: Shop

beforeAll(async () => {
  db = await createDatabase({ template: 'demo' })
  const gin = await db.query(
    "select indexname, indexdef from pg_indexes where schemaname = 'public' and indexdef like '%USING gin%'",
  )
  // Kept up row by row, they would take most of the time.
  for (const { indexname } of gin) await db.query(`drop index "${indexname}"`)
  const grow = await readFile(new URL('../../bench/grow.sql', import.meta.url), 'utf8')
  await db.query(grow.replaceAll(':n', String(PRODUCTS)))
  for (const { indexdef } of gin) await db.query(indexdef)
  await db.query('vacuum analyze')
  transaction = await openReadOnly({ url: db.url, connectTimeoutMs: 5_000, statementTimeoutMs: 60_000 })
  shop = await probeShop(transaction, 'default-channel', ['attributes.x', 'stock.x.available'])
}, 600_000)
afterAll(async () => {
  await transaction?.close()
  await db?.drop()
})

const planOf = async (query: RecordQuery, visibility: 'saleor' | 'all' = 'saleor'): Promise<PlanNode> => {
  const { plan, problems } = planQuery(query, shop, visibility)
  if (!plan) throw new Error(JSON.stringify(problems))
  const rows = await transaction.query(sql`explain (format json) ${plan.select}`)
  return JSON.parse(rows[0]?.[0] as string)[0].Plan
}

function* nodesOf(node: PlanNode, parent?: PlanNode): Generator<[node: PlanNode, parent: PlanNode | undefined]> {
  yield [node, parent]
  for (const child of node.Plans ?? []) yield* nodesOf(child, node)
}

/** What would be done once for every record of the scan. */
function repeatedIn(plan: PlanNode): string[] {
  return [...nodesOf(plan)].flatMap(([node, parent]) => {
    const name = node['Subplan Name']
    if (node['Parent Relationship'] === 'SubPlan') {
      // What takes a value apart, such as a rich text, reads no table.
      if (![...nodesOf(node)].some(([each]) => each['Relation Name'] !== undefined)) return []
      const isHashed = Object.values(parent ?? {}).some(value => String(value).includes(`hashed ${name}`))
      return isHashed ? [] : [`${name} below ${parent?.['Node Type']}`]
    }
    if (node['Node Type'] !== 'Nested Loop') return []
    // One side without a condition in common, such as the few types of an attribute: harmless as long as it is few.
    const sides = (node.Plans ?? []).filter(each => /^(Outer|Inner)$/.test(each['Parent Relationship'] ?? ''))
    const isFew = sides.some(side => side['Plan Rows'] <= 200)
    return isFew ? [] : [`Nested Loop of ${sides.map(side => side['Plan Rows']).join(' and ')} rows`]
  })
}

const KEYS: Readonly<Record<string, string>> = {
  '<key>': 'sitemap',
  '<lang>': 'de',
  '<channel>': 'channel-pln',
  '<warehouse>': 'main-warehouse',
}

/** Every field of the catalogue, with names of this shop for what only the shop knows. */
const namesOf = (kind: RecordKind): string[] => [
  ...fieldNames(kind),
  ...fieldPatterns(kind).flatMap(pattern => {
    if (!pattern.includes('<slug>')) return [pattern.replace(/<[a-z]+>/, key => KEYS[key] as string)]
    const owner = kind === 'pages' ? 'page-type' : 'product-type'
    const own = [...(shop.attributes?.values() ?? [])].filter(({ type }) => type === owner)
    return own.map(({ slug }) => pattern.replace('<slug>', slug))
  }),
]

function someTest(kind: RecordKind, name: string): object {
  switch ((findField(kind, name, shop) as SaleorField).field.type) {
    case 'number':
      return { gte: 3 }
    case 'boolean':
      return { eq: true }
    case 'date':
      return { lte: 'now-30d' }
    default:
      return { oneOf: ['a', 'b'] }
  }
}

describe.each(RECORD_KINDS)(`among ${PRODUCTS.toLocaleString('en')} products, a rule on %s`, kind => {
  test('looks at no other table once for every record, whatever the field and wherever it stands', async () => {
    const names = namesOf(kind)
    expect(names.length).toBeGreaterThan(10)
    const other = kind === 'products' ? { 'stock.available': { gt: 0 } } : { slug: { startsWith: 'a' } }
    for (const name of names) {
      const one = { [name]: someTest(kind, name) }
      const none = { [name]: { exists: false } }
      const both = { [name]: { ...someTest(kind, name), exists: true } }
      const wheres = [one, { NOT: one }, none, { OR: [one, other] }, { NOT: { AND: [one, other] } }]
      wheres.push(
        { OR: [{ NOT: one }, { AND: [none, other] }] },
        { NOT: both },
        { OR: [one, { NOT: { OR: [other, none] } }] },
      )
      for (const where of wheres) {
        expect(repeatedIn(await planOf(queryOf(kind, where))), JSON.stringify(where)).toEqual([])
      }
    }
  }, 300_000)
})

test('neither do addresses of several languages and channels, nor images', async () => {
  for (const kind of RECORD_KINDS) {
    const fields = ['slug', 'id', ...(kind === 'products' ? ['category.path', 'category.slug'] : [])]
    const at = { missing: 'omit', fields, path: 'locales' } as const
    const addresses = [
      { ...at, channel: undefined, language: undefined },
      { ...at, channel: undefined, language: 'de' },
      { ...at, channel: 'channel-pln', language: 'pl' },
    ]
    const where = kind === 'products' ? { OR: [{ 'collections.slug': 'x' }, { 'attributes.discontinued': true }] } : {}
    const query = { ...queryOf(kind, where), addresses, images: kind !== 'pages' }
    expect(repeatedIn(await planOf(query)), kind).toEqual([])
  }
})

describe.each(RECORD_KINDS)(`among ${PRODUCTS.toLocaleString('en')} products, a fingerprint of %s`, kind => {
  const at = { missing: 'fallback', fields: ['slug'], path: 'locales' } as const
  const addresses = [
    { ...at, channel: undefined, language: undefined },
    { ...at, channel: undefined, language: 'de' },
    { ...at, channel: 'channel-pln', language: 'pl' },
  ]
  const planWith = (content: readonly string[]) => planOf({ ...queryOf(kind, {}), addresses, content }, 'all')

  test('looks at no other table once for every record, of whatever it is', async () => {
    for (const name of namesOf(kind)) expect(repeatedIn(await planWith([name])), name).toEqual([])
    expect(repeatedIn(await planWith(DEFAULT_CONTENT[kind]))).toEqual([])
    expect(repeatedIn(await planWith([...DEFAULT_CONTENT[kind], ...namesOf(kind)]))).toEqual([])
  }, 300_000)

  test('is made of texts where they are read: none of them is joined, sorted or grouped', async () => {
    const plan = await planWith(DEFAULT_CONTENT[kind])
    const wide = [...nodesOf(plan)].filter(
      ([node]) => /Join|Sort|Aggregate|^Hash$/.test(node['Node Type']) && (node['Plan Width'] as number) > 400,
    )
    expect(wide.map(([node]) => `${node['Node Type']} of ${node['Plan Width']} bytes`)).toEqual([])
  })
})

test('equality of metadata is answered by the GIN index', async () => {
  for (const name of ['metadata.sitemap', 'privateMetadata.pim_status']) {
    const plan = await planOf(queryOf('products', { [name]: 'a value that few have' }), 'all')
    const indexes = [...nodesOf(plan)].flatMap(([node]) => node['Index Name'] ?? [])
    const column = name.startsWith('private') ? 'private_metadata' : 'metadata'
    expect(indexes).toContain(`product_product_${column}_idx`)
  }
})

test('a record is judged without reading a table', async () => {
  const { judgeRecord } = await import('../../src/sources/saleor/explain.ts')
  const rule = { 'attributes.discontinued': true, 'stock.available': { gt: 0 }, 'images.count': { gte: 1 } }
  const seen: PlanNode[] = []
  const now = '2026-11-25 00:00:00+00'
  const watching: ReadOnlyTransaction = {
    ...transaction,
    query: async (fragment, options) => {
      const [row] = await transaction.query(sql`explain (format json) ${fragment}`, options)
      seen.push(JSON.parse(row?.[0] as string)[0].Plan)
      return transaction.query(fragment, options)
    },
  }
  await judgeRecord(watching, { query: queryOf('products', rule), key: '100', shop, visibility: 'saleor', now })
  expect(seen.length).toBeGreaterThan(1)
  const whole = seen.flatMap(plan =>
    [...nodesOf(plan)].flatMap(([node]) =>
      node['Node Type'] === 'Seq Scan' && node['Plan Rows'] > 1_000 ? [String(node['Relation Name'])] : [],
    ),
  )
  expect(whole).toEqual([])
})
