// Whose a published entry was: read off the state, which has the key of each entry's record in the order of the entries.
import type { RemovedEntry } from '../bundle/entry-diff.ts'
import type { Manifest } from '../bundle/manifest.ts'
import type { Rows } from '../state/rows.ts'
import type { StatePart } from '../state/site-state.ts'
import type { Job } from './job.ts'
import { type KnownState, readRows } from './site-memory.ts'

export interface PublishedOwner {
  /** The record's key. */
  readonly key: string
  /** The locale of the address; '' where they were not told apart. */
  readonly hreflang: string
  /** Whether the section still reads the same kind of records: else the key may be another's. */
  readonly isOfSection: boolean
}

/** Undefined where the state does not tell: of a list, without state, in a section whose dates are not by content. */
export type OwnerOf = (entry: RemovedEntry) => Promise<PublishedOwner | undefined>

/** Reads the rows of the shards that are asked for, and keeps those of the last: entries are asked for shard by shard. */
export function publishedOwners(job: Job, known: KnownState | undefined, manifest: Manifest): OwnerOf {
  const state = known?.state
  if (!known || !state) return async () => undefined
  let open: { readonly part: StatePart; readonly rows: Promise<Rows | undefined> } | undefined

  return async ({ section: name, file, index }) => {
    if (name === undefined || index === undefined || !Object.hasOwn(state.sections, name)) return undefined
    const { parts, slots, basis } = state.sections[name] as (typeof state.sections)[string]
    const isShard = manifest.files[file]?.section !== undefined
    const own = isShard ? parts.filter(part => part.file === file) : parts
    const entries = isShard ? manifest.files[file]?.entries : manifest.sections[name]?.entries
    if (own.reduce((sum, part) => sum + part.entries, 0) !== entries) return undefined
    let start = 0
    const part = own.find(each => {
      const isHere = index < start + each.entries
      if (!isHere) start += each.entries
      return isHere
    })
    if (!part) return undefined
    if (open?.part !== part) open = { part, rows: readRows(known, part) }
    const rows = await open.rows
    if (rows?.count !== part.entries) return undefined
    const hreflang = slots[rows.slots[index - start] as number]
    const section = job.sections.find(each => each.name === name)
    const isOfSection = section?.kind === 'records' && section.basis === basis
    return hreflang === undefined ? undefined : { key: String(rows.keys[index - start]), hreflang, isOfSection }
  }
}
