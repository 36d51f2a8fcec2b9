// History that does not grow for ever: what is older than so many days becomes one commit, by the push that publishes.
import { StoremapError } from '../../errors.ts'
import type { GitClone, RefUpdate } from '../../io/git-clone.ts'
import { DAY_MS } from './options.ts'

export interface HistoryOptions {
  /** Of the target. */
  readonly name: string
  readonly branch: string
  readonly author: { readonly name: string; readonly email: string }
  /** How old a commit may get; undefined: as old as it likes. */
  readonly keepMs: number | undefined
  readonly now: Date
}

export interface Publication {
  /** The branch with a new commit on the one that was seen, and what has to arrive with it. */
  readonly updates: readonly RefUpdate[]
  /** The same commit on another one. */
  commitOn(parent: string): Promise<string>
}

export interface Pushed {
  readonly updates: readonly RefUpdate[]
  /** Why old history had to stay. */
  readonly warnings: readonly string[]
}

/**
 * Pushes a new commit, and where two commits or more are older than they may get, a shorter history with it. Fails as
 * `push` does; where it is only the history that cannot be replaced, the commit goes on top of it, with a warning.
 */
export async function pushKeepingHistory(
  clone: GitClone,
  publication: Publication,
  options: HistoryOptions,
): Promise<Pushed> {
  const { updates } = publication
  const { branch, keepMs, now, author } = options
  const head = updates.find(update => update.branch === branch)?.seen
  const asItIs = async (...warnings: string[]): Promise<Pushed> => {
    await clone.push(updates)
    return { updates, warnings }
  }
  if (keepMs === undefined || head === undefined) return asItIs()
  if (!clone.isFiltering) return asItIs(unseen(options))
  let harmless = WHILE_READING
  try {
    const before = new Date(now.getTime() - keepMs)
    const message = (last: { readonly seconds: number }) => rootMessage(last.seconds, keepMs)
    const shorter = await clone.shorten({ head, before, author, message })
    if (shorter !== undefined) {
      const commit = await publication.commitOn(shorter)
      harmless = WHILE_PUSHING
      const shortened = updates.map(update => (update.branch === branch ? { ...update, commit } : update))
      await clone.push(shortened)
      return { updates: shortened, warnings: [] }
    }
  } catch (cause) {
    if (!(cause instanceof StoremapError) || !harmless.includes(cause.code)) throw cause
    // A message ends with what was not done, and this is done now.
    return asItIs(staying(options, cause.message.replace(/ [A-Z][^.]*\.$/, '')))
  }
  return asItIs()
}

// What a push of the commit alone may not meet again. A push that timed out may still arrive, so there is no second one.
const WHILE_PUSHING = ['TARGET_PUSH_REFUSED', 'TARGET_UNREACHABLE', 'GIT_FAILED']
const WHILE_READING = [...WHILE_PUSHING, 'TARGET_TIMEOUT']

function rootMessage(seconds: number, keepMs: number): string {
  const date = new Date(seconds * 1_000).toISOString().slice(0, 10)
  return `History up to ${date}, squashed\n\nWhat was older than ${keepMs / DAY_MS} days when it was replaced.\n`
}

const unseen = ({ name, keepMs = 0 }: HistoryOptions): string =>
  `Whether ${name} has history older than ${keepMs / DAY_MS} days was not looked at, since its server gives no commits ` +
  'without their files. It does after "git config uploadpack.allowFilter true" in the repository.'

const staying = ({ name, keepMs = 0 }: HistoryOptions, why: string): string =>
  `History older than ${keepMs / DAY_MS} days stays in ${name}, below the new commit: ${why}`
