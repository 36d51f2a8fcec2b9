// storemap serve: runs on the configuration's schedule until SIGTERM, each of several sites on its own, and serves the
// targets that it serves by itself.
import { once } from 'node:events'
import type { Site } from '../../compose.ts'
import { errors } from '../../errors.ts'
import { startHeartbeat } from '../../io/heartbeat.ts'
import { runSite } from '../../operations.ts'
import { runUntilDone } from '../../schedule/at-start.ts'
import { runOnSchedule } from '../../schedule/scheduler.ts'
import { onceEach } from '../once-each.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { watchSignals } from '../signals.ts'
import { loadNamedSites } from '../site-command.ts'
import { printRun } from './run.ts'

interface ServeOptions extends GlobalOptions {
  readonly now?: boolean
}

export async function serve(names: readonly string[], options: ServeOptions, output: Output): Promise<number> {
  const sites = await loadNamedSites(names, options)
  for (const site of sites) {
    if (!site.config.schedule) throw errors.noSchedule()
    if (site.publishers.length === 0) throw errors.noTarget()
  }
  const stopHeartbeat = await startHeartbeat(process.env.STOREMAP_HEARTBEAT)
  const watch = watchSignals()
  try {
    const closed = await serveHttp(sites, watch.signal, output)
    const served = { signal: watch.signal, output, atStart: options.now === true }
    await Promise.all([closed(), ...sites.map(site => serveSite(site, served))])
  } finally {
    watch.close()
    await stopHeartbeat()
  }
  output.note('stopped')
  return 0
}

/** Starts the servers of the sites' HTTP targets, if any. The function it gives resolves when they have ended. */
async function serveHttp(sites: readonly Site[], signal: AbortSignal, output: Output): Promise<() => Promise<void>> {
  const targets = sites.flatMap(({ httpTargets }) => httpTargets)
  if (targets.length === 0) return async () => undefined
  const { serveTargets } = await import('../../server/server.ts')
  const servers = await serveTargets(targets, { onFailure: onceEach(cause => output.fail(cause)) })
  for (const { url, sites } of servers.list) output.note(`listening on ${url} for ${sites.join(', ')}`)
  return async () => {
    if (!signal.aborted) await once(signal, 'abort')
    await servers.close()
  }
}

interface Serving {
  readonly signal: AbortSignal
  readonly output: Output
  /** Whether the first run is now, and not at the next time of the schedule. */
  readonly atStart: boolean
}

async function serveSite(site: Site, { signal, output, atStart }: Serving): Promise<void> {
  const { schedule } = site.config
  if (!schedule) throw errors.noSchedule()
  const prefix = site.key === undefined ? '' : `${site.key}: `
  output.note(`${prefix}serving ${site.job.name} on schedule "${schedule.cron}" (${schedule.timezone})`)
  /** Whether it came to its end: what the guard holds back did, too. */
  const runOnce = async (): Promise<boolean> => {
    try {
      const report = await runSite(site, { signal })
      output.printJson(report)
      printRun(report, output)
      return true
    } catch (cause) {
      // The next time may go well: the exit code is not the place to tell of one run among many.
      output.fail(cause)
      return false
    }
  }
  if (atStart) {
    const onWait = (waitMs: number) => output.note(`${prefix}next try in ${Math.round(waitMs / 1000)} s`)
    await runUntilDone(runOnce, { signal, onWait })
  }
  await runOnSchedule(() => runOnce().then(() => undefined), {
    schedule,
    signal,
    clock: () => new Date(),
    onWait: next => output.note(`${prefix}next run at ${next.toISOString()}`),
  })
}
