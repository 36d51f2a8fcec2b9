// From what a route shows to what it is: a page, a redirect, a catch-all.
import type { Route } from '../../../routes/route.ts'
import type { Shown } from './context.ts'
import { guardOf, placeOf } from './guards.ts'
import type { Judgement } from './judge.ts'

export type Nature = Pick<Route, 'kind' | 'to' | 'guard' | 'mayRedirect'>

/** `loader`: what the route's loader or middleware does, where it has one. */
export function natureOf(
  shown: Shown,
  {
    guard,
    loader,
    isCatchAll,
  }: { readonly guard: Route['guard']; readonly loader?: Judgement | undefined; readonly isCatchAll: boolean },
): Nature {
  const { redirects, output, outlet } = shown
  const sure = redirects.find(({ isConditional }) => !isConditional)
  if (loader?.redirects === 'always') return { kind: isCatchAll ? 'catch-all' : 'redirect', to: loader.to }
  if (sure && !output && !outlet) return { kind: isCatchAll ? 'catch-all' : 'redirect', to: sure.to }
  if (isCatchAll) return { kind: 'catch-all' }
  const own = redirects.find(({ by }) => by?.isWrapper !== true)
  return { kind: 'page', guard: guard ?? guardOf(shown, loader), ...(own && { mayRedirect: placeOf(own.place) }) }
}
