// Where the walk through the components of a front end is, and what it has found.
import type { Place, Route, Unresolved } from '../../../routes/route.ts'
import type { Evaluator } from '../evaluate/evaluator.ts'
import type { ClassValue, FunctionValue, ObjectValue } from '../evaluate/value.ts'

/** What an element shows, as far as it matters to the route that shows it. */
export interface Shown {
  /** Anything at all, apart from what is nested in it. */
  output: boolean
  outlet: boolean
  readonly redirects: ShownRedirect[]
  /** The file of the page's component. */
  component: string | undefined
}

export interface ShownRedirect {
  readonly to: string | undefined
  readonly isConditional: boolean
  readonly place: Place
  /** The component that has it; undefined where it is the route's own element. */
  readonly by: { readonly name: string; readonly isWrapper: boolean } | undefined
}

export interface Context {
  /** The path that routes of v6 are relative to, without a slash at its end. */
  readonly base: string
  /** The path of the route that shows this, for `useRouteMatch` of v5. */
  readonly match: string
  readonly conditions: readonly string[]
  /** How many of the conditions are those of the route itself, and not of what it shows. */
  readonly outer: number
  readonly guard: Route['guard']
  readonly shown: Shown
  /** The route object that is being shown, which react-router-config gives to its component. */
  readonly route: ObjectValue | undefined
  /** The nearest place in the source that is known. */
  readonly at: Place
  /** Directly in a <Switch>. */
  readonly inSwitch: boolean
  /** A component with a path of its own, which has a <Route> in it: the place that people know. */
  readonly custom: { readonly paths: readonly string[]; readonly place: Place; readonly name: string } | undefined
  readonly component: ShownRedirect['by']
  /** Whether a route shows this. */
  readonly isInRoute: boolean
  /** Whether a redirect here is one of the page, and not of some part of it. */
  readonly isSpine: boolean
  /** Whether this is all that its component shows. */
  readonly isRoot: boolean
}

export const nothingShown = (): Shown => ({ output: false, outlet: false, redirects: [], component: undefined })

export const TOP: Context = {
  base: '',
  match: '/',
  conditions: [],
  outer: 0,
  guard: undefined,
  shown: nothingShown(),
  route: undefined,
  at: { file: '' },
  inSwitch: false,
  custom: undefined,
  component: undefined,
  isInRoute: false,
  isSpine: true,
  isRoot: true,
}

/** Of what a route shows, from its element or component on. */
export const contentOf = (context: Context, shown: Shown): Context => ({
  ...context,
  shown,
  outer: context.conditions.length,
  inSwitch: false,
  component: undefined,
  isInRoute: true,
  isSpine: true,
  isRoot: true,
})

/** A route with its conditions one by one. */
export interface FoundRoute extends Omit<Route, 'condition' | 'guard'> {
  conditions: readonly string[]
  guard?: Route['guard']
  /** What may lead elsewhere before any route is shown, around this one. */
  gate?: NonNullable<Route['guard']> | undefined
  /** Of two with the same path, the router takes the one that is an index. */
  readonly isIndex?: boolean
}

/** All that was found, in the order of the walk. */
export interface Findings {
  readonly routes: FoundRoute[]
  readonly unresolved: Unresolved[]
  readonly notes: Set<string>
  /** The first that was given. */
  basename: string | undefined
  usesSwitch: boolean
  usesRoutes: boolean
}

export interface Walk {
  readonly evaluator: Evaluator
  readonly found: Findings
  /** Components that are being shown, and how often: one within itself is not followed for ever. */
  readonly open: Map<FunctionValue['node'] | ClassValue['node'], number>
  /** Components without routes and redirects in them, with the file of what they show. */
  readonly plain: Map<FunctionValue['node'] | ClassValue['node'], string | undefined>
  /** Files of modules that have to do with routes, by themselves or by what they import. */
  isRelevant(file: string): boolean
  /** All redirects that were met, those of parts of a page, too. */
  readonly redirects: Place[]
  /** All that were shown. */
  readonly visited: Set<FunctionValue['node'] | ClassValue['node']>
  depth: number
  /** The path that `useRouteMatch` gives at the moment. */
  match: string
}

/** As they are yielded. */
export const toRoutes = (routes: readonly FoundRoute[]): Route[] =>
  routes.map(({ conditions, isIndex: _, ...route }) => {
    const condition = conditions.length === 0 ? undefined : [...new Set(conditions)].join(' && ')
    const all = Object.entries({ ...route, condition }).filter(([, value]) => value !== undefined)
    return Object.fromEntries(all) as unknown as Route
  })
