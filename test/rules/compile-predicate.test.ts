// What a rule means, sentence by sentence, for a record at hand. evaluators.test.ts holds the same against PostgreSQL.
import { describe, expect, test } from 'vitest'
import { compilePredicate } from '../../src/rules/compile-predicate.ts'
import { holds, judge, NOW, readFrom, ruleOf, type Values } from './judged-record.ts'

/** A rule, the values of a record, and whether the rule chooses it. */
type Case = readonly [where: object, values: Values, chosen: boolean]

const MEANING: Readonly<Record<string, readonly Case[]>> = {
  'a comparison with a missing value is false, and NOT is the plain complement': [
    [{ rating: { gte: 4 } }, {}, false],
    [{ rating: { gte: 4 } }, { rating: null }, false],
    [{ NOT: { rating: { gte: 4 } } }, {}, true],
    [{ NOT: { rating: { gte: 4 } } }, { rating: 5 }, false],
    [{ NOT: { NOT: { rating: { gte: 4 } } } }, {}, false],
    [{ 'metadata.k': 'exclude' }, {}, false],
    [{ NOT: { 'metadata.k': 'exclude' } }, {}, true],
    [{ NOT: { NOT: { OR: [{ rating: 4 }, { code: 'a' }] } } }, { code: 'a' }, true],
  ],
  'an empty AND is true, an empty OR and an empty oneOf are false': [
    [{}, {}, true],
    [{ AND: [] }, {}, true],
    [{ OR: [] }, {}, false],
    [{ OR: [{}] }, {}, true],
    [{ NOT: {} }, {}, false],
    [{ code: { oneOf: [] } }, { code: 'a' }, false],
    [{ NOT: { code: { oneOf: [] } } }, { code: 'a' }, true],
    [{ tags: { oneOf: [] } }, { tags: ['a'] }, false],
  ],
  'keys side by side are AND': [
    [{ rating: 4, code: 'a' }, { rating: 4, code: 'a' }, true],
    [{ rating: 4, code: 'a' }, { rating: 4, code: 'b' }, false],
    [{ OR: [{ rating: 4 }, { code: 'a' }] }, { rating: 4, code: 'b' }, true],
  ],
  'text is equal only if it is the same, composed or not': [
    [{ code: 'a' }, { code: 'a' }, true],
    [{ code: 'a' }, { code: 'A' }, false],
    [{ code: 'a' }, { code: 'a ' }, false],
    [{ code: '\u00e9' }, { code: 'e\u0301' }, false],
    [{ code: { oneOf: ['b', 'a'] } }, { code: 'a' }, true],
  ],
  'text orders by code point, so that emoji stand above all of the basic plane': [
    [{ code: { gt: 'a' } }, { code: 'B' }, false],
    [{ code: { gt: 'a' } }, { code: 'ab' }, true],
    [{ code: { gt: '\uffff' } }, { code: '😀' }, true],
    [{ code: { lt: '\u{10000}' } }, { code: '\ue000' }, true],
    [{ code: { gt: '😀' } }, { code: '😁' }, true],
    [{ code: { gt: '\u{10ffff}' } }, { code: '\uffff' }, false],
    [{ code: { gte: '😀' } }, { code: '😀' }, true],
    [{ code: { lte: 'ä' } }, { code: 'z' }, true],
  ],
  'startsWith and contains take every character as itself, and every text has the empty one': [
    [{ code: { startsWith: '100%' } }, { code: '100% wool' }, true],
    [{ code: { startsWith: '1_0' } }, { code: '100% wool' }, false],
    [{ code: { contains: '%' } }, { code: 'wool' }, false],
    [{ code: { contains: '\\' } }, { code: 'a\\b' }, true],
    [{ code: { contains: '' } }, { code: '' }, true],
    [{ code: { contains: '' } }, {}, false],
    [{ code: { startsWith: 'W' } }, { code: 'wool' }, false],
  ],
  'numbers have the order of float8: NaN equals NaN and is above all, 0 is -0': [
    [{ rating: { gt: 1e308 } }, { rating: Number.NaN }, true],
    [{ rating: { gt: 1e308 } }, { rating: Number.POSITIVE_INFINITY }, true],
    [{ rating: { lt: 0 } }, { rating: Number.NaN }, false],
    [{ rating: { lt: 0 } }, { rating: Number.NEGATIVE_INFINITY }, true],
    [{ rating: 0 }, { rating: -0 }, true],
    [{ rating: { oneOf: [-0] } }, { rating: 0 }, true],
    [{ rating: { gte: 0 } }, { rating: -0 }, true],
    [{ rating: 0.3 }, { rating: 0.1 + 0.2 }, false],
  ],
  'a truth value is one of two, or missing': [
    [{ shown: true }, { shown: true }, true],
    [{ shown: false }, { shown: false }, true],
    [{ shown: false }, {}, false],
    [{ NOT: { shown: true } }, {}, true],
    [{ shown: { oneOf: [true, false] } }, {}, false],
  ],
  'metadata compares as text with a text as operand': [
    [{ 'metadata.k': '5' }, { 'metadata.k': '5' }, true],
    [{ 'metadata.k': '5' }, { 'metadata.k': '5.0' }, false],
    [{ 'metadata.k': true }, { 'metadata.k': 'true' }, true],
    [{ 'metadata.k': { lt: '6' } }, { 'metadata.k': '50' }, true],
  ],
  'metadata is parsed with a number as operand, and what is none is false': [
    [{ 'metadata.k': 5 }, { 'metadata.k': '5.0' }, true],
    [{ 'metadata.k': 5 }, { 'metadata.k': '05' }, true],
    [{ 'metadata.k': 1000 }, { 'metadata.k': '1e3' }, true],
    [{ 'metadata.k': { lt: 6 } }, { 'metadata.k': '50' }, false],
    ...[' 5', '5 ', '٥', 'NaN', 'Infinity', '1_000', '0x5', '', 'n/a'].flatMap((text): Case[] => [
      [{ 'metadata.k': { gte: -1e9 } }, { 'metadata.k': text }, false],
      [{ 'metadata.k': { lt: 1e9 } }, { 'metadata.k': text }, false],
      [{ NOT: { 'metadata.k': { lt: 1e9 } } }, { 'metadata.k': text }, true],
    ]),
    [{ 'metadata.k': { oneOf: [5, 'n/a', '2026-01-31'] } }, { 'metadata.k': '5.0' }, true],
    [{ 'metadata.k': { oneOf: [5, 'n/a', '2026-01-31'] } }, { 'metadata.k': 'n/a' }, true],
    [{ 'metadata.k': { oneOf: [5, 'n/a', '2026-01-31'] } }, { 'metadata.k': '2026-01-31T00:00Z' }, true],
    [{ 'metadata.k': { oneOf: [5, 'n/a', '2026-01-31'] } }, { 'metadata.k': '2026-02-31' }, false],
  ],
  'metadata is parsed with a date as operand, without a zone in UTC, and what is none is false': [
    [{ 'metadata.k': '2026-01-31' }, { 'metadata.k': '2026-01-31 00:00' }, true],
    [{ 'metadata.k': '2026-01-31T11:00Z' }, { 'metadata.k': '2026-01-31T12:00:00.000000+01:00' }, true],
    [{ 'metadata.k': '2024-02-29' }, { 'metadata.k': '2024-02-29' }, true],
    ...['2026-02-29', '2026-02-30', '2026-01-31 25:00', '0000-01-01', '2026-01-31T23:59:60Z', 'infinity', 'now'].map(
      (text): Case => [{ 'metadata.k': { gte: '0001-01-01' } }, { 'metadata.k': text }, false],
    ),
  ],
  'dates compare to the microsecond, whoever wrote them': [
    [{ at: '2026-01-31T12:00:00.123456Z' }, { at: '2026-01-31 12:00:00.123456+00' }, true],
    [{ at: '2026-01-31T12:00:00.123456Z' }, { at: '2026-01-31 12:00:00.123457+00' }, false],
    [{ at: { gt: '2026-01-31T12:00:00.123456Z' } }, { at: '2026-01-31 12:00:00.123457+00' }, true],
    [{ at: '2026-01-31T12:00:00Z' }, { at: '2026-01-31 17:30:00+05:30' }, true],
    [{ at: '2026-01-31T12:00:00Z' }, { at: '2026-01-31 14:00:00+02' }, true],
    [{ at: '2026-01-31' }, { at: '2026-01-31' }, true],
    [{ at: { gt: '9999-12-31T23:59:59.999999Z' } }, { at: '20000-01-01 00:00:00+00' }, true],
    [{ at: { gt: '9999-12-31' } }, { at: 'infinity' }, true],
    [{ at: { lt: '0001-01-01' } }, { at: '-infinity' }, true],
    [{ at: { lt: '0001-01-01' } }, { at: '0044-03-15 00:00:00+00 BC' }, true],
  ],
  'a relative date counts from now, exactly': [
    [{ at: { lte: 'now' } }, { at: '2026-01-31 12:00:00.000001+00' }, true],
    [{ at: { lte: 'now' } }, { at: '2026-01-31 12:00:00.000002+00' }, false],
    [{ at: 'now-30d' }, { at: '2026-01-01T12:00:00.000001Z' }, true],
    [{ at: { gt: 'now-30d' } }, { at: '2026-01-01T12:00:00.000001Z' }, false],
    [{ at: { gte: 'now+90m' } }, { at: '2026-01-31T13:30:00.000001Z' }, true],
    [{ 'metadata.k': { lt: 'now+1w' } }, { 'metadata.k': '2026-02-07T12:00' }, true],
    [{ at: { oneOf: ['now', '2020-01-01'] } }, { at: NOW }, true],
  ],
  'operators side by side hold for one and the same value': [
    [{ sizes: { gt: 0, lt: 5 } }, { sizes: [-1, 9] }, false],
    [{ sizes: { gt: 0, lt: 5 } }, { sizes: [-1, 9, null, 4] }, true],
    [{ NOT: { sizes: { gt: 0, lt: 5 } } }, { sizes: [-1, 9] }, true],
    [{ AND: [{ sizes: { gt: 0 } }, { sizes: { lt: 5 } }] }, { sizes: [-1, 9] }, true],
    [{ tags: { startsWith: 'a', contains: 'z' } }, { tags: ['ab', 'xyz'] }, false],
  ],
  'exists asks apart from the tests, and perhaps of another value': [
    [{ rating: { exists: true } }, { rating: 0 }, true],
    [{ rating: { exists: true } }, { rating: null }, false],
    [{ rating: { exists: false } }, {}, true],
    [{ tags: { exists: false } }, { tags: [null] }, true],
    [{ tags: { exists: true } }, { tags: [null, ''] }, true],
    [{ rating: { lt: 3, exists: true } }, { rating: 2 }, true],
    [{ rating: { lt: 3, exists: false } }, { rating: 2 }, false],
    [{ NOT: { rating: { lt: 3, exists: false } } }, { rating: 2 }, true],
    [{ title: { eq: '', exists: false } }, { title: '' }, true],
  ],
  'an empty text is missing only where the field says so, and only for exists': [
    [{ title: { exists: true } }, { title: '' }, false],
    [{ title: { exists: false } }, { title: '' }, true],
    [{ title: '' }, { title: '' }, true],
    [{ code: { exists: true } }, { code: '' }, true],
    [{ 'metadata.k': { exists: true } }, { 'metadata.k': '' }, true],
  ],
}

