// Folders, files and links of a front end, and what a name among them stands for: nothing is found outside of the top.
import type { FolderEntry } from './front-end.ts'
import { byName, plainName } from './source-name.ts'

export interface SourceFile {
  readonly kind: 'file' | 'link'
  /** From the top on. */
  readonly path: string
  /** What its bytes are found by. */
  readonly id: string
}

export interface SourceFolder {
  readonly kind: 'folder'
  readonly path: string
  entries(): Promise<SourceEntries> | SourceEntries
}

export type SourceNode = SourceFile | SourceFolder
export type SourceEntries = ReadonlyMap<string, SourceNode>

export interface SourceFolders {
  find(name: string): Promise<SourceNode | undefined>
  findFile(name: string): Promise<SourceFile | undefined>
  list(folder: string): Promise<readonly FolderEntry[]>
}

export interface SourceFoldersOptions {
  /** Where a link leads: from its own folder on, or with a slash from the top; undefined for nowhere that is known. */
  readLink(link: SourceFile): Promise<string | undefined>
}

/** As many as Linux follows. */
const MOST_LINKS = 40

/** Finds by name below `top`, links followed. What leads out of it, in circles or to nothing is not there. */
export function makeFinder(top: SourceFolder, { readLink }: SourceFoldersOptions): SourceFolders {
  const folders = new Map<string, Promise<SourceNode | undefined>>()

  const walk = async (start: readonly SourceNode[], name: string): Promise<SourceNode | undefined> => {
    const way = [...start]
    const ahead = name.split('/').reverse()
    for (let links = 0; ahead.length > 0; ) {
      const part = ahead.pop() as string
      const here = way.at(-1)
      if (here?.kind !== 'folder') return undefined
      if (part === '' || part === '.') continue
      if (part === '..') {
        way.pop()
        continue
      }
      const next = (await here.entries()).get(part)
      if (next === undefined) return undefined
      if (next.kind !== 'link') {
        way.push(next)
        continue
      }
      const target = ++links > MOST_LINKS ? undefined : await readLink(next)
      if (target === undefined || target === '') return undefined
      if (target.startsWith('/')) way.splice(0, way.length, top)
      ahead.push(...target.split('/').reverse())
    }
    return way.at(-1)
  }

  const find = async (name: string): Promise<SourceNode | undefined> => {
    const plain = plainName(name)
    if (plain === undefined) return undefined
    // Whoever looks for a file looks for others beside it.
    const end = plain.lastIndexOf('/')
    const parent = end < 0 ? '' : plain.slice(0, end)
    let found = folders.get(parent)
    if (found === undefined) {
      found = walk([top], parent)
      folders.set(parent, found)
    }
    const folder = await found
    if (folder?.kind !== 'folder') return undefined
    if (plain === '') return folder
    const entry = (await folder.entries()).get(plain.slice(end + 1))
    return entry?.kind === 'link' ? walk([top], plain) : entry
  }

  return {
    find,
    async findFile(name) {
      const node = await find(name)
      return node?.kind === 'file' ? node : undefined
    },
    async list(folder) {
      const found = await find(folder)
      if (found?.kind !== 'folder') return []
      const entries = [...(await found.entries())].map(async ([name, entry]) => {
        const node = entry.kind === 'link' ? await walk([top], entry.path) : entry
        return node ? [{ name, isFolder: node.kind === 'folder' }] : []
      })
      return (await Promise.all(entries)).flat().sort(byName)
    },
  }
}
