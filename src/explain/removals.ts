// Why entries that are published will not be any more: first by what is configured, then by what their records are now.
import type { RemovedEntry } from '../bundle/entry-diff.ts'
import type { Manifest } from '../bundle/manifest.ts'
import type { Job } from '../pipeline/job.ts'
import type { OwnerOf } from '../pipeline/published-owners.ts'
import type { Snapshot } from '../sources/source.ts'
import type { Removal, RemovalCause } from './removal.ts'
import { type OpenRemoval, toldByRecords } from './removed-records.ts'
import { lostRoute } from './routes.ts'

export interface RemovalDeps {
  /** The manifest that names the entries. */
  readonly published: Manifest
  readonly ownerOf: OwnerOf
  /** Called once, and only where records have to be looked at; the sections' queries are checked. */
  openSnapshot(): Promise<Snapshot | undefined>
  /** Sections that had to leave records out, since others have their addresses. */
  readonly crowded: ReadonlySet<string>
  /** Whether an address is new in the sitemap. */
  isAdded(loc: string): boolean
}

/** One for each entry, in their order. */
export async function explainRemovals(
  job: Job,
  entries: readonly RemovedEntry[],
  { published, ownerOf, openSnapshot, ...deps }: RemovalDeps,
): Promise<Removal[]> {
  const told = new Map<RemovedEntry, Removal>()
  const open: OpenRemoval[] = []
  for (const entry of entries) {
    const found = published.site === job.site ? await byConfiguration(job, entry, ownerOf) : ofSite(published.site)
    if ('reason' in found) told.set(entry, { loc: entry.loc, section: entry.section ?? null, ...found })
    else open.push(found)
  }
  const snapshot = open.length > 0 ? await openSnapshot() : undefined
  const byRecords = snapshot ? await toldByRecords(job, open, { snapshot, ...deps }) : new Map<RemovedEntry, Removal>()
  return entries.map(
    entry =>
      told.get(entry) ??
      byRecords.get(entry) ?? { loc: entry.loc, section: entry.section ?? null, reason: 'unknown' as const },
  )
}

const ofSite = (detail: string): RemovalCause => ({ reason: 'site', detail })

/** The reason, or where the configuration has none, what there is to look at. */
async function byConfiguration(
  job: Job,
  entry: RemovedEntry,
  ownerOf: OwnerOf,
): Promise<(RemovalCause & Pick<Removal, 'route'>) | OpenRemoval> {
  const among = job.sections.filter(({ name }) => entry.among.includes(name))
  if (among.length === 0) return { reason: 'section' }
  const isOfList = among.every(({ kind }) => kind === 'list') && entry.among.length === among.length
  const read = isOfList ? job.frontEnds.find(({ section }) => section === entry.section) : undefined
  if (read) return { reason: 'route', ...lostRoute(read, entry.loc) }
  if (isOfList) return { reason: 'list' }
  const [section] = among
  if (entry.section === undefined || section?.kind !== 'records') return { entry }
  const owner = await ownerOf(entry)
  if (!owner) return { entry, section }
  const index = section.addresses.findIndex(({ hreflang = '' }) => hreflang === owner.hreflang)
  if (index === -1 && owner.hreflang !== '') return { reason: 'locale', detail: owner.hreflang }
  return index !== -1 && owner.isOfSection ? { entry, section, record: { key: owner.key, index } } : { entry, section }
}
