// From what a section reads to its entries, and what had to be left out.
import { hashLoc } from '../bundle/loc-hashes.ts'
import type { UrlEntry } from '../sitemap/entry.ts'
import { compileTemplate, type NoLoc } from '../sitemap/url-template.ts'
import type { Snapshot, SourceRecord } from '../sources/source.ts'
import { countLocales, locGroup, nameOf, pushGroup } from './entry-groups.ts'
import { loadFormatters } from './formatters.ts'
import type { Address, Job, RecordSection, Section } from './job.ts'
import { listEntries } from './list-entries.ts'

/** An entry with what places and dates it. Its `lastmod` is the back end's own date. */
export interface PageEntry extends UrlEntry {
  /** A whole number by which entries are ordered and shards are cut: a record's id, of others a hash of their name. */
  readonly key: number
  /** Which of its section's addresses it is, by index. */
  readonly slot: number
  /** The same as long as the page shows the same; undefined where that is not told. */
  readonly fingerprint?: number | undefined
}

export type LeftOutReason = NoLoc | 'taken'

/** Records without an address, by reason, with a few of their names. */
export class LeftOut {
  readonly counts = new Map<LeftOutReason, number>()
  readonly examples = new Map<LeftOutReason, string[]>()
  /** The fields of the address that were empty, as the template has them: `name|slugify`. */
  readonly emptyFields = new Set<string>()
  readonly #last = new Map<LeftOutReason, string>()

  /** A record counts once, however many of its addresses are left out; `key` tells it from the one before it. */
  add(
    reason: LeftOutReason,
    name: string,
    { key = name, field }: { key?: string; field?: string | undefined } = {},
  ): void {
    if (field !== undefined) this.emptyFields.add(field)
    if (this.#last.get(reason) === key) return
    this.#last.set(reason, key)
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1)
    const names = this.examples.get(reason) ?? []
    if (names.length < 3) this.examples.set(reason, [...names, name])
  }
}

/** By hreflang: its entries, and the records that have none there: not translated, or not in its channel. */
export interface LocaleTally {
  entries: number
  absent: number
  /** Names of some of them. */
  readonly examples: string[]
}

export interface EntryOptions {
  readonly leftOut: LeftOut
  /** What each language has, filled in; without locales there is none. */
  readonly locales?: ReadonlyMap<string, LocaleTally> | undefined
  /** Told of each address, whose it is, and which of the section's: false keeps it out, since another has it. */
  readonly claim?: ((loc: string, name: string, index: number) => boolean) | undefined
  readonly signal?: AbortSignal | undefined
}

/** The entries of a section, in batches, in the order of their keys. */
export function readEntries(
  job: Job,
  section: Section,
  options: EntryOptions & { readonly snapshot: Snapshot | undefined },
): AsyncIterable<readonly PageEntry[]> {
  const { snapshot } = options
  if (section.kind === 'list') return listEntries(job, section, options)
  if (!snapshot) throw new Error(`section ${section.name} has no source`)
  return recordEntries(job, section, { ...options, snapshot })
}

async function* recordEntries(
  job: Job,
  section: RecordSection,
  { snapshot, leftOut, locales, claim, signal }: EntryOptions & { readonly snapshot: Snapshot },
): AsyncGenerator<readonly PageEntry[]> {
  const toLoc = await locMaker(job, section, { leftOut, claim })
  const [only] = section.addresses
  const isSingle = section.addresses.length === 1 && only?.hreflang === undefined
  for await (const records of snapshot.read(section.query, signal)) {
    const entries: PageEntry[] = []
    for (const record of records) {
      const { updatedAt: lastmod, images, fingerprints } = record
      const key = toKey(record.key)
      if (isSingle) {
        const loc = toLoc(record, 0)
        if (loc !== undefined) entries.push({ key, slot: 0, loc, lastmod, images, fingerprint: fingerprints?.[0] })
      } else {
        const group = locGroup(section.addresses, index => toLoc(record, index))
        pushGroup(entries, group, { key, lastmod, images, fingerprints })
        if (locales) countLocales(section.addresses, { group, locales, record })
      }
    }
    yield entries
  }
}

/** The loc of a record's address, or undefined, with the reason noted. */
async function locMaker(job: Job, section: RecordSection, { leftOut, claim }: Pick<EntryOptions, 'leftOut' | 'claim'>) {
  const formatters = await loadFormatters(section.addresses.map(({ url }) => url))
  const makers = section.addresses.map(({ url }) => compileTemplate(job.site, url, formatters))
  return (record: SourceRecord, index: number): string | undefined => {
    const values = record.addresses[index]
    if (values === undefined) return undefined
    const loc = (makers[index] as (typeof makers)[number])(values)
    const { hreflang } = section.addresses[index] as Address
    if (typeof loc !== 'string') {
      leftOut.add(loc.no, nameOf(record, values, hreflang), { key: record.key, field: loc.field })
      return undefined
    }
    if (claim === undefined || claim(loc, nameOf(record, values, hreflang), index)) return loc
    leftOut.add('taken', nameOf(record, values, hreflang), { key: record.key })
    return undefined
  }
}

/** Ids are numbers, and ordered as such. */
function toKey(key: string): number {
  const id = Number(key)
  return Number.isSafeInteger(id) && id >= 0 ? id : hashLoc(key)
}
