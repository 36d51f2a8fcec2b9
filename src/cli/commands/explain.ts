// storemap explain: why a URL, a path, a slug or an id is in the sitemap, or why not.
import { explainSite } from '../../compose.ts'
import { errors } from '../../errors.ts'
import { explanationText } from '../explain-text.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { loadNamedSite, withProgress } from '../site-command.ts'

export async function explain(args: readonly string[], options: GlobalOptions, output: Output): Promise<number> {
  const [asked = '', ...names] = args
  const site = await loadNamedSite(names, options)
  const { explanation, warnings } = await withProgress(output, ({ signal }) => explainSite(site, asked, { signal }))
  for (const warning of warnings) output.warn(warning)
  if (explanation.records.length + explanation.lists.length === 0) throw errors.nothingFound(asked, explanation.near)
  output.printJson(explanation)
  output.print(explanationText(explanation, output))
  return 0
}
