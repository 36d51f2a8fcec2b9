// storemap routes: every route of the front end with its place, and what becomes of it.
import type { Site } from '../../compose.ts'
import { errors } from '../../errors.ts'
import { type FrontEndRead, readRoutesFile, routesOfSite, undecidedIn } from '../../operations.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { frontEndText, tableText } from '../routes-text.ts'
import { answerEach, loadNamedSites, type SiteAnswer, withProgress } from '../site-command.ts'

export async function routes(
  names: readonly string[],
  options: GlobalOptions & { readonly router?: string },
  output: Output,
): Promise<number> {
  if (options.router !== undefined) return ofRouter(options.router, output)
  const sites = await loadNamedSites(names, options)
  // Where none is named, those that have a front end are meant.
  const meant = names.length > 0 ? sites : sites.filter(hasRoutes)
  return answerEach(meant.length > 0 ? meant : sites, output, site => ofSite(site, output))
}

const hasRoutes = ({ job }: Site): boolean => job.sections.some(({ kind }) => kind === 'routes')

/** In the front end's own pipeline there is no configuration, and no shop. */
async function ofRouter(router: string, output: Output): Promise<number> {
  const file = await withProgress(output, ({ signal }) => readRoutesFile(router, { folder: process.cwd(), signal }))
  output.printJson(file)
  output.print(tableText(file, output))
  return 0
}

async function ofSite(site: Site, output: Output): Promise<SiteAnswer> {
  const read = await withProgress(output, tools => routesOfSite(site, tools))
  const forbidden = read.filter(({ section }) => isForbidden(site, section)).flatMap(undecidedIn)
  return {
    exitCode: forbidden.length > 0 ? 1 : 0,
    data:
      read.length === 1
        ? { site: site.job.site, ...toData(read[0] as FrontEndRead) }
        : { site: site.job.site, sections: read.map(toData) },
    print: () => {
      for (const each of read) output.print(frontEndText(each, output))
      if (forbidden.length > 0) output.failText(errors.routesUndecided(forbidden))
    },
  }
}

const isForbidden = ({ job }: Site, name: string): boolean =>
  job.sections.some(
    section => section.kind === 'routes' && section.name === name && section.rules.undecided === 'error',
  )

/** As routes.json has them, and what becomes of each besides. */
const toData = ({ section, name, table, decided, unresolved }: FrontEndRead) => ({
  section,
  from: name,
  format: 1,
  ...table,
  routes: decided.map(({ route, outcome }) => ({ ...route, outcome })),
  unresolved,
})
