// The names of a commit's files as folders: all in memory, nothing of it on a disk.
import type { GitFile } from '../../io/git-files.ts'
import type { SourceFile, SourceFolder } from './source-folder.ts'
import { plainName } from './source-name.ts'

interface OpenFolder extends SourceFolder {
  readonly held: Map<string, SourceFile | OpenFolder>
}

/** Submodules are not there; neither are names that no folder could have, as only a forged commit has them. */
export function makeFolders(files: readonly GitFile[]): SourceFolder {
  const top = makeFolder('')
  for (const { path, mode, oid } of files) {
    const isLink = mode === '120000'
    if ((!isLink && !mode.startsWith('100')) || plainName(path) !== path) continue
    const parts = path.split('/')
    const name = parts.pop() as string
    const folder = folderAt(top, parts)
    if (folder && !folder.held.has(name)) folder.held.set(name, { kind: isLink ? 'link' : 'file', path, id: oid })
  }
  return top
}

function makeFolder(path: string): OpenFolder {
  const held = new Map<string, SourceFile | OpenFolder>()
  return { kind: 'folder', path, held, entries: () => held }
}

function folderAt(top: OpenFolder, parts: readonly string[]): OpenFolder | undefined {
  let folder = top
  for (const part of parts) {
    const next = folder.held.get(part) ?? makeFolder(folder.path === '' ? part : `${folder.path}/${part}`)
    if (next.kind !== 'folder') return undefined
    folder.held.set(part, next)
    folder = next
  }
  return folder
}
