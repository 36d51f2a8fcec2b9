// Which Saleor a database is of. No table says so: columns and tables that came with a version do, and every role may ask
// whether they are there. For people only; queries ask for the columns that they need.
import type { ReadOnlyTransaction } from '../../io/postgres.ts'
import { sql, trusted } from '../../rules/sql.ts'
import { probeColumns, unreadableTables } from './probe.ts'

/** Newest first: what a version brought, and the name of all versions from there to the next. */
const BROUGHT: readonly (readonly [version: string, column: string])[] = [
  ['3.23 or newer', 'page_page.search_vector'],
  ['3.22', 'attribute_attributevalue.numeric'],
  ['3.21', 'product_producttranslation.slug'],
  ['3.18 to 3.20', 'product_productchannellisting.discounted_price_dirty'],
  ['3.17', 'product_category.updated_at'],
  ['3.16', 'attribute_assignedproductattributevalue.product_id'],
  ['3.15', 'channel_channel.metadata'],
  ['3.3 to 3.14', 'product_productchannellisting.published_at'],
]

/** "3.22"; undefined for one older than 3.3, whose columns of publication are others. */
export async function readVersion(transaction: ReadOnlyTransaction): Promise<string | undefined> {
  const columns = await probeColumns(
    transaction,
    BROUGHT.map(([, column]) => column),
  )
  return BROUGHT.find(([, column]) => columns.has(column))?.[0]
}

/** "product 0205_merge"; undefined where the role may not read the table, or it has none. */
export async function readNewestMigration(transaction: ReadOnlyTransaction): Promise<string | undefined> {
  if ((await unreadableTables(transaction, ['django_migrations'])).size > 0) return undefined
  const [newest] = await transaction.query(
    sql`${trusted("select app || ' ' || name from django_migrations where app in ('product', 'page', 'attribute', 'channel') order by applied desc, id desc limit 1")}`,
  )
  return newest?.[0] ?? undefined
}
