// Operands: from plain data to typed values. A date is an ISO text, `now`, or `now` with a distance.

export type Operand =
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'instant'; readonly value: string }
  | { readonly type: 'now'; readonly offsetSeconds: number }

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 }
const RELATIVE = /^now(?:([+-])(\d{1,6})([smhdw]))?$/
/** 3,000 years: PostgreSQL has no instants before 4714 BC, and would fail the whole query for one. */
const FARTHEST_SECONDS = 3_000 * 365 * 86_400

/** Month 13, 30 February and the like are refused here, since PostgreSQL would fail the whole query for one. */
const DATE_PART =
  '[0-9]{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)' +
  '|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29'
const TIME_PART =
  '[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,6})?)?(?:Z|[+-](?:0[0-9]|1[0-4]):?[0-5][0-9])?'

/** ISO dates as a regular expression that PostgreSQL and JavaScript read alike. A date without zone is in UTC. */
export const ISO_DATE_PATTERN = `^(?!0000)(?:${DATE_PART})(?:${TIME_PART})?$`
/** Numbers as text that both PostgreSQL's float8 and JavaScript read alike, and that cannot overflow. */
export const NUMBER_PATTERN = '^[+-]?(?:[0-9]{1,100}(?:[.][0-9]{0,100})?|[.][0-9]{1,100})(?:[eE][+-]?[0-9]{1,2})?$'

const ISO_DATE = new RegExp(ISO_DATE_PATTERN)
const NUMBER = new RegExp(NUMBER_PATTERN)

export const isDate = (text: string): boolean => ISO_DATE.test(text)
export const isNumber = (text: string): boolean => NUMBER.test(text)

/** `2026-01-31`, `2026-01-31T12:00:00Z`, `now`, `now-30d`; undefined for anything else. */
export function parseDate(text: string): Operand | undefined {
  const relative = RELATIVE.exec(text)
  if (relative) {
    const seconds = relative[2] === undefined ? 0 : Number(relative[2]) * (SECONDS[relative[3] as string] as number)
    if (seconds > FARTHEST_SECONDS) return undefined
    return { type: 'now', offsetSeconds: relative[1] === '-' ? -seconds : seconds }
  }
  return isDate(text) ? { type: 'instant', value: text } : undefined
}
