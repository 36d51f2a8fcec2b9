import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isW3cDatetime, lastmodFromDate, lastmodFromPostgres } from '../../src/sitemap/lastmod.ts'

describe("PostgreSQL's text of a date", () => {
  test.each([
    ['2026-11-20 03:00:00+00', '2026-11-20T03:00:00Z'],
    ['2026-11-20 03:00:00.123456+00', '2026-11-20T03:00:00Z'],
    ['2026-11-20 03:00:00.5+00', '2026-11-20T03:00:00Z'],
    ['2026-11-20 03:00:00+00:00', '2026-11-20T03:00:00Z'],
    ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00Z'],
    ['9999-12-31 23:59:59.999999+00', '9999-12-31T23:59:59Z'],
  ])('%s becomes %s', (text, lastmod) => {
    expect(lastmodFromPostgres(text)).toBe(lastmod)
  })

  test.each([
    'infinity',
    '-infinity',
    '0044-03-15 00:00:00+00 BC',
    '10000-01-01 00:00:00+00',
    '294276-12-31 00:00:00+00',
    '',
  ])('%j is no date of a sitemap', text => {
    expect(lastmodFromPostgres(text)).toBeUndefined()
  })

  test.each(['2026-11-20 03:00:00+01', '2026-11-20 03:00:00', '20.11.2026 03:00:00 UTC', '2026-11-20'])(
    '%j, which no session of ours writes, is refused rather than misread',
    text => {
      expect(lastmodFromPostgres(text)).toBeUndefined()
    },
  )
})

test('a date becomes whole seconds in UTC, and always what the protocol takes', () => {
  expect(lastmodFromDate(new Date('2026-11-20T03:00:00.999+02:00'))).toBe('2026-11-20T01:00:00Z')
  const years = { min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }
  fc.assert(fc.property(fc.date(years), date => isW3cDatetime(lastmodFromDate(date))))
})

test.each([
  ['2026', true],
  ['2026-11', true],
  ['2026-11-20', true],
  ['2026-11-20T03:00Z', true],
  ['2026-11-20T03:00:00.5+01:00', true],
  ['2026-11-20T03:00:00', false],
  ['2026-11-20 03:00:00Z', false],
  ['2026-13-01', false],
  ['2026-11-20T25:00:00Z', false],
  ['20.11.2026', false],
  ['', false],
])('%j is a W3C datetime: %s', (text, is) => {
  expect(isW3cDatetime(text)).toBe(is)
})
