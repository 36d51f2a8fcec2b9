// From what a person has (a URL, a path, a slug, an id) to the records that it may mean.
import type { RecordHit, Snapshot } from '../sources/source.ts'
import type { FindHolders, Former, Holder } from './holders.ts'
import type { FindOwner } from './owner.ts'
import { lastFolder, variantsOf } from './reading.ts'

export interface FindContext {
  readonly snapshot: Snapshot
  /** The address on the site; undefined where a slug or an id was asked for. */
  readonly loc: string | undefined
  readonly findHolders: FindHolders
  readonly findOwner: FindOwner
  readonly notes: string[]
  /** Filled with what the role may not read. */
  readonly unread: Set<string>
}

/** More than a person would look through. */
const MOST_SHOWN = 10

export interface FoundRecords {
  readonly hits: readonly RecordHit[]
  /** Whether it is all of what was asked for, or a part of an address: one that leads there still, or its last one. */
  readonly by: 'all' | 'part' | 'last part'
}

/** The records whose address it is; else those that it leads to by an id or a slug in it; else those of its last part. */
export async function findRecords(
  asked: string,
  { snapshot, loc, findHolders, findOwner, notes, unread }: FindContext,
): Promise<FoundRecords> {
  const lookUp = (text: string) => snapshot.lookUp(text, { unread })
  if (loc === undefined) return { hits: await lookUp(asked), by: 'all' }
  const forms = variantsOf(loc)
  const { holders, former } = await findHolders(forms)
  if (holders.length > 0) {
    // The address as it was asked for comes before the others.
    const found = await Promise.all(forms.map(async form => (await findHolders([form])).holders))
    const best = found.find(each => each.length > 0) ?? []
    return { hits: await hitsOf(best, { findOwner, notes }), by: 'all' }
  }
  if (former.length > 0) return { hits: formerHits(former, notes), by: 'part' }
  const hits = asked.startsWith('/') ? [] : await lookUp(asked)
  const folder = lastFolder(loc)
  if (hits.length > 0 || folder === undefined) return { hits, by: 'all' }
  return { hits: await lookUp(folder), by: 'last part' }
}

async function hitsOf(
  holders: readonly Holder[],
  { findOwner, notes }: Pick<FindContext, 'findOwner' | 'notes'>,
): Promise<RecordHit[]> {
  const all = new Map(holders.map(holder => [keyOf(holder), toHit(holder, 'address')]))
  const hits = [...all.values()]
  if (hits.length <= MOST_SHOWN) return hits
  notes.push(`${hits.length} records have this address; the first ${MOST_SHOWN} are shown.`)
  const shown = new Map([...all].slice(0, MOST_SHOWN))
  const owner = await findOwner((holders[0] as Holder).loc)
  if (owner) shown.set(keyOf(owner), toHit(owner, 'address'))
  return [...shown.values()]
}

function formerHits(former: readonly Former[], notes: string[]): RecordHit[] {
  const hits = new Map<string, RecordHit>()
  const sections = new Set<string>()
  for (const each of former) {
    sections.add(each.section.name)
    const key = keyOf(each)
    if (!hits.has(key)) hits.set(key, toHit(each, each.by))
  }
  for (const section of sections)
    notes.push(`Section ${section} makes another address of it: this one may be an old one, or misspelt.`)
  return [...hits.values()].slice(0, MOST_SHOWN)
}

const keyOf = ({ section, record }: Pick<Holder, 'section' | 'record'>): string => `${section.query.of} ${record.key}`

const toHit = (
  { section, record: { key, slug, name } }: Pick<Holder, 'section' | 'record'>,
  by: string,
): RecordHit => ({
  key,
  slug,
  name,
  of: section.query.of,
  by,
})
