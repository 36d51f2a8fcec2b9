// One record under a query: what visibility and the rule say of it, with the values that decided. Quick on any table.
import type { ReadOnlyTransaction } from '../../io/postgres.ts'
import { instantToIso, readInstant } from '../../rules/instant.ts'
import { namedFields, parseRule } from '../../rules/parse.ts'
import { joinSql, parameter, sql, trusted } from '../../rules/sql.ts'
import { fieldValueFromText, type ReadValues } from '../../rules/value.ts'
import { judgeRule } from '../../rules/verdict.ts'
import { lastmodFromPostgres } from '../../sitemap/lastmod.ts'
import type { Judgement, RecordFacts, RecordKind, RecordName, RecordQuery } from '../source.ts'
import { findField, tableOf, toLookup } from './fields.ts'
import { addressRows, chosenBy, MOST_FOUND, namesOf, toName } from './record-addresses.ts'
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
  readonly key: string
  readonly shop: Shop
  readonly visibility: Visibility
  /** The instant of the transaction, as PostgreSQL writes it: rules look at microseconds. */
  readonly now: string
}

/** Undefined where the shop has no such record. */
export async function judgeRecord(
  transaction: ReadOnlyTransaction,
  options: JudgeOptions,
): Promise<RecordFacts | undefined> {
  const { query, key, shop } = options
  const { columns, joins, read } = addressRows(query, shop)
  const dated = trusted(hasUpdatedAt(query, shop) ? 'r.updated_at' : 'null')
  const [row] = await transaction.query(
    sql`select ${joinSql([namesOf(query.of), dated, ...columns], ', ')} from ${trusted(tableOf(query.of))} r ${joinSql([...joins.values()], ' ')} where r.id = ${parameter(Number(key), 'int')}`,
    { fewRecords: true },
  )
  if (!row) return undefined
  const slugs = query.addresses.map(({ channel }) => channel ?? shop.channel.slug)
  const judgements: Judgement[] = []
  for (const slug of new Set(slugs)) {
    const channel = shop.channels.get(slug) ?? shop.channel
    const judged = await judgeIn(transaction, { ...options, shop: { ...shop, channel } })
    judgements.push({ ...judged, addresses: slugs.flatMap((each, index) => (each === slug ? [index] : [])) })
  }
  const updatedAt = makeUpdatedAt(lastmodFromPostgres(options.now) as string)(row[3])
  return { ...toName(row), updatedAt, addresses: read(row, 4), judgements }
}

async function judgeIn(
  transaction: ReadOnlyTransaction,
  { query, key, shop, visibility, now }: JudgeOptions,
): Promise<Omit<Judgement, 'addresses'>> {
  const lookup = toLookup(query.of, shop)
  const conditions = visibility === 'saleor' ? visibilityOf(query.of, shop.channel, lookup) : []
  const { rule } = parseRule(query.where, query.path, lookup)
  const fieldNames = [...new Set([...conditions.flatMap(({ fields }) => fields), ...namedFields(query.where)])]
  const fields = fieldNames.map(name => findField(query.of, name, shop) as SaleorField)
  const values = (await readValues(transaction, { kind: query.of, keys: [key], fields, shop })).get(key) ?? []
  const read: ReadValues = field => {
    const found = values[fieldNames.indexOf(field.name)] ?? []
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
  const listed = verdict.holds && judged.every(each => each.verdict.holds)
  return { channel: shop.channel.slug, listed, visibility: judged, rule: verdict }
}
