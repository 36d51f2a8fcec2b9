// storemap doctor: is everything there that a run and its way to the front end need?
import { parseDuration } from '../../config/duration.ts'
import { examine } from '../../doctor/doctor.ts'
import { errors } from '../../errors.ts'
import { linesText, summaryText } from '../doctor-text.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { openLine } from '../progress.ts'
import { watchSignals } from '../signals.ts'

interface DoctorOptions extends GlobalOptions {
  readonly timeout: string
  readonly container?: string
  readonly webRoot: string
  readonly dockerHost?: string
}

export async function doctor(names: readonly string[], options: DoctorOptions, output: Output): Promise<number> {
  const limitMs = parseDuration(options.timeout)
  if (limitMs === undefined || limitMs === 0)
    throw errors.wrongOption('--timeout', `is a time such as 30s or 2m, not "${options.timeout}"`)
  const { container, webRoot, dockerHost } = options
  // What docker would take for an option is no name.
  if (container !== undefined && !/^[A-Za-z0-9][A-Za-z0-9_.-]*$/.test(container))
    throw errors.wrongOption('--container', 'is the name or the id of a container')
  if (!webRoot.startsWith('/'))
    throw errors.wrongOption('--web-root', 'is a folder of the container, from its top: /srv')

  const watch = watchSignals()
  const line = output.live ? await openLine() : undefined
  try {
    line?.show('looking')
    const report = await examine({
      load: { config: options.config, folder: process.cwd(), environment: process.env },
      sites: names,
      container: container === undefined ? undefined : { name: container, webRoot, host: dockerHost },
      limitMs,
      signal: watch.signal,
      onDone: (_, waiting) => {
        const left = [...new Set(waiting.map(({ area }) => area))]
        if (left.length > 0) line?.show(`still looking at ${left.join(', ')}`)
      },
    })
    line?.clear()
    const { isMisconfigured, ...told } = report
    output.printJson(told)
    const shown = output.quiet ? report.checks.filter(({ result }) => result !== 'ok') : report.checks
    if (shown.length > 0) output.print(linesText(shown, output))
    if (!output.quiet) output.print(`\n${summaryText(report)}`)
    return isMisconfigured ? 2 : report.failed > 0 ? 1 : 0
  } catch (cause) {
    if (watch.signal.aborted) throw errors.doctorAborted()
    throw cause
  } finally {
    line?.clear()
    watch.close()
  }
}
