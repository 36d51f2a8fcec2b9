// The lastmod of pages by their content: it moves only when the fingerprint of what a page shows has moved.
import { lastmodSeconds } from '../sitemap/lastmod.ts'
import type { Rows } from '../state/rows.ts'
import type { StatePart } from '../state/site-state.ts'
import type { Leaf } from './leaf.ts'

/** What an earlier run knew of a section's pages, and what stands in its place where that is lost. */
export interface Memory {
  /** In the order of their keys; [] where nothing is known. */
  readonly parts: readonly StatePart[]
  /** Whether its fingerprints are made of the same as today's: others say nothing. */
  readonly isComparable: boolean
  /** The rows of a part; undefined where they are lost. */
  rows(part: StatePart): Promise<Rows | undefined>
  /** The date of a page as it is published, in seconds, 0 for none; undefined where it is not published. */
  published(loc: string): Promise<number | undefined>
  /** Whether nothing at all is known of what is published, so that only it itself can tell. */
  readonly isLost: boolean
}

export interface RunInstants {
  /** When the earlier run was, and when this one is, in seconds. */
  readonly since: number
  readonly now: number
}

/** Dates of a leaf's entries in seconds since 1970, 0 for none. Leaves come in the order of their keys. */
export function makeDater(memory: Memory, { since, now }: RunInstants): (leaf: Leaf) => Promise<Float64Array> {
  let open: { readonly part: StatePart; readonly rows: Rows | undefined } | undefined
  let next = 0

  /** Its rows are kept for the leaf after it: a part that has been split since serves two. */
  const load = async (part: StatePart): Promise<Rows | undefined> => {
    if (open?.part !== part) open = { part, rows: await memory.rows(part) }
    return open.rows
  }
  const ownDate = (leaf: Leaf, index: number): number => Math.max(0, lastmodSeconds(leaf.updated[index]))
  const moved = (own: number): number => (own > since && own <= now ? own : now)

  return async leaf => {
    const seconds = new Float64Array(leaf.count)
    const isKnown = new Uint8Array(leaf.count)
    const first = leaf.keys[0] as number
    const last = leaf.keys[leaf.count - 1] as number
    while (next < memory.parts.length && (memory.parts[next] as StatePart).last < first) next++
    let isLost = memory.isLost
    for (let at = next; at < memory.parts.length; at++) {
      const part = memory.parts[at] as StatePart
      if (part.first > last) break
      const rows = await load(part)
      if (rows) join(leaf, rows, { seconds, isKnown, isComparable: memory.isComparable, ownDate, moved })
      else isLost = true
    }
    for (let index = 0; index < leaf.count; index++) {
      if (isKnown[index] === 1) continue
      const published = isLost ? await memory.published(locAt(leaf, index)) : undefined
      seconds[index] = published ?? ownDate(leaf, index)
    }
    return seconds
  }
}

interface Joining {
  readonly seconds: Float64Array
  readonly isKnown: Uint8Array
  readonly isComparable: boolean
  ownDate(leaf: Leaf, index: number): number
  moved(own: number): number
}

/** Both are in the order of key and slot. */
function join(leaf: Leaf, rows: Rows, { seconds, isKnown, isComparable, ownDate, moved }: Joining): void {
  let at = 0
  for (let index = 0; index < leaf.count; index++) {
    const key = leaf.keys[index] as number
    const slot = leaf.slots[index] as number
    while (at < rows.count && isBefore(rows, at, { key, slot })) at++
    if (at === rows.count) return
    if (rows.keys[at] !== key || rows.slots[at] !== slot) continue
    const [before, after] = [rows.fingerprints[at] as number, leaf.fingerprints[index] as number]
    const isSame = !isComparable || before === after || Number.isNaN(before) || Number.isNaN(after)
    seconds[index] = isSame ? (rows.seconds[at] as number) : moved(ownDate(leaf, index))
    isKnown[index] = 1
  }
}

const isBefore = (rows: Rows, at: number, { key, slot }: { key: number; slot: number }): boolean => {
  const other = rows.keys[at] as number
  return other < key || (other === key && (rows.slots[at] as number) < slot)
}

const LOC_AT = '<url><loc>'.length
const LOC_END = '</loc>'.length

/** As it is written, escaped for XML. */
function locAt({ text, ends, datesAt }: Leaf, index: number): string {
  const start = index === 0 ? 0 : (ends[index - 1] as number)
  return text.toString('latin1', start + LOC_AT, (datesAt[index] as number) - LOC_END)
}
