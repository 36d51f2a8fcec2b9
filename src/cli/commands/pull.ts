// storemap pull: the consumer's side. Needs no configuration, and loads nothing of the producer's.

import { parseDuration } from '../../config/duration.ts'
import { substitute } from '../../config/environment.ts'
import { errors } from '../../errors.ts'
import { startHeartbeat } from '../../io/heartbeat.ts'
import { type PullReport, pullOnce } from '../../pull/pull.ts'
import { watch } from '../../pull/watch.ts'
import { registerSecret } from '../../redact.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { watchSignals } from '../signals.ts'

interface PullOptions extends GlobalOptions {
  readonly from: string
  readonly branch: string
  readonly to: string
  readonly watch?: string
  readonly switch: string
  readonly adopt?: boolean
  readonly sshKey?: string
  readonly knownHosts?: string
  readonly token?: string
  readonly timeout: string
}

export async function pull(args: readonly string[], options: PullOptions, output: Output): Promise<number> {
  if (args.length > 0) throw errors.wrongOption('pull', `takes no argument "${args[0]}"`)
  if (options.switch !== 'link' && options.switch !== 'copy')
    throw errors.wrongOption('--switch', 'is "link" or "copy"')
  const timeoutMs = readTime('--timeout', options.timeout)
  const periodMs = options.watch === undefined ? undefined : readTime('--watch', options.watch)

  const stopHeartbeat = periodMs === undefined ? undefined : await startHeartbeat(process.env.STOREMAP_HEARTBEAT)
  const signals = watchSignals()
  const pullNow = async (): Promise<PullReport> => {
    const { from, token } = await references(options)
    return pullOnce({
      from,
      branch: options.branch,
      to: options.to,
      switch: options.switch as 'link' | 'copy',
      adopt: options.adopt === true,
      credentials: { token, sshKey: options.sshKey, knownHosts: options.knownHosts },
      timeoutMs,
      signal: signals.signal,
    })
  }
  const tell = (report: PullReport): void => {
    output.printJson(report)
    const { outcome, revision, written, removed } = report
    output.print(
      outcome === 'unchanged'
        ? `unchanged: revision ${revision.slice(0, 12)} in ${options.to}`
        : `${output.style('green', 'updated')} ${options.to} to revision ${revision.slice(0, 12)}: ${written} written, ${removed} removed`,
    )
  }
  try {
    if (periodMs === undefined) {
      tell(await pullNow())
      return 0
    }
    await watch({ periodMs, signal: signals.signal, onReport: tell, onError: cause => output.fail(cause) }, pullNow)
    return 0
  } catch (cause) {
    if (signals.signal.aborted) throw errors.pullAborted()
    throw cause
  } finally {
    signals.close()
    await stopHeartbeat?.()
  }
}

/** Read anew at each pull: a mounted secret may be replaced, or come later. */
async function references(
  options: PullOptions,
): Promise<{ readonly from: string; readonly token: string | undefined }> {
  const { data, problems } = await substitute({ from: options.from, token: options.token }, process.env)
  if (problems.length > 0) throw errors.configInvalid(problems)
  const { from, token } = data as { from: string; token: string | undefined }
  if (token) registerSecret(token)
  return { from, token }
}

function readTime(option: string, text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw errors.wrongOption(option, `is a time such as 60s or 5m, not "${text}"`)
  return ms
}
