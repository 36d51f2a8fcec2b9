// When runs come, and whether one is under way.
import type { SiteConfig } from '../config/check.ts'
import { findLockHolder } from '../io/lock.ts'
import { nextRun, type Schedule } from '../schedule/cron.ts'
import type { Check, Tell } from './check.ts'

export interface ScheduleOptions {
  readonly site: string | undefined
  readonly config: SiteConfig
  readonly lockKey: string
}

export function scheduleCheck({ site, config, lockKey }: ScheduleOptions): Check {
  return {
    site,
    area: 'schedule',
    title: 'times',
    look: async ({ tell }) => {
      tellTimes(tell, config.schedule)
      const holder = await findLockHolder(lockKey)
      if (!holder) tell.ok('other runs', 'none is under way on this machine')
      else {
        const who = holder.pid > 0 ? `process ${holder.pid} since ${holder.since}` : 'a process too busy to say more'
        tell.ok('other runs', `one is under way: ${who}; a second one would exit 75`)
      }
    },
  }
}

const TIMES = 3

function tellTimes(tell: Tell, schedule: Schedule | undefined): void {
  if (!schedule) {
    tell.ok('times', 'none configured: something else starts "storemap run", such as cron or a CronJob')
    return
  }
  const times: string[] = []
  for (let at = nextRun(schedule, new Date()); at && times.length < TIMES; at = nextRun(schedule, at))
    times.push(inZone(at, schedule.timezone))
  tell.ok(
    'times',
    `"${schedule.cron}" comes next at ${times.join(', ')} (${schedule.timezone}), where "storemap serve" runs`,
  )
}

function inZone(at: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return format.format(at)
}
