// storemap explain: why a URL, a path, a slug or an id is in the sitemap, or why not.
import type { Site } from '../../compose.ts'
import { errors, StoremapError } from '../../errors.ts'
import type { Explanation } from '../../explain/explanation.ts'
import { hostAsked } from '../../explain/reading.ts'
import { explainSite } from '../../operations.ts'
import { explanationText } from '../explain-text.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { answerEach, loadNamedSites, withProgress } from '../site-command.ts'
import { shownText } from '../yaml-text.ts'

export async function explain(args: readonly string[], options: GlobalOptions, output: Output): Promise<number> {
  const [asked = '', ...names] = args
  if (asked.trim() === '') throw errors.wrongOption('What is to be explained', 'is empty')
  const sites = await loadNamedSites(names, options)
  const answers = await askEach(names.length > 0 ? sites : sitesOfHost(sites, asked), asked, output)
  const explained = [...answers.values()].flatMap(answer => ('explanation' in answer ? [answer.explanation] : []))
  // What one of several sites does not have, another may.
  if (explained.length === answers.size && !explained.some(isFound)) throw nothingFound(asked, explained)
  return answerEach([...answers.keys()], output, async site => {
    const answer = answers.get(site) as Answer
    if ('failure' in answer) throw answer.failure
    const { explanation, warnings } = answer
    return {
      exitCode: 0,
      data: explanation,
      print: () => {
        for (const warning of warnings) output.warn(warning)
        const text = isFound(explanation) ? explanationText(explanation, output) : '  nothing that it could mean'
        output.print(text)
      },
    }
  })
}

type Answer = Awaited<ReturnType<typeof explainSite>> | { readonly failure: unknown }

/** A site that fails keeps the others from nothing; a signal ends it all. */
async function askEach(sites: readonly Site[], asked: string, output: Output): Promise<ReadonlyMap<Site, Answer>> {
  const answers = new Map<Site, Answer>()
  for (const site of sites) {
    try {
      answers.set(site, await withProgress(output, ({ signal }) => explainSite(site, asked, { signal })))
    } catch (failure) {
      answers.set(site, { failure })
      if (failure instanceof StoremapError && failure.code === errors.aborted().code) break
    }
  }
  return answers
}

/** Where it is a URL, the sites of its host: all where none is. */
function sitesOfHost(sites: readonly Site[], asked: string): readonly Site[] {
  const host = hostAsked(asked)?.host
  const own = sites.filter(({ job }) => new URL(job.site).host === host)
  return own.length > 0 ? own : sites
}

const isFound = ({ records, lists, routes }: Explanation): boolean => records.length + lists.length + routes.length > 0

function nothingFound(asked: string, explained: readonly Explanation[]): StoremapError {
  const near = new Set(explained.flatMap(explanation => explanation.near.map(shownText)))
  const notes = new Set(explained.flatMap(explanation => explanation.notes.map(shownText)))
  return errors.nothingFound(shownText(asked), [...near].slice(0, 5), [...notes])
}
