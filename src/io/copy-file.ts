// Files put down to stay: flushed to the disk, readable for all, hashed while they are written.
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'

const CHUNK_BYTES = 262_144

export interface CopyOptions {
  /** A longer source is given up as soon as it shows. */
  readonly maxBytes: number
  /** Becomes the file's time of change, which web servers send as Last-Modified. */
  readonly modified?: Date | undefined
  readonly signal?: AbortSignal | undefined
}

export type CopyResult = { readonly bytes: number; readonly sha256: string } | { readonly problem: string }

/** Copies a plain file to a new name. Links, folders, pipes and devices are not opened for reading: they are a problem. */
export async function copyPlainFile(from: string, to: string, options: CopyOptions): Promise<CopyResult> {
  const source = await openPlainFile(from)
  if ('problem' in source) return source
  try {
    return await writeNewFile(to, target => copyBytes(source, target, options), options.modified)
  } finally {
    await source.close()
  }
}

/** Writes a text to a new name. */
export async function writeNewText(path: string, text: string): Promise<void> {
  await writeNewFile(path, target => target.writeFile(text))
}

/** Writes bytes to a new name. */
export async function writeNewBytes(path: string, bytes: Uint8Array): Promise<void> {
  await writeNewFile(path, target => target.writeFile(bytes))
}

async function writeNewFile<T>(path: string, fill: (file: FileHandle) => Promise<T>, modified?: Date): Promise<T> {
  const file = await open(path, 'wx', 0o644)
  try {
    const result = await fill(file)
    // Not left to open: the umask of a cron job is often one under which no web server could read it.
    await file.chmod(0o644)
    if (modified !== undefined) await file.utimes(modified, modified)
    await file.sync()
    return result
  } finally {
    await file.close()
  }
}

/** Opens a plain file for reading, or says why it is none. Links are not followed, pipes not waited for. */
export async function openPlainFile(path: string): Promise<FileHandle | { problem: string }> {
  let file: FileHandle
  try {
    // O_NONBLOCK, since opening a pipe would wait for its writer.
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    // Named here, since EACCES would otherwise be taken for the target's.
    if (code === 'EACCES' || code === 'EPERM') return { problem: 'it may not be read' }
    if (code === 'ENOENT' || code === 'ENOTDIR') return { problem: 'it is missing' }
    if (code === 'ELOOP' || code === 'ENXIO') return { problem: 'it is not a plain file' }
    throw cause
  }
  const isFile = await file.stat().then(stats => stats.isFile())
  if (isFile) return file
  await file.close()
  return { problem: 'it is not a plain file' }
}

async function copyBytes(
  source: FileHandle,
  target: FileHandle,
  { maxBytes, signal }: CopyOptions,
): Promise<CopyResult> {
  const hash = createHash('sha256')
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES)
  let bytes = 0
  for (;;) {
    signal?.throwIfAborted()
    const { bytesRead } = await source.read(buffer, 0, CHUNK_BYTES)
    if (bytesRead === 0) return { bytes, sha256: hash.digest('hex') }
    bytes += bytesRead
    if (bytes > maxBytes) return { problem: `it has more than ${maxBytes} bytes` }
    const chunk = buffer.subarray(0, bytesRead)
    hash.update(chunk)
    // writeFile writes on from the handle's position until all is written, which a bare write need not.
    await target.writeFile(chunk)
  }
}
