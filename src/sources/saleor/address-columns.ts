// The columns that a record's addresses are made of: values of fields, in the language of each.
import { nearestHint, type Problem } from '../../problem.ts'
import type { SqlField } from '../../rules/compile-sql.ts'
import { joinSql, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { AddressQuery, RecordQuery } from '../source.ts'
import { findField } from './fields.ts'
import type { Shop } from './shop.ts'
import { isTranslated, translatedValue } from './translations.ts'

/** Joins by their alias: each once. */
export type Joins = Map<string, SqlFragment>

/** The columns of the query's addresses, and the joins that they need; for a record that may be in any channel. */
export function addressColumnsOf(query: RecordQuery, shop: Shop) {
  const joins: Joins = new Map()
  const columns = query.addresses.map(address => {
    const channel = shop.channels.get(address.channel ?? shop.channel.slug) ?? shop.channel
    return addressColumns(query, address, { shop: { ...shop, channel }, joins, problems: [], chosen: undefined })
  })
  return { columns, joins }
}

export interface AddressContext {
  readonly shop: Shop
  readonly joins: Joins
  readonly problems: Problem[]
  /** The alias of the join that chooses the records of the address's channel; undefined where all are of one. */
  readonly chosen: string | undefined
}

/** The values of an address, and where some records lack it, the column that says which. */
export function addressColumns(
  query: RecordQuery,
  address: AddressQuery,
  { shop, joins, problems, chosen }: AddressContext,
): { readonly flag: SqlFragment | undefined; readonly values: readonly SqlFragment[] } {
  const { language, missing } = address
  const flags: SqlFragment[] = chosen === undefined ? [] : [trusted(`${chosen}.id is not null`)]
  if (language !== undefined && missing === 'omit') flags.push(placed(isTranslated(query.of, language, shop), joins))
  const values = address.fields.map(name => {
    const found = findField(query.of, name, shop)
    if ('problem' in found) {
      const hint = nearestHint(name, found.known)
      const problem = { path: address.path, message: found.problem, ...(hint && { hint }) }
      if (!problems.some(({ path, message }) => path === problem.path && message === problem.message))
        problems.push(problem)
      return trusted('null')
    }
    const translated = language === undefined ? undefined : translatedValue(query.of, name, language, shop)
    const located = translated ?? found.locate(shop)
    if (located.rows)
      problems.push({
        path: address.path,
        message: `"${name}" has many values a record, so it cannot stand in a URL.`,
      })
    return placed(located, joins)
  })
  return { flag: flags.length > 0 ? sql`(${joinSql(flags, ' and ')})` : undefined, values }
}

/** The value of a field, with its joins noted. */
export function placed(field: SqlField, joins: Joins): SqlFragment {
  for (const [alias, join] of field.joins ?? []) joins.set(alias, join)
  return field.value
}
