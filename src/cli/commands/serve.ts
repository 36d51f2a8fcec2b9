// storemap serve: runs on the configuration's schedule until SIGTERM.
import { runSite } from '../../compose.ts'
import { errors } from '../../errors.ts'
import { runOnSchedule } from '../../schedule/scheduler.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { watchSignals } from '../signals.ts'
import { loadNamedSite } from '../site-command.ts'
import { printRun } from './run.ts'

export async function serve(names: readonly string[], options: GlobalOptions, output: Output): Promise<number> {
  const site = await loadNamedSite(names, options)
  const { schedule } = site.config
  if (!schedule) throw errors.noSchedule()
  if (site.publishers.length === 0) throw errors.noTarget()
  const watch = watchSignals()
  const { signal } = watch
  output.note(`serving ${site.job.name} on schedule "${schedule.cron}" (${schedule.timezone})`)
  const runOnce = async (): Promise<void> => {
    try {
      printRun(await runSite(site, { signal }), output)
    } catch (cause) {
      // The next time may go well: the exit code is not the place to tell of one run among many.
      output.fail(cause)
    }
  }
  await runOnSchedule(runOnce, {
    schedule,
    signal,
    clock: () => new Date(),
    onWait: next => output.note(`next run at ${next.toISOString()}`),
  })
  watch.close()
  output.note('stopped')
  return 0
}
