// storemap serve: runs on the configuration's schedule until SIGTERM; each of several sites on its own.
import type { Site } from '../../compose.ts'
import { errors } from '../../errors.ts'
import { runSite } from '../../operations.ts'
import { runOnSchedule } from '../../schedule/scheduler.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { watchSignals } from '../signals.ts'
import { loadNamedSites } from '../site-command.ts'
import { printRun } from './run.ts'

export async function serve(names: readonly string[], options: GlobalOptions, output: Output): Promise<number> {
  const sites = await loadNamedSites(names, options)
  for (const site of sites) {
    if (!site.config.schedule) throw errors.noSchedule()
    if (site.publishers.length === 0) throw errors.noTarget()
  }
  const watch = watchSignals()
  await Promise.all(sites.map(site => serveSite(site, watch.signal, output)))
  watch.close()
  output.note('stopped')
  return 0
}

async function serveSite(site: Site, signal: AbortSignal, output: Output): Promise<void> {
  const { schedule } = site.config
  if (!schedule) throw errors.noSchedule()
  const prefix = site.key === undefined ? '' : `${site.key}: `
  output.note(`${prefix}serving ${site.job.name} on schedule "${schedule.cron}" (${schedule.timezone})`)
  const runOnce = async (): Promise<void> => {
    try {
      const report = await runSite(site, { signal })
      output.printJson(report)
      printRun(report, output)
    } catch (cause) {
      // The next time may go well: the exit code is not the place to tell of one run among many.
      output.fail(cause)
    }
  }
  await runOnSchedule(runOnce, {
    schedule,
    signal,
    clock: () => new Date(),
    onWait: next => output.note(`${prefix}next run at ${next.toISOString()}`),
  })
}
