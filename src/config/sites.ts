// Several sites in one configuration: each is checked as if it stood alone, and all mistakes come at once.
import { type Problem, uniqueProblems } from '../problem.ts'
import { isPlainObject } from '../rules/parse.ts'
import { type CheckedConfig, checkConfig } from './check.ts'
import { sharedStateProblems } from './check-s3.ts'
import { sharedPortProblems, targetKeys } from './check-targets.ts'
import type { Environment } from './environment.ts'

export interface CheckedSite extends CheckedConfig {
  /** Its name among `sites`; undefined for the one site of a configuration. */
  readonly key: string | undefined
}

interface RawSite {
  readonly key: string | undefined
  readonly data: unknown
  /** Where a setting of the site stands in the file. */
  place(path: string): string
}

/** Settings beside `sites` are those of every site that has none of its own. */
export async function checkSites(raw: unknown, folder: string, environment: Environment): Promise<CheckedSite[]> {
  const { sites, problems } = splitSites(raw)
  const checked: CheckedSite[] = []
  for (const { key, data, place } of sites) {
    const one = await checkConfig(data, folder, environment)
    checked.push({ ...one, key, problems: one.problems.map(problem => ({ ...problem, path: place(problem.path) })) })
  }
  const first = checked[0] ?? { key: undefined, config: undefined, problems: [], asks: undefined }
  const all = [...problems, ...sharedProblems(checked, folder)]
  return [{ ...first, problems: [...all, ...first.problems] }, ...checked.slice(1)]
}

/** All mistakes of all sites; one in a setting that they share is told once. */
export const problemsOf = (checked: readonly CheckedSite[]): Problem[] =>
  uniqueProblems(checked.flatMap(({ problems }) => problems))

const NAME = /^[A-Za-z0-9]+([-_.][A-Za-z0-9]+)*$/

function splitSites(raw: unknown): { sites: RawSite[]; problems: Problem[] } {
  if (!isPlainObject(raw) || raw.sites === undefined) {
    return { sites: [{ key: undefined, data: raw, place: path => path }], problems: [] }
  }
  const { sites, ...shared } = raw
  if (!isPlainObject(sites) || Object.keys(sites).length === 0) {
    const message = 'Expected a configuration for each site, by a name: sites: { de: { site: … } }.'
    return { sites: [], problems: [{ path: 'sites', message }] }
  }
  const problems: Problem[] = []
  if (shared.site !== undefined) {
    problems.push({
      path: 'site',
      message: 'Beside "sites" there is no one site.',
      hint: 'Write it into each of them.',
    })
  }
  const entries = Object.entries(sites).flatMap(([key, own]): RawSite[] => {
    if (!NAME.test(key)) {
      const message = 'The name of a site becomes a folder name: letters, digits, and hyphens or dots between them.'
      problems.push({ path: `sites.${key}`, message })
    }
    if (!isPlainObject(own)) {
      problems.push({ path: `sites.${key}`, message: 'Expected the configuration of a site.' })
      return []
    }
    const place = (path: string): string => {
      // Beside "sites" a site is no setting that could be shared.
      const setting = /^[^.[]*/.exec(path)?.[0] ?? ''
      const isShared = setting !== 'site' && !Object.hasOwn(own, setting) && Object.hasOwn(shared, setting)
      return isShared ? path : `sites.${key}${path && `.${path}`}`
    }
    return [{ key, data: { ...shared, site: undefined, ...own }, place }]
  })
  return { sites: entries, problems }
}

/** Two sites must have neither one host nor one target: the one would take the other's files for its own. */
function sharedProblems(checked: readonly CheckedSite[], folder: string): Problem[] {
  const hosts = new Map<string, string>()
  const targets = new Map<string, string>()
  const problems: Problem[] = []
  for (const { key = '', config } of checked) {
    if (!config) continue
    const host = hosts.get(config.site)
    if (config.site && host !== undefined) {
      problems.push({ path: `sites.${key}.site`, message: `The same site as sites.${host}.` })
    } else hosts.set(config.site, key)
    for (const [index, target] of targetKeys(config.publish, { folder, name: config.name }).entries()) {
      const at = `sites.${key}.publish[${index}]`
      const other = targets.get(target)
      if (other !== undefined && !other.startsWith(`sites.${key}.`)) {
        problems.push({ path: at, message: `The same target as ${other}: each site needs a place of its own.` })
      } else if (other === undefined) targets.set(target, at)
    }
  }
  return [...problems, ...sharedPortProblems(checked), ...sharedStateProblems(checked)]
}
