// What a configuration asks for and the shop has nowhere: no mistake in form, and most likely one in fact. A misspelt
// choice would be an empty section, or an exclusion that excludes nothing, without a word.
import type { ReadOnlyTransaction } from '../../io/postgres.ts'
import { nearest } from '../../problem.ts'
import { parseRule } from '../../rules/parse.ts'
import type { Comparison, Rule } from '../../rules/rule.ts'
import { parameter, type SqlFragment, sql, trusted } from '../../rules/sql.ts'
import type { RecordQuery } from '../source.ts'
import { toLookup } from './fields.ts'
import { hasChoices, type Shop } from './shop.ts'
import { translationTable } from './translations.ts'

/** Where the slugs stand that a field can have, and what has them. */
const SLUGS: Readonly<Record<string, readonly [table: string, what: string]>> = {
  'category.slug': ['product_category', 'category'],
  'category.within': ['product_category', 'category'],
  within: ['product_category', 'category'],
  'parent.slug': ['product_category', 'category'],
  'collections.slug': ['product_collection', 'collection'],
  'productType.slug': ['product_producttype', 'product type'],
  'pageType.slug': ['page_pagetype', 'page type'],
}
/** Looked through for the nearest name. */
const MOST_SLUGS = 2_000

/** For people, each once. */
export async function readDoubts(
  transaction: ReadOnlyTransaction,
  queries: readonly RecordQuery[],
  shop: Shop,
): Promise<string[]> {
  const doubts = new Set<string>()
  for (const query of queries) {
    const { rule } = parseRule(query.where, query.path, toLookup(query.of, shop))
    for (const comparison of comparisonsIn(rule)) {
      const values = valuesOf(comparison)
      const place = placeOf(comparison.field.name, shop)
      if (!place || values.length === 0) continue
      for (const doubt of await missingIn(transaction, place, values)) doubts.add(`${query.path}.where: ${doubt}`)
    }
    for (const { language, channelPath = query.path, missing } of query.addresses) {
      if (language === undefined || (await hasTranslation(transaction, query, language))) continue
      const then = missing === 'omit' ? 'they have no address there' : 'they keep their own values there'
      const where = channelPath.replace(/\.channel$/, '')
      doubts.add(`${where}: none of the ${query.of} is translated to "${language}", so ${then}.`)
    }
  }
  return [...doubts]
}

function comparisonsIn(rule: Rule): Comparison[] {
  if (rule.kind === 'compare') return [rule]
  return rule.kind === 'not' ? comparisonsIn(rule.rule) : rule.rules.flatMap(comparisonsIn)
}

const valuesOf = ({ tests }: Comparison): string[] =>
  tests
    .filter(({ operator }) => operator === 'eq' || operator === 'oneOf')
    .flatMap(({ operands }) => operands.flatMap(operand => (operand.type === 'text' ? [operand.value] : [])))

interface Place {
  /** `from … where …` of the slugs there are. */
  readonly from: SqlFragment
  readonly told: (value: string) => string
}

function placeOf(field: string, shop: Shop): Place | undefined {
  const slug = /^(?:variants\.)?attributes\.(.+)$/.exec(field)?.[1]
  if (slug !== undefined) {
    const attribute = shop.attributes?.get(slug)
    if (!attribute || !hasChoices(attribute)) return undefined
    return {
      from: sql`from attribute_attributevalue x where x.attribute_id = ${parameter(attribute.id, 'int')}`,
      told: value => `${field} has no choice "${value}" in this shop`,
    }
  }
  const found = Object.hasOwn(SLUGS, field) ? SLUGS[field] : undefined
  if (!found) return undefined
  const [table, what] = found
  return {
    from: trusted(`from ${table} x where true`),
    told: value => `the shop has no ${what} with the slug "${value}"`,
  }
}

async function missingIn(transaction: ReadOnlyTransaction, { from, told }: Place, values: readonly string[]) {
  const rows = await transaction.query(
    sql`select v from unnest(${parameter([...new Set(values)], 'text[]')}) v where not exists (select 1 ${from} and x.slug = v)`,
  )
  if (rows.length === 0) return []
  const known = await transaction.query(sql`select x.slug ${from} order by x.slug limit ${trusted(String(MOST_SLUGS))}`)
  return rows.map(([value]) => {
    const near = nearest(
      value as string,
      known.map(([slug]) => slug as string),
    )
    return `${told(value as string)}${near === undefined ? '' : `; the nearest is "${near}"`}.`
  })
}

async function hasTranslation(transaction: ReadOnlyTransaction, { of }: RecordQuery, language: string) {
  const [row] = await transaction.query(
    sql`select exists (select 1 from ${trusted(translationTable(of))} where language_code = ${parameter(language, 'text')})::text`,
  )
  return row?.[0] === 'true'
}
