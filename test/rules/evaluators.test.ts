// One meaning, two evaluators: whatever the rule, its SQL on a real PostgreSQL chooses the records that its predicate and
// its verdict choose, and NOT chooses all others. STOREMAP_PROPERTY_RUNS sets how many rules are tried,
// STOREMAP_PROPERTY_SEED repeats a run whose seed a failure has told.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { instantOf } from '../../src/rules/comparison.ts'
import { compilePredicate } from '../../src/rules/compile-predicate.ts'
import { type Field, OPERATORS_OF } from '../../src/rules/field.ts'
import { parseInstant } from '../../src/rules/instant.ts'
import { ISO_DATE_PATTERN } from '../../src/rules/operand.ts'
import { parseRule } from '../../src/rules/parse.ts'
import type { Rule } from '../../src/rules/rule.ts'
import { judgeRule } from '../../src/rules/verdict.ts'
import { createDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { createRecords, lookup, type OpenRecords, openRecords, PLACES } from './evaluator-records.ts'
import { operandOf, randomWhere } from './evaluator-rules.ts'

const RUNS = Number(process.env.STOREMAP_PROPERTY_RUNS ?? 400)
const SEED = Number(process.env.STOREMAP_PROPERTY_SEED ?? Math.floor(Math.random() * 2 ** 31))
const FIELDS = PLACES.map(({ field }) => field)

let db: TestDatabase
let open: Promise<OpenRecords> | undefined

beforeAll(async () => {
  db = await createDatabase()
  await createRecords(db, SEED)
})
afterAll(async () => {
  await (await open?.catch(() => undefined))?.close()
  await db?.drop()
})

/** A statement that fails ends its transaction: the next rule gets another. */
async function withRecords<T>(act: (records: OpenRecords) => Promise<T>): Promise<T> {
  open ??= openRecords(db.url)
  const records = await open
  try {
    return await act(records)
  } catch (cause) {
    open = undefined
    await records.close()
    throw cause
  }
}

function parse(where: unknown): Rule {
  const { rule, problems } = parseRule(where, 'where', lookup)
  expect(problems).toEqual([])
  return rule
}

/** The records that the rule chooses; fails where the three ways differ, and says for which records. */
async function chooseAlike(records: OpenRecords, where: unknown): Promise<number[]> {
  const rule = parse(where)
  const { now, ids } = records
  const bySql = await records.choose(rule)
  const holds = compilePredicate(rule, { now })
  const chosen = ids.filter(id => holds(records.read.get(id) ?? (() => [])))
  const judged = ids.filter(id => judgeRule(rule, records.read.get(id) ?? (() => []), { now }).holds)
  expect(chosen, differences(records, where, bySql, chosen)).toEqual(bySql)
  expect(judged, differences(records, where, bySql, judged)).toEqual(bySql)
  return bySql
}

function differences(
  { read }: OpenRecords,
  where: unknown,
  bySql: readonly number[],
  other: readonly number[],
): string {
  const written = JSON.stringify(where)
  const named = FIELDS.filter(({ name }) => written.includes(JSON.stringify(name)))
  const show = (id: number): string =>
    JSON.stringify(named.map(field => [field.name, read.get(id)?.(field).map(String)])).slice(0, 500)
  const [more, less] = [bySql.filter(id => !other.includes(id)), other.filter(id => !bySql.includes(id))]
  return `STOREMAP_PROPERTY_SEED=${SEED}: ${written.slice(0, 2_000)}
by SQL alone: ${more.slice(0, 3).map(show).join('; ')}
by the other alone: ${less.slice(0, 3).map(show).join('; ')}\n`
}

describe('a rule means the same in SQL, as a predicate and as a verdict', () => {
  test('whatever it is, and NOT is its exact complement', async () => {
    const started = performance.now()
    let [rules, cases] = [0, 0]
    const property = fc.asyncProperty(randomWhere(FIELDS, 4), where =>
      withRecords(async records => {
        const chosen = await chooseAlike(records, where)
        const others = await chooseAlike(records, { NOT: where })
        expect([...chosen, ...others].sort((a, b) => a - b)).toEqual(records.ids)
        rules += 2
        cases += 2 * records.ids.length
      }),
    )
    await fc.assert(property, { numRuns: RUNS, seed: SEED })
    const seconds = ((performance.now() - started) / 1_000).toFixed(1)
    console.log(`${rules} rules, ${cases} cases of a rule and a record, ${seconds} s, seed ${SEED}`)
    expect(cases).toBeGreaterThan(RUNS * 100)
  }, 600_000)

  test('for every field and operator alone, and each of them chooses some records and leaves others', async () => {
    await withRecords(async records => {
      for (const field of FIELDS) {
        for (const operator of OPERATORS_OF[field.type]) {
          let parted = 0
          for (const operand of fc.sample(operandOf(field, operator), { seed: SEED, numRuns: 100 })) {
            const { length } = await chooseAlike(records, { [field.name]: { [operator]: operand } })
            if (length > 0 && length < records.ids.length && ++parted === 4) break
          }
          expect(parted, `${field.name} ${operator}, seed ${SEED}`).toBeGreaterThan(0)
        }
      }
    })
  }, 120_000)

  test('for the farthest distances from now, which PostgreSQL still has instants for', async () => {
    await withRecords(async records => {
      const [before, after] = ['now-156428w', 'now+156428w']
      const chosen = await chooseAlike(records, { at: { gt: before, lt: after } })
      expect(chosen.length).toBeGreaterThan(10)
      for (const bound of ['now-156429w', 'now+999999w']) {
        expect(parseRule({ at: { gt: bound } }, 'where', lookup).problems).toHaveLength(1)
      }
    })
  })

  test('for every spelling of a date that metadata can have: both read the same instant, or both none', async () => {
    const days = ['2026-01-31', '2024-02-29', '2026-02-29', '0001-01-01', '9999-12-31', '2026-11-31', '2026-1-31']
    const separators = ['T', ' ', 't', '  ', '']
    const times = ['00:00', '23:59', '24:00', '12', '12:00:00', '12:00:59', '12:00:60', '1:00', '12:60']
    const fractions = ['', '.1', '.123456', '.000001', '.1234567', '.', ',5']
    const zones = ['', 'Z', '+00:00', '+0530', '-05:30', '+14:59', '-14:59', '+15:00', '+02', ' Z', 'z', '+05:60']
    const texts = days.flatMap(day => [
      ...['', ' ', 'Z', ' BC'].map(rest => day + rest),
      ...separators.flatMap(separator =>
        times.flatMap(time =>
          fractions.flatMap(fraction => zones.map(zone => `${day}${separator}${time}${fraction}${zone}`)),
        ),
      ),
    ])
    await db.query("set time zone 'UTC'")
    const printed: { text: string; read: string | null }[] = await db.query(
      `select text, case when text ~ $2 then text::timestamptz end::text as read
       from unnest($1::text[]) with ordinality t(text, number) order by number`,
      [texts, ISO_DATE_PATTERN],
    )
    const field: Field = { name: 'metadata.k', type: 'metadata', many: false }
    const instants = texts.map(text => instantOf(field, text))
    expect(instants).toEqual(printed.map(({ read }) => (read === null ? undefined : parseInstant(read))))
    expect(new Set(instants).size).toBeGreaterThan(100)
  })
})
