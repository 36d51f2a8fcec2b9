// Which file an import means, without anything installed: relative paths, tsconfig paths, aliases, packages of the workspace.
import { posix } from 'node:path'
import { isPlainObject } from '../../../rules/parse.ts'
import type { FrontEnd } from '../front-end.ts'
import { bareImports } from './bare-imports.ts'
import { parseJson } from './jsonc.ts'
import { type Alias, type Candidate, pathMatchers } from './tsconfig-paths.ts'
import { findWorkspacePackages, type WorkspacePackage } from './workspace.ts'

export type Resolution =
  | { readonly file: string }
  /** A package that is not part of the front end. */
  | { readonly external: string }
  /** Of the front end, and not there. */
  | { readonly missing: string }

export interface ResolverOptions {
  /** The folder of the front end's package.json, '' for the top. */
  readonly root: string
  /** Where the router is: settings are looked for from there upwards. @defaultValue the root */
  readonly from?: string
  /** `@` → `src`, relative to the root: from bundlers' settings, or by hand. */
  readonly aliases: readonly Alias[]
}

export type Resolve = (specifier: string, from: string) => Promise<Resolution>

const EXTENSIONS = ['.tsx', '.ts', '.jsx', '.js', '.mts', '.mjs', '.cts', '.cjs', '.json']

