// <Route> and <Redirect> as v4 and v5 have them: paths from the top, the first of a <Switch> that matches.

import { readPath5 } from '../../../routes/from-react-router-5.ts'
import type { Place } from '../../../routes/route.ts'
import { propertyOf } from '../evaluate/jsx.ts'
import { type ElementValue, isUndefined, objectOf, truthOf, type Value } from '../evaluate/value.ts'
import { type Context, contentOf, nothingShown, type Shown, type Walk } from './context.ts'
import { natureOf } from './emit.ts'
import { guardWithin, keepBehind } from './guards.ts'
import { routeProperties } from './match.ts'
import { routerName } from './names.ts'
import { callWith, show } from './show.ts'
import { textOf, textsOf } from './texts.ts'

export function readRoute5(walk: Walk, element: ElementValue, context: Context): void {
  walk.found.usesSwitch ||= !walk.found.usesRoutes
  const value = propertyOf(element, 'path')
  const texts = textsOf(value, { source: `<${element.name}>`, place: element.place })
  if (texts && 'is' in texts) {
    // Of several, those that can be told are.
    if (value.is === 'array' && value.items.length > 1)
      for (const item of value.items) readRoute5(walk, withPath(element, item), context)
    else
      walk.found.unresolved.push({
        ...(texts.place.file === '' ? element.place : texts.place),
        source: texts.source,
        reason: `the path of a route cannot be told, since ${texts.reason}`,
      })
    return
  }
  if (texts === undefined || (value.is === 'known' && value.value === '')) {
    readPathless(walk, element, context)
    return
  }
  const isExact = truthOf(propertyOf(element, 'exact')) === true
  const { custom } = context
  const isCustoms = custom !== undefined && texts.some(({ text }) => custom.paths.includes(text))
  const place = isCustoms ? custom.place : element.place
  for (const { text, condition } of texts) {
    const conditions = condition === undefined ? context.conditions : [...context.conditions, condition]
    const at = { ...context, conditions }
    readOne(walk, element, { context: at, text, isExact, place })
  }
}

export const withPath = (element: ElementValue, path: Value): ElementValue => ({
  ...element,
  properties: objectOf(new Map([...element.properties.properties, ['path', () => path]]), element.properties),
})

interface One {
  readonly context: Context
  readonly text: string
  readonly isExact: boolean
  readonly place: Place
}

function readOne(walk: Walk, element: ElementValue, { context, text, isExact, place }: One): void {
  const before = walk.found.routes.length
  const path = text.startsWith('/') || text.startsWith('*') ? text : `/${text}`
  // <Routes> within a plain <Route> of v5 begin at the top.
  const base = routerName(element.type) === 'CompatRoute' ? path.replace(/\/+$/, '') : context.base
  const shown = showContent(walk, element, { context: { ...context, match: path, base }, isInRoute: true })
  // Below an exact path nothing else is ever shown by it.
  if (isExact) keepOwn(walk, before, path)
  const hasRoutes = walk.found.routes.length > before
  const isCatchAll = /^\/?(\*|\(\.\*\))$/.test(text)
  if (isCatchAll && hasRoutes) return
  // What is within it, at its own address, is what it shows.
  const isShownWithin = walk.found.routes
    .slice(before)
    .some(
      ({ path: nested, written, conditions }) =>
        isSame(written ?? nested, path) && conditions.length <= context.conditions.length,
    )
  if (isShownWithin) return
  const read = readPath5(text)
  if ('problem' in read) {
    walk.found.unresolved.push({ ...place, source: text, reason: read.problem })
    return
  }
  const guard = context.guard ?? (hasRoutes ? guardWithin(shown, undefined) : undefined)
  const nature = natureOf(shown, { guard, isCatchAll })
  for (const canonical of read.paths) {
    walk.found.routes.push({
      path: isCatchAll ? allBelow(context.match) : canonical,
      written: canonical === text ? undefined : text,
      ...place,
      ...nature,
      conditions: context.conditions,
      // With routes of its own, those say what is below it.
      end: isExact || hasRoutes || isCatchAll ? undefined : false,
      component: shown.component,
    })
  }
}

/** What nothing else matches within a route is all below that one. */
export function allBelow(match: string): string {
  const read = readPath5(match)
  const [path = '/'] = 'paths' in read ? read.paths : []
  return `${path.replace(/\/+$/, '')}/*`
}

const isSame = (one: string, other: string): boolean => one.replace(/\/+$/, '') === other.replace(/\/+$/, '')

