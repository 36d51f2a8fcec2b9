// Why a rule holds for a record or does not: the rule's own tree, with the truth of every node.
import { prepareComparison } from './comparison.ts'
import { describeRule } from './describe.ts'
import { type Instant, instantToIso, readInstant } from './instant.ts'
import type { Comparison, Rule } from './rule.ts'
import { nextTurn } from './turn.ts'
import type { FieldValue, ReadValues } from './value.ts'

/** Plain data, as JSON can hold it. */
export type Verdict =
  | { readonly kind: 'and' | 'or'; readonly holds: boolean; readonly verdicts: readonly Verdict[] }
  | { readonly kind: 'not'; readonly holds: boolean; readonly verdict: Verdict }
  | ComparisonVerdict

export interface ComparisonVerdict {
  readonly kind: 'compare'
  readonly holds: boolean
  readonly field: string
  /** In words: `listing.publishedAt is at most now`. */
  readonly condition: string
  /** What the record has; NaN and the infinities as text, which JSON has no numbers for. */
  readonly values: readonly (FieldValue | null)[]
  /** It does not hold, and it will from this instant on, by time alone: ISO 8601 in UTC, `2026-01-31T12:00:00Z`. */
  readonly from?: string
  /** It holds, and at this instant, by time alone, it will no longer. */
  readonly until?: string
}

/** `holds` is what compilePredicate says. Every node is judged, whether or not the others have already decided. */
export function judgeRule(rule: Rule, read: ReadValues, options: { readonly now: string }): Verdict {
  return judge(rule, read, readInstant(options.now))
}

function judge(rule: Rule, read: ReadValues, now: Instant): Verdict {
  switch (rule.kind) {
    case 'not': {
      const verdict = judge(rule.rule, read, now)
      return { kind: 'not', holds: !verdict.holds, verdict }
    }
    case 'and': {
      const verdicts = rule.rules.map(item => judge(item, read, now))
      return { kind: 'and', holds: verdicts.every(({ holds }) => holds), verdicts }
    }
    case 'or': {
      const verdicts = rule.rules.map(item => judge(item, read, now))
      return { kind: 'or', holds: verdicts.some(({ holds }) => holds), verdicts }
    }
    case 'compare':
      return judgeComparison(rule, read, now)
  }
}

function judgeComparison(comparison: Comparison, read: ReadValues, now: Instant): ComparisonVerdict {
  const { field } = comparison
  const values = read(field)
  const holds = prepareComparison(comparison, now)(values)
  const turn = nextTurn(comparison, values, now)
  return {
    kind: 'compare',
    holds,
    field: field.name,
    condition: describeRule(comparison),
    values: values.map(value => (typeof value === 'number' && !Number.isFinite(value) ? String(value) : value)),
    ...(turn !== undefined && { [holds ? 'until' : 'from']: instantToIso(turn) }),
  }
}
