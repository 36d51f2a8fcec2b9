// From addresses that a section had to the records that had them, by what the addresses say: for where the state does not
// tell. Asks for all of them at once, since they may be a thousand.
import type { Job, RecordSection } from '../pipeline/job.ts'
import type { RecordAddresses, Snapshot } from '../sources/source.ts'
import { locOf, type ToLoc, type Wanted, wantedIn } from './holders.ts'
import type { JudgeAll } from './judge-all.ts'
import { narrowingRule, quickRules } from './quick.ts'
import { lastFolder } from './reading.ts'

export interface TracedRecord {
  readonly key: string
  /** Which of the section's addresses it was. */
  readonly index: number
  /** Whether it is only likely: the section makes no such address any more. */
  readonly isLikely?: boolean
}

export interface Traces {
  /** By loc. */
  readonly records: ReadonlyMap<string, TracedRecord>
  /** Addresses that the section makes, for whatever record. */
  readonly made: ReadonlySet<string>
  /** Addresses with the id of a record that is not there any more. */
  readonly deleted: ReadonlySet<string>
}

interface Tracing {
  readonly section: RecordSection
  readonly snapshot: Snapshot
  readonly wanted: readonly Wanted[]
  readonly records: Map<string, TracedRecord>
}

export interface TraceOptions {
  readonly snapshot: Snapshot
  readonly judgeAll: JudgeAll
  /** What makes the section's addresses; absent where they may be another section's, if it makes none like them. */
  readonly toLocs?: readonly ToLoc[]
}

/** By an id or a slug in the address, else by a look through all records, else by a slug in the address's last folder. */
export async function traceRecords(
  job: Job,
  { section, locs }: { readonly section: RecordSection; readonly locs: readonly string[] },
  { snapshot, judgeAll, toLocs }: TraceOptions,
): Promise<Traces> {
  const wanted = await wantedIn(job, section, locs)
  const tracing: Tracing = { section, snapshot, wanted, records: new Map() }
  const leads = wanted.flatMap(leadsOf)
  const deleted = await followIds(tracing, { leads, judgeAll })
  const names = new Set(leads.flatMap(({ field }) => (field === 'id' ? [] : [field])))
  for (const field of names) {
    const left = leads.filter(lead => lead.field === field && !tracing.records.has(lead.loc) && !deleted.has(lead.loc))
    if (left.length > 0) await followTexts(tracing, { field, leads: left })
  }
  await lookThrough(tracing)
  const made = new Set(wanted.flatMap(({ matches }) => matches.map(({ loc }) => loc)))
  if (toLocs) await tryLastFolders(tracing, { locs: locs.filter(loc => !made.has(loc)), toLocs })
  return { records: tracing.records, made, deleted }
}

/** What an address says of its record. */
interface Lead {
  readonly loc: string
  readonly index: number
  readonly field: string
  readonly value: string | number
  /** Where in the address's values it stands. */
  readonly at: number
  /** Whether it alone says which record it was, whatever else of the address is another now. */
  readonly isConclusive: boolean
}

function leadsOf({ index, matches, isConclusive }: Wanted): Lead[] {
  return matches.flatMap(match =>
    quickRules(match).flatMap(({ where }) => {
      const [field, value] = Object.entries(where)[0] as [string, string | number]
      const own = field.startsWith('translations.') ? 'slug' : field
      const at = match.url.fields.findIndex((each, place) => each === own && match.url.formats[place] === undefined)
      return [{ loc: match.loc, index, field, value, at, isConclusive }]
    }),
  )
}

/** Notes the record at those of its addresses that are asked for. */
function note({ wanted, records }: Tracing, record: Pick<RecordAddresses, 'key' | 'addresses'>): void {
  for (const { index, toLoc, made } of wanted) {
    const loc = locOf(record, index, toLoc)
    if (loc !== undefined && made.has(loc) && !records.has(loc)) records.set(loc, { key: record.key, index })
  }
}

