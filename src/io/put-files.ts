// New files in a folder of the user's: nothing of theirs is written over unless they say so, and none half.
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { lstatIfThere, readTextIfThere, withFileErrors } from './files.ts'

export interface NewFile {
  /** Relative, with `/`. */
  readonly path: string
  readonly text: string
  readonly executable?: boolean | undefined
}

export type Standing = 'absent' | 'same' | 'different' | 'other'

/** What stands where a file would be put: `other` is a folder, a link, or what cannot be read as text. */
export async function standingOf(dir: string, { path, text }: NewFile): Promise<Standing> {
  const full = join(dir, path)
  return withFileErrors(full, async () => {
    const stats = await lstatIfThere(full)
    if (!stats) return 'absent'
    if (!stats.isFile()) return 'other'
    return (await readTextIfThere(full)) === text ? 'same' : 'different'
  })
}

/** Puts the file there at once, in the place of what was there. */
export async function putFile(dir: string, { path, text, executable }: NewFile): Promise<void> {
  const full = join(dir, path)
  await withFileErrors(full, async () => {
    await mkdir(dirname(full), { recursive: true })
    const temporary = `${full}.${randomBytes(4).toString('hex')}.tmp`
    try {
      await writeFile(temporary, text, { flag: 'wx' })
      if (executable) await chmod(temporary, 0o755)
      await rename(temporary, full)
    } finally {
      await rm(temporary, { force: true })
    }
  })
}
