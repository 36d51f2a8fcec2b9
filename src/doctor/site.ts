// The live site: is it where the configuration says, and does it serve what is published.
import { lookAtRobots } from '../audit/robots.ts'
import { lookAtFile } from '../audit/served-file.ts'
import { servedRevision } from '../audit/served-revision.ts'
import { ENTRY_POINT } from '../bundle/manifest.ts'
import { type HttpAnswer, httpGet } from '../io/http-get.ts'
import type { Check, Looking } from './check.ts'
import { dateOf, tellClock } from './clock.ts'
import type { Published } from './published.ts'

export interface SiteOptions {
  readonly site: string | undefined
  /** Scheme and host. */
  readonly origin: string
  /** What a target has; undefined where none has anything, or none could be read. */
  readonly published: Promise<Published | undefined>
}

export function siteCheck({ site, origin, published }: SiteOptions): Check {
  return {
    site,
    area: `site ${origin}`,
    title: 'home page',
    look: async looking => {
      if (!(await tellHome(origin, looking))) return
      await tellRobots(origin, looking)
      await tellSitemap(origin, published, looking)
    },
  }
}

/** False where nobody answers at all. */
async function tellHome(origin: string, { tell, signal, waitMs }: Looking): Promise<boolean> {
  const asked = Date.now()
  const answer = await httpGet(`${origin}/`, { timeoutMs: waitMs, signal })
  if ('failure' in answer) {
    tell.fail('home page', answer.failure, {
      remedy:
        'Check "site", its name in DNS, and whether this machine may connect there; a run itself does not ask it.',
    })
    return false
  }
  const answered = Date.now()
  await drain(answer)
  const { origin: reached } = new URL(answer.url)
  if (reached !== origin) {
    tell.warn(
      'home page',
      `it redirects to ${reached}: search engines take sitemaps of that host for its own pages only`,
      {
        remedy: `site: ${reached}`,
      },
    )
  } else if (answer.status >= 400) {
    tell.warn('home page', `it answers ${answer.status}`, { remedy: 'See the log of the front end.' })
  } else tell.ok('home page', `it answers ${answer.status}`)
  const theirs = dateOf(answer.headers)
  // After redirects the way took longer, and it is the same clock all the same.
  if (theirs !== undefined) tellClock(tell, 'the site', { theirs, asked, answered })
  return true
}

async function tellSitemap(
  origin: string,
  published: SiteOptions['published'],
  { tell, signal, waitMs }: Looking,
): Promise<void> {
  const meant = await untilAborted(published, signal)
  const file = meant && Object.hasOwn(meant.manifest.files, ENTRY_POINT) ? meant.manifest.files[ENTRY_POINT] : undefined
  if (!meant || !file) {
    tell.ok('sitemap', 'not compared, since no target has one that could be read')
    return
  }
  const { problem } = await lookAtFile(origin, ENTRY_POINT, { file, timeoutMs: waitMs, signal })
  const revision = meant.revision.slice(0, 12)
  if (problem === undefined) {
    tell.ok('sitemap', `it serves the ${ENTRY_POINT} of revision ${revision}, which is published`)
    return
  }
  const served = await servedRevision(origin, { timeoutMs: waitMs, signal })
  const instead = served && served !== meant.revision ? `; it serves revision ${served.slice(0, 12)}` : ''
  tell.fail('sitemap', `not the one that is published, revision ${revision}: ${problem}${instead}`, {
    remedy: instead
      ? 'Deploy it: run the workflow, or "storemap pull"; then "storemap verify" waits for it.'
      : 'See how it gets into the front end: "storemap init" writes a way, "storemap verify" says what is served file by file.',
  })
}

async function tellRobots(origin: string, { tell, signal, waitMs }: Looking): Promise<void> {
  const { problem } = await lookAtRobots(origin, [`${origin}/${ENTRY_POINT}`], { timeoutMs: waitMs, signal })
  if (problem === undefined) tell.ok('robots.txt', `it names ${origin}/${ENTRY_POINT}`)
  else {
    tell.warn('robots.txt', problem, {
      remedy: `Add the line "Sitemap: ${origin}/${ENTRY_POINT}" to it, or let Storemap write it: robots: {}`,
    })
  }
}

async function drain({ body }: HttpAnswer): Promise<void> {
  try {
    for await (const _ of body) break
  } catch {
    // What is not wanted may fail.
  }
}

function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    work.then(resolve, reject)
  })
}
