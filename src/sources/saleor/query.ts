// A record query as SQL: what is selected, from where, and the conditions in the order in which people read them.
import type { Problem } from '../../problem.ts'
import { nearestHint } from '../../problem.ts'
import { compileSql, makeExistsJoins, type SqlField } from '../../rules/compile-sql.ts'
import { describeRemoved } from '../../rules/describe.ts'
import type { Field } from '../../rules/field.ts'
import { parseRule } from '../../rules/parse.ts'
import type { Rule } from '../../rules/rule.ts'
import { joinSql, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { AddressQuery, RecordQuery } from '../source.ts'
import { addressColumns, type Joins, placed } from './address-columns.ts'
import { contentProblems } from './content.ts'
import { findField, tableOf, toLookup } from './fields.ts'
import { type Fingerprints, fingerprintsOf } from './fingerprints.ts'
import { passedOf } from './funnel.ts'
import { imageList } from './images.ts'
import type { SaleorField } from './saleor-field.ts'
import type { Channel, Shop } from './shop.ts'
import { hasUpdatedAt } from './updated-at.ts'
import { inactive, isHidden, type Visibility, visibilityOf } from './visibility.ts'

export interface QueryPlan {
  /** Key, date of change, the columns of each address, fingerprints and images where asked for; ordered by key. */
  readonly select: SqlFragment
  /** The same of every record, those left out, too, with two more columns: conditions passed, and slug. */
  readonly selectAll: SqlFragment | undefined
  /** How a row is read: which addresses say by a column of their own whether they are there. */
  readonly addresses: readonly { readonly flagged: boolean; readonly values: number }[]
  readonly fingerprints: Fingerprints | undefined
  readonly table: string
  /** What chooses the records, for each channel that an address names. */
  readonly selections: readonly Selection[]
  /** Tables that the role must be able to read. */
  readonly tables: readonly string[]
}

/** The records of one channel. */
export interface Selection {
  readonly channel: Channel
  /** `from … joins`, without conditions. */
  readonly from: SqlFragment
  /** What has to hold, first to last: visibility, then the rule; each with what is true of those it removes. */
  readonly conditions: readonly Condition[]
}

export interface Condition {
  readonly removes: string
  readonly rule: Rule
  readonly condition: SqlFragment
}

export function planQuery(
  query: RecordQuery,
  shop: Shop,
  visibility: Visibility,
): { plan?: QueryPlan; problems: readonly Problem[] } {
  const { problems } = parseRule(query.where, `${query.path}.where`, toLookup(query.of, shop))
  const shops = shopsOf(query, shop, problems)
  if (query.images && !imageList(query.of))
    problems.push({ path: `${query.path}.images`, message: `Saleor keeps no images of ${query.of}.` })
  problems.push(...contentProblems(query, { path: `${query.path}.content`, shop }))
  const joins: Joins = new Map()
  const shopOf = ({ channel }: AddressQuery): Shop => (channel === undefined ? shop : (shops.get(channel) ?? shop))
  const { selections, indexOf } = selectInAll(query, [...shops.values()], visibility)
  const isOne = selections.length <= 1
  const columns = query.addresses.map(address => {
    const own = shopOf(address)
    const chosen = isOne ? undefined : `in_${indexOf.get(own.channel.slug)}`
    return addressColumns(query, address, { shop: own, joins, problems, chosen })
  })
  if (problems.length > 0) return { problems }

  const fingerprints = fingerprintsOf(query, { shopOf, joins })
  const images = query.images ? [placed(imageList(query.of) as SqlField, joins)] : []
  const table = tableOf(query.of)
  const updatedAt = trusted(query.updatedAt && hasUpdatedAt(query, shop) ? 'r.updated_at' : 'null')
  const wanted = [
    trusted('r.id'),
    updatedAt,
    ...columns.flatMap(({ flag, values }): SqlFragment[] => [...(flag ? [flag] : []), ...values]),
    ...(fingerprints?.columns ?? []),
    ...images,
  ]
  const [only] = selections
  if (!only) throw new Error(`${query.path} asks for no address`)
  const chosen = isOne ? { joins: only.joins, conditions: only.conditions } : amongChannels(selections)
  const isSomewhere = columns.every(({ flag }) => flag)
    ? [
        sql`(${joinSql(
          columns.map(({ flag }) => flag as SqlFragment),
          ' or ',
        )})`,
      ]
    : []
  const conditions = [...chosen.conditions.map(({ condition }) => sql`(${condition})`), ...isSomewhere]
  const from = sql`from ${trusted(table)} r ${joinSql([...new Map([...chosen.joins, ...joins]).values()], ' ')}`
  const where = conditions.length === 0 ? trusted('true') : joinSql(conditions, ' and ')
  const select = sql`select ${joinSql(wanted, ', ')} ${from} where ${where} order by r.id`
  const { passed, joins: steps } = passedOf(only)
  const allFrom = sql`from ${trusted(table)} r ${joinSql([...new Map([...only.joins, ...joins]).values()], ' ')} ${steps}`
  const selectAll = isOne
    ? sql`select ${joinSql([...wanted, passed, trusted('r.slug')], ', ')} ${allFrom} order by r.id`
    : undefined
  const addresses = columns.map(({ flag, values }) => ({ flagged: flag !== undefined, values: values.length }))
  const tables = tablesIn(select)
  return { plan: { select, selectAll, addresses, fingerprints, table, selections, tables }, problems: [] }
}

/** The shop as each channel's customers know it: the source's own first, where an address is in it. */
function shopsOf(query: RecordQuery, shop: Shop, problems: Problem[]): Map<string, Shop> {
  const shops = new Map<string, Shop>()
  for (const { channel: slug = shop.channel.slug, path, channelPath = `${path}.channel` } of query.addresses) {
    if (shops.has(slug)) continue
    const channel = slug === shop.channel.slug ? shop.channel : shop.channels.get(slug)
    if (channel) shops.set(slug, { ...shop, channel })
    else problems.push({ path: channelPath, ...unknownChannel(slug, [...shop.channels.keys()]) })
  }
  return shops
}

export function unknownChannel(slug: string, known: readonly string[]): Omit<Problem, 'path'> {
  const hint = nearestHint(slug, known)
  return { message: `The shop has no channel "${slug}".`, ...(hint && { hint }) }
}

/** One selection a channel; channels whose customers see the same (of pages, all do) share one. */
function selectInAll(query: RecordQuery, shops: readonly Shop[], visibility: Visibility) {
  const selections: (Selection & { readonly joins: Joins })[] = []
  const texts: string[] = []
  const indexOf = new Map<string, number>()
  for (const shop of shops) {
    const selection = selectIn(query, shop, visibility)
    const text = JSON.stringify([selection.from, selection.conditions.map(({ condition }) => condition)])
    if (!texts.includes(text)) {
      texts.push(text)
      selections.push(selection)
    }
    indexOf.set(shop.channel.slug, texts.indexOf(text))
  }
  return { selections, indexOf }
}

function selectIn(query: RecordQuery, shop: Shop, visibility: Visibility): Selection & { readonly joins: Joins } {
  const { of } = query
  const lookup = toLookup(of, shop)
  const joins: Joins = new Map()
  const existsJoins = makeExistsJoins(tableOf(of))
  const conditions: Condition[] = []
  const add = (rule: Rule, removes: string): void => {
    const compiled = compileSql(rule, field => locate(query, field, shop), { existsJoins })
    for (const [alias, join] of compiled.joins) joins.set(alias, join)
    conditions.push({ rule, removes, condition: compiled.condition })
  }
  if (visibility === 'saleor') {
    if (isHidden(of, shop.channel)) {
      const never: Rule = { kind: 'or', rules: [] }
      conditions.push({ rule: never, removes: inactive(shop.channel.slug), condition: trusted('false') })
    }
    for (const { rule, removes } of visibilityOf(of, shop.channel, lookup)) add(rule, removes)
  }
  const { rule } = parseRule(query.where, `${query.path}.where`, lookup)
  for (const part of conjunction(rule)) add(part, describeRemoved(part))
  for (const [alias, join] of existsJoins.joins) joins.set(alias, join)
  const from = sql`from ${trusted(tableOf(of))} r ${joinSql([...joins.values()], ' ')}`
  return { channel: shop.channel, from, joins, conditions }
}

/** Records of several channels: each channel's are chosen by themselves, so that its EXISTS stay joins. */
function amongChannels(selections: readonly Selection[]) {
  const joins: Joins = new Map()
  selections.forEach(({ from, conditions }, index) => {
    const where = joinSql([trusted('true'), ...conditions.map(({ condition }) => sql`(${condition})`)], ' and ')
    const alias = `in_${index}`
    joins.set(alias, sql`left join (select r.id ${from} where ${where}) ${trusted(`${alias} on ${alias}.id = r.id`)}`)
  })
  const anywhere = trusted(selections.map((_, index) => `in_${index}.id is not null`).join(' or '))
  return { joins, conditions: [{ condition: anywhere }] }
}

const locate = (query: RecordQuery, field: Field, shop: Shop) =>
  (findField(query.of, field.name, shop) as SaleorField).locate(shop)

/** The parts that must all hold: each is a step of the funnel. NOT (a OR b) is NOT a AND NOT b. */
export function conjunction(rule: Rule): Rule[] {
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
