// What two readings of a site's sitemaps differ in, address by address.
import type { SitemapItem } from './read-sitemap.ts'

const FOUND = Symbol('found')

export interface EntryDiff {
  readonly added: number
  readonly removed: number
  /** Same address, another lastmod. */
  readonly changed: number
  /** The first of each, in the order in which they were read. */
  readonly examples: { readonly added: string[]; readonly removed: string[]; readonly changed: string[] }
}

/** Compares by loc. Holds the addresses of `before`, and of `after` those that are new; the items of an index are stepped over. */
export async function diffEntries(
  before: AsyncIterable<SitemapItem[]>,
  after: AsyncIterable<SitemapItem[]>,
  { examples: limit }: { examples: number },
): Promise<EntryDiff> {
  // A mark in the place of the date, not a second set: the two sides may be millions of addresses each.
  const left = new Map<string, string | undefined | typeof FOUND>()
  for await (const batch of before) {
    for (const item of batch) if (item.kind === 'url') left.set(item.loc, item.lastmod)
  }

  const added = new Set<string>()
  const changed: string[] = []
  let found = 0
  let changes = 0
  for await (const batch of after) {
    for (const { kind, loc, lastmod } of batch) {
      if (kind !== 'url') continue
      const known = left.get(loc)
      if (known === FOUND) continue
      if (known === undefined && !left.has(loc)) {
        added.add(loc)
        continue
      }
      left.set(loc, FOUND)
      found++
      if (known === lastmod) continue
      changes++
      if (changed.length < limit) changed.push(loc)
    }
  }
  return {
    added: added.size,
    removed: left.size - found,
    changed: changes,
    examples: { added: firstOf(added, limit), removed: firstOf(unfound(left), limit), changed },
  }
}

function* unfound(left: ReadonlyMap<string, unknown>): Generator<string> {
  for (const [loc, mark] of left) if (mark !== FOUND) yield loc
}

function firstOf(locs: Iterable<string>, limit: number): string[] {
  const first: string[] = []
  for (const loc of locs) {
    if (first.length >= limit) break
    first.push(loc)
  }
  return first
}
