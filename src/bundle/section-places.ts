// Whose the entries of a file are, by their places: those of a section stand together. A manifest counts them and, read
// from a target, has no order; then entries that are known tell it.

export interface SectionCount {
  readonly section: string
  readonly entries: number
}

/** An entry's section, and its place among the section's entries in the file. */
export interface SectionPlace {
  readonly section: string
  readonly index: number
}

/** The sections stand in the order given. Undefined beyond all of them. */
export function placesInOrder(counts: readonly SectionCount[]): (place: number) => SectionPlace | undefined {
  return place => {
    let start = 0
    for (const { section, entries } of counts) {
      if (place < start + entries) return { section, index: place - start }
      start += entries
    }
    return undefined
  }
}

/** More orders than these are not tried out. */
const MOST_ORDERS = 1_000

/** What tells the order of sections in a file. */
export interface SeenPlaces {
  /** All entries' locs, by place. */
  readonly locs: readonly string[]
  /** Places of entries that are there still, by the section that has them now. */
  readonly bySection: ReadonlyMap<string, readonly number[]>
}

/**
 * The sections stand in any order. Those orders count that contradict the fewest of the entries seen, and of these the
 * ones with the fewest cuts inside of a folder; more than one place is given where they differ.
 */
export function placesFromSeen(
  counts: readonly SectionCount[],
  { locs, bySection }: SeenPlaces,
): (place: number) => readonly SectionPlace[] {
  const filled = counts.filter(({ entries }) => entries > 0)
  const likely = leastBy(ordersOf(filled, bySection), order => contradictedBy(order, bySection))
  const orders = leastBy(likely, order => cutFoldersIn(order, locs)).map(placesInOrder)
  return place => {
    const places = orders.flatMap(placeOf => placeOf(place) ?? [])
    return [...new Map(places.map(each => [`${each.section} ${each.index}`, each])).values()]
  }
}

/** Sections of which something is seen go by it; of the others nothing is known, so each stands everywhere in turn. */
function ordersOf(counts: readonly SectionCount[], seen: ReadonlyMap<string, readonly number[]>): SectionCount[][] {
  const middleOf = ({ section }: SectionCount): number | undefined => {
    const places = (seen.get(section) ?? []).toSorted((a, b) => a - b)
    return places[Math.floor(places.length / 2)]
  }
  const middles = new Map(counts.map(count => [count, middleOf(count)]))
  const placed = counts
    .filter(count => middles.get(count) !== undefined)
    .sort((a, b) => (middles.get(a) as number) - (middles.get(b) as number))
  let orders: SectionCount[][] = [placed]
  for (const count of counts) {
    if (middles.get(count) !== undefined) continue
    orders = orders.flatMap(order =>
      Array.from({ length: order.length + 1 }, (_, at) => [...order.slice(0, at), count, ...order.slice(at)]),
    )
    if (orders.length > MOST_ORDERS) return eachFirst(counts)
  }
  return orders
}

/** Says nothing of any place: each section may stand anywhere. */
const eachFirst = (counts: readonly SectionCount[]): SectionCount[][] =>
  counts.map(({ section }) => [{ section, entries: Number.POSITIVE_INFINITY }])

function leastBy<T>(all: readonly T[], measure: (one: T) => number): T[] {
  const measured = all.map(measure)
  const least = Math.min(...measured)
  return all.filter((_, index) => measured[index] === least)
}

function contradictedBy(order: readonly SectionCount[], seen: ReadonlyMap<string, readonly number[]>): number {
  let start = 0
  let count = 0
  for (const { section, entries } of order) {
    const end = start + entries
    for (const place of seen.get(section) ?? []) if (place < start || place >= end) count++
    start = end
  }
  return count
}

/** Sections mostly have folders of their own: few begin in the middle of one. */
function cutFoldersIn(order: readonly SectionCount[], locs: readonly string[]): number {
  let at = 0
  let count = 0
  for (const { entries } of order) {
    at += entries
    const [before, after] = [locs[at - 1], locs[at]]
    if (before !== undefined && after !== undefined && folderOf(before) === folderOf(after)) count++
  }
  return count
}

const folderOf = (loc: string): string => loc.slice(0, loc.lastIndexOf('/', loc.length - 2) + 1)
