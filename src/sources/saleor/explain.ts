// Single records under a query: what visibility and the rule say of each, with the values that decided. Quick on any table.
import type { ReadOnlyTransaction } from '../../io/postgres.ts'
import { describeRemoved } from '../../rules/describe.ts'
import { instantToIso, readInstant } from '../../rules/instant.ts'
import { namedFields, parseRule } from '../../rules/parse.ts'
import { joinSql, parameter, sql, trusted } from '../../rules/sql.ts'
import { fieldValueFromText, type ReadValues } from '../../rules/value.ts'
import { judgeRule } from '../../rules/verdict.ts'
import { lastmodFromPostgres } from '../../sitemap/lastmod.ts'
import type { Judgement, RecordFacts, RecordKind, RecordName, RecordQuery } from '../source.ts'
import { findField, tableOf, toLookup } from './fields.ts'
import { conjunction } from './query.ts'
import { addressRows, chosenBy, isRecordId, MOST_FOUND, namesOf, toName } from './record-addresses.ts'
import type { SaleorField } from './saleor-field.ts'
import type { Shop } from './shop.ts'
import { hasUpdatedAt, makeUpdatedAt } from './updated-at.ts'
import { readValues } from './values.ts'
import { channelRule, isHidden, type Visibility, visibilityOf } from './visibility.ts'

export interface FindOptions {
  readonly of: RecordKind
  readonly where: unknown
  readonly shop: Shop
  /** @defaultValue 10 */
  readonly most?: number | undefined
}

export async function findRecords(
  transaction: ReadOnlyTransaction,
  { of, where, shop, most = MOST_FOUND }: FindOptions,
): Promise<RecordName[]> {
  const chosen = chosenBy(of, where, shop)
  if (!chosen) return []
  const rows = await transaction.query(
    sql`select ${namesOf(of)} from ${trusted(tableOf(of))} r ${joinSql([...chosen.joins.values()], ' ')} where ${chosen.condition} order by r.id limit ${parameter(most, 'int')}`,
    { fewRecords: true },
  )
  return rows.map(toName)
}

export interface JudgeOptions {
  readonly query: RecordQuery
  readonly keys: readonly string[]
  readonly shop: Shop
  readonly visibility: Visibility
  /** The instant of the transaction, as PostgreSQL writes it: rules look at microseconds. */
  readonly now: string
}

/** Undefined where the shop has no such record. */
export async function judgeRecord(
  transaction: ReadOnlyTransaction,
  { key, ...options }: Omit<JudgeOptions, 'keys'> & { readonly key: string },
): Promise<RecordFacts | undefined> {
  const [facts] = (await judgeRecords(transaction, { ...options, keys: [key] })).values()
  return facts
}

/** By key; without those that the shop does not have. Two statements, and one more for each further channel. */
export async function judgeRecords(
  transaction: ReadOnlyTransaction,
  options: JudgeOptions,
): Promise<ReadonlyMap<string, RecordFacts>> {
  const { query, shop } = options
  const keys = options.keys.filter(isRecordId)
  const { columns, joins, read } = addressRows(query, shop)
  const dated = trusted(hasUpdatedAt(query, shop) ? 'r.updated_at' : 'null')
  const rows = await transaction.query(
    sql`select ${joinSql([namesOf(query.of), dated, ...columns], ', ')} from ${trusted(tableOf(query.of))} r ${joinSql([...joins.values()], ' ')} where r.id = any ((${parameter(keys, 'text[]')})::int[]) order by r.id`,
    { fewRecords: true },
  )
  const found = rows.map(row => row[0] as string)
  const slugs = query.addresses.map(({ channel }) => channel ?? shop.channel.slug)
  const channels: { readonly addresses: readonly number[]; readonly judged: ReadonlyMap<string, Judged> }[] = []
  for (const slug of new Set(slugs)) {
    const channel = shop.channels.get(slug) ?? shop.channel
    const judged = await judgeIn(transaction, { ...options, keys: found, shop: { ...shop, channel } })
    channels.push({ judged, addresses: slugs.flatMap((each, index) => (each === slug ? [index] : [])) })
  }
  const dateOf = makeUpdatedAt(lastmodFromPostgres(options.now) as string)
  return new Map(
    rows.map(row => {
      const name = toName(row)
      const judgements = channels.map(({ judged, addresses }) => ({ ...(judged.get(name.key) as Judged), addresses }))
      return [name.key, { ...name, updatedAt: dateOf(row[3]), addresses: read(row, 4), judgements }]
    }),
  )
}

type Judged = Omit<Judgement, 'addresses'>

async function judgeIn(
  transaction: ReadOnlyTransaction,
  { query, keys, shop, visibility, now }: JudgeOptions,
): Promise<ReadonlyMap<string, Judged>> {
  const lookup = toLookup(query.of, shop)
  const conditions = visibility === 'saleor' ? visibilityOf(query.of, shop.channel, lookup) : []
  const { rule } = parseRule(query.where, query.path, lookup)
  const parts = conjunction(rule)
  const fieldNames = [...new Set([...conditions.flatMap(({ fields }) => fields), ...namedFields(query.where)])]
  const fields = fieldNames.map(name => findField(query.of, name, shop) as SaleorField)
  const values = await readValues(transaction, { kind: query.of, keys, fields, shop })
  const judge = (key: string): Judged => {
    const own = values.get(key) ?? []
    const read: ReadValues = field => {
      const found = own[fieldNames.indexOf(field.name)] ?? []
      return found.map(text => {
        const value = fieldValueFromText(field.type, text)
        // As a rule would write it.
        return field.type === 'date' && typeof value === 'string' ? instantToIso(readInstant(value)) : value
      })
    }
    const judged = conditions.map(({ rule: own, requires, removes }) => ({
      requires,
      removes,
      verdict: judgeRule(own, read, { now }),
    }))
    if (visibility === 'saleor' && isHidden(query.of, shop.channel)) judged.unshift(channelRule(shop.channel))
    const verdict = judgeRule(rule, read, { now })
    const hidden = judged.find(each => !each.verdict.holds)
    const listed = verdict.holds && hidden === undefined
    const base = { channel: shop.channel.slug, listed, visibility: judged, rule: verdict }
    if (hidden) return { ...base, failing: { of: 'visibility', removes: hidden.removes, verdict: hidden.verdict } }
    const failed = listed ? undefined : parts.find(part => !judgeRule(part, read, { now }).holds)
    if (!failed) return base
    const failing = { of: 'rule', removes: describeRemoved(failed), verdict: judgeRule(failed, read, { now }) } as const
    return { ...base, failing }
  }
  return new Map(keys.map(key => [key, judge(key)]))
}
