// Redirects of the configuration come before pages: a page at an address that they take is never seen.
import type { Route } from '../../../routes/route.ts'

/** The routes, those that a redirect without a condition takes away as redirects themselves. */
export function redirected(routes: readonly Route[], redirects: readonly Route[]): readonly Route[] {
  const always = redirects.filter(({ condition }) => condition === undefined)
  return routes.map(route => {
    const taking = route.kind === 'redirect' ? undefined : always.find(({ path }) => takes(path, route.path))
    return taking ? { ...route, kind: 'redirect', to: taking.to, guard: undefined, mayRedirect: undefined } : route
  })
}

/** A path without the names of its parameters and without a slash at its end. */
export const shapeOf = (path: string): string => path.replace(/:\w+/g, ':').replace(/(?<=.)\/$/, '')

/** Whether every address of the second path is one of the first; where that is not plain, not. */
function takes(pattern: string, path: string): boolean {
  const [of, parts] = [pattern, path].map(each => shapeOf(each).split('/')) as [string[], string[]]
  for (const [at, piece] of of.entries()) {
    const part = parts[at]
    if (piece === ':*' || piece === '*') return true
    if (part === undefined || (part === '' && at > 0)) return false
    if (piece === ':+') return part !== ':*'
    const isOneFolder = !/[*+]$/.test(part)
    if (piece === ':' ? !isOneFolder : piece.toLowerCase() !== part.toLowerCase()) return false
  }
  return of.length === parts.length
}
