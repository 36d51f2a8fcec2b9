import { describe, expect, test } from 'vitest'
import { nextRun, type Schedule, scheduleProblem } from '../../src/schedule/cron.ts'

/** The next runs, in UTC. */
function nextRuns(schedule: Schedule, from: string, count: number): string[] {
  const found: string[] = []
  let now = new Date(from)
  for (let index = 0; index < count; index++) {
    const next = nextRun(schedule, now)
    if (!next) break
    found.push(next.toISOString().replace('.000Z', 'Z'))
    now = next
  }
  return found
}

describe('the next run', () => {
  test('of five fields comes at the minute, and never at the instant that is now', () => {
    expect(nextRuns({ cron: '0 3 * * *', timezone: 'UTC' }, '2026-11-20T03:00:00Z', 2)).toEqual([
      '2026-11-21T03:00:00Z',
      '2026-11-22T03:00:00Z',
    ])
    expect(nextRuns({ cron: '0 3 * * *', timezone: 'UTC' }, '2026-11-20T02:59:59.999Z', 1)).toEqual([
      '2026-11-20T03:00:00Z',
    ])
  })

  test('of six fields comes at the second', () => {
    expect(nextRuns({ cron: '*/20 * * * * *', timezone: 'UTC' }, '2026-11-20T03:00:05Z', 3)).toEqual([
      '2026-11-20T03:00:20Z',
      '2026-11-20T03:00:40Z',
      '2026-11-20T03:01:00Z',
    ])
  })

  test('is counted in the time zone named', () => {
    const at = (timezone: string) => nextRuns({ cron: '30 3 * * *', timezone }, '2026-01-15T00:00:00Z', 1)
    expect(at('Europe/Warsaw')).toEqual(['2026-01-15T02:30:00Z'])
    expect(at('America/New_York')).toEqual(['2026-01-15T08:30:00Z'])
    expect(at('Asia/Kolkata')).toEqual(['2026-01-15T22:00:00Z'])
  })

  test('keeps the hour of the wall when summer time begins and ends', () => {
    const night = { cron: '0 4 * * *', timezone: 'Europe/Warsaw' }
    expect(nextRuns(night, '2026-03-28T00:00:00Z', 3)).toEqual([
      '2026-03-28T03:00:00Z',
      '2026-03-29T02:00:00Z',
      '2026-03-30T02:00:00Z',
    ])
    expect(nextRuns(night, '2026-10-24T00:00:00Z', 3)).toEqual([
      '2026-10-24T02:00:00Z',
      '2026-10-25T03:00:00Z',
      '2026-10-26T03:00:00Z',
    ])
  })

  test('at an hour that a change of clocks skips or repeats still comes once on each day', () => {
    const within = { cron: '30 2 * * *', timezone: 'Europe/Warsaw' }
    // 02:30 is skipped on 29 March and comes twice on 25 October.
    const spring = nextRuns(within, '2026-03-28T12:00:00Z', 2)
    expect(spring.map(time => time.slice(0, 10))).toEqual(['2026-03-29', '2026-03-30'])
    const autumn = nextRuns(within, '2026-10-24T12:00:00Z', 2)
    expect(autumn.map(time => time.slice(0, 10))).toEqual(['2026-10-25', '2026-10-26'])
  })

  test('each hour goes on through a change of clocks, without a gap', () => {
    const hourly = nextRuns({ cron: '0 * * * *', timezone: 'Europe/Warsaw' }, '2026-10-24T22:30:00Z', 5)
    expect(hourly).toEqual(
      [23, 0, 1, 2, 3].map(hour => `2026-10-${hour === 23 ? 24 : 25}T${String(hour).padStart(2, '0')}:00:00Z`),
    )
  })

  test('of 29 February waits for a leap year', () => {
    expect(nextRuns({ cron: '0 0 29 2 *', timezone: 'UTC' }, '2026-01-01T00:00:00Z', 1)).toEqual([
      '2028-02-29T00:00:00Z',
    ])
  })
})

describe('a schedule', () => {
  test.each(['0 3 * * *', '*/5 * * * * *', '0 3 * * MON-FRI', '@daily'])('"%s" is none to complain of', cron => {
    expect(scheduleProblem({ cron, timezone: 'UTC' })).toEqual([])
  })

  test.each([
    ['61 * * * *', 'UTC', 'schedule'],
    ['* * * *', 'UTC', 'schedule'],
    ['0 0 1 1 * 2030 9', 'UTC', 'schedule'],
    ['each night', 'UTC', 'schedule'],
    ['0 0 30 2 *', 'UTC', 'schedule'],
    ['0 3 * * *', 'Europe/Atlantis', 'schedule.timezone'],
  ])('"%s" in %s is told as a mistake of %s', (cron, timezone, path) => {
    const problems = scheduleProblem({ cron, timezone })
    expect(problems).toMatchObject([{ path, message: expect.stringMatching(/\.$/) }])
  })
})
