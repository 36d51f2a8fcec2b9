// A temporary clone of one branch: what the branch has at its top, the bytes of its files, and its next commit.
import { createReadStream } from 'node:fs'
import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errors, StoremapError } from '../errors.ts'
import {
  cloneBare,
  commitTree,
  fetchBlob,
  initBare,
  listTree,
  push,
  readHead,
  readRemoteHead,
  type Tree,
  writeTree,
} from './git.ts'
import { extractBlob, extractBlobs, type NewBlob, writeBlobs } from './git-blobs.ts'
import { type GitAccess, type GitSession, openGit } from './git-session.ts'

export interface GitClone {
  /** The branch's commit; undefined where the branch, or everything, is yet to be made. */
  readonly head: string | undefined
  /** The top folder of that commit. */
  readonly tree: Tree
  /** The bytes of a file of the tree. Fails with TARGET_MOVED where they had to be fetched and are gone. */
  read(oid: string): AsyncIterable<Uint8Array>
  readText(oid: string, maxBytes: number): Promise<string | undefined>
  /** Writes files of the tree into new ones. For clones that have everything. */
  extractAll(files: readonly { readonly oid: string; readonly path: string }[]): Promise<void>
  /** Stores files as they are; resolves with their ids by name. Fails with BUNDLE_FILE_ALTERED. */
  store(blobs: readonly NewBlob[]): Promise<Map<string, string>>
  /** Commits a tree on top of the head and pushes it. Fails with TARGET_MOVED where somebody else was faster. */
  publish(tree: Tree, options: CommitDetails): Promise<string>
  close(): Promise<void>
}

export interface CommitDetails {
  readonly message: string
  readonly author: { readonly name: string; readonly email: string }
}

export interface CloneOptions {
  /** Leaves out files over a megabyte, until one of them is read. */
  readonly withoutLargeFiles: boolean
}

const LARGE = '1m'
const AFTERWARDS_MS = 10_000

/** Opens a session and clones the session's branch. The clone goes when it is closed, or when the process ends. */
export async function openClone(access: GitAccess, options: CloneOptions): Promise<GitClone> {
  const session = await openGit(access)
  try {
    return await makeClone(session, options)
  } catch (cause) {
    await session.close()
    throw cause
  }
}

/** Clones within a session, which stays the caller's to close; closing the clone closes it, too. */
export async function makeClone(session: GitSession, { withoutLargeFiles }: CloneOptions): Promise<GitClone> {
  const dir = join(session.folder, 'clone.git')
  const isThere = await cloneBare(session, dir, withoutLargeFiles ? { blobLimit: LARGE } : {})
  if (!isThere) await initBare(session, dir)
  const head = await readHead(session, dir)
  const tree = head === undefined ? new Map() : await listTree(session, dir, head)
  const extract = blobReader(session, dir, { mayLack: withoutLargeFiles })
  let count = 0
  const scratch = (): string => join(session.folder, `blob-${++count}`)
  return {
    head,
    tree,
    extractAll: files => extractBlobs(session, dir, files),
    async *read(oid) {
      const path = scratch()
      await extract(oid, path)
      try {
        yield* createReadStream(path, { highWaterMark: 262_144 }) as AsyncIterable<Buffer>
      } finally {
        await rm(path, { force: true })
      }
    },
    async readText(oid, maxBytes) {
      const path = scratch()
      await extract(oid, path)
      return (await stat(path)).size > maxBytes ? undefined : readFile(path, 'utf8')
    },
    store: blobs => writeBlobs(session, dir, blobs),
    async publish(next, { message, author }) {
      const tree = await writeTree(session, dir, next)
      const commit = await commitTree(session, dir, { tree, parent: head, message, author })
      await pushBranch(session, dir, { commit, seen: head })
      return commit
    },
    close: session.close,
  }
}

/**
 * Reads from the clone; a file that it lacks is fetched by itself. A server that does not speak protocol 2 refuses that
 * ("unadvertised object"): there a second clone that has everything serves.
 */
function blobReader(session: GitSession, dir: string, { mayLack }: { mayLack: boolean }) {
  const fullDir = join(session.folder, 'full.git')
  let full: Promise<boolean> | undefined
  return async (oid: string, path: string): Promise<void> => {
    if (await extractBlob(session, dir, { oid, path })) return
    if (!mayLack) throw errors.gitFailed(session.remote.label, 'read a file', `the object ${oid} is missing`)
    if (!full && (await fetchBlob(session, dir, oid)) && (await extractBlob(session, dir, { oid, path }))) return
    full ??= cloneBare(session, fullDir)
    // Gone from there means that the branch has moved since.
    if ((await full) && (await extractBlob(session, fullDir, { oid, path }))) return
    throw errors.targetMoved(session.remote.label)
  }
}

/** Whatever git says about a push that failed, where the branch stands now is what counts. */
async function pushBranch(
  session: GitSession,
  dir: string,
  { commit, seen }: { commit: string; seen: string | undefined },
): Promise<void> {
  const ref = `refs/heads/${session.branch}`
  const failure = await push(session, dir, [{ commit, ref, seen }]).catch((cause: unknown) => {
    if (cause instanceof StoremapError && cause.code === 'TARGET_TIMEOUT') return cause
    throw cause
  })
  if (!failure) return
  const look = readRemoteHead(session, Math.min(session.timeoutMs, AFTERWARDS_MS))
  const now = await look.catch(() => {
    session.signal?.throwIfAborted()
    return 'unknown'
  })
  if (now === commit) return // it arrived, only the answer did not
  if (now !== 'unknown' && now !== seen) throw errors.targetMoved(session.remote.label)
  const timedOut = failure instanceof StoremapError && failure.code === 'TARGET_TIMEOUT'
  throw timedOut ? errors.targetPushTimeout(session.remote.label, Math.round(session.timeoutMs / 1000)) : failure
}
