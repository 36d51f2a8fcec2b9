// A file of Next's app or pages folder, and the routes it makes once its code has been judged.
import type { Route, Unresolved } from '../../../routes/route.ts'
import type { Judge, Judged } from './judge.ts'
import { pathOf } from './names.ts'

export interface PageFile {
  readonly file: string
  /** Names of the folders that make its path. */
  readonly names: readonly string[]
  readonly kind: 'page' | 'resource'
  /** Files around it that may send visitors elsewhere, the outermost first. */
  readonly layouts: readonly string[]
}

/** What a folder yields. */
export interface NamedRoutes {
  readonly routes: readonly Route[]
  readonly unresolved: readonly Unresolved[]
  readonly notes: readonly string[]
}

const HAS_NO_CODE_TO_JUDGE = /\.mdx?$/

/** The routes of all files, in their order. Each file is judged once. */
export async function routesOf(files: readonly PageFile[], judge: Judge): Promise<NamedRoutes> {
  const judged = new Map<string, Promise<Judged>>()
  const ask = (file: string): Promise<Judged> => {
    const known =
      judged.get(file) ?? (HAS_NO_CODE_TO_JUDGE.test(file) ? Promise.resolve({ kind: 'page' }) : judge(file))
    judged.set(file, known)
    return known
  }
  const each = await Promise.all(files.map(file => routesOfOne(file, ask)))
  return {
    routes: each.flatMap(({ routes }) => routes),
    unresolved: each.flatMap(({ unresolved }) => unresolved),
    notes: each.flatMap(({ notes }) => notes),
  }
}

async function routesOfOne({ file, names, kind, layouts }: PageFile, ask: Judge): Promise<NamedRoutes> {
  const named = pathOf(names)
  if ('problem' in named) {
    const reason = `its path cannot be told: ${named.problem}`
    return { routes: [], unresolved: [{ file, reason, source: `/${names.join('/')}` }], notes: [] }
  }
  const routes = (more: Pick<Route, 'kind' | 'to' | 'guard' | 'mayRedirect'>): Route[] =>
    named.paths.map(path => ({ path, written: named.written, file, component: file, ...more }))
  if (kind === 'resource') return { routes: routes({ kind }), unresolved: [], notes: [] }

  const [own, ...around] = await Promise.all([ask(file), ...layouts.map(ask)])
  if (own.kind === 'missing') {
    return { routes: [], unresolved: [], notes: [`${file} is no page, since it has no default export.`] }
  }
  const leaving = around.find(layout => layout.kind === 'redirect')
  if (leaving) return { routes: routes({ kind: 'redirect', to: leaving.to }), unresolved: [], notes: [] }
  return {
    routes: routes({
      kind: own.kind,
      to: own.to,
      mayRedirect: own.mayRedirect,
      guard: own.guard ?? nearestGuard(layouts, around),
    }),
    unresolved: [],
    notes: [],
  }
}

/** Of the layout that is nearest to the page, since that is the one which was made for it. */
function nearestGuard(layouts: readonly string[], judged: readonly Judged[]): Route['guard'] {
  for (let at = judged.length - 1; at >= 0; at--) {
    const { guard, mayRedirect } = judged[at] as Judged
    if (guard) return guard
    if (mayRedirect) return { ...mayRedirect, name: (layouts[at] as string).split('/').at(-1) as string }
  }
  return undefined
}
