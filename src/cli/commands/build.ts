// storemap build: the bundle in a folder, published nowhere.
import { resolve } from 'node:path'
import { buildSite } from '../../compose.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { reportText } from '../report-text.ts'
import { loadNamedSite, withProgress } from '../site-command.ts'

export async function build(
  names: readonly string[],
  options: GlobalOptions & { readonly out: string },
  output: Output,
): Promise<number> {
  const site = await loadNamedSite(names, options)
  const out = resolve(options.out)
  const report = await withProgress(output, tools => buildSite(site, out, tools))
  for (const warning of report.warnings) output.warn(warning)
  output.printJson({ ...report, out })
  if (!output.quiet) output.print(`${reportText(report, output)}\n`)
  output.print(
    `${output.style('green', 'built')} ${report.files.total} file${report.files.total === 1 ? '' : 's'} in ${out}`,
  )
  return 0
}
