// The file system, thin: what the rest needs of it, with its failures named.
import { createHash } from 'node:crypto'
import { createReadStream, type Stats } from 'node:fs'
import { lstat, readFile, stat, statfs } from 'node:fs/promises'
import { errors, StoremapError } from '../errors.ts'

/** Names a file system failure: DISK_FULL, FOLDER_NOT_WRITABLE; anything else stays what it is. */
export function fileError(cause: unknown, path: string): unknown {
  if (cause instanceof StoremapError) return cause
  const code = (cause as NodeJS.ErrnoException | null)?.code
  if (code === 'ENOSPC' || code === 'EDQUOT') return errors.diskFull(path, cause)
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR' || code === 'EEXIST') {
    return errors.folderNotWritable(path, cause)
  }
  return cause
}

/** Runs file work on `path`, with its failures named. */
export async function withFileErrors<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw fileError(cause, path)
  }
}

/** The text of a file, or undefined where there is none. */
export async function readTextIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw cause
  }
}

/** The bytes of a plain file, links followed; undefined where there is none, 'other' where it is something else. */
export async function readPlainFileIfThere(path: string): Promise<Buffer | 'other' | undefined> {
  try {
    if (!(await stat(path)).isFile()) return 'other'
    return await readFile(path)
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw cause
  }
}

/** The bytes of a plain file, links followed. `refuse` makes the error for what is none. */
export async function* readPlainFile(path: string, refuse: (problem: string) => Error): AsyncGenerator<Uint8Array> {
  const stats = await stat(path).catch(cause => {
    if (isMissing(cause)) throw refuse('it is missing')
    throw cause
  })
  if (!stats.isFile()) throw refuse('it is not a plain file')
  yield* createReadStream(path, { highWaterMark: 262_144 }) as AsyncIterable<Buffer>
}

/** lstat, or undefined where there is nothing (a dangling link is something). */
export async function lstatIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path)
  } catch (cause) {
    if (isMissing(cause)) return undefined
    throw cause
  }
}

/** Size and hexadecimal sha256 of a file, read as a stream. */
export async function hashFile(path: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path)) {
    hash.update(chunk as Buffer)
    bytes += (chunk as Buffer).length
  }
  return { bytes, sha256: hash.digest('hex') }
}

const isMissing = (cause: unknown): boolean => (cause as NodeJS.ErrnoException | null)?.code === 'ENOENT'

/** Whether the disk of a folder has hardly any room left: a program that fails there may call it something else. */
export async function isDiskFull(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize < 128 * 1024
}
