// Where the walk begins in a module: what it mounts, what it exports, or the routes it has as data.
import { componentOf } from '../evaluate/components.ts'
import type { Evaluator } from '../evaluate/evaluator.ts'
import type { SourceModule } from '../evaluate/module.ts'
import { arrayOf, possibilities, type Value } from '../evaluate/value.ts'
import { readConfigRoutes } from './config-routes.ts'
import { nothingShown, TOP, type Walk } from './context.ts'
import { mountedBy } from './mounts.ts'
import { routerName } from './names.ts'
import { readRoutes } from './routes-6.ts'
import { callWith, show } from './show.ts'
import { showComponent } from './show-component.ts'

/** Follows a module's elements, routers and components; its arrays of route objects where it has nothing else. */
export function showModule(walk: Walk, module: SourceModule): void {
  const { evaluator, found } = walk
  const before = (): number => found.routes.length + found.unresolved.length
  const start = before()
  const mounted = mountedBy(evaluator, module)
  for (const value of mounted.elements) show(walk, value, { ...TOP, shown: nothingShown() })
  for (const other of mounted.modules) if (other !== module && before() === start) showModule(walk, other)
  const { exported, own } = declared(evaluator, module)
  const all = [...exported, ...own]
  for (const { value } of all) showRouter(walk, value)
  for (const { value } of exported) showDeclared(walk, value)
  if (before() > start) return
  for (const { value } of all) showData(walk, value)
  if (before() > start) return
  for (const { value } of own) showDeclared(walk, value)
  if (before() > start) return
  for (const { value } of all) showGiven(walk, value)
}

/** Of a function that gives routes and is no component: `useAppRoutes()`, `getRoutes(user)`. */
function showGiven(walk: Walk, value: Value): void {
  if (value.is !== 'function' || walk.visited.has(value.node)) return
  const { node, scope } = value
  const unknown = walk.evaluator.unknown(node, scope, 'it is given when it runs')
  const given = callWith(
    walk,
    value,
    node.params.map(() => unknown),
  )
  for (const each of possibilities(given)) {
    if (each.is === 'element' || each.is === 'called') show(walk, each, { ...TOP, shown: nothingShown() })
    else showData(walk, each)
  }
}

/** Of a module that only passes on what few others export, those, too. */
function exportedNames(evaluator: Evaluator, module: SourceModule): Set<string> {
  const isBarrel = module.imports.length === 0 && module.program.body.length <= MOST_PASSED_ON
  const names = new Set<string>()
  for (const { name, from } of module.exports) {
    if (from !== undefined && !isBarrel) continue
    const resolution = from === undefined ? undefined : evaluator.graph.resolution(module, from)
    const target = resolution && 'file' in resolution ? evaluator.graph.get(resolution.file) : undefined
    if (name !== undefined) names.add(name)
    else if (target && target !== module)
      for (const { name: inner } of target.exports) if (inner !== undefined && inner !== 'default') names.add(inner)
  }
  if (module.exports.length === 0) names.add('default')
  return names
}

const MOST_PASSED_ON = 3

interface Declared {
  readonly name: string
  readonly value: Value
}

/** Exports, the default one before all, then those that nothing else of the module uses; and what is not exported. */
function declared(
  evaluator: Evaluator,
  module: SourceModule,
): { readonly exported: readonly Declared[]; readonly own: readonly Declared[] } {
  const names = exportedNames(evaluator, module)
  const imports = new Set(module.imports.map(({ local }) => local))
  const scope = evaluator.scopeOf(module)
  const valuesOf = (list: readonly string[], toValue: (name: string) => Value | undefined): readonly Declared[] =>
    list.flatMap(name => {
      const value = toValue(name)
      return value ? [{ name, value }] : []
    })
  const uses = (name: string): number => module.text.split(new RegExp(`\\b${name.replaceAll('$', '\\$')}\\b`)).length
  const rank = (name: string): number => (name === 'default' ? 0 : uses(name) <= 2 ? 1 : 2)
  const exported = [...names].sort((a, b) => rank(a) - rank(b))
  const own = [...scope.names()].filter(name => !names.has(name) && !imports.has(name))
  return {
    exported: valuesOf(exported, name => evaluator.exported(module, name)),
    own: valuesOf(own, name => scope.lookUp(name, () => UNTOLD)),
  }
}

const UNTOLD: Value = { is: 'known', value: undefined }

/** A router that is made and kept: `export const router = createBrowserRouter([…])`. */
function showRouter(walk: Walk, value: Value): void {
  if (value.is === 'called' && routerName(value.callee) !== undefined && !isWrapped(value))
    show(walk, value, { ...TOP, shown: nothingShown() })
}

const isWrapped = (value: Extract<Value, { is: 'called' }>): boolean =>
  /^(withRouter|useRouteMatch|useParams|useLocation|useNavigate|useHistory|matchPath|generatePath)$/.test(
    routerName(value.callee) ?? '',
  )

function showDeclared(walk: Walk, value: Value): void {
  for (const each of possibilities(value)) {
    if (each.is === 'element') show(walk, each, { ...TOP, shown: nothingShown() })
    if (each.is !== 'function' && each.is !== 'class' && each.is !== 'called') continue
    const component = componentOf(walk.evaluator, each)
    if (component.is !== 'function' && component.is !== 'class') continue
    // What another shows has its place there; small letters are functions that give something else.
    if (walk.visited.has(component.node) || !/^[A-Z]/.test(component.name ?? 'Default')) continue
    showComponent(walk, component, { element: undefined, context: { ...TOP, shown: nothingShown() }, isWrapped: true })
  }
}

/** Arrays of route objects, which something else hands to the router: their keys tell which form they have. */
function showData(walk: Walk, value: Value): void {
  const context = { ...TOP, shown: nothingShown() }
  if (value.is === 'object' && !isRouteObject(value)) {
    const inner = [...value.properties.values()].map(property => property())
    // `{ home: { path: '/', element }, about: { … } }`
    if (inner.length > 0 && inner.every(isRouteObject)) showData(walk, arrayOf(inner))
    else for (const each of inner) showData(walk, each)
    return
  }
  const items = value.is === 'array' ? value.items : []
  const objects = items.flatMap(item => (item.is === 'object' ? [item.properties] : []))
  const has = (name: string): boolean => objects.some(properties => properties.has(name))
  if (!['path', 'children', 'element', 'routes'].some(has)) return
  if (has('component') || has('routes') || has('exact') || has('render')) readConfigRoutes(walk, value, context)
  else if (has('element') || has('Component') || has('lazy') || has('children') || has('index') || has('loader'))
    readRoutes(walk, value, context)
}

const isRouteObject = (value: Value): boolean =>
  value.is === 'object' &&
  value.properties.has('path') &&
  ['element', 'Component', 'component', 'lazy', 'render', 'children', 'routes'].some(name => value.properties.has(name))
