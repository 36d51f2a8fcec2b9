// React Router's file convention, and Remix's: names in the routes folder, with dots for slashes, make a tree of routes.
import picomatch from 'picomatch'
import type { Unresolved } from '../../../routes/route.ts'
import type { FolderEntry, FrontEnd } from '../front-end.ts'
import { inRouteName, type RouteName } from './route-name.ts'

/** An entry as `routes.ts` has them; `file` is relative to the app folder. */
export interface RouteFile {
  readonly file: string
  readonly path?: string | undefined
  readonly index?: boolean | undefined
  readonly children?: readonly RouteFile[] | undefined
}

export interface FlatRoutes {
  readonly routes: readonly RouteFile[]
  readonly unresolved: readonly Unresolved[]
  readonly notes: readonly string[]
}

export interface FlatRoutesOptions {
  /** The folder that has `root.tsx`, from the top of the front end. */
  readonly appFolder: string
  /** Relative to the app folder. @defaultValue 'routes' */
  readonly rootDirectory?: string | undefined
  /** Patterns relative to the app folder. */
  readonly ignoredRouteFiles?: readonly string[] | undefined
}

/** In the order in which they are looked for. */
const EXTENSIONS = ['.js', '.jsx', '.ts', '.tsx', '.md', '.mdx']

/** Reads the names; no file is opened. A folder that is not there has no routes. */
export async function readFlatRoutes(
  frontEnd: FrontEnd,
  { appFolder, rootDirectory = 'routes', ignoredRouteFiles = [] }: FlatRoutesOptions,
): Promise<FlatRoutes> {
  const prefix = rootDirectory.replace(/^(\.?\/)+|\/+$/g, '')
  const inApp = (file: string): string => (appFolder === '' ? file : `${appFolder}/${file}`)
  const isIgnored = picomatch(['**/.*', ...ignoredRouteFiles])
  const listed = (await frontEnd.list(inApp(prefix))).filter(({ name }) => !isIgnored(`${prefix}/${name}`))
  const hasName = ({ name, isFolder }: FolderEntry): boolean => isFolder || name.includes('.')
  const entries = listed.filter(hasName)
  const files = await Promise.all(
    entries.map(async ({ name, isFolder }) => {
      const entry = `${prefix}/${name}`
      if (!isFolder) return { file: entry, id: entry.replace(/\.[^./]*$/, '') }
      const module = moduleOf((await frontEnd.list(inApp(entry))).map(inside => inside.name))
      return module === undefined ? undefined : { file: `${entry}/${module}`, id: entry }
    }),
  )
  const { routes, unresolved, notes } = nest(
    files.filter(file => file !== undefined),
    prefix,
  )
  const nameless = listed
    .filter(entry => !hasName(entry))
    .map(({ name }) => `${prefix}/${name} is no route, since its name has no extension.`)
  return {
    routes,
    notes: [...nameless, ...notes],
    unresolved: unresolved.map(each => ({ ...each, file: inApp(each.file) })),
  }
}

function moduleOf(names: readonly string[]): string | undefined {
  const candidates = ['route', 'index'].flatMap(name => EXTENSIONS.map(extension => name + extension))
  return candidates.find(candidate => names.includes(candidate))
}

interface Named extends RouteName {
  readonly file: string
  readonly id: string
  readonly parent: string | undefined
}

/** `id` is the file without its extension, or the folder: what it says of its place in the tree. */
function nest(files: readonly { readonly file: string; readonly id: string }[], prefix: string): FlatRoutes {
  const unresolved: Unresolved[] = []
  const notes: string[] = []
  const byId = new Map<string, string>()
  for (const { file, id } of files) {
    const first = byId.get(id)
    if (first === undefined) byId.set(id, file)
    else notes.push(`${file} is not used, since ${first} has the same name.`)
  }

  const named = new Map<string, Named>()
  // Longer names first, as the router has it: where two have one path, the first is used.
  for (const [id, file] of [...byId].sort(([a], [b]) => b.length - a.length)) {
    const name = inRouteName(id.slice(prefix.length + 1))
    if ('problem' in name) unresolved.push({ file, reason: name.problem, source: id })
    else named.set(id, { ...name, file, id, parent: parentOf(id, byId) })
  }

  const taken = new Map<string, string>()
  const children = new Map<string | undefined, Named[]>()
  for (const route of named.values()) {
    const place = `${route.path ?? ''}${route.isIndex ? '?index' : ''}`
    const first = route.isPathless || place === '' ? undefined : taken.get(place)
    if (!route.isPathless) taken.set(place, first ?? route.file)
    if (first !== undefined)
      notes.push(`${route.file} is not used, nor what is below it, since ${first} has the same path.`)
    else children.set(route.parent, [...(children.get(route.parent) ?? []), route])
  }
  const treeOf = (parent: Named | undefined): RouteFile[] =>
    (children.get(parent?.id) ?? []).map(route => {
      const below = treeOf(route)
      return {
        file: route.file,
        ...(relative(route.path, parent?.path) && { path: relative(route.path, parent?.path) }),
        ...(route.isIndex && { index: true }),
        ...(below.length > 0 && { children: below }),
      }
    })
  return { routes: treeOf(undefined), unresolved, notes }
}

/** The longest name that is the beginning of this one, up to a dot or a slash. */
function parentOf(id: string, all: ReadonlyMap<string, string>): string | undefined {
  for (let end = id.length - 1; end > 0; end--) {
    if ((id[end] === '.' || id[end] === '/') && all.has(id.slice(0, end))) return id.slice(0, end)
  }
  return undefined
}

const relative = (path: string | undefined, parent: string | undefined): string | undefined =>
  (parent ? path?.slice(parent.length).replace(/^\//, '') : path) || undefined
