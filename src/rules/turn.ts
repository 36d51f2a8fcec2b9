// When a comparison with `now` turns by time alone: publication dates that come, offers that end.
import { instantOf, prepareComparison } from './comparison.ts'
import { INFINITY, type Instant, SECOND } from './instant.ts'
import type { Comparison } from './rule.ts'
import type { FieldValue } from './value.ts'

/**
 * The first instant after `now` at which the comparison's truth is another, the values staying as they are; undefined
 * where it never is. Truth can turn only where a value meets its bound, so the comparison itself is asked at each such
 * instant: whatever else it tests, and whatever other values there are, has its say.
 */
export function nextTurn(
  comparison: Comparison,
  values: readonly (FieldValue | null)[],
  now: Instant,
): Instant | undefined {
  const holdsAt = (instant: Instant): boolean => prepareComparison(comparison, instant)(values)
  const meetings = meetingsOf(comparison, values).filter(instant => instant > now)
  if (meetings.length === 0) return undefined
  const holds = holdsAt(now)
  return meetings.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).find(instant => holdsAt(instant) !== holds)
}

/** For each value and each order against `now`: when they are equal, and the microsecond after. */
function meetingsOf({ field, tests }: Comparison, values: readonly (FieldValue | null)[]): Instant[] {
  const offsets = tests
    .filter(({ operator }) => operator !== 'eq' && operator !== 'oneOf')
    .flatMap(({ operands }) => operands.flatMap(operand => (operand.type === 'now' ? [operand.offsetSeconds] : [])))
  if (offsets.length === 0) return []
  const instants = values
    .flatMap(value => (value === null ? [] : [instantOf(field, value)]))
    .filter(instant => instant !== undefined && instant !== INFINITY && instant !== -INFINITY) as Instant[]
  return instants.flatMap(instant =>
    offsets.map(offset => instant - BigInt(offset) * SECOND).flatMap(meeting => [meeting, meeting + 1n]),
  )
}
