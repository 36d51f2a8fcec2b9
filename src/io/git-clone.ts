// A temporary clone of one branch: what the branch has at its top, the bytes of its files, and its next commit.
import { createReadStream } from 'node:fs'
import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { errors, StoremapError } from '../errors.ts'
import {
  cloneBare,
  commitTree,
  fetchBlobs,
  initBare,
  listTree,
  push,
  readHead,
  readRemoteRefs,
  type Tree,
  writeTree,
} from './git.ts'
import { extractBlob, extractBlobs, type NewBlob, writeBlobs } from './git-blobs.ts'
import { type ShorterHistoryOptions, shortenHistory } from './git-history.ts'
import { type GitAccess, type GitSession, openGit } from './git-session.ts'
import { openSideBranch, type SideBranch } from './git-side-branch.ts'

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
  /** Another branch of the same repository, its last commit only. */
  openSide(branch: string): Promise<SideBranch>
  /** Stores files as they are; resolves with their ids by name. Fails with BUNDLE_FILE_ALTERED. */
  store(blobs: readonly NewBlob[]): Promise<Map<string, string>>
  /** Makes a commit of a tree, in the clone alone. */
  commit(tree: Tree, options: CommitDetails): Promise<string>
  /** Whether the server gives commits without their files. */
  readonly isFiltering: boolean
  /**
   * Makes a shorter line of commits, in the clone alone, with the same files at its end; to be pushed in the place of
   * the old one. Undefined where there is nothing to shorten.
   */
  shorten(options: ShorterHistoryOptions): Promise<string | undefined>
  /** Pushes all of it or nothing. Fails with TARGET_MOVED where somebody else was faster. */
  push(updates: readonly RefUpdate[]): Promise<void>
  close(): Promise<void>
}

export interface RefUpdate {
  readonly branch: string
  readonly commit: string
  /** Where it has to be still. */
  readonly seen: string | undefined
}

export interface CommitDetails {
  readonly parent: string | undefined
  readonly message: string
  readonly author: { readonly name: string; readonly email: string }
  /** @defaultValue now */
  readonly date?: Date | undefined
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
  const cloned = await cloneBare(session, dir, withoutLargeFiles ? { blobLimit: LARGE } : {})
  if (!cloned) await initBare(session, dir)
  const head = await readHead(session, dir)
  const tree = head === undefined ? new Map() : await listTree(session, dir, head)
  const extract = blobReader(session, dir, { mayLack: withoutLargeFiles })
  let count = 0
  const scratch = (): string => join(session.folder, `blob-${++count}`)
  let grafts: string | undefined
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
    openSide: branch => openSideBranch(session, { dir, branch, scratch }),
    store: blobs => writeBlobs(session, dir, blobs),
    commit: async (next, details) =>
      commitTree(session, dir, { ...details, tree: await writeTree(session, dir, next) }),
    isFiltering: withoutLargeFiles && cloned?.isFiltering === true,
    shorten: async options => {
      const shorter = await shortenHistory(session, dir, options)
      grafts = shorter?.grafts
      return shorter?.head
    },
    push: updates => pushAll(session, dir, { updates, grafts }),
    close: session.close,
  }
}

/**
 * Reads from the clone; a file that it lacks is fetched by itself. A server that does not speak protocol 2 refuses that
 * ("unadvertised object"): there a second clone that has everything serves.
 */
function blobReader(session: GitSession, dir: string, { mayLack }: { mayLack: boolean }) {
  const fullDir = join(session.folder, 'full.git')
  let full: ReturnType<typeof cloneBare> | undefined
  return async (oid: string, path: string): Promise<void> => {
    if (await extractBlob(session, dir, { oid, path })) return
    if (!mayLack) throw errors.gitFailed(session.remote.label, 'read a file', `the object ${oid} is missing`)
    if (!full && (await fetchBlobs(session, dir, [oid])) && (await extractBlob(session, dir, { oid, path }))) return
    full ??= cloneBare(session, fullDir)
    // Gone from there means that the branch has moved since.
    if ((await full) && (await extractBlob(session, fullDir, { oid, path }))) return
    throw errors.targetMoved(session.remote.label)
  }
}

/** Whatever git says about a push that failed, where the branches stand now is what counts. */
async function pushAll(
  session: GitSession,
  dir: string,
  { updates, grafts }: { readonly updates: readonly RefUpdate[]; readonly grafts: string | undefined },
): Promise<void> {
  const wanted = updates.map(({ branch, commit, seen }) => ({ ref: `refs/heads/${branch}`, commit, seen }))
  const failure = await push(session, dir, { updates: wanted, grafts }).catch((cause: unknown) => {
    if (cause instanceof StoremapError && cause.code === 'TARGET_TIMEOUT') return cause
    throw cause
  })
  if (!failure) return
  const refs = wanted.map(({ ref }) => ref)
  const look = readRemoteRefs(session, refs, Math.min(session.timeoutMs, AFTERWARDS_MS))
  const now = await look.catch(() => {
    session.signal?.throwIfAborted()
    return undefined
  })
  if (now && wanted.every(({ ref, commit }) => now.get(ref) === commit)) return // it arrived, only the answer did not
  if (now && wanted.some(({ ref, seen }) => now.get(ref) !== seen)) throw errors.targetMoved(session.remote.label)
  const timedOut = failure instanceof StoremapError && failure.code === 'TARGET_TIMEOUT'
  throw timedOut ? errors.targetPushTimeout(session.remote.label, Math.round(session.timeoutMs / 1000)) : failure
}
