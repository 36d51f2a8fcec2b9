// Values that people write with a unit, and parts that a later version brings.
import { z } from 'zod'
import { parseDuration } from './duration.ts'

export const duration = z.string({ error: 'Expected a time such as 10s, 15m or 1h.' }).transform((text, context) => {
  const ms = parseDuration(text)
  if (ms !== undefined) return ms
  context.addIssue({ code: 'custom', message: `Expected a time such as 10s, 15m or 1h, got "${text}".` })
  return z.NEVER
})

/** `20%` → 20. */
export const percent = z.string({ error: 'Expected a share such as 20%, in quotes.' }).transform((text, context) => {
  const value = /^(\d{1,3}(?:\.\d+)?)\s*%$/.exec(text.trim())
  if (value && Number(value[1]) <= 100) return Number(value[1])
  context.addIssue({ code: 'custom', message: `Expected a share such as 20%, got "${text}".` })
  return z.NEVER
})

/** As percent, without an upper end. */
export const growth = z.string({ error: 'Expected a share such as 300%, in quotes.' }).transform((text, context) => {
  const value = /^(\d{1,6}(?:\.\d+)?)\s*%$/.exec(text.trim())
  if (value) return Number(value[1])
  context.addIssue({ code: 'custom', message: `Expected a share such as 300%, got "${text}".` })
  return z.NEVER
})

/** Refuses what the plan of Storemap has and this version does not, by name and with what to do instead. */
export const later =
  <T>(isLater: (value: T) => boolean, what: string, instead: string) =>
  (context: { value: T; issues: unknown[] }): void => {
    if (isLater(context.value)) {
      context.issues.push({
        code: 'custom',
        input: context.value,
        message: `"${what}" is not part of this version of Storemap. ${instead}`,
      })
    }
  }
