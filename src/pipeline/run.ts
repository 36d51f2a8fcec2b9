// One run of a job: read, build, compare, guard, publish. Touches the targets last, and only with something new.
import type { Changes } from '../bundle/compare.ts'
import { compareManifests } from '../bundle/compare.ts'
import type { EntryDiff } from '../bundle/diff-entries.ts'
import { findShrunk } from '../bundle/guard.ts'
import type { Bundle } from '../bundle/manifest.ts'
import { errors, StoremapError } from '../errors.ts'
import { makeTempFolder } from '../io/temp.ts'
import type { OpenTarget, PublishedBundle, Publisher } from '../publishers/publisher.ts'
import { lastmodFromDate } from '../sitemap/lastmod.ts'
import type { Source } from '../sources/source.ts'
import { type BuildResult, buildBundle } from './build.ts'
import { changedEntries } from './changed-entries.ts'
import type { Job, OnProgress, RecordSection } from './job.ts'
import { commitMessage, type RunReport, reportFiles, reportSections, type TargetReport } from './report.ts'

export interface RunDeps {
  /** Undefined where no section reads a shop. */
  readonly source: Source | undefined
  /** The first is the reference: what it holds is what a run compares with. */
  readonly publishers: readonly Publisher[]
  readonly clock: () => Date
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: OnProgress | undefined
}

/** Times that a run starts over because somebody else published in between. */
const ATTEMPTS = 3

/**
 * Fails with BUNDLE_SHRUNK where the guard holds the bundle back, with TARGET_MOVED after the third lost race.
 * Whatever fails, what was published stays.
 */
export async function runJob(job: Job, deps: RunDeps, { adopt }: { readonly adopt: boolean }): Promise<RunReport> {
  const started = deps.clock()
  const [first, ...others] = deps.publishers
  if (!first) throw errors.noTarget()
  for (let attempt = 1; ; attempt++) {
    deps.onProgress?.({ stage: 'open' })
    const target = await first.open(deps.signal)
    const staged = await makeTempFolder('bundle')
    try {
      const built = await readAndBuild(job, deps, { published: target.published, dir: staged.path, exactFunnel: false })
      const compared = await compareWith(target.published, built)
      assertNotShrunk(job, compared.changes, built.warnings)
      deps.signal?.throwIfAborted()

      deps.onProgress?.({ stage: 'publish', target: first.name })
      const message = commitMessage(job.name, compared.changes, compared.diff, target.published === undefined)
      const targets = [await publishTo(first.name, target, built.result.bundle, { message, adopt }, deps.signal)]
      for (const publisher of others)
        targets.push(await publishToOther(publisher, built.result.bundle, { message, adopt }, deps))
      return report(job, built, compared, {
        targets,
        isFirst: !target.published,
        durationMs: deps.clock().getTime() - started.getTime(),
      })
    } catch (cause) {
      if (!(cause instanceof StoremapError && cause.code === 'TARGET_MOVED') || attempt === ATTEMPTS) throw cause
    } finally {
      await target.close()
      await staged.remove()
    }
  }
}

export interface RehearsalOptions {
  readonly published: PublishedBundle | undefined
  /** Empty folder for the bundle. */
  readonly dir: string
  /** Read every file that changed, however large, to tell which URLs did. */
  readonly byUrl: boolean
  /** Count every record for the funnel, however long it takes. */
  readonly exactFunnel: boolean
}

/**
 * Builds into a folder and compares, publishing nothing: what `build` and `diff` do. `dir` is empty and stays the
 * caller's.
 */
export async function rehearse(
  job: Job,
  deps: Pick<RunDeps, 'source' | 'clock' | 'signal' | 'onProgress'>,
  { published, dir, byUrl, exactFunnel }: RehearsalOptions,
): Promise<{ bundle: Bundle; report: RunReport; shrunk: StoremapError | undefined }> {
  const started = deps.clock()
  const built = await readAndBuild(job, deps, { published, dir, exactFunnel })
  const compared = await compareWith(published, built, {
    mostEntries: byUrl ? Number.POSITIVE_INFINITY : 0,
    examples: 5,
  })
  const durationMs = deps.clock().getTime() - started.getTime()
  return {
    bundle: built.result.bundle,
    report: { ...report(job, built, compared, { targets: [], isFirst: !published, durationMs }), outcome: 'built' },
    shrunk: shrinkError(job, compared.changes, built.warnings),
  }
}

