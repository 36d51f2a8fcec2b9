// What a run tells: the outcome, numbers, and what a person would ask next. Plain data, so it prints as JSON.
import type { Changes } from '../bundle/compare.ts'
import type { EntryDiff } from '../bundle/diff-entries.ts'
import type { Bundle } from '../bundle/manifest.ts'
import type { Funnel } from '../sources/source.ts'
import type { BuildResult } from './build.ts'
import type { Job } from './job.ts'
import type { Prepared } from './prepare.ts'

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

export interface RunFacts {
  readonly targets: readonly TargetReport[]
  /** Whether nothing was published before. */
  readonly isFirst: boolean
  readonly durationMs: number
}

export function reportRun(job: Job, { result, warnings, changes, diff }: Prepared, facts: RunFacts): RunReport {
  const report = reportPublished(job, result.bundle, { ...facts, changes, warnings })
  return {
    ...report,
    sections: reportSections(result.sections, changes, facts.isFirst),
    ...(diff && { changes: diff }),
  }
}

/** What can be told of a bundle without having made it. */
export function reportPublished(
  job: Job,
  bundle: Bundle,
  facts: RunFacts & { readonly changes: Changes; readonly warnings: readonly string[] },
): RunReport {
  const { changes, targets, isFirst, warnings, durationMs } = facts
  const sections = reportSections([], changes, isFirst)
  return {
    outcome: targets.some(({ outcome }) => outcome === 'published') ? 'published' : 'unchanged',
    site: job.site,
    revision: bundle.revision,
    entries: sections.reduce((sum, { entries }) => sum + entries, 0),
    files: reportFiles(bundle, changes),
    sections,
    targets,
    warnings,
    durationMs,
  }
}

function reportSections(sections: BuildResult['sections'], changes: Changes, isFirst: boolean): SectionReport[] {
  return changes.sections.map(({ section, before, after }) => {
    const built = sections.find(({ name }) => name === section)
    const leftOut = [...(built?.leftOut.counts ?? [])].map(([reason, count]) => ({
      reason,
      count,
      examples: built?.leftOut.examples.get(reason) ?? [],
    }))
    return {
      name: section,
      entries: after,
      before: isFirst ? null : before,
      ...(built && built.locales.size > 0 && { locales: Object.fromEntries(built.locales) }),
      ...funnelsOf(built?.funnels ?? []),
      ...(leftOut.length > 0 && { leftOut }),
    }
  })
}

const funnelsOf = ([funnel, ...others]: readonly Funnel[]) => ({
  ...(funnel && { funnel }),
  ...(others.length > 0 && { otherFunnels: others }),
})

function reportFiles(bundle: Bundle, changes: Changes): RunReport['files'] {
  return {
    total: Object.keys(bundle.manifest.files).length,
    added: changes.added.length,
    changed: changes.changed.length,
    removed: changes.removed.length,
  }
}

/** A commit's message: what changed, in numbers. */
export function commitMessage(site: string, changes: Changes, diff: EntryDiff | undefined, isFirst: boolean): string {
  const total = changes.sections.reduce((sum, { after }) => sum + after, 0)
  const subject = isFirst
    ? `Publish the sitemap of ${site}: ${count(total, 'URL')}`
    : changes.isEmpty
      ? `Restore the sitemap of ${site}: ${count(total, 'URL')}`
      : `Update the sitemap of ${site}: ${diff ? summary(diff) : count(total, 'URL')}`
  const moved = changes.sections
    .filter(({ before, after }) => before !== after)
    .map(({ section, before, after }) => (isFirst ? `${section}: ${after}` : `${section}: ${before} -> ${after}`))
  const files = `files: ${changes.added.length} new, ${changes.changed.length} changed, ${changes.removed.length} removed, ${changes.unchanged.length} untouched`
  return `${subject}\n\n${[...moved, files].join('\n')}\n`
}

function summary(diff: EntryDiff): string {
  const parts = [
    diff.added > 0 ? `${diff.added} added` : '',
    diff.removed > 0 ? `${diff.removed} removed` : '',
    diff.changed > 0 ? `${diff.changed} changed` : '',
  ].filter(part => part !== '')
  return parts.length > 0 ? parts.join(', ') : 'same URLs, other files'
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`
