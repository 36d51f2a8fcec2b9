// The entries of one page in all its languages, and how they are counted and named.
import { type LocalizedLoc, linkGroup } from '../sitemap/alternates.ts'
import type { AddressValues, SourceRecord } from '../sources/source.ts'
import type { LocaleTally, PageEntry } from './entries.ts'
import type { Address } from './job.ts'

/** For people: `oak-table (id 17)`, and which of its addresses is meant: `oak-table (id 17, de)`. */
export function nameOf({ key }: SourceRecord, values: AddressValues, hreflang: string | undefined): string {
  const value = values.find(each => each && each !== key)
  const id = `id ${key}`
  if (!value) return hreflang === undefined ? id : `${id} (${hreflang})`
  return `${value.slice(0, 100)} (${hreflang === undefined ? id : `${id}, ${hreflang}`})`
}

export interface PlacedLoc extends LocalizedLoc {
  readonly slot: number
}

export function locGroup(addresses: readonly Address[], toLoc: (index: number) => string | undefined): PlacedLoc[] {
  return addresses.flatMap(({ hreflang, isDefault }, slot) => {
    const loc = toLoc(slot)
    return loc === undefined ? [] : [{ hreflang: hreflang ?? '', isDefault, loc, slot }]
  })
}

/** One entry for each language, all with the same links. */
export function pushGroup(
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

export function countLocales(addresses: readonly Address[], { group, locales, record }: Counted): void {
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
