// The rule as a tree that says why: the truth of every node, and when time alone will turn it.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { instantToIso, parseInstant } from '../../src/rules/instant.ts'
import type { ComparisonVerdict } from '../../src/rules/verdict.ts'
import { holds, judge, NOW, type Values } from './judged-record.ts'

const compared = (where: object, values: Values, now = NOW) => judge(where, values, now) as ComparisonVerdict
/** `from` and `until` of the verdict, where it has them. */
const turn = (where: object, values: Values) => {
  const { holds: now, from, until } = compared(where, values)
  return { holds: now, ...(from !== undefined && { from }), ...(until !== undefined && { until }) }
}

describe('a verdict', () => {
  test('is the tree of the rule, with the truth of every node, decided already or not', () => {
    const where = {
      rating: { gte: 4 },
      OR: [{ tags: 'sale' }, { NOT: { 'metadata.k': 'exclude' } }],
    }
    expect(judge(where, { rating: 3, tags: ['new', null], 'metadata.k': 'exclude' })).toEqual({
      kind: 'and',
      holds: false,
      verdicts: [
        { kind: 'compare', holds: false, field: 'rating', condition: 'rating is at least 4', values: [3] },
        {
          kind: 'or',
          holds: false,
          verdicts: [
            { kind: 'compare', holds: false, field: 'tags', condition: 'tags is "sale"', values: ['new', null] },
            {
              kind: 'not',
              holds: false,
              verdict: {
                kind: 'compare',
                holds: true,
                field: 'metadata.k',
                condition: 'metadata.k is "exclude"',
                values: ['exclude'],
              },
            },
          ],
        },
      ],
    })
    expect(judge({ OR: [] }, {})).toEqual({ kind: 'or', holds: false, verdicts: [] })
  })

  test('is plain data, also where a number is one that JSON has not', () => {
    const sizes = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.5, null]
    const verdict = judge({ sizes: { gt: 1 } }, { sizes })
    expect(verdict).toMatchObject({ holds: true, values: ['NaN', 'Infinity', '-Infinity', 1.5, null] })
    expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict)
  })
})

// NOW is 2026-01-31T12:00:00.000001Z.
describe('a comparison that time will make true says from when', () => {
  test.each<readonly [string, object, Values, string | undefined]>([
    ['at most now', { at: { lte: 'now' } }, { at: '2026-02-01 00:00:00+00' }, '2026-02-01T00:00:00Z'],
    ['below now', { at: { lt: 'now' } }, { at: '2026-02-01 00:00:00+00' }, '2026-02-01T00:00:00.000001Z'],
    ['at most now with a distance', { at: { lte: 'now-30d' } }, { at: '2026-01-31' }, '2026-03-02T00:00:00Z'],
    [
      'of metadata',
      { 'metadata.k': { lte: 'now' } },
      { 'metadata.k': '2026-02-01T01:00+01:00' },
      '2026-02-01T00:00:00Z',
    ],
    [
      'the earliest of many',
      { dates: { lte: 'now' } },
      { dates: ['2027-01-01', null, '2026-06-01'] },
      '2026-06-01T00:00:00Z',
    ],
    ['after year 9999', { at: { lte: 'now' } }, { at: '20000-01-01 00:00:00+00' }, '+020000-01-01T00:00:00Z'],
    [
      'with another test that the value passes',
      { at: { gte: '2026-02-01', lte: 'now' } },
      { at: '2026-02-01' },
      '2026-02-01T00:00:00Z',
    ],
    [
      'of the one value that passes the other test',
      { dates: { gte: '2026-06-01', lte: 'now' } },
      { dates: ['2026-02-01', '2026-07-01'] },
      '2026-07-01T00:00:00Z',
    ],
    ['not where it holds', { at: { lte: 'now' } }, { at: '2026-01-31' }, undefined],
    ['not where there is no value', { at: { lte: 'now' } }, {}, undefined],
    ['not where the value never comes', { at: { lte: 'now' } }, { at: 'infinity' }, undefined],
    ['not where it is no date', { 'metadata.k': { lte: 'now' } }, { 'metadata.k': '2026-02-30' }, undefined],
    ['not where the time is gone', { at: { gte: 'now' } }, { at: '2026-01-31' }, undefined],
    ['not where another test fails', { at: { gt: '2026-03-01', lte: 'now' } }, { at: '2026-02-01' }, undefined],
    ['not where `exists` fails', { at: { lte: 'now', exists: false } }, { at: '2026-02-01' }, undefined],
    ['not of a fixed date', { at: { lte: '2026-02-01' } }, { at: '2026-03-01' }, undefined],
  ])('%s', (_, where, values, from) => {
    expect(turn(where, values)).toEqual({ holds: holds(where, values), ...(from !== undefined && { from }) })
  })
})

