// Random rules for the property test: operands are mostly values that the records have, or stand next to one.
import fc from 'fast-check'
import { type Field, OPERATORS_OF, type Operator } from '../../src/rules/field.ts'
import { isDate } from '../../src/rules/operand.ts'
import { METADATA_TEXTS, NUMBERS, TEXTS } from './evaluator-values.ts'

const near = (texts: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...texts) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...texts), fc.nat(3))
        .map(([text, count]) => [...text].slice(0, count).join('')),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom(...texts), fc.constantFrom('a', ' ', '0', '😀')).map(pair => pair.join('')),
    },
  )

const FINITE = [...NUMBERS.map(Number).filter(Number.isFinite), -5, 0.5, -0.5, 1e-3, 1e99, 12.5, 5.5, -7, 2 ** 63]
const number = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...FINITE) },
  { weight: 1, arbitrary: fc.constantFrom(...FINITE).map(value => value + 1) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
)

const INSTANTS = [
  ...METADATA_TEXTS.filter(isDate),
  ...['2026-01-31T12:00:00.123457Z', '2026-01-31T12:00:00.1Z', '2026-01-31T00:00:00.000001Z', '1970-01-01'],
  ...['1969-12-31T23:59:59.5Z', '2024-02-29T12:00:00+05:30', '2024-02-29T06:30Z', '9999-12-31T23:59:59.999999Z'],
]
const RELATIVE = [
  ...['now', 'now-0s', 'now+0d', 'now-30d', 'now+30d', 'now-29d', 'now-1h', 'now-60m', 'now+52w', 'now+364d'],
  ...['now+90s', 'now+1s', 'now-1s', 'now-156000w', 'now+156000w'],
]
const date = fc.constantFrom(...INSTANTS, ...RELATIVE, ...RELATIVE)

const OPERANDS: Readonly<Record<Field['type'], fc.Arbitrary<unknown>>> = {
  text: near(TEXTS),
  number,
  boolean: fc.boolean(),
  date,
  metadata: fc.oneof({ weight: 3, arbitrary: near(METADATA_TEXTS) }, number, date, fc.boolean()),
  unknown: fc.constant(undefined),
}

/** What stands after the operator, of any field. */
export function operandOf(field: Field, operator: Operator): fc.Arbitrary<unknown> {
  if (operator === 'exists') return fc.boolean()
  if (operator === 'startsWith' || operator === 'contains') {
    return near(field.type === 'metadata' ? METADATA_TEXTS : TEXTS)
  }
  const operand = OPERANDS[field.type]
  return operator === 'oneOf' ? fc.array(operand, { maxLength: 4 }) : operand
}

/** `{ rating: 4 }`, `{ rating: { gte: 4, lt: 5, exists: true } }`. */
const comparison = (field: Field): fc.Arbitrary<object> =>
  fc.oneof(
    { weight: 1, arbitrary: operandOf(field, 'eq').map(operand => ({ [field.name]: operand })) },
    {
      weight: 4,
      arbitrary: fc
        .uniqueArray(fc.constantFrom(...OPERATORS_OF[field.type]), { minLength: 1, maxLength: 3 })
        .chain(operators => fc.tuple(...operators.map(operator => operandOf(field, operator).map(o => [operator, o]))))
        .map(pairs => ({ [field.name]: Object.fromEntries(pairs as [string, unknown][]) })),
    },
  )

/** Rules as a person writes them, with groups nested as deep as asked. */
export function randomWhere(fields: readonly Field[], depth: number): fc.Arbitrary<object> {
  const leaf = fc.constantFrom(...fields).chain(comparison)
  if (depth === 0) return leaf
  const part = randomWhere(fields, depth - 1)
  const parts = fc.array(part, { maxLength: 3 })
  return fc.oneof(
    { weight: 4, arbitrary: leaf },
    { weight: 2, arbitrary: parts.map(list => ({ AND: list })) },
    { weight: 2, arbitrary: parts.map(list => ({ OR: list })) },
    { weight: 3, arbitrary: part.map(inner => ({ NOT: inner })) },
    { weight: 2, arbitrary: fc.tuple(leaf, part).map(([first, second]) => ({ ...first, ...second })) },
    { weight: 1, arbitrary: fc.constant({}) },
  )
}