/** Gives the addresses whose record is not there. */
async function followIds(
  tracing: Tracing,
  { leads, judgeAll }: { readonly leads: readonly Lead[]; readonly judgeAll: JudgeAll },
): Promise<ReadonlySet<string>> {
  const own = leads.filter(({ field }) => field === 'id')
  const facts = await judgeAll(tracing.section, [...new Set(own.map(({ value }) => String(value)))])
  for (const record of facts.values()) note(tracing, record)
  const missing = new Set<string>()
  for (const { loc, index, value, isConclusive } of own) {
    if (tracing.records.has(loc) || !isConclusive) continue
    if (facts.has(String(value))) tracing.records.set(loc, { key: String(value), index })
    else missing.add(loc)
  }
  return new Set([...missing].filter(loc => !tracing.records.has(loc)))
}

async function followTexts(
  tracing: Tracing,
  { field, leads }: { readonly field: string; readonly leads: readonly Lead[] },
): Promise<void> {
  const { section, snapshot, records } = tracing
  const byValue = new Map<string, Lead[]>()
  for (const lead of leads) byValue.set(String(lead.value), [...(byValue.get(String(lead.value)) ?? []), lead])
  const places = [...new Map(leads.map(({ index, at }) => [`${index} ${at}`, { index, at }])).values()]
  const formers: (readonly [Lead, key: string])[] = []
  for await (const batch of snapshot.scan(section.query, { [field]: { oneOf: [...byValue.keys()] } })) {
    for (const record of batch) {
      note(tracing, record)
      const own = field === 'slug' ? (byValue.get(record.slug) ?? []) : []
      const placed = places.flatMap(({ index, at }) => {
        const value = record.addresses[index]?.[at]
        return value ? (byValue.get(value) ?? []).filter(lead => lead.index === index && lead.at === at) : []
      })
      for (const lead of [...own, ...placed]) if (lead.isConclusive) formers.push([lead, record.key])
    }
  }
  // Who has an address comes before who only has a part of it.
  for (const [{ loc, index }, key] of formers) if (!records.has(loc)) records.set(loc, { key, index })
}

/** Once through all records, where an address is made of what no index knows. */
async function lookThrough(tracing: Tracing): Promise<void> {
  const { section, snapshot, wanted, records } = tracing
  const open = wanted
    .filter(({ isConclusive }) => !isConclusive)
    .flatMap(({ matches }) => matches.filter(({ loc }) => !records.has(loc)))
  if (open.length === 0) return
  const rules = [...new Map(open.map(narrowingRule).map(rule => [JSON.stringify(rule), rule])).values()]
  const isAny = rules.some(rule => Object.keys(rule).length === 0)
  for await (const batch of snapshot.scan(section.query, isAny ? {} : { OR: rules }))
    for (const record of batch) note(tracing, record)
}

/** Made by a URL that the section had before: a slug mostly stands at its end all the same. */
async function tryLastFolders(
  tracing: Tracing,
  { locs, toLocs }: { readonly locs: readonly string[]; readonly toLocs: readonly ToLoc[] },
): Promise<void> {
  const { section, snapshot, records } = tracing
  const bySlug = new Map<string, string[]>()
  for (const loc of locs) {
    const slug = lastFolder(loc)
    if (slug !== undefined) bySlug.set(slug, [...(bySlug.get(slug) ?? []), loc])
  }
  if (bySlug.size === 0) return
  for await (const batch of snapshot.scan(section.query, { slug: { oneOf: [...bySlug.keys()] } })) {
    for (const record of batch) {
      const locsNow = toLocs.map((toLoc, index) => locOf(record, index, toLoc) ?? '')
      for (const loc of bySlug.get(record.slug) ?? []) {
        const alike = locsNow.map(each => commonLength(each, loc))
        records.set(loc, { key: record.key, index: alike.indexOf(Math.max(...alike)), isLikely: true })
      }
    }
  }
}

function commonLength(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}
