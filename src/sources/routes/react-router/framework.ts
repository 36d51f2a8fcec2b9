// React Router as a framework: routes.ts and its helpers, or the names of files, with the modules that they name.
import { posix } from 'node:path'
import type { RouteTable } from '../../../routes/route.ts'
import type { ModuleGraph } from '../evaluate/module-graph.ts'
import { arrayOf, known, maybe, objectOf, UNDEFINED, type Value } from '../evaluate/value.ts'
import { type FlatRoutes, type RouteFile, readFlatRoutes } from '../framework/flat-routes.ts'
import type { FrontEnd } from '../front-end.ts'
import { nothingShown, TOP } from './context.ts'
import { type Conventions, keyOf, readConventions } from './conventions.ts'
import { CONVENTIONS, fileOf, HELPERS, isOf } from './framework-helpers.ts'
import type { ReactRouterOptions } from './read-react-router.ts'
import { startWalk, toTable } from './read-react-router.ts'
import { nameOfCall, readRoutes } from './routes-6.ts'

export interface FrameworkOptions extends ReactRouterOptions {
  /** The folder that has root.tsx, from the top of the front end. */
  readonly appFolder: string
  /** Its routes.ts; undefined where the names of files are all there is. */
  readonly routesFile: string | undefined
  readonly basename: string | undefined
}

export async function readFramework(
  frontEnd: FrontEnd,
  graph: ModuleGraph,
  { appFolder, routesFile, basename, ...options }: FrameworkOptions,
): Promise<RouteTable> {
  const walk = startWalk(graph, options.environment)
  const reading: Reading = { walk, graph, appFolder, flat: new Map(), files: new Set() }
  if (routesFile === undefined) {
    const flat = await readFlatRoutes(frontEnd, { appFolder })
    const routes = fromFiles(reading, flat)
    await show(reading, routes)
  } else {
    await graph.load([routesFile])
    const module = graph.get(routesFile)
    const value = (module && walk.evaluator.exported(module, 'default')) ?? UNDEFINED
    await readConventions(frontEnd, reading, value)
    await show(reading, toObjects(reading, value))
  }
  if (basename !== undefined) walk.found.basename = basename.replace(/\/+$/, '')
  return toTable(walk, graph, options.revision, true)
}

interface Reading extends Conventions {
  readonly graph: ModuleGraph
  /** Modules of routes. */
  readonly files: Set<string>
}

async function show({ walk, graph, files }: Reading, routes: Value): Promise<void> {
  await graph.load([...files])
  for (const file of files) {
    if (!graph.get(file) && /\.[jt]sx?$/.test(file))
      walk.found.notes.add(`${file} is named by a route, and is not there.`)
  }
  readRoutes(walk, routes, { ...TOP, shown: nothingShown() })
}

/** Entries of routes.ts as route objects, with what their modules export. */
function toObjects(reading: Reading, value: Value): Value {
  switch (value.is) {
    case 'array':
      return arrayOf(value.items.flatMap(item => itemsOf(toObjects(reading, item))))
    case 'choice':
      return arrayOf(value.values.flatMap(each => itemsOf(toObjects(reading, each))))
    case 'maybe':
      return arrayOf(itemsOf(toObjects(reading, value.value)).map(item => maybe(value.condition, item)))
    case 'promise':
      return toObjects(reading, value.value)
    case 'object': {
      const get = (name: string): Value => value.properties.get(name)?.() ?? UNDEFINED
      const place = value.place ?? { file: '' }
      return toObject(reading, {
        path: value.properties.has('children')
          ? get('path')
          : (value.properties.get('path')?.() ?? value.open ?? UNDEFINED),
        index: get('index'),
        file: get('file'),
        children: get('children'),
        place,
      })
    }
    case 'called':
      return ofHelper(reading, value)
    default:
      return value
  }
}

const itemsOf = (value: Value): readonly Value[] => (value.is === 'array' ? value.items : [value])

