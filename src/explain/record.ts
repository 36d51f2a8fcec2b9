// What each section says of one record.

import type { Job, RecordSection } from '../pipeline/job.ts'
import type { RecordFacts, RecordHit, RecordKind, RecordQuery, Snapshot } from '../sources/source.ts'
import { addressesOf } from './addresses.ts'
import type { RecordExplanation, SectionExplanation } from './explanation.ts'
import type { FindOwner, Judge } from './owner.ts'

export interface RecordContext {
  readonly snapshot: Snapshot
  readonly judge: Judge
  readonly findOwner: FindOwner
}

export async function explainRecord(job: Job, hit: RecordHit, context: RecordContext): Promise<RecordExplanation> {
  const { snapshot, judge, findOwner } = context
  const sections: SectionExplanation[] = []
  for (const section of job.sections) {
    if (section.kind !== 'records' || section.query.of !== hit.of) continue
    const facts = await judge(section, hit.key)
    if (facts) sections.push(await explainSection(job, section, { facts, findOwner }))
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

async function explainSection(
  job: Job,
  section: RecordSection,
  found: { readonly facts: RecordFacts; readonly findOwner: FindOwner },
): Promise<SectionExplanation> {
  const addresses = await addressesOf(job, section, found)
  return {
    section: section.name,
    listed: addresses.some(({ listed }) => listed),
    judgements: found.facts.judgements,
    addresses,
    lastmod: lastmodOf(section, found.facts),
  }
}

function lastmodOf({ query, lastmod }: RecordSection, { updatedAt }: RecordFacts): SectionExplanation['lastmod'] {
  const byContent = lastmod === 'content'
  if (lastmod === 'none') return { value: null, why: 'the configuration says lastmod: none', byContent }
  if (updatedAt !== undefined) {
    const own = "the back end's own date of change, updatedAt"
    return { value: updatedAt, why: byContent ? `at first ${own}; later it moves with the content` : own, byContent }
  }
  const isKept = query.of === 'products' || query.of === 'categories'
  const why = isKept ? 'has no date of change of it, or one still to come' : `keeps no date of change of ${query.of}`
  return { value: null, why: `the back end ${why}${byContent ? '; later it moves with the content' : ''}`, byContent }
}
