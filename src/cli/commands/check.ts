// storemap check: does a bundle in a folder keep the protocol and its own manifest?
import { resolve } from 'node:path'
import { checkBundle } from '../../bundle/check.ts'
import { openFolder } from '../../io/open-folder.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'

export async function check(args: readonly string[], _options: GlobalOptions, output: Output): Promise<number> {
  const dir = resolve(args[0] as string)
  const report = await checkBundle(await openFolder(dir), { now: new Date() })
  output.printJson(report)
  for (const { file, what } of report.problems)
    output.print(`${output.style('red', '✗')} ${file ? `${file}: ` : ''}${what}`)
  const counts = `${report.files} file${report.files === 1 ? '' : 's'}, ${report.entries.toLocaleString('en')} URLs`
  output.print(
    report.problems.length === 0
      ? `${output.style('green', '✓')} ${dir}: ${counts}, nothing wrong`
      : `${dir}: ${counts}, ${report.problems.length} problem${report.problems.length === 1 ? '' : 's'}`,
  )
  return report.problems.length === 0 ? 0 : 1
}
