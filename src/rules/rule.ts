// The tree of a rule. Truth has two values: a comparison with a missing value is false, NOT is the plain complement.
import type { Field, Operator } from './field.ts'
import type { Operand } from './operand.ts'

export type Rule =
  | { readonly kind: 'and'; readonly rules: readonly Rule[] }
  | { readonly kind: 'or'; readonly rules: readonly Rule[] }
  | { readonly kind: 'not'; readonly rule: Rule }
  | Comparison

/** Tests side by side must hold for one and the same value of the field. */
export interface Comparison {
  readonly kind: 'compare'
  readonly field: Field
  readonly tests: readonly Test[]
  /** `exists`, apart from the tests of a value; undefined where the rule does not ask. */
  readonly exists?: boolean
}

export interface Test {
  readonly operator: Exclude<Operator, 'exists'>
  /** One operand; several only for `oneOf`. */
  readonly operands: readonly Operand[]
}

export const ALWAYS: Rule = { kind: 'and', rules: [] }
