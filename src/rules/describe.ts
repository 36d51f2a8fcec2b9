// A rule in words, for people: `listing.visibleInListings is true`, `not metadata.sitemap is "exclude"`.
import type { Operand } from './operand.ts'
import type { Comparison, Rule, Test } from './rule.ts'

export function describeRule(rule: Rule): string {
  switch (rule.kind) {
    case 'not':
      return `not ${group(rule.rule)}`
    case 'and':
      return rule.rules.length === 0 ? 'always' : rule.rules.map(group).join(' and ')
    case 'or':
      return rule.rules.length === 0 ? 'never' : rule.rules.map(group).join(' or ')
    case 'compare':
      return describeComparison(rule)
  }
}

/** What is true of the records that the rule removes: `privateMetadata.pim_status is not "ready"`. */
export function describeRemoved(rule: Rule): string {
  if (rule.kind === 'not') return describeRule(rule.rule)
  if (rule.kind !== 'compare') return `not ${group(rule)}`
  const { field, tests, exists } = rule
  const [test] = tests
  if (test && tests.length === 1 && exists === undefined) {
    return `${field.name} ${NEGATED[test.operator]} ${test.operands.map(describeOperand).join(', ')}`
  }
  if (tests.length === 0 && exists !== undefined) return `${field.name} ${exists ? 'has no value' : 'has a value'}`
  return `not (${describeRule(rule)})`
}

const group = (rule: Rule): string =>
  (rule.kind === 'and' || rule.kind === 'or') && rule.rules.length > 1 ? `(${describeRule(rule)})` : describeRule(rule)

const WORDS: Readonly<Record<Test['operator'], string>> = {
  eq: 'is',
  oneOf: 'is one of',
  gt: 'is above',
  gte: 'is at least',
  lt: 'is below',
  lte: 'is at most',
  startsWith: 'starts with',
  contains: 'contains',
}

const NEGATED: Readonly<Record<Test['operator'], string>> = {
  eq: 'is not',
  oneOf: 'is none of',
  gt: 'is not above',
  gte: 'is not at least',
  lt: 'is not below',
  lte: 'is not at most',
  startsWith: 'does not start with',
  contains: 'does not contain',
}

function describeComparison({ field, tests, exists }: Comparison): string {
  const parts = tests.map(({ operator, operands }) => `${WORDS[operator]} ${operands.map(describeOperand).join(', ')}`)
  if (exists !== undefined) parts.push(exists ? 'has a value' : 'has no value')
  return `${field.name} ${parts.join(' and ')}`
}

function describeOperand(operand: Operand): string {
  if (operand.type !== 'now') return operand.type === 'text' ? JSON.stringify(operand.value) : String(operand.value)
  const seconds = Math.abs(operand.offsetSeconds)
  if (seconds === 0) return 'now'
  const [size, unit] = (
    [
      [86_400, 'd'],
      [3_600, 'h'],
      [60, 'm'],
      [1, 's'],
    ] as const
  ).find(([each]) => seconds % each === 0) ?? [1, 's']
  return `now${operand.offsetSeconds < 0 ? '-' : '+'}${seconds / size}${unit}`
}
