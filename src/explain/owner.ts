// Which of the records that could have an address has it: the first, in the order of sections and ids, that is listed.

import { isWatched } from '../pipeline/claims.ts'
import type { Job, RecordSection } from '../pipeline/job.ts'
import type { RecordFacts, Snapshot } from '../sources/source.ts'
import type { AddressOwner } from './explanation.ts'
import type { FindHolders, Holder } from './holders.ts'

export type Judge = (section: RecordSection, key: string) => Promise<RecordFacts | undefined>

/** Each record once a section. */
export function makeJudge(snapshot: Snapshot): Judge {
  const known = new Map<string, Promise<RecordFacts | undefined>>()
  return (section, key) => {
    const name = `${section.name} ${key}`
    const judged = known.get(name) ?? snapshot.judge(section.query, key)
    known.set(name, judged)
    return judged
  }
}

/** Undefined where no record is listed at the address. */
export type FindOwner = (loc: string) => Promise<Holder | undefined>

/** That so many share an address and none of them is listed is nothing to wait for. */
const MOST_JUDGED = 100

export function makeFindOwner(findHolders: FindHolders, judge: Judge): FindOwner {
  return async loc => {
    const { holders } = await findHolders([loc])
    for (const holder of holders.slice(0, MOST_JUDGED)) {
      const facts = await judge(holder.section, holder.record.key)
      if (facts && isListedAt(facts, holder.index)) return holder
    }
    return undefined
  }
}

export const isListedAt = ({ judgements }: RecordFacts, index: number): boolean =>
  judgements.some(({ addresses, listed }) => listed && addresses.includes(index))

/** Who has the address in place of the record; undefined where it is its own. */
export async function otherOwner(
  job: Job,
  own: Pick<Holder, 'section' | 'index' | 'loc'> & { readonly key: string },
  findOwner: FindOwner,
): Promise<AddressOwner | undefined> {
  if (!isWatched(job, own.section, own.index)) return undefined
  const owner = await findOwner(own.loc)
  const isOwn = owner?.section === own.section && owner.record.key === own.key && owner.index === own.index
  return owner && !isOwn ? toOwner(owner) : undefined
}

export const toOwner = ({ section, index, record }: Holder): AddressOwner => ({
  section: section.name,
  id: record.key,
  slug: record.slug,
  hreflang: section.addresses[index]?.hreflang ?? null,
})
