// Statements of one transaction, whoever asks for them, and however many at once.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openReadOnly, type ReadOnlyTransaction } from '../../src/io/postgres.ts'
import { parameter, sql } from '../../src/rules/sql.ts'
import { createDatabase, type TestDatabase } from '../helpers/postgres.ts'

let db: TestDatabase
let transaction: ReadOnlyTransaction
beforeAll(async () => {
  db = await createDatabase()
})
afterAll(() => db?.drop())

const open = async () => {
  transaction = await openReadOnly({ url: db.url, connectTimeoutMs: 5_000, statementTimeoutMs: 10_000 })
  return transaction
}
const numbered = (number: number) => sql`select ${parameter(number, 'int')}::text from pg_sleep(0.001)`

test('statements asked for at once have each their own values', async () => {
  const { query, close } = await open()
  const numbers = Array.from({ length: 30 }, (_, index) => index)
  const rows = await Promise.all(numbers.map(number => query(numbered(number), { fewRecords: number % 3 === 0 })))
  expect(rows.map(([row]) => Number(row?.[0]))).toEqual(numbers)
  await close()
})

test('so have a COPY and a statement beside it', async () => {
  const { query, copy, close } = await open()
  const copied = (async () => {
    const all: unknown[] = []
    for await (const rows of copy(numbered(1))) all.push(...rows.map(([value]) => value))
    return all
  })()
  expect(await Promise.all([copied, query(numbered(2)), query(numbered(3))])).toEqual([['1'], [['2']], [['3']]])
  await close()
})

test('one that fails fails alone: those after it are told why the transaction can do no more', async () => {
  const { query, close } = await open()
  const failing = query(sql`select 1 / ${parameter(0, 'int')}`)
  const after = query(numbered(1))
  await expect(failing).rejects.toMatchObject({ code: 'SOURCE_FAILED' })
  await expect(after).rejects.toMatchObject({ code: 'SOURCE_FAILED' })
  await close()
})
