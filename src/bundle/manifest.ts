// The manifest, storemap.json: what a bundle consists of. Read and written here only.
import { createHash } from 'node:crypto'
import { errors } from '../errors.ts'

export const MANIFEST_NAME = 'storemap.json'
export const ENTRY_POINT = 'sitemap.xml'
export const MANIFEST_FORMAT = 1

export interface ManifestFile {
  /** Size as stored (of a .gz: compressed). */
  readonly bytes: number
  /** Entries of a sitemap, sitemaps of an index; absent where the file is no sitemap. */
  readonly entries?: number
  /** When the file's bytes last changed: UTC, whole seconds, `Z`. */
  readonly lastmod?: string
  /** The section a shard belongs to; absent for the entry point. */
  readonly section?: string
  /** Hexadecimal sha256 of the file as stored. */
  readonly sha256: string
}

export interface Manifest {
  readonly files: Readonly<Record<string, ManifestFile>>
  readonly format: typeof MANIFEST_FORMAT
  readonly sections: Readonly<Record<string, { readonly entries: number }>>
  readonly site: string
}

/** What a run makes: files in a folder, and the manifest that names them. */
export interface Bundle {
  /** Folder that holds the files of the manifest, and storemap.json. */
  readonly dir: string
  /** Files that are not in the folder, since the published ones have the very bytes; absent: none. */
  readonly kept?: ReadonlySet<string> | undefined
  readonly manifest: Manifest
  readonly manifestText: string
  /** sha256 of the manifest's text. */
  readonly revision: string
}

const byCodePoint = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Keys sorted, one file a line, no time of the run: the same bundle has the same text. */
export function formatManifest(manifest: Manifest): string {
  const block = (record: Readonly<Record<string, object>>): string => {
    const names = Object.keys(record).sort(byCodePoint)
    if (names.length === 0) return '{}'
    return `{\n${names.map(name => `    ${JSON.stringify(name)}: ${inline(record[name] as object)}`).join(',\n')}\n  }`
  }
  const inline = (value: object): string => {
    const pairs = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => byCodePoint(a, b))
    if (pairs.length === 0) return '{}'
    const text = (item: unknown) => (typeof item === 'object' && item !== null ? inline(item) : JSON.stringify(item))
    return `{ ${pairs.map(([key, item]) => `${JSON.stringify(key)}: ${text(item)}`).join(', ')} }`
  }
  return `{\n  "files": ${block(manifest.files)},\n  "format": ${manifest.format},\n  "sections": ${inline(manifest.sections)},\n  "site": ${JSON.stringify(manifest.site)}\n}\n`
}

/** The revision of a bundle: sha256 of its storemap.json. */
export function revisionOf(manifestText: string | Uint8Array): string {
  return createHash('sha256').update(manifestText).digest('hex')
}

/**
 * Reads a manifest. `where` names its place for errors.
 * Fails with MANIFEST_INVALID, or MANIFEST_NEWER for a format of a later Storemap.
 */
export function parseManifest(text: string, where: string): Manifest {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch (cause) {
    throw errors.manifestInvalid(where, 'it is not JSON', cause)
  }
  if (!isObject(data)) throw errors.manifestInvalid(where, 'it is not an object')
  if (typeof data.format === 'number' && data.format > MANIFEST_FORMAT) throw errors.manifestNewer(where, data.format)
  if (data.format !== MANIFEST_FORMAT) throw errors.manifestInvalid(where, '"format" is not 1')
  if (typeof data.site !== 'string') throw errors.manifestInvalid(where, '"site" is missing')
  if (!isObject(data.files)) throw errors.manifestInvalid(where, '"files" is missing')
  if (!isObject(data.sections)) throw errors.manifestInvalid(where, '"sections" is missing')
  for (const [name, file] of Object.entries(data.files)) {
    const problem = nameProblem(name) ?? fileProblem(file)
    if (problem) throw errors.manifestInvalid(where, `the file "${name.slice(0, 100)}" ${problem}`)
  }
  for (const [name, section] of Object.entries(data.sections)) {
    if (!isObject(section) || !isCount(section.entries)) {
      throw errors.manifestInvalid(where, `the section "${name.slice(0, 100)}" has no count of entries`)
    }
  }
  return data as unknown as Manifest
}

/** Names are relative, without `..`, and never begin with a dot: nothing can be written outside or hidden. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'has no name'
  if (name === MANIFEST_NAME) return 'is the manifest itself'
  if (name.startsWith('.')) return 'begins with a dot'
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\\\u0000-\u001f\u007f/]/.test(name)) return 'is not a plain file name'
  if (name.length > 200) return 'has a name of over 200 characters'
  return undefined
}

function fileProblem(file: unknown): string | undefined {
  if (!isObject(file)) return 'is not described'
  if (typeof file.sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(file.sha256)) return 'has no sha256'
  if (!isCount(file.bytes)) return 'has no size'
  if (file.entries !== undefined && !isCount(file.entries)) return 'has no valid count of entries'
  if (
    file.lastmod !== undefined &&
    !(typeof file.lastmod === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(file.lastmod))
  ) {
    return 'has no valid lastmod'
  }
  if (file.section !== undefined && typeof file.section !== 'string') return 'has no valid section'
  return undefined
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