function keepOwn({ found }: Walk, from: number, path: string): void {
  const nested = found.routes.splice(from)
  found.routes.push(...nested.filter(({ path: other, written }) => isSame(written ?? other, path)))
}

/** Without a path it is always shown: what is last in a <Switch>, or what is around the routes in it. */
function readPathless(walk: Walk, element: ElementValue, context: Context): void {
  const before = walk.found.routes.length
  // Outside of a Switch it is there for every address: it only hands something on.
  const shown = showContent(walk, element, { context, isInRoute: context.inSwitch || context.isInRoute })
  if (!context.inSwitch || walk.found.routes.length > before) return
  const { custom } = context
  walk.found.routes.push({
    path: allBelow(context.match),
    written: '*',
    ...(custom?.place ?? element.place),
    ...natureOf(shown, { guard: undefined, isCatchAll: true }),
    conditions: context.conditions,
    component: shown.component,
  })
}

/** `component`, `render` or children: the route shows one of them. */
export function showContent(
  walk: Walk,
  element: ElementValue,
  { context, isInRoute }: { readonly context: Context; readonly isInRoute: boolean },
): Shown {
  const shown = nothingShown()
  const before = walk.found.routes.length
  // What a component around the route does with it, it does in its own `render`.
  const keepsComponent = context.custom !== undefined ? context.component : undefined
  const inner: Context = {
    ...contentOf(context, shown),
    component: keepsComponent && { ...keepsComponent, isWrapper: true },
    isInRoute,
  }
  const match = walk.match
  walk.match = context.match
  const { route } = context
  const properties = objectOf(
    new Map([...routeProperties(context), ...(route ? [['route', () => route] as const] : [])]),
  )
  for (const name of ['component', 'render', 'children', 'element', 'Component']) {
    const value = propertyOf(element, name)
    if (isUndefined(value) || value.is === 'unknown') continue
    const isComponent = name === 'component' || name === 'Component'
    if (isComponent) show(walk, elementOf(element, value, properties), inner)
    else if (value.is === 'function') show(walk, callWith(walk, value, [properties]), inner)
    else show(walk, value, inner)
  }
  walk.match = match
  keepBehind(walk.found.routes.slice(before), guardWithin(shown, undefined), { isInRoute })
  return shown
}

const elementOf = (element: ElementValue, type: Value, properties: ReturnType<typeof objectOf>): ElementValue => ({
  is: 'element',
  type,
  name: 'component',
  properties,
  place: element.place,
  written: new Set(),
})

/** `<Redirect from to>` in a <Switch> is a route; elsewhere what shows it redirects. */
export function readRedirect5(walk: Walk, element: ElementValue, context: Context): void {
  if (!context.inSwitch) {
    noteRedirect(walk, element, context)
    return
  }
  const to = textOf(propertyOf(element, 'to'))
  const texts = textsOf(propertyOf(element, 'from'), { source: '<Redirect>', place: element.place })
  if (texts && 'is' in texts) {
    walk.found.unresolved.push({
      ...texts.place,
      source: texts.source,
      reason: `what is redirected cannot be told, since ${texts.reason}`,
    })
    return
  }
  const isExact = truthOf(propertyOf(element, 'exact')) === true
  for (const { text, condition } of texts ?? [{ text: '*', condition: undefined }]) {
    const isCatchAll = texts === undefined || /^\/?\*$/.test(text)
    const read = isCatchAll ? { paths: [allBelow(context.match)] } : readPath5(text)
    const conditions = condition === undefined ? context.conditions : [...context.conditions, condition]
    if ('problem' in read) {
      walk.found.unresolved.push({ ...element.place, source: text, reason: read.problem })
      continue
    }
    for (const path of read.paths) {
      walk.found.routes.push({
        path,
        written: path === text ? undefined : text,
        ...element.place,
        kind: isCatchAll ? 'catch-all' : 'redirect',
        to,
        conditions,
        end: isExact || isCatchAll ? undefined : false,
      })
    }
  }
}

/** A redirect that is shown: of the page, where it is in the way to it, and not in some part of it. */
export function noteRedirect({ redirects }: Walk, element: ElementValue, context: Context): void {
  redirects.push(element.place)
  if (!context.isSpine) return
  context.shown.redirects.push({
    to: textOf(propertyOf(element, 'to')),
    isConditional: context.conditions.length > context.outer,
    place: element.place,
    by: context.component,
  })
}
