// What a role needs of the database to read what the sections ask, and what of that it does not have. Unlike a run it
// does not stop at the first thing missing.
import { StoremapError } from '../../errors.ts'
import type { ReadOnlyTransaction } from '../../io/postgres.ts'
import { namedFields } from '../../rules/parse.ts'
import { parameter, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { RecordQuery } from '../source.ts'
import { PROBED, probeColumns, probeShop, unreadableTables } from './probe.ts'
import { planQuery } from './query.ts'
import type { Channel, Shop } from './shop.ts'
import type { Visibility } from './visibility.ts'

export interface Needs {
  /** All that the sections read. */
  readonly tables: readonly string[]
  /** Those that are not there. */
  readonly missing: readonly string[]
  /** Those that the role may not read at all. */
  readonly closed: readonly string[]
  /** Of those of which it may read some columns: the ones that it may not. */
  readonly columns: readonly { readonly table: string; readonly columns: readonly string[] }[]
  /** Those of which row level security shows it a part. */
  readonly partial: readonly string[]
}

export interface NeedsOptions {
  readonly channel: string
  readonly visibility: Visibility
}

export async function readNeeds(
  transaction: ReadOnlyTransaction,
  queries: readonly RecordQuery[],
  options: NeedsOptions,
): Promise<Needs> {
  const fields = queries.flatMap(query => [
    ...namedFields(query.where),
    ...query.addresses.flatMap(address => address.fields),
    ...(query.content ?? []),
  ])
  const shop = await shopFor(transaction, queries, { ...options, fields })
  const plans = queries.flatMap(query => planQuery(query, shop, options.visibility).plan ?? [])
  const named = [
    'channel_channel',
    ...plans.flatMap(plan => plan.tables),
    ...(fields.some(name => /^(variants\.)?attributes(\.|$)/.test(name)) ? ['attribute_attribute'] : []),
    ...(fields.some(name => /^stock\..+\.available$/.test(name)) ? ['warehouse_warehouse'] : []),
  ]
  const tables = [...new Set(named)].sort()
  const rows = await transaction.query(
    sql`select t, (to_regclass(t) is not null)::text, coalesce(has_any_column_privilege(to_regclass(t), 'select'), false)::text, coalesce(row_security_active(to_regclass(t)), false)::text from unnest(${parameter(tables, 'text[]')}) t order by t`,
  )
  const those = (isMeant: (row: readonly (string | null)[]) => boolean): string[] =>
    rows.filter(isMeant).map(([name]) => name as string)
  const missing = those(([, there]) => there === 'false')
  const closed = those(([, there, readable]) => there === 'true' && readable === 'false')
  return {
    tables,
    missing,
    closed,
    columns:
      missing.length + closed.length > 0
        ? []
        : await closedColumns(
            transaction,
            plans.map(({ select }) => select),
            tables,
          ),
    partial: those(([, , , partial]) => partial === 'true'),
  }
}

/** The shop, or one that is believed to have what is asked for where the role may not see it. */
async function shopFor(
  transaction: ReadOnlyTransaction,
  queries: readonly RecordQuery[],
  { channel, fields }: NeedsOptions & { readonly fields: readonly string[] },
): Promise<Shop> {
  const isOpen = (await unreadableTables(transaction, ['channel_channel'])).size === 0
  const pairs = PROBED.map(([table, column]) => `${table}.${column}`)
  const known: Shop = isOpen
    ? await probeShop(transaction, channel, fields)
    : {
        channel: toChannel(channel),
        channels: new Map(),
        columns: await probeColumns(transaction, pairs),
        attributes: undefined,
        warehouses: undefined,
      }
  const named = [channel, ...queries.flatMap(query => query.addresses.flatMap(address => address.channel ?? []))]
  const believed = named.map(slug => [slug, toChannel(slug)] as const)
  return { ...known, channels: new Map([...believed, ...known.channels]) }
}

const toChannel = (slug: string): Channel => ({ id: 0, slug, active: true })

/** What PostgreSQL says of a table of which a column is closed names the table alone; the columns are read off the query. */
async function closedColumns(
  transaction: ReadOnlyTransaction,
  selects: readonly SqlFragment[],
  tables: readonly string[],
): Promise<Needs['columns']> {
  const rows = await transaction.query(
    sql`select t, a.attname::text from unnest(${parameter(tables, 'text[]')}) t join pg_attribute a on a.attrelid = to_regclass(t) where a.attnum > 0 and not a.attisdropped and not has_column_privilege(a.attrelid, a.attnum, 'select') order by t, a.attname`,
  )
  if (rows.length === 0) return []
  const found = new Map<string, Set<string>>()
  for (const select of selects) {
    if (await mayRun(transaction, select)) continue
    const words = new Set(select.parts.join('?').match(/\w+/g))
    for (const [table = '', column = ''] of rows as [string, string][]) {
      if (!words.has(table) || !words.has(column)) continue
      found.set(table, (found.get(table) ?? new Set()).add(column))
    }
  }
  return [...found].map(([table, columns]) => ({ table, columns: [...columns] }))
}

/** EXPLAIN asks for the same permissions as the query, and reads nothing. */
async function mayRun(transaction: ReadOnlyTransaction, select: SqlFragment): Promise<boolean> {
  await transaction.query(trusted('savepoint storemap_try'))
  try {
    await transaction.query(sql`explain ${select}`)
    return true
  } catch (cause) {
    if (!(cause instanceof StoremapError) || cause.code !== 'SOURCE_PERMISSION_MISSING') throw cause
    await transaction.query(trusted('rollback to savepoint storemap_try'))
    return false
  }
}
