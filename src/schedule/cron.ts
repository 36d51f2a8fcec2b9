// When: cron expressions, five fields or six with seconds first, in a named time zone.
import { Cron } from 'croner'
import type { Problem } from '../problem.ts'

export interface Schedule {
  readonly cron: string
  /** IANA name; UTC unless said. */
  readonly timezone: string
}

/** The next moment after `now`, or undefined where there is none any more. */
export function nextRun(schedule: Schedule, now: Date): Date | undefined {
  return new Cron(schedule.cron, { timezone: schedule.timezone, mode: 'auto' }).nextRun(now) ?? undefined
}

export function scheduleProblem({ cron, timezone }: Schedule): Problem[] {
  const fields = cron.trim().split(/\s+/).length
  if (!cron.trim().startsWith('@') && fields !== 5 && fields !== 6) {
    return [
      {
        path: 'schedule',
        message: `Expected five fields, or six with seconds first, got "${cron}".`,
        hint: "Every night at three: '0 3 * * *'.",
      },
    ]
  }
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone })
  } catch {
    return [
      {
        path: 'schedule.timezone',
        message: `"${timezone}" is no time zone.`,
        hint: 'Write a name such as Europe/Warsaw.',
      },
    ]
  }
  try {
    if (nextRun({ cron, timezone }, new Date(0)) === undefined)
      return [{ path: 'schedule', message: `"${cron}" never comes.` }]
    return []
  } catch (cause) {
    return [
      {
        path: 'schedule',
        message: `"${cron}" is no cron expression: ${(cause as Error).message.replace(/^CronPattern: /, '')}.`,
        hint: "Every night at three: '0 3 * * *'.",
      },
    ]
  }
}
