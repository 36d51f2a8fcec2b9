// The records of the property test: a table with a column of each kind, a table of many values of each kind, and the
// fields that a rule can name. Views count the dates from the transaction's own instant.
import fc from 'fast-check'
import { openReadOnly, type ReadOnlyTransaction } from '../../src/io/postgres.ts'
import { compileSql, type SqlField } from '../../src/rules/compile-sql.ts'
import type { Field, UnknownField } from '../../src/rules/field.ts'
import type { Rule } from '../../src/rules/rule.ts'
import { parameter, type SqlFragment, sql, trusted } from '../../src/rules/sql.ts'
import { type FieldValue, fieldValueFromText, type ReadValues } from '../../src/rules/value.ts'
import { findField, type SaleorField } from '../../src/sources/saleor/fields.ts'
import type { Shop } from '../../src/sources/saleor/shop.ts'
import type { TestDatabase } from '../helpers/postgres.ts'
import { DATES, DAYS, DECIMALS, DOCUMENTS, INTEGERS, NUMBERS, TEXTS } from './evaluator-values.ts'

interface Place {
  readonly field: Field
  readonly sqlField: SqlField
}

const single = (field: Omit<Field, 'many'>, expression: string): Place => ({
  field: { ...field, many: false },
  sqlField: { value: trusted(expression) },
})
const many = (field: Omit<Field, 'many'>, table: string): Place => ({
  field: { ...field, many: true },
  sqlField: { value: trusted('c.value'), rows: trusted(`from ${table} c where c.item_id = r.id`) },
})
/** The program's own metadata field: the table has its column under the same name. */
const metadata = (name: string): Place => {
  const { field, locate } = findField('products', name, undefined) as SaleorField
  return { field, sqlField: locate({} as Shop) }
}
const documents: Place = {
  field: { name: 'documents', type: 'metadata', many: true },
  sqlField: {
    value: sql`(c.value ->> ${parameter('k', 'text')})`,
    rows: trusted('from item_document c where c.item_id = r.id'),
    equals: text => {
      const asked = metadata('metadata.k').sqlField.equals?.(text)
      return asked && sql`c.value @> ${parameter(JSON.stringify({ k: text }), 'jsonb')}`
    },
  },
}

export const PLACES: readonly Place[] = [
  single({ name: 'title', type: 'text', emptyIsMissing: true }, 'r.title'),
  single({ name: 'code', type: 'text' }, 'r.code'),
  single({ name: 'score', type: 'number' }, 'r.score'),
  single({ name: 'count', type: 'number' }, 'r.count'),
  single({ name: 'price', type: 'number' }, 'r.price'),
  single({ name: 'flag', type: 'boolean' }, 'r.flag'),
  single({ name: 'at', type: 'date' }, 'r.at'),
  single({ name: 'day', type: 'date' }, 'r.day'),
  metadata('metadata.k'),
  metadata(`metadata.o'd"d`),
  many({ name: 'titles', type: 'text', emptyIsMissing: true }, 'item_text'),
  many({ name: 'codes', type: 'text' }, 'item_text'),
  many({ name: 'scores', type: 'number' }, 'item_number'),
  many({ name: 'flags', type: 'boolean' }, 'item_flag'),
  many({ name: 'dates', type: 'date' }, 'item_date'),
  documents,
]

const placeOf = (name: string): Place | undefined => PLACES.find(({ field }) => field.name === name)

export const lookup = (name: string): Field | UnknownField =>
  placeOf(name)?.field ?? { problem: `There is no ${name}.`, known: [] }

/** A pool each column, in the order of the table; a child table takes its values from one of them, too. */
const COLUMNS = {
  title: { type: 'text', pool: TEXTS },
  code: { type: 'text', pool: TEXTS },
  score: { type: 'float8', pool: NUMBERS },
  count: { type: 'bigint', pool: INTEGERS },
  price: { type: 'numeric', pool: DECIMALS },
  flag: { type: 'boolean', pool: ['true', 'false'] },
  at: { type: 'timestamptz', pool: DATES },
  day: { type: 'date', pool: DAYS },
  metadata: { type: 'jsonb', pool: DOCUMENTS },
} as const
const CHILDREN = {
  text: { type: 'text', pool: TEXTS },
  number: { type: 'float8', pool: NUMBERS },
  flag: { type: 'boolean', pool: ['true', 'false'] },
  date: { type: 'timestamptz', pool: DATES },
  document: { type: 'jsonb', pool: DOCUMENTS },
} as const

