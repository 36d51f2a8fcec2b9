// Follows what components show, down to the routes in it: conditions, wrappers, providers, render functions.
import type { Node } from 'oxc-parser'
import { instanceOf } from '../evaluate/classes.ts'
import { componentOf } from '../evaluate/evaluator.ts'
import { propertyOf } from '../evaluate/jsx.ts'
import {
  type ClassValue,
  type ElementValue,
  type FunctionValue,
  objectOf,
  possibilities,
  truthOf,
  UNDEFINED,
  type UnknownValue,
  type Value,
} from '../evaluate/value.ts'
import { readConfigRoutes } from './config-routes.ts'
import type { Context, Walk } from './context.ts'
import { HIDDEN_ROUTERS, MAKES_HIDDEN_ROUTER, MAKES_ROUTER, MAKES_ROUTES, ROUTERS, routerName } from './names.ts'
import { readRedirect5, readRoute5 } from './routes-5.ts'
import { readRoutes } from './routes-6.ts'
import { textOf, textsOf } from './texts.ts'

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
    case 'array': {
      const inner = value.items.length > 1 ? context : { ...context, isRoot: context.isRoot }
      for (const item of value.items) show(walk, item, inner)
      return
    }
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
      show(walk, callWith(walk, value, [routeProps(walk, context)]), { ...context, inSwitch: false })
      return
    case 'promise':
      show(walk, value.value, context)
      return
    case 'called':
      showCalled(walk, value, context)
      return
    case 'thrown':
      return
    default:
      context.shown.output = true
  }
}

/**
 * What stands in the way of all routes, as long as something loads, is no condition of them: it is one where there are
 * other routes instead, or where it is said of a single route.
 */
function showOneOf(walk: Walk, values: readonly Value[], context: Context): void {
  const { routes } = walk.found
  const spans = values.map(value => {
    const from = routes.length
    show(walk, value, context)
    return { from, to: routes.length, isRoute: isRouteItself(value) }
  })
  const [only, ...others] = spans.filter(({ from, to }) => to > from)
  if (!only || others.length > 0 || only.isRoute || context.inSwitch) return
  const at = context.conditions.length
  for (const route of routes.slice(only.from, only.to))
    route.conditions = route.conditions.filter((_, index) => index !== at)
}

const isRouteItself = (value: Value): boolean =>
  possibilities(value).some(
    each => each.is === 'element' && /^(Route|CompatRoute|Redirect)$/.test(routerName(each.type) ?? ''),
  )

function showCalled(walk: Walk, value: Extract<Value, { is: 'called' }>, context: Context): void {
  const name = routerName(value.callee)
  const [first, options] = value.args
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
  if (name !== undefined && MAKES_HIDDEN_ROUTER.has(name)) {
    hide(walk, name, value)
    return
  }
  // Whatever it is, elements that are given to it may be shown.
  context.shown.output = true
  for (const arg of value.args) if (arg.is === 'element') show(walk, arg, { ...context, isRoot: false })
}

function showElement(walk: Walk, element: ElementValue, context: Context): void {
  const name = routerName(element.type)
  const children = (): Value => propertyOf(element, 'children')
  const inside = { ...context, inSwitch: false }
  switch (name) {
    case 'Routes':
    case 'DataRoutes':
      readRoutes(walk, children(), inside)
      return
    case 'Switch':
      walk.found.usesSwitch = true
      show(walk, children(), { ...context, inSwitch: true })
      return
    case 'Route':
    case 'CompatRoute':
      readRoute5(walk, element, context)
      return
    case 'Redirect':
      readRedirect5(walk, element, context)
      return
    case 'Navigate':
      noteRedirect(element, context)
      return
    case 'Outlet':
      context.shown.outlet = true
      return
    case 'RouterProvider':
      show(walk, propertyOf(element, 'router'), inside)
      return
  }
  if (name !== undefined && ROUTERS.has(name)) {
    takeBasename(walk, propertyOf(element, 'basename'), element)
    show(walk, children(), inside)
    return
  }
  if (name !== undefined && HIDDEN_ROUTERS.has(name)) {
    hide(walk, name, element)
    return
  }
  const type = element.type
  if (type.is === 'known') {
    const isFragment = type.value === ''
    if (!isFragment) context.shown.output = true
    showProperties(walk, element, isFragment ? context : { ...inside, isRoot: false })
    return
  }
  const component = componentOf(walk.evaluator, type)
  if (component.is === 'function' || component.is === 'class') {
    showComponent(walk, component, { element, context: inside, isWrapped: component !== type })
    return
  }
  if (component.is === 'external' && component.path.at(-1) === 'Fragment') {
    show(walk, children(), context)
    return
  }
  showForeign(walk, element, { context, component })
}

