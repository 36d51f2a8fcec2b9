// The lists that have an address.

import { LeftOut, readEntries } from '../pipeline/entries.ts'
import type { Job } from '../pipeline/job.ts'
import { isSameLoc } from '../sitemap/match-template.ts'
import type { AddressExplanation, AddressOwner, Explanation } from './explanation.ts'
import { type FindOwner, toOwner } from './owner.ts'

/** The nearest of the forms that any list has, in each list that has it. A page of a record's is the record's. */
export async function findInLists(
  job: Job,
  forms: readonly string[],
  findOwner: FindOwner | undefined,
): Promise<Explanation['lists']> {
  const found: { section: string; form: number; hreflang: string | null; loc: string }[] = []
  for (const section of job.sections) {
    if (section.kind !== 'list' || forms.length === 0) continue
    for await (const entries of readEntries(job, section, { snapshot: undefined, leftOut: new LeftOut() })) {
      for (const { loc, alternates } of entries) {
        const form = forms.findIndex(each => isSameLoc(each, loc))
        if (form === -1) continue
        const hreflang = alternates?.find(({ href }) => href === loc)?.hreflang ?? null
        found.push({ section: section.name, form, hreflang, loc })
      }
    }
  }
  const nearest = Math.min(...found.map(({ form }) => form))
  const lists: { section: string; address: AddressExplanation }[] = []
  const firsts = new Map<string, AddressOwner>()
  for (const { section, hreflang, loc } of found.filter(({ form }) => form === nearest)) {
    const record = await findOwner?.(loc)
    const owner = record ? toOwner(record) : firsts.get(loc)
    const why = owner ? ({ why: 'taken', takenBy: owner } as const) : {}
    lists.push({ section, address: { hreflang, listed: owner === undefined, loc, ...why } })
    if (!firsts.has(loc)) firsts.set(loc, { section, id: null, slug: null, hreflang })
  }
  return lists
}
