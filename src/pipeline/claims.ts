// Two records must not have one address: a page shows one of them. Templates that cannot give an address twice are not
// watched. Of the others only hashes are kept; what they make suspect is confirmed by a second reading. Lists are
// small, and kept whole: a page that a list and a record have is one page, and the record's.
import { hashLoc, makeHashSet } from '../bundle/loc-hashes.ts'
import { compileMatch } from '../sitemap/match-template.ts'
import { canMeet, canRepeat } from '../sitemap/template-overlap.ts'
import type { UrlTemplate } from '../sitemap/url-template.ts'
import type { Snapshot } from '../sources/source.ts'
import { LeftOut, readEntries } from './entries.ts'
import type { Job, RecordSection } from './job.ts'

/** An address that two records have: the first of them keeps it. */
export interface SharedLoc {
  readonly loc: string
  readonly section: string
  readonly first: string
  readonly second: string
  /** Whether it is one record, listed by two sections. */
  readonly isOne: boolean
}

/** Told of an address, whose it is, and which of the section's addresses: false keeps it out. */
export type Claim = (loc: string, name: string, index: number) => boolean

export interface Claims {
  /** Notes a record's address, and refuses none; undefined for a section that needs no watching. */
  claimIn(section: RecordSection): Claim | undefined
  /** Refuses a list's address that a record has, or another list. Lists come after all records. */
  readonly claimInList: Claim
  /** Forgets what lists have claimed, before they are read again. */
  reset(): void
  /** Reads the suspects' sections again. [] where all addresses are of one record each. */
  confirm(snapshot: Snapshot | undefined, signal?: AbortSignal): Promise<readonly SharedLoc[]>
}

export async function watchClaims(job: Job, signal?: AbortSignal): Promise<Claims> {
  const lists = await readLists(job, signal)
  const isListed = (url: UrlTemplate): boolean => {
    const match = compileMatch(job.site, url)
    return [...lists].some(loc => match(loc) !== undefined)
  }
  const ofRecords = new Set<string>()
  const ofLists = new Set<string>()
  const seen = makeHashSet()
  const suspects = new Set<number>()
  return {
    claimIn: section => {
      const hashed = section.addresses.map((_, index) => isWatched(job, section, index))
      const listed = section.addresses.map(({ url }) => isListed(url))
      if (![...hashed, ...listed].includes(true)) return undefined
      return (loc, _, index) => {
        if (listed[index] && lists.has(loc)) ofRecords.add(loc)
        if (hashed[index]) {
          const hash = hashLoc(loc)
          if (!seen.add(hash)) suspects.add(hash)
        }
        return true
      }
    },
    claimInList: loc => {
      if (ofRecords.has(loc) || ofLists.has(loc)) return false
      ofLists.add(loc)
      return true
    },
    reset: () => ofLists.clear(),
    confirm: async (snapshot, signal) => {
      const shared: SharedLoc[] = []
      if (suspects.size === 0) return shared
      const owners = new Map<string, { readonly section: RecordSection; readonly name: string }>()
      for (const section of job.sections) {
        if (section.kind !== 'records') continue
        const watched = section.addresses.map((_, index) => isWatched(job, section, index))
        if (!watched.includes(true)) continue
        const claim: Claim = (loc, name, index) => {
          if (!watched[index] || !suspects.has(hashLoc(loc))) return false
          const first = owners.get(loc)
          if (first === undefined) owners.set(loc, { section, name })
          else {
            shared.push({
              loc,
              section: section.name,
              first: `${first.section.name} ${first.name}`,
              second: `${section.name} ${name}`,
              isOne: first.section !== section && first.section.query.of === section.query.of && first.name === name,
            })
          }
          return false
        }
        for await (const _ of readEntries(job, section, { snapshot, leftOut: new LeftOut(), claim, signal }));
      }
      return shared
    },
  }
}

/** What lists have, where there are records that could have it, too. */
async function readLists(job: Job, signal: AbortSignal | undefined): Promise<ReadonlySet<string>> {
  const locs = new Set<string>()
  if (!job.sections.some(({ kind }) => kind === 'records')) return locs
  for (const section of job.sections) {
    if (section.kind !== 'list') continue
    const batches = readEntries(job, section, { snapshot: undefined, leftOut: new LeftOut(), signal })
    for await (const entries of batches) for (const { loc } of entries) locs.add(loc)
  }
  return locs
}

/** Whether an address of the section could be that of another record, for all that the templates tell. */
export function isWatched(job: Job, section: RecordSection, index: number): boolean {
  const { url } = section.addresses[index] as RecordSection['addresses'][number]
  const translated = section.query.addresses[index]?.language !== undefined
  if (canRepeat(url, { translated })) return true
  return job.sections.some(
    other =>
      other.kind === 'records' &&
      other.addresses.some((address, at) => !(other === section && at === index) && canMeet(url, address.url)),
  )
}
