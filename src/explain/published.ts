// An explanation with where each of its addresses is published.
import type { PublishedBundle } from '../publishers/publisher.ts'
import type { AddressExplanation, Explanation, SectionExplanation } from './explanation.ts'
import { findPublished, type PublishedEntry } from './published-entry.ts'

/** The same where nothing was published, or nothing can be read. */
export async function addPublished(
  explanation: Explanation,
  published: PublishedBundle | undefined,
): Promise<Explanation> {
  if (!published) return explanation
  const { records, lists } = explanation
  const sections = records.flatMap(record => record.sections)
  const all = [...sections.flatMap(({ addresses }) => addresses), ...lists.map(({ address }) => address)]
  const locs = all.flatMap(({ loc }) => (loc === null ? [] : [loc]))
  // An address that another has stands in the file of the other's section.
  const names = [...sections, ...lists, ...all.flatMap(({ takenBy }) => takenBy ?? [])].map(({ section }) => section)
  const found = await findPublished(published, [...new Set(locs)], names)
  const add = (address: AddressExplanation): AddressExplanation =>
    address.loc === null ? address : { ...address, published: toPublished(found.get(address.loc)) }
  return {
    ...explanation,
    records: records.map(record => ({
      ...record,
      sections: record.sections.map(section => asPublished({ ...section, addresses: section.addresses.map(add) })),
    })),
    lists: lists.map(list => ({ ...list, address: add(list.address) })),
  }
}

/** A date by content is known from what is published: of the addresses of a record, from the first that is. */
function asPublished(section: SectionExplanation): SectionExplanation {
  if (!section.lastmod.byContent) return section
  const published = section.addresses.map(address => address.published).find(each => each)
  if (!published) return section
  const why = 'as it is published: it moves when what the page shows has moved'
  return { ...section, lastmod: { value: published.lastmod, why, byContent: true } }
}

const toPublished = (entry: PublishedEntry | undefined) =>
  entry ? { file: entry.file, lastmod: entry.lastmod ?? null } : null
