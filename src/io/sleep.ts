// Waiting that an end in order cuts short.
import { setTimeout as delay } from 'node:timers/promises'

/** Resolves after that time, or at once on abort, which whoever waits looks for by itself. */
export async function sleepUnlessAborted(ms: number, signal: AbortSignal): Promise<void> {
  // Nothing but an abort ends it early.
  await delay(ms, undefined, { signal }).catch(() => undefined)
}
