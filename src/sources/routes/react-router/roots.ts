// Where the walk begins in a module: what it mounts, what it exports, or the routes it has as data.
import type { Evaluator } from '../evaluate/evaluator.ts'
import { componentOf } from '../evaluate/evaluator.ts'
import type { SourceModule } from '../evaluate/module.ts'
import { nameOf } from '../evaluate/module-scope.ts'
import { possibilities, type Value } from '../evaluate/value.ts'
import { readConfigRoutes } from './config-routes.ts'
import { nothingShown, TOP, type Walk } from './context.ts'
import { routerName } from './names.ts'
import { readRoutes } from './routes-6.ts'
import { show, showComponent } from './show.ts'

/** Follows a module's elements, routers and components; its arrays of route objects where it has nothing else. */
export function showModule(walk: Walk, module: SourceModule): void {
  const { evaluator, found } = walk
  const scope = evaluator.scopeOf(module)
  const before = (): number => found.routes.length + found.unresolved.length
  const start = before()
  for (const statement of module.program.body) {
    if (statement.type !== 'ExpressionStatement') continue
    const value = evaluator.evaluate(statement.expression, scope)
    for (const mounted of mountedBy(value)) show(walk, mounted, { ...TOP, shown: nothingShown() })
  }
  const { exported, own } = declared(evaluator, module)
  const all = [...exported, ...own]
  for (const { value } of all) showRouter(walk, value)
  for (const { value } of exported) showDeclared(walk, value)
  if (before() > start) return
  for (const { value } of all) showData(walk, value)
  if (before() > start) return
  for (const { value } of own) showDeclared(walk, value)
}

/** `render(<App />, …)`, `createRoot(…).render(<App />)`, `hydrateRoot(document, <App />)`, whatever it is called. */
function mountedBy(value: Value): readonly Value[] {
  if (value.is === 'element') return [value]
  if (value.is !== 'called') return []
  return [...value.args, ...(value.callee.is === 'called' ? mountedBy(value.callee) : [])].filter(
    ({ is }) => is === 'element',
  )
}

interface Declared {
  readonly name: string
  readonly value: Value
}

/** Exports, the default one before all, then those that nothing else of the module uses; and what is not exported. */
function declared(
  evaluator: Evaluator,
  module: SourceModule,
): { readonly exported: readonly Declared[]; readonly own: readonly Declared[] } {
  const names = new Set<string>()
  const imports = new Set<string>()
  for (const statement of module.program.body) {
    if (statement.type === 'ImportDeclaration') for (const { local } of statement.specifiers) imports.add(local.name)
    if (statement.type === 'ExportDefaultDeclaration' || statement.type === 'TSExportAssignment') names.add('default')
    if (statement.type === 'ExpressionStatement' && /^module\.exports\b/.test(module.text.slice(statement.start)))
      names.add('default')
    if (statement.type !== 'ExportNamedDeclaration' || statement.source) continue
    for (const { exported } of statement.specifiers) names.add(nameOf(exported))
    const { declaration } = statement
    if (declaration?.type === 'VariableDeclaration')
      for (const { id } of declaration.declarations) if (id.type === 'Identifier') names.add(id.name)
    if (declaration && 'id' in declaration && declaration.id && 'name' in declaration.id) names.add(declaration.id.name)
  }
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
  if (value.is === 'object') {
    for (const inner of value.properties.values()) showData(walk, inner())
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
