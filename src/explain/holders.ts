// Whose an address is: every record that some section would give it, whether or not it is listed there.

import { loadFormatters } from '../pipeline/formatters.ts'
import type { Job, RecordSection } from '../pipeline/job.ts'
import { compileMatch, decodeValue, isSameLoc } from '../sitemap/match-template.ts'
import { compileTemplate, type UrlTemplate } from '../sitemap/url-template.ts'
import type { RecordAddresses, RecordName, Snapshot } from '../sources/source.ts'
import { isConclusive, type Matched, narrowingRule, quickRules } from './quick.ts'

export interface Holder {
  readonly section: RecordSection
  /** Which of the section's addresses it is. */
  readonly index: number
  readonly record: RecordName
  readonly loc: string
}

/** A record that the address leads to by an id or a slug in it, though its own is another one now. */
export interface Former {
  readonly section: RecordSection
  readonly record: RecordName
  readonly by: string
  /** The address that was asked for. */
  readonly loc: string
}

export interface Found {
  /** In the order of the sections, then of ids, then of a section's addresses: the first that is listed keeps it. */
  readonly holders: readonly Holder[]
  readonly former: readonly Former[]
}

/** Of an address that very many have, no more are kept for a section: the first ones. */
const MOST_HOLDERS = 1_000

export type FindHolders = (locs: readonly string[]) => Promise<Found>

/** Each address is looked for once, however often it is asked for; those asked for together in one go. */
export function makeFindHolders(job: Job, snapshot: Snapshot): FindHolders {
  const known = new Map<string, Found>()
  return async locs => {
    const unknown = locs.filter(loc => !known.has(loc))
    const found = unknown.length > 0 ? await search(job, snapshot, unknown) : { holders: [], former: [] }
    const keep = (loc: string): void => {
      known.set(loc, {
        holders: found.holders.filter(each => isSameLoc(each.loc, loc)),
        former: found.former.filter(each => each.loc === loc),
      })
    }
    // An address that was asked for in another spelling is asked for again as it is written.
    for (const { loc } of found.holders) if (!known.has(loc)) keep(loc)
    for (const loc of unknown) keep(loc)
    const all = locs.map(loc => known.get(loc) as Found)
    return { holders: all.flatMap(each => each.holders), former: all.flatMap(each => each.former) }
  }
}

async function search(job: Job, snapshot: Snapshot, locs: readonly string[]): Promise<Found> {
  const holders: Holder[] = []
  const former: Former[] = []
  for (const section of job.sections) {
    if (section.kind !== 'records') continue
    const wanted = await wantedIn(job, section, locs)
    if (wanted.length === 0) continue
    const inSection = new Map<string, Holder>()
    const note = (record: RecordAddresses): boolean => {
      let has = false
      for (const { index, toLoc, made } of wanted) {
        const loc = locOf(record, index, toLoc)
        if (loc === undefined || !made.has(loc)) continue
        has = true
        if (inSection.size < MOST_HOLDERS) inSection.set(`${record.key} ${index}`, { section, index, record, loc })
      }
      return has
    }
    for (const { matches, isConclusive } of wanted) {
      for (const { loc, ...matched } of matches) {
        for (const { where, by } of quickRules(matched)) {
          for (const record of await snapshot.locate(section.query, where))
            if (!note(record) && isConclusive) former.push({ section, record, by, loc })
        }
      }
    }
    const open = wanted.filter(each => !each.isConclusive).flatMap(({ matches }) => matches)
    if (open.length > 0) {
      for await (const records of snapshot.scan(section.query, { OR: open.map(narrowingRule) })) records.forEach(note)
    }
    holders.push(...[...inSection.values()].sort(byIdThenAddress))
  }
  return { holders, former }
}

const byIdThenAddress = (a: Holder, b: Holder): number =>
  Number(a.record.key) - Number(b.record.key) || a.index - b.index

export type ToLoc = ReturnType<typeof compileTemplate>

export function locOf(
  { addresses }: Pick<RecordAddresses, 'addresses'>,
  index: number,
  toLoc: ToLoc,
): string | undefined {
  const values = addresses[index]
  const loc = values && toLoc(values)
  return typeof loc === 'string' ? loc : undefined
}

export interface Wanted {
  readonly index: number
  readonly toLoc: ToLoc
  readonly matches: readonly (Matched & { readonly loc: string })[]
  /** The addresses asked for, in the spelling that the template gives them. */
  readonly made: ReadonlySet<string>
  readonly isConclusive: boolean
}

/** The section's addresses that could be among those asked for. */
export async function wantedIn(job: Job, section: RecordSection, locs: readonly string[]): Promise<Wanted[]> {
  const formatters = await loadFormatters(section.addresses.map(({ url }) => url))
  return section.addresses.flatMap(({ url }, index) => {
    const match = compileMatch(job.site, url)
    const asWritten = compileTemplate(job.site, unformatted(url))
    const made = new Set<string>()
    const matches = locs.flatMap(loc => {
      const values = match(loc)?.map(decodeValue)
      const own = values && asWritten(values)
      if (!values || typeof own !== 'string') return []
      made.add(own)
      return [{ url, values, language: section.query.addresses[index]?.language, loc }]
    })
    if (matches.length === 0) return []
    const toLoc = compileTemplate(job.site, url, formatters)
    return [{ index, toLoc, matches, made, isConclusive: isConclusive(url) }]
  })
}

/** What was made of a value is in the address already. */
const unformatted = (url: UrlTemplate): UrlTemplate => ({ ...url, formats: url.formats.map(() => undefined) })
