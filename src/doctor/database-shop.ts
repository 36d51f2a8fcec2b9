// Whether the database is a Saleor that can be read: its tables, its version, its channel, the grants that are missing.
import type { ReadOnlyTransaction } from '../io/postgres.ts'
import { nearestHint } from '../problem.ts'
import { trusted } from '../rules/sql.ts'
import { type Needs, readNeeds } from '../sources/saleor/needs.ts'
import { readNewestMigration, readVersion } from '../sources/saleor/version.ts'
import type { RecordQuery } from '../sources/source.ts'
import type { Tell } from './check.ts'
import type { DatabaseRole } from './database-role.ts'

export interface ShopOptions {
  readonly queries: readonly RecordQuery[]
  readonly role: DatabaseRole
  readonly channel: string
  readonly visibility: 'saleor' | 'all'
}

/** Undefined where it is no Saleor. */
export async function tellShop(
  tell: Tell,
  transaction: ReadOnlyTransaction,
  options: ShopOptions,
): Promise<{ readonly tables: readonly string[]; readonly isReadable: boolean } | undefined> {
  if (!(await tellSaleor(tell, transaction, options))) return undefined
  const needs = await readNeeds(transaction, options.queries, options)
  const isReadable = tellTables(tell, needs, options)
  if (!needs.closed.includes('channel_channel')) await tellChannel(tell, transaction, options.channel)
  return { tables: needs.tables, isReadable }
}

async function tellSaleor(tell: Tell, transaction: ReadOnlyTransaction, { role }: ShopOptions): Promise<boolean> {
  const [row = []] = await transaction.query(
    trusted(`select (to_regclass('product_product') is not null and to_regclass('channel_channel') is not null)::text,
      (select n.nspname::text from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relname = 'product_product' and c.relkind in ('r', 'p', 'v') limit 1)`),
  )
  const [isThere, schema] = row
  if (isThere !== 'true') {
    const remedy = schema
      ? `GRANT USAGE ON SCHEMA ${schema} TO "${role.name}"; and, where it is not "public": ALTER ROLE "${role.name}" SET search_path = ${schema};`
      : 'Check the name of the database in "source.saleor.database".'
    const where = schema ? `in the schema "${schema}", which ${role.name} does not see` : 'nowhere in this database'
    tell.fail('saleor', `the tables of Saleor are ${where}`, { remedy })
    return false
  }
  const version = await readVersion(transaction)
  const newest = await readNewestMigration(transaction)
  if (version === undefined) {
    tell.fail('saleor', 'its tables are those of a Saleor before 3.3, which cannot be read', {
      remedy: 'Update Saleor; 3.14 and newer are tried.',
    })
    return false
  }
  const seen = newest === undefined ? '' : `; newest migration ${newest}`
  tell.ok('saleor', `by its columns, Saleor ${version}${seen}`)
  return true
}

function tellTables(tell: Tell, needs: Needs, { role }: ShopOptions): boolean {
  const { tables, missing, closed, columns, partial } = needs
  const to = ` TO "${role.name}";`
  if (missing.length > 0) {
    tell.fail('tables', `the sections need tables that are not there: ${missing.join(', ')}`, {
      remedy: 'Check the version of Saleor, and whether its migrations have all run.',
    })
  }
  if (closed.length > 0) {
    tell.fail('tables', `${role.name} may not read ${closed.join(', ')}`, {
      remedy: `GRANT SELECT ON ${closed.join(', ')}${to}`,
    })
  }
  if (columns.length > 0) {
    const named = columns.map(({ table, columns }) => `${columns.join(', ')} of ${table}`).join('; ')
    const grants = columns.map(({ table, columns }) => `GRANT SELECT (${columns.join(', ')}) ON ${table}${to}`)
    tell.fail('tables', `${role.name} may not read the columns ${named}`, { remedy: grants.join(' ') })
  }
  if (partial.length > 0) {
    tell.warn('tables', `row level security shows ${role.name} a part of ${partial.join(', ')}, or nothing`, {
      remedy: `ALTER ROLE "${role.name}" BYPASSRLS; or a policy that shows it all.`,
    })
  }
  const isReadable = missing.length + closed.length + columns.length === 0
  if (isReadable && partial.length === 0)
    tell.ok('tables', `${role.name} may read all ${tables.length} that are needed`)
  return isReadable
}

async function tellChannel(tell: Tell, transaction: ReadOnlyTransaction, channel: string): Promise<void> {
  const rows = await transaction.query(trusted('select slug, is_active::text from channel_channel order by slug'))
  const found = rows.find(([slug]) => slug === channel)
  if (!found) {
    const slugs = rows.map(([slug]) => slug as string)
    tell.fail('channel', `there is no channel "${channel}"`, {
      remedy: `Set "source.saleor.channel". ${nearestHint(channel, slugs) ?? ''}`.trim(),
    })
  } else if (found[1] === 'true') tell.ok('channel', `"${channel}" is there, and active`)
  else {
    tell.warn('channel', `"${channel}" is not active: its customers see no product, so none is listed`, {
      remedy: 'Activate it in the dashboard, under Configuration, Channels; or set "source.saleor.channel".',
    })
  }
}
