// A mistake in what the user wrote, with its place. Problems are collected and told together.
import { distance } from 'fastest-levenshtein'

export interface Problem {
  /** Where in the configuration: `sections.products.where.NOT.OR[0]`. */
  readonly path: string
  readonly message: string
  readonly hint?: string
}

/** The known name nearest to a mistyped one; undefined where none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const lower = name.toLowerCase()
  let best: string | undefined
  let least = Math.max(2, Math.floor(name.length / 3)) + 1
  for (const candidate of known) {
    const steps = distance(lower, candidate.toLowerCase())
    if (steps < least) {
      least = steps
      best = candidate
    }
  }
  return best
}

/** "Did you mean …?", or the known names where they are few. */
export function nearestHint(name: string, known: readonly string[]): string | undefined {
  const near = nearest(name, known)
  if (near !== undefined) return `Did you mean "${near}"?`
  if (known.length === 0) return undefined
  const some = known.slice(0, 12).join(', ')
  return `Known: ${some}${known.length > 12 ? `, and ${known.length - 12} more` : ''}.`
}

/** Each once: what several places want of one setting is one mistake. */
export function uniqueProblems(problems: readonly Problem[]): Problem[] {
  const told = new Map(problems.map(problem => [`${problem.path}\n${problem.message}`, problem] as const).reverse())
  return problems.filter(problem => told.get(`${problem.path}\n${problem.message}`) === problem)
}
