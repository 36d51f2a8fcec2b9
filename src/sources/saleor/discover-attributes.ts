// Attributes of a shop: how many records have a value of each, counted for all that keep it in one place at once, and
// what can be chosen.
import type { ReadOnlyTransaction } from '../../io/postgres.ts'
import { joinSql, parameter, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { ShopField } from '../source.ts'
import { type Counted, type Frame, fieldOf, forEach } from './discover-counts.ts'
import { type Attribute, hasChoices } from './shop.ts'

/** Attributes whose values stand in the same rows: all but the attribute's id is the same. */
interface Group {
  /** Ends where the attribute's id has to follow. */
  readonly rows: SqlFragment
  /** By the attribute's id. */
  readonly attributes: Map<number, { readonly name: string; readonly value: SqlFragment }>
}

/** By the names of fields. A field that no record has a value of is left out. */
export async function countAttributes(
  transaction: ReadOnlyTransaction,
  frame: Frame,
  attributes: ReadonlyMap<string, Attribute>,
): Promise<Map<string, Counted>> {
  const counts = new Map<string, Counted>()
  for (const group of groupsOf(attributes, frame)) {
    // All values of a record: told which attributes are wanted, PostgreSQL may start from theirs, those of all records.
    const each = forEach(
      sql`select val.attribute_id, case ${presenceByAttribute(group)} end as is_there ${group.rows} val.attribute_id`,
    )
    const found = await transaction.query(
      sql`select x.attribute_id, count(distinct r.id), min(r.id) ${frame.from} ${each} x where x.is_there group by x.attribute_id`,
      { fewRecords: true },
    )
    for (const [id, records, first = null] of found) {
      const { name } = group.attributes.get(Number(id)) as { name: string }
      counts.set(name, { records: Number(records), first })
    }
  }
  return counts
}

function groupsOf(attributes: ReadonlyMap<string, Attribute>, { kind, shop }: Frame): Iterable<Group> {
  const groups = new Map<string, Group>()
  for (const [name, { id }] of attributes) {
    const { rows, value } = fieldOf(kind, name, shop).locate(shop)
    if (rows?.parameters.at(-1)?.value !== id) throw new Error(`the rows of ${name} do not end with its id`)
    const before = { parts: rows.parts.slice(0, -1), parameters: rows.parameters.slice(0, -1) }
    const key = JSON.stringify(before)
    const group = groups.get(key) ?? { rows: before, attributes: new Map() }
    group.attributes.set(id, { name, value })
    groups.set(key, group)
  }
  return groups.values()
}

/** `when` for each column in which values stand, with the attributes that have theirs there. */
function presenceByAttribute({ attributes }: Group): SqlFragment {
  const columns = new Map<string, { value: SqlFragment; ids: string[] }>()
  for (const [id, { value }] of attributes) {
    const key = JSON.stringify(value)
    const column = columns.get(key) ?? { value, ids: [] }
    column.ids.push(String(id))
    columns.set(key, column)
  }
  const cases = [...columns.values()].map(
    ({ value, ids }) =>
      sql`when val.attribute_id = any ((${parameter(ids, 'text[]')})::int[]) then (${value}) is not null`,
  )
  return joinSql(cases, ' ')
}

const MOST_CHOICES = 20

/** By the attribute's id, in the order of the shop's own forms. */
export async function readChoices(
  transaction: ReadOnlyTransaction,
  attributes: readonly Attribute[],
): Promise<ReadonlyMap<number, NonNullable<ShopField['choices']>>> {
  const ids = [...new Set(attributes.filter(hasChoices).map(({ id }) => id))]
  if (ids.length === 0) return new Map()
  const rows = await transaction.query(
    sql`select attribute_id, count(*), (jsonb_agg(slug order by position) filter (where position <= ${trusted(String(MOST_CHOICES))}))::text from (select attribute_id, slug, row_number() over (partition by attribute_id order by sort_order nulls last, id) as position from attribute_attributevalue where attribute_id = any ((${parameter(ids.map(String), 'text[]')})::int[])) choices group by attribute_id`,
  )
  const found = new Map(rows.map(([id, count, slugs]) => [Number(id), { count: Number(count), slugs }]))
  return new Map(
    ids.map(id => {
      const { count = 0, slugs } = found.get(id) ?? {}
      return [id, { slugs: slugs ? (JSON.parse(slugs) as string[]) : [], count }]
    }),
  )
}
