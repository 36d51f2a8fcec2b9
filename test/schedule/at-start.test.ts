import { expect, test } from 'vitest'
import { runUntilDone } from '../../src/schedule/at-start.ts'

/** Runs with these outcomes, one after the other, and no wait in earnest; the last one goes on. */
async function waitsFor(outcomes: readonly boolean[], { abortAfter = 20 } = {}) {
  const controller = new AbortController()
  const waits: number[] = []
  let runs = 0
  const run = async () => outcomes[Math.min(runs++, outcomes.length - 1)] as boolean
  const sleep = async (ms: number) => {
    waits.push(ms / 1_000)
    if (waits.length === abortAfter) controller.abort()
  }
  await runUntilDone(run, { signal: controller.signal, sleep })
  return { runs, waits }
}

test('a run that comes to its end is the only one', async () => {
  expect(await waitsFor([true])).toEqual({ runs: 1, waits: [] })
})

test('one that fails is followed by others, more and more slowly, until one succeeds', async () => {
  const { runs, waits } = await waitsFor([false, false, false, false, false, false, false, true])
  expect(runs).toBe(8)
  expect(waits).toEqual([10, 20, 40, 80, 160, 300, 300])
})

test('an end that is asked for while it waits begins no other run', async () => {
  expect(await waitsFor([false], { abortAfter: 3 })).toEqual({ runs: 3, waits: [10, 20, 40] })
})
