import { describe, expect, test } from 'vitest'
import { instantToIso, parseInstant } from '../../src/rules/instant.ts'
import { fieldValueFromText } from '../../src/rules/value.ts'

describe('the text of a value, as PostgreSQL prints it,', () => {
  test.each([
    ['number', '4.5', 4.5],
    ['number', '-0', -0],
    ['number', '1e-07', 1e-7],
    ['number', '12.500', 12.5],
    ['number', '9223372036854775807', 2 ** 63],
    ['number', 'NaN', Number.NaN],
    ['number', 'Infinity', Number.POSITIVE_INFINITY],
    ['number', '-Infinity', Number.NEGATIVE_INFINITY],
    ['boolean', 'true', true],
    ['boolean', 't', true],
    ['boolean', 'false', false],
    ['boolean', 'f', false],
    ['date', '2026-01-31 12:00:00+00', '2026-01-31 12:00:00+00'],
    ['metadata', '5', '5'],
    ['text', '', ''],
    ['number', null, null],
    ['text', null, null],
  ] as const)('of a %s %j is %s', (type, text, value) => {
    expect(fieldValueFromText(type, text)).toBe(value)
  })

  test.each([
    ['number', ''],
    ['number', ' 5'],
    ['number', '0x10'],
    ['number', 'five'],
    ['boolean', 'yes'],
    ['boolean', ''],
  ] as const)('cannot be that of a %s: %j', (type, text) => {
    expect(() => fieldValueFromText(type, text)).toThrow(JSON.stringify(text))
  })
})

describe('the text of a date', () => {
  test.each([
    ['1970-01-01', '1970-01-01T00:00:00Z'],
    ['1969-12-31 23:59:59.999999+00', '1969-12-31T23:59:59.999999Z'],
    ['2026-01-31 12:00:00.1+00', '2026-01-31T12:00:00.100000Z'],
    ['2026-01-31T12:00', '2026-01-31T12:00:00Z'],
    ['2026-01-31 12:00:00+05:30', '2026-01-31T06:30:00Z'],
    ['2026-01-31 12:00:00-0130', '2026-01-31T13:30:00Z'],
    ['1900-01-01 00:00:00+05:53:28', '1899-12-31T18:06:32Z'],
    ['0001-01-01', '0001-01-01T00:00:00Z'],
    ['0001-01-01 00:00:00+00 BC', '0000-01-01T00:00:00Z'],
    ['0044-03-15 BC', '-000043-03-15T00:00:00Z'],
    ['4713-01-01 00:00:00+00 BC', '-004712-01-01T00:00:00Z'],
    ['294276-12-31 23:59:59.999999+00', '+294276-12-31T23:59:59.999999Z'],
    ['+294276-12-31T23:59:59.999999Z', '+294276-12-31T23:59:59.999999Z'],
    ['-004712-01-01T00:00:00Z', '-004712-01-01T00:00:00Z'],
  ])('%s is the instant %s', (text, iso) => {
    expect(instantToIso(parseInstant(text) as bigint)).toBe(iso)
  })

  test.each(['2026-02-30', '2026-13-01', '2026-00-01', '2026-01-31 24:00', '2026-01-31 12:60', '12:00', '', 'today'])(
    '%j is none',
    text => {
      expect(parseInstant(text)).toBeUndefined()
    },
  )

  test('infinity is after all instants, -infinity before', () => {
    const [last, first] = ['294276-12-31 23:59:59.999999+00', '4713-01-01 00:00:00+00 BC'].map(parseInstant)
    expect(parseInstant('infinity') as bigint).toBeGreaterThan(last as bigint)
    expect(parseInstant('-infinity') as bigint).toBeLessThan(first as bigint)
  })
})