interface Built {
  readonly result: BuildResult
  readonly warnings: readonly string[]
}

async function readAndBuild(
  job: Job,
  deps: Pick<RunDeps, 'source' | 'clock' | 'signal' | 'onProgress'>,
  { published, dir, exactFunnel }: { published: PublishedBundle | undefined; dir: string; exactFunnel: boolean },
): Promise<Built> {
  const queries = job.sections
    .filter((section): section is RecordSection => section.kind === 'records')
    .map(({ query }) => query)
  const snapshot = queries.length > 0 ? await deps.source?.open(deps.signal) : undefined
  try {
    const problems = (await snapshot?.check(queries)) ?? []
    if (problems.length > 0) throw errors.configInvalid(problems)
    const now = snapshot?.now ?? lastmodFromDate(deps.clock())
    const { signal, onProgress } = deps
    const options = { dir, published: published?.manifest, now, exactFunnel, signal, onProgress }
    const result = await buildBundle(job, snapshot, options)
    return { result, warnings: snapshot?.warnings ?? [] }
  } finally {
    await snapshot?.close()
  }
}

interface Compared {
  readonly changes: Changes
  readonly diff: EntryDiff | undefined
}

async function compareWith(
  published: PublishedBundle | undefined,
  { result }: Built,
  limits: { readonly mostEntries?: number; readonly examples: number } = { examples: 5 },
): Promise<Compared> {
  const changes = compareManifests(published?.manifest, result.bundle.manifest)
  return { changes, diff: await changedEntries(published, result.bundle, changes, limits) }
}

function shrinkError(job: Job, changes: Changes, warnings: readonly string[]): StoremapError | undefined {
  const shrunk = findShrunk(changes.sections, job.guard)
  return shrunk.length > 0 ? errors.bundleShrunk(shrunk, job.guard.maxShrinkPercent, warnings) : undefined
}

function assertNotShrunk(job: Job, changes: Changes, warnings: readonly string[]): void {
  const error = shrinkError(job, changes, warnings)
  if (error) throw error
}

/** Cut off by the signal, a publish may have arrived all the same: then the run must not claim that nothing did. */
async function publishTo(
  name: string,
  target: OpenTarget,
  bundle: Bundle,
  options: { message: string; adopt: boolean },
  signal: AbortSignal | undefined,
): Promise<TargetReport> {
  try {
    const { reference, written, removed } = await target.publish(bundle, options)
    return { target: name, outcome: written + removed > 0 ? 'published' : 'unchanged', reference }
  } catch (cause) {
    if (signal?.aborted && !(cause instanceof StoremapError)) throw errors.publishAborted(name)
    throw cause
  }
}

/** The others get the very bytes that the first has; one that fails, or comes too late, is told and keeps its old bundle. */
async function publishToOther(
  publisher: Publisher,
  bundle: Bundle,
  options: { message: string; adopt: boolean },
  { signal, onProgress }: RunDeps,
): Promise<TargetReport> {
  try {
    onProgress?.({ stage: 'publish', target: publisher.name })
    const target = await publisher.open(signal)
    try {
      return await publishTo(publisher.name, target, bundle, options, signal)
    } finally {
      await target.close()
    }
  } catch (cause) {
    // What the first target has must be told, so the end of the run is a failure of this target only.
    const failure = signal?.aborted && !(cause instanceof StoremapError) ? errors.aborted() : cause
    if (!(failure instanceof StoremapError)) throw failure
    const { code, message, hint } = failure
    return { target: publisher.name, outcome: 'failed', error: { code, message, ...(hint !== undefined && { hint }) } }
  }
}

function report(
  job: Job,
  { result, warnings }: Built,
  { changes, diff }: Compared,
  facts: { targets: readonly TargetReport[]; isFirst: boolean; durationMs: number },
): RunReport {
  const sections = reportSections(result, changes, facts.isFirst)
  return {
    outcome: facts.targets.some(({ outcome }) => outcome === 'published') ? 'published' : 'unchanged',
    site: job.site,
    revision: result.bundle.revision,
    entries: sections.reduce((sum, { entries }) => sum + entries, 0),
    files: reportFiles(result.bundle, changes),
    sections,
    ...(diff && { changes: diff }),
    targets: facts.targets,
    warnings,
    durationMs: facts.durationMs,
  }
}
