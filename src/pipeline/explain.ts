// Why something is in the sitemap, or why not: the records that a person may mean, and for each what its sections say.
import type { PublishedBundle } from '../publishers/publisher.ts'
import { isSameLoc } from '../sitemap/match-template.ts'
import { locOfPath } from '../sitemap/url-template.ts'
import type { RecordFacts, RecordHit, RecordKind, RecordQuery, Snapshot } from '../sources/source.ts'
import { LeftOut, readEntries } from './entries.ts'
import { addressesOf } from './explain-addresses.ts'
import { findRecords, lastFolder, locAsked, nearSlugs } from './explain-find.ts'
import type { AddressExplanation, Explanation, RecordExplanation, SectionExplanation } from './explanation.ts'
import type { Job, RecordSection } from './job.ts'
import { findPublished, type PublishedEntry } from './published-entry.ts'

export interface ExplainDeps {
  readonly snapshot: Snapshot | undefined
  /** Undefined where nothing was published, or it cannot be read. */
  readonly published: PublishedBundle | undefined
}

/** The queries have been checked. */
export async function explain(job: Job, asked: string, deps: ExplainDeps): Promise<Explanation> {
  const notes: string[] = []
  const loc = locAsked(job.site, asked.trim(), notes)
  const { snapshot } = deps
  const hits = snapshot ? await findRecords(job, asked.trim(), { snapshot, loc, notes }) : []
  const records: RecordExplanation[] = []
  for (const hit of hits) records.push(await explainRecord(job, hit, snapshot as Snapshot))
  const lists = await findInLists(job, loc ?? locOfPath(job.site, `/${asked.trim()}`))
  const isNothing = records.length + lists.length === 0
  const near = snapshot && isNothing ? await nearSlugs(snapshot, lastFolder(loc) ?? asked.trim()) : []
  return addPublished({ asked, site: job.site, records, lists, notes, near }, deps.published)
}

async function explainRecord(job: Job, hit: RecordHit, snapshot: Snapshot): Promise<RecordExplanation> {
  const sections: SectionExplanation[] = []
  for (const section of job.sections) {
    if (section.kind !== 'records' || section.query.of !== hit.of) continue
    const facts = await snapshot.judge(section.query, hit.key)
    if (facts) sections.push(await explainSection(job, section, facts))
  }
  const listed = sections.some(section => section.listed)
  const visibility = sections.length > 0 ? [] : ((await snapshot.judge(anyOf(hit.of), hit.key))?.judgements ?? [])
  const { of, key: id, slug, name, by } = hit
  return { of, id, slug, name, by, listed, sections, visibility }
}

/** A query of every record of a kind, to ask what the shop itself says. */
const anyOf = (of: RecordKind): RecordQuery => ({
  of,
  where: {},
  addresses: [{ channel: undefined, language: undefined, missing: 'omit', fields: [], path: '' }],
  images: false,
  updatedAt: false,
  path: '',
})

async function explainSection(job: Job, section: RecordSection, facts: RecordFacts): Promise<SectionExplanation> {
  const addresses = await addressesOf(job, section, facts)
  return {
    section: section.name,
    listed: addresses.some(({ listed }) => listed),
    judgements: facts.judgements,
    addresses,
    lastmod: lastmodOf(section, facts),
  }
}

function lastmodOf({ query, lastmod }: RecordSection, { updatedAt }: RecordFacts): SectionExplanation['lastmod'] {
  if (lastmod === 'none') return { value: null, why: 'the configuration says lastmod: none' }
  if (updatedAt !== undefined) return { value: updatedAt, why: "the back end's own date of change, updatedAt" }
  return { value: null, why: `the back end keeps no date of change of ${query.of}` }
}

async function findInLists(job: Job, loc: string | undefined): Promise<Explanation['lists']> {
  if (loc === undefined) return []
  const found: { section: string; address: AddressExplanation }[] = []
  for (const section of job.sections) {
    if (section.kind !== 'list') continue
    for await (const entries of readEntries(job, section, { snapshot: undefined, leftOut: new LeftOut() })) {
      const entry = entries.find(each => isSameLoc(each.loc, loc))
      if (!entry) continue
      const hreflang = entry.alternates?.find(({ href }) => href === entry.loc)?.hreflang ?? null
      found.push({ section: section.name, address: { hreflang, listed: true, loc: entry.loc } })
    }
  }
  return found
}

/** The same, with where each address is published. */
async function addPublished(explanation: Explanation, published: PublishedBundle | undefined): Promise<Explanation> {
  if (!published) return explanation
  const { records, lists } = explanation
  const sections = records.flatMap(record => record.sections)
  const all = [...sections.flatMap(({ addresses }) => addresses), ...lists.map(({ address }) => address)]
  const locs = all.flatMap(({ loc }) => (loc === null ? [] : [loc]))
  const names = [...sections, ...lists].map(({ section }) => section)
  const found = await findPublished(published, [...new Set(locs)], names)
  const add = (address: AddressExplanation): AddressExplanation =>
    address.loc === null ? address : { ...address, published: toPublished(found.get(address.loc)) }
  return {
    ...explanation,
    records: records.map(record => ({
      ...record,
      sections: record.sections.map(section => ({ ...section, addresses: section.addresses.map(add) })),
    })),
    lists: lists.map(list => ({ ...list, address: add(list.address) })),
  }
}

const toPublished = (entry: PublishedEntry | undefined) =>
  entry ? { file: entry.file, lastmod: entry.lastmod ?? null } : null
