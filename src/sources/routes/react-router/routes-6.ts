// Routes as v6 and later have them: nested, relative to what they are in, as elements or as objects.
import { readPath } from '../../../routes/from-react-router.ts'
import {
  type CalledValue,
  type ElementValue,
  firstUnknown,
  isNothing,
  isUndefined,
  objectOf,
  possibilities,
  truthOf,
  UNDEFINED,
  type Value,
} from '../evaluate/value.ts'
import { type Context, contentOf, type FoundRoute, nothingShown, type Shown, type Walk } from './context.ts'
import { natureOf } from './emit.ts'
import { guardWithin, keepBehind } from './guards.ts'
import type { Judgement } from './judge.ts'
import { hasLoader, judgementOf, loadedPart, partOf } from './loaded-parts.ts'
import { MAKES_ROUTES, routerName } from './names.ts'
import { type RouteSpec, specOfElement, specOfObject } from './route-spec.ts'
import { show } from './show.ts'
import { resultOf } from './show-call.ts'
import { textsOf } from './texts.ts'
import { foundBy, leaveUntold } from './untold.ts'

/** `within`: the path of the route they are children of, from the beginning of these routes on. */
export function readRoutes(walk: Walk, value: Value, context: Context, within = ''): void {
  walk.found.usesRoutes = true
  switch (value.is) {
    case 'array':
      for (const item of value.items) readRoutes(walk, item, context, within)
      return
    case 'choice':
      for (const each of value.values) readRoutes(walk, each, context, within)
      return
    case 'maybe':
      if (truthOf(value.value) === false) return
      readRoutes(walk, value.value, { ...context, conditions: [...context.conditions, value.condition] }, within)
      return
    case 'element': {
      if (routerName(value.type) === 'Route') {
        readRoute(walk, specOfElement(value), { context, within })
        return
      }
      const children = value.properties.properties.get('children')?.()
      if (isFragment(value.type)) {
        if (children) readRoutes(walk, children, context, within)
        return
      }
      walk.found.unresolved.push({
        ...value.place,
        source: `<${value.name}>`,
        reason: 'it stands where only routes can stand',
      })
      return
    }
    case 'object':
      readRoute(walk, specOfObject(value, value.place ?? { file: '' }), { context, within })
      return
    case 'called': {
      const name = routerName(value.callee)
      const [first] = value.args
      if (name !== undefined && MAKES_ROUTES.has(name) && first) readRoutes(walk, first, context, within)
      else readUnknownCall(walk, value, { context, within })
      return
    }
    case 'known':
      if (!isNothing(value)) break
      return
    case 'promise':
      readRoutes(walk, value.value, context, within)
      return
    default:
      leaveUntold(walk, value, context)
  }
}

/**
 * What its functions give, where that are routes: `pages.map(page => <Route path={page.path} />)`. Those that it is
 * given are most likely among them, and nobody says so.
 */
function readUnknownCall(walk: Walk, value: CalledValue, { context, within }: Within): void {
  const before = foundBy(walk)
  for (const arg of value.args) {
    const given = arg.is === 'function' ? resultOf(walk, value, arg) : UNDEFINED
    if (possibilities(given).some(({ is }) => is === 'element' || is === 'object' || is === 'array'))
      readRoutes(walk, given, context, within)
  }
  if (foundBy(walk) > before) return
  leaveUntold(walk, value, context)
  const conditions = [...context.conditions, `${nameOfCall(value.source)} gives it`]
  for (const arg of value.args) if (arg.is === 'array') readRoutes(walk, arg, { ...context, conditions }, within)
}

export const nameOfCall = (source: string): string => `${source.replace(/\s*\([\s\S]*$/, '')}(…)`

const isFragment = (type: Value): boolean =>
  (type.is === 'known' && type.value === '') || (type.is === 'external' && type.path.at(-1) === 'Fragment')

interface Within {
  readonly context: Context
  readonly within: string
}

export function readRoute(walk: Walk, spec: RouteSpec, { context, within }: Within): void {
  const texts = textsOf(spec.get('path'), { source: spec.source, place: spec.place })
  if (texts && 'is' in texts) {
    const below = possibilities(spec.get('children')).some(value => value.is === 'array' && value.items.length > 0)
    walk.found.unresolved.push({
      ...(texts.place.file === '' ? spec.place : texts.place),
      source: texts.source,
      reason: `the path of a route${below ? ', and of those below it,' : ''} cannot be told, since ${texts.reason}`,
    })
    return
  }
  for (const { text, condition } of texts ?? [{ text: undefined, condition: undefined }]) {
    const conditions = condition === undefined ? context.conditions : [...context.conditions, condition]
    readOne(walk, spec, { context: { ...context, conditions }, within, path: text })
  }
}

interface One extends Within {
  readonly path: string | undefined
}

