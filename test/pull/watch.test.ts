import { expect, test } from 'vitest'
import { waitAfter, watch } from '../../src/pull/watch.ts'

/** A clock that only sleeping moves, and what was done at which second. */
function makeClock() {
  let time = 0
  const controller = new AbortController()
  return {
    controller,
    now: () => time,
    pass: (ms: number) => {
      time += ms
    },
    sleep: async (ms: number) => {
      time += ms
    },
  }
}

test('pulls come at a fixed pace, however long each takes', async () => {
  const clock = makeClock()
  const starts: number[] = []
  await watch({ periodMs: 60_000, signal: clock.controller.signal, sleep: clock.sleep, now: clock.now }, async () => {
    starts.push(clock.now())
    clock.pass(10_000)
    if (starts.length === 3) clock.controller.abort()
  })
  expect(starts).toEqual([0, 60_000, 120_000])
})

test('a failure ends nothing; the pace slows down to a limit, and is back after a success', async () => {
  const clock = makeClock()
  const waits: number[] = []
  const reports: number[] = []
  let pulls = 0
  await watch(
    {
      periodMs: 30_000,
      signal: clock.controller.signal,
      sleep: clock.sleep,
      now: clock.now,
      onError: (_, waitMs) => waits.push(waitMs),
      onReport: (report: number) => reports.push(report),
    },
    async () => {
      pulls += 1
      if (pulls === 8) clock.controller.abort()
      if (pulls !== 6) throw new Error('the remote is away')
      return pulls
    },
  )
  expect(waits).toEqual([30_000, 60_000, 120_000, 120_000, 120_000, 30_000])
  expect(reports).toEqual([6])
})

test('waits after failures are never shorter than a period, nor longer than five minutes without need', () => {
  expect(waitAfter(9, 1_000)).toBe(4_000)
  expect(waitAfter(9, 120_000)).toBe(300_000)
  expect(waitAfter(9, 3_600_000)).toBe(3_600_000)
})

test('an abort ends the sleep at once, and nothing is pulled afterwards', async () => {
  const controller = new AbortController()
  let pulls = 0
  const watching = watch({ periodMs: 3_600_000, signal: controller.signal }, async () => {
    pulls += 1
    setTimeout(() => controller.abort(), 20)
  })
  await watching
  expect(pulls).toBe(1)
})

test('an abort during a pull is an end, and no failure', async () => {
  const controller = new AbortController()
  const failures: unknown[] = []
  await watch({ periodMs: 1, signal: controller.signal, onError: cause => failures.push(cause) }, async () => {
    controller.abort()
    controller.signal.throwIfAborted()
  })
  expect(failures).toEqual([])
})
