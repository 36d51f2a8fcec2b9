// Which form a front end's router has, by its files: React Router in a module, as a framework, or Next's folders.
import { posix } from 'node:path'
import { errors } from '../../errors.ts'
import type { RouteTable } from '../../routes/route.ts'
import { readAliases } from './evaluate/aliases.ts'
import { Evaluator } from './evaluate/evaluator.ts'
import { parseJson } from './evaluate/jsonc.ts'
import { findRoot, type ModuleGraph, openModules } from './evaluate/module-graph.ts'
import { makeResolver } from './evaluate/resolve.ts'
import type { FrontEnd } from './front-end.ts'
import { makeJudge } from './next/judge-page.ts'
import { readNext } from './next/next.ts'
import { findNextProject } from './next/next-project.ts'
import { readConfigFile } from './next/read-config.ts'
import { readFramework } from './react-router/framework.ts'
import { isFrameworkRoutes } from './react-router/framework-helpers.ts'
import { frameworkSetting, otherRoutes } from './react-router/framework-settings.ts'
import { readReactRouter } from './react-router/read-react-router.ts'

export interface DetectOptions {
  readonly aliases: Readonly<Record<string, string>>
  readonly environment: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

interface Reading extends DetectOptions {
  readonly frontEnd: FrontEnd
  readonly root: string
  readonly graph: ModuleGraph
  readonly packages: ReadonlySet<string>
}

/** `path`: a file, or a folder; '' for the top. */
export async function detectRouter(frontEnd: FrontEnd, path: string, options: DetectOptions): Promise<RouteTable> {
  const isFile = await frontEnd.isFile(path)
  const from = isFile ? posix.dirname(path) : path
  const root = await findRoot(frontEnd, from)
  const aliases = [
    ...Object.entries(options.aliases).map(([find, replacement]) => ({ find, replacement })),
    ...(await readAliases(frontEnd, root, options.environment)),
  ]
  const resolve = await makeResolver(frontEnd, { root, from, aliases })
  const graph = await openModules(frontEnd, { resolve, signal: options.signal })
  const reading: Reading = { ...options, frontEnd, root, graph, packages: await packagesOf(frontEnd, root) }
  return isFile ? ofFile(reading, path) : ofFolder(reading, path)
}

async function ofFile(reading: Reading, file: string): Promise<RouteTable> {
  const text = (await reading.frontEnd.read(file)) ?? ''
  if (isFrameworkRoutes(text)) return framework(reading, { appFolder: posix.dirname(file), routesFile: file })
  return module(reading, file)
}

async function ofFolder(reading: Reading, folder: string): Promise<RouteTable> {
  const { frontEnd, packages } = reading
  const own = await findFramework(reading, folder)
  if (own) return framework(reading, own)
  const name = posix.basename(folder)
  const project = await findNextProject(frontEnd, folder)
  // Many a React front end has a folder of that name for something else.
  const isNext = project !== undefined && (packages.has('next') || project.configFile !== undefined)
  const isNamed = project !== undefined && packages.size === 0 && (name === 'app' || name === 'pages')
  if (project && (isNext || isNamed)) return next(reading, folder, project.configFile)
  const tried: string[] = []
  let empty: RouteTable | undefined
  for (const file of await entriesIn(reading, folder)) {
    tried.push(file)
    const table = await module(reading, file)
    if (table.routes.length > 0) return table
    empty = empty === undefined || empty.unresolved.length < table.unresolved.length ? table : empty
  }
  if (empty) return empty
  throw errors.routerNotFound(`module with a router in ${folder || frontEnd.name}`, [])
}

async function module({ graph, environment, frontEnd }: Reading, file: string): Promise<RouteTable> {
  await graph.load([file])
  const entry = graph.get(file)
  if (!entry) throw errors.routerUnreadable(`file ${file}`, 'it is no JavaScript or TypeScript')
  return readReactRouter(graph, entry, { environment, revision: frontEnd.revision })
}

interface FrameworkPlace {
  readonly appFolder: string
  readonly routesFile: string | undefined
}

/** `app/routes.ts`, or an app folder of Remix, with its routes in the names of files. */
async function findFramework(
  { frontEnd, graph, packages, environment }: Reading,
  folder: string,
): Promise<FrameworkPlace | undefined> {
  const isFramework = ['@react-router/dev', '@remix-run/dev', '@remix-run/react'].some(name => packages.has(name))
  const configured = await setting({ frontEnd, graph, environment }, folder, 'appDirectory')
  for (const appFolder of [posix.join(folder, configured ?? 'app'), folder]) {
    const place = appFolder === '.' ? '' : appFolder
    for (const extension of ['ts', 'tsx', 'js', 'mts', 'mjs', 'jsx']) {
      const file = posix.join(place, `routes.${extension}`)
      const text = await frontEnd.read(file)
      if (text !== undefined && (isFrameworkRoutes(text) || (isFramework && place !== folder)))
        return { appFolder: place, routesFile: file }
    }
    const names = isFramework ? await frontEnd.list(place) : []
    if (
      names.some(({ name }) => /^root\.[jt]sx?$/.test(name)) &&
      names.some(({ name, isFolder }) => isFolder && name === 'routes')
    )
      return { appFolder: place, routesFile: undefined }
  }
  return undefined
}

async function framework({ frontEnd, graph, environment, root }: Reading, place: FrameworkPlace): Promise<RouteTable> {
  const basename = await setting({ frontEnd, graph, environment }, root, 'basename')
  const table = await readFramework(frontEnd, graph, { ...place, basename, environment, revision: frontEnd.revision })
  const others = place.routesFile === undefined ? await otherRoutes(frontEnd, root) : []
  return { ...table, unresolved: [...table.unresolved, ...others] }
}

async function setting(
  { frontEnd, graph, environment }: Pick<Reading, 'frontEnd' | 'graph' | 'environment'>,
  folder: string,
  name: string,
): Promise<string | undefined> {
  for (const extension of ['ts', 'js', 'mts', 'mjs']) {
    const file = posix.join(folder, `react-router.config.${extension}`)
    if (!(await frontEnd.isFile(file))) continue
    await graph.load([file], { depth: 1 })
    return frameworkSetting(new Evaluator(graph, {}, environment), graph, file, name)
  }
  return undefined
}

async function next(
  { frontEnd, graph, environment }: Reading,
  folder: string,
  configFile: string | undefined,
): Promise<RouteTable> {
  if (configFile !== undefined) await graph.load([configFile], { depth: 2 })
  const config = readConfigFile(graph, configFile, environment)
  const table = await readNext(frontEnd, { root: folder, judge: makeJudge(graph, environment), config })
  if (!table) throw errors.routerNotFound(`app or pages folder in ${folder || frontEnd.name}`, [])
  return { ...table, notes: [...table.notes, ...graph.notes] }
}

const NAMES = ['main', 'index', 'client', 'App', 'app', 'routes', 'router', 'Routes', 'Router', 'AppRoutes']
const EXTENSIONS = ['tsx', 'jsx', 'ts', 'js']

/** What its page loads, then modules that front ends begin with: the nearer to the beginning, the more is known. */
async function entriesIn({ frontEnd, root }: Reading, folder: string): Promise<string[]> {
  const found: string[] = []
  const html = await frontEnd.read(posix.join(folder, 'index.html'))
  for (const [, source] of html?.matchAll(/<script[^>]*\ssrc=["']\/?([^"':]+)["']/g) ?? []) {
    const file = posix.join(root, source as string)
    if (await frontEnd.isFile(file)) found.push(file)
  }
  for (const base of [
    folder,
    posix.join(folder, 'src'),
    posix.join(folder, 'src/app'),
    posix.join(folder, 'src/routes'),
    posix.join(folder, 'routes'),
  ]) {
    const names = new Set((await frontEnd.list(base)).filter(({ isFolder }) => !isFolder).map(({ name }) => name))
    for (const name of NAMES) {
      for (const extension of EXTENSIONS)
        if (names.has(`${name}.${extension}`)) found.push(posix.join(base, `${name}.${extension}`))
    }
  }
  return [...new Set(found)]
}

async function packagesOf(frontEnd: FrontEnd, root: string): Promise<ReadonlySet<string>> {
  const manifest = parseJson((await frontEnd.read(posix.join(root, 'package.json'))) ?? '')
  const { dependencies, devDependencies } = (manifest ?? {}) as Record<string, Record<string, string> | undefined>
  return new Set([...Object.keys(dependencies ?? {}), ...Object.keys(devDependencies ?? {})])
}
