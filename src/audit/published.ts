// What is published, by its manifest: in a folder, or on a branch of a repository.
import { join } from 'node:path'
import { MANIFEST_NAME, parseManifest, revisionOf } from '../bundle/manifest.ts'
import { readTextIfThere } from '../io/files.ts'
import { openClone } from '../io/git-clone.ts'
import type { GitCredentials } from '../io/git-environment.ts'
import { resolvePath } from '../io/git-remote.ts'
import { checkedRemote, type PublishedManifest, readBranchManifest } from '../pull/branch-manifest.ts'

export interface PublishedOptions {
  readonly branch: string
  readonly credentials: GitCredentials
  /** Where relative paths count from. */
  readonly base: string
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * A folder that has a manifest, or else a repository, of which only the manifest is fetched where the server can do that.
 * Fails as `pull` does.
 */
export async function readPublished(from: string, options: PublishedOptions): Promise<PublishedManifest> {
  const { branch, credentials, base, timeoutMs, signal } = options
  const file = join(resolvePath(from, base), MANIFEST_NAME)
  const text = /^[a-z+]+:\/\//i.test(from) ? undefined : await readTextIfThere(file)
  if (text !== undefined) return { manifest: parseManifest(text, file), manifestText: text, revision: revisionOf(text) }
  const remote = checkedRemote(from, branch, base)
  const access = { remote, branch, credentials, base, timeoutMs, signal }
  const clone = await openClone(access, { withoutLargeFiles: true })
  try {
    return await readBranchManifest(clone, access)
  } finally {
    await clone.close()
  }
}
