// Source files of a folder of this machine, thin: what it lists, where its links lead, what its files have.
import { constants } from 'node:fs'
import { open, readdir, realpath, stat } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'

/** The real path of a folder; undefined where there is none. */
export async function findTop(path: string): Promise<string | undefined> {
  const found = await withoutMissing(() => realpath(path))
  return found !== undefined && (await stat(found)).isDirectory() ? found : undefined
}

/**
 * The folder up to which sources belong together, from a file or folder upwards: its repository's, or else the
 * uppermost that has a package.json. Undefined where it is part of neither.
 */
export async function findSourceTop(path: string): Promise<string | undefined> {
  let uppermost: string | undefined
  const isThere = (name: string): Promise<boolean> =>
    withoutMissing(() => stat(name)).then(found => found !== undefined)
  for (let folder = path; ; folder = dirname(folder)) {
    if (await isThere(join(folder, '.git'))) return folder
    if (await isThere(join(folder, 'package.json'))) uppermost = folder
    if (dirname(folder) === folder) return uppermost
  }
}

/** Where a link leads, from the real path `top` on and with `/`; undefined for nothing, and for what is not below it. */
export function targetWithin(top: string, link: string): Promise<string | undefined> {
  return withoutMissing(async () => {
    const path = await realpath(link)
    const isWithin = path === top || path.startsWith(top.endsWith(sep) ? top : top + sep)
    return isWithin ? relative(top, path).replaceAll(sep, '/') : undefined
  })
}

/** The bytes of a plain file, or only its size where it has more than `most`; undefined where it is gone, or none. */
export function readUpTo(path: string, most: number): Promise<Buffer | number | undefined> {
  return withoutMissing(async () => {
    // Listed as a file: a pipe that took its place would be waited for, and a link could lead anywhere.
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0))
    try {
      const stats = await file.stat()
      if (!stats.isFile()) return undefined
      return stats.size > most ? stats.size : await file.readFile()
    } finally {
      await file.close()
    }
  })
}

export interface ListedName {
  readonly name: string
  readonly kind: 'file' | 'folder' | 'link'
}

/** Files, folders and links in a folder, but for names in no known encoding; none where there is no folder. */
export async function listNames(path: string): Promise<ListedName[]> {
  const entries = await withoutMissing(() => readdir(path, { withFileTypes: true }))
  return (entries ?? []).flatMap((entry): ListedName[] => {
    const { name } = entry
    if (name.includes('\ufffd')) return []
    if (entry.isFile()) return [{ name, kind: 'file' }]
    if (entry.isDirectory()) return [{ name, kind: 'folder' }]
    return entry.isSymbolicLink() ? [{ name, kind: 'link' }] : []
  })
}

/** A name that runs through a file, that links to itself, or that no file system could have, is not there either. */
const MISSING = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'ENXIO'])

async function withoutMissing<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (cause) {
    if (MISSING.has((cause as NodeJS.ErrnoException | null)?.code ?? '')) return undefined
    throw cause
  }
}
