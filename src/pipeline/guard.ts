// What the guard says of a bundle: nothing, or why it is held back.
import type { Changes } from '../bundle/compare.ts'
import { findGrown, findShrunk } from '../bundle/guard.ts'
import type { HeldSection } from '../errors.ts'
import { errors, type StoremapError } from '../errors.ts'
import type { BuildResult } from './build.ts'
import type { Job } from './job.ts'

/** Conditions that are told of a section. */
const MOST_CONDITIONS = 3

export interface GuardContext {
  /** Whether the bundle will be kept, so that it can be accepted. */
  readonly isKept: boolean
  readonly warnings: readonly string[]
}

/** Undefined where the bundle may be published. */
export function holdingReason(
  job: Job,
  { changes, result }: { readonly changes: Changes; readonly result: BuildResult },
  context: GuardContext,
): StoremapError | undefined {
  const shrunk = findShrunk(changes.sections, job.guard)
  const { maxShrinkPercent, maxGrowPercent } = job.guard
  const tell = ({ section, before, after }: (typeof shrunk)[number]): HeldSection => ({
    section,
    before,
    after,
    removedBy: after < before ? removedBy(section, result) : [],
  })
  if (shrunk.length > 0) {
    const limits = `at most ${maxShrinkPercent} % may vanish in one run`
    return errors.bundleShrunk(shrunk.map(tell), { ...context, limits })
  }
  const grown = findGrown(changes.sections, job.guard)
  if (grown.length === 0) return undefined
  return errors.bundleGrew(grown.map(tell), {
    ...context,
    limits: `at most ${maxGrowPercent} % may be added in one run`,
  })
}

/** The conditions of a section that remove the most records, in whatever channel. */
function removedBy(section: string, { sections }: BuildResult): HeldSection['removedBy'] {
  const funnels = sections.find(({ name }) => name === section)?.funnels ?? []
  return funnels
    .flatMap(({ steps }) => steps)
    .filter(({ removed }) => removed > 0)
    .toSorted((a, b) => b.removed - a.removed)
    .slice(0, MOST_CONDITIONS)
}
