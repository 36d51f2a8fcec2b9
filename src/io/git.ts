// One small function a command of git. No working tree is ever made: attributes, filters and hooks have nothing to act on.
import { failureOf, type GitSession, runGit, runLocalGit } from './git-session.ts'

/** An entry of the top folder of a commit. */
export interface TreeEntry {
  /** 100644 and 100755 are plain files, 120000 a link, 040000 a folder, 160000 a submodule. */
  readonly mode: string
  readonly type: string
  readonly oid: string
}

export type Tree = ReadonlyMap<string, TreeEntry>

export interface CommitOptions {
  readonly tree: string
  readonly parent: string | undefined
  readonly message: string
  readonly author: { readonly name: string; readonly email: string }
  /** @defaultValue now */
  readonly date?: Date | undefined
}

/** The full name of the session's branch. */
export const branchRef = ({ branch }: GitSession): string => `refs/heads/${branch}`

/** `git ls-remote`: the commit of the session's branch, undefined where there is no such branch. */
export async function readRemoteHead(session: GitSession, timeoutMs = session.timeoutMs): Promise<string | undefined> {
  const ref = branchRef(session)
  return (await readRemoteRefs(session, [ref], timeoutMs)).get(ref)
}

/** `git ls-remote`: the commits of those of the references that are there. */
export async function readRemoteRefs(
  session: GitSession,
  refs: readonly string[],
  timeoutMs = session.timeoutMs,
): Promise<ReadonlyMap<string, string>> {
  const args = ['ls-remote', '--quiet', '--', session.remote.url, ...refs]
  const result = await runGit(session, args, { network: true, timeoutMs })
  if (result.code !== 0) throw failureOf(session, 'read', result)
  const found = new Map<string, string>()
  for (const line of result.stdout.toString().split('\n')) {
    const [commit = '', ref = ''] = line.split('\t')
    if (refs.includes(ref)) found.set(ref, commit)
  }
  return found
}

/** `git ls-remote`: the full names of all branches and tags. */
export async function readRemoteNames(session: GitSession): Promise<string[]> {
  const args = ['ls-remote', '--quiet', '--heads', '--tags', '--refs', '--', session.remote.url]
  const result = await runGit(session, args, { network: true })
  if (result.code !== 0) throw failureOf(session, 'read', result)
  return result.stdout
    .toString()
    .split('\n')
    .flatMap(line => line.split('\t')[1] ?? [])
}

/** How a repository on this machine is read. */
export const LOCAL_UPLOAD_PACK = 'git -c uploadpack.allowFilter=true upload-pack'

export interface Cloned {
  /** Whether the server leaves out what it is told to. */
  readonly isFiltering: boolean
}

/**
 * `git clone`, bare, the branch's last commit only. Undefined where the remote has no such branch (or nothing at all).
 */
export async function cloneBare(
  session: GitSession,
  dir: string,
  { blobLimit }: { blobLimit?: string } = {},
): Promise<Cloned | undefined> {
  const shape = ['--bare', '--depth', '1', '--single-branch', '--no-tags', '--branch', session.branch]
  const filter = blobLimit === undefined ? [] : [`--filter=blob:limit=${blobLimit}`]
  // A repository on this machine is served by our own git, which leaves files out only if it is told that it may.
  const local = session.remote.transport === 'file' ? ['--upload-pack', LOCAL_UPLOAD_PACK] : []
  const args = ['clone', '--quiet', '--template=', ...shape, ...filter, ...local, '--', session.remote.url, dir]
  const result = await runGit(session, args, { network: true })
  if (result.code === 0) return { isFiltering: !/filtering not recognized by server/.test(result.stderr) }
  if (/Remote branch .* not found in upstream/.test(result.stderr)) return undefined
  throw failureOf(session, 'read', result)
}

/** `git fetch` of files that the clone left out. False where the server gives out no single objects (protocol 0). */
export async function fetchBlobs(session: GitSession, dir: string, oids: readonly string[]): Promise<boolean> {
  const args = ['--git-dir', dir, '-c', 'fetch.negotiationAlgorithm=noop', 'fetch', '--quiet', '--no-tags']
  const local = session.remote.transport === 'file' ? ['--upload-pack', LOCAL_UPLOAD_PACK] : []
  // A filter lets through what is asked for by name, and marks the rest as promised.
  const wanted = ['--no-write-fetch-head', '--filter=blob:none', ...local, '--', 'origin', ...oids]
  const { code } = await runGit(session, [...args, ...wanted], { network: true })
  return code === 0
}

/**
 * `git fetch` of another reference of the remote: its last commit only, and without its larger files where a limit is
 * given. Undefined where the remote has no such reference, else its commit.
 */
