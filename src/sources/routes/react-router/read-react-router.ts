// The routes of a React front end, from the module that has its router.
import type { RouterForm, RouteTable } from '../../../routes/route.ts'
import { Evaluator, type Meanings, TOO_MANY_STEPS } from '../evaluate/evaluator.ts'
import type { SourceModule } from '../evaluate/module.ts'
import type { ModuleGraph } from '../evaluate/module-graph.ts'
import { known, type Value } from '../evaluate/value.ts'
import { toRoutes, type Walk } from './context.ts'
import { folderHelpers, isRelative } from './framework-helpers.ts'
import { withGates } from './guards.ts'
import { matchOf } from './match.ts'
import { hasRouterParts, routerName } from './names.ts'
import { once } from './once.ts'
import { showModule } from './roots.ts'

export interface ReactRouterOptions {
  readonly environment: Readonly<Record<string, string>>
  readonly revision: string | undefined
}

export function readReactRouter(graph: ModuleGraph, entry: SourceModule, options: ReactRouterOptions): RouteTable {
  const walk = startWalk(graph, options.environment)
  showModule(walk, entry)
  return toTable(walk, graph, options.revision)
}

export function startWalk(graph: ModuleGraph, environment: Readonly<Record<string, string>>): Walk {
  let relevant: ReadonlySet<string> | undefined
  const walk: Walk = {
    // Asked for when all modules are loaded.
    isRelevant: file => {
      relevant ??= graph.reaching(hasRouterParts)
      return relevant.has(file)
    },
    evaluator: new Evaluator(
      graph,
      meanings(() => walk),
      environment,
    ),
    found: { routes: [], unresolved: [], notes: new Set(), basename: undefined, usesSwitch: false, usesRoutes: false },
    open: new Map(),
    plain: new Map(),
    redirects: [],
    visited: new Set(),
    match: '/',
    depth: 0,
  }
  return walk
}

/** What hooks and helpers of the router give while a component is followed. */
function meanings(walk: () => Walk): Meanings {
  return {
    call: (callee, args): Value | undefined => {
      if (isRelative(callee)) return folderHelpers(callee, args)
      switch (routerName(callee)) {
        case 'useRouteMatch':
          return args.length === 0 ? matchOf(walk().match) : undefined
        case 'generatePath':
          return generated(args)
        default:
          return undefined
      }
    },
  }
}

/** `generatePath('/product/:slug', { slug: 'oak' })`. */
function generated([path, values]: readonly Value[]): Value | undefined {
  if (path?.is !== 'known' || typeof path.value !== 'string') return undefined
  const given = values?.is === 'object' ? values.properties : new Map<string, () => Value>()
  let text: string = path.value
  for (const [name, value] of given) {
    const made = value()
    if (made.is !== 'known') return undefined
    text = text.replace(new RegExp(`:${name}(\\([^)]*\\))?\\??`), () => String(made.value))
  }
  return known(text)
}

export function toTable(walk: Walk, graph: ModuleGraph, revision: string | undefined, framework = false): RouteTable {
  const { found } = walk
  const { gaveUpAt } = walk.evaluator
  if (gaveUpAt) found.unresolved.push({ ...gaveUpAt, reason: TOO_MANY_STEPS })
  const forms: RouterForm[] = framework
    ? ['react-router-framework']
    : [
        ...(found.usesSwitch ? (['react-router-5'] as const) : []),
        ...(found.usesRoutes || !found.usesSwitch ? (['react-router'] as const) : []),
      ]
  return {
    forms,
    order: found.usesSwitch ? 'written' : 'ranked',
    basename: found.basename ?? '',
    caseSensitive: false,
    routes: toRoutes(withGates(once(found.routes))),
    unresolved: onceEach(found.unresolved),
    notes: [...graph.notes, ...found.notes],
    ...(revision !== undefined && { revision }),
  }
}

function onceEach<T>(items: readonly T[]): T[] {
  const seen = new Map(items.map(item => [JSON.stringify(item), item] as const))
  return [...seen.values()]
}
