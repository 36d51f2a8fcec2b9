// Differences between two readings of a site's sitemaps: how many, altogether and by section, with a few of each.

export interface Difference {
  readonly added: number
  readonly removed: number
  /** Same address, another lastmod. */
  readonly changed: number
  /** The first of each, in the order in which they were read. */
  readonly examples: Readonly<Record<Way, readonly string[]>>
}

export type Way = 'added' | 'removed' | 'changed'

export interface SectionDiff extends Difference {
  /** Null for entries whose section cannot be told. */
  readonly name: string | null
}

export interface EntryDiff extends Difference {
  /** Those in which anything differs. */
  readonly sections: readonly SectionDiff[]
}

/** An entry that is gone, and where it stood. */
export interface RemovedEntry {
  readonly loc: string
  readonly file: string
  /** Undefined where it cannot be told: then it is of one of `among`. */
  readonly section: string | undefined
  readonly among: readonly string[]
  /** Its place among the section's entries in the file; undefined where it cannot be told. */
  readonly index: number | undefined
}

/** Counts differences as they are found, and keeps the first `limit` of each as examples. */
export function makeTally(limit: number): {
  add(way: Way, loc: string, section: string | undefined): void
  result(): EntryDiff
} {
  const all = emptyDifference()
  const sections = new Map<string | undefined, ReturnType<typeof emptyDifference>>()
  const count = (difference: ReturnType<typeof emptyDifference>, way: Way, loc: string): void => {
    difference[way]++
    if (difference.examples[way].length < limit) difference.examples[way].push(loc)
  }
  return {
    add(way, loc, section) {
      const own = sections.get(section) ?? emptyDifference()
      sections.set(section, own)
      count(all, way, loc)
      count(own, way, loc)
    },
    result: () => ({ ...all, sections: [...sections].map(([name = null, own]) => ({ name, ...own })) }),
  }
}

const emptyDifference = () => ({
  added: 0,
  removed: 0,
  changed: 0,
  examples: { added: [] as string[], removed: [] as string[], changed: [] as string[] },
})

/** So many of the removed at most: of each section its share, and that from all parts of it. Small sections come whole. */
export function spreadRemoved(
  removed: Iterable<RemovedEntry>,
  { most, sections }: { readonly most: number; readonly sections: readonly SectionDiff[] },
): RemovedEntry[] {
  if (most === 0) return []
  const wanted = new Map<string | null, { readonly of: number; readonly take: number; met: number }>()
  let room = most
  const bySize = sections.toSorted((a, b) => a.removed - b.removed)
  for (const [index, { name, removed: of }] of bySize.entries()) {
    const take = Math.min(of, Math.floor(room / (bySize.length - index)))
    room -= take
    wanted.set(name, { of, take, met: 0 })
  }
  const taken: RemovedEntry[] = []
  for (const entry of removed) {
    const share = wanted.get(entry.section ?? null)
    if (!share) continue
    const { of, take } = share
    const before = Math.floor((share.met++ * take) / of)
    if (Math.floor((share.met * take) / of) > before) taken.push(entry)
  }
  return taken
}
