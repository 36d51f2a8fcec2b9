// Instants to the microsecond, as PostgreSQL counts them: read from the text of a date, written as ISO 8601 in UTC.

/** Microseconds since 1970-01-01 in UTC. BigInt: a double is exact only to the year 2255. */
export type Instant = bigint

/** `infinity` and `-infinity`: beyond every instant that a date can name. */
export const INFINITY: Instant = 2n ** 70n

export const SECOND = 1_000_000n
const DAY_SECONDS = 86_400
/** The calendar repeats every 400 years, so that the years of Date are enough for all others. */
const CYCLE_YEARS = 400
const CYCLE_DAYS = 146_097

const YEAR = '(?<year>[0-9]{4,7}|[+-][0-9]{6})'
const TIME = '(?<hour>[01][0-9]|2[0-3]):(?<minute>[0-5][0-9])(?::(?<second>[0-5][0-9])(?:[.](?<fraction>[0-9]{1,6}))?)?'
const ZONE = 'Z|(?<sign>[+-])(?<zoneHour>[0-9]{2})(?::?(?<zoneMinute>[0-5][0-9])(?::?(?<zoneSecond>[0-5][0-9]))?)?'
const WRITTEN = new RegExp(`^${YEAR}-(?<month>[0-9]{2})-(?<day>[0-9]{2})(?:[T ]${TIME}(?:${ZONE})?)?(?<era> BC)?$`)

/**
 * The instant of an ISO 8601 text or of PostgreSQL's own writing (`2026-01-31 12:00:00.123456+00`, `0044-03-15 BC`,
 * `infinity`); without a zone it is in UTC. Undefined for what is no date, 30 February included.
 */
export function parseInstant(text: string): Instant | undefined {
  if (text === 'infinity') return INFINITY
  if (text === '-infinity') return -INFINITY
  const parts = WRITTEN.exec(text)?.groups
  if (!parts) return undefined
  const written = Number(parts.year)
  const days = daysSince1970(parts.era ? 1 - written : written, Number(parts.month), Number(parts.day))
  if (days === undefined) return undefined
  const time = seconds(parts.hour, parts.minute, parts.second)
  const zone = seconds(parts.zoneHour, parts.zoneMinute, parts.zoneSecond) * (parts.sign === '-' ? -1 : 1)
  return BigInt(days * DAY_SECONDS + time - zone) * SECOND + BigInt((parts.fraction ?? '').padEnd(6, '0'))
}

/** For a caller's own text, where anything but a date is a mistake of the program. */
export function readInstant(text: string): Instant {
  const instant = parseInstant(text)
  if (instant === undefined) throw new Error(`${JSON.stringify(text)} is no date.`)
  return instant
}

/** `2026-01-31T12:00:00Z`, with six digits more where it is not a whole second; years above 9999 as `+020000`. */
export function instantToIso(instant: Instant): string {
  const micros = ((instant % SECOND) + SECOND) % SECOND
  const whole = Number((instant - micros) / SECOND)
  const cycle = Math.floor(whole / DAY_SECONDS / CYCLE_DAYS)
  const near = new Date((whole - cycle * CYCLE_DAYS * DAY_SECONDS) * 1_000).toISOString()
  const year = Number(near.slice(0, 4)) + cycle * CYCLE_YEARS
  const digits = String(Math.abs(year))
  const written =
    year >= 0 && year <= 9_999 ? digits.padStart(4, '0') : `${year < 0 ? '-' : '+'}${digits.padStart(6, '0')}`
  return `${written}${near.slice(4, 19)}${micros === 0n ? '' : `.${String(micros).padStart(6, '0')}`}Z`
}

function seconds(hour = '0', minute = '0', second = '0'): number {
  return Number(hour) * 3_600 + Number(minute) * 60 + Number(second)
}

/** Undefined where the month has no such day. */
function daysSince1970(year: number, month: number, day: number): number | undefined {
  const cycle = Math.floor(year / CYCLE_YEARS)
  const date = new Date(Date.UTC(2_000 + year - cycle * CYCLE_YEARS, month - 1, day))
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  return date.getTime() / (DAY_SECONDS * 1_000) + (cycle - 2_000 / CYCLE_YEARS) * CYCLE_DAYS
}
