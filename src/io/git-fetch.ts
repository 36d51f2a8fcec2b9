// Fetching one commit of a remote into a repository of our own, with or without its files.
import { rm } from 'node:fs/promises'
import { initBare, LOCAL_UPLOAD_PACK, readRemoteNames } from './git.ts'
import { failureOf, type GitSession, runGit, runLocalGit } from './git-session.ts'
import type { CommandResult } from './process.ts'

/** What to ask the remote for: its HEAD, a branch or a tag, or the full id of a commit. */
export type Wanted = { readonly ref: string } | { readonly commit: string } | { readonly allFor: string }

export interface FetchOptions {
  readonly wanted: Wanted
  /** Leaves the files out, where the server can. */
  readonly withoutFiles: boolean
}

const SHA256 = { objectFormat: 'sha256' } as const
const NOT_THERE = /couldn't find remote ref|not our ref/
/** What git says, and what servers in Java do. */
const REFUSED = /unadvertised object|want [0-9a-f]+ not valid/

const HERE = 'refs/storemap/wanted'

/**
 * `git init` and `git fetch`, the last commit only. Resolves with it; with undefined where the remote has no such thing,
 * and with "refused" where it gives out no commit by its id.
 */
export async function fetchInto(
  session: GitSession,
  dir: string,
  options: FetchOptions,
): Promise<{ readonly commit: string } | 'refused' | undefined> {
  const isLong = 'commit' in options.wanted && options.wanted.commit.length === 64
  await initBare(session, dir, isLong ? SHA256 : {})
  let result = await fetchWanted(session, dir, options)
  if (result.code !== 0 && /mismatched algorithms/.test(result.stderr)) {
    await rm(dir, { recursive: true })
    await initBare(session, dir, isLong ? {} : SHA256)
    result = await fetchWanted(session, dir, options)
  }
  if (result.code === 0) {
    const commit = await readCommit(session, dir, nameHere(options.wanted))
    return commit === undefined ? undefined : { commit }
  }
  if (REFUSED.test(result.stderr)) return 'refused'
  if (NOT_THERE.test(result.stderr)) return undefined
  throw failureOf(session, 'read', result)
}

/** `git fetch --unshallow`: the history of what was fetched, its files left out where the server can. */
export async function fetchHistory(session: GitSession, dir: string, wanted: Wanted): Promise<void> {
  const asked = ['--git-dir', dir, 'rev-parse', '--is-shallow-repository']
  const isShallow = (await runLocalGit(session, 'look at the repository', asked)).toString().trim() !== 'false'
  if (!isShallow) return
  const args = [...fetchArgs(session, dir), '--unshallow', ...WITHOUT_FILES, '--', 'origin', ...refspecsOf(wanted)]
  const result = await runGit(session, args, { network: true })
  if (result.code !== 0) throw failureOf(session, 'read', result)
}

/** `git fetch` of single files, however many. False where the server gives out no single objects (protocol 0). */
export async function fetchFiles(session: GitSession, dir: string, oids: readonly string[]): Promise<boolean> {
  const direct = ['-c', 'fetch.negotiationAlgorithm=noop']
  // A filter lets through what is asked for by name, and marks the rest as promised.
  const args = [...direct, ...fetchArgs(session, dir), ...WITHOUT_FILES, '--stdin', '--', 'origin']
  const input = oids.map(oid => `${oid}\n`).join('')
  return (await runGit(session, args, { network: true, input })).code === 0
}

/** `git rev-list --missing`: the files of a commit that were left out. */
export async function listMissing(session: GitSession, dir: string, commit: string): Promise<Set<string>> {
  const shape = ['rev-list', '--objects', '--no-object-names', '--missing=print', '--max-count=1']
  const lines = (await runLocalGit(session, 'list the files', ['--git-dir', dir, ...shape, commit, '--'])).toString()
  return new Set(lines.split('\n').flatMap(line => (line.startsWith('?') ? [line.slice(1)] : [])))
}

/** Branches and tags of the remote, by the names that people use. */
export async function listNames(session: GitSession): Promise<string[]> {
  const refs = await readRemoteNames(session)
  return refs.map(ref => ref.replace(/^refs\/(heads|tags)\//, ''))
}

function fetchWanted(session: GitSession, dir: string, { wanted, withoutFiles }: FetchOptions): Promise<CommandResult> {
  const depth = 'allFor' in wanted ? [] : ['--depth', '1']
  const filter = withoutFiles ? WITHOUT_FILES : []
  const args = [...fetchArgs(session, dir), ...depth, ...filter, '--', 'origin', ...refspecsOf(wanted)]
  return runGit(session, args, { network: true })
}

const WITHOUT_FILES = ['--filter=blob:none']

function fetchArgs({ remote }: GitSession, dir: string): string[] {
  const shape = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--no-auto-maintenance']
  // A repository on this machine is served by our own git, which leaves files out only if it is told that it may.
  const local = remote.transport === 'file' ? ['--upload-pack', LOCAL_UPLOAD_PACK] : []
  return ['--git-dir', dir, ...shape, ...local]
}

function refspecsOf(wanted: Wanted): string[] {
  if ('allFor' in wanted) return ['+refs/heads/*:refs/storemap/heads/*', '+refs/tags/*:refs/storemap/tags/*']
  return [`+${'ref' in wanted ? wanted.ref : wanted.commit}:${HERE}`]
}

const nameHere = (wanted: Wanted): string => ('allFor' in wanted ? wanted.allFor : HERE)

async function readCommit(session: GitSession, dir: string, name: string): Promise<string | undefined> {
  const args = ['--git-dir', dir, 'rev-parse', '--verify', '--quiet', `${name}^{commit}`]
  const { code, stdout } = await runGit(session, args)
  return code === 0 ? stdout.toString().trim() : undefined
}
