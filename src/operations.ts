// What can be done with a site: run, build, diff, explain. Locks, temporary folders and the end by a signal are here.
import type { Site } from './compose.ts'
import { assertNoProblems } from './config/check.ts'
import { errors, StoremapError } from './errors.ts'
import { explainChanges, MOST_EXPLAINED } from './explain/changes.ts'
import { explain } from './explain/explain.ts'
import type { Explanation } from './explain/explanation.ts'
import type { DiffReport } from './explain/removal.ts'
import { acquireLock } from './io/lock.ts'
import { makeTempFolder, removeDeadTempFolders } from './io/temp.ts'
import { acceptHeld } from './pipeline/accept.ts'
import type { ConfiguredJob, Job, OnProgress } from './pipeline/job.ts'
import { rehearse } from './pipeline/prepare.ts'
import type { RunReport } from './pipeline/report.ts'
import { type FrontEndRead, readRoutes, withoutRoutes } from './pipeline/routes.ts'
import { runJob } from './pipeline/run.ts'
import { type KnownState, readKnownState } from './pipeline/site-memory.ts'
import { openStatePlace } from './pipeline/state-place.ts'
import { createDirectoryPublisher } from './publishers/directory/directory.ts'
import type { OpenTarget, Publisher } from './publishers/publisher.ts'
import type { DiscoverableSource, KindFields, RecordKind, Snapshot } from './sources/source.ts'
import { placeBundle } from './webroot/place.ts'

export { type FrontEndRead, undecidedIn } from './pipeline/routes.ts'
export { type KindFields, RECORD_KINDS, type RecordKind, type ShopField } from './sources/source.ts'

export interface RunSiteOptions {
  /** Take over, once, files of others that stand where ours go. */
  readonly adopt?: boolean
  /** Publish what the guard held back, and nothing else. */
  readonly accept?: boolean
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: OnProgress | undefined
}

/** One run, alone on this machine. Fails with RUN_LOCKED where another one is under way, and as runJob does. */
export async function runSite(
  site: Site,
  { adopt = false, accept = false, signal, onProgress }: RunSiteOptions = {},
): Promise<RunReport> {
  const { source, publishers, openStateFolder } = site
  const deps = { source, publishers, openStateFolder, clock: () => new Date(), signal, onProgress }
  return alone(site.lockKey, site, signal, async () => {
    // What was held back is published as it is: nothing is read for it.
    if (accept) return acceptHeld(withoutRoutes(site.job), deps, { adopt })
    return runJob(await readRoutes(site.job, { signal, onProgress }), deps, { adopt })
  })
}

/** Makes the bundle in a folder and publishes nothing. Dates of files that did not change come from what is published. */
export async function buildSite(
  site: Site,
  out: string,
  { signal, onProgress }: RunSiteOptions = {},
): Promise<RunReport> {
  return alone(`build ${out}`, site, signal, async () => {
    const job = await readRoutes(site.job, { signal, onProgress })
    const baseline = site.publishers[0] ?? createDirectoryPublisher({ path: out, switch: 'copy' })
    return withStage(async stage => {
      const { target, failure } = await openLeniently(baseline, signal)
      try {
        const deps = { source: site.source, clock: () => new Date(), signal, onProgress }
        const options = { published: target?.published, dir: stage, mayKeep: false, mostEntries: 0, exactFunnel: false }
        const { bundle, report } = await withKnown(site, { target, signal }, known =>
          rehearse(job, deps, { ...options, known }),
        )
        await placeBundle(bundle, { dir: out, switch: 'copy', adopt: false, signal })
        const unread = failure ? [`The dates of files start anew, since the target could not be read: ${failure}`] : []
        return { ...report, warnings: [...report.warnings, ...unread] }
      } finally {
        await target?.close()
      }
    })
  })
}

/** What a run would change, and why it removes what it removes: builds, compares with the first target, and writes neither. */
export async function diffSite(
  site: Site,
  { exact = false, signal, onProgress }: RunSiteOptions & { readonly exact?: boolean } = {},
): Promise<{ report: DiffReport; held: StoremapError | undefined }> {
  const [publisher] = site.publishers
  if (!publisher) throw errors.noTarget()
  return untilAborted(signal, () =>
    withStage(async stage => {
      const job = await readRoutes(site.job, { signal, onProgress })
      const target = await publisher.open(signal)
      try {
        const deps = { source: site.source, clock: () => new Date(), signal, onProgress }
        const { published } = target
        const most = { mostEntries: Number.POSITIVE_INFINITY, mostRemoved: MOST_EXPLAINED }
        const options = { published, dir: stage, mayKeep: true, exactFunnel: exact, ...most }
        return await withKnown(site, { target, signal }, async known => {
          const { held, ...rehearsed } = await rehearse(job, deps, { ...options, known })
          return { report: await explainChanges(job, rehearsed, { ...deps, published, known }), held }
        })
      } finally {
        await target.close()
      }
    }),
  )
}

