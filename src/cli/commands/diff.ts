// storemap diff: what a run would change and why, and what the guard would say to it.
import { diffSite } from '../../operations.ts'
import { changesText } from '../changes-text.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { sectionsText } from '../report-text.ts'
import { answerEach, loadNamedSites, withProgress } from '../site-command.ts'

export async function diff(
  names: readonly string[],
  options: GlobalOptions & { readonly exact?: boolean },
  output: Output,
): Promise<number> {
  return answerEach(await loadNamedSites(names, options), output, async site => {
    const { report, held } = await withProgress(output, tools =>
      diffSite(site, { ...tools, exact: options.exact === true }),
    )
    return {
      exitCode: 0,
      data: { ...report, held: held ? { code: held.code, message: held.message } : null },
      print: () => {
        for (const warning of report.warnings) output.warn(warning)
        output.print(sectionsText(report, output))
        const changes = report.changes ? changesText(report.changes, { site: site.job.site, output }) : ''
        if (changes !== '') output.print(`\n${changes}`)
        const { added, changed, removed } = report.files
        output.print(
          added + changed + removed === 0
            ? '\nA run would change nothing.'
            : `\nA run would write ${added + changed} and remove ${removed} file${removed === 1 ? '' : 's'}.`,
        )
        if (held) output.warn(`The guard would hold it back: ${held.message}`)
      },
    }
  })
}
