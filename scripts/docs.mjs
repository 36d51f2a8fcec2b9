// Writes the generated files, from the built program: docs/errors.md and schema/config.schema.json.
// node scripts/docs.mjs [--check] [--dist DIR]: with --check it writes nothing and fails where one is stale.
import { readFile, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { z } from 'zod'

const { values } = parseArgs({ options: { check: { type: 'boolean' }, dist: { type: 'string' } } })
const dist = values.dist ? pathToFileURL(`${values.dist}/`) : new URL('../dist/', import.meta.url)
const root = new URL('../', import.meta.url)
const check = values.check === true

const { errors } = await import(new URL('errors.js', dist))
const { configurationSchema } = await import(new URL('config/schema.js', dist))
async function generate(path, text) {
  const file = new URL(path, root)
  if (!check) return writeFile(file, text)
  if ((await readFile(file, 'utf8').catch(() => '')) === text) return
  console.error(`${path} is stale. Run: npm run docs`)
  process.exitCode = 1
}

function schemaText() {
  const { required, ...schema } = z.toJSONSchema(configurationSchema, { io: 'input', unrepresentable: 'any' })
  const { site, ...shared } = schema.properties
  // One site, or several: then each has these settings, and what stands beside them is for all.
  schema.properties = {
    ...schema.properties,
    sites: {
      description:
        'Several sites, each by a name. Settings beside them are those of every site that has none of its own.',
      type: 'object',
      additionalProperties: {
        type: 'object',
        properties: { site, ...shared },
        required: ['site'],
        additionalProperties: false,
      },
    },
  }
  schema.anyOf = [{ required }, { required: ['sites'] }]
  return `${JSON.stringify({ title: 'Storemap configuration', ...schema }, undefined, 2)}\n`
}

function errorsPage() {
  const byCode = new Map()
  for (const make of Object.values(errors)) {
    const error = example(make)
    byCode.set(error.code, [...(byCode.get(error.code) ?? []), error])
  }
  const sections = [...byCode].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, list]) => section(code, list))
  return `<!-- Generated from src/errors.ts by "npm run docs". -->
# Errors

Codes are permanent: search for them, let alerts match them. Exit codes: 1 failed, 2 wrong use or configuration,
3 held back by the guard, 75 try again later. "Retryable" means that the next run may succeed without anybody doing
anything. What stands in ‹…› depends on the case.

${sections.join('\n')}`
}

function section(code, list) {
  const [{ exitCode, retryable }] = list
  const texts = list.map(({ message, hint }) => `${message}${hint ? `\n\n**What to do:** ${hint}` : ''}`)
  return `## ${code}\n\nExit code ${exitCode}${retryable ? ', retryable' : ''}.\n\n${texts.join('\n\n')}\n`
}

/** The error with each argument standing for itself: ‹label›. */
function example(make) {
  const names = /^\(?([^)]*?)\)?\s*=>/s.exec(make.toString())?.[1] ?? ''
  const parameters = names.split(',').map(name => name.replace(/=.*/s, '').trim())
  return make(...parameters.filter(name => name !== 'cause').map(name => SPECIAL[name] ?? new Placeholder(name)))
}

/** Serves as the text ‹name› and as a list of it. */
class Placeholder extends Array {
  constructor(name) {
    super()
    this.push(`‹${name}›`)
  }
  static get [Symbol.species]() {
    return Array
  }
  toString() {
    return this[0]
  }
}
for (const method of ['trim', 'replace', 'replaceAll', 'startsWith', 'endsWith']) {
  Placeholder.prototype[method] = function (...args) {
    return this[0][method](...args)
  }
}

const SPECIAL = {
  missing: [{ section: '‹section›', reason: 'empty', count: '‹count›', fields: ['‹field›'], examples: ['‹examples›'] }],
  emptied: [
    {
      name: '‹section›',
      funnel: { records: '‹count›', steps: [{ condition: '‹condition›', removed: 1, examples: ['‹examples›'] }] },
    },
  ],
  shared: [{ loc: '‹address›', first: '‹record›', second: '‹record›' }],
  unresolved: [{ file: '‹file›', line: '‹line›', reason: '‹reason›' }],
  undecided: [{ section: '‹section›', what: '‹route›', file: '‹file›', line: '‹line›', why: '‹reason›' }],
  warnings: [],
  facts: {
    limits: 'at most ‹share› % may change in one run',
    isKept: true,
    warnings: [],
    revision: '‹revision›',
    served: '‹revision›',
    wrong: ['‹address›: ‹problem›'],
  },
  sections: Object.assign([{ section: '‹section›', before: 2, after: 1, removedBy: [], toString: () => '‹sections›' }]),
  problems: [{ path: '‹path›', message: '‹mistake›.' }],
}

await generate('docs/errors.md', errorsPage())
await generate('schema/config.schema.json', schemaText())
