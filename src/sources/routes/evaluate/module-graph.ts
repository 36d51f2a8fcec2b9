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
  const parse = await loadParser()
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
    const module = parseModule(parse, file, file.endsWith('.json') ? asModule(text) : text)
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
  return {
    load: async (entries, { depth = Number.POSITIVE_INFINITY } = {}) => {
      const seen = new Set(entries)
      let level = [...entries].filter(file => SOURCE.test(file))
      for (let away = 0; level.length > 0; away++) {
        signal?.throwIfAborted()
        await frontEnd.prefetch(level.filter(file => !modules.has(file)))
        const next: string[] = []
        for (const file of level) {
          const module = await read(file)
          for (const specifier of module?.specifiers ?? []) {
            const resolution = await resolved(specifier, file)
            if (!('file' in resolution) || seen.has(resolution.file) || !SOURCE.test(resolution.file)) continue
            seen.add(resolution.file)
            next.push(resolution.file)
          }
        }
        level = away < depth ? next : []
      }
    },
    get: file => modules.get(file),
    resolution: (from, specifier) => resolutions.get(`${from.file}\n${specifier}`) ?? { missing: specifier },
    get files() {
      return [...modules.keys()]
    },
    notes,
  }
}

/** The folder of the nearest package.json, from a file or folder upwards; '' where there is none. */
export async function findRoot(frontEnd: FrontEnd, from: string): Promise<string> {
  for (let folder = from; ; folder = posix.dirname(folder)) {
    const path = folder === '.' ? '' : folder
    if (await frontEnd.isFile(posix.join(path, 'package.json'))) return path
    if (path === '') return ''
  }
}