/** A component whose source is not here: what is given to it may be shown by it. */
function showForeign(
  walk: Walk,
  element: ElementValue,
  { context, component }: { readonly context: Context; readonly component: Value },
): void {
  const path = element.properties.properties.get('path')?.()
  if (path && context.inSwitch) {
    const why = component.is === 'unknown' ? component.reason : 'its source is not part of the front end'
    const condition = `what <${element.name}> does with it, which cannot be told, since ${why}`
    readRoute5(walk, element, { ...context, conditions: [...context.conditions, condition] })
    return
  }
  if (component.is === 'unknown' && component.isMissing)
    walk.found.notes.add(`<${element.name}> was not followed, since ${component.reason}.`)
  context.shown.output = true
  showProperties(walk, element, { ...context, inSwitch: false })
}

/** Elements and render functions among the properties; what answers to events shows nothing. */
function showProperties(walk: Walk, { properties }: ElementValue, context: Context): void {
  for (const [name, property] of properties.properties) {
    if (/^on[A-Z]|^(ref|key|style|className)$/.test(name)) continue
    const value = property()
    const isShown = name === 'children' || ['element', 'choice', 'maybe', 'array'].includes(value.is)
    if (isShown || (value.is === 'function' && /^render/.test(name))) show(walk, value, context)
    else if (/^(component|Component|as|page)$/.test(name)) showElement(walk, elementOf(value, context), context)
  }
}

/** A component that is given by itself, and not as an element. */
const elementOf = (type: Value, { component }: Context): ElementValue => ({
  is: 'element',
  type,
  name: component?.name ?? 'component',
  properties: objectOf({}),
  place: { file: '' },
  written: new Set(),
})

export function showComponent(
  walk: Walk,
  component: FunctionValue | ClassValue,
  {
    element,
    context,
    isWrapped,
  }: {
    readonly element: ElementValue | undefined
    readonly context: Context
    /** Whether something around it gives it more properties: connect(…)(Page). */
    readonly isWrapped: boolean
  },
): void {
  const { node } = component
  const given = element?.properties ?? objectOf({})
  const isWrapper = [...given.properties].some(([name, value]) => isShownProperty(name, value))
  if (!isWrapper && context.shown.component === undefined) context.shown.component = component.scope.module.file
  if (walk.open.has(node)) return
  walk.visited.add(node)
  if (walk.plain.has(node) || !walk.isRelevant(component.scope.module.file)) {
    context.shown.output = true
    if (element) showProperties(walk, element, { ...context, isRoot: false })
    return
  }
  const before = walk.found.routes.length + walk.found.unresolved.length
  const custom = customOf(element) ?? context.custom
  const by = { name: component.name ?? element?.name ?? 'a component', isWrapper }
  const inner: Context = {
    ...context,
    custom,
    component: by,
    isSpine: context.isSpine && (context.isRoot || context.component === undefined),
    isRoot: true,
    shown: context.shown,
  }
  const redirects = context.shown.redirects.length
  walk.open.add(node)
  try {
    const properties = objectOf(new Map([...routeProperties(walk, context), ...given.properties]), {
      open: given.open ?? (isWrapped || !element ? givenByOthers(walk, component) : undefined),
    })
    show(walk, resultOf(walk, component, properties), inner)
  } finally {
    walk.open.delete(node)
  }
  const isPlain = walk.found.routes.length + walk.found.unresolved.length === before
  if (isPlain && !isWrapper && context.shown.redirects.length === redirects && !context.shown.outlet)
    walk.plain.add(node)
}