function ofHelper(reading: Reading, { callee, args, place, source }: Extract<Value, { is: 'called' }>): Value {
  const [first = UNDEFINED, second = UNDEFINED, third = UNDEFINED, fourth] = args
  const children = (value: Value, after: Value | undefined): Value =>
    value.is === 'array' ? value : (after ?? UNDEFINED)
  if (isOf(HELPERS, callee, 'route'))
    return toObject(reading, {
      path: first,
      index: UNDEFINED,
      file: fileOf(callee, second),
      children: children(third, fourth),
      place,
    })
  if (isOf(HELPERS, callee, 'index'))
    return toObject(reading, {
      path: UNDEFINED,
      index: known(true),
      file: fileOf(callee, first),
      children: UNDEFINED,
      place,
    })
  if (isOf(HELPERS, callee, 'layout'))
    return toObject(reading, {
      path: UNDEFINED,
      index: UNDEFINED,
      file: fileOf(callee, first),
      children: children(second, third),
      place,
    })
  if (isOf(HELPERS, callee, 'prefix')) {
    // At once, since their modules are loaded before they are shown.
    const below = toObjects(reading, second)
    return arrayOf([objectOf({ path: first, children: below }, { place })])
  }
  if (isOf(CONVENTIONS, callee, 'flatRoutes')) {
    const flat = reading.flat.get(keyOf(first))
    if (flat) return fromFiles(reading, flat)
  }
  reading.walk.found.unresolved.push({ ...place, source, reason: 'which routes it gives is only known when it runs' })
  // Those that it is given are most likely among them, and nobody says so.
  const given = args.filter(({ is }) => is === 'array').flatMap(arg => itemsOf(toObjects(reading, arg)))
  return arrayOf(given.map(item => maybe(`${nameOfCall(source)} gives it`, item)))
}

interface Entry {
  readonly path: Value
  readonly index: Value
  readonly file: Value
  readonly children: Value
  readonly place: { readonly file: string; readonly line?: number | undefined }
}

function toObject(reading: Reading, { path, index, file, children, place }: Entry): Value {
  const module = file.is === 'known' && typeof file.value === 'string' ? moduleFile(reading, file.value) : undefined
  if (module !== undefined) reading.files.add(module)
  const below = children.is === 'array' && children.items.length === 0 ? UNDEFINED : toObjects(reading, children)
  return objectOf(
    new Map<string, () => Value>([
      ['path', () => path],
      ['index', () => index],
      ['children', () => below],
      ...MODULE_PARTS.map(([part, exported]) => [part, () => partOf(reading, module, exported)] as const),
    ]),
    { place },
  )
}

const MODULE_PARTS = [
  ['Component', 'default'],
  ['loader', 'loader'],
  ['clientLoader', 'clientLoader'],
  ['action', 'action'],
  ['middleware', 'middleware'],
  ['clientMiddleware', 'clientMiddleware'],
] as const

function moduleFile({ appFolder }: Reading, file: string): string {
  // `path.join(import.meta.dirname, 'x.tsx')` is a path from the top.
  return file.startsWith('/') ? file.slice(1) : posix.join(appFolder, file)
}

function partOf({ walk, graph }: Reading, file: string | undefined, name: string): Value {
  const module = file === undefined ? undefined : graph.get(file)
  if (module) {
    const exported = (each: string): Value | undefined => walk.evaluator.exported(module, each)
    return exported(name) ?? (name === 'default' ? exported('ServerComponent') : undefined) ?? UNDEFINED
  }
  if (file === undefined || name !== 'default') return UNDEFINED
  // What cannot be read, or is no source, as a page in Markdown, is taken to be a page.
  return { is: 'unknown', reason: `${file} could not be read`, source: file, place: { file } }
}

function fromFiles(reading: Reading, { routes, unresolved, notes }: FlatRoutes): Value {
  reading.walk.found.unresolved.push(...unresolved)
  for (const note of notes) reading.walk.found.notes.add(note)
  const convert = (route: RouteFile): Value =>
    objectOf(
      {
        path: known(route.path),
        index: known(route.index),
        file: known(route.file),
        children: arrayOf((route.children ?? []).map(convert)),
      },
      { place: { file: posix.join(reading.appFolder, route.file) } },
    )
  return toObjects(reading, arrayOf(routes.map(convert)))
}
