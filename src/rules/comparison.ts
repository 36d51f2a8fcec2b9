// One comparison outside the database: its operands are read once, then any number of values can be asked.
// It means what compileComparison (compile-sql.ts) means; a property test holds the two together.
import type { Field } from './field.ts'
import { type Instant, parseInstant, readInstant, SECOND } from './instant.ts'
import { isDate, isNumber, type Operand } from './operand.ts'
import { compareValues, type Ordered } from './order.ts'
import type { Comparison, Test } from './rule.ts'
import type { FieldValue } from './value.ts'

type Values = readonly (FieldValue | null)[]
/** What operands and values are compared as. */
type Comparable = Ordered | boolean
type Passes = (value: FieldValue) => boolean

/**
 * Whether the comparison holds for the values of a record's field. Throws where a value is none of the field's type:
 * metadata is the only text that is parsed.
 */
export function prepareComparison({ field, tests, exists }: Comparison, now: Instant): (values: Values) => boolean {
  const prepared = tests.map(test => prepareTest(test, field, now))
  const passesAll = (value: FieldValue | null): boolean => value !== null && prepared.every(passes => passes(value))
  const isPresent = (value: FieldValue | null): boolean =>
    value !== null && !(field.emptyIsMissing === true && value === '')
  return values =>
    (prepared.length === 0 || values.some(passesAll)) && (exists === undefined || values.some(isPresent) === exists)
}

function prepareTest({ operator, operands }: Test, field: Field, now: Instant): Passes {
  const operand = operands[0] as Operand
  switch (operator) {
    case 'eq':
    case 'oneOf':
      return prepareEquality(operands, field, now)
    case 'startsWith':
    case 'contains':
      return prepareSearch(operator, operand, field)
    default:
      return prepareOrder(operator, operand, field, now)
  }
}

/** Sets find NaN, and 0 for -0, as float8 does. */
function prepareEquality(operands: readonly Operand[], field: Field, now: Instant): Passes {
  const sought = new Map<Kind, Set<Comparable>>()
  for (const operand of operands) {
    const kind = kindOf(operand)
    sought.set(kind, (sought.get(kind) ?? new Set()).add(comparableOf(operand, now)))
  }
  const choices = [...sought].map(([kind, set]) => ({ read: reader(field, kind), set }))
  return value =>
    choices.some(({ read, set }) => {
      const found = read(value)
      return found !== undefined && set.has(found)
    })
}

function prepareSearch(operator: 'startsWith' | 'contains', operand: Operand, field: Field): Passes {
  if (operand.type !== 'text') throw new Error('a text operator has a text operand')
  const read = reader(field, 'text')
  const sought = operand.value
  return operator === 'contains'
    ? value => (read(value) as string).includes(sought)
    : value => (read(value) as string).startsWith(sought)
}

const FITS = {
  gt: (order: number) => order > 0,
  gte: (order: number) => order >= 0,
  lt: (order: number) => order < 0,
  lte: (order: number) => order <= 0,
} as const

function prepareOrder(operator: keyof typeof FITS, operand: Operand, field: Field, now: Instant): Passes {
  const read = reader(field, kindOf(operand))
  const bound = comparableOf(operand, now) as Ordered
  const fits = FITS[operator]
  return value => {
    const found = read(value) as Ordered | undefined
    return found !== undefined && fits(compareValues(found, bound))
  }
}

type Kind = 'text' | 'number' | 'boolean' | 'instant'

const kindOf = (operand: Operand): Kind => (operand.type === 'now' ? 'instant' : operand.type)

function comparableOf(operand: Operand, now: Instant): Comparable {
  if (operand.type === 'instant') return readInstant(operand.value)
  return operand.type === 'now' ? now + BigInt(operand.offsetSeconds) * SECOND : operand.value
}

/** A value of the field as what the operand is; undefined for metadata that is no writing of it. */
function reader(field: Field, kind: Kind): (value: FieldValue) => Comparable | undefined {
  if (field.type === 'unknown') throw new Error(`The type of ${field.name} is not known yet.`)
  if (kind === 'instant') return value => instantOf(field, value)
  if (kind === 'number' && field.type === 'metadata') {
    return value => {
      const text = expectType('string', value, field)
      return isNumber(text) ? Number(text) : undefined
    }
  }
  const type = kind === 'text' ? 'string' : kind
  return value => expectType(type, value, field)
}

/** The instant of a value that a date is compared with; undefined for metadata that is no date. */
export function instantOf(field: Field, value: FieldValue): Instant | undefined {
  const text = expectType('string', value, field)
  if (field.type === 'metadata') return isDate(text) ? parseInstant(text) : undefined
  return readInstant(text)
}

interface Types {
  readonly string: string
  readonly number: number
  readonly boolean: boolean
}

function expectType<T extends keyof Types>(type: T, value: FieldValue, field: Field): Types[T] {
  const given: string = typeof value
  if (given !== type) throw new Error(`A value of ${field.name} is a ${given}, and not a ${type}.`)
  return value as Types[T]
}
