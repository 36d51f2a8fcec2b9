// The funnel: how many records each condition removed, and a few of them by name, in one pass over the table.
import type { ReadOnlyTransaction } from '../../io/postgres.ts'
import { compileSql } from '../../rules/compile-sql.ts'
import type { Rule } from '../../rules/rule.ts'
import { parameter, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { Funnel, RecordKind } from '../source.ts'
import { findField } from './fields.ts'
import type { QueryPlan, Selection } from './query.ts'
import { forFewRecords, type SaleorField } from './saleor-field.ts'
import type { Shop } from './shop.ts'

/** Up to this many records are all read, those that are left out, too: the funnel then costs next to nothing. */
export const FEW_RECORDS = 20_000
/** About as many of a larger table are looked at, whatever its size. */
const SAMPLE_RECORDS = 5_000
const EXAMPLES = 3

export interface FunnelOptions {
  readonly of: RecordKind
  readonly shop: Shop
  /** Count all records, however many. */
  readonly exact: boolean
  /** About how many the table has. */
  readonly size: number
}

/** One funnel for each channel that the plan selects in. */
export async function readFunnel(
  transaction: ReadOnlyTransaction,
  plan: QueryPlan,
  options: FunnelOptions,
): Promise<readonly Funnel[]> {
  const isSampled = !options.exact && options.size > FEW_RECORDS
  const funnels: Funnel[] = []
  for (const selection of plan.selections) {
    const counted = isSampled
      ? await sampleRecords(transaction, selection, { ...options, table: plan.table })
      : await countAll(transaction, selection, plan.table)
    funnels.push({ ...counted, ...(plan.selections.length > 1 && { channel: selection.channel.slug }) })
  }
  return funnels
}

/**
 * `from … r` of about `look` records of a table: pages of it, the same ones each time. The share is text of ours: of a
 * value that it cannot see, the planner would expect a tenth of the table.
 */
export function sampleOf(table: string, { size, look }: { readonly size: number; readonly look: number }): SqlFragment {
  const percent = Math.min(100, (100 * look) / size).toFixed(6)
  return trusted(`from ${table} r tablesample system (${percent}) repeatable (1)`)
}

/** About how many records each table has: the planner's figure, or where it was never analysed a guess by size. */
export async function readSizes(
  transaction: ReadOnlyTransaction,
  tables: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await transaction.query(
    sql`select t, (case when reltuples > 0 then reltuples else pg_relation_size(oid) / 500 end)::bigint from unnest(${parameter([...new Set(tables)], 'text[]')}) t join pg_class on oid = to_regclass(t)`,
  )
  return new Map(rows.map(([table, size]) => [table as string, Number(size)]))
}

/** Counts as records are read, all of them in turn. */
export interface Tally {
  /** `passed`: how many conditions held before the first that did not. False for a record that is left out. */
  add(passed: number, slug: string): boolean
  funnel(): Funnel
}

export function makeTally({ conditions }: Selection): Tally {
  const counts = conditions.map(() => ({ n: 0, examples: [] as string[] }))
  let selected = 0
  return {
    add(passed, slug) {
      const count = counts[passed]
      if (count === undefined) {
        selected++
        return true
      }
      count.n++
      if (count.examples.length < EXAMPLES) count.examples.push(slug)
      return false
    },
    funnel: () => {
      const steps = conditions.map(({ removes }, index) => {
        const { n = 0, examples = [] } = counts[index] ?? {}
        return { condition: removes, removed: n, examples }
      })
      return { records: steps.reduce((sum, { removed }) => sum + removed, selected), steps, selected }
    },
  }
}

/** How many conditions of the selection hold before the first that does not, and the joins that it needs. */
export function passedOf(selection: Selection): { readonly passed: SqlFragment; readonly joins: SqlFragment } {
  // Inside CASE an EXISTS would be a subplan a record; each that needs one is answered by itself, and joined.
  const joins: SqlFragment[] = []
  const conditions = selection.conditions.map(({ rule, condition }, index) => {
    if (!namesMany(rule)) return condition
    const alias = `step_${index}`
    joins.push(
      sql`left join (select r.id ${selection.from} where ${condition}) ${trusted(`${alias} on ${alias}.id = r.id`)}`,
    )
    return trusted(`${alias}.id is not null`)
  })
  return { passed: firstFailing(conditions), joins: joinAll(joins) }
}

const namesMany = (rule: Rule): boolean =>
  rule.kind === 'compare' ? rule.field.many : rule.kind === 'not' ? namesMany(rule.rule) : rule.rules.some(namesMany)

async function countAll(transaction: ReadOnlyTransaction, selection: Selection, table: string): Promise<Funnel> {
  const { passed, joins } = passedOf(selection)
  const rows = await transaction.query(countBy(passed, sql`${selection.from} ${joins}`, { selection, table }))
  return toFunnel(rows, selection, 1)
}

/** Each record's values are looked up, not joined. */
async function sampleRecords(
  transaction: ReadOnlyTransaction,
  selection: Selection,
  { of, shop, table, size }: FunnelOptions & { readonly table: string },
): Promise<Funnel> {
  const own = { ...shop, channel: selection.channel }
  const joins = new Map<string, SqlFragment>()
  const conditions = selection.conditions.map(({ rule }) => {
    const compiled = compileSql(rule, field => {
      return forFewRecords((findField(of, field.name, own) as SaleorField).locate(own))
    })
    for (const [alias, join] of compiled.joins) joins.set(alias, join)
    return compiled.condition
  })
  const from = sql`${sampleOf(table, { size, look: SAMPLE_RECORDS })} ${joinAll([...joins.values()])}`
  const rows = await transaction.query(countBy(firstFailing(conditions), from, { selection, table }), {
    fewRecords: true,
  })
  const looked = rows.reduce((sum, [, count]) => sum + Number(count), 0)
  return { ...toFunnel(rows, selection, looked === 0 ? 0 : size / looked), sampled: looked }
}

function firstFailing(conditions: readonly SqlFragment[]): SqlFragment {
  if (conditions.length === 0) return trusted('0')
  const cases = conditions.map(
    (condition, index) => sql`when (${condition}) is not true then ${trusted(String(index))}`,
  )
  return sql`case ${joinAll(cases)} else ${trusted(String(cases.length))} end`
}

/** Rows of: how many conditions held before the first that did not; how many records; slugs of some, as JSON. */
function countBy(
  passed: SqlFragment,
  from: SqlFragment,
  { selection, table }: { readonly selection: Selection; readonly table: string },
): SqlFragment {
  const all = trusted(String(selection.conditions.length))
  return sql`with counted as materialized (select r.id, ${passed} as passed ${from})
    select passed, n, (select json_agg(e.slug) from (select x.slug from (select id from counted c where c.passed = steps.passed and steps.passed < ${all} limit ${trusted(String(EXAMPLES))}) found join ${trusted(table)} x on x.id = found.id order by found.id) e)::text
    from (select passed, count(*) as n from counted group by passed) steps`
}

function toFunnel(rows: readonly (readonly (string | null)[])[], selection: Selection, factor: number): Funnel {
  const counts = new Map(
    rows.map(([passed, n, examples]) => [
      Number(passed),
      { n: Math.round(Number(n) * factor), examples: examples ? (JSON.parse(examples) as string[]) : [] },
    ]),
  )
  const steps = selection.conditions.map(({ removes }, index) => ({
    condition: removes,
    removed: counts.get(index)?.n ?? 0,
    examples: counts.get(index)?.examples ?? [],
  }))
  const selected = counts.get(selection.conditions.length)?.n ?? 0
  return { records: steps.reduce((sum, { removed }) => sum + removed, selected), steps, selected }
}

const joinAll = (fragments: readonly SqlFragment[]): SqlFragment =>
  fragments.reduce((all, one) => sql`${all} ${one}`, trusted(''))
