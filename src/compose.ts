// From a checked configuration to the real parts: with compose-section.ts the only file that knows every adapter.
import { resolve } from 'node:path'
import { composeSection } from './compose-section.ts'
import { assertNoProblems, type SiteConfig } from './config/check.ts'
import { httpFolder } from './config/check-targets.ts'
import type { Environment } from './config/environment.ts'
import { loadConfigFile } from './config/load.ts'
import { type CheckedSite, checkSites, problemsOf } from './config/sites.ts'
import { stateFolder } from './config/state-folder.ts'
import { withoutMistakes } from './config/without-mistakes.ts'
import { errors, StoremapError } from './errors.ts'
import type { ConfiguredJob } from './pipeline/job.ts'
import type { Problem } from './problem.ts'
import { createDirectoryPublisher } from './publishers/directory/directory.ts'
import { createGitPublisher } from './publishers/git/git.ts'
import { createHttpPublisher } from './publishers/http/http.ts'
import type { Publisher } from './publishers/publisher.ts'
import { createS3Publisher } from './publishers/s3/s3.ts'
import type { HttpTarget } from './server/server.ts'
import { createSaleorPostgresSource } from './sources/saleor/postgres.ts'
import type { DiscoverableSource, Source } from './sources/source.ts'
import { openDirectoryStore } from './state/directory-store.ts'
import type { StateStore } from './state/store.ts'

/** A site with all its parts, ready to run. */
export interface Site {
  /** Its name among the configuration's `sites`; undefined for the only one. */
  readonly key: string | undefined
  readonly config: SiteConfig
  readonly job: ConfiguredJob
  readonly source: Source | undefined
  readonly publishers: readonly Publisher[]
  /** Those of them that `serve` serves by itself. */
  readonly httpTargets: readonly HttpTarget[]
  /** Opens the folder that keeps the state; undefined where targets do, or where there is none. */
  readonly openStateFolder: (() => Promise<StateStore>) | undefined
  /** Names the lock: one run of this configuration at a time on a machine. */
  readonly lockKey: string
}

export interface LoadOptions {
  /** A file's path, or the configuration itself; undefined: searched for from `folder` upwards. */
  readonly config?: string | object | undefined
  readonly folder: string
  readonly environment: Environment
}

/**
 * All sites of a configuration, in its order. Fails with CONFIG_INVALID and all mistakes of all of them, those that only
 * a shop's database can show included where it answers.
 */
export async function loadSites(options: LoadOptions): Promise<Site[]> {
  const { path, checked } = await readConfig(options)
  if (checked.some(({ problems }) => problems.length > 0)) {
    const inShops = await Promise.all(checked.map(problemsInShop))
    assertNoProblems([...problemsOf(checked), ...inShops.flat()])
  }
  return checked.map(({ key, config }) => composeSite(config as SiteConfig, { path, key }))
}

/** The one site of a configuration, or the one named. Fails as loadSites does, and with SITE_UNKNOWN or SITE_UNNAMED. */
export async function loadSite({
  site,
  ...options
}: LoadOptions & { readonly site?: string | undefined }): Promise<Site> {
  const sites = await loadSites(options)
  const [only, ...others] = site === undefined ? sites : selectSites(sites, [site])
  if (!only || others.length > 0) throw errors.siteUnnamed(sites.map(({ key }) => key ?? '').join(', '))
  return only
}

/** Those named, by their name in the configuration, host or address; all where none is named. Fails with SITE_UNKNOWN. */
export function selectSites(sites: readonly Site[], names: readonly string[]): readonly Site[] {
  const isCalled = ({ key, job }: Site, name: string) => [key, job.name, job.site].includes(name)
  const unknown = names.filter(name => !sites.some(site => isCalled(site, name)))
  if (unknown.length > 0) throw errors.unknownSite(unknown, sites.map(({ key, job }) => key ?? job.name).join(', '))
  return names.length === 0 ? sites : sites.filter(site => names.some(name => isCalled(site, name)))
}

/** A configuration as far as it can be read, whatever is wrong in it. */
export interface SitesRead {
  readonly path: string
  /** Whether it is a file, and no value that was handed over. */
  readonly isFile: boolean
  /** As it is written, before references are replaced. */
  readonly data: unknown
  readonly problems: readonly Problem[]
  /** Those that are left, without the parts that have mistakes. */
  readonly sites: readonly Site[]
}

const MOST_ROUNDS = 3

/** For those who look at each part by itself. Fails with CONFIG_MISSING or CONFIG_UNREADABLE. */
export async function readSites(options: LoadOptions): Promise<SitesRead> {
  const { path, file, checked } = await readConfig(options)
  const problems = problemsOf(checked)
  let [data, left] = [file.data, checked]
  // Mistakes that others hid come out when those are gone.
  for (let more = MOST_ROUNDS; more > 0 && problemsOf(left).length > 0; more--) {
    data = withoutMistakes(data, problemsOf(left))
    left = await checkSites(data, file.folder, options.environment)
  }
  const sites = left.flatMap(({ key, config }): Site[] => {
    try {
      return config ? [composeSite(config, { path, key })] : []
    } catch (cause) {
      // A part that cannot even be made is one of those with mistakes.
      if (cause instanceof StoremapError) return []
      throw cause
    }
  })
  return { path, isFile: typeof options.config !== 'object', data: file.data, problems, sites }
}

