// A record written by hand, with a field of each kind, and the rules that ask for it.
import { expect } from 'vitest'
import { compilePredicate } from '../../src/rules/compile-predicate.ts'
import type { Field } from '../../src/rules/field.ts'
import { parseRule } from '../../src/rules/parse.ts'
import type { Rule } from '../../src/rules/rule.ts'
import type { FieldValue, ReadValues } from '../../src/rules/value.ts'
import { judgeRule, type Verdict } from '../../src/rules/verdict.ts'

export const NOW = '2026-01-31T12:00:00.000001Z'

const FIELDS: readonly Field[] = [
  { name: 'title', type: 'text', many: false, emptyIsMissing: true },
  { name: 'code', type: 'text', many: false },
  { name: 'rating', type: 'number', many: false },
  { name: 'shown', type: 'boolean', many: false },
  { name: 'at', type: 'date', many: false },
  { name: 'metadata.k', type: 'metadata', many: false },
  { name: 'tags', type: 'text', many: true },
  { name: 'sizes', type: 'number', many: true },
  { name: 'dates', type: 'date', many: true },
  { name: 'unplaced', type: 'unknown', many: false },
]

type Value = FieldValue | null
/** By field name: one value, or a list of them. What is left out has no value. */
export type Values = Readonly<Record<string, Value | readonly Value[]>>

export const readFrom =
  (values: Values): ReadValues =>
  ({ name }) => {
    const found = values[name]
    return found === undefined ? [] : Array.isArray(found) ? found : [found as Value]
  }

export function ruleOf(where: object): Rule {
  const lookup = (name: string) =>
    FIELDS.find(field => field.name === name) ?? { problem: `There is no ${name}.`, known: [] }
  const { rule, problems } = parseRule(where, 'where', lookup)
  expect(problems).toEqual([])
  return rule
}

export const holds = (where: object, values: Values, now = NOW): boolean =>
  compilePredicate(ruleOf(where), { now })(readFrom(values))

export const judge = (where: object, values: Values, now = NOW): Verdict =>
  judgeRule(ruleOf(where), readFrom(values), { now })
