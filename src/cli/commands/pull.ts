// storemap pull: the consumer's side. Needs no configuration, and loads nothing of the producer's.

import { parseDuration } from '../../config/duration.ts'
import { substitute } from '../../config/environment.ts'
import { errors } from '../../errors.ts'
import { startHeartbeat } from '../../io/heartbeat.ts'
import { type PullReport, pullOnce } from '../../pull/pull.ts'
import { watch } from '../../pull/watch.ts'
import { registerSecret } from '../../redact.ts'
import { onceEach } from '../once-each.ts'
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
  readonly http?: string
}

export async function pull(args: readonly string[], options: PullOptions, output: Output): Promise<number> {
  if (args.length > 0) throw errors.wrongOption('pull', `takes no argument "${args[0]}"`)
  if (options.switch !== 'link' && options.switch !== 'copy')
    throw errors.wrongOption('--switch', 'is "link" or "copy"')
  const timeoutMs = readTime('--timeout', options.timeout)
  const periodMs = options.watch === undefined ? undefined : readTime('--watch', options.watch)

  const address = options.http === undefined ? undefined : readAddress(options.http)
  if (address && periodMs === undefined)
    throw errors.wrongOption('--http', 'goes together with --watch, since what is pulled once is not served for long')

  await checkReferences(options)

  const stopHeartbeat = periodMs === undefined ? undefined : await startHeartbeat(process.env.STOREMAP_HEARTBEAT)
  const signals = watchSignals()
  let closeServer: (() => Promise<void>) | undefined
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
    if (address) closeServer = await serveFolder(address, options.to, output)
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
    await closeServer?.()
    signals.close()
    await stopHeartbeat?.()
  }
}

interface Address {
  readonly host: string
  readonly port: number
}

function readAddress(text: string): Address {
  const [, host = '127.0.0.1', port = ''] = /^(?:(.+):)?(\d{1,5})$/.exec(text) ?? []
  if (port === '' || Number(port) < 1 || Number(port) > 65_535)
    throw errors.wrongOption('--http', `is a port, or an address and a port as 0.0.0.0:8080, not "${text}"`)
  return { host: host.replace(/^\[(.*)\]$/, '$1'), port: Number(port) }
}

/** Serves the folder from the start on: 503 until something is in it. */
async function serveFolder({ host, port }: Address, dir: string, output: Output): Promise<() => Promise<void>> {
  const { serveTargets } = await import('../../server/server.ts')
  const site = { site: dir, dir, host, port }
  const servers = await serveTargets([site], { onFailure: onceEach(cause => output.fail(cause)) })
  for (const { url } of servers.list) output.note(`listening on ${url}`)
  return servers.close
}

/** A mounted file may come later; a variable that nobody sets never does. */
async function checkReferences(options: PullOptions): Promise<void> {
  const promised = Object.keys(process.env).flatMap(name => (name.endsWith('_FILE') ? [[name.slice(0, -5), '']] : []))
  const { problems } = await substitute(givenBy(options), { ...Object.fromEntries(promised), ...process.env })
  if (problems.length > 0) throw errors.configInvalid(problems)
}

/** Read anew at each pull: a mounted secret may be replaced, or come later. */
async function references(
  options: PullOptions,
): Promise<{ readonly from: string; readonly token: string | undefined }> {
  const { data, problems } = await substitute(givenBy(options), process.env)
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

const givenBy = ({ from, token = tokenOfEnvironment() }: PullOptions) => ({ from, token })

/** As storemap-pull.sh takes it: where a container's arguments are no place for a reference. */
const tokenOfEnvironment = (): string | undefined =>
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference, filled in like others
  process.env.STOREMAP_TOKEN || process.env.STOREMAP_TOKEN_FILE ? '${STOREMAP_TOKEN}' : undefined
