// A set of 53-bit hashes of addresses, at some 16 bytes each: a Set holds 16.7 million at most, and takes four times that.

/** A 53-bit hash of a text. Not against an attacker: what it takes for equal has to be compared. */
export function hashLoc(loc: string): number {
  let high = 0xdeadbeef
  let low = 0x41c6ce57
  for (let at = 0; at < loc.length; at++) {
    const code = loc.charCodeAt(at)
    high = Math.imul(high ^ code, 2_654_435_761)
    low = Math.imul(low ^ code, 1_597_334_677)
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909)
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909)
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0)
}

export interface HashSet {
  /** False where the hash was there already. */
  add(hash: number): boolean
}

export function makeHashSet(initialSlots = 1_024): HashSet {
  // Open addressing; 0 marks a free slot, so every hash is kept one higher.
  let slots = new Float64Array(initialSlots)
  let size = 0

  const put = (table: Float64Array, key: number): boolean => {
    let at = key % table.length
    while (table[at] !== 0) {
      if (table[at] === key) return false
      at = at + 1 === table.length ? 0 : at + 1
    }
    table[at] = key
    return true
  }

  return {
    add(hash) {
      if (size * 4 >= slots.length * 3) {
        const larger = new Float64Array(slots.length * 2)
        for (const key of slots) if (key !== 0) put(larger, key)
        slots = larger
      }
      if (!put(slots, hash + 1)) return false
      size++
      return true
    },
  }
}
