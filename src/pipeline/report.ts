// What a run tells: the outcome, numbers, and what a person would ask next. Plain data, so it prints as JSON.
import type { EntryDiff } from '../bundle/entry-diff.ts'
import type { Outcome } from '../routes/decide.ts'
import type { Route, RouterForm, Unresolved } from '../routes/route.ts'
import type { Funnel } from '../sources/source.ts'

export type { Funnel }

export interface SectionReport {
  readonly name: string
  readonly entries: number
  /** Entries that are published now; null where nothing ever was. */
  readonly before: number | null
  /** By hreflang: entries, and records that have none there (not translated, or not in its channel). Absent without locales. */
  readonly locales?: Readonly<
    Record<string, { readonly entries: number; readonly absent: number; readonly examples: readonly string[] }>
  >
  /** Absent for lists. */
  readonly funnel?: Funnel
  /** The funnels of further channels, where locales name them. */
  readonly otherFunnels?: readonly Funnel[]
  /** Records without an address. */
  readonly leftOut?: readonly {
    readonly reason: string
    readonly count: number
    readonly examples: readonly string[]
  }[]
  /** Addresses that are no page of the front end. */
  readonly uncovered?: {
    readonly count: number
    readonly examples: readonly {
      readonly loc: string
      readonly takenBy?: Route | undefined
      readonly nearest?: Route | undefined
    }[]
  }
  /** Of a section of routes: what was read, and what became of it. */
  readonly routes?: RoutesReport
}

export interface RoutesReport {
  /** Where they were read. */
  readonly from: string
  /** The commit; absent for a folder. */
  readonly revision?: string
  readonly forms: readonly RouterForm[]
  /** Routes by what becomes of them. */
  readonly counts: Readonly<Partial<Record<Outcome['is'], number>>>
  /** Places of the source that could not be told, and are not told by hand. */
  readonly unresolved: readonly Unresolved[]
}

export interface TargetReport {
  readonly target: string
  readonly outcome: 'published' | 'unchanged' | 'failed'
  /** What the target calls its new state: a commit, a folder. */
  readonly reference?: string
  readonly error?: { readonly code: string; readonly message: string; readonly hint?: string }
}

export interface RunReport {
  readonly outcome: 'published' | 'unchanged' | 'built'
  readonly site: string
  readonly revision: string
  readonly entries: number
  readonly files: { readonly total: number; readonly added: number; readonly changed: number; readonly removed: number }
  readonly sections: readonly SectionReport[]
  /** By URL; absent where the changed files are too large to compare by the way. */
  readonly changes?: EntryDiff | undefined
  readonly targets: readonly TargetReport[]
  readonly warnings: readonly string[]
  readonly durationMs: number
}