describe.each(Object.entries(MEANING))('%s', (_, cases) => {
  test.each(cases)('%j of %j: %s', (where, values, chosen) => {
    expect(holds(where, values)).toBe(chosen)
    expect(judge(where, values).holds).toBe(chosen)
  })
})

describe('a predicate', () => {
  test('is compiled once, and asked of any number of records', () => {
    const predicate = compilePredicate(ruleOf({ code: { oneOf: ['a', 'b'] } }), { now: NOW })
    const codes = ['a', 'c', 'b', null].map(code => predicate(readFrom({ code })))
    expect(codes).toEqual([true, false, true, false])
  })

  test('refuses a value that is none of its field, since SQL could not have had it', () => {
    expect(() => holds({ rating: 4 }, { rating: '4' })).toThrow('A value of rating is a string, and not a number.')
    expect(() => holds({ code: 'x' }, { code: 4 })).toThrow('A value of code is a number')
    expect(() => holds({ at: { gt: 'now' } }, { at: '2026-02-30' })).toThrow('"2026-02-30" is no date.')
  })

  test('refuses a `now` that is no date, and a field whose type is not known yet', () => {
    expect(() => holds({}, {}, 'soon')).toThrow('"soon" is no date.')
    expect(() => holds({ unplaced: 4 }, {})).toThrow('The type of unplaced is not known yet.')
  })
})
