// Slugs that are near to what nothing was found for.
import { nearest } from '../problem.ts'
import { RECORD_KINDS, type Snapshot } from '../sources/source.ts'

/** Enough to choose from. */
const MOST_NEAR = 5

/** Of a kind of record, for each beginning. */
const MOST_COMPARED = 1_000

/** Those that begin as the text does, the nearest first: all but its end, else some six tenths of it. Each is a look through all slugs. */
export async function nearSlugs(snapshot: Snapshot, text: string): Promise<string[]> {
  const lower = text.toLowerCase()
  const lengths = [lower.length - 1, Math.ceil(lower.length * 0.6)]
  const found = new Set<string>()
  for (const length of new Set(lengths)) {
    if (length < 3 || found.size >= MOST_NEAR) break
    for (const of of RECORD_KINDS) {
      const some = await snapshot.find(of, { slug: { startsWith: lower.slice(0, length) } }, { most: MOST_COMPARED })
      for (const { slug } of some) found.add(slug)
    }
  }
  return nearestOf(lower, [...found])
}

/** The nearest first; then, where these are few, some that only begin alike. */
function nearestOf(text: string, slugs: readonly string[]): string[] {
  const left = [...slugs]
  const ordered: string[] = []
  while (ordered.length < MOST_NEAR) {
    const near = nearest(text, left)
    if (near === undefined) break
    ordered.push(near)
    left.splice(left.indexOf(near), 1)
  }
  return [...ordered, ...left].slice(0, MOST_NEAR)
}
