// Pulls again and again, at a fixed pace, more slowly while it fails.
import { sleepUnlessAborted } from '../io/sleep.ts'

export interface WatchOptions<Report> {
  /** From the start of one pull to the start of the next. */
  readonly periodMs: number
  readonly signal: AbortSignal
  readonly onReport?: (report: Report) => void
  /** `waitMs` is how long it will be until the next try. */
  readonly onError?: (cause: unknown, waitMs: number) => void
  /** Resolves after that time, or at once on abort. For tests. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
  /** Milliseconds of a clock that never jumps. For tests. */
  readonly now?: () => number
}

const LONGEST_WAIT_MS = 300_000

/** Pulls until the signal aborts, then resolves; a failure is told to `onError` and ends nothing. */
export async function watch<Report>(options: WatchOptions<Report>, pull: () => Promise<Report>): Promise<void> {
  const { periodMs, signal, onReport, onError, sleep = sleepUnlessAborted, now = () => performance.now() } = options
  let failures = 0
  while (!signal.aborted) {
    const startedAt = now()
    try {
      const report = await pull()
      failures = 0
      onReport?.(report)
      await sleep(Math.max(0, periodMs - (now() - startedAt)), signal)
    } catch (cause) {
      if (signal.aborted) return
      failures += 1
      const waitMs = waitAfter(failures, periodMs)
      onError?.(cause, waitMs)
      await sleep(waitMs, signal)
    }
  }
}

/** Doubles with each failure in a row, up to four periods or five minutes, and is never less than a period. */
export function waitAfter(failures: number, periodMs: number): number {
  const longest = Math.max(periodMs, Math.min(periodMs * 4, LONGEST_WAIT_MS))
  return Math.min(periodMs * 2 ** Math.min(failures - 1, 10), longest)
}
