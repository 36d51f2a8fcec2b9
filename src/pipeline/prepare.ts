// The first half of a run: reads the shop, builds the bundle, and compares it with what is published. Publishes nothing.
import type { Changes } from '../bundle/compare.ts'
import { compareManifests } from '../bundle/compare.ts'
import type { EntryChanges } from '../bundle/diff-entries.ts'
import type { EntryDiff } from '../bundle/entry-diff.ts'
import type { Bundle } from '../bundle/manifest.ts'
import { errors, type StoremapError } from '../errors.ts'
import type { PublishedBundle } from '../publishers/publisher.ts'
import { lastmodFromDate } from '../sitemap/lastmod.ts'
import type { Source } from '../sources/source.ts'
import { type BuildResult, buildBundle } from './build.ts'
import { changedEntries } from './changed-entries.ts'
import { slashTexts, uncoveredText } from './coverage.ts'
import { holdingReason } from './guard.ts'
import type { Job, OnProgress, RecordSection } from './job.ts'
import { reportRun } from './make-report.ts'
import type { RunReport } from './report.ts'
import { routeWarnings } from './routes.ts'
import { type KnownState, stateWarnings } from './site-memory.ts'

export interface PrepareDeps {
  /** Undefined where no section reads a shop. */
  readonly source: Source | undefined
  readonly clock: () => Date
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: OnProgress | undefined
}

export interface PrepareOptions {
  readonly published: PublishedBundle | undefined
  /** Undefined where nothing is known or kept of pages: they then have the back end's dates. */
  readonly known: KnownState | undefined
  /** Empty folder for the bundle, the caller's to remove. */
  readonly dir: string
  /** Empty folder for the new state; undefined where none is wanted. */
  readonly stateDir?: string | undefined
  /** Whether shards that are published as they are need not be made again. */
  readonly mayKeep: boolean
  /** Count every record for the funnel, however long it takes. */
  readonly exactFunnel: boolean
  /** Entries in changed files up to which URLs are compared. */
  readonly mostEntries?: number | undefined
  /** So many of the entries that are gone are told one by one. @defaultValue 0 */
  readonly mostRemoved?: number | undefined
}

export interface Prepared {
  readonly result: BuildResult
  readonly warnings: readonly string[]
  readonly changes: Changes
  /** Undefined where too much has changed to compare it by the way. */
  readonly diff: EntryDiff | undefined
  /** The same with the addresses behind it. */
  readonly entries: EntryChanges | undefined
}

const EXAMPLES = 5

export async function prepare(job: Job, deps: PrepareDeps, options: PrepareOptions): Promise<Prepared> {
  const { published, known, mostEntries, mostRemoved } = options
  const { result, warnings } = await readAndBuild(job, deps, options)
  deps.onProgress?.({ stage: 'compare' })
  const changes = compareManifests(published?.manifest, result.bundle.manifest)
  const limits = { examples: EXAMPLES, mostEntries, mostRemoved }
  const entries = await changedEntries(published, result.bundle, changes, limits)
  return { result, warnings: [...warnings, ...stateWarnings(job, known)], changes, diff: entries?.diff, entries }
}

async function readAndBuild(job: Job, deps: PrepareDeps, options: PrepareOptions) {
  const { signal, onProgress } = deps
  const queries = job.sections
    .filter((section): section is RecordSection => section.kind === 'records')
    .map(({ query }) => query)
  const snapshot = queries.length > 0 ? await deps.source?.open(signal) : undefined
  try {
    const problems = (await snapshot?.check(queries)) ?? []
    if (problems.length > 0) throw errors.configInvalid(problems)
    const now = snapshot?.now ?? lastmodFromDate(deps.clock())
    const result = await buildBundle(job, snapshot, { ...options, now, signal, onProgress })
    return { result, warnings: [...(snapshot?.warnings ?? []), ...frontEndWarnings(job, result)] }
  } finally {
    await snapshot?.close()
  }
}

/** Fails with ROUTES_UNCOVERED where addresses have to be pages of the front end, and some are not. */
function frontEndWarnings(job: Job, { sections }: BuildResult): string[] {
  const uncovered = sections.flatMap(({ name, uncovered: found }) => (found ? [uncoveredText(name, found)] : []))
  if (uncovered.length > 0 && job.frontEnds.some(read => read.uncovered === 'error'))
    throw errors.routesUncovered(uncovered)
  return [...job.frontEnds.flatMap(routeWarnings), ...slashTexts(job), ...uncovered.map(text => `${text}.`)]
}

/** What `build` and `diff` do: a run that ends before it publishes. Reads state and target, and writes neither. */
export async function rehearse(
  job: Job,
  deps: PrepareDeps,
  options: PrepareOptions,
): Promise<{
  bundle: Bundle
  report: RunReport
  entries: EntryChanges | undefined
  held: StoremapError | undefined
}> {
  const started = deps.clock()
  const prepared = await prepare(job, deps, options)
  const durationMs = deps.clock().getTime() - started.getTime()
  const isFirst = options.published === undefined
  return {
    bundle: prepared.result.bundle,
    report: { ...reportRun(job, prepared, { targets: [], isFirst, durationMs }), outcome: 'built' },
    entries: prepared.entries,
    held: holdingReason(job, prepared, { isKept: false, warnings: prepared.warnings }),
  }
}
