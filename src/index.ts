// The public names, and nothing else.
import { loadSite } from './compose.ts'
import type { Configuration, SitesConfiguration } from './config/configuration.ts'
import { runSite } from './operations.ts'
import type { OnProgress } from './pipeline/job.ts'
import type { RunReport } from './pipeline/report.ts'

export { type Configuration, defineConfig, type SitesConfiguration } from './config/configuration.ts'
export { StoremapError } from './errors.ts'
export type { OnProgress, Progress } from './pipeline/job.ts'
export type { RunReport, SectionReport, TargetReport } from './pipeline/report.ts'

export interface RunOptions {
  /** Of several sites, the one meant: its name among `sites`, its host or its address. */
  readonly site?: string
  /** Relative paths of the configuration count from here. @defaultValue the working folder; a file's own folder */
  readonly folder?: string
  /** Take over, once, files of others that stand where ours go. @defaultValue false */
  readonly adopt?: boolean
  /** Publish what the guard held back, and nothing else. @defaultValue false */
  readonly accept?: boolean
  readonly signal?: AbortSignal
  readonly onProgress?: OnProgress
}

/**
 * One run, as `storemap run` does it: build, compare, guard, publish. Takes a configuration or the path of one.
 * Rejects with a StoremapError; whatever fails, what was published stays.
 */
export async function run(
  configuration: Configuration | SitesConfiguration | string,
  options: RunOptions = {},
): Promise<RunReport> {
  const folder = options.folder ?? process.cwd()
  const site = await loadSite({ config: configuration, folder, environment: process.env, site: options.site })
  return runSite(site, options)
}
