// Looks at the connected database: is it Saleor's, which columns has its version, may the role read what is needed.
import { errors } from '../../errors.ts'
import type { ReadOnlyTransaction } from '../../io/postgres.ts'
import { parameter, sql, trusted } from '../../rules/sql.ts'
import type { Attribute, Channel, Shop } from './shop.ts'

const CORE = ['channel_channel', 'product_product', 'product_category', 'product_collection', 'page_page']

/** Columns that not every version has, of 3.14 to 3.24. Patch releases change them too, so no version is asked. */
export const PROBED: readonly (readonly [table: string, column: string])[] = [
  ['product_category', 'updated_at'],
  ['product_producttranslation', 'slug'],
  ['product_categorytranslation', 'slug'],
  ['product_collectiontranslation', 'slug'],
  ['page_pagetranslation', 'slug'],
  ['attribute_assignedproductattributevalue', 'product_id'],
  ['attribute_assignedpageattributevalue', 'page_id'],
  ['attribute_attributevalue', 'numeric'],
  ['attribute_attributevalue', 'reference_category_id'],
  ['attribute_attributevalue', 'reference_collection_id'],
]

/** Fails with SOURCE_NOT_SALEOR or SOURCE_PERMISSION_MISSING. */
export async function requireCore(transaction: ReadOnlyTransaction, label: string): Promise<void> {
  const rows = await transaction.query(
    sql`select t from unnest(${parameter(CORE, 'text[]')}) t where to_regclass(t) is null order by t`,
  )
  if (rows.length > 0)
    throw errors.sourceNotSaleor(
      label,
      rows.map(([name]) => name as string),
    )
  await requireTables(transaction, ['channel_channel'], label)
}

/** All that is missing at once: tables, and the permission to read them. */
export async function requireTables(
  transaction: ReadOnlyTransaction,
  tables: readonly string[],
  label: string,
): Promise<void> {
  const rows = await transaction.query(
    sql`select t, (to_regclass(t) is not null)::text, coalesce(has_any_column_privilege(to_regclass(t), 'select'), false)::text from unnest(${parameter([...new Set(tables)], 'text[]')}) t order by t`,
  )
  const missing = rows.filter(([, there]) => there === 'false').map(([name]) => name as string)
  if (missing.length > 0)
    throw errors.sourceSchemaUnknown(
      label,
      missing.map(name => `table ${name}`),
    )
  const closed = rows.filter(([, , readable]) => readable === 'false').map(([name]) => name as string)
  if (closed.length > 0) throw errors.sourcePermissionMissing(label, closed)
}

/** The shop, as far as the named fields need it known. A channel that does not exist has id 0, so that all else can be checked. */
export async function probeShop(
  transaction: ReadOnlyTransaction,
  channelSlug: string,
  fields: readonly string[],
): Promise<Shop> {
  const channelRows = await transaction.query(
    trusted('select id, slug, is_active::text from channel_channel order by slug'),
  )
  const channels = new Map(
    channelRows.map(([id, slug, active]): [string, Channel] => [
      slug as string,
      { id: Number(id), slug: slug as string, active: active === 'true' },
    ]),
  )
  const channel = channels.get(channelSlug) ?? { id: 0, slug: channelSlug, active: false }

  return {
    channel,
    channels,
    columns: await probeColumns(
      transaction,
      PROBED.map(([table, column]) => `${table}.${column}`),
    ),
    attributes: fields.some(name => /^(variants\.)?attributes\./.test(name))
      ? await readAttributes(transaction)
      : new Map(),
    warehouses: fields.some(name => /^stock\..+\.available$/.test(name))
      ? await readWarehouses(transaction)
      : new Set(),
  }
}

/** Those of the columns (`table.column`) that are there, whether or not the role may read them. */
export async function probeColumns(transaction: ReadOnlyTransaction, pairs: readonly string[]): Promise<Set<string>> {
  const columns = await transaction.query(
    sql`select pair from unnest(${parameter(pairs, 'text[]')}) pair join pg_attribute a on a.attrelid = to_regclass(split_part(pair, '.', 1)) and a.attname = split_part(pair, '.', 2) and not a.attisdropped`,
  )
  return new Set(columns.map(([pair]) => pair as string))
}

async function readAttributes(transaction: ReadOnlyTransaction): Promise<Map<string, Attribute> | undefined> {
  if (!(await canRead(transaction, 'attribute_attribute'))) return undefined
  const rows = await transaction.query(
    trusted('select id, slug, input_type, type, entity_type from attribute_attribute order by slug'),
  )
  return new Map(
    rows.map(([id, slug, inputType, type, entityType]) => [
      slug as string,
      {
        id: Number(id),
        slug: slug as string,
        inputType: inputType as string,
        type: type as string,
        entityType: entityType ?? null,
      },
    ]),
  )
}

async function readWarehouses(transaction: ReadOnlyTransaction): Promise<Set<string> | undefined> {
  if (!(await canRead(transaction, 'warehouse_warehouse'))) return undefined
  const rows = await transaction.query(trusted('select slug from warehouse_warehouse order by slug'))
  return new Set(rows.map(([slug]) => slug as string))
}

/** Those of the tables that the role may not read, or that are not there. */
export async function unreadableTables(
  transaction: ReadOnlyTransaction,
  tables: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await transaction.query(
    sql`select t from unnest(${parameter([...new Set(tables)], 'text[]')}) t where not coalesce(has_any_column_privilege(to_regclass(t), 'select'), false)`,
  )
  return new Set(rows.map(([table]) => table as string))
}

const canRead = async (transaction: ReadOnlyTransaction, table: string): Promise<boolean> =>
  (await unreadableTables(transaction, [table])).size === 0
