// Runs a job on its schedule until told to stop: never two runs at once, and a failed run does not end it.
import { sleepUnlessAborted } from '../io/sleep.ts'
import { nextRun, type Schedule } from './cron.ts'

export interface SchedulerOptions {
  readonly schedule: Schedule
  readonly signal: AbortSignal
  readonly clock: () => Date
  /** Told before each wait. */
  readonly onWait?: (next: Date) => void
}

/** A clock may jump while we sleep: no sleep is longer than this before it is looked at again. */
const LONGEST_SLEEP_MS = 30_000

/** Resolves when the signal aborts, or when the schedule has no next time. Times that come while a run lasts are skipped. */
export async function runOnSchedule(run: () => Promise<void>, options: SchedulerOptions): Promise<void> {
  const { schedule, signal, clock, onWait } = options
  while (!signal.aborted) {
    const next = nextRun(schedule, clock())
    if (!next) return
    onWait?.(next)
    if (await sleepUntil(next, options)) await run()
  }
}

/** Whether the moment came: false on abort, and where the clock was set back, so that another time is the next. */
async function sleepUntil(moment: Date, { signal, clock }: SchedulerOptions): Promise<boolean> {
  for (let last = clock().getTime(); !signal.aborted; ) {
    const now = clock().getTime()
    const left = moment.getTime() - now
    if (left <= 0) return true
    if (now < last) return false
    last = now
    await sleepUnlessAborted(Math.min(left, LONGEST_SLEEP_MS), signal)
  }
  return false
}
