// Moments drawn by chance, that can be drawn again: STOREMAP_SEED repeats them, STOREMAP_KILLS says how many there are.

export interface Chance {
  /** What STOREMAP_SEED has to be for the same moments. */
  readonly seed: number
  /** From 0 up to 1. */
  next(): number
}

/** Twelve, so that nobody waits for them; CI takes a hundred. */
export const KILLS = Number(process.env.STOREMAP_KILLS ?? 12)

export function makeChance(seed = Number(process.env.STOREMAP_SEED ?? Date.now() % 1_000_000)): Chance {
  let state = seed
  return {
    seed,
    next: () => {
      // A step of mulberry32.
      state = (state + 0x6d2b79f5) | 0
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
    },
  }
}
