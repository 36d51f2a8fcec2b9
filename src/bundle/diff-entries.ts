// What two readings of a site's sitemaps differ in, address by address.
import { type EntryDiff, makeTally, type RemovedEntry, spreadRemoved } from './entry-diff.ts'
import type { SitemapItem } from './read-sitemap.ts'
import { placesFromSeen, placesInOrder, type SectionCount, type SeenPlaces } from './section-places.ts'

const FOUND = Symbol('found')

/** A file that holds entries. */
export interface EntryFile {
  readonly name: string
  /** Whose its entries are, and how many each has: in their order, but for files that are read from a target. */
  readonly sections: readonly SectionCount[]
  read(): AsyncIterable<SitemapItem[]>
}

export interface DiffOptions {
  /** So many of each are named, altogether and of each section. */
  readonly examples: number
  /** So many of the removed are told one by one, from all sections. @defaultValue 0 */
  readonly mostRemoved?: number | undefined
}

export interface EntryChanges {
  readonly diff: EntryDiff
  readonly removed: readonly RemovedEntry[]
  /** Whether an address is among those that were added. */
  isAdded(loc: string): boolean
}

/** Compares by loc. Holds the addresses of `before` (a target's), and of `after` those that are new; the items of an index are stepped over. */
export async function diffEntries(
  before: readonly EntryFile[],
  after: readonly EntryFile[],
  { examples, mostRemoved = 0 }: DiffOptions,
): Promise<EntryChanges> {
  const { left, files } = await readBefore(before)
  const unordered = files.find(({ seen }) => seen)?.seen
  const tally = makeTally(examples)
  const added = new Set<string>()
  for (const { sections, read } of after) {
    const placeOf = placesInOrder(sections)
    let place = 0
    for await (const batch of read()) {
      for (const { kind, loc, lastmod } of batch) {
        if (kind !== 'url') continue
        const section = placeOf(place++)?.section
        const known = left.get(loc)
        if (known === FOUND) continue
        if (known === undefined && !left.has(loc)) {
          if (!added.has(loc)) tally.add('added', loc, section)
          added.add(loc)
          continue
        }
        left.set(loc, FOUND)
        unordered?.note(loc, section)
        if (known !== lastmod) tally.add('changed', loc, section)
      }
    }
  }
  const removed = { [Symbol.iterator]: () => unfound(left, files) }
  for (const { loc, section } of removed) tally.add('removed', loc, section)
  const diff = tally.result()
  const chosen = spreadRemoved(removed, { most: mostRemoved, sections: diff.sections })
  return { diff, removed: chosen, isAdded: loc => added.has(loc) }
}

/** Addresses in the order in which they were read. A mark in the place of the date, not a second set: they may be millions. */
type Left = Map<string, string | undefined | typeof FOUND>

interface ReadFile {
  readonly file: EntryFile
  /** How many addresses it added to those known before it. */
  readonly size: number
  /** Whether it has each of its addresses once, and no other file has it: then their places can be told. */
  readonly isWhole: boolean
  /** Present where the order of its sections has to be found out. */
  readonly seen: Seen | undefined
}

async function readBefore(before: readonly EntryFile[]): Promise<{ left: Left; files: readonly ReadFile[] }> {
  const left: Left = new Map()
  const files: ReadFile[] = []
  for (const file of before) {
    const start = left.size
    const seen = file.sections.length > 1 ? new Seen() : undefined
    let items = 0
    for await (const batch of file.read()) {
      for (const { kind, loc, lastmod } of batch) {
        if (kind !== 'url') continue
        seen?.expect(loc)
        left.set(loc, lastmod)
        items++
      }
    }
    const size = left.size - start
    files.push({ file, size, isWhole: size === items, seen })
  }
  return { left, files }
}

/** Where entries stand, and who has those now that are there still. */
class Seen implements SeenPlaces {
  readonly locs: string[] = []
  readonly bySection = new Map<string, number[]>()
  readonly #places = new Map<string, number>()

  expect(loc: string): void {
    this.#places.set(loc, this.locs.length)
    this.locs.push(loc)
  }

  note(loc: string, section: string | undefined): void {
    const place = this.#places.get(loc)
    if (place === undefined || section === undefined) return
    const places = this.bySection.get(section)
    if (places) places.push(place)
    else this.bySection.set(section, [place])
  }
}

function* unfound(left: Left, files: readonly ReadFile[]): Generator<RemovedEntry> {
  const marks = left.entries()
  for (const read of files) {
    const stoodAt = makeStoodAt(read)
    for (let place = 0; place < read.size; place++) {
      const [loc, mark] = marks.next().value as [string, string | undefined | typeof FOUND]
      if (mark !== FOUND) yield { loc, file: read.file.name, ...stoodAt(place) }
    }
  }
}

type Stood = Pick<RemovedEntry, 'section' | 'among' | 'index'>

/** Where an address of the file stood, by its place among all that are first read here. */
function makeStoodAt({ file: { sections }, size, isWhole, seen }: ReadFile): (place: number) => Stood {
  const all = sections.map(({ section }) => section)
  const only = all.length === 1 ? all[0] : undefined
  const isCounted = sections.reduce((sum, { entries }) => sum + entries, 0) === size
  if (!isWhole || !isCounted) return () => ({ section: only, among: all, index: undefined })
  if (!seen) return place => ({ section: only, among: all, index: place })
  const placesOf = placesFromSeen(sections, seen)
  return place => {
    const places = placesOf(place)
    const among = [...new Set(places.map(({ section }) => section))]
    const section = among.length === 1 ? among[0] : undefined
    return { section, among, index: places.length === 1 ? places[0]?.index : undefined }
  }
}
