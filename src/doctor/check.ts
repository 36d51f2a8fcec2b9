// What a check is: it looks at one thing of the world, tells what it saw line by line, and stands in no other's way.
import { setTimeout as delay } from 'node:timers/promises'
import { StoremapError } from '../errors.ts'
import { redact } from '../redact.ts'

export type Verdict = 'ok' | 'warning' | 'failed'

/** What was looked at, and what was found. */
export interface Line {
  /** The site's name among the configuration's `sites`; null for the only one, and for what all share. */
  readonly site: string | null
  readonly area: string
  readonly what: string
  readonly result: Verdict
  readonly found: string
  /** A command or a setting, where one helps. */
  readonly remedy: string | null
  /** Of the error that a run would end with. */
  readonly code: string | null
}

interface Remedy {
  readonly remedy?: string | undefined
}

export interface Tell {
  ok(what: string, found: string): void
  warn(what: string, found: string, options?: Remedy): void
  fail(what: string, found: string, options?: Remedy): void
  /** A failure as a run would meet it, with its own cure. */
  failure(what: string, cause: StoremapError): void
}

export interface Looking {
  readonly tell: Tell
  /** Aborted where the check takes too long. */
  readonly signal: AbortSignal
  /** For what waits by itself: shorter than the check may take, so that its own failure is told. */
  readonly waitMs: number
}

export interface Check {
  readonly site?: string | undefined
  readonly area: string
  /** Named where it takes too long, or cannot be looked at. */
  readonly title: string
  look(looking: Looking): Promise<void>
}

export interface RunChecksOptions {
  /** For each check. */
  readonly limitMs: number
  readonly signal?: AbortSignal | undefined
  /** Told of a check's lines, and which checks are still at work, in the order in which they end. */
  readonly onDone?: ((lines: readonly Line[], waiting: readonly Check[]) => void) | undefined
}

/** So long an end in order may take after a check was cut off: temporary folders, connections. */
const GRACE_MS = 3_000

/** All of them side by side; their lines in the order of the checks. Fails with the signal's reason on abort only. */
export async function runChecks(checks: readonly Check[], options: RunChecksOptions): Promise<readonly Line[]> {
  const waiting = new Set(checks)
  const all = await Promise.all(
    checks.map(async check => {
      const lines = await runCheck(check, options)
      waiting.delete(check)
      options.onDone?.(lines, [...waiting])
      return lines
    }),
  )
  options.signal?.throwIfAborted()
  return all.flat()
}

async function runCheck(check: Check, { limitMs, signal }: RunChecksOptions): Promise<readonly Line[]> {
  const lines: Line[] = []
  const tell = tellerFor(check, line => lines.push(line))
  const limit = AbortSignal.timeout(limitMs)
  const either = AbortSignal.any([limit, ...(signal ? [signal] : [])])
  const isOver = new Promise<void>(resolve => {
    if (either.aborted) resolve()
    else either.addEventListener('abort', () => resolve(), { once: true })
  })
  const looked = check.look({ tell, signal: either, waitMs: Math.ceil(limitMs * 0.8) }).catch((cause: unknown) => {
    if (either.aborted) return
    if (cause instanceof StoremapError) tell.failure(check.title, cause)
    else tell.fail(check.title, `it could not be looked at: ${cause instanceof Error ? cause.message : String(cause)}`)
  })
  await Promise.race([looked, isOver.then(() => delay(GRACE_MS, undefined, { ref: false }))])
  if (limit.aborted && !signal?.aborted) {
    const text = `it did not end within ${Math.round(limitMs / 1000)} s, and was cut off`
    tell.fail(check.title, text, { remedy: 'Give it more time by "--timeout", or see what keeps it waiting.' })
  }
  // Whoever was cut off and goes on has no say any more.
  return [...lines]
}

function tellerFor({ site, area }: Check, add: (line: Line) => void): Tell {
  const put = (result: Verdict, what: string, found: string, { remedy, code }: Remedy & { readonly code?: string }) =>
    add({
      site: site ?? null,
      area,
      what,
      result,
      found: redact(found),
      remedy: remedy === undefined ? null : redact(remedy),
      code: code ?? null,
    })
  return {
    ok: (what, found) => put('ok', what, found, {}),
    warn: (what, found, options = {}) => put('warning', what, found, options),
    fail: (what, found, options = {}) => put('failed', what, found, options),
    failure: (what, { code, message, hint }) => put('failed', what, withoutEnd(message), { remedy: hint, code }),
  }
}

/** That nothing was published is no news here. */
const withoutEnd = (message: string): string => message.replace(/ Nothing was (published|changed|read|done)\.$/, '')