function readOne(walk: Walk, spec: RouteSpec, { context, within, path }: One): void {
  const { found } = walk
  const isIndex = truthOf(spec.get('index')) === true
  const own = joined(within, path)
  const full = joined(context.base, own)
  const isSplat = path !== undefined && /(^|\/)\*\??$/.test(path)
  const before = found.routes.length
  const loaded = loadedPart(walk, spec)
  const loader = judgementOf(walk, spec, loaded)
  const shown = showContent(walk, spec, {
    context: { ...context, base: isSplat ? full.replace(/\/?\*\??$/, '') : full, match: full },
    loaded,
    isSplat,
  })
  const guard = context.guard ?? guardWithin(shown, loader)
  keepBehind(found.routes.slice(before), guard, { isInRoute: true })
  const nested = found.routes.length - before
  const children = spec.get('children')
  const unknownChildren = firstUnknown(children)
  if (hasItems(children) || unknownChildren) {
    readRoutes(walk, children, { ...context, at: spec.place, guard }, own)
    const isShown = path !== undefined && shown.output && !isIndex
    if (!isShown) return
  } else if (path === undefined && !isIndex) return
  // What is within it, at its own address, is what it shows.
  const hasOwn = found.routes.slice(before).some(route => route.path === (full || '/') || route.path === `${full}/`)
  if (hasOwn || (isSplat && nested > 0)) return
  emit(walk, { spec, context, full, path, shown, loader, isSplat })
}

interface Emission extends Pick<One, 'context' | 'path'> {
  readonly spec: RouteSpec
  readonly full: string
  readonly shown: Shown
  readonly loader: Judgement | undefined
  readonly isSplat: boolean
}

function emit(walk: Walk, { spec, context, full, path, shown, loader, isSplat }: Emission): void {
  const isCatchAll = isSplat && /^\/?\*\??$/.test(path ?? '')
  const read = readPath(isSplat ? full.replace(/\?$/, '') : full)
  if ('problem' in read) {
    walk.found.unresolved.push({ ...spec.place, source: full, reason: read.problem })
    return
  }
  const nature = hasPage(spec)
    ? natureOf(shown, { guard: context.guard, loader, isCatchAll })
    : { kind: loader?.redirects === 'always' ? ('redirect' as const) : ('resource' as const), to: loader?.to }
  for (const canonical of read.paths) {
    walk.found.routes.push({
      path: canonical,
      written: canonical === full || canonical === `/${full}` ? undefined : full,
      ...spec.place,
      ...nature,
      conditions: context.conditions,
      component: shown.component,
      isIndex: truthOf(spec.get('index')) === true,
    } satisfies FoundRoute)
  }
}

/** Without anything to show it answers something that is no page, or nothing. */
const hasPage = (spec: RouteSpec): boolean =>
  ['element', 'Component', 'lazy', 'component'].some(name => !isUndefined(spec.get(name)))

const hasItems = (children: Value): boolean =>
  possibilities(children).some(value => (value.is === 'array' ? value.items.length > 0 : value.is !== 'known'))

function showContent(
  walk: Walk,
  spec: RouteSpec,
  {
    context,
    loaded,
    isSplat,
  }: { readonly context: Context; readonly loaded: Value | undefined; readonly isSplat: boolean },
): Shown {
  const shown = nothingShown()
  const inner: Context = { ...contentOf(context, shown), custom: undefined }
  const element = spec.get('element')
  const component = [spec.get('Component'), partOf(walk, loaded, 'Component')].find(each => each && !isUndefined(each))
  const found = walk.found.routes.length
  if (!isUndefined(element)) show(walk, element, inner)
  if (component) show(walk, elementOf(spec, component), inner)
  const lazyElement = partOf(walk, loaded, 'element')
  if (lazyElement) show(walk, lazyElement, inner)
  // Only part of a page is known: it is taken to show something.
  if (loaded && !component && !lazyElement && isUndefined(element) && !hasLoader(walk, loaded)) shown.output = true
  // Routes within a page that does not end in a star are only found at its own address.
  if (!isSplat && !walk.found.usesSwitch) keepOwn(walk, found, { base: context.base, spec })
  return shown
}

function keepOwn(
  { found }: Walk,
  from: number,
  { base, spec }: { readonly base: string; readonly spec: RouteSpec },
): void {
  const nested = found.routes.splice(from)
  const own = nested.filter(({ path }) => path === (base || '/'))
  found.routes.push(...own)
  if (own.length < nested.length)
    found.notes.add(
      `${spec.place.file}:${spec.place.line}: what ${base || '/'} shows has routes that are never reached, since its path does not end in /*.`,
    )
}

const elementOf = ({ place }: RouteSpec, type: Value): ElementValue => ({
  is: 'element',
  type,
  name: 'Component',
  properties: objectOf({}),
  place,
  written: new Set(),
})

/** As the router joins them: a path with a slash before it counts from where these routes begin, where it says so. */
export function joined(parent: string, path: string | undefined): string {
  // Within another, "/" is what the other is.
  if (path === undefined || path === '' || (path === '/' && parent !== '')) return parent
  if (path.startsWith('/') && parent !== '' && (path === parent || path.startsWith(`${parent.replace(/\/$/, '')}/`)))
    return path
  return `${parent.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`
}
