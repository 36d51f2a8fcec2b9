// Whether a folder can be written: the room on its disk, and what really happens when something is made in it.
import { access, constants, mkdtemp, rm, stat, statfs, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileError } from './files.ts'

export interface Room {
  /** The folder itself, or the nearest one above that is there. */
  readonly at: string
  readonly freeBytes: number
  /** Of files that the disk can still take; undefined where it has no such limit. */
  readonly freeFiles: number | undefined
}

/** Fails with what the system says where not even a folder above can be looked at. */
export async function roomFor(path: string): Promise<Room> {
  const at = await nearestFolder(path)
  const { bavail, bsize, files, ffree } = await statfs(at)
  return { at, freeBytes: bavail * bsize, freeFiles: files === 0 ? undefined : ffree }
}

async function nearestFolder(path: string): Promise<string> {
  for (let at = path; ; at = dirname(at)) {
    const stats = await stat(at).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'ENOENT') throw cause
    })
    if (stats || dirname(at) === at) return at
  }
}

/**
 * Makes an empty folder in a folder and removes it, with a link in it where links are asked about.
 * Fails with DISK_FULL or FOLDER_NOT_WRITABLE; resolves with whether links can be made.
 */
export async function tryFolder(folder: string, { links }: { readonly links: boolean }): Promise<boolean> {
  let made: string | undefined
  try {
    await access(folder, constants.W_OK | constants.X_OK)
    made = await mkdtemp(join(folder, '.storemap-doctor-'))
    if (!links) return true
    return await symlink('nowhere', join(made, 'link')).then(
      () => true,
      () => false,
    )
  } catch (cause) {
    throw fileError(cause, folder)
  } finally {
    if (made !== undefined) await rm(made, { recursive: true, force: true })
  }
}

/** The permissions of a file, links followed; undefined where there is none, or where the system has no such thing. */
export async function permissionsOf(path: string): Promise<number | undefined> {
  if (process.platform === 'win32') return undefined
  return stat(path).then(
    ({ mode }) => mode & 0o777,
    () => undefined,
  )
}
