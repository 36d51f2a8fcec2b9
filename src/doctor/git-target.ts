// A git target: can its branch be fetched, would a push be taken, and what is in the way.
import { MANIFEST_NAME } from '../bundle/manifest.ts'
import type { SiteConfig } from '../config/check.ts'
import { StoremapError } from '../errors.ts'
import type { GitClone } from '../io/git-clone.ts'
import { type GitRehearsal, openRehearsal } from '../io/git-rehearsal.ts'
import { type GitRemote, parseRemote } from '../io/git-remote.ts'
import { httpGet } from '../io/http-get.ts'
import type { GitOptions } from '../publishers/git/options.ts'
import { isPlainFile, readBranchManifest } from '../pull/branch-manifest.ts'
import type { Check, Looking, Tell } from './check.ts'
import { dateOf, tellClock } from './clock.ts'
import { type CallerFacts, tellAddress, tellHostKey, tellKey, tellWorkflowToken } from './git-access.ts'
import { type SeePublished, tellForeign, tellPublished } from './published.ts'

export interface GitTargetOptions {
  readonly site: string | undefined
  readonly config: SiteConfig
  readonly git: GitOptions
  readonly caller: CallerFacts
  readonly seePublished: SeePublished
}

export function gitTargetCheck(options: GitTargetOptions): Check {
  const { site, git, config, seePublished } = options
  const parsed = parseRemote(git.repo, config.folder)
  const label = 'problem' in parsed ? '' : parsed.remote.label
  return {
    site,
    area: `target git ${label} (${git.branch})`,
    title: 'fetch',
    look: async looking => {
      try {
        if ('problem' in parsed) looking.tell.fail('address', parsed.problem)
        else await look(options, parsed.remote, looking)
      } finally {
        seePublished(undefined)
      }
    },
  }
}

async function look(options: GitTargetOptions, remote: GitRemote, { tell, signal, waitMs }: Looking): Promise<void> {
  const { git, config, caller } = options
  const { branch, token, sshKey, knownHosts } = git
  tellAddress(tell, remote, git)
  tellWorkflowToken(tell, token ?? remote.password ?? remote.username, caller)
  if (remote.transport === 'ssh') await tellKey(tell, sshKey, config.folder)
  const timeoutMs = Math.min(config.timeouts.git, waitMs)
  const access = { remote, branch, credentials: { token, sshKey, knownHosts }, base: config.folder, timeoutMs, signal }
  const clock = remote.transport === 'https' ? tellHostClock(tell, remote, { signal, waitMs }) : undefined
  const rehearsal = await openRehearsal(access)
  try {
    const { head } = rehearsal.clone
    tell.ok(
      'fetch',
      head === undefined ? 'there is no such branch: the first run makes it' : `at commit ${head.slice(0, 10)}`,
    )
    if (remote.transport === 'ssh') tellHostKey(tell, remote, knownHosts)
    await tellPush(tell, rehearsal, remote)
    await tellContent(options, { tell, clone: rehearsal.clone, remote })
  } finally {
    await rehearsal.close()
    await clock
  }
}

async function tellPush(tell: Tell, rehearsal: GitRehearsal, { transport }: GitRemote): Promise<void> {
  const refusal = await rehearsal.push()
  if (refusal) {
    tell.failure('push', refusal)
    return
  }
  const untold =
    transport === 'file' ? 'its hooks and the rights to its files' : 'its hooks and the protection of the branch'
  tell.ok('push', `it would be taken, as far as a dry run can tell: ${untold} are not asked by one`)
}

async function tellContent(
  { git, config, seePublished }: GitTargetOptions,
  { tell, clone, remote }: { readonly tell: Tell; readonly clone: GitClone; readonly remote: GitRemote },
): Promise<void> {
  const { tree } = clone
  if (tree.get(MANIFEST_NAME)) {
    try {
      const published = await readBranchManifest(clone, { remote, branch: git.branch })
      tellPublished(tell, published, config.site)
      seePublished(published)
    } catch (cause) {
      if (!(cause instanceof StoremapError)) throw cause
      tell.failure('bundle', cause)
    }
    return
  }
  const isThere = (name: string): boolean => {
    const entry = tree.get(name)
    return entry !== undefined && (entry.type !== 'blob' || isPlainFile(entry) || entry.mode === '120000')
  }
  tellForeign(tell, isThere, config)
}

/** Asked for its clock alone: without an answer there is nothing to tell. */
async function tellHostClock(
  tell: Tell,
  { url }: GitRemote,
  { signal, waitMs }: Pick<Looking, 'signal' | 'waitMs'>,
): Promise<void> {
  const asked = Date.now()
  const answer = await httpGet(new URL('/', url).href, { timeoutMs: waitMs, signal }).catch(() => undefined)
  if (!answer || 'failure' in answer) return
  const theirs = dateOf(answer.headers)
  if (theirs !== undefined) tellClock(tell, 'the git host', { theirs, asked, answered: Date.now() })
}
