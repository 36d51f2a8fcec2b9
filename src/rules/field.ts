// What a rule can name: a field has a type, and the type says which operators and operands fit.

export const OPERATORS = ['eq', 'oneOf', 'gt', 'gte', 'lt', 'lte', 'startsWith', 'contains', 'exists'] as const
export type Operator = (typeof OPERATORS)[number]

/**
 * `metadata` is text that a number or a date as operand makes be parsed;
 * `unknown` is a field whose type only the shop's database can tell (an attribute): everything fits for now.
 */
export type FieldType = 'text' | 'number' | 'boolean' | 'date' | 'metadata' | 'unknown'

export interface Field {
  readonly name: string
  readonly type: FieldType
  /** Several values a record: a comparison holds if one value satisfies it. */
  readonly many: boolean
  /** An empty text counts as no value for `exists` (Saleor stores both for "not filled in"). */
  readonly emptyIsMissing?: boolean
}

/** Why a name is no field: what is wrong, and the names that are near. */
export interface UnknownField {
  readonly problem: string
  readonly known: readonly string[]
}

export type FieldLookup = (name: string) => Field | UnknownField

const ORDERED: readonly Operator[] = ['eq', 'oneOf', 'gt', 'gte', 'lt', 'lte', 'exists']

export const OPERATORS_OF: Readonly<Record<FieldType, readonly Operator[]>> = {
  text: OPERATORS,
  metadata: OPERATORS,
  unknown: OPERATORS,
  number: ORDERED,
  date: ORDERED,
  boolean: ['eq', 'oneOf', 'exists'],
}

/** PostgreSQL's text has neither NUL nor half a surrogate pair, and fails a query that brings one. */
export const isStorable = (text: string): boolean => !/\0|\p{Surrogate}/u.test(text)
