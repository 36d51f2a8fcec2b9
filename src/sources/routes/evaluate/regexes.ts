// Regular expressions of the source, as far as they may be run here.
import type { RegexValue } from './value.ts'

/** So much a regular expression of the source is given to do: what could take for ever is not begun. */
const MOST_SEARCHED = 300
const UNBOUNDED = /[+*]|\{\d+,\}/g
const REPEATED_CHOICE = /\([^()]*(?:[+*|]|\{\d)[^()]*\)(?:[+*]|\{\d)/

/** Undefined where it is not valid here, or might take long. */
export function toRegExp({ pattern, flags }: RegexValue, text: string): RegExp | undefined {
  const isTame =
    (pattern.match(UNBOUNDED) ?? []).length <= 3 && !REPEATED_CHOICE.test(pattern) && !/\\\d|\(\?[<!=]/.test(pattern)
  if (!isTame && text.length > 20) return undefined
  if (text.length > MOST_SEARCHED) return undefined
  try {
    return new RegExp(pattern, flags)
  } catch {
    return undefined
  }
}
