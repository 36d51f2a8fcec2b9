// A branch beside the one that was cloned, of which only the last commit matters; its larger files are fetched when read.
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchBlobs, fetchRef, initBare, listTree, type Tree } from './git.ts'
import { extractBlob } from './git-blobs.ts'
import type { GitSession } from './git-session.ts'

/** A branch beside the session's. */
export interface SideBranch {
  readonly commit: string | undefined
  readonly tree: Tree
  /** The bytes of one of its files; undefined where they cannot be had any more. */
  read(oid: string): Promise<Buffer | undefined>
}

interface SideOptions {
  readonly dir: string
  readonly branch: string
  readonly scratch: () => string
}

/** Files above it are fetched when they are read. */
const LARGE_AT_THE_SIDE = '100k'
/** Files fetched one by one, before all that are missing are fetched at once. */
const FEW = 3

export async function openSideBranch(session: GitSession, { dir, branch, scratch }: SideOptions): Promise<SideBranch> {
  const ref = `refs/heads/${branch}`
  const commit = await fetchRef(session, dir, { ref, blobLimit: LARGE_AT_THE_SIDE })
  const tree = commit === undefined ? new Map() : await listTree(session, dir, commit)
  const fullDir = join(session.folder, 'side.git')
  let fetched = 0
  let isFull = false

  const extract = async (oid: string, path: string): Promise<boolean> => {
    if (await extractBlob(session, isFull ? fullDir : dir, { oid, path })) return true
    if (isFull) return false
    const all = [...tree.values()].filter(({ type }) => type === 'blob').map(entry => entry.oid)
    const isGiven = await fetchBlobs(session, dir, ++fetched > FEW ? all : [oid])
    if (isGiven) return extractBlob(session, dir, { oid, path })
    // As for the branch itself: a server that gives out no single objects gives the whole branch.
    isFull = true
    await initBare(session, fullDir)
    return (await fetchRef(session, fullDir, { ref })) !== undefined && extract(oid, path)
  }
  return {
    commit,
    tree,
    read: async oid => {
      const path = scratch()
      try {
        return (await extract(oid, path)) ? await readFile(path) : undefined
      } finally {
        await rm(path, { force: true })
      }
    },
  }
}
