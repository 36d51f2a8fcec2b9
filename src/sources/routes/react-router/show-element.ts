// What an element shows: a part of the router, a component of the front end, one of a package, or HTML.
import { componentOf } from '../evaluate/components.ts'
import { propertyOf } from '../evaluate/jsx.ts'
import { type ElementValue, isUndefined, mapPossible, objectOf, possibilities, type Value } from '../evaluate/value.ts'
import { hide, takeBasenameOf } from './basename.ts'
import type { Context, Walk } from './context.ts'
import { HIDDEN_ROUTERS, ROUTERS, routerName } from './names.ts'
import { noteRedirect, readRedirect5, readRoute5 } from './routes-5.ts'
import { readRoutes } from './routes-6.ts'
import { show } from './show.ts'
import { showComponent } from './show-component.ts'
import { readSwitchChild } from './switch-child.ts'

export function showElement(walk: Walk, element: ElementValue, outer: Context): void {
  const context = { ...outer, at: element.place.file === '' ? outer.at : element.place }
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
      if (!context.inSwitch && isOfSix(element)) readRoutes(walk, element, context)
      else readRoute5(walk, element, context)
      return
    case 'Redirect':
      readRedirect5(walk, element, context)
      return
    case 'Navigate':
      noteRedirect(walk, element, context)
      return
    case 'Outlet':
      context.shown.outlet = true
      return
    case 'RouterProvider':
      show(walk, propertyOf(element, 'router'), inside)
      return
    case 'IndexRoute':
    case 'IndexRedirect':
      walk.found.unresolved.push({
        ...element.place,
        source: `<${element.name}>`,
        reason: 'routes of React Router 3 and before are not read',
      })
      return
  }
  if (name !== undefined && ROUTERS.has(name)) {
    takeBasenameOf(walk, element)
    show(walk, children(), inside)
    return
  }
  if (name !== undefined && HIDDEN_ROUTERS.has(name)) {
    hide(walk, name, element)
    return
  }
  if (element.type.is === 'choice') showOneOfTypes(walk, element, context)
  else if (isFragment(element.type)) show(walk, children(), context)
  else if (context.inSwitch)
    readSwitchChild(walk, element, { context, follow: within => showOther(walk, element, within) })
  else showOther(walk, element, inside)
}

const isFragment = (type: Value): boolean =>
  (type.is === 'known' && type.value === '') || (type.is === 'external' && type.path.at(-1) === 'Fragment')

/** `const Router = isServer ? StaticRouter : BrowserRouter`: the one with addresses; of components each. */
function showOneOfTypes(walk: Walk, element: ElementValue, context: Context): void {
  const router = possibilities(element.type).find(type => ROUTERS.has(routerName(type) ?? ''))
  if (router) showElement(walk, { ...element, type: router }, context)
  else
    show(
      walk,
      mapPossible(element.type, type => ({ ...element, type })),
      context,
    )
}

/** Whether a <Route> that stands alone is one of v6, which something else takes. */
function isOfSix({ properties: { properties } }: ElementValue): boolean {
  if (['element', 'index', 'lazy', 'Component', 'loader', 'errorElement'].some(name => properties.has(name)))
    return true
  if (properties.has('component') || properties.has('render')) return false
  const children = properties.get('children')?.()
  const inner = children ? possibilities(children).flatMap(value => (value.is === 'array' ? value.items : [value])) : []
  return inner.some(value => value.is === 'element' && routerName(value.type) === 'Route' && isOfSix(value))
}

/** Gives the reason where its source is not there to look into. */
function showOther(walk: Walk, element: ElementValue, context: Context): string | undefined {
  const { type } = element
  if (type.is === 'known') {
    context.shown.output = true
    showProperties(walk, element, { ...context, isRoot: false })
    return undefined
  }
  const component = componentOf(walk.evaluator, type)
  if (component.is === 'function' || component.is === 'class') {
    showComponent(walk, component, { element, context, isWrapped: component !== type })
    return undefined
  }
  if (component.is === 'unknown' && component.isMissing)
    walk.found.notes.add(`<${element.name}> was not followed, since ${component.reason}.`)
  // What is given to it may be shown by it.
  context.shown.output = true
  showProperties(walk, element, context)
  return component.is === 'unknown' ? component.reason : 'its source is not part of the front end'
}

/** Elements and render functions among the properties; what answers to events shows nothing. */
export function showProperties(walk: Walk, { properties }: ElementValue, context: Context): void {
  for (const [name, property] of properties.properties) {
    if (/^on[A-Z]|^(ref|key|style|className|sx)$/.test(name)) continue
    const value = property()
    if (/^(component|Component|as|page)$/.test(name) && !isUndefined(value))
      showElement(walk, elementOf(value, context), context)
    else showGiven(walk, value, { context, isShown: name === 'children' || /^render/.test(name), depth: 0 })
  }
}

interface Given {
  readonly context: Context
  readonly isShown: boolean
  readonly depth: number
}

/** `items={[{ label: 'Offers', children: <Offers /> }]}`: elements may be anywhere in data. */
function showGiven(walk: Walk, value: Value, { context, isShown, depth }: Given): void {
  if (isShown || ['element', 'choice', 'maybe'].includes(value.is)) show(walk, value, context)
  else if (value.is === 'array') for (const item of value.items) showGiven(walk, item, { context, isShown, depth })
  else if (value.is === 'object' && depth < 3) {
    for (const [name, property] of value.properties)
      showGiven(walk, property(), { context, isShown: /^render/.test(name), depth: depth + 1 })
  } else if (value.is === 'function' && value.node.type === 'ArrowFunctionExpression' && value.node.expression)
    showArrow(walk, value, context)
}

/** `content={() => <Offers />}`. */
function showArrow(walk: Walk, value: Extract<Value, { is: 'function' }>, context: Context): void {
  if (value.node.body?.type === 'JSXElement') show(walk, value, context)
}

/** A component that is given by itself, and not as an element. */
const elementOf = (type: Value, { component, at }: Context): ElementValue => ({
  is: 'element',
  type,
  name: component?.name ?? 'component',
  properties: objectOf({}),
  place: at,
  written: new Set(),
})
