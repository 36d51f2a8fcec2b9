// docs/rules.md tells the SQL of every operator: each row's rule is compiled here and compared with its SQL.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { compileSql } from '../../src/rules/compile-sql.ts'
import { type Field, OPERATORS } from '../../src/rules/field.ts'
import { namedFields, parseRule } from '../../src/rules/parse.ts'
import { renderSql } from '../../src/rules/sql.ts'
import { findField, type SaleorField, toLookup } from '../../src/sources/saleor/fields.ts'
import type { Shop } from '../../src/sources/saleor/shop.ts'

const CHANNEL = { id: 1, slug: 'default-channel', active: true }
const SHOP: Shop = {
  channel: CHANNEL,
  channels: new Map([[CHANNEL.slug, CHANNEL]]),
  attributes: new Map(),
  warehouses: new Set(),
  columns: new Set(),
}
const PAGE = readFileSync(new URL('../../docs/rules.md', import.meta.url), 'utf8')

/** Where each operator is shown, and what the rules there are about. */
const PARTS: Readonly<Record<string, (field: Field, where: object) => boolean>> = {
  'A column': field => !field.many && field.type !== 'metadata',
  Metadata: field => field.type === 'metadata',
  'A field with many values': field => field.many,
  'Under NOT': (_, where) => 'NOT' in where,
}

const fieldOf = (name: string): SaleorField => {
  const found = findField('products', name, SHOP)
  if ('problem' in found) throw new Error(found.problem)
  return found
}

/** The rows of the table under a heading: the rule as YAML, and its SQL. */
function rowsUnder(heading: string): (readonly [yaml: string, sql: string])[] {
  const part = PAGE.split(/^###? /m).find(text => text.startsWith(`${heading}\n`)) ?? ''
  return [...part.matchAll(/^\| `(.+?)` \| `(.+?)` \|$/gm)].map(match => [match[1] as string, match[2] as string])
}

function compile(where: object): string {
  const { rule, problems } = parseRule(where, 'where', toLookup('products', SHOP))
  expect(problems).toEqual([])
  let { text } = renderSql(compileSql(rule, field => fieldOf(field.name).locate(SHOP)).condition)
  for (const name of namedFields(where)) {
    const { rows } = fieldOf(name).locate(SHOP)
    if (rows) text = text.replaceAll(renderSql(rows).text, '…')
  }
  return text
}

const operatorsIn = (input: unknown): string[] => {
  if (Array.isArray(input)) return input.flatMap(operatorsIn)
  if (typeof input !== 'object' || input === null) return []
  return Object.entries(input).flatMap(([key, value]) => {
    if (key === 'NOT' || key === 'AND' || key === 'OR') return operatorsIn(value)
    return typeof value === 'object' && value !== null ? Object.keys(value) : ['eq']
  })
}

describe.each(Object.entries(PARTS))('the page of rules, "%s",', (heading, isAbout) => {
  const rows = rowsUnder(heading)
  const wheres = rows.map(([yaml]) => parse(yaml) as object)

  test('shows every operator', () => {
    expect([...new Set(wheres.flatMap(operatorsIn))].sort()).toEqual([...OPERATORS].sort())
  })

  test('is about what it says', () => {
    for (const where of wheres) {
      for (const name of namedFields(where)) expect(isAbout(fieldOf(name).field, where), name).toBe(true)
    }
  })

  test.each(rows)('%s becomes %s', (yaml, sql) => {
    expect(compile(parse(yaml) as object)).toBe(sql)
  })
})
