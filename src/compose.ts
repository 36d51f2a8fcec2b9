// From a checked configuration to the real parts; the only file that knows every adapter.
import { resolve } from 'node:path'
import { listAddresses, recordAddresses, type SectionAddress } from './config/addresses.ts'
import {
  addressSettings,
  assertNoProblems,
  type CheckedConfig,
  checkConfig,
  type SiteConfig,
  toAddressQuery,
} from './config/check.ts'
import type { Environment } from './config/environment.ts'
import { loadConfigFile } from './config/load.ts'
import { errors, StoremapError } from './errors.ts'
import { acquireLock } from './io/lock.ts'
import { makeTempFolder, removeDeadTempFolders } from './io/temp.ts'
import { explain } from './pipeline/explain.ts'
import type { Explanation } from './pipeline/explanation.ts'
import type { Address, Job, OnProgress, Section } from './pipeline/job.ts'
import type { RunReport } from './pipeline/report.ts'
import { rehearse, runJob } from './pipeline/run.ts'
import type { Problem } from './problem.ts'
import { createDirectoryPublisher } from './publishers/directory/directory.ts'
import { createGitPublisher } from './publishers/git/git.ts'
import type { Publisher } from './publishers/publisher.ts'
import { readList } from './sources/list/list.ts'
import { createSaleorPostgresSource } from './sources/saleor/postgres.ts'
import type { DiscoverableSource, KindFields, RecordKind, Snapshot, Source } from './sources/source.ts'
import { placeBundle } from './webroot/place.ts'

export { type KindFields, RECORD_KINDS, type RecordKind, type ShopField } from './sources/source.ts'

/** A site with all its parts, ready to run. */
export interface Site {
  readonly config: SiteConfig
  readonly job: Job
  readonly source: Source | undefined
  readonly publishers: readonly Publisher[]
  /** Names the lock: one run of this configuration at a time on a machine. */
  readonly lockKey: string
}

export interface LoadOptions {
  /** A file's path, or the configuration itself; undefined: searched for from `folder` upwards. */
  readonly config?: string | object | undefined
  readonly folder: string
  readonly environment: Environment
}

/** Fails with CONFIG_INVALID and all mistakes, those that only the shop's database can show included where it answers. */
export async function loadSite(options: LoadOptions): Promise<Site> {
  const { path, checked } = await readConfig(options)
  if (checked.problems.length > 0) assertNoProblems([...checked.problems, ...(await problemsInShop(checked))])
  return composeSite(checked.config as SiteConfig, path)
}

async function readConfig({ config, folder, environment }: LoadOptions) {
  const file =
    typeof config === 'object'
      ? { path: resolve(folder, 'storemap.config'), folder, data: config as unknown }
      : await loadConfigFile(config, folder)
  return { path: file.path, checked: await checkConfig(file.data, file.folder, environment) }
}

/**
 * The shop of a configuration, whatever else is wrong in it: its fields are asked for while the rules are written.
 * Fails with CONFIG_INVALID and the mistakes of the source alone.
 */
export async function loadSource(options: LoadOptions): Promise<DiscoverableSource> {
  const { asks, problems, config } = (await readConfig(options)).checked
  // Where images are has nothing to do with fields.
  assertNoProblems(problems.filter(({ path }) => /^$|^source(?!\.saleor\.media)/.test(path)))
  if (!asks) throw errors.configInvalid([{ path: 'source', message: 'Expected a shop, and no source is named.' }])
  return createSaleorPostgresSource({
    url: asks.database,
    channel: asks.channel,
    visibility: 'all',
    connectTimeoutMs: config?.timeouts.connect ?? 10_000,
    statementTimeoutMs: 60_000,
  })
}