/** Why something is in the sitemap, or why not; reads the shop and the first target, and writes neither. */
export async function explainSite(
  site: Site,
  asked: string,
  { signal }: Pick<RunSiteOptions, 'signal'> = {},
): Promise<{ explanation: Explanation; warnings: readonly string[] }> {
  const [publisher] = site.publishers
  return untilAborted(signal, async () => {
    // Both take a moment, and neither needs the other.
    const [opened, snapshot, read] = await Promise.allSettled([
      publisher ? openLeniently(publisher, signal) : undefined,
      site.source?.open(signal),
      readRoutesLeniently(site, signal),
    ])
    const target = opened.status === 'fulfilled' ? opened.value?.target : undefined
    try {
      if (snapshot.status === 'rejected') throw snapshot.reason
      if (opened.status === 'rejected') throw opened.reason
      if (read.status === 'rejected') throw read.reason
      const { job } = read.value
      const warnings = [...(await checkSections(job, snapshot.value)), ...read.value.warnings]
      const failure = opened.value?.failure
      if (failure) warnings.push(`Where it is published cannot be told, since the target could not be read: ${failure}`)
      const deps = { snapshot: snapshot.value, published: target?.published }
      return { explanation: await explain(job, asked, deps), warnings }
    } finally {
      if (snapshot.status === 'fulfilled') await snapshot.value?.close()
      await target?.close()
    }
  })
}

/** What rules and URLs can name, for each kind of record. Fails with CONFIG_INVALID where the shop has no such channel. */
export async function fieldsOf(
  source: DiscoverableSource,
  kinds: readonly RecordKind[],
  { signal }: Pick<RunSiteOptions, 'signal'> = {},
): Promise<KindFields[]> {
  return untilAborted(signal, async () => {
    const snapshot = await source.open(signal)
    try {
      assertNoProblems(await snapshot.check([]))
      const found: KindFields[] = []
      for (const kind of kinds) found.push(await snapshot.fields(kind))
      return found
    } finally {
      await snapshot.close()
    }
  })
}

/** For those who can do without the front end: one that cannot be read is told, and fails nothing. */
async function readRoutesLeniently(
  site: Site,
  signal: AbortSignal | undefined,
): Promise<{ job: Job; warnings: string[] }> {
  try {
    return { job: await readRoutes(withUndecided(site.job), { signal }), warnings: [] }
  } catch (cause) {
    if (!(cause instanceof StoremapError) || signal?.aborted) throw cause
    return {
      job: withoutRoutes(site.job),
      warnings: [`The front end's pages are not looked through: ${cause.message}`],
    }
  }
}

/** Every route of the site's front ends, and what becomes of it. Reads no shop. Fails with NO_ROUTES where it has none. */
export async function routesOfSite(
  site: Site,
  { signal, onProgress }: Pick<RunSiteOptions, 'signal' | 'onProgress'> = {},
): Promise<readonly FrontEndRead[]> {
  if (!site.job.sections.some(({ kind }) => kind === 'routes')) throw errors.noRoutes(site.job.name)
  return untilAborted(signal, async () => (await readRoutes(withUndecided(site.job), { signal, onProgress })).frontEnds)
}

/** The same job for what publishes nothing: undecided routes fail nothing. */
const withUndecided = (job: ConfiguredJob): ConfiguredJob => ({
  ...job,
  sections: job.sections.map(section =>
    section.kind === 'routes' ? { ...section, rules: { ...section.rules, undecided: 'warn' } } : section,
  ),
})

/** The routes of a front end without a configuration, as routes.json has them. Fails as the reading of routers does. */
export async function readRoutesFile(
  router: string,
  { folder, signal }: { readonly folder: string; readonly signal?: AbortSignal | undefined },
) {
  const routers = await import('./sources/routes/router.ts')
  const settings = { base: folder, aliases: {}, environment: {}, timeoutMs: 5 * 60_000, signal }
  return untilAborted(signal, () => routers.readRoutesFile(router, settings))
}

/** Fails with CONFIG_INVALID where the shop shows that a section cannot be read; gives what is worth knowing. */
async function checkSections(job: Job, snapshot: Snapshot | undefined): Promise<string[]> {
  const queries = job.sections.flatMap(section => (section.kind === 'records' ? [section.query] : []))
  const problems = (await snapshot?.check(queries)) ?? []
  if (problems.length > 0) throw errors.configInvalid(problems)
  return [...(snapshot?.warnings ?? [])]
}

/** Holds the lock named `key` for the work; fails with RUN_LOCKED where another process holds it. */
async function alone<T>(key: string, site: Site, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const lock = await acquireLock(key)
  if ('heldBy' in lock) {
    const { pid, since } = lock.heldBy
    throw errors.locked(site.job.name, pid ? `, process ${pid} since ${since}` : '')
  }
  try {
    await removeDeadTempFolders()
    return await untilAborted(signal, work)
  } finally {
    await lock.release()
  }
}

/** Work that ends because its signal says so has failed in one known way, whatever was cut off but a publish. */
async function untilAborted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const isTold = cause instanceof StoremapError && cause.code === 'PUBLISH_ABORTED'
    if (signal?.aborted && !isTold) throw errors.aborted()
    throw cause
  }
}

async function withStage<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const stage = await makeTempFolder('bundle')
  try {
    return await work(stage.path)
  } finally {
    await stage.remove()
  }
}

/** With what is known of the published pages; where nothing is ever published, nothing is. */
async function withKnown<T>(
  { publishers, openStateFolder }: Site,
  { target, signal }: { target: OpenTarget | undefined; signal: AbortSignal | undefined },
  work: (known: KnownState | undefined) => Promise<T>,
): Promise<T> {
  const place =
    target && publishers.length > 0 ? await openStatePlace({ publishers, openStateFolder, signal }, target) : undefined
  try {
    return await work(place && (await readKnownState(place.store, target?.published)))
  } finally {
    await place?.close()
  }
}

/** For those who can do without what is published: a target that cannot be read is told, and fails nothing. */
async function openLeniently(publisher: Publisher, signal: AbortSignal | undefined) {
  try {
    return { target: await publisher.open(signal), failure: undefined }
  } catch (cause) {
    if (!(cause instanceof StoremapError)) throw cause
    return { target: undefined, failure: cause.message }
  }
}
