// Goes through the table of errors: each with arguments as they could be, a secret among them.
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ConfigError, errors, StoremapError } from '../src/errors.ts'
import { registerSecret } from '../src/redact.ts'

const SECRET = 'pl4nted&Secret/of+this=test'
registerSecret(SECRET)
const FORMS = [SECRET, encodeURIComponent(SECRET), Buffer.from(SECRET).toString('base64')]

const source = readFileSync(new URL('../src/errors.ts', import.meta.url), 'utf8')
const docs = new URL('../docs/errors.md', import.meta.url)

/** A value for a parameter, by its type as it is written in the table: a secret wherever a text can stand. */
function argumentFor(parameter: string): unknown {
  const [name = '', type = ''] = parameter.split(/\??: /, 2)
  const text = `${name} ${FORMS.join(' ')}`
  if (name === 'cause') return new Error(text)
  // What to do instead is a whole hint.
  if (name === 'instead') return `${text}.`
  if (name === 'warnings') return [`${text}.`]
  if (/^string\b/.test(type)) return text
  if (type === 'number') return 12
  if (type === 'readonly string[]') return [text, text]
  if (name === 'problems') return [{ path: 'site', message: `Wrong: ${text}.`, hint: `Write ${text}.` }]
  if (name === 'sections') {
    const removedBy = [{ condition: text, removed: 90, examples: [text] }]
    return [
      { section: text, before: 100, after: 10, removedBy },
      { section: text, before: 100, after: 900, removedBy: [] },
    ]
  }
  if (name === 'facts')
    return { limits: text, isKept: true, warnings: [`${text}.`], revision: text, served: 'x', wrong: [text] }
  if (name === 'missing') return [{ section: text, reason: 'empty', count: 5, fields: [text], examples: [text] }]
  if (name === 'emptied') {
    const steps = [{ condition: text, removed: 5, examples: [text] }]
    return [
      { name: text, funnel: { records: 5, steps } },
      { name: text, funnel: undefined },
    ]
  }
  if (name === 'unresolved') return [{ file: text, line: 3, reason: text }]
  if (name === 'undecided') return [{ section: text, what: text, file: text, line: 3, why: text }]
  if (name === 'shared') return [{ loc: text, first: text, second: text, isOne: false }]
  throw new Error(`no argument for "${parameter}": teach this test the type`)
}

const rows = Object.entries(errors).map(([name, make]) => {
  const written = new RegExp(`^  ${name}: (?:async )?\\(([^]*?)\\) =>`, 'm').exec(source)?.[1] ?? ''
  const parameters = written
    .replace(/\{[^}]*\}/g, 'object')
    .split(',')
    .map(item => item.trim())
    .filter(Boolean)
  const made = (make as (...args: unknown[]) => StoremapError)(...parameters.map(argumentFor))
  return { name, made }
})

describe('the table of errors', () => {
  test('is read whole', () => {
    expect(rows.length).toBeGreaterThan(40)
    for (const { made } of rows) expect(made).toBeInstanceOf(StoremapError)
  })

  test.each(rows)('$name says in full sentences what happened, and what to do', ({ made }) => {
    expect(made.code).toMatch(/^[A-Z]+(_[A-Z]+)+$/)
    expect(made.message).toMatch(/^\S/)
    expect(made.message.split('\n').at(-1)).toMatch(/\.$/)
    expect(made.message).not.toMatch(/undefined|\[object|!|^Error/)
    if (made.hint !== undefined) expect(made.hint).toMatch(/^\S.*[.;]$/s)
    expect(made.hint ?? '').not.toMatch(/undefined|\[object/)
  })

  test.each(rows)('$name shows no secret', ({ made }) => {
    const shown = JSON.stringify([made.message, made.hint, made instanceof ConfigError ? made.problems : []])
    for (const form of FORMS) expect(shown).not.toContain(form)
  })

  test.each(rows)('$name has an exit code that is documented', ({ made }) => {
    expect([1, 2, 3, 75]).toContain(made.exitCode)
    if (made.exitCode === 75) expect(made.retryable).toBe(true)
    if (made.exitCode === 2) expect(made.retryable).toBe(false)
  })

  test('gives each error a code of its own, but for failures that are told in several ways, one for each kind of target', () => {
    const codes = [...source.matchAll(/\bcode: '([A-Z_]+)'/g)].map(match => match[1] as string)
    expect(new Set(codes)).toEqual(new Set(rows.map(({ made }) => made.code)))
    expect(codes.length).toBe(rows.length)
    const twice = codes.filter((code, index) => codes.indexOf(code) !== index)
    expect([...new Set(twice)].sort()).toEqual(['TARGET_AUTH_FAILED', 'TARGET_TIMEOUT', 'TARGET_UNREACHABLE'])
  })

  test('has no code that is not explained in docs/errors.md', context => {
    if (!existsSync(docs)) {
      console.warn('SKIPPED: whether every code is explained, since there is no docs/errors.md.')
      context.skip()
    }
    const text = readFileSync(docs, 'utf8')
    expect(rows.map(({ made }) => made.code).filter(code => !text.includes(code))).toEqual([])
  })
})
