// What may lead visitors elsewhere before they see a route: a component around it, its loader, what shows it.
import type { Place, Route } from '../../../routes/route.ts'
import type { FoundRoute, Shown, ShownRedirect } from './context.ts'
import type { Judgement } from './judge.ts'

export type Guard = NonNullable<Route['guard']>

/** What stands before a page: a component around it, or its loader. */
export function guardOf({ redirects, outlet }: Shown, loader: Judgement | undefined): Guard | undefined {
  const around = redirects.find(({ by }) => by?.isWrapper === true || (by !== undefined && outlet))
  if (around) return guardBy(around)
  const leads = loader !== undefined && loader.redirects !== 'never'
  return leads && loader.place ? { name: 'its loader', ...placeOf(loader.place) } : undefined
}

/**
 * What stands before the routes that a page shows, or that are shown in it: whatever leads elsewhere from the page
 * itself, leads elsewhere from them.
 */
export function guardWithin(shown: Shown, loader: Judgement | undefined): Guard | undefined {
  const [first] = shown.redirects
  return guardOf(shown, loader) ?? (first && guardBy(first))
}

export const guardBy = ({ by, place }: Pick<ShownRedirect, 'by' | 'place'>): Guard => ({
  name: by?.name ?? 'a redirect',
  ...placeOf(place),
})

export const placeOf = ({ file, line }: Place): Place => ({ file, line })

/** Puts a guard before routes that were found behind it. The outermost is told, as visitors meet it first. */
export function keepBehind(
  routes: readonly FoundRoute[],
  guard: Guard | undefined,
  { isInRoute }: { readonly isInRoute: boolean },
): void {
  if (!guard) return
  for (const route of routes) {
    if (route.kind !== 'page') continue
    if (isInRoute) route.guard = guard
    else route.gate = guard
  }
}

/**
 * What leads elsewhere before any route is a guard of those behind it. Where that are all, it is none: nobody keeps all
 * of a shop from its visitors, so that it leads elsewhere at times, and nobody can tell when.
 */
export function withGates(routes: readonly FoundRoute[]): readonly FoundRoute[] {
  const isAll = routes.every(({ kind, gate }) => kind !== 'page' || gate !== undefined)
  return routes.map(({ gate, ...route }): FoundRoute => {
    if (!gate) return route
    if (!isAll) return { ...route, guard: route.guard ?? gate }
    return { ...route, mayRedirect: route.mayRedirect ?? placeOf(gate) }
  })
}
