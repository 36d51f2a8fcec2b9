// The values of a few records, by key: to show why a record is where it is. Reads no table whole.
import type { ReadOnlyTransaction } from '../../io/postgres.ts'
import type { Field } from '../../rules/field.ts'
import { joinSql, parameter, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { RecordKind } from '../source.ts'
import { tableOf } from './fields.ts'
import type { SaleorField, SaleorPlace } from './saleor-field.ts'
import type { Shop } from './shop.ts'

/** Of a field with many values no more are read for a record. */
export const MOST_VALUES = 1_000

export interface ValuesWanted {
  readonly kind: RecordKind
  /** Ids of records; one that no record has is left out of the answer. */
  readonly keys: readonly string[]
  readonly fields: readonly SaleorField[]
  readonly shop: Shop
}

/** By key, for each field in order, its values as PostgreSQL's text; a field with one value has a list of one, null included. */
export type ValuesByKey = Map<string, readonly (readonly (string | null)[])[]>

/**
 * One statement, with subqueries on each record in place of joins with whole tables. Many values come in their own
 * order (text by code point), nulls last.
 */
export async function readValues(transaction: ReadOnlyTransaction, wanted: ValuesWanted): Promise<ValuesByKey> {
  const { kind, keys, fields, shop } = wanted
  const ids = [...new Set(keys)].filter(isId)
  if (ids.length === 0) return new Map()

  const places = fields.map(field => field.locate(shop))
  const joins = new Map(places.flatMap(place => (isAlone(place) ? [] : [...(place.joins ?? [])])))
  const columns = fields.map(({ field }, index) => asText(field, places[index] as SaleorPlace))
  const rows = await transaction.query(
    sql`select ${joinSql([trusted('r.id'), ...columns], ', ')} from ${trusted(tableOf(kind))} r ${joinSql([...joins.values()], ' ')} where r.id = any ((${parameter(ids, 'text[]')})::int[]) order by r.id`,
    { fewRecords: true },
  )
  return new Map(
    rows.map(([key, ...values]) => [
      key as string,
      values.map((value, index) => (fields[index]?.field.many ? (JSON.parse(value as string) as string[]) : [value])),
    ]),
  )
}

const isAlone = (place: SaleorPlace): boolean => place.single !== undefined || place.singleRows !== undefined

function asText(field: Field, place: SaleorPlace): SqlFragment {
  const { value } = place
  const rows = place.singleRows ?? place.rows
  if (rows === undefined) return sql`(${place.single ?? value})::text`
  const isText = field.type === 'text' || field.type === 'metadata' || field.type === 'unknown'
  const order = isText ? sql`(${value}) collate "C"` : value
  // ARRAY of a subquery keeps its order.
  return sql`to_jsonb(array(select (${value})::text ${rows} order by ${order} limit ${trusted(String(MOST_VALUES))}))::text`
}

const isId = (key: string): boolean => /^\d{1,10}$/.test(key) && Number(key) <= 2_147_483_647