function composeSite(config: SiteConfig, path: string): Site {
  const { source, timeouts } = config
  return {
    config,
    job: {
      name: config.name,
      site: config.site,
      sections: Object.entries(config.sections).map(([name, section]) => composeSection(name, section, config)),
      limits: config.limits,
      gzip: config.gzip,
      guard: { maxShrinkPercent: config.guard.maxShrink },
      features: {
        alternates: config.locales !== undefined,
        images: Object.values(config.sections).some(section => 'images' in section && section.images === true),
      },
      addressProblems: config.addresses,
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
    publishers: config.publish.map(({ git, directory }) =>
      git
        ? createGitPublisher(git, { base: config.folder, timeoutMs: timeouts.git })
        : createDirectoryPublisher({
            path: resolve(config.folder, directory?.path as string),
            switch: directory?.switch ?? 'link',
          }),
    ),
    lockKey: `${path} ${config.site}`,
  }
}

function composeSection(name: string, section: SiteConfig['sections'][string], config: SiteConfig): Section {
  const settings = addressSettings(config)
  if (section.of === 'list') {
    const { paths, file } = section as { paths?: string[]; file?: string }
    const options = { section: name, paths, file: file === undefined ? undefined : resolve(config.folder, file) }
    const { addresses } = listAddresses(settings)
    return { kind: 'list', name, addresses: addresses.map(toAddress), read: () => readList(options) }
  }
  const { of, url, where, lastmod, images } = section as Extract<typeof section, { where: unknown }>
  const { addresses } = recordAddresses({ name, of, url }, settings)
  const query = {
    of,
    where,
    addresses: addresses.map(toAddressQuery),
    images,
    updatedAt: (lastmod ?? config.lastmod) === 'updatedAt',
    path: `sections.${name}`,
  }
  return { kind: 'records', name, addresses: addresses.map(toAddress), query, lastmod: lastmod ?? config.lastmod }
}

const toAddress = ({ hreflang, isDefault, template }: SectionAddress): Address => ({
  hreflang,
  isDefault,
  url: template,
})

/** Mistakes that the database can show, where it answers; a database that does not is another run's trouble. */
async function problemsInShop({ asks, problems }: CheckedConfig): Promise<Problem[]> {
  if (!asks || problems.some(({ path }) => path.startsWith('source.saleor.database'))) return []
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
      return (await snapshot.check(asks.queries)).filter(({ path }) => !told.has(path))
    } finally {
      await snapshot.close()
    }
  } catch (cause) {
    if (cause instanceof StoremapError) return []
    throw cause
  }
}

export interface RunSiteOptions {
  /** Take over, once, files of others that stand where ours go. */
  readonly adopt?: boolean
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: OnProgress | undefined
}

/** One run, alone on this machine. Fails with RUN_LOCKED where another one is under way, and as runJob does. */
export async function runSite(
  site: Site,
  { adopt = false, signal, onProgress }: RunSiteOptions = {},
): Promise<RunReport> {
  return alone(site.lockKey, site, signal, () =>
    runJob(
      site.job,
      { source: site.source, publishers: site.publishers, clock: () => new Date(), signal, onProgress },
      { adopt },
    ),
  )
}

/** Makes the bundle in a folder and publishes nothing. Dates of files that did not change come from what is published. */
export async function buildSite(
  site: Site,
  out: string,
  { signal, onProgress }: RunSiteOptions = {},
): Promise<RunReport> {
  return alone(`build ${out}`, site, signal, async () => {
    const baseline = site.publishers[0] ?? createDirectoryPublisher({ path: out, switch: 'copy' })
    return withStage(async stage => {
      const { target, failure } = await openLeniently(baseline, signal)
      try {
        const deps = { source: site.source, clock: () => new Date(), signal, onProgress }
        const { bundle, report } = await rehearse(site.job, deps, {
          published: target?.published,
          dir: stage,
          thorough: false,
        })
        await placeBundle(bundle, { dir: out, switch: 'copy', adopt: false, signal })
        const unread = failure ? [`The dates of files start anew, since the target could not be read: ${failure}`] : []
        return { ...report, warnings: [...report.warnings, ...unread] }
      } finally {
        await target?.close()
      }
    })
  })
}

