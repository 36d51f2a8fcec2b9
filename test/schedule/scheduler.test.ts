import { describe, expect, test } from 'vitest'
import { runOnSchedule } from '../../src/schedule/scheduler.ts'

const START = Date.parse('2026-11-20T03:00:00.000Z')

/** A clock that a run or the wait before it moves: no time is waited for in earnest. */
function makeClock() {
  let now = START
  const controller = new AbortController()
  return {
    controller,
    clock: () => new Date(now),
    pass: (ms: number) => {
      now += ms
    },
    /** Told before a wait: the wait is over at once. */
    skipTo: (next: Date) => {
      now = Math.max(now, next.getTime())
    },
    seconds: () => (now - START) / 1_000,
  }
}

describe('on a schedule of every ten seconds', () => {
  const schedule = { cron: '*/10 * * * * *', timezone: 'UTC' }

  test('a run comes each ten seconds', async () => {
    const time = makeClock()
    const starts: number[] = []
    const run = async () => {
      starts.push(time.seconds())
      time.pass(1_000)
      if (starts.length === 4) time.controller.abort()
    }
    await runOnSchedule(run, { schedule, signal: time.controller.signal, clock: time.clock, onWait: time.skipTo })
    expect(starts).toEqual([10, 20, 30, 40])
  })

  test('times that come while a run lasts are skipped, not made up for', async () => {
    const time = makeClock()
    const starts: number[] = []
    const run = async () => {
      starts.push(time.seconds())
      time.pass(27_000)
      if (starts.length === 3) time.controller.abort()
    }
    await runOnSchedule(run, { schedule, signal: time.controller.signal, clock: time.clock, onWait: time.skipTo })
    expect(starts).toEqual([10, 40, 70])
  })

  test('a run that ends at the very moment of the next does not start it twice', async () => {
    const time = makeClock()
    const starts: number[] = []
    const run = async () => {
      starts.push(time.seconds())
      if (starts.length === 1) time.pass(10_000)
      if (starts.length === 3) time.controller.abort()
    }
    await runOnSchedule(run, { schedule, signal: time.controller.signal, clock: time.clock, onWait: time.skipTo })
    expect(starts).toEqual([10, 30, 40])
  })

  test('never two at once', async () => {
    const time = makeClock()
    let running = 0
    let runs = 0
    const run = async () => {
      expect(++running).toBe(1)
      await new Promise(resolve => setTimeout(resolve, 5))
      running--
      if (++runs === 3) time.controller.abort()
    }
    await runOnSchedule(run, { schedule, signal: time.controller.signal, clock: time.clock, onWait: time.skipTo })
    expect(runs).toBe(3)
  })

  test('an abort while it waits ends it at once, without another run', async () => {
    const time = makeClock()
    const run = async () => expect.unreachable('it was told to end')
    const onWait = () => {
      setTimeout(() => time.controller.abort(), 10)
    }
    const started = performance.now()
    await runOnSchedule(run, { schedule, signal: time.controller.signal, clock: time.clock, onWait })
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  test('an abort during a run lets it end, and none follows', async () => {
    const time = makeClock()
    let ended = 0
    const run = async () => {
      time.controller.abort()
      await new Promise(resolve => setTimeout(resolve, 10))
      ended++
    }
    await runOnSchedule(run, { schedule, signal: time.controller.signal, clock: time.clock, onWait: time.skipTo })
    expect(ended).toBe(1)
  })

  test('what was aborted before it began never runs', async () => {
    const time = makeClock()
    time.controller.abort()
    const run = async () => expect.unreachable('it was told to end')
    await runOnSchedule(run, { schedule, signal: time.controller.signal, clock: time.clock })
  })
})

test('a real clock is not outrun: a run starts at its second or after it, never before', async () => {
  const controller = new AbortController()
  const early: number[] = []
  let runs = 0
  let next = new Date()
  const run = async () => {
    early.push(Math.max(0, next.getTime() - Date.now()))
    if (++runs === 2) controller.abort()
  }
  const schedule = { cron: '* * * * * *', timezone: 'UTC' }
  const onWait = (moment: Date) => {
    next = moment
  }
  await runOnSchedule(run, { schedule, signal: controller.signal, clock: () => new Date(), onWait })
  expect(early).toEqual([0, 0])
})

test('a clock that is set back by a day does not stop the runs for a day', async () => {
  const controller = new AbortController()
  const started = performance.now()
  let setBackMs = 0
  setTimeout(() => {
    setBackMs = 24 * 3_600_000
  }, 20)
  const run = async () => controller.abort()
  const schedule = { cron: '* * * * * *', timezone: 'UTC' }
  const clock = () => new Date(Date.now() - setBackMs)
  await runOnSchedule(run, { schedule, signal: controller.signal, clock })
  expect(performance.now() - started).toBeLessThan(5_000)
})

test('a schedule that never comes again ends by itself', async () => {
  const time = makeClock()
  const schedule = { cron: '0 0 30 2 *', timezone: 'UTC' }
  const run = async () => expect.unreachable('there is no such day')
  await runOnSchedule(run, { schedule, signal: time.controller.signal, clock: time.clock })
})
