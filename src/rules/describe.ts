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
