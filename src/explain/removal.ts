// Why an entry that is published will not be any more: plain data, for people and as JSON.
import type { Difference, EntryDiff, RemovedEntry, SectionDiff } from '../bundle/entry-diff.ts'
import type { RunReport } from '../pipeline/report.ts'
import type { FieldValue } from '../rules/value.ts'
import type { NoLoc } from '../sitemap/url-template.ts'
import type { AddressOwner } from './explanation.ts'
import type { RouteName } from './routes.ts'

/**
 * `gone`: no record has the address, and whether its own was deleted or only has another slug is not known. `section`,
 * `locale`, `site`: no longer configured. `route`: the front end's router has it no more, or it is not listed any more.
 */
export type RemovalReason =
  | 'moved'
  | 'rule'
  | 'visibility'
  | 'deleted'
  | 'gone'
  | 'not translated'
  | NoLoc
  | 'taken'
  | 'list'
  | 'route'
  | 'section'
  | 'locale'
  | 'site'
  | 'unknown'

/** What several removals can have in common. */
export interface RemovalCause {
  readonly reason: RemovalReason
  /** The condition that fails, in the words of the funnel; the field that is empty, the locale, the site that it was, what became of the route. */
  readonly detail?: string
}

export interface Removal extends RemovalCause {
  readonly loc: string
  /** Null where it cannot be told. */
  readonly section: string | null
  /** The record's id; absent where none is known. */
  readonly id?: string
  /** Where a record that moved is listed now. */
  readonly to?: string
  /** What the record has in the fields of the condition that fails: the first ten values, and long texts cut. */
  readonly values?: Readonly<Record<string, readonly (FieldValue | null)[]>>
  /** Who has the record's address, where `reason` is `taken`. */
  readonly takenBy?: AddressOwner
  /** The route of the front end that has the address now, where `reason` is `route`. */
  readonly route?: RouteName
}

export interface ExplainedSectionDiff extends SectionDiff {
  /** The most frequent first; without those that were not looked at. */
  readonly reasons: readonly (RemovalCause & { readonly count: number })[]
  /** Those that were looked at, in the order in which they are published. */
  readonly removals: readonly Omit<Removal, 'section'>[]
  /** Removed entries that were not looked at, since there are so many. */
  readonly notLookedAt: number
}

export interface ExplainedDiff extends Difference {
  readonly sections: readonly ExplainedSectionDiff[]
}

export interface DiffReport extends Omit<RunReport, 'changes'> {
  readonly changes?: ExplainedDiff | undefined
}

/** The differences with the reasons of removals: one for each of `entries`, in the same order. */
export function withRemovals(
  diff: EntryDiff,
  { entries, removals }: { readonly entries: readonly RemovedEntry[]; readonly removals: readonly Removal[] },
): ExplainedDiff {
  // What the published files do not tell of an entry's section, its reason may.
  const placed = removals.filter(({ section }, index) => section !== null && entries[index]?.section === undefined)
  const known = diff.sections.filter(({ name }) => name !== null)
  const names = new Set([...known.map(({ name }) => name), ...placed.map(({ section }) => section)])
  const sections = [...names, null].map(name => {
    const own = diff.sections.find(section => section.name === name) ?? { ...NOTHING, name }
    const moved = name === null ? -placed.length : placed.filter(({ section }) => section === name).length
    const removed = own.removed + moved
    return explainSection(
      { ...own, removed },
      removals.filter(({ section }) => section === name),
    )
  })
  return { ...diff, sections: sections.filter(({ added, removed, changed }) => added + removed + changed > 0) }
}

const NOTHING: Difference = { added: 0, removed: 0, changed: 0, examples: { added: [], removed: [], changed: [] } }

function explainSection(section: SectionDiff, removals: readonly Removal[]): ExplainedSectionDiff {
  const causes = new Map<string, RemovalCause & { count: number }>()
  for (const { reason, detail } of removals) {
    const key = JSON.stringify([reason, detail])
    const cause = causes.get(key) ?? { reason, ...(detail !== undefined && { detail }), count: 0 }
    cause.count++
    causes.set(key, cause)
  }
  return {
    ...section,
    reasons: [...causes.values()].sort((a, b) => b.count - a.count),
    removals: removals.map(({ section: _, ...removal }) => removal),
    notLookedAt: section.removed - removals.length,
  }
}
