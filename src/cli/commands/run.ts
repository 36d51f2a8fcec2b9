// storemap run: build, compare, guard, publish.
import { runSite } from '../../operations.ts'
import type { RunReport } from '../../pipeline/report.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { reportText, targetLines } from '../report-text.ts'
import { answerEach, loadNamedSites, withProgress } from '../site-command.ts'

interface RunOptions extends GlobalOptions {
  readonly accept?: boolean
  readonly adopt?: boolean
}

export async function run(names: readonly string[], options: RunOptions, output: Output): Promise<number> {
  return answerEach(await loadNamedSites(names, options), output, async site => {
    const report = await withProgress(output, tools =>
      runSite(site, { ...tools, accept: options.accept === true, adopt: options.adopt === true }),
    )
    return { exitCode: exitCodeOfReport(report), data: report, print: () => printRun(report, output) }
  })
}

export function printRun(report: RunReport, output: Output): void {
  for (const warning of report.warnings) output.warn(warning)
  if (!output.quiet) output.print(`${reportText(report, output)}\n`)
  output.print(targetLines(report, output).join('\n'))
}

export const exitCodeOfReport = ({ targets }: RunReport): number =>
  targets.some(({ outcome }) => outcome === 'failed') ? 1 : 0
