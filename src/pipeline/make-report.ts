// From what a run did to its report.
import type { Changes } from '../bundle/compare.ts'
import type { Bundle } from '../bundle/manifest.ts'
import type { BuildResult } from './build.ts'
import type { Job } from './job.ts'
import type { Prepared } from './prepare.ts'
import type { Funnel, RunReport, SectionReport, TargetReport } from './report.ts'

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
