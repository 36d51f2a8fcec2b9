// Which routes the addresses of a template can come to: all that a router tries, until one takes every address.
import { type Fit, fit } from './fit.ts'
import type { OrderedRoute } from './order.ts'
import type { Pattern } from './pattern.ts'
import type { RouteTable } from './route.ts'

export interface Reached extends OrderedRoute {
  readonly fit: Fit
}

/**
 * In the order in which they are tried; `isWhole` where no address passes them all. With `conditions`, what is there
 * under a condition only may as well not be, and the next one takes its place.
 */
export function reach(
  ordered: readonly OrderedRoute[],
  template: readonly Pattern[],
  { caseSensitive, conditions }: Pick<RouteTable, 'caseSensitive'> & { readonly conditions: 'met' | 'open' },
): { readonly reached: readonly Reached[]; readonly isWhole: boolean } {
  const reached: Reached[] = []
  for (const entry of ordered) {
    const found = fit(entry.pattern, template, { caseSensitive })
    if (!found.can) continue
    reached.push({ ...entry, fit: found })
    if (found.all && (conditions === 'met' || entry.route.condition === undefined)) return { reached, isWhole: true }
  }
  return { reached, isWhole: false }
}

/** Those that are there for the template: after one that has its values, no other that leaves more to chance. */
export function filledBy(reached: readonly Reached[]): readonly Reached[] {
  const filled: Reached[] = []
  for (const each of reached) {
    if (each.route.kind !== 'page' || !each.fit.fills) continue
    const first = filled.find(({ route }) => route.condition === undefined)
    if (first === undefined || each.fit.loose <= first.fit.loose) filled.push(each)
  }
  return filled
}
