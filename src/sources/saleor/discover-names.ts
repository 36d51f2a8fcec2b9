// Which names the catalogue has in this shop: its patterns filled in with the shop's channels, languages, warehouses and
// attributes, as far as the role may read what they stand in.
import type { ReadOnlyTransaction } from '../../io/postgres.ts'
import { sql, trusted } from '../../rules/sql.ts'
import type { RecordKind, UnreadableFields } from '../source.ts'
import { fieldNames, fieldPatterns, findField } from './fields.ts'
import { unreadableTables } from './probe.ts'
import { planQuery } from './query.ts'
import type { Shop } from './shop.ts'
import { readLanguages } from './translations.ts'

export interface DiscoveredNames {
  /** Each is a field of this shop that the role can read. */
  readonly names: readonly string[]
  /** What stands before a key of metadata: `metadata.`, `category.privateMetadata.`. */
  readonly prefixes: readonly string[]
  readonly unreadable: readonly UnreadableFields[]
}

export async function discoverNames(
  transaction: ReadOnlyTransaction,
  kind: RecordKind,
  shop: Shop,
): Promise<DiscoveredNames> {
  const patterns = await sortByPermission(transaction, fieldPatterns(kind), pattern =>
    patternTables(kind, pattern, shop),
  )
  const filled: string[] = []
  // All that a channel has stands together, and all of a language.
  for (const [before, group] of groupBy(patterns.readable.keys(), pattern => pattern.split('<')[0] as string)) {
    const tables = patterns.readable.get(group[0] as string) ?? []
    const values = await valuesFor(transaction, group[0] as string, { kind, shop, tables })
    filled.push(...values.flatMap(value => group.map(pattern => before + value + pattern.replace(/^.*>/, ''))))
  }
  const known = [...fieldNames(kind), ...filled].filter(name => !('problem' in findField(kind, name, shop)))
  // A reference needs the table that it leads to, which its pattern does not name.
  const names = await sortByPermission(transaction, known, name => tablesOf(kind, name, shop))
  return {
    names: [...names.readable.keys()],
    prefixes: [...patterns.readable.keys()].filter(isOfMetadata).map(pattern => pattern.replace(PLACEHOLDER, '')),
    unreadable: byTables([...names.unreadable, ...patterns.unreadable]),
  }
}

const PLACEHOLDER = /<\w+>/
const isOfMetadata = (pattern: string): boolean => pattern.endsWith('<key>')

type Tables = readonly string[]

/** Leaves out what needs no tables known to us, since it is no field here. */
async function sortByPermission(
  transaction: ReadOnlyTransaction,
  names: readonly string[],
  tablesFor: (name: string) => Tables,
): Promise<{ readable: Map<string, Tables>; unreadable: (readonly [name: string, closed: Tables])[] }> {
  const needed = new Map(names.map(name => [name, tablesFor(name)] as const).filter(([, tables]) => tables.length > 0))
  const closed = await unreadableTables(transaction, [...needed.values()].flat())
  const readable = new Map<string, Tables>()
  const unreadable: (readonly [string, Tables])[] = []
  for (const [name, tables] of needed) {
    const missing = tables.filter(table => closed.has(table))
    if (missing.length === 0) readable.set(name, tables)
    else unreadable.push([name, missing])
  }
  return { readable, unreadable }
}

/** Tables that a rule with the field reads; none where there is no such field. */
function tablesOf(kind: RecordKind, name: string, shop: Shop): Tables {
  const nowhere = { channel: undefined, language: undefined, missing: 'omit', fields: [], path: '' } as const
  const query = {
    of: kind,
    where: { [name]: { exists: true } },
    addresses: [nowhere],
    images: false,
    updatedAt: false,
    path: '',
  }
  return planQuery(query, shop, 'all').plan?.tables ?? []
}

/** Of the pattern, whatever stands in it; in a shop of which attributes and warehouses are not known yet. */
function patternTables(kind: RecordKind, pattern: string, shop: Shop): Tables {
  const [channel = ''] = shop.channels.keys()
  const value = pattern.includes('<channel>') ? channel : 'de'
  const believing = { ...shop, attributes: undefined, warehouses: undefined }
  const tables = tablesOf(
    kind,
    pattern.replace(PLACEHOLDER, () => value),
    believing,
  )
  return isOfAttributes(pattern) ? [...tables, 'attribute_attribute'] : tables
}

const isOfAttributes = (pattern: string): boolean => pattern.endsWith('attributes.<slug>')

interface PatternFacts {
  readonly kind: RecordKind
  readonly shop: Shop
  readonly tables: Tables
}

async function valuesFor(
  transaction: ReadOnlyTransaction,
  pattern: string,
  { kind, shop, tables }: PatternFacts,
): Promise<readonly string[]> {
  if (isOfAttributes(pattern)) {
    const owner = pattern.startsWith('variants.') ? 'variant' : kind === 'pages' ? 'page' : 'product'
    return readAssigned(transaction, `attribute_attribute${owner}`)
  }
  switch (PLACEHOLDER.exec(pattern)?.[0]) {
    case '<channel>':
      return [...shop.channels.keys()]
    case '<warehouse>':
      return [...(shop.warehouses ?? [])]
    case '<lang>':
      return readLanguages(transaction, tables.find(table => table.endsWith('translation')) as string)
    default:
      return []
  }
}

/** Slugs of attributes that at least one type has. */
async function readAssigned(transaction: ReadOnlyTransaction, table: string): Promise<string[]> {
  const rows = await transaction.query(
    sql`select a.slug from attribute_attribute a where a.id in (select attribute_id from ${trusted(table)}) order by a.slug`,
  )
  return rows.map(([slug]) => slug as string)
}

function byTables(fields: readonly (readonly [name: string, closed: Tables])[]): UnreadableFields[] {
  const groups = groupBy(fields, ([, tables]) => [...tables].sort().join(' '))
  return [...groups].map(([key, group]) => ({ names: group.map(([name]) => name), tables: key.split(' ') }))
}

function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key) ?? []
    group.push(item)
    groups.set(key, group)
  }
  return groups
}
