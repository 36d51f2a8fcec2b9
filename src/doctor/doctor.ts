// Looks at everything that a run and its way to the front end need, each thing by itself, all side by side.
import { resolve } from 'node:path'
import { type LoadOptions, readSites, type Site, type SitesRead, selectSites } from '../compose.ts'
import { httpFolder } from '../config/check-targets.ts'
import { stateFolder } from '../config/state-folder.ts'
import { StoremapError } from '../errors.ts'
import { parseRemote } from '../io/git-remote.ts'
import type { RouteSection } from '../pipeline/job.ts'
import { type Check, type Line, type RunChecksOptions, runChecks, type Tell } from './check.ts'
import { configurationCheck } from './configuration.ts'
import { type ContainerOptions, containerCheck } from './container.ts'
import { databaseCheck } from './database.ts'
import { stateFolderCheck, tempCheck } from './disk.ts'
import { folderTargetCheck } from './folder-target.ts'
import { frontEndCheck } from './front-end.ts'
import { gitTargetCheck } from './git-target.ts'
import { tellPort } from './http-target.ts'
import type { Published } from './published.ts'
import { s3TargetCheck } from './s3-target.ts'
import { scheduleCheck } from './schedule.ts'
import { siteCheck } from './site.ts'
import { toolsCheck } from './tools.ts'

export interface DoctorReport {
  readonly outcome: 'ok' | 'warning' | 'failed'
  readonly ok: number
  readonly warnings: number
  readonly failed: number
  /** Whether the configuration itself has mistakes. */
  readonly isMisconfigured: boolean
  readonly checks: readonly Line[]
}

export interface DoctorOptions extends RunChecksOptions {
  readonly load: LoadOptions
  /** Of several sites those to look at; all where none is named. */
  readonly sites: readonly string[]
  readonly container: ContainerOptions | undefined
}

/** Fails with SITE_UNKNOWN, and with the signal's reason on abort; everything else is a line of the report. */
export async function examine({ load, sites, container, ...options }: DoctorOptions): Promise<DoctorReport> {
  const read = await readSites(load).catch((cause: unknown) => {
    if (cause instanceof StoremapError) return cause
    throw cause
  })
  const isRead = !(read instanceof StoremapError)
  const meant = isRead && (read.problems.length === 0 || read.sites.length > 0) ? selectSites(read.sites, sites) : []
  const checks = [
    isRead ? configurationCheck(read) : unreadable(read),
    toolsCheck(toolsOf(meant)),
    tempCheck(),
    ...(isRead ? meant.flatMap(site => checksOf(site, { read, load })) : []),
    ...(container ? [containerCheck(container)] : []),
  ]
  const lines = await runChecks(checks, options)
  const count = (result: Line['result']): number => lines.filter(line => line.result === result).length
  const [warnings, failed] = [count('warning'), count('failed')]
  return {
    outcome: failed > 0 ? 'failed' : warnings > 0 ? 'warning' : 'ok',
    ok: count('ok'),
    warnings,
    failed,
    isMisconfigured: !isRead || read.problems.length > 0,
    checks: lines,
  }
}

const unreadable = (cause: StoremapError): Check => ({
  area: 'configuration',
  title: 'file',
  look: async ({ tell }) => tell.failure('file', cause),
})

function checksOf(site: Site, { read, load }: { readonly read: SitesRead; readonly load: LoadOptions }): Check[] {
  const { key, config, job, source, lockKey } = site
  const state = stateFolder(config, config)
  const queries = job.sections.flatMap(section => (section.kind === 'records' ? [section.query] : []))
  const routes = job.sections.filter((section): section is RouteSection => section.kind === 'routes')
  const { checks: targets, published } = targetChecks(site, load)
  // One that takes the place of a missing one.
  const isPlaced = config.site !== '' && !config.site.endsWith('.invalid')
  return [
    ...(source ? [databaseCheck({ site: key, config, source, queries })] : []),
    ...routes.map(section => frontEndCheck(site, section)),
    ...targets,
    ...(state === undefined ? [] : [stateFolderCheck(key, state)]),
    ...(isPlaced ? [siteCheck({ site: key, origin: config.site, published })] : []),
    // Times that are wrong are told already, and a part that is left out is none.
    ...(hasMistake(read, key, 'schedule') ? [] : [scheduleCheck({ site: key, config, lockKey })]),
  ]
}

const hasMistake = ({ problems }: SitesRead, key: string | undefined, setting: string): boolean =>
  problems.some(({ path }) =>
    [setting, `sites.${key}.${setting}`].some(place => path === place || path.startsWith(`${place}.`)),
  )

function targetChecks({ key: site, config }: Site, { environment }: LoadOptions) {
  const seen: Promise<Published | undefined>[] = []
  const checks = config.publish.flatMap(({ git, directory, http, s3 }): Check[] => {
    let seePublished: (published: Published | undefined) => void = () => undefined
    seen.push(
      new Promise(resolve => {
        seePublished = resolve
      }),
    )
    const common = { site, config, seePublished }
    if (git) return [gitTargetCheck({ ...common, git, caller: { environment } })]
    if (s3) return [s3TargetCheck({ ...common, s3 })]
    if (http) {
      const also = (tell: Tell): Promise<void> => tellPort(tell, http)
      const settings = { path: httpFolder(http, config), switch: 'link', also } as const
      return [folderTargetCheck(`target server on port ${http.port}`, { ...common, ...settings })]
    }
    if (!directory) return []
    const path = resolve(config.folder, directory.path)
    return [folderTargetCheck(`target folder ${path}`, { ...common, path, switch: directory.switch })]
  })
  return { checks, published: firstOf(seen) }
}

/** What the first of the targets has that has anything. */
async function firstOf(seen: readonly Promise<Published | undefined>[]): Promise<Published | undefined> {
  for (const each of seen) {
    const published = await each
    if (published) return published
  }
  return undefined
}

function toolsOf(sites: readonly Site[]) {
  const repositories = sites.flatMap(({ config }) => [
    ...config.publish.flatMap(({ git }) => git?.repo ?? []),
    ...Object.values(config.sections).flatMap(section => {
      const { router } = section as { router?: { git?: { repo?: string } } }
      return router?.git?.repo ?? []
    }),
  ])
  const isSsh = (repo: string): boolean => {
    const parsed = parseRemote(repo, '/')
    return 'remote' in parsed && parsed.remote.transport === 'ssh'
  }
  return { git: repositories.length > 0, ssh: repositories.some(isSsh) }
}
