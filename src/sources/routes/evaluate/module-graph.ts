// The modules that entries reach: read ahead, level by level, so that evaluating needs to wait for nothing.
import { posix } from 'node:path'
import type { FrontEnd } from '../front-end.ts'
import { loadParser, parseModule, type SourceModule } from './module.ts'
import type { Resolution, Resolve } from './resolve.ts'

export interface ModuleGraph {
  /** Reads the entries and what they import, directly or not. Files that cannot be parsed are noted, and do not fail. */
  load(entries: readonly string[], options?: LoadOptions): Promise<void>
  /** Undefined for what was not loaded, and for what is no source: pictures, styles, data other than JSON. */
  get(file: string): SourceModule | undefined
  /** What a specifier means in a module. */
  resolution(from: SourceModule, specifier: string): Resolution
  readonly files: readonly string[]
  /** The modules that reach one of which this is true, by what they import. */
  reaching(isOne: (module: SourceModule) => boolean): ReadonlySet<string>
  /** Files that could not be read as they should, and why. */
  readonly notes: readonly string[]
}

export interface LoadOptions {
  /** So many imports away from the entries. @defaultValue all of them */
  readonly depth?: number
}

const asModule = (json: string): string => `const data = ${json}\nexport { data as default }`

const SOURCE = /\.([cm]?[jt]sx?|json)$/

export async function openModules(
  frontEnd: FrontEnd,
  { resolve, signal }: { readonly resolve: Resolve; readonly signal?: AbortSignal | undefined },
): Promise<ModuleGraph> {
  const parser = await loadParser()
  const modules = new Map<string, SourceModule>()
  const resolutions = new Map<string, Resolution>()
  const notes: string[] = []
  const unreadable = new Set<string>()

  const read = async (file: string): Promise<SourceModule | undefined> => {
    const known = modules.get(file)
    if (known || unreadable.has(file)) return known
    const text = await frontEnd.read(file).catch((cause: Error) => {
      notes.push(`${file} could not be read: ${cause.message}`)
      return undefined
    })
    if (text === undefined) {
      unreadable.add(file)
      return undefined
    }
    const module = await parseModule(parser, file, file.endsWith('.json') ? asModule(text) : text)
    if (module.problem) notes.push(`${file} could not be read as it should: ${module.problem}`)
    modules.set(file, module)
    return module
  }
  const resolved = async (specifier: string, file: string): Promise<Resolution> => {
    const key = `${file}\n${specifier}`
    const resolution = resolutions.get(key) ?? (await resolve(specifier, file))
    resolutions.set(key, resolution)
    return resolution
  }
  const targetsOf = async (file: string): Promise<string[]> => {
    const targets: string[] = []
    for (const specifier of (await read(file))?.specifiers ?? []) {
      const resolution = await resolved(specifier, file)
      if ('file' in resolution && SOURCE.test(resolution.file)) targets.push(resolution.file)
    }
    return targets
  }
  return {
    load: async (entries, { depth = Number.POSITIVE_INFINITY } = {}) => {
      const seen = new Set(entries)
      let level = [...entries].filter(file => SOURCE.test(file))
      for (let away = 0; level.length > 0; away++) {
        signal?.throwIfAborted()
        await frontEnd.prefetch(level.filter(file => !modules.has(file)))
        const next: string[] = []
        for (const each of chunksOf(level, AT_ONCE)) {
          // Their order is that of the source, whichever is read first.
          const targets = await Promise.all(each.map(targetsOf))
          for (const file of targets.flat()) {
            if (seen.has(file)) continue
            seen.add(file)
            next.push(file)
          }
        }
        level = away < depth ? next : []
      }
    },
    get: file => modules.get(file),
    resolution: (from, specifier) => resolutions.get(`${from.file}\n${specifier}`) ?? { missing: specifier },
    reaching: isOne => {
      const importers = new Map<string, string[]>()
      for (const { file, specifiers } of modules.values()) {
        for (const specifier of specifiers) {
          const resolution = resolutions.get(`${file}\n${specifier}`)
          if (!resolution || !('file' in resolution)) continue
          const known = importers.get(resolution.file)
          if (known) known.push(file)
          else importers.set(resolution.file, [file])
        }
      }
      const reached = new Set([...modules.values()].filter(isOne).map(({ file }) => file))
      // A set is gone through in the order in which it grows.
      for (const file of reached) for (const importer of importers.get(file) ?? []) reached.add(importer)
      return reached
    },
    get files() {
      return [...modules.keys()]
    },
    notes,
  }
}

/** So many files are waited for side by side. */
const AT_ONCE = 16

function* chunksOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}

/** The folder of the nearest package.json, from a file or folder upwards; '' where there is none. */
export async function findRoot(frontEnd: FrontEnd, from: string): Promise<string> {
  for (let folder = from; ; folder = posix.dirname(folder)) {
    const path = folder === '.' ? '' : folder
    if (await frontEnd.isFile(posix.join(path, 'package.json'))) return path
    if (path === '') return ''
  }
}
