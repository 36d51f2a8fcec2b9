// Why records are no longer listed where they were: each is found, by the state or by its address, and judged.
import type { RemovedEntry } from '../bundle/entry-diff.ts'
import { loadFormatters } from '../pipeline/formatters.ts'
import type { Job, RecordSection } from '../pipeline/job.ts'
import { compileTemplate } from '../sitemap/url-template.ts'
import type { Snapshot } from '../sources/source.ts'
import type { ToLoc } from './holders.ts'
import { makeJudgeAll } from './judge-all.ts'
import type { Removal } from './removal.ts'
import { makeJudgeFormer } from './removal-cause.ts'
import { type TracedRecord, type Traces, traceRecords } from './trace.ts'

/** An entry whose record has to be looked at. */
export interface OpenRemoval {
  readonly entry: RemovedEntry
  /** Undefined where it may be of any of those that the entry is among. */
  readonly section?: RecordSection
  /** Absent where it has to be found by the address. */
  readonly record?: TracedRecord
}

export interface RecordsDeps {
  readonly snapshot: Snapshot
  /** Sections that had to leave records out, since others have their addresses. */
  readonly crowded: ReadonlySet<string>
  /** Whether an address is new in the sitemap. */
  isAdded(loc: string): boolean
}

/** By entry; without those of which nothing can be told. */
export async function toldByRecords(
  job: Job,
  open: readonly OpenRemoval[],
  { snapshot, ...deps }: RecordsDeps,
): Promise<ReadonlyMap<RemovedEntry, Removal>> {
  const judgeAll = makeJudgeAll(snapshot)
  const judgeFormer = makeJudgeFormer(job, { snapshot, judgeAll, ...deps })
  const told = new Map<RemovedEntry, Removal>()
  const makers = new Map<RemovedEntry, Removal[]>()
  for (const section of job.sections) {
    if (section.kind !== 'records') continue
    const toLocs = await locMakers(job, section)
    const own = open.filter(each => each.section === section)
    const sought = own.filter(({ record }) => !record).map(({ entry }) => entry)
    const traces = await traceRecords(job, { section, locs: locsOf(sought) }, { snapshot, judgeAll, toLocs })
    const strays = open
      .filter(each => !each.section && each.entry.among.includes(section.name) && !told.has(each.entry))
      .map(({ entry }) => entry)
    const straying = await traceRecords(job, { section, locs: locsOf(strays) }, { snapshot, judgeAll })

    const former = new Map<RemovedEntry, TracedRecord | undefined>([
      ...own.map(({ entry, record }) => [entry, record ?? traces.records.get(entry.loc)] as const),
      ...strays.map(entry => [entry, straying.records.get(entry.loc)] as const),
    ])
    for (const [entry, removal] of await judgeFormer(section, { toLocs, former })) told.set(entry, removal)
    for (const entry of sought) if (!told.has(entry)) told.set(entry, withoutRecord(entry, { section, traces }))
    for (const entry of strays) {
      if (!straying.made.has(entry.loc)) continue
      makers.set(entry, [...(makers.get(entry) ?? []), withoutRecord(entry, { section, traces: straying })])
    }
  }
  const isOfRecords = (name: string): boolean =>
    job.sections.some(each => each.kind === 'records' && each.name === name)
  for (const [entry, [only, ...others]] of makers)
    if (only && others.length === 0 && !told.has(entry) && entry.among.every(isOfRecords)) told.set(entry, only)
  return told
}

const locsOf = (entries: readonly RemovedEntry[]): string[] => entries.map(({ loc }) => loc)

/** What makes the section's addresses, in their order. */
async function locMakers(job: Job, { addresses }: RecordSection): Promise<ToLoc[]> {
  const formatters = await loadFormatters(addresses.map(({ url }) => url))
  return addresses.map(({ url }) => compileTemplate(job.site, url, formatters))
}

function withoutRecord(
  { loc }: RemovedEntry,
  { section, traces: { made, deleted } }: { readonly section: RecordSection; readonly traces: Traces },
): Removal {
  const reason = deleted.has(loc) ? 'deleted' : made.has(loc) ? 'gone' : 'unknown'
  return { loc, section: section.name, reason }
}
