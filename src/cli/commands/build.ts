// storemap build: the bundle in a folder, published nowhere.
import { join, resolve } from 'node:path'
import { buildSite } from '../../operations.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { reportText } from '../report-text.ts'
import { answerEach, loadNamedSites, withProgress } from '../site-command.ts'

export async function build(
  names: readonly string[],
  options: GlobalOptions & { readonly out: string },
  output: Output,
): Promise<number> {
  return answerEach(await loadNamedSites(names, options), output, async site => {
    // Each of several sites has a folder of its own in it.
    const out = site.key === undefined ? resolve(options.out) : join(resolve(options.out), site.key)
    const report = await withProgress(output, tools => buildSite(site, out, tools))
    return {
      exitCode: 0,
      data: { ...report, out },
      print: () => {
        for (const warning of report.warnings) output.warn(warning)
        if (!output.quiet) output.print(`${reportText(report, output)}\n`)
        const { total } = report.files
        output.print(`${output.style('green', 'built')} ${total} file${total === 1 ? '' : 's'} in ${out}`)
      },
    }
  })
}
