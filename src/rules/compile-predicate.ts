// A rule as a function: for a record whose values are at hand it says what the rule's SQL would say in the database.
import { prepareComparison } from './comparison.ts'
import { type Instant, readInstant } from './instant.ts'
import type { Rule } from './rule.ts'
import type { ReadValues } from './value.ts'

type Predicate = (read: ReadValues) => boolean

/**
 * Whether a record is one that compileSql's condition chooses. `now` is what now() is there: a date text, to the
 * microsecond. Operands are parsed here, once; the predicate throws where a value is none of its field's type.
 */
export function compilePredicate(rule: Rule, options: { readonly now: string }): Predicate {
  return compile(rule, readInstant(options.now))
}

function compile(rule: Rule, now: Instant): Predicate {
  switch (rule.kind) {
    case 'not': {
      const holds = compile(rule.rule, now)
      return read => !holds(read)
    }
    case 'and': {
      const parts = rule.rules.map(item => compile(item, now))
      return read => parts.every(holds => holds(read))
    }
    case 'or': {
      const parts = rule.rules.map(item => compile(item, now))
      return read => parts.some(holds => holds(read))
    }
    case 'compare': {
      const holds = prepareComparison(rule, now)
      return read => holds(read(rule.field))
    }
  }
}
