// The entries of the shard that is being filled: their text with the place of each date, and what dates them.
import { levelBetween, SAME_KEY, WHOLE } from '../sitemap/key-range.ts'
import { DATE_ROOM, writeLastmod } from '../sitemap/lastmod.ts'
import type { PageEntry } from './entries.ts'

/** What is known of entries, by their index: typed arrays, since a shard has fifty thousand. */
interface Columns {
  /** Where each entry's text ends. */
  readonly ends: Uint32Array
  /** Where the room for its date begins; meaningless without room. */
  readonly datesAt: Uint32Array
  readonly keys: Float64Array
  /** Which of its record's addresses it is. */
  readonly slots: Uint8Array
  /** NaN where it has none. */
  readonly fingerprints: Float64Array
}

/** What the text and the columns of a leaf lie in. */
interface Room {
  readonly text: Buffer<ArrayBuffer>
  readonly columns: Columns
}

/** Entries of a shard, in the order of their keys. */
export interface Leaf extends Columns {
  /** To be given back when the leaf is written: the next but one is filled there. */
  readonly room: Room
  readonly count: number
  /** The rendered entries. */
  readonly text: Buffer
  /** The back end's own dates, where entries are dated later. */
  readonly updated: readonly (string | undefined)[]
}

const FEW_BYTES = 16 * 1024
const FEW_ENTRIES = 128

/** ASCII. Without a date `date` is empty; where entries are dated later, it is an EMPTY_LASTMOD. */
export interface EntryText {
  readonly beforeDate: string
  readonly date: string
  readonly afterDate: string
}

/** A leaf that grows. Boundaries between its entries are known by their level, the highest first. */
export class GrowingLeaf {
  count = 0
  /** Bytes of the text so far. */
  used = 0
  #text = Buffer.allocUnsafe(FEW_BYTES)
  #columns = makeColumns(FEW_ENTRIES)
  #updated: (string | undefined)[] = []
  /** Boundaries that are higher than all after them, by the entry that they stand before. */
  #peaks: { readonly at: number; readonly level: number }[] = []
  #spare: Room | undefined
  readonly #datedLater: boolean

  constructor({ datedLater }: { readonly datedLater: boolean }) {
    this.#datedLater = datedLater
  }

  /** The level of the place between the last entry and one of the key. */
  levelBefore(key: number): number {
    return this.count === 0 ? SAME_KEY : levelBetween(this.#columns.keys[this.count - 1] as number, key)
  }

  /** The highest boundary inside; undefined where all entries are of one key. */
  get highest(): { readonly at: number; readonly level: number } | undefined {
    return this.#peaks[0]
  }

  /** Adds an entry. Its text comes in pieces, since to join them would be a string more for each of a million. */
  add({ key, slot, fingerprint = Number.NaN, lastmod }: PageEntry, { beforeDate, date, afterDate }: EntryText): void {
    const { count } = this
    const level = this.levelBefore(key)
    if (level > SAME_KEY) {
      while ((this.#peaks.at(-1)?.level ?? WHOLE) < level) this.#peaks.pop()
      this.#peaks.push({ at: count, level })
    }
    this.#makeRoom(beforeDate.length + date.length + afterDate.length)
    const { ends, datesAt, keys, slots, fingerprints } = this.#columns
    const dateAt = this.used + this.#text.write(beforeDate, this.used, 'latin1')
    const restAt = dateAt + this.#text.write(date, dateAt, 'latin1')
    this.used = restAt + this.#text.write(afterDate, restAt, 'latin1')
    datesAt[count] = dateAt
    ends[count] = this.used
    keys[count] = key
    slots[count] = slot
    fingerprints[count] = fingerprint
    if (this.#datedLater) this.#updated.push(lastmod)
    this.count = count + 1
  }

  /** Takes the first entries out. What stays moves to memory of its own, so that both can be worked on at once. */
  take(count: number): Leaf {
    const cut = count === 0 ? 0 : (this.#columns.ends[count - 1] as number)
    const room = { text: this.#text, columns: this.#columns }
    const leaf = { ...this.#columns, room, count, text: this.#text.subarray(0, cut), updated: this.#updated }
    const rest = this.#text.subarray(cut, this.used)
    this.count -= count
    this.used -= cut
    const spare = this.#spare
    this.#spare = undefined
    const hasRoom = spare !== undefined && spare.text.length >= this.used && spare.columns.ends.length >= this.count
    this.#text = hasRoom ? spare.text : Buffer.allocUnsafe(Math.max(FEW_BYTES, 2 * this.used))
    this.#columns = hasRoom ? spare.columns : makeColumns(Math.max(FEW_ENTRIES, 2 * this.count))
    rest.copy(this.#text)
    copyColumns(leaf, this.#columns, { from: count, to: count + this.count })
    for (let index = 0; index < this.count; index++) {
      this.#columns.ends[index] = (leaf.ends[count + index] as number) - cut
      this.#columns.datesAt[index] = (leaf.datesAt[count + index] as number) - cut
    }
    this.#updated = this.#updated.slice(count)
    this.#peaks = this.#peaks.flatMap(({ at, level }) => (at > count ? [{ at: at - count, level }] : []))
    return leaf
  }

  /** A leaf that nobody needs any more. New memory for each would be freed much later. */
  giveBack({ room }: Leaf): void {
    if (room.text.length > (this.#spare?.text.length ?? 0)) this.#spare = room
  }

  #makeRoom(bytes: number): void {
    const needed = this.used + bytes
    if (needed > this.#text.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#text.length))
      this.#text.copy(larger, 0, 0, this.used)
      this.#text = larger
    }
    const { length } = this.#columns.ends
    if (this.count < length) return
    const larger = makeColumns(2 * length)
    copyColumns(this.#columns, larger, { from: 0, to: length })
    this.#columns = larger
  }
}

const makeColumns = (size: number): Columns => ({
  ends: new Uint32Array(size),
  datesAt: new Uint32Array(size),
  keys: new Float64Array(size),
  slots: new Uint8Array(size),
  fingerprints: new Float64Array(size),
})

function copyColumns(source: Columns, target: Columns, { from, to }: { from: number; to: number }): void {
  target.ends.set(source.ends.subarray(from, to))
  target.datesAt.set(source.datesAt.subarray(from, to))
  target.keys.set(source.keys.subarray(from, to))
  target.slots.set(source.slots.subarray(from, to))
  target.fingerprints.set(source.fingerprints.subarray(from, to))
}

/** The text of a leaf with rooms, with the dates filled in, in seconds since 1970; those of entries without (0) close up. */
export function fillDates(leaf: Leaf, seconds: Float64Array): Buffer {
  const { text, datesAt, count } = leaf
  let undated = 0
  for (let index = 0; index < count; index++) {
    const date = seconds[index] as number
    if (date === 0) undated++
    else writeLastmod(text, datesAt[index] as number, date)
  }
  return undated === 0 ? text : withoutRooms(leaf, seconds)
}

function withoutRooms({ text, datesAt, count }: Leaf, seconds: Float64Array): Buffer {
  let from = 0
  let to = 0
  for (let index = 0; index < count; index++) {
    if (seconds[index] !== 0) continue
    const room = datesAt[index] as number
    text.copyWithin(to, from, room)
    to += room - from
    from = room + DATE_ROOM
  }
  text.copyWithin(to, from)
  return text.subarray(0, to + text.length - from)
}
