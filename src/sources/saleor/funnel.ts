// The funnel: how many records each condition removed, counted in one pass over the table.
import type { ReadOnlyTransaction } from '../../io/postgres.ts'
import { parameter, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { Funnel } from '../source.ts'
import type { QueryPlan } from './query.ts'

/** Above this many records the pass would cost a noticeable part of a run. */
const MOST_RECORDS = 200_000

/** Undefined where the table is too large to count by the way. */
export async function readFunnel(transaction: ReadOnlyTransaction, plan: QueryPlan): Promise<Funnel | undefined> {
  const [size] = await transaction.query(
    sql`select greatest(reltuples, 0)::bigint from pg_class where oid = to_regclass(${parameter(plan.table, 'text')})`,
  )
  if (Number(size?.[0] ?? 0) > MOST_RECORDS) return undefined

  // `passed` of each row: how many conditions held before the first that did not.
  const cases = plan.conditions.map(
    (item, index) => sql`when (${item.condition}) is not true then ${trusted(String(index))}`,
  )
  const passed =
    cases.length === 0 ? trusted('0') : sql`case ${joinAll(cases)} else ${trusted(String(cases.length))} end`
  const rows = await transaction.query(
    sql`select passed, count(*) from (select ${passed} as passed ${plan.from}) counted group by passed`,
  )
  const counts = new Map(rows.map(([index, count]) => [Number(index), Number(count)]))
  return {
    records: [...counts.values()].reduce((sum, count) => sum + count, 0),
    steps: plan.conditions.map((item, index) => ({ condition: item.removes, removed: counts.get(index) ?? 0 })),
    selected: counts.get(plan.conditions.length) ?? 0,
  }
}

const joinAll = (fragments: readonly SqlFragment[]): SqlFragment => fragments.reduce((all, one) => sql`${all} ${one}`)
