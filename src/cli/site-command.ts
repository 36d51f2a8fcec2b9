// What commands on configured sites share: loading them, showing progress, listening to signals, and telling of several.
import { loadSites, type Site, selectSites } from '../compose.ts'
import { errors, StoremapError } from '../errors.ts'
import type { OnProgress } from '../pipeline/job.ts'
import { exitCodeOf, failureOf, type Output } from './output.ts'
import type { GlobalOptions } from './program.ts'
import { showProgress } from './progress.ts'
import { watchSignals } from './signals.ts'

/** The sites named, by name, host or address; all where none is. */
export async function loadNamedSites(names: readonly string[], options: GlobalOptions): Promise<readonly Site[]> {
  const sites = await loadSites({ config: options.config, folder: process.cwd(), environment: process.env })
  return selectSites(sites, names)
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

/** What a command says of one site: for people, and as data. */
export interface SiteAnswer {
  readonly exitCode: number
  readonly data: unknown
  print(): void
}

/** Of several exit codes the worst is told, in this order. */
const WORST = [2, 1, 3, 75, 0]

/**
 * Answers for each site in turn. One site alone fails and prints as ever; of several, one that fails does not keep the
 * others from their turn, and --json prints one document, `{ sites: { de: …, us: … } }`.
 */
export async function answerEach<T extends { readonly key: string | undefined }>(
  sites: readonly T[],
  output: Output,
  answer: (site: T) => Promise<SiteAnswer>,
): Promise<number> {
  const [only] = sites
  if (only && only.key === undefined) {
    const { exitCode, data, print } = await answer(only)
    output.printJson(data)
    print()
    return exitCode
  }
  const codes: number[] = []
  const data: Record<string, unknown> = {}
  for (const [index, site] of sites.entries()) {
    const key = site.key as string
    if (index > 0 && !output.quiet) output.print('')
    if (!output.quiet) output.print(output.style('bold', key))
    try {
      const answered = await answer(site)
      answered.print()
      data[key] = answered.data
      codes.push(answered.exitCode)
    } catch (cause) {
      data[key] = failureOf(cause)
      output.failText(cause)
      codes.push(exitCodeOf(cause))
      if (cause instanceof StoremapError && cause.code === errors.aborted().code) break
    }
  }
  output.printJson({ sites: data })
  return WORST.find(code => codes.includes(code)) ?? 1
}
