// From plain data to a rule, with the path of every mistake. Pure: what fields there are is asked of a lookup.

import { nearestHint, type Problem } from '../problem.ts'
import {
  type Field,
  type FieldLookup,
  type FieldType,
  isStorable,
  OPERATORS,
  OPERATORS_OF,
  type Operator,
} from './field.ts'
import { type Operand, parseDate } from './operand.ts'
import type { Comparison, Rule, Test } from './rule.ts'

/** Keys side by side are AND; `{}` is true; `OR: []` is false. Problems come all together. */
export function parseRule(input: unknown, path: string, lookup: FieldLookup): { rule: Rule; problems: Problem[] } {
  const problems: Problem[] = []
  const rule = parseNode(input, path, { lookup, problems })
  return { rule, problems }
}

/** Every field that a rule names, for those who must look things up before the rule can be parsed whole. */
export function namedFields(input: unknown): string[] {
  if (Array.isArray(input)) return input.flatMap(namedFields)
  if (!isPlainObject(input)) return []
  return Object.entries(input).flatMap(([key, value]) => (isGroup(key) ? namedFields(value) : [key]))
}

interface Context {
  readonly lookup: FieldLookup
  readonly problems: Problem[]
}

function parseNode(input: unknown, path: string, context: Context): Rule {
  if (!isPlainObject(input)) {
    context.problems.push({ path, message: `Expected a rule such as { rating: { gte: 4 } }, got ${describe(input)}.` })
    return { kind: 'and', rules: [] }
  }
  const rules = Object.entries(input).map(([key, value]): Rule => {
    const at = `${path}.${key}`
    if (key === 'NOT') return { kind: 'not', rule: parseNode(value, at, context) }
    if (key === 'AND') return { kind: 'and', rules: parseList(value, at, context) }
    if (key === 'OR') return { kind: 'or', rules: parseList(value, at, context) }
    return parseComparison(key, value, at, context)
  })
  return rules.length === 1 ? (rules[0] as Rule) : { kind: 'and', rules }
}

function parseList(input: unknown, path: string, context: Context): Rule[] {
  if (!Array.isArray(input)) {
    context.problems.push({ path, message: `Expected a list of rules, got ${describe(input)}.` })
    return []
  }
  return input.map((item, index) => parseNode(item, `${path}[${index}]`, context))
}

function parseComparison(name: string, input: unknown, path: string, context: Context): Rule {
  const found = context.lookup(name)
  if ('problem' in found) {
    const group = name.toUpperCase()
    const hint = isGroup(group) ? `Did you mean "${group}"?` : nearestHint(name, found.known)
    context.problems.push({ path, message: found.problem, ...(hint && { hint }) })
    return { kind: 'and', rules: [] }
  }
  if (Array.isArray(input)) {
    context.problems.push({
      path,
      message: 'Expected a value or operators, got a list.',
      hint: 'Write { oneOf: [ … ] }.',
    })
    return { kind: 'and', rules: [] }
  }
  if (input === null || input === undefined) {
    context.problems.push({
      path,
      message: 'Expected a value, got null.',
      hint: 'Write { exists: false } for "has no value".',
    })
    return { kind: 'and', rules: [] }
  }
  const operators = isPlainObject(input) ? input : { eq: input }
  if (Object.keys(operators).length === 0) {
    context.problems.push({ path, message: `Expected at least one operator: ${OPERATORS_OF[found.type].join(', ')}.` })
  }
  return toComparison(found, operators, path, isPlainObject(input), context)
}

function toComparison(
  field: Field,
  operators: Record<string, unknown>,
  path: string,
  written: boolean,
  { problems }: Context,
): Comparison {
  const tests: Test[] = []
  let exists: boolean | undefined
  for (const [operator, operand] of Object.entries(operators)) {
    const at = written ? `${path}.${operator}` : path
    if (!isOperator(operator)) {
      const hint = nearestHint(operator, OPERATORS) ?? `Operators: ${OPERATORS.join(', ')}.`
      problems.push({ path: at, message: `"${operator}" is no operator.`, hint })
    } else if (!OPERATORS_OF[field.type].includes(operator)) {
      problems.push({
        path: at,
        message: `"${operator}" does not fit ${field.name}, which is a ${field.type}.`,
        hint: `It takes ${OPERATORS_OF[field.type].join(', ')}.`,
      })
    } else if (operator === 'exists') {
      if (typeof operand === 'boolean') exists = operand
      else problems.push({ path: at, message: `Expected true or false, got ${describe(operand)}.` })
    } else {
      const operands = parseOperands(field, operator, operand, at, problems)
      if (operands) tests.push({ operator, operands })
    }
  }
  return { kind: 'compare', field, tests, ...(exists !== undefined && { exists }) }
}

function parseOperands(field: Field, operator: Test['operator'], input: unknown, path: string, problems: Problem[]) {
  if (operator !== 'oneOf') {
    const operand = parseOperand(field, operator, input, path, problems)
    return operand && [operand]
  }
  if (!Array.isArray(input)) {
    problems.push({ path, message: `Expected a list, got ${describe(input)}.` })
    return undefined
  }
  return input
    .map((item, index) => parseOperand(field, operator, item, `${path}[${index}]`, problems))
    .filter(operand => operand !== undefined)
}

const EXPECTED: Readonly<Record<FieldType, string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  date: 'a date such as 2026-01-31, 2026-01-31T12:00:00Z, now or now-30d',
  metadata: 'a text, a number, a date or a truth value',
  unknown: 'a text, a number, a date or a truth value',
}

function parseOperand(
  field: Field,
  operator: Test['operator'],
  input: unknown,
  path: string,
  problems: Problem[],
): Operand | undefined {
  const operand = toOperand(field.type, operator, input)
  if (operand) return operand
  const expected = operator === 'startsWith' || operator === 'contains' ? EXPECTED.text : EXPECTED[field.type]
  const hint =
    field.type === 'text' && (typeof input === 'number' || typeof input === 'boolean')
      ? `Write "${input}" in quotes.`
      : undefined
  problems.push({
    path,
    message: `Expected ${expected} for ${field.name}, got ${describe(input)}.`,
    ...(hint && { hint }),
  })
  return undefined
}

function toOperand(type: FieldType, operator: Test['operator'], given: unknown): Operand | undefined {
  const input = given instanceof Date && !Number.isNaN(given.getTime()) ? given.toISOString() : given
  const isText = typeof input === 'string' && isStorable(input)
  if (operator === 'startsWith' || operator === 'contains') return isText ? { type: 'text', value: input } : undefined
  const isNumber = typeof input === 'number' && Number.isFinite(input)
  switch (type) {
    case 'text':
      return isText ? { type: 'text', value: input } : undefined
    case 'number':
      return isNumber ? { type: 'number', value: input } : undefined
    case 'boolean':
      return typeof input === 'boolean' ? { type: 'boolean', value: input } : undefined
    case 'date':
      return isText ? parseDate(input) : undefined
    case 'metadata':
    case 'unknown':
      if (isNumber) return { type: 'number', value: input }
      if (typeof input === 'boolean') return { type: 'text', value: String(input) }
      return isText ? (parseDate(input) ?? { type: 'text', value: input }) : undefined
  }
}

const isOperator = (text: string): text is Operator => (OPERATORS as readonly string[]).includes(text)
const isGroup = (key: string): boolean => key === 'AND' || key === 'OR' || key === 'NOT'

/** Data as people write it: a Map, a Date or an object with another one behind it would lose what it holds. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  return typeof value === 'object' ? 'an object' : `${String(value)} (a ${typeof value})`
}
