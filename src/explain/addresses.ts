// The addresses of one record in a section, whether it is listed there or not.

import { loadFormatters } from '../pipeline/formatters.ts'
import type { Job, RecordSection } from '../pipeline/job.ts'
import { compileTemplate } from '../sitemap/url-template.ts'
import type { RecordFacts } from '../sources/source.ts'
import type { AddressExplanation } from './explanation.ts'
import { type FindOwner, isListedAt, otherOwner } from './owner.ts'

/** An address that another record has, before this one in the order of sections and ids, is that one's. */
export async function addressesOf(
  job: Job,
  section: RecordSection,
  { facts, findOwner }: { readonly facts: RecordFacts; readonly findOwner: FindOwner },
): Promise<AddressExplanation[]> {
  const formatters = await loadFormatters(section.addresses.map(({ url }) => url))
  const explained: AddressExplanation[] = []
  for (const [index, { hreflang = null, url }] of section.addresses.entries()) {
    const values = facts.addresses[index]
    const made = values && compileTemplate(job.site, url, formatters)(values)
    if (typeof made !== 'string') {
      explained.push({ hreflang, listed: false, loc: null, why: made ? made.no : 'not translated' })
      continue
    }
    const listed = isListedAt(facts, index)
    const own = { section, index, loc: made, key: facts.key }
    const owner = listed ? await otherOwner(job, own, findOwner) : undefined
    explained.push(
      owner ? { hreflang, listed: false, loc: made, why: 'taken', takenBy: owner } : { hreflang, listed, loc: made },
    )
  }
  return explained
}
