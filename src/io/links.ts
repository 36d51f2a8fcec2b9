// Symbolic links as switches: made aside, then renamed over, so a name never stands for nothing in between.
import { readlink, rename, symlink } from 'node:fs/promises'
import { removeFile } from './folders.ts'

/** The text of a link, or undefined where there is nothing, or something that is no link. */
export async function readLinkIfThere(path: string): Promise<string | undefined> {
  try {
    return await readlink(path)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOENT' || code === 'EINVAL') return undefined
    throw cause
  }
}

/** Puts a link to `target` at `path`, in the place of whatever file or link is there; `aside` is a free name beside it. */
export async function replaceLink(path: string, target: string, aside: string): Promise<void> {
  await removeFile(aside)
  await symlink(target, aside)
  try {
    await rename(aside, path)
  } catch (cause) {
    await removeFile(aside)
    throw cause
  }
}
