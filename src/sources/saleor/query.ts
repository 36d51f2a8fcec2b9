// A record query as SQL: what is selected, from where, and the conditions in the order in which people read them.
import type { Problem } from '../../problem.ts'
import { nearestHint } from '../../problem.ts'
import { compileSql } from '../../rules/compile-sql.ts'
import { describeRemoved } from '../../rules/describe.ts'
import type { Field } from '../../rules/field.ts'
import { parseRule } from '../../rules/parse.ts'
import type { Rule } from '../../rules/rule.ts'
import { joinSql, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { RecordQuery } from '../source.ts'
import { findField, tableOf, toLookup } from './fields.ts'
import type { SaleorField } from './saleor-field.ts'
import type { Shop } from './shop.ts'
import { type Visibility, visibleTo } from './visibility.ts'

export interface QueryPlan {
  /** Key, date of change, then the fields asked for; ordered by key. */
  readonly select: SqlFragment
  /** `from … joins`, without conditions. */
  readonly from: SqlFragment
  readonly table: string
  /** What has to hold, first to last, each with what is true of those it removes; the first is visibility. */
  readonly conditions: readonly { readonly removes: string; readonly condition: SqlFragment }[]
  /** Tables that the role must be able to read. */
  readonly tables: readonly string[]
}

export function planQuery(
  query: RecordQuery,
  shop: Shop,
  visibility: Visibility,
): { plan?: QueryPlan; problems: readonly Problem[] } {
  const { rule, problems } = parseRule(query.where, `${query.path}.where`, toLookup(query.of, shop))
  const columns = query.fields.map(name => urlColumn(query, name, shop, problems))
  if (problems.length > 0) return { problems }

  const joins = new Map<string, SqlFragment>()
  const conditions: { removes: string; condition: SqlFragment }[] = []
  if (visibility === 'saleor') {
    const visible = visibleTo(query.of, shop.channel)
    for (const [alias, join] of visible.joins) joins.set(alias, join)
    if (query.of !== 'categories') {
      const place = query.of === 'pages' ? '' : ` in "${shop.channel.slug}"`
      conditions.push({ removes: `not visible to the public${place}`, condition: visible.condition })
    }
  }
  for (const part of conjunction(rule)) {
    const compiled = compileSql(part, field => locate(query, field, shop))
    for (const [alias, join] of compiled.joins) joins.set(alias, join)
    conditions.push({ removes: describeRemoved(part), condition: compiled.condition })
  }
  const values = columns.map(column => {
    for (const [alias, join] of column?.joins ?? []) joins.set(alias, join)
    return column?.value ?? trusted('null')
  })

  const table = tableOf(query.of)
  const from = sql`from ${trusted(table)} r ${joinSql([...joins.values()], ' ')}`
  const updatedAt = trusted(query.updatedAt && hasUpdatedAt(query, shop) ? 'r.updated_at' : 'null')
  const where =
    conditions.length === 0
      ? trusted('true')
      : joinSql(
          conditions.map(item => sql`(${item.condition})`),
          ' and ',
        )
  const select = sql`select ${joinSql([trusted('r.id'), updatedAt, ...values], ', ')} ${from} where ${where} order by r.id`
  return { plan: { select, from, table, conditions, tables: tablesIn(select) }, problems: [] }
}

/** Products always, categories from Saleor 3.17 on; collections and pages have none in any version. */
function hasUpdatedAt(query: RecordQuery, shop: Shop): boolean {
  return query.of === 'products' || (query.of === 'categories' && shop.columns.has('product_category.updated_at'))
}

function urlColumn(query: RecordQuery, name: string, shop: Shop, problems: Problem[]) {
  const path = `${query.path}.url`
  const found = findField(query.of, name, shop)
  if ('problem' in found) {
    const hint = nearestHint(name, found.known)
    problems.push({ path, message: found.problem, ...(hint && { hint }) })
    return undefined
  }
  const located = found.locate(shop)
  if (located.rows) problems.push({ path, message: `"${name}" has many values a record, so it cannot stand in a URL.` })
  return located
}

const locate = (query: RecordQuery, field: Field, shop: Shop) =>
  (findField(query.of, field.name, shop) as SaleorField).locate(shop)

/** The parts that must all hold: each is a step of the funnel. NOT (a OR b) is NOT a AND NOT b. */
function conjunction(rule: Rule): Rule[] {
  if (rule.kind === 'and') return rule.rules.flatMap(conjunction)
  if (rule.kind === 'not' && rule.rule.kind === 'not') return conjunction(rule.rule.rule)
  if (rule.kind === 'not' && rule.rule.kind === 'or') {
    return rule.rule.rules.flatMap(item => conjunction({ kind: 'not', rule: item }))
  }
  return [rule]
}

/** The text is ours, so its tables can be read off it. */
function tablesIn({ parts }: SqlFragment): string[] {
  const names = parts.join('?').matchAll(/\b(?:from|join) ((?:product|channel|attribute|page|warehouse)_[a-z]+)\b/g)
  return [...new Set([...names].map(match => match[1] as string))]
}
