// storemap verify: does the live site serve the published bundle?
import { readPublished } from '../../audit/published.ts'
import { verifySite } from '../../audit/verify.ts'
import { parseDuration } from '../../config/duration.ts'
import { substitute } from '../../config/environment.ts'
import { errors } from '../../errors.ts'
import { registerSecret } from '../../redact.ts'
import type { Output } from '../output.ts'
import type { GlobalOptions } from '../program.ts'
import { watchSignals } from '../signals.ts'

interface VerifyOptions extends GlobalOptions {
  readonly site: string
  readonly from: string
  readonly branch: string
  readonly timeout: string
  readonly robots: boolean
  readonly sshKey?: string
  readonly knownHosts?: string
  readonly token?: string
}

const GIT_TIMEOUT_MS = 5 * 60_000

export async function verify(args: readonly string[], options: VerifyOptions, output: Output): Promise<number> {
  if (args.length > 0) throw errors.wrongOption('verify', `takes no argument "${args[0]}"`)
  const written = { site: options.site, from: options.from, token: options.token }
  const { data, problems } = await substitute(written, process.env)
  if (problems.length > 0) throw errors.configInvalid(problems)
  const { from, token, site: address } = data as { site: string; from: string; token: string | undefined }
  if (token) registerSecret(token)
  const { site, credentials } = readSite(address)
  const timeoutMs = parseDuration(options.timeout)
  if (timeoutMs === undefined)
    throw errors.wrongOption('--timeout', `is a time such as 30s or 2m, not "${options.timeout}"`)

  const signals = watchSignals()
  try {
    const access = { token, sshKey: options.sshKey, knownHosts: options.knownHosts }
    const { signal } = signals
    const place = {
      branch: options.branch,
      credentials: access,
      base: process.cwd(),
      timeoutMs: GIT_TIMEOUT_MS,
      signal,
    }
    const published = await readPublished(from, place)
    const report = await verifySite({
      ...published,
      site,
      credentials,
      timeoutMs,
      robots: options.robots,
      signal,
      onWait: ({ url, problem }) => output.note(`waiting: ${url}: ${problem}`),
    })
    output.printJson(report)
    const named = options.robots ? ', and robots.txt names it' : ''
    const files = `${report.files} file${report.files === 1 ? '' : 's'}`
    output.print(
      `${output.style('green', '✓')} ${site} serves revision ${report.revision.slice(0, 12)}: ${files} with the right bytes and types${named}`,
    )
    return 0
  } catch (cause) {
    if (signals.signal.aborted) throw errors.aborted()
    throw cause
  } finally {
    signals.close()
  }
}

/** A site that is not open yet has a name and a password in its address, which go no further than to its host. */
function readSite(address: string): { site: string; credentials: string | undefined } {
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (!url || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '')
    throw errors.wrongOption('--site', 'is scheme and host of the shop, https://shop.example.com')
  const secret = decodeURIComponent(url.password)
  if (secret !== '') registerSecret(secret)
  const credentials = url.username === '' ? undefined : `${decodeURIComponent(url.username)}:${secret}`
  return { site: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, credentials }
}
