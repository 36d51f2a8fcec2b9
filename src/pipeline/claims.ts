// Two records must not have one address: a page shows one of them. Sections whose templates cannot give an address
// twice are not watched. Of the others only hashes are kept; what they make suspect is confirmed by a second reading.
import { hashLoc, makeHashSet } from '../bundle/loc-hashes.ts'
import { canMeet, canRepeat } from '../sitemap/template-overlap.ts'
import type { Snapshot } from '../sources/source.ts'
import { LeftOut, readEntries } from './entries.ts'
import type { Job, RecordSection } from './job.ts'

/** An address that two records have: the first of them keeps it. */
export interface SharedLoc {
  readonly loc: string
  readonly section: string
  readonly first: string
  readonly second: string
}

export interface Claims {
  /** For readEntries: notes the address, and never refuses it; undefined for a section that needs no watching. */
  claimIn(section: RecordSection): ((loc: string) => boolean) | undefined
  /** Reads the suspects' sections again. [] where all addresses are of one record each. */
  confirm(snapshot: Snapshot | undefined, signal?: AbortSignal): Promise<readonly SharedLoc[]>
}

export function watchClaims(job: Job): Claims {
  const watched = watchedSections(job)
  const seen = makeHashSet()
  const suspects = new Set<number>()
  return {
    claimIn: section =>
      watched.includes(section)
        ? loc => {
            const hash = hashLoc(loc)
            if (!seen.add(hash)) suspects.add(hash)
            return true
          }
        : undefined,
    confirm: async (snapshot, signal) => {
      const shared: SharedLoc[] = []
      if (suspects.size === 0) return shared
      const owners = new Map<string, string>()
      for (const section of watched) {
        const claim = (loc: string, name: string): boolean => {
          if (!suspects.has(hashLoc(loc))) return false
          const first = owners.get(loc)
          if (first === undefined) owners.set(loc, `${section.name} ${name}`)
          else shared.push({ loc, section: section.name, first, second: `${section.name} ${name}` })
          return false
        }
        for await (const _ of readEntries(job, section, { snapshot, leftOut: new LeftOut(), claim, signal }));
      }
      return shared
    },
  }
}

function watchedSections(job: Job): RecordSection[] {
  const sections = job.sections.filter(section => section.kind === 'records')
  const places = sections.flatMap(section =>
    section.addresses.map(({ url }, index) => ({
      section,
      url,
      translated: section.query.addresses[index]?.language !== undefined,
    })),
  )
  return sections.filter(section =>
    places.some(
      one =>
        one.section === section &&
        (canRepeat(one.url, one) || places.some(other => other !== one && canMeet(one.url, other.url))),
    ),
  )
}
