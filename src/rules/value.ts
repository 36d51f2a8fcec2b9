// The values of a record's fields, outside the database.
import type { Field, FieldType } from './field.ts'

/**
 * A `number` is what float8 holds. A `date` is text: ISO 8601 (`2026-01-31T12:00:00.123456Z`, `2026-01-31`), or
 * PostgreSQL's own writing (`2026-01-31 12:00:00.123456+00`, `infinity`, ` BC`); without a zone it is in UTC.
 * `metadata` is text, as `->>` gives it.
 */
export type FieldValue = string | number | boolean

/** All values of a record's field; `[]` or `[null]` where it has none. */
export type ReadValues = (field: Field) => readonly (FieldValue | null)[]

const PRINTED_NUMBER = /^(?:NaN|-?Infinity|-?[0-9]+(?:[.][0-9]+)?(?:e[+-][0-9]+)?)$/

/** A value as PostgreSQL prints it (`::text`). Throws for a text that no value of the type is printed as. */
export function fieldValueFromText(type: FieldType, text: string | null): FieldValue | null {
  if (text === null) return null
  if (type === 'number') return numberFromText(text)
  if (type !== 'boolean') return text
  if (text === 'true' || text === 't') return true
  if (text === 'false' || text === 'f') return false
  throw new Error(`${JSON.stringify(text)} is no truth value.`)
}

function numberFromText(text: string): number {
  if (!PRINTED_NUMBER.test(text)) throw new Error(`${JSON.stringify(text)} is no number.`)
  return Number(text)
}
