// The state of a site in a branch beside that of its bundle: one commit without history, so that it never grows.
import { createHash } from 'node:crypto'
import { hashFile } from '../../io/files.ts'
import type { NewBlob } from '../../io/git-blobs.ts'
import type { GitClone, RefUpdate } from '../../io/git-clone.ts'
import type { StateChanges, StateStore } from '../../state/store.ts'

export const STATE_BRANCH = 'storemap-state'

const PLAIN = '100644'
/** Which blob of git each file of a bundle was: only git has to do with it. */
const BLOBS = 'blobs.json'

export interface GitStateContext {
  /** Of the target. */
  readonly name: string
  readonly branch: string
  readonly author: { readonly name: string; readonly email: string }
}

export interface GitState {
  readonly store: StateStore
  /** The blobs of the bundle of a revision, by the name of the file; undefined where they are not known. */
  blobsOf(revision: string): Promise<ReadonlyMap<string, string> | undefined>
  /** The commit with the changes, to be pushed together with the bundle that they belong to. */
  commit(changes: StateChanges, bundle?: BundleBlobs): Promise<RefUpdate>
  /** Takes note of what was pushed. */
  arrived(updates: readonly RefUpdate[]): void
}

interface BundleBlobs {
  readonly revision: string
  readonly blobs: ReadonlyMap<string, string>
}

/** Several sites may share a repository, each with a branch: their names begin with the branch they belong to. */
export async function openGitState(clone: GitClone, { name, branch, author }: GitStateContext): Promise<GitState> {
  const side = await clone.openSide(STATE_BRANCH)
  const prefix = `${encodeURIComponent(branch)}.`
  const tree = new Map(side.tree)
  let seen = side.commit
  const blobOf = (short: string): string | undefined => {
    const entry = tree.get(`${prefix}${short}`)
    return entry?.type === 'blob' ? entry.oid : undefined
  }
  const namesNow = (): string[] =>
    [...tree.keys()].flatMap(each => (each.startsWith(prefix) ? [each.slice(prefix.length)] : []))
  const read = async (short: string): Promise<Buffer | undefined> => {
    const oid = blobOf(short)
    return oid === undefined ? undefined : side.read(oid)
  }

  const commit: GitState['commit'] = async ({ put, remove }, bundle) => {
    const blobs: NewBlob[] = []
    for (const [short, content] of put) blobs.push(await toBlob(short, content))
    if (bundle) blobs.push(await toBlob(BLOBS, Buffer.from(formatBlobs(bundle))))
    for (const [short, oid] of await clone.store(blobs))
      tree.set(`${prefix}${short}`, { mode: PLAIN, type: 'blob', oid })
    for (const short of remove) tree.delete(`${prefix}${short}`)
    const message = `State of ${name}\n\nWhat the next run compares with. It has no history, and is served to nobody.\n`
    return { branch: STATE_BRANCH, commit: await clone.commit(tree, { parent: undefined, message, author }), seen }
  }
  const arrived = (updates: readonly RefUpdate[]): void => {
    seen = updates.find(update => update.branch === STATE_BRANCH)?.commit ?? seen
  }
  return {
    store: {
      name: `branch ${STATE_BRANCH} of ${name}`,
      arrivesWithBundle: true,
      names: new Set(namesNow()),
      read,
      write: async changes => {
        const update = await commit(changes)
        await clone.push([update])
        arrived([update])
      },
    },
    blobsOf: async revision => parseBlobs(await read(BLOBS), revision),
    commit,
    arrived,
  }
}

async function toBlob(name: string, content: Uint8Array | { readonly path: string }): Promise<NewBlob> {
  if (!(content instanceof Uint8Array)) return { name, source: content.path, ...(await hashFile(content.path)) }
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { name, source: content, bytes: content.length, sha256 }
}

const formatBlobs = ({ revision, blobs }: BundleBlobs): string =>
  `${JSON.stringify({ revision, blobs: Object.fromEntries([...blobs].sort()) }, undefined, 1)}\n`

function parseBlobs(bytes: Buffer | undefined, revision: string): ReadonlyMap<string, string> | undefined {
  if (!bytes) return undefined
  try {
    const data = JSON.parse(bytes.toString('utf8')) as { revision?: unknown; blobs?: Record<string, string> }
    return data.revision === revision ? new Map(Object.entries(data.blobs ?? {})) : undefined
  } catch {
    return undefined
  }
}
