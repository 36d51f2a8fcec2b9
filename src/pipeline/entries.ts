// From what a section reads to its entries, and what had to be left out.
import { hashLoc } from '../bundle/loc-hashes.ts'
import { errors } from '../errors.ts'
import { type LocalizedLoc, linkGroup } from '../sitemap/alternates.ts'
import { isLocTooLong, type UrlEntry } from '../sitemap/entry.ts'
import { compileTemplate, locOfPath, type NoLoc } from '../sitemap/url-template.ts'
import { frameBytes, renderEntry } from '../sitemap/urlset.ts'
import type { AddressValues, Snapshot, SourceRecord } from '../sources/source.ts'
import { loadFormatters } from './formatters.ts'
import type { Address, Job, ListSection, RecordSection, Section } from './job.ts'

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

/** For people: `oak-table (id 17)`, and which of its addresses is meant: `oak-table (id 17, de)`. */
function nameOf({ key }: SourceRecord, values: AddressValues, hreflang: string | undefined): string {
  const value = values.find(each => each && each !== key)
  const id = `id ${key}`
  if (!value) return hreflang === undefined ? id : `${id} (${hreflang})`
  return `${value.slice(0, 100)} (${hreflang === undefined ? id : `${id}, ${hreflang}`})`
}

/** Ids are numbers, and ordered as such. */
function toKey(key: string): number {
  const id = Number(key)
  return Number.isSafeInteger(id) && id >= 0 ? id : hashLoc(key)
}

interface PlacedLoc extends LocalizedLoc {
  readonly slot: number
}

function locGroup(addresses: readonly Address[], toLoc: (index: number) => string | undefined): PlacedLoc[] {
  return addresses.flatMap(({ hreflang, isDefault }, slot) => {
    const loc = toLoc(slot)
    return loc === undefined ? [] : [{ hreflang: hreflang ?? '', isDefault, loc, slot }]
  })
}

/** One entry for each language, all with the same links. */
function pushGroup(
  entries: PageEntry[],
  group: readonly PlacedLoc[],
  {
    fingerprints,
    ...facts
  }: Pick<PageEntry, 'key' | 'lastmod' | 'images'> & {
    readonly fingerprints?: SourceRecord['fingerprints'] | undefined
  },
): void {
  const alternates = linkGroup(group)
  for (const { loc, slot } of group)
    entries.push({ loc, slot, ...facts, alternates, fingerprint: fingerprints?.[slot] })
}

interface Counted {
  readonly group: readonly LocalizedLoc[]
  readonly locales: ReadonlyMap<string, LocaleTally>
  readonly record?: SourceRecord
}

function countLocales(addresses: readonly Address[], { group, locales, record }: Counted): void {
  for (const { hreflang } of group) {
    const tally = locales.get(hreflang)
    if (tally) tally.entries++
  }
  addresses.forEach(({ hreflang = '' }, index) => {
    const tally = locales.get(hreflang)
    if (!tally || !record || record.addresses[index] !== undefined) return
    tally.absent++
    const values = record.addresses.find(each => each !== undefined)
    if (tally.examples.length < 3) tally.examples.push(nameOf(record, values ?? [], undefined))
  })
}

async function* listEntries(
  job: Job,
  section: ListSection,
  { leftOut, locales, claim, signal }: EntryOptions,
): AsyncGenerator<readonly PageEntry[]> {
  // A list is bounded by what a person keeps by hand; a path written twice is one page.
  const seen = new Set<string>()
  const taken = new Set<string>()
  const pages: ListedPage[] = []
  for await (const paths of section.read(signal)) {
    for (const path of paths) {
      const page = locOfPath(job.site, path)
      if (page === undefined) throw errors.listPathInvalid(section.name, path, job.site)
      if (seen.has(page)) continue
      seen.add(page)
      const group = locGroup(section.addresses, index => {
        const loc = addressOfPage(job.site, page, section.addresses[index] as Address)
        const isTaken = (own: string): boolean => taken.has(own) || claim?.(own, path, index) === false
        const no = loc === undefined ? 'no path' : isLocTooLong(loc) ? 'too long' : isTaken(loc) ? 'taken' : undefined
        // The German address of one page can be the English one of another.
        if (no === undefined) taken.add(loc as string)
        else leftOut.add(no, path.slice(0, 100))
        return no === undefined ? loc : undefined
      })
      const entries: PageEntry[] = []
      pushGroup(entries, group, { key: toListKey(page) })
      pages.push({ page, entries })
      if (locales) countLocales([], { group, locales })
    }
  }
  yield inListOrder(job, pages)
}

/** 24 bits of a hash: as short in a file's name as ids are. Pages of one key are of one shard. */
const toListKey = (page: string): number => Math.floor(hashLoc(page) / 2 ** 29)

interface ListedPage {
  readonly page: string
  readonly entries: readonly PageEntry[]
}

/**
 * In alphabetical order as long as one file has room for all: then nothing is cut, and one key serves for all. Longer
 * lists go by hashes of their paths, which lie evenly in the space of keys.
 */
function inListOrder({ limits, features }: Job, pages: readonly ListedPage[]): PageEntry[] {
  const sorted = pages.toSorted((a, b) => compareText(a.page, b.page)).flatMap(({ entries }) => entries)
  const bytes = sorted.reduce((sum, entry) => sum + renderEntry(entry).length, frameBytes(features))
  if (sorted.length <= limits.entries && bytes <= limits.bytes) return sorted.map(entry => ({ ...entry, key: 0 }))
  return sorted.sort((a, b) => a.key - b.key)
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** `https://shop.example.com/about` in the place of a locale: `https://shop.example.com/de/about`. */
function addressOfPage(site: string, page: string, { hreflang, url }: Address): string | undefined {
  if (hreflang === undefined) return page
  const [before = '/', after = ''] = url.literals
  const [path = '', ...query] = page.slice(site.length + 1).split('?')
  const placed = `${before}${path}${after}`
  const rest = query.length === 0 ? '' : `${placed.includes('?') ? '&' : '?'}${query.join('?')}`
  return locOfPath(site, `${site}${placed}${rest}`)
}
