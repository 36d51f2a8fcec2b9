// The run at the start of a program that stays: what it serves may be empty until it succeeds.
import { sleepUnlessAborted } from '../io/sleep.ts'

export interface AtStartOptions {
  readonly signal: AbortSignal
  /** Told before each wait. */
  readonly onWait?: (waitMs: number) => void
  /** Resolves after that time, or at once on abort. For tests. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>
}

const FIRST_WAIT_MS = 10_000
const LONGEST_WAIT_MS = 300_000

/** Runs until a run comes to its end, or the signal aborts; waits 10 seconds first, then twice as long each time, up to 5 minutes. */
export async function runUntilDone(run: () => Promise<boolean>, options: AtStartOptions): Promise<void> {
  const { signal, onWait, sleep = sleepUnlessAborted } = options
  for (let waitMs = FIRST_WAIT_MS; !signal.aborted; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    if ((await run()) || signal.aborted) return
    onWait?.(waitMs)
    await sleep(waitMs, signal)
  }
}
