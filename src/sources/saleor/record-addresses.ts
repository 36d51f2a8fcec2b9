// Records with their addresses, chosen by a rule alone and not by what is visible: to find whose an address is.
import type { ReadOnlyTransaction, TextRow } from '../../io/postgres.ts'
import { compileSql } from '../../rules/compile-sql.ts'
import { parseRule } from '../../rules/parse.ts'
import { joinSql, parameter, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { AddressValues, RecordAddresses, RecordKind, RecordName, RecordQuery } from '../source.ts'
import { addressColumnsOf, type Joins } from './address-columns.ts'
import { findField, tableOf, toLookup } from './fields.ts'
import type { SaleorField } from './saleor-field.ts'
import type { Shop } from './shop.ts'

/** More than a person would look through. */
export const MOST_FOUND = 10

/** Saleor's ids are int columns. */
export const isRecordId = (text: string): boolean => /^\d{1,10}$/.test(text) && Number(text) <= 2_147_483_647

export interface AddressesWanted {
  readonly query: RecordQuery
  readonly where: unknown
  readonly shop: Shop
}

/** The first few that the rule chooses; [] for a rule that cannot be asked. */
export async function locateRecords(
  transaction: ReadOnlyTransaction,
  { query, where, shop }: AddressesWanted,
): Promise<RecordAddresses[]> {
  const chosen = chosenBy(query.of, where, shop)
  if (!chosen) return []
  const { select, read } = selectAddresses(query, shop, chosen)
  const rows = await transaction.query(sql`${select} limit ${trusted(String(MOST_FOUND))}`, { fewRecords: true })
  return rows.map(read)
}

/** All of them, in batches; a rule that cannot be asked chooses every record. */
export async function* scanRecords(
  transaction: ReadOnlyTransaction,
  { query, where, shop }: AddressesWanted,
): AsyncGenerator<readonly RecordAddresses[]> {
  const chosen = chosenBy(query.of, where, shop) ?? { condition: trusted('true'), joins: new Map() }
  const { select, read } = selectAddresses(query, shop, chosen)
  for await (const rows of transaction.copy(select)) yield rows.map(read)
}

export interface Chosen {
  readonly condition: SqlFragment
  readonly joins: ReadonlyMap<string, SqlFragment>
}

/** Undefined for a rule with a mistake: of an id too large, of a field that the kind does not have. */
export function chosenBy(of: RecordKind, where: unknown, shop: Shop): Chosen | undefined {
  // An index answers for whole numbers; rules compare with all numbers there are.
  const id = idIn(where)
  if (id !== undefined)
    return isRecordId(String(id)) ? { condition: sql`r.id = ${parameter(id, 'int')}`, joins: new Map() } : undefined
  const { rule, problems } = parseRule(where, 'where', toLookup(of, shop))
  if (problems.length > 0) return undefined
  return compileSql(rule, field => (findField(of, field.name, shop) as SaleorField).locate(shop))
}

function idIn(where: unknown): number | undefined {
  const [[name, id] = [], ...others] = Object.entries(where as object)
  return name === 'id' && typeof id === 'number' && others.length === 0 ? id : undefined
}

/** A row is: id, slug and name, then what the addresses are made of. */
function selectAddresses(query: RecordQuery, shop: Shop, { condition, joins }: Chosen) {
  const addresses = addressRows(query, shop)
  const all = joinSql([...new Map([...joins, ...addresses.joins]).values()], ' ')
  const select = sql`select ${joinSql([namesOf(query.of), ...addresses.columns], ', ')} from ${trusted(tableOf(query.of))} r ${all} where ${condition} order by r.id`
  return { select, read: (row: TextRow) => ({ ...toName(row), addresses: addresses.read(row, 3) }) }
}

/** The columns of a query's addresses, and how they are read from the one numbered `at` on. */
export function addressRows(query: RecordQuery, shop: Shop) {
  const { columns, joins } = addressColumnsOf(query, shop)
  const wanted = columns.flatMap(({ flag, values }): SqlFragment[] => [flag ?? trusted('true'), ...values])
  const read = (row: TextRow, at: number): (AddressValues | undefined)[] => {
    let next = at
    return columns.map(({ values }) => {
      const isThere = row[next++] === 't'
      next += values.length
      return isThere ? row.slice(next - values.length, next) : undefined
    })
  }
  return { columns: wanted, joins: joins as Joins, read }
}

export const namesOf = (of: RecordKind): SqlFragment => trusted(`r.id, r.slug, r.${of === 'pages' ? 'title' : 'name'}`)

export const toName = ([key, slug, name]: TextRow): RecordName => ({
  key: key as string,
  slug: slug ?? '',
  name: name ?? '',
})
