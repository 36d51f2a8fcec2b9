// What commands on a configured site share: loading it, showing progress, listening to signals.
import { loadSite, type Site } from '../compose.ts'
import { errors } from '../errors.ts'
import type { OnProgress } from '../pipeline/job.ts'
import type { Output } from './output.ts'
import type { GlobalOptions } from './program.ts'
import { showProgress } from './progress.ts'
import { watchSignals } from './signals.ts'

export async function loadNamedSite(names: readonly string[], options: GlobalOptions): Promise<Site> {
  const site = await loadSite({ config: options.config, folder: process.cwd(), environment: process.env })
  const unknown = names.filter(name => name !== site.job.name && name !== site.job.site)
  if (unknown.length > 0) throw errors.unknownSite(unknown, site.job.name)
  return site
}

/** Does the work with progress on stderr, and with a signal that SIGINT or SIGTERM aborts. */
export async function withProgress<T>(
  output: Output,
  work: (tools: { signal: AbortSignal; onProgress: OnProgress }) => Promise<T>,
): Promise<T> {
  const watch = watchSignals()
  const display = await showProgress(output)
  try {
    return await work({ signal: watch.signal, onProgress: display.onProgress })
  } finally {
    display.end()
    watch.close()
  }
}
