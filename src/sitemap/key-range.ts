// Where a section is cut into shards: at fixed places of the space of keys, halved again and again, never by position.
// So where the cuts are is a function of the set of keys alone, and a change moves none but those beside it.

/** Above every level: nothing is cut there. */
export const WHOLE = Number.POSITIVE_INFINITY

/** Between entries of one key, which no place of the space of keys parts. */
export const SAME_KEY = -1

const HIGH = 2 ** 32

/**
 * How high the place between two keys is: the number of the highest bit in which they differ. The range of that level
 * which has both is halved between them. Keys are whole numbers from 0 to 2^53 - 1, the first not above the second.
 */
export function levelBetween(before: number, after: number): number {
  if (before === after) return SAME_KEY
  const high = Math.floor(before / HIGH) ^ Math.floor(after / HIGH)
  return high === 0 ? 31 - Math.clz32(before ^ after) : 63 - Math.clz32(high)
}

/** The first key of the half of a cut range in which a key lies; 0 for the whole space. */
export function rangeStart(key: number, level: number): number {
  if (level === WHOLE) return 0
  const width = 2 ** level
  return Math.floor(key / width) * width
}
