import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeRows } from '../../src/io/copy-text.ts'

/** As PostgreSQL's manual describes the format. */
const encode = (rows: readonly (readonly (string | null)[])[]): Buffer => {
  const names: Record<string, string> = { '\b': 'b', '\f': 'f', '\n': 'n', '\r': 'r', '\t': 't', '\v': 'v', '\\': '\\' }
  const field = (value: string | null) =>
    value === null ? '\\N' : value.replace(/[\b\f\n\r\t\v\\]/g, char => `\\${names[char]}`)
  return Buffer.from(rows.map(row => `${row.map(field).join('\t')}\n`).join(''))
}

async function* cut(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  let at = 0
  for (let index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] as number
    yield bytes.subarray(at, at + size)
    at += size
  }
}

const collect = async (chunks: AsyncIterable<Buffer>) => {
  const all: (string | null)[][] = []
  for await (const rows of decodeRows(chunks)) all.push(...rows)
  return all
}

test('rows of COPY read back as they were, wherever the network cuts them', async () => {
  const value = fc.option(
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\\N', '\\', 'N', '', '\t', 'a\nb', '\\t', '\\.')),
  )
  const rows = fc
    .integer({ min: 1, max: 4 })
    .chain(width => fc.array(fc.array(value, { minLength: width, maxLength: width }), { maxLength: 20 }))
  const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 })
  await fc.assert(
    fc.asyncProperty(rows, sizes, async (given, lengths) => {
      expect(await collect(cut(encode(given), lengths))).toEqual(given)
    }),
    { numRuns: 500 },
  )
})

test('rows that end in the middle of one are a failure, never an early end', async () => {
  const bytes = encode([
    ['1', 'whole'],
    ['2', 'cut short'],
  ])
  await expect(collect(cut(bytes.subarray(0, -3), [7]))).rejects.toThrow('in the middle of a row')
})
