// A folder opened for reading by plain names: nothing outside of it can be reached through it.
import { realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { errors } from '../errors.ts'
import { readPlainFile } from './files.ts'

export interface OpenFolder {
  /** Why a name cannot be read ("is missing"), or undefined where it is a plain file, or a link to one inside the folder. */
  problemOf(name: string): Promise<string | undefined>
  /** The bytes of a file; fails with FOLDER_FILE_UNREADABLE for a name that has a problem. */
  read(name: string): AsyncIterable<Uint8Array>
}

/** Opens a folder. Fails with FOLDER_MISSING where there is none. */
export async function openFolder(dir: string): Promise<OpenFolder> {
  const root = await realpath(dir).catch(cause => {
    throw errors.folderMissing(dir, cause)
  })
  if (!(await stat(root)).isDirectory()) throw errors.folderMissing(dir)

  const find = async (name: string): Promise<{ path: string } | { problem: string }> => {
    if (name === '' || name === '.' || name === '..' || /[/\\\0]/.test(name)) return { problem: 'is no plain name' }
    try {
      const path = await realpath(join(root, name))
      if (!path.startsWith(root.endsWith(sep) ? root : root + sep)) return { problem: 'leads out of the folder' }
      return (await stat(path)).isFile() ? { path } : { problem: 'is not a plain file' }
    } catch (cause) {
      const code = (cause as NodeJS.ErrnoException).code
      if (code === 'ENOENT') return { problem: 'is missing' }
      if (code === 'ELOOP') return { problem: 'is a link to itself' }
      if (code === 'ENAMETOOLONG') return { problem: 'has too long a name' }
      throw cause
    }
  }

  return {
    async problemOf(name) {
      const found = await find(name)
      return 'problem' in found ? found.problem : undefined
    },
    async *read(name) {
      const found = await find(name)
      if ('problem' in found) throw errors.folderFileUnreadable(dir, name, found.problem)
      yield* readPlainFile(found.path, problem => errors.folderFileUnreadable(dir, name, problem))
    },
  }
}