/** What a run would change: builds, compares with the first target, and writes neither. */
export async function diffSite(
  site: Site,
  { signal, onProgress }: RunSiteOptions = {},
): Promise<{ report: RunReport; held: StoremapError | undefined }> {
  const [publisher] = site.publishers
  if (!publisher) throw errors.noTarget()
  return untilAborted(signal, () =>
    withStage(async stage => {
      const target = await publisher.open(signal)
      try {
        const deps = { source: site.source, clock: () => new Date(), signal, onProgress }
        const { report, shrunk } = await rehearse(site.job, deps, {
          published: target.published,
          dir: stage,
          thorough: true,
        })
        return { report, held: shrunk }
      } finally {
        await target.close()
      }
    }),
  )
}

/** Why something is in the sitemap, or why not; reads the shop and the first target, and writes neither. */
export async function explainSite(
  site: Site,
  asked: string,
  { signal }: Pick<RunSiteOptions, 'signal'> = {},
): Promise<{ explanation: Explanation; warnings: readonly string[] }> {
  const [publisher] = site.publishers
  return untilAborted(signal, async () => {
    // Both take a moment, and neither needs the other.
    const [opened, snapshot] = await Promise.allSettled([
      publisher ? openLeniently(publisher, signal) : undefined,
      site.source?.open(signal),
    ])
    const target = opened.status === 'fulfilled' ? opened.value?.target : undefined
    try {
      if (snapshot.status === 'rejected') throw snapshot.reason
      if (opened.status === 'rejected') throw opened.reason
      const warnings = await checkSections(site.job, snapshot.value)
      const failure = opened.value?.failure
      if (failure) warnings.push(`Where it is published cannot be told, since the target could not be read: ${failure}`)
      const deps = { snapshot: snapshot.value, published: target?.published }
      return { explanation: await explain(site.job, asked, deps), warnings }
    } finally {
      if (snapshot.status === 'fulfilled') await snapshot.value?.close()
      await target?.close()
    }
  })
}

/** What rules and URLs can name, for each kind of record. Fails with CONFIG_INVALID where the shop has no such channel. */
export async function fieldsOf(
  source: DiscoverableSource,
  kinds: readonly RecordKind[],
  { signal }: Pick<RunSiteOptions, 'signal'> = {},
): Promise<KindFields[]> {
  return untilAborted(signal, async () => {
    const snapshot = await source.open(signal)
    try {
      assertNoProblems(await snapshot.check([]))
      const found: KindFields[] = []
      for (const kind of kinds) found.push(await snapshot.fields(kind))
      return found
    } finally {
      await snapshot.close()
    }
  })
}

/** Fails with CONFIG_INVALID where the shop shows that a section cannot be read; gives what is worth knowing. */
async function checkSections(job: Job, snapshot: Snapshot | undefined): Promise<string[]> {
  const queries = job.sections.flatMap(section => (section.kind === 'records' ? [section.query] : []))
  const problems = (await snapshot?.check(queries)) ?? []
  if (problems.length > 0) throw errors.configInvalid(problems)
  return [...(snapshot?.warnings ?? [])]
}

/** Holds the lock named `key` for the work; fails with RUN_LOCKED where another process holds it. */
async function alone<T>(key: string, site: Site, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const lock = await acquireLock(key)
  if ('heldBy' in lock) {
    const { pid, since } = lock.heldBy
    throw errors.locked(site.job.name, pid ? `, process ${pid} since ${since}` : '')
  }
  try {
    await removeDeadTempFolders()
    return await untilAborted(signal, work)
  } finally {
    await lock.release()
  }
}

/** Work that ends because its signal says so has failed in one known way, whatever was cut off but a publish. */
async function untilAborted<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const isTold = cause instanceof StoremapError && cause.code === 'PUBLISH_ABORTED'
    if (signal?.aborted && !isTold) throw errors.aborted()
    throw cause
  }
}

async function withStage<T>(work: (dir: string) => Promise<T>): Promise<T> {
  const stage = await makeTempFolder('bundle')
  try {
    return await work(stage.path)
  } finally {
    await stage.remove()
  }
}

/** For those who can do without what is published: a target that cannot be read is told, and fails nothing. */
async function openLeniently(publisher: Publisher, signal: AbortSignal | undefined) {
  try {
    return { target: await publisher.open(signal), failure: undefined }
  } catch (cause) {
    if (!(cause instanceof StoremapError)) throw cause
    return { target: undefined, failure: cause.message }
  }
}