async function readConfig({ config, folder, environment }: LoadOptions) {
  const file =
    typeof config === 'object'
      ? { path: resolve(folder, 'storemap.config'), folder, data: config as unknown }
      : await loadConfigFile(config, folder)
  return { path: file.path, file, checked: await checkSites(file.data, file.folder, environment) }
}

/** A shop whose fields can be asked for. */
export interface NamedSource {
  /** Its site's name among `sites`; undefined for the only one. */
  readonly key: string | undefined
  readonly source: DiscoverableSource
}

/**
 * The shops of the sites named, or of all, whatever else is wrong in the configuration: their fields are asked for while
 * the rules are written. Fails with SITE_UNKNOWN, and with CONFIG_INVALID and the mistakes of the sources alone.
 */
export async function loadSources(options: LoadOptions, names: readonly string[]): Promise<NamedSource[]> {
  const { checked } = await readConfig(options)
  const isCalled = ({ key, config }: CheckedSite, name: string) => [key, config?.name, config?.site].includes(name)
  const unknown = names.filter(name => !checked.some(site => isCalled(site, name)))
  if (unknown.length > 0) {
    throw errors.unknownSite(unknown, checked.map(({ key }) => key ?? 'one site').join(', '))
  }
  const meant = names.length === 0 ? checked : checked.filter(site => names.some(name => isCalled(site, name)))
  // Where images are has nothing to do with fields.
  const isOfSource = ({ path }: Problem) => /^(sites\.[^.]+\.?)?($|source(?!\.saleor\.media))/.test(path)
  assertNoProblems(problemsOf(meant).filter(isOfSource))
  return meant.map(({ key, asks, config }) => {
    if (!asks) {
      const path = key === undefined ? 'source' : `sites.${key}.source`
      throw errors.configInvalid([{ path, message: 'Expected a shop, and no source is named.' }])
    }
    const source = createSaleorPostgresSource({
      url: asks.database,
      channel: asks.channel,
      visibility: 'all',
      connectTimeoutMs: config?.timeouts.connect ?? 10_000,
      statementTimeoutMs: 60_000,
    })
    return { key, source }
  })
}

function composeSite(config: SiteConfig, { path, key }: { path: string; key: string | undefined }): Site {
  const { source, timeouts } = config
  const publishers = config.publish.map(({ git, directory, http, s3 }) => {
    if (git) return createGitPublisher(git, { base: config.folder, timeoutMs: timeouts.git })
    if (http) return createHttpPublisher({ port: http.port, path: httpFolder(http, config) })
    if (s3) return createS3Publisher(s3, { timeoutMs: timeouts.s3 })
    return createDirectoryPublisher({
      path: resolve(config.folder, directory?.path as string),
      switch: directory?.switch ?? 'link',
    })
  })
  const folder = stateFolder(config, config)
  return {
    key,
    config,
    job: {
      name: config.name,
      site: config.site,
      sections: Object.entries(config.sections).map(([name, section]) => composeSection(name, section, config)),
      limits: config.limits,
      gzip: config.gzip,
      robots: config.robots,
      guard: { maxShrinkPercent: config.guard.maxShrink, maxGrowPercent: config.guard.maxGrow },
      features: {
        alternates: config.locales !== undefined,
        images: Object.values(config.sections).some(section => 'images' in section && section.images === true),
      },
      addressProblems: config.addresses,
      versionedNames: config.publish.some(target => 's3' in target && target.s3 !== undefined),
    },
    source:
      source &&
      createSaleorPostgresSource({
        url: source.saleor.database as string,
        channel: source.saleor.channel,
        visibility: source.saleor.visibility,
        media: source.saleor.media,
        connectTimeoutMs: timeouts.connect,
        statementTimeoutMs: timeouts.statement,
      }),
    publishers,
    httpTargets: config.publish.flatMap(({ http }) =>
      http ? [{ site: config.name, dir: httpFolder(http, config), host: http.host, port: http.port }] : [],
    ),
    openStateFolder: folder === undefined ? undefined : () => openDirectoryStore(folder),
    lockKey: `${path} ${config.site}`,
  }
}

/** Mistakes that the database can show, where it answers; a database that does not is another run's trouble. */
async function problemsInShop({ key, asks, problems }: CheckedSite): Promise<Problem[]> {
  if (!asks || problems.some(({ path }) => path.includes('source.saleor.database'))) return []
  const source = createSaleorPostgresSource({
    url: asks.database,
    channel: asks.channel,
    visibility: 'saleor',
    connectTimeoutMs: 3_000,
    statementTimeoutMs: 10_000,
  })
  try {
    const snapshot = await source.open()
    try {
      const told = new Set(problems.map(({ path }) => path))
      const found = await snapshot.check(asks.queries)
      return found
        .map(problem => ({ ...problem, path: key === undefined ? problem.path : `sites.${key}.${problem.path}` }))
        .filter(({ path }) => !told.has(path))
    } finally {
      await snapshot.close()
    }
  } catch (cause) {
    if (cause instanceof StoremapError) return []
    throw cause
  }
}
