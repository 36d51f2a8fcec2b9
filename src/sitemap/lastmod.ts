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