describe('a comparison that time will make false says until when', () => {
  test.each<readonly [string, object, Values, string | undefined]>([
    ['above now', { at: { gt: 'now' } }, { at: '2026-02-01 00:00:00+00' }, '2026-02-01T00:00:00Z'],
    ['at least now', { at: { gte: 'now' } }, { at: '2026-02-01 00:00:00+00' }, '2026-02-01T00:00:00.000001Z'],
    ['above now with a distance', { at: { gt: 'now-30d' } }, { at: '2026-01-31' }, '2026-03-02T00:00:00Z'],
    [
      'the latest of many',
      { dates: { gt: 'now' } },
      { dates: ['2027-01-01', '2026-06-01', null] },
      '2027-01-01T00:00:00Z',
    ],
    [
      'of the one value that passes the other test',
      { dates: { gt: 'now', lt: '2026-07-01' } },
      { dates: ['2027-01-01', '2026-06-01'] },
      '2026-06-01T00:00:00Z',
    ],
    ['the end of a window', { at: { gt: 'now-7d', lte: 'now' } }, { at: '2026-01-30' }, '2026-02-06T00:00:00Z'],
    ['not where it holds for ever', { at: { gt: 'now' } }, { at: 'infinity' }, undefined],
    ['not where it does not hold', { at: { gt: 'now' } }, { at: '2026-01-31' }, undefined],
    ['not where a fixed date holds', { at: { gt: '2026-01-01' } }, { at: '2026-02-01' }, undefined],
  ])('%s', (_, where, values, until) => {
    expect(turn(where, values)).toEqual({ holds: holds(where, values), ...(until !== undefined && { until }) })
  })
})

test('whatever is compared with now, truth is the same up to the turn, and another at it', () => {
  const now = parseInstant(NOW) as bigint
  const hours = fc.integer({ min: -50, max: 50 })
  const moment = hours.map(count => instantToIso(now + BigInt(count) * 3_600_000_000n))
  const bound = fc.oneof(
    hours.map(count => `now${count < 0 ? '-' : '+'}${Math.abs(count)}h`),
    moment,
  )
  const tests = fc.dictionary(fc.constantFrom('gt', 'gte', 'lt', 'lte'), bound, { minKeys: 1, maxKeys: 3 })
  const dates = fc.array(fc.oneof(moment, fc.constantFrom(null, 'infinity', '-infinity')), { maxLength: 4 })
  let turns = 0
  fc.assert(
    fc.property(tests, dates, fc.array(hours), (dateTests, values, later) => {
      const [where, record] = [{ dates: dateTests }, { dates: values }]
      const verdict = compared(where, record)
      const turned = verdict.holds ? verdict.until : verdict.from
      expect(verdict.holds ? verdict.from : verdict.until).toBeUndefined()
      const end = turned === undefined ? now + 200n * 3_600_000_000n : (parseInstant(turned) as bigint)
      const before = later.map(hour => now + BigInt(hour + 50) * 3_600_000_000n).filter(instant => instant < end)
      for (const instant of [...before, end - 1n]) {
        expect(holds(where, record, instantToIso(instant))).toBe(verdict.holds)
      }
      if (turned === undefined) return
      turns++
      expect(holds(where, record, turned)).toBe(!verdict.holds)
    }),
    { numRuns: 2_000 },
  )
  expect(turns).toBeGreaterThan(50)
})
