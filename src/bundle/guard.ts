// The guard: a bundle in which a section shrank too much is held back, since a broken query looks just like that.
import type { SectionChange } from './compare.ts'

/** Below so many entries a share says nothing: a shop of five pages may lose two. Only zero counts. */
const SMALL_SECTION = 20

export interface GuardOptions {
  /** The share of its entries, in percent, that a section may lose in one run. */
  readonly maxShrinkPercent: number
  /** The share of its entries, in percent, that a section may gain in one run; undefined: any. */
  readonly maxGrowPercent?: number | undefined
}

/** The sections that fell too far, each for itself; one no longer configured has fallen to zero. */
export function findShrunk(sections: readonly SectionChange[], { maxShrinkPercent }: GuardOptions): SectionChange[] {
  return sections.filter(({ before, after }) => {
    if (after >= before) return false
    if (before < SMALL_SECTION && after > 0) return false
    return (before - after) * 100 > maxShrinkPercent * before
  })
}

/** The sections that grew too far; one that is new, or was empty or small, may have any size. */
export function findGrown(
  sections: readonly SectionChange[],
  { maxGrowPercent = Number.POSITIVE_INFINITY }: GuardOptions,
): SectionChange[] {
  return sections.filter(
    ({ before, after }) => before >= SMALL_SECTION && (after - before) * 100 > maxGrowPercent * before,
  )
}
