// What a run would change, with the reason of each removal.
import type { EntryChanges } from '../bundle/diff-entries.ts'
import { errors } from '../errors.ts'
import type { Job } from '../pipeline/job.ts'
import { publishedOwners } from '../pipeline/published-owners.ts'
import type { RunReport } from '../pipeline/report.ts'
import type { KnownState } from '../pipeline/site-memory.ts'
import type { PublishedBundle } from '../publishers/publisher.ts'
import type { Snapshot, Source } from '../sources/source.ts'
import { type DiffReport, withRemovals } from './removal.ts'
import { explainRemovals } from './removals.ts'

/** So many removals are looked at: of the others it is told how many there are. */
export const MOST_EXPLAINED = 1_000

export interface ChangesDeps {
  readonly source: Source | undefined
  readonly published: PublishedBundle | undefined
  readonly known: KnownState | undefined
  readonly signal?: AbortSignal | undefined
}

/** Reads the shop only where a record has to be looked at. Fails as a reading of it does. */
export async function explainChanges(
  job: Job,
  { report, entries }: { readonly report: RunReport; readonly entries: EntryChanges | undefined },
  { source, published, known, signal }: ChangesDeps,
): Promise<DiffReport> {
  const { changes: _, ...rest } = report
  if (!entries) return rest
  const { diff, removed, isAdded } = entries
  if (!published) return { ...rest, changes: withRemovals(diff, { entries: [], removals: [] }) }

  let snapshot: Snapshot | undefined
  const openSnapshot = async (): Promise<Snapshot | undefined> => {
    snapshot = await source?.open(signal)
    const queries = job.sections.flatMap(section => (section.kind === 'records' ? [section.query] : []))
    const problems = (await snapshot?.check(queries)) ?? []
    if (problems.length > 0) throw errors.configInvalid(problems)
    return snapshot
  }
  try {
    const removals = await explainRemovals(job, removed, {
      published: published.manifest,
      ownerOf: publishedOwners(job, known, published.manifest),
      crowded: crowdedSections(report),
      isAdded,
      openSnapshot,
    })
    return { ...rest, changes: withRemovals(diff, { entries: removed, removals }) }
  } finally {
    await snapshot?.close()
  }
}

const crowdedSections = ({ sections }: RunReport): ReadonlySet<string> =>
  new Set(
    sections.flatMap(({ name, leftOut = [] }) => (leftOut.some(({ reason }) => reason === 'taken') ? [name] : [])),
  )
