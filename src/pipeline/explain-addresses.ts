// The addresses of one record in a section, whether it is listed there or not.
import { isSameLoc } from '../sitemap/match-template.ts'
import { compileTemplate } from '../sitemap/url-template.ts'
import type { RecordFacts, Snapshot } from '../sources/source.ts'
import type { AddressExplanation } from './explanation.ts'
import { loadFormatters } from './formatters.ts'
import type { Job, RecordSection } from './job.ts'

export async function addressesOf(job: Job, section: RecordSection, facts: RecordFacts): Promise<AddressExplanation[]> {
  const formatters = await loadFormatters(section.addresses.map(({ url }) => url))
  return section.addresses.map(({ hreflang = null, url }, index) => {
    const values = facts.addresses[index]
    if (values === undefined) return { hreflang, listed: false, loc: null, why: 'not translated' }
    const loc = compileTemplate(job.site, url, formatters)(values)
    if (typeof loc !== 'string') return { hreflang, listed: false, loc: null, why: loc.no }
    const listed = facts.judgements.some(judgement => judgement.addresses.includes(index) && judgement.listed)
    return { hreflang, listed, loc }
  })
}

/** Whether it is one of the record's addresses. */
export async function hasAddress(
  job: Job,
  section: RecordSection,
  { snapshot, key, loc }: { readonly snapshot: Snapshot; readonly key: string; readonly loc: string },
): Promise<boolean> {
  const facts = await snapshot.judge(section.query, key)
  if (!facts) return false
  const addresses = await addressesOf(job, section, facts)
  return addresses.some(address => address.loc !== null && isSameLoc(address.loc, loc))
}
