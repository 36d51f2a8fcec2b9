// The history of a branch: its commits without any of their files, and a shorter line of commits in its place.
import { errors } from '../errors.ts'
import { branchRef, LOCAL_UPLOAD_PACK } from './git.ts'
import { idOf, onParent, type Replayed, rootText, writeCommits, writeGrafts } from './git-replay.ts'
import { failureOf, type GitSession, runGit, runLocalGit } from './git-session.ts'

export interface HistoryCommit {
  readonly oid: string
  /** When it was committed, in seconds since 1970. */
  readonly seconds: number
}

export interface ShorterHistoryOptions {
  readonly head: string
  /** Commits from before it become one. */
  readonly before: Date
  /** Of the commit that stands for them. */
  readonly author: { readonly name: string; readonly email: string }
  /** What it says, given the last commit that it stands for. */
  message(last: HistoryCommit): string
}

export interface ShorterHistory {
  readonly head: string
  /** Tells git, while it pushes, which commits are which: `GIT_GRAFT_FILE`. */
  readonly grafts: string
}

/**
 * Makes, in the clone alone, a line of commits that begins with one for all that is older, goes on with the younger ones
 * as they are, and ends with the same files as `head`. Undefined where at most one commit is older.
 */
export async function shortenHistory(
  session: GitSession,
  dir: string,
  { head, before, author, message }: ShorterHistoryOptions,
): Promise<ShorterHistory | undefined> {
  await fetchCommits(session, dir)
  const commits = await listFirstParents(session, dir, head)
  const stays = countYoung(commits, before)
  const last = commits[stays]
  if (!last || commits.length - stays < 2) return undefined

  const [oldest, ...young] = (await readCommits(session, dir, commits.slice(0, stays + 1))).reverse()
  const replayed: Replayed[] = []
  const add = (text: string, old: HistoryCommit, parent: string | undefined): string => {
    const oid = idOf(text, head)
    replayed.push({ oid, text, parent, old: old.oid })
    return oid
  }
  let tip = add(rootText(oldest as string, { seconds: last.seconds, author, message: message(last) }), last, undefined)
  for (const [index, text] of young.entries())
    tip = add(onParent(text, tip), commits[stays - 1 - index] as HistoryCommit, tip)
  await writeCommits(session, dir, replayed)
  const grafts = await writeGrafts(session, replayed)
  await forbidFetching(session, dir)
  return { head: tip, grafts }
}

/**
 * How many commits, from the newest on, stay. Up to the last young one: whoever had a wrong clock in between loses
 * nothing.
 */
export const countYoung = (commits: readonly HistoryCommit[], before: Date): number =>
  commits.findLastIndex(({ seconds }) => seconds * 1_000 >= before.getTime()) + 1

/** `git fetch --unshallow`: all commits of the session's branch, without their trees and files. */
async function fetchCommits(session: GitSession, dir: string): Promise<void> {
  const asked = ['--git-dir', dir, 'rev-parse', '--is-shallow-repository']
  const isShallow = await runLocalGit(session, 'look at the clone', asked)
  if (isShallow.toString().trim() === 'false') return
  const shape = ['fetch', '--quiet', '--no-tags', '--unshallow', '--no-write-fetch-head', '--no-auto-maintenance']
  const local = session.remote.transport === 'file' ? ['--upload-pack', LOCAL_UPLOAD_PACK] : []
  const args = ['--git-dir', dir, ...shape, '--filter=tree:0', ...local, '--', 'origin', branchRef(session)]
  const result = await runGit(session, args, { network: true })
  if (result.code !== 0) throw failureOf(session, 'read', result)
}

/** `git rev-list --first-parent`, from the newest on. */
async function listFirstParents(session: GitSession, dir: string, head: string): Promise<HistoryCommit[]> {
  const args = ['--git-dir', dir, 'rev-list', '--first-parent', '--timestamp', head, '--']
  const lines = (await runLocalGit(session, 'list the commits', args)).toString('latin1').split('\n')
  return lines.flatMap(line => {
    const [, seconds, oid] = /^(\d+) ([0-9a-f]+)$/.exec(line) ?? []
    return seconds !== undefined && oid !== undefined ? [{ oid, seconds: Number(seconds) }] : []
  })
}

/** `git cat-file --batch`: commits as they are stored. As latin1, so that every byte survives. */
async function readCommits(session: GitSession, dir: string, commits: readonly HistoryCommit[]): Promise<string[]> {
  const input = commits.map(({ oid }) => `${oid}\n`).join('')
  const args = ['--git-dir', dir, 'cat-file', '--batch']
  const output = (await runLocalGit(session, 'read the commits', args, { input })).toString('latin1')
  const texts: string[] = []
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf('\n', at)
    const size = / commit (\d+)$/.exec(output.slice(at, end))?.[1]
    if (size === undefined) throw errors.gitFailed(session.remote.label, 'read the commits', output.slice(at, end))
    texts.push(output.slice(end + 1, end + 1 + Number(size)))
    at = end + 1 + Number(size) + 1
  }
  return texts
}

/** Files and folders of old commits are missing on purpose; a push that came upon one would fetch it, and all others. */
async function forbidFetching(session: GitSession, dir: string): Promise<void> {
  for (const name of ['promisor', 'partialclonefilter'])
    await runGit(session, ['--git-dir', dir, 'config', '--unset-all', `remote.origin.${name}`])
}
