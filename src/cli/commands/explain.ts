// storemap explain: why a URL, a path, a slug or an id is in the sitemap, or why not.
import { errors } from '../../errors.ts'
import { explainSite } from '../../operations.ts'
import { explanationText } from '../explain-text.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { answerEach, loadNamedSites, withProgress } from '../site-command.ts'

export async function explain(args: readonly string[], options: GlobalOptions, output: Output): Promise<number> {
  const [asked = '', ...names] = args
  const sites = await loadNamedSites(names, options)
  let isFound = false
  const exitCode = await answerEach(sites, output, async site => {
    const { explanation, warnings } = await withProgress(output, ({ signal }) => explainSite(site, asked, { signal }))
    const isHere = explanation.records.length + explanation.lists.length > 0
    isFound ||= isHere
    // What one of several sites does not have, another may.
    if (!isHere && sites.length === 1) throw errors.nothingFound(asked, explanation.near)
    return {
      exitCode: 0,
      data: explanation,
      print: () => {
        for (const warning of warnings) output.warn(warning)
        output.print(isHere ? explanationText(explanation, output) : '  nothing that it could mean')
      },
    }
  })
  return exitCode === 0 && !isFound ? 1 : exitCode
}
