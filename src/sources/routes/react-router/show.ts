// Follows what components show, down to the routes in it: conditions, wrappers, providers, render functions.
import type { Node } from 'oxc-parser'
import type { Place } from '../../../routes/route.ts'
import { type FunctionValue, possibilities, truthOf, UNDEFINED, type Value } from '../evaluate/value.ts'
import type { Context, Walk } from './context.ts'
import { guardBy, keepBehind } from './guards.ts'
import { routeProps } from './match.ts'
import { routerName } from './names.ts'
import { showCalled } from './show-call.ts'
import { showElement } from './show-element.ts'
import { leaveUntold } from './untold.ts'

/** Elements within elements; what is deeper is no place for routes, and there is no more room on the stack. */
const DEEPEST = 150

export function show(walk: Walk, value: Value, context: Context): void {
  if (walk.depth >= DEEPEST) {
    walk.found.notes.add(`What is nested more than ${DEEPEST} elements deep was not followed.`)
    context.shown.output = true
    return
  }
  walk.depth++
  try {
    showOne(walk, value, context)
  } finally {
    walk.depth--
  }
}

function showOne(walk: Walk, value: Value, context: Context): void {
  switch (value.is) {
    case 'known':
      if (typeof value.value === 'number' || (typeof value.value === 'string' && value.value.trim() !== ''))
        context.shown.output = true
      return
    case 'array':
      for (const item of value.items) show(walk, item, context)
      return
    case 'choice':
      showOneOf(walk, value.values, context)
      return
    case 'maybe':
      // What is shown where nothing is, is no condition of anything.
      if (truthOf(value.value) === false) return
      show(walk, value.value, { ...context, conditions: [...context.conditions, value.condition] })
      return
    case 'element':
      showElement(walk, value, context)
      return
    case 'function':
      show(walk, callWith(walk, value, [routeProps(context)]), { ...context, inSwitch: false })
      return
    case 'promise':
      show(walk, value.value, context)
      return
    case 'namespace':
      show(walk, walk.evaluator.exported(value.module, 'default') ?? UNDEFINED, context)
      return
    case 'called':
      showCalled(walk, value, context)
      return
    case 'thrown':
      return
    default:
      context.shown.output = true
      if (context.inSwitch) leaveUntold(walk, value, context)
  }
}

/**
 * What stands in the way of all routes, as long as something loads, is no condition of them: it is one where there are
 * other routes instead, or where it is said of a single route. Where something leads elsewhere instead, that is a guard.
 */
function showOneOf(walk: Walk, values: readonly Value[], context: Context): void {
  const { routes } = walk.found
  const spans = values.map(value => {
    const from = routes.length
    const redirect = redirectInstead(walk, value, context)
    return { from, to: routes.length, isRoute: isRouteItself(value), redirect }
  })
  const redirect = spans.find(span => span.redirect)?.redirect
  if (redirect)
    for (const { from, to } of spans)
      keepBehind(routes.slice(from, to), guardBy({ by: context.component, place: redirect }), context)
  const [only, ...others] = spans.filter(({ from, to }) => to > from)
  if (!only || others.length > 0 || (only.isRoute && !redirect) || context.inSwitch) return
  const at = context.conditions.length
  for (const route of routes.slice(only.from, only.to))
    route.conditions = route.conditions.filter((_, index) => index !== at)
}

/** Shows one of several, and gives the place where it does nothing but lead elsewhere. */
function redirectInstead(walk: Walk, value: Value, context: Context): Place | undefined {
  const { shown } = context
  const [routes, redirects] = [walk.found.routes.length, walk.redirects.length]
  const { output } = shown
  shown.output = false
  show(walk, value, context)
  const isOnly = !shown.output && walk.found.routes.length === routes
  shown.output ||= output
  return isOnly ? walk.redirects[redirects] : undefined
}

const isRouteItself = (value: Value): boolean =>
  possibilities(value).some(
    each => each.is === 'element' && /^(Route|CompatRoute|Redirect)$/.test(routerName(each.type) ?? ''),
  )

export function callWith({ evaluator }: Walk, callee: FunctionValue, args: readonly Value[]): Value {
  const { node, scope } = callee
  return evaluator.call(callee, args, { node: node as Node, scope })
}
