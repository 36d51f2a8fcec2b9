// A field of Saleor's: what a rule sees of it, and where it stands once the shop is known.
import type { SqlField } from '../../rules/compile-sql.ts'
import type { Field, FieldType } from '../../rules/field.ts'
import { type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { Shop } from './shop.ts'

/**
 * Two ways to the same value. That of a rule suits whole tables: what has to be computed is computed once for all
 * records, and joined. For a few records it would be waste, so there may be another that looks at `r` alone.
 */
export interface SaleorPlace extends SqlField {
  /** The value as a scalar subquery on `r`, which needs none of the joins. */
  readonly single?: SqlFragment
  /** Many values: `from … where …` for one record, in place of `rows`; `value` stays. */
  readonly singleRows?: SqlFragment
}

/** The way that suits a few records, for a rule on these. */
export function forFewRecords(place: SaleorPlace): SqlField {
  if (place.single) return { value: place.single }
  return place.singleRows ? { value: place.value, rows: place.singleRows } : place
}

export interface SaleorField {
  readonly field: Field
  locate(shop: Shop): SaleorPlace
}

/** A field that is one column, perhaps of a joined table. */
export function column(
  name: string,
  type: FieldType,
  expression: string,
  joins?: ReadonlyMap<string, SqlFragment>,
  emptyIsMissing?: boolean,
): SaleorField {
  return {
    field: { name, type, many: false, ...(emptyIsMissing && { emptyIsMissing }) },
    locate: () => ({ value: trusted(expression), ...(joins && { joins }) }),
  }
}

/** A field with one value that only the shop can place. */
export function computed(name: string, type: FieldType, locate: (shop: Shop) => SaleorPlace): SaleorField {
  return { field: { name, type, many: false }, locate }
}

/** A field with many values, one a row of `place.rows`. */
export function many(field: Omit<Field, 'many'>, place: SaleorPlace & { readonly rows: SqlFragment }): SaleorField {
  return { field: { ...field, many: true }, locate: () => place }
}

/** A field that counts what `select id, n` gives for the record; none is 0. */
export function countJoin(alias: string, select: SqlFragment): SaleorPlace {
  const join = sql`left join (${select}) ${trusted(`${alias} on ${alias}.id = r.id`)}`
  return { value: trusted(`coalesce(${alias}.n, 0)`), joins: new Map([[alias, join]]) }
}

/** A record's own property: `constructor` is no field. */
export const own = <T>(record: Readonly<Record<string, T>>, key: string): T | undefined =>
  Object.hasOwn(record, key) ? record[key] : undefined
