// From an address to the route that the router itself would choose for it.
import { type CompiledPattern, compilePattern, type Folders, toFolders } from './match-folders.ts'
import { inOrder } from './order.ts'
import type { Route, RouteTable } from './route.ts'

type Candidate = CompiledPattern & { readonly route: Route }

/** What addresses have before what the router sees. */
export interface Outside {
  readonly basename: string
  /** Prefixes that the router never sees, `/de`: `hiddenPrefixes` tells them. */
  readonly hidden?: readonly string[] | undefined
}

/**
 * The route that an address of the site shows, its basename included; undefined where none does. Made for hundreds of
 * thousands of addresses: those that begin alike and have as many folders have one short list of routes to try.
 */
export function compileTable(
  table: RouteTable,
  { basename, hidden = [] }: Outside,
): (path: string) => Route | undefined {
  const candidates = inOrder(table).map(
    ({ route, pattern }): Candidate => ({ ...compilePattern(pattern, table), route }),
  )
  const firsts = new Set(candidates.map(({ first }) => first))
  const deepest = Math.max(0, ...candidates.map(({ min }) => min))
  const lists = new Map<string, readonly Candidate[]>()
  const listFor = ({ folded }: Folders): readonly Candidate[] => {
    const first = firsts.has(folded[0]) ? folded[0] : undefined
    const count = Math.min(folded.length, deepest + 1)
    const key = `${count}${first === undefined ? '' : `/${first}`}`
    const known = lists.get(key)
    if (known) return known
    const list = candidates.filter(
      candidate =>
        candidate.min <= count &&
        candidate.max >= count &&
        (candidate.first === undefined || candidate.first === first),
    )
    lists.set(key, list)
    return list
  }
  return path => {
    const below = belowBasename(path, basename)
    if (below === undefined) return undefined
    const folders = toFolders(withoutHidden(below, hidden), table)
    return listFor(folders).find(candidate => candidate.matches(folders))?.route
  }
}

/** The path as the router sees it; undefined where it is none of its addresses. Routers take a basename in any case. */
export function belowBasename(path: string, basename: string): string | undefined {
  const base = basename.replace(/\/$/, '')
  if (base === '') return path
  if (path.slice(0, base.length).toLowerCase() !== base.toLowerCase()) return undefined
  const rest = path.slice(base.length)
  return rest === '' ? '/' : /^[/?#]/.test(rest) ? rest : undefined
}

/** The longest one goes. */
function withoutHidden(path: string, hidden: readonly string[]): string {
  const rests = hidden.map(prefix => belowBasename(path, prefix)).filter(rest => rest !== undefined)
  return rests.reduce((shortest, rest) => (rest.length < shortest.length ? rest : shortest), path)
}
