// One pull: the bundle of a branch, verified, put in the place of the one that a folder serves.
import { join } from 'node:path'
import type { Bundle } from '../bundle/manifest.ts'
import { errors, StoremapError } from '../errors.ts'
import { readRemoteHead } from '../io/git.ts'
import { type GitClone, makeClone } from '../io/git-clone.ts'
import type { GitCredentials } from '../io/git-environment.ts'
import { resolvePath } from '../io/git-remote.ts'
import { type GitSession, openGit } from '../io/git-session.ts'
import { acquireLock } from '../io/lock.ts'
import { makeTempFolder, removeDeadTempFolders } from '../io/temp.ts'
import { placeBundle, type Switch } from '../webroot/place.ts'
import { readWebRoot } from '../webroot/read.ts'
import { checkedRemote, isPlainFile, readBranchManifest } from './branch-manifest.ts'
import { readRemembered, remember } from './memory.ts'

export interface PullOptions {
  /** Repository, as in the options of the git target. */
  readonly from: string
  readonly branch: string
  /** Folder that is served; made if absent. */
  readonly to: string
  readonly switch: Switch
  readonly adopt: boolean
  readonly credentials: GitCredentials
  /** Where relative paths count from. @defaultValue the working folder */
  readonly base?: string
  /** For each command that talks to the remote. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export interface PullReport {
  readonly outcome: 'updated' | 'unchanged'
  readonly revision: string
  readonly commit: string
  readonly written: number
  readonly removed: number
}

/**
 * Pulls once. Whatever fails (TARGET_…, MANIFEST_…, PULL_NO_BUNDLE, BUNDLE_FILE_ALTERED, TARGET_FILE_FOREIGN, an
 * abort), the folder keeps its old bundle, whole. PULL_LOCKED where another pull is at work on the same folder.
 */
export async function pullOnce(given: PullOptions): Promise<PullReport> {
  const { from, branch, credentials, base = process.cwd(), timeoutMs, signal } = given
  const to = resolvePath(given.to, base)
  const options = { ...given, to }
  const remote = checkedRemote(from, branch, base)
  const lock = await acquireLock(`pull ${to}`)
  if ('heldBy' in lock) throw errors.pullLocked(to, lock.heldBy.pid)
  try {
    await removeDeadTempFolders()
    const session = await openGit({ remote, branch, credentials, base, timeoutMs, signal })
    try {
      return (await pullNothing(session, options)) ?? (await pullAll(session, options))
    } finally {
      await session.close()
    }
  } finally {
    await lock.release()
  }
}

/** The cheap way: the branch has not moved, and the folder is whole or can be healed by itself. */
async function pullNothing(session: GitSession, options: PullOptions): Promise<PullReport | undefined> {
  const remembered = await readRemembered(options.to, session.remote, session.branch)
  if (!remembered) return undefined
  if ((await readRemoteHead(session)) !== remembered.commit) return undefined
  try {
    const inPlace = await readWebRoot(options.to)
    if (inPlace?.revision !== remembered.revision) return undefined
    const { manifest, text: manifestText, revision, filesDir: dir } = inPlace
    const { unchanged, ...counts } = await placeBundle({ dir, manifest, manifestText, revision }, placing(options))
    return { outcome: unchanged ? 'unchanged' : 'updated', revision, commit: remembered.commit, ...counts }
  } catch (cause) {
    // Damaged, so it has to be fetched again.
    if (cause instanceof StoremapError && /^(BUNDLE_FILE_ALTERED|MANIFEST_)/.test(cause.code)) return undefined
    throw cause
  }
}

async function pullAll(session: GitSession, options: PullOptions): Promise<PullReport> {
  // All of its files are needed, so none is left out of the clone.
  const clone = await makeClone(session, { withoutLargeFiles: false })
  const { head: commit } = clone
  const { label } = session.remote
  if (commit === undefined) throw errors.pullNoBundle(label, session.branch, 'has no such branch')
  const folder = await makeTempFolder('pull')
  try {
    const bundle = await extractBundle(clone, { session, dir: folder.path })
    const { unchanged, ...counts } = await placeBundle(bundle, placing(options))
    await remember(options.to, { remote: session.remote, branch: session.branch, commit, revision: bundle.revision })
    return { outcome: unchanged ? 'unchanged' : 'updated', revision: bundle.revision, commit, ...counts }
  } finally {
    await folder.remove()
  }
}

/** Every file that the manifest names, and nothing else of the branch; plain files only. */
async function extractBundle(clone: GitClone, { session, dir }: { session: GitSession; dir: string }): Promise<Bundle> {
  const published = await readBranchManifest(clone, session)
  const files = Object.keys(published.manifest.files).map(name => {
    const file = clone.tree.get(name)
    if (!file) throw errors.bundleFileAltered(name, 'it is missing')
    if (!isPlainFile(file)) throw errors.bundleFileAltered(name, 'it is not a plain file')
    return { oid: file.oid, path: join(dir, name) }
  })
  await clone.extractAll(files)
  return { dir, ...published }
}

const placing = ({ to: dir, switch: mode, adopt, signal }: PullOptions) => ({ dir, switch: mode, adopt, signal })