export async function makeResolver(
  frontEnd: FrontEnd,
  { root, from = root, aliases }: ResolverOptions,
): Promise<Resolve> {
  const findFile = makeFindFile(frontEnd)
  const matchers = [...aliases.map(toMatcher(root)), ...(await pathMatchers(frontEnd, from))]
  const packages = await findWorkspacePackages(frontEnd, root)
  const imports = await importsOf(frontEnd, root)
  const bare = await bareImports(frontEnd, root)
  return async (specifier, importer) => {
    const name = specifier.replace(/[?#].*$/, '') || specifier
    if (/^\.{0,2}\//.test(name) || name === '.' || name === '..') {
      const base = name.startsWith('/')
        ? posix.join(root, name.replace(/^\/+/, ''))
        : posix.join(posix.dirname(importer), name)
      const file = await findFile(base)
      return file === undefined ? { missing: specifier } : { file }
    }
    let isOurs = false
    for (const match of [...imports, ...matchers, bare]) {
      for (const candidate of match(name)) {
        isOurs ||= !candidate.isGuess && !INSTALLED.test(candidate.path)
        const file = await findFile(candidate.path)
        if (file !== undefined) return { file }
      }
    }
    const own = packages.find(({ name: known }) => name === known || name.startsWith(`${known}/`))
    if (own) {
      const file = await findInPackage(own, name.slice(own.name.length + 1), findFile)
      return file === undefined ? { missing: specifier } : { file }
    }
    return isOurs ? { missing: specifier } : { external: specifier }
  }
}

/** Aliases that lead to a package, so that there is one copy of it. */
const INSTALLED = /(^|\/)node_modules(\/|$)/

type FindFile = (base: string) => Promise<string | undefined>

/** As bundlers do: the file itself, one of the extensions, a folder's index; `./x.js` may be written for `./x.ts`. */
function makeFindFile(frontEnd: FrontEnd): FindFile {
  const folders = new Map<string, Promise<ReadonlyMap<string, boolean>>>()
  const list = (folder: string): Promise<ReadonlyMap<string, boolean>> => {
    let listed = folders.get(folder)
    listed ??= frontEnd.list(folder).then(names => new Map(names.map(({ name, isFolder }) => [name, isFolder])))
    folders.set(folder, listed)
    return listed
  }
  return async base => {
    const path = posix.normalize(base).replace(/\/$/, '')
    if (path.startsWith('..')) return undefined
    const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path)
    const name = posix.basename(path)
    const names = await list(folder)
    const at = (found: string): string => posix.join(folder, found)
    if (names.get(name) === false) return at(name)
    for (const extension of EXTENSIONS) if (names.get(`${name}${extension}`) === false) return at(`${name}${extension}`)
    const [, stem, kind] = /^(.+)\.([cm]?jsx?)$/.exec(name) ?? []
    for (const typed of kind === undefined ? [] : [kind.replace('js', 'ts'), 'tsx'])
      if (names.get(`${stem}.${typed}`) === false) return at(`${stem}.${typed}`)
    if (names.get(name) !== true && path !== '' && path !== '.') return undefined
    const inside = await list(path === '.' ? '' : path)
    for (const extension of EXTENSIONS)
      if (inside.get(`index${extension}`) === false) return posix.join(path, `index${extension}`)
    return undefined
  }
}

type Matcher = (specifier: string) => readonly Candidate[]

const toMatcher =
  (root: string) =>
  ({ find, replacement }: Alias): Matcher =>
  specifier => {
    const rest = typeof find === 'string' ? restAfter(specifier, find) : undefined
    const path =
      rest !== undefined
        ? posix.join(replacement, rest)
        : typeof find !== 'string' && find.test(specifier)
          ? specifier.replace(find, replacement)
          : undefined
    return path === undefined ? [] : [{ path: posix.join(root, path), isGuess: false }]
  }

function restAfter(specifier: string, find: string): string | undefined {
  const exact = find.endsWith('$') ? find.slice(0, -1) : undefined
  if (exact !== undefined) return specifier === exact ? '' : undefined
  if (specifier === find) return ''
  const prefix = find.endsWith('/') ? find : `${find}/`
  return specifier.startsWith(prefix) ? specifier.slice(prefix.length) : undefined
}

/** `"imports": { "#app/*": "./src/*" }` of package.json. */
async function importsOf(frontEnd: FrontEnd, root: string): Promise<Matcher[]> {
  const text = await frontEnd.read(posix.join(root, 'package.json'))
  const data = text === undefined ? undefined : parseJson(text)
  if (!isPlainObject(data) || !isPlainObject(data.imports)) return []
  return Object.entries(data.imports).map(([pattern, target]): Matcher => {
    const path = firstPath(target)
    const [before = '', after] = pattern.split('*')
    return specifier => {
      if (path === undefined || !specifier.startsWith('#')) return []
      if (after === undefined) return specifier === pattern ? [{ path: posix.join(root, path), isGuess: false }] : []
      if (!specifier.startsWith(before) || !specifier.endsWith(after)) return []
      const rest = specifier.slice(before.length, specifier.length - after.length)
      return [
        {
          path: posix.join(
            root,
            path.replaceAll('*', () => rest),
          ),
          isGuess: false,
        },
      ]
    }
  })
}

async function findInPackage(
  { folder, manifest }: WorkspacePackage,
  rest: string,
  findFile: FindFile,
): Promise<string | undefined> {
  const exported = isPlainObject(manifest.exports)
    ? firstPath(manifest.exports[rest === '' ? '.' : `./${rest}`])
    : firstPath(manifest.exports)
  const mains = rest === '' ? [manifest.source, manifest.module, manifest.main, 'src/index', 'index', 'src'] : []
  // What it exports may be what is yet to be built: the source lies beside it.
  for (const path of [exported, ...mains, rest || undefined, rest === '' ? undefined : `src/${rest}`]) {
    if (typeof path !== 'string') continue
    const file = await findFile(posix.join(folder, path))
    if (file !== undefined) return file
  }
  return undefined
}

/** The first path in a tree of conditions: `{ import: { types, default: './x.js' } }`. */
function firstPath(target: unknown): string | undefined {
  if (typeof target === 'string') return target
  if (Array.isArray(target)) return target.map(firstPath).find(path => path !== undefined)
  if (!isPlainObject(target)) return undefined
  const { types: _, ...conditions } = target
  const preferred = ['source', 'development', 'import', 'default', ...Object.keys(conditions)]
  return preferred.map(name => firstPath(conditions[name])).find(path => path !== undefined)
}
