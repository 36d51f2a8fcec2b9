// What a branch of a repository has published: its manifest, and nothing else of it.
import { MANIFEST_NAME, type Manifest, parseManifest, revisionOf } from '../bundle/manifest.ts'
import { errors } from '../errors.ts'
import type { GitClone } from '../io/git-clone.ts'
import { branchProblem, type GitRemote, parseRemote } from '../io/git-remote.ts'
import type { GitSession } from '../io/git-session.ts'

export interface PublishedManifest {
  readonly manifest: Manifest
  readonly manifestText: string
  readonly revision: string
}

const MAX_MANIFEST_BYTES = 64 * 1024 * 1024

/** Fails with PULL_NO_BUNDLE, MANIFEST_INVALID or MANIFEST_NEWER. */
export async function readBranchManifest(
  clone: Pick<GitClone, 'head' | 'tree' | 'readText'>,
  { remote, branch }: Pick<GitSession, 'remote' | 'branch'>,
): Promise<PublishedManifest> {
  if (clone.head === undefined) throw errors.pullNoBundle(remote.label, branch, 'has no such branch')
  const place = `${MANIFEST_NAME} of ${remote.label} (${branch})`
  const entry = clone.tree.get(MANIFEST_NAME)
  if (!entry) throw errors.pullNoBundle(remote.label, branch, `has no ${MANIFEST_NAME} at the top of that branch`)
  if (!isPlainFile(entry)) throw errors.manifestInvalid(place, 'it is not a plain file')
  const manifestText = await clone.readText(entry.oid, MAX_MANIFEST_BYTES)
  if (manifestText === undefined) throw errors.manifestInvalid(place, 'it is too large')
  return { manifest: parseManifest(manifestText, place), manifestText, revision: revisionOf(manifestText) }
}

export const isPlainFile = ({ mode }: { readonly mode: string }): boolean => mode === '100644' || mode === '100755'

/** Fails with PULL_ADDRESS_INVALID; `base`: where relative paths count from. */
export function checkedRemote(from: string, branch: string, base: string): GitRemote {
  const parsed = parseRemote(from, base)
  if ('problem' in parsed) throw errors.pullAddressInvalid('--from', parsed.problem)
  const problem = branchProblem(branch)
  if (problem) throw errors.pullAddressInvalid('--branch', problem)
  return parsed.remote
}
