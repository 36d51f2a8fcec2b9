// Whether a clock elsewhere goes with this machine's.
import type { Tell } from './check.ts'

/** From here on dates of pages, certificates and schedules are wrong. */
const MOST_MS = 60_000

export interface OtherClock {
  readonly theirs: number
  /** When it was asked, and when the answer was there: it was right somewhere between. */
  readonly asked: number
  readonly answered: number
}

export function tellClock(tell: Tell, whose: string, { theirs, asked, answered }: OtherClock): void {
  const apart = theirs < asked ? asked - theirs : Math.max(0, theirs - answered)
  if (apart <= MOST_MS) {
    tell.ok('clock', `that of ${whose} is within a minute of this machine's`)
    return
  }
  const direction = theirs < asked ? 'behind' : 'ahead of'
  tell.warn('clock', `that of ${whose} is ${inWords(apart)} ${direction} this machine's`, {
    remedy:
      'Let both be set by NTP ("timedatectl set-ntp true"): dates of pages, certificates and schedules go by them.',
  })
}

function inWords(ms: number): string {
  const minutes = Math.round(ms / 60_000)
  if (minutes < 120) return `${minutes} minute${minutes === 1 ? '' : 's'}`
  const hours = Math.round(minutes / 60)
  return hours < 48 ? `${hours} hours` : `${Math.round(hours / 24)} days`
}

/** The clock of an HTTP server; undefined for an answer that lay in a cache, which tells when it was put there. */
export function dateOf(headers: Headers): number | undefined {
  const date = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(date) || headers.has('age') ? undefined : date
}
