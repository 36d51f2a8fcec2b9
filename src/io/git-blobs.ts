// Contents of files on their way into and out of git, byte for byte.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { errors } from '../errors.ts'
import { createByteReader } from './byte-reader.ts'
import { withFileErrors } from './files.ts'
import { type GitSession, runGit, runLocalGit } from './git-session.ts'

/** A file to be stored: its bytes, or its path; both are checked against size and sha256. */
export interface NewBlob {
  readonly name: string
  readonly source: Uint8Array | string
  readonly bytes: number
  readonly sha256: string
}

/** The id that git gives a file's content; `like` is another id of the repository, whose length tells its kind of hash. */
export async function blobIdOf(path: string, bytes: number, like: string): Promise<string> {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1').update(`blob ${bytes}\0`)
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 })) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** `git cat-file blob` into a file, without filters. False where this clone does not have it. */
export async function extractBlob(
  session: GitSession,
  dir: string,
  { oid, path }: { oid: string; path: string },
): Promise<boolean> {
  const result = await runGit(session, ['--git-dir', dir, 'cat-file', 'blob', oid], { stdoutFile: path })
  if (result.code === 0) return true
  if (/No space left on device|Disk quota exceeded/.test(result.stderr)) throw errors.diskFull(session.folder)
  return false
}

/** `git cat-file --batch`: many files into as many new ones, without filters, all in one process. */
export async function extractBlobs(
  session: GitSession,
  dir: string,
  files: readonly { readonly oid: string; readonly path: string }[],
): Promise<void> {
  if (files.length === 0) return
  const args = ['--git-dir', dir, 'cat-file', '--batch']
  const input = files.map(({ oid }) => `${oid}\n`).join('')
  const lack = (oid: string): Error =>
    errors.gitFailed(session.remote.label, 'read a file', `the object ${oid} is not there`)
  await runLocalGit(session, 'read the files', args, {
    input,
    onStdout: output => withFileErrors(session.folder, () => splitBatch(output, files, lack)),
  })
}

/**
 * `git fast-import`: stores files as they are, all in one process, and resolves with their ids by name.
 * Fails with BUNDLE_FILE_ALTERED where one is not what its size and sha256 say.
 */
export async function writeBlobs(
  session: GitSession,
  dir: string,
  blobs: readonly NewBlob[],
): Promise<Map<string, string>> {
  if (blobs.length === 0) return new Map()
  const marks = join(session.folder, 'marks')
  // No deltas against whichever file came before: they would be pushed as they are.
  const args = ['--git-dir', dir, 'fast-import', '--quiet', '--done', '--depth=0', `--export-marks=${marks}`]
  await runLocalGit(session, 'store the files', args, { input: importStream(blobs) })
  const oids = new Map<string, string>()
  for (const line of (await readFile(marks, 'latin1')).split('\n')) {
    const [, number, oid] = /^:(\d+) ([0-9a-f]+)$/.exec(line) ?? []
    const blob = blobs[Number(number) - 1]
    if (blob && oid) oids.set(blob.name, oid)
  }
  return oids
}

async function* importStream(blobs: readonly NewBlob[]): AsyncGenerator<Uint8Array> {
  for (const [index, blob] of blobs.entries()) {
    yield Buffer.from(`blob\nmark :${index + 1}\ndata ${blob.bytes}\n`)
    const hash = createHash('sha256')
    let bytes = 0
    for await (const chunk of chunksOf(blob)) {
      bytes += chunk.length
      if (bytes > blob.bytes) break
      hash.update(chunk)
      yield chunk
    }
    if (bytes !== blob.bytes) throw errors.bundleFileAltered(blob.name, `it does not have ${blob.bytes} bytes`)
    if (hash.digest('hex') !== blob.sha256) throw errors.bundleFileAltered(blob.name, 'its sha256 is another')
    yield Buffer.from('\n')
  }
  yield Buffer.from('done\n')
}

async function* chunksOf({ name, source }: NewBlob): AsyncGenerator<Uint8Array> {
  if (typeof source !== 'string') {
    yield source
    return
  }
  try {
    yield* createReadStream(source, { highWaterMark: 262_144 }) as AsyncIterable<Buffer>
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') throw errors.bundleFileAltered(name, 'it is missing')
    throw cause
  }
}

/** Each object is a line with its id, type and size, then its bytes and a line end. */
async function splitBatch(
  output: AsyncIterable<Buffer>,
  files: readonly { readonly oid: string; readonly path: string }[],
  lack: (oid: string) => Error,
): Promise<void> {
  const bytes = createByteReader(output)
  for (const { oid, path } of files) {
    const size = / blob (\d+)$/.exec(await bytes.line())?.[1]
    if (size === undefined) throw lack(oid)
    const file = await open(path, 'wx', 0o600)
    try {
      for await (const chunk of bytes.take(Number(size))) await file.writeFile(chunk)
    } finally {
      await file.close()
    }
    await bytes.line()
  }
}
