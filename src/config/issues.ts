// What the schema finds wrong, in our words and at its place.
import type { z } from 'zod'
import { nearest, nearestHint, type Problem } from '../problem.ts'
import { knownKeysAt } from './known-keys.ts'

/** One of zod's issues in our words, at its place. */
export function toProblems(issue: z.core.$ZodIssue, data: object): Problem[] {
  const path = pathText(issue.path)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => {
      const hint = nearestHint(key, knownKeysAt(issue.path, data))
      return {
        path: path ? `${path}.${key}` : key,
        message: `There is no setting "${key}" here.`,
        ...(hint && { hint }),
      }
    })
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The alternative that came furthest says best what is wrong.
    const best = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? []
    if (depth(best) > 0)
      return best.flatMap(inner => toProblems({ ...inner, path: [...issue.path, ...inner.path] }, data))
  }
  if (issue.code === 'invalid_union' && issue.path.at(-1) === 'of') {
    return [{ path, message: 'Expected one of products, categories, collections, pages, list, routes.' }]
  }
  const given = valueAt(issue.path, data)
  // A message of its own says more.
  if (issue.code === 'invalid_union' && issue.message === 'Invalid input') {
    const kinds = issue.errors.flat().flatMap(inner => (inner.code === 'invalid_type' ? [inner.expected] : []))
    const found = given === undefined ? 'and there is none' : `got ${JSON.stringify(given).slice(0, 60)}`
    if (kinds.length > 0) return [{ path, message: `Expected ${[...new Set(kinds)].join(' or ')}, ${found}.` }]
  }
  if (issue.code === 'invalid_value' && typeof given === 'string') {
    const values = issue.values.map(String)
    const near = nearest(given, values)
    const message = `Expected ${values.map(value => `"${value}"`).join(', ')}, got "${given.slice(0, 60)}".`
    return [{ path, message, ...(near !== undefined && { hint: `Did you mean "${near}"?` }) }]
  }
  if (issue.code === 'invalid_key') {
    return [{ path, message: 'Its name may have letters and digits, with single hyphens or underscores between them.' }]
  }
  return [{ path, message: readable(issue.message) }]
}

const valueAt = (path: readonly PropertyKey[], data: object): unknown =>
  path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | null | undefined)?.[part], data)

const depth = (issues: readonly z.core.$ZodIssue[]): number =>
  Math.max(0, ...issues.map(({ path, code }) => path.length + (code === 'unrecognized_keys' ? 1 : 0)))

const readable = (message: string): string => {
  if (/^Too small: expected string to have >=1 char/.test(message)) return 'Expected a text, got an empty one.'
  const text = message
    .replace(/^Invalid input: expected (.+), received undefined$/, 'Expected a value ($1), and there is none')
    .replace(/^Invalid input: /, '')
    .replace(/\brecord\b/, 'object')
    .replace(/^Invalid option: /, '')
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    '',
  )