export async function fetchRef(
  session: GitSession,
  dir: string,
  { ref, blobLimit }: { readonly ref: string; readonly blobLimit?: string | undefined },
): Promise<string | undefined> {
  const shape = ['fetch', '--quiet', '--no-tags', '--depth', '1', '--no-write-fetch-head', '--no-auto-maintenance']
  const filter = blobLimit === undefined ? [] : [`--filter=blob:limit=${blobLimit}`]
  const local = session.remote.transport === 'file' ? ['--upload-pack', LOCAL_UPLOAD_PACK] : []
  const args = ['--git-dir', dir, ...shape, ...filter, ...local, '--', 'origin', `+${ref}:${OTHER_REF}`]
  const result = await runGit(session, args, { network: true })
  if (result.code === 0) return readCommit(session, dir, OTHER_REF)
  if (/couldn't find remote ref/.test(result.stderr)) return undefined
  throw failureOf(session, 'read', result)
}

/** Where a fetched reference stands in the clone: outside of its branches. */
const OTHER_REF = 'refs/storemap/other'

/** `git init`: an empty repository to make a first commit in. */
export async function initBare(
  session: GitSession,
  dir: string,
  { objectFormat }: { readonly objectFormat?: 'sha256' } = {},
): Promise<void> {
  const format = objectFormat === undefined ? [] : [`--object-format=${objectFormat}`]
  await runLocalGit(session, 'make a repository', ['init', '--quiet', '--bare', '--template=', ...format, '--', dir])
  // As a clone has it, so that more can be fetched.
  const args = ['--git-dir', dir, 'config', 'remote.origin.url', session.remote.url]
  await runLocalGit(session, 'make a repository', args)
}

/** `git rev-parse`: the commit of the branch in a clone; undefined where it is no branch (but a tag, say). */
export const readHead = (session: GitSession, dir: string): Promise<string | undefined> =>
  readCommit(session, dir, branchRef(session))

async function readCommit(session: GitSession, dir: string, ref: string): Promise<string | undefined> {
  const args = ['--git-dir', dir, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`]
  const { code, stdout } = await runGit(session, args)
  return code === 0 ? stdout.toString().trim() : undefined
}

/** `git ls-tree -z`: the top folder of a commit, names as raw as git has them. */
export async function listTree(session: GitSession, dir: string, commit: string): Promise<Tree> {
  const args = ['--git-dir', dir, 'ls-tree', '-z', commit]
  const stdout = await runLocalGit(session, 'list the files', args)
  const tree = new Map<string, TreeEntry>()
  // As latin1 every byte survives, so that names in no known encoding go back into the tree as they came.
  for (const record of stdout.toString('latin1').split('\0')) {
    const [, mode, type, oid, name] = /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/s.exec(record) ?? []
    if (mode && type && oid && name !== undefined) tree.set(fromBytes(name), { mode, type, oid })
  }
  return tree
}

/** `git mktree`: a folder of these entries. Objects that the clone left out may stay away. */
export async function writeTree(session: GitSession, dir: string, tree: Tree): Promise<string> {
  const records = [...tree].map(([name, { mode, type, oid }]) => `${mode} ${type} ${oid}\t${toBytes(name)}\0`)
  const input = Buffer.from(records.join(''), 'latin1')
  const args = ['--git-dir', dir, 'mktree', '-z', '--missing']
  return (await runLocalGit(session, 'make the tree', args, { input })).toString().trim()
}

/** `git commit-tree`. The identity comes by the environment: a machine of its own has none set up. */
export async function commitTree(session: GitSession, dir: string, options: CommitOptions): Promise<string> {
  const { tree, parent, message, author, date } = options
  const args = ['--git-dir', dir, 'commit-tree', tree, ...(parent === undefined ? [] : ['-p', parent])]
  const env = {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
    ...(date && { GIT_AUTHOR_DATE: rawDate(date), GIT_COMMITTER_DATE: rawDate(date) }),
  }
  const input = `${message.replaceAll('\0', '').trimEnd()}\n`
  return (await runLocalGit(session, 'make the commit', args, { input, env })).toString().trim()
}

const rawDate = (date: Date): string => `@${Math.floor(date.getTime() / 1_000)} +0000`

export interface PushOptions {
  readonly updates: readonly { readonly commit: string; readonly ref: string; readonly seen: string | undefined }[]
  /** A file that tells which commits take the place of which. */
  readonly grafts?: string | undefined
}

/**
 * `git push`, of all given references or none, each only if it still is where it was seen. Undefined on success,
 * else the error that git's words stand for; whether somebody else was faster is for the caller to find out.
 */
export async function push(
  session: GitSession,
  dir: string,
  { updates, grafts }: PushOptions,
): Promise<Error | undefined> {
  // A lease on top of fast-forward: a branch that was set back meanwhile would still take ours as one.
  const leases = updates.map(({ ref, seen }) => `--force-with-lease=${ref}:${seen ?? ''}`)
  const refspecs = updates.map(({ commit, ref }) => `${commit}:${ref}`)
  // Not thin: deltas would be made against old files, which this clone does not have.
  const shape = ['--porcelain', '--atomic', '--no-thin', '--no-verify', '--no-signed', '--recurse-submodules=no']
  // No deltas: here they could be made of another shard only, poor ones, and the server would keep those for good instead
  // of looking for the shard's own earlier version.
  const args = ['--git-dir', dir, '-c', 'pack.window=0', 'push', ...shape, ...leases, '--', session.remote.url]
  const env = grafts === undefined ? {} : { GIT_GRAFT_FILE: grafts }
  const result = await runGit(session, [...args, ...refspecs], { network: true, env })
  return result.code === 0 ? undefined : failureOf(session, 'push', result)
}

// A name in no valid encoding keeps its bytes behind a zero, which no name of a file can have.
function fromBytes(name: string): string {
  const text = Buffer.from(name, 'latin1').toString('utf8')
  return Buffer.from(text, 'utf8').toString('latin1') === name ? text : `\0${name}`
}

const toBytes = (name: string): string =>
  name.startsWith('\0') ? name.slice(1) : Buffer.from(name, 'utf8').toString('latin1')
