// Dates as the protocol wants them: W3C datetime in UTC, whole seconds, `Z`.

const POSTGRES_UTC = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.\d+)?\+00(?::?00)?$/

/** PostgreSQL's ISO text of a timestamptz in a UTC session, as a lastmod; `undefined` for what no date in year 1-9999 is. */
export function lastmodFromPostgres(text: string): string | undefined {
  // Fast path: "2026-11-20 03:00:00.123456+00", by position, since this runs once a record.
  if (text.length >= 22 && text.charCodeAt(10) === 32 && text.charCodeAt(4) === 45 && text.endsWith('+00')) {
    return `${text.slice(0, 10)}T${text.slice(11, 19)}Z`
  }
  const match = POSTGRES_UTC.exec(text)
  return match ? `${match[1]}T${match[2]}Z` : undefined
}

export function lastmodFromDate(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}

/** Whether a text is a W3C datetime that the protocol's schema takes (a date, or date, time and zone). */
export function isW3cDatetime(text: string): boolean {
  return (
    /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?$/.test(text) &&
    !Number.isNaN(Date.parse(text))
  )
}

/** Seconds since 1970 of a lastmod as this file writes them; 0 where there is none. */
export const lastmodSeconds = (lastmod: string | undefined): number =>
  lastmod === undefined ? 0 : Date.parse(lastmod) / 1000

export const lastmodFromSeconds = (seconds: number): string => lastmodFromDate(new Date(seconds * 1000))

const ELEMENT_START = '<lastmod>'
const EMPTY_DATE = '0000-00-00T00:00:00Z'

/** An element with room for a date, which `writeLastmod` fills in. */
export const EMPTY_LASTMOD = `${ELEMENT_START}${EMPTY_DATE}</lastmod>`
export const DATE_ROOM = EMPTY_LASTMOD.length

const DAY = 86_400
let knownDay = -1
let knownText = ''

/** Fills in the date of an EMPTY_LASTMOD that begins at `at`. Once an entry of a shard: so not by way of a Date each. */
export function writeLastmod(text: Buffer, at: number, seconds: number): void {
  const day = Math.floor(seconds / DAY)
  if (day !== knownDay) {
    knownDay = day
    knownText = lastmodFromSeconds(day * DAY).slice(0, 10)
  }
  const start = at + ELEMENT_START.length
  text.write(knownText, start, 'latin1')
  const time = seconds - day * DAY
  const minutes = Math.floor(time / 60)
  writeDigits(text, start + 11, Math.floor(minutes / 60))
  writeDigits(text, start + 14, minutes % 60)
  writeDigits(text, start + 17, time % 60)
}

function writeDigits(text: Buffer, at: number, number: number): void {
  text[at] = 48 + Math.floor(number / 10)
  text[at + 1] = 48 + (number % 10)
}
