// How many records have a value of each field, and which is the first: all records of a small table, or the same pages
// of a large one each time. A record has a value exactly where the rule `{ field: { exists: true } }` chooses it.
import type { ReadOnlyTransaction } from '../../io/postgres.ts'
import { compileSql } from '../../rules/compile-sql.ts'
import { joinSql, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { RecordKind } from '../source.ts'
import { findField, tableOf } from './fields.ts'
import { sampleOf } from './funnel.ts'
import { forFewRecords, type SaleorField } from './saleor-field.ts'
import type { Shop } from './shop.ts'

/** The records that are looked at. */
export interface Frame {
  readonly kind: RecordKind
  readonly shop: Shop
  readonly sampled: boolean
  /** `from product_product r`, perhaps with what makes a sample of it. */
  readonly from: SqlFragment
}

export interface Counted {
  readonly records: number
  /** The lowest id of them; null where there is none. */
  readonly first: string | null
}

export function frameOf(
  kind: RecordKind,
  shop: Shop,
  { size, few, look }: { readonly size: number; readonly few: number; readonly look: number },
): Frame {
  const sampled = size > few
  const table = tableOf(kind)
  return { kind, shop, sampled, from: sampled ? sampleOf(table, { size, look }) : trusted(`from ${table} r`) }
}

/** Of a name that is known to be one. */
export function fieldOf(kind: RecordKind, name: string, shop: Shop): SaleorField {
  const found = findField(kind, name, shop)
  if ('problem' in found) throw new Error(`the shop has no field ${name}`)
  return found
}

/**
 * A subquery on each record of the frame, worked out record by record: made one with the frame, as PostgreSQL would, it
 * joins whole tables to a few thousand records. Its statement has to say `fewRecords`.
 */
export const forEach = (select: SqlFragment): SqlFragment => sql`cross join lateral (${select} offset 0)`

/** So many of them in one statement: each is a column or two, and some bring a join. */
const AT_ONCE = 40
/** A count is always there, and need not be made to be counted. */
const COUNTS = /^((images|variants)\.count|visibleProducts(\.direct)?)$/

export async function countFields(
  transaction: ReadOnlyTransaction,
  frame: Frame,
  fields: readonly SaleorField[],
): Promise<{ readonly looked: number; readonly counts: Map<string, Counted> }> {
  const counts = new Map<string, Counted>()
  let looked = 0
  for (let from = 0; from < fields.length; from += AT_ONCE) {
    const some = fields.slice(from, from + AT_ONCE)
    const [row = []] = await transaction.query(countStatement(frame, some), { fewRecords: true })
    looked = Number(row[0])
    for (const [index, { field }] of some.entries())
      counts.set(field.name, { records: Number(row[1 + 2 * index]), first: row[2 + 2 * index] ?? null })
  }
  return { looked, counts }
}

function countStatement({ shop, from }: Frame, fields: readonly SaleorField[]): SqlFragment {
  const joins = new Map<string, SqlFragment>()
  const columns = fields.map((field, index) => {
    const { condition, joins: own } = presenceOf(field, shop)
    for (const [alias, join] of own) joins.set(alias, join)
    return sql`(${condition}) as ${trusted(`c${index}`)}`
  })
  const each = sql`select ${joinSql(columns, ', ')} from (select 1) one ${joinSql([...joins.values()], ' ')}`
  const results = fields.map((_, index) => `, count(*) filter (where c${index}), min(id) filter (where c${index})`)
  return sql`with looked as materialized (select r.id, x.* ${from} ${forEach(each)} x) select count(*)${trusted(results.join(''))} from looked`
}

function presenceOf({ field, locate }: SaleorField, shop: Shop) {
  if (COUNTS.test(field.name)) return { condition: trusted('true'), joins: new Map<string, SqlFragment>() }
  return compileSql({ kind: 'compare', field, tests: [], exists: true }, () => forFewRecords(locate(shop)))
}
