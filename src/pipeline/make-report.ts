// From what a run did to its report.
import type { Changes } from '../bundle/compare.ts'
import type { Bundle } from '../bundle/manifest.ts'
import type { Outcome } from '../routes/decide.ts'
import type { BuildResult } from './build.ts'
import type { Job } from './job.ts'
import type { Prepared } from './prepare.ts'
import type { Funnel, RunReport, SectionReport, TargetReport } from './report.ts'
import type { FrontEndRead } from './routes.ts'

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
    sections: reportSections(job, result.sections, { changes, isFirst: facts.isFirst }),
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
  const sections = reportSections(job, [], { changes, isFirst })
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

function reportSections(
  { frontEnds }: Job,
  sections: BuildResult['sections'],
  { changes, isFirst }: { readonly changes: Changes; readonly isFirst: boolean },
): SectionReport[] {
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
      ...(built?.uncovered && { uncovered: built.uncovered }),
      ...routesOf(frontEnds.find(read => read.section === section)),
    }
  })
}

function routesOf(read: FrontEndRead | undefined): Pick<SectionReport, 'routes'> {
  if (!read) return {}
  const { name, table, decided, unresolved } = read
  const counts: Partial<Record<Outcome['is'], number>> = {}
  for (const { outcome } of decided) counts[outcome.is] = (counts[outcome.is] ?? 0) + 1
  const { revision, forms } = table
  return { routes: { from: name, ...(revision !== undefined && { revision }), forms, counts, unresolved } }
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