/** A component with a path of its own, `<PrivateRoute path="/account">`: it stands for the route in it. */
function customOf(element: ElementValue | undefined): Context['custom'] {
  const path = element?.properties.properties.get('path')?.()
  if (!element || !path) return undefined
  const texts = textsOf(path, { source: element.name, place: element.place })
  const paths = texts && !('is' in texts) ? texts.map(({ text }) => text) : []
  return { paths, place: element.place, name: element.name }
}

const givenByOthers = ({ evaluator }: Walk, { node, scope }: FunctionValue | ClassValue): UnknownValue =>
  evaluator.unknown(node, scope, 'it is given by what is around the component')

const isShownProperty = (name: string, value: () => Value): boolean =>
  name === 'children' ||
  ((name === 'component' || name === 'render' || name === 'element' || name === 'as') && truthOf(value()) !== false)

function resultOf(walk: Walk, component: FunctionValue | ClassValue, properties: Value): Value {
  const { evaluator } = walk
  if (component.is === 'function') return callWith(walk, component, [properties])
  const state = evaluator.unknown(component.node, component.scope, 'it changes while the front end runs')
  const fields = new Map<string, () => Value>([
    ['props', () => properties],
    ['state', () => state],
    ['context', () => state],
  ])
  const self = instanceOf(evaluator, component, fields)
  const render = self.is === 'object' ? self.properties.get('render')?.() : undefined
  return render?.is === 'function' ? callWith(walk, render, []) : UNDEFINED
}

export function callWith({ evaluator }: Walk, callee: FunctionValue, args: readonly Value[]): Value {
  const { node, scope } = callee
  return evaluator.call(callee, args, { node: node as Node, scope })
}

/** What v5 gives to the components of routes, and `withRouter` to others. */
function routeProperties(walk: Walk, context: Context): Map<string, () => Value> {
  return new Map([['match', () => matchOf(walk, context.match)]])
}

export const routeProps = (walk: Walk, context: Context): Value => objectOf(routeProperties(walk, context))

/** `match.url` of a route is its path, as far as it can be told. */
export const matchOf = (_: Walk, path: string): Value =>
  objectOf({
    path: { is: 'known', value: path },
    url: { is: 'known', value: path === '/' ? '' : path },
  })

/** A redirect that is shown: of the page, where it is in the way to it, and not in some part of it. */
export function noteRedirect(element: ElementValue, context: Context): void {
  if (!context.isSpine) return
  context.shown.redirects.push({
    to: textOf(propertyOf(element, 'to')),
    isConditional: context.conditions.length > context.outer,
    place: element.place,
    by: context.component,
  })
}

function takeBasename(walk: Walk, value: Value, at: { readonly place: ElementValue['place'] }): void {
  if (walk.found.basename !== undefined) return
  const texts = textsOf(value, { source: 'basename', place: at.place })
  if (texts === undefined) return
  if ('is' in texts) {
    walk.found.unresolved.push({
      ...texts.place,
      source: texts.source,
      reason: `the router's basename cannot be told, since ${texts.reason}`,
    })
    walk.found.basename = ''
  } else walk.found.basename = (texts[0]?.text ?? '').replace(/\/+$/, '')
}

function hide(walk: Walk, name: string, { place }: { readonly place: ElementValue['place'] }): void {
  const reason = name.includes('Hash')
    ? 'it keeps the path of a page behind "#", so that all pages have one address'
    : 'its pages have no addresses'
  walk.found.unresolved.push({ ...place, source: name, reason })
}
