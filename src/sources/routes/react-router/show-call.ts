// What a call shows whose meaning the router knows, as useRoutes(…), and what may be shown by any other.
import { type FunctionValue, UNDEFINED, type UnknownValue, type Value } from '../evaluate/value.ts'
import { hide, takeBasename } from './basename.ts'
import { readConfigRoutes } from './config-routes.ts'
import type { Context, Walk } from './context.ts'
import { MAKES_HIDDEN_ROUTER, MAKES_ROUTER, MAKES_ROUTES, routerName } from './names.ts'
import { readRoutes } from './routes-6.ts'
import { show } from './show.ts'
import { foundBy, leaveUntold } from './untold.ts'

type Called = Extract<Value, { is: 'called' }>

export function showCalled(walk: Walk, value: Called, outer: Context): void {
  const name = routerName(value.callee)
  const [first, options] = value.args
  const context = { ...outer, at: value.place }
  if (name === 'useRoutes' && first) {
    readRoutes(walk, first, context)
    return
  }
  if (name === 'renderRoutes' && first) {
    readConfigRoutes(walk, first, context)
    return
  }
  if (name !== undefined && MAKES_ROUTES.has(name) && first) {
    readRoutes(walk, first, context)
    return
  }
  if (name !== undefined && MAKES_ROUTER.has(name) && first) {
    const given = options?.is === 'object' ? options.properties : new Map<string, () => Value>()
    takeBasename(walk, given.get('basename')?.() ?? UNDEFINED, value)
    if (given.has('patchRoutesOnNavigation') || given.has('unstable_patchRoutesOnNavigation'))
      walk.found.unresolved.push({
        ...value.place,
        source: 'patchRoutesOnNavigation',
        reason: 'it adds routes while the front end runs',
      })
    readRoutes(walk, first, context)
    return
  }
  if (name === 'useOutlet') {
    context.shown.outlet = true
    return
  }
  if (name !== undefined && MAKES_HIDDEN_ROUTER.has(name)) {
    hide(walk, name, value)
    return
  }
  showAnyCall(walk, value, context)
}

/** Whatever it is, elements that are given to it may be shown, and what its functions give. */
function showAnyCall(walk: Walk, value: Called, context: Context): void {
  const before = foundBy(walk)
  context.shown.output = true
  const inner = { ...context, isRoot: false, isSpine: false }
  for (const arg of value.args) {
    if (arg.is === 'function') show(walk, resultOf(walk, value, arg), inner)
    else if (['element', 'array', 'choice', 'maybe'].includes(arg.is)) show(walk, arg, { ...inner, inSwitch: false })
  }
  if (context.inSwitch && foundBy(walk) === before) leaveUntold(walk, value, context)
}

/** What a function gives that something calls which is not known: `list.map(item => <Route />)`. */
export function resultOf({ evaluator }: Walk, { callee, place, source }: Called, given: FunctionValue): Value {
  const { node, scope } = given
  const reason =
    callee.is === 'unknown'
      ? callee.reason
      : callee.is === 'external' && callee.module !== 'global'
        ? `it comes from the package ${callee.module}`
        : 'it is only known when it runs'
  const unknown: UnknownValue = { is: 'unknown', reason, source, place }
  return evaluator.call(
    given,
    node.params.map(() => unknown),
    { node, scope },
  )
}