/** A column as text: what is counted from now stays a text until the view is read. */
const readBack = (column: string, type: string): string => {
  const counted = `now() + substr(${column}, 5)::interval`
  const dated = `to_char((${counted}) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`
  if (type === 'timestamptz') return `case when ${column} like 'now %' then ${counted} else ${column}::timestamptz end`
  if (type === 'jsonb')
    return `case when ${column} like 'now %' then jsonb_build_object('k', ${dated}) else ${column}::jsonb end`
  return `${column}::${type}`
}

/**
 * Every value of every pool at least once, and as many records more at random: some values null, and from none to four
 * rows in each child table.
 */
export async function createRecords(db: TestDatabase, seed: number): Promise<void> {
  const orNull = (pool: readonly (string | null)[]) =>
    fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 6, arbitrary: fc.constantFrom(...pool) })
  const draw = <T>(arbitrary: fc.Arbitrary<T>, count: number): T[] => fc.sample(arbitrary, { seed, numRuns: count })

  const count = 2 * DOCUMENTS.length
  const names = Object.keys(COLUMNS) as (keyof typeof COLUMNS)[]
  const columns = names.map(name => {
    const { pool } = COLUMNS[name]
    return [...pool, ...draw(orNull(pool), count - pool.length)]
  })
  const texts = names.map(name => `${name} text`).join(', ')
  const values = names.map(name => `${readBack(name, COLUMNS[name].type)} as ${name}`).join(', ')
  await db.query(`create table item_data (id int primary key generated always as identity, ${texts})`)
  await db.query(`create view item as select id, ${values} from item_data`)
  await db.query(
    `insert into item_data (${names.join(', ')}) select * from unnest(${names.map((_, index) => `$${index + 1}::text[]`).join(', ')})`,
    columns,
  )
  for (const [name, { type, pool }] of Object.entries(CHILDREN)) {
    const rows = draw(fc.array(orNull(pool), { maxLength: 4 }), count).flatMap((list, index) =>
      list.map(value => [index + 1, value] as const),
    )
    await db.query(`create table item_${name}_data (item_id int, value text)`)
    await db.query(
      `create view item_${name} as select item_id, ${readBack('value', type)} as value from item_${name}_data`,
    )
    await db.query(`insert into item_${name}_data select * from unnest($1::int[], $2::text[])`, [
      rows.map(([id]) => id),
      rows.map(([, value]) => value),
    ])
  }
}

export interface OpenRecords {
  /** The transaction's now(). */
  readonly now: string
  readonly ids: readonly number[]
  /** The values of each record, as the database prints them. */
  readonly read: ReadonlyMap<number, ReadValues>
  /** The records that the rule's SQL chooses. */
  choose(rule: Rule): Promise<number[]>
  close(): Promise<void>
}

/** Reads all values by the same expressions that the rules compare, in the transaction in which they are compared. */
export async function openRecords(url: string): Promise<OpenRecords> {
  const transaction = await openReadOnly({ url, connectTimeoutMs: 10_000, statementTimeoutMs: 60_000 })
  const ids = (await transaction.query(sql`select r.id from item r order by r.id`)).map(([id]) => Number(id))
  const now = (await transaction.query(sql`select now()::text`))[0]?.[0] as string
  const values = new Map<string, Map<number, (FieldValue | null)[]>>()
  for (const { field, sqlField } of PLACES) values.set(field.name, await valuesOf(transaction, field, sqlField))
  const read = (id: number): ReadValues => {
    return field => values.get(field.name)?.get(id) ?? []
  }
  return {
    now,
    ids,
    read: new Map(ids.map(id => [id, read(id)])),
    choose: async rule => {
      const { condition } = compileSql(rule, field => (placeOf(field.name) as Place).sqlField)
      const rows = await transaction.query(sql`select r.id from item r where (${condition}) order by r.id`)
      return rows.map(([id]) => Number(id))
    },
    close: () => transaction.close(),
  }
}

async function valuesOf(transaction: ReadOnlyTransaction, field: Field, { value, rows }: SqlField) {
  const text: SqlFragment = sql`(${value})::text`
  const select = rows
    ? sql`select r.id, c.text from item r cross join lateral (select ${text} as text ${rows}) c`
    : sql`select r.id, ${text} from item r`
  const found = new Map<number, (FieldValue | null)[]>()
  for (const [id, printed] of await transaction.query(select)) {
    const list = found.get(Number(id)) ?? []
    list.push(fieldValueFromText(field.type, printed ?? null))
    found.set(Number(id), list)
  }
  return found
}
