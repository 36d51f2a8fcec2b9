// storemap fields: for people, for programs, and while the rest of the configuration is still wrong.
import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { shownText, yamlKey, yamlValue } from '../../src/cli/yaml-text.ts'
import { createProject, demoShop, type Project } from '../helpers/project.ts'

let project: Project
beforeAll(async () => {
  project = await createProject({ withDatabase: true })
  await project.database?.query(`update product_product set metadata = metadata || $1 where id = 2`, [
    JSON.stringify({ 'two\nlines': 'one\ntwo\u001b[31mred', 'a: b': 'x', long: 'word '.repeat(30) }),
  ])
  await project.configure(demoShop)
})
afterAll(() => project?.[Symbol.asyncDispose]())

const RIGHT_SOURCE = { source: demoShop.source }

interface Told {
  kinds: { of: string; records: number; moreKeys: number; unreadable: unknown[]; fields: Record<string, unknown>[] }[]
}
const asJson = (stdout: string): Told => {
  expect(stdout).toMatch(/^\{[^\n]*\}\n$/)
  return JSON.parse(stdout)
}

test('tells of all kinds, each with a line a field, and how to use one', async () => {
  const { code, stdout, stderr } = await project.run(['fields'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect([...stdout.matchAll(/^(\w+) {2}(\d+) records$/gm)].map(([, of, n]) => [of, n])).toEqual([
    ['products', '500'],
    ['categories', '24'],
    ['collections', '9'],
    ['pages', '13'],
  ])
  expect(stdout).toMatch(/^ {4}slug +text +500 {2}100 % {2}oak-sofa-1$/m)
  expect(stdout).toMatch(/^ {4}rating +number +375 {3}75 % {2}1\.3$/m)
  expect(stdout).toMatch(
    /^ {2}attributes\n {4}attributes\.brand +text, several +459 {3}92 % {2}atelier-7\n {8}dropdown, 6 choices: nordhem, atelier-7, /m,
  )
  expect(stdout).toMatch(/^ {4}privateMetadata\.pim_status +metadata +480 {3}96 % {2}ready$/m)
  expect(stdout.trimEnd().split('\n').at(-1)).toBe('In a rule: where: { attributes.brand: atelier-7 }')
})

test('is a table of a hundred columns, in one line a field whatever stands in it', async () => {
  const { stdout } = await project.run(['fields', 'products'])
  // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may get through
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
  for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(100)
  expect(stdout).toMatch(/^ {4}"metadata\.two\\nlines" +metadata +1 {3}<1 % {2}one\\ntwo\\u001b\[31m/m)
  expect(stdout).toMatch(/^ {4}'metadata\.a: b' +metadata +1 {3}<1 % {2}x$/m)
  const starts = [...stdout.matchAll(/^ {4}\S.*? {2}(?=\d+ {2}( \d\d|100|<1| {2}\d) %)/gm)].map(([all]) => all.length)
  expect(starts.length).toBeGreaterThan(60)
})

test('writes the line on how to use one so that it can be used', async () => {
  const { stdout } = await project.run(['fields', 'collections'])
  const where = parse(/^In a rule: (where: .+)$/m.exec(stdout)?.[1] as string)
  expect(where).toEqual({ where: { 'metadata.sitemap': 'include' } })
})

test('--json is one document with the same, and nothing else', async () => {
  const { code, stdout, stderr } = await project.run(['fields', '--json'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const { kinds } = asJson(stdout)
  expect(kinds.map(({ of, records }) => [of, records])).toEqual([
    ['products', 500],
    ['categories', 24],
    ['collections', 9],
    ['pages', 13],
  ])
  const [products] = kinds
  expect(products).toMatchObject({ moreKeys: 0, unreadable: [] })
  expect(products?.fields).toContainEqual({
    name: 'attributes.brand',
    type: 'text',
    many: true,
    inputType: 'dropdown',
    choices: { slugs: expect.arrayContaining(['nordhem', 'atelier-7']), count: 6 },
    records: 459,
    example: 'atelier-7',
  })
  expect(products?.fields).toContainEqual(
    expect.objectContaining({ name: 'metadata.two\nlines', records: 1, example: 'one\ntwo\u001b[31mred' }),
  )
  const long = products?.fields.find(({ name }) => name === 'metadata.long')?.example as string
  expect(long).toHaveLength(60)
  expect(long).toMatch(/^(word )+word…$/)
})

test.each(['products', 'categories', 'collections', 'pages'])('tells of %s alone where they are named', async of => {
  const { code, stdout } = await project.run(['fields', of, '--json'])
  expect(code).toBe(0)
  expect(asJson(stdout).kinds.map(kind => kind.of)).toEqual([of])
})

test.each([
  [['product'], /"product" is no kind of record; the nearest is "products"\. Nothing was done\./],
  [['variants'], /"variants" is no kind of record; there are products, categories, collections, pages\./],
])('%j is wrong use: exit 2, and it says what there is', async (args, message) => {
  const { code, stdout, stderr } = await project.run(['fields', ...args])
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(message)
})

describe('in a configuration that is not done', () => {
  const run = async (configuration: object, args: readonly string[] = [], env = {}) => {
    await project.write('unfinished.json', JSON.stringify(configuration))
    return project.run(['fields', 'pages', '--json', '--config', 'unfinished.json', ...args], env)
  }

  test.each([
    ['no sections yet', {}],
    ['a rule that is wrong', { sections: { pages: { of: 'pages', url: '/{slug}', where: { 'atributes.x': 1 } } } }],
    ['sections of a wrong shape', { site: 'no address', sections: { Pages: { of: 'page', url: 5 } }, publish: 7 }],
    ['locales that are wrong', { ...demoShop, locales: { de: { url: 'de' } } }],
    ['a variable that is missing elsewhere', { ...demoShop, publish: [{ git: { repo: 'x', token: '$' + '{NONE}' } }] }],
    [
      'images, and nothing said of where they are',
      { ...demoShop, sections: { p: { of: 'products', url: '/{id}', images: true } } },
    ],
    ['a timeout that is none', { ...demoShop, timeouts: { connect: 'soon' } }],
  ])('works with %s', async (_, rest) => {
    const { code, stdout } = await run({ ...RIGHT_SOURCE, ...rest })
    expect(code, stdout).toBe(0)
    expect(asJson(stdout).kinds[0]).toMatchObject({ of: 'pages', records: 13 })
  })

  test.each([
    ['no source', {}, 'source'],
    ['lists alone', { site: demoShop.site, sections: { a: { of: 'list', paths: ['/'] } } }, 'source'],
    ['no channel', { source: { saleor: { database: 'postgres://localhost/x' } } }, 'source.saleor.channel'],
    ['no address', { source: { saleor: { database: 'mysql://x', channel: 'c' } } }, 'source.saleor.database'],
    ['a misspelt setting', { source: { saleor: { ...demoShop.source.saleor, chanel: 'c' } } }, 'source.saleor.chanel'],
    [
      'a channel that the shop does not have',
      { source: { saleor: { ...demoShop.source.saleor, channel: 'default-chanel' } } },
      'source.saleor.channel',
    ],
  ])('tells the mistakes of the source alone, as with %s', async (_, configuration, path) => {
    const { code, stdout } = await run({ sections: { Wrong: 5 }, ...configuration })
    expect(code).toBe(2)
    const { error } = JSON.parse(stdout)
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', problems: [{ path }] })
  })

  test('tells that a variable of the source is missing', async () => {
    const other = await createProject()
    try {
      await other.configure(RIGHT_SOURCE)
      const { code, stderr } = await other.run(['fields'])
      expect(code).toBe(2)
      expect(stderr).toContain('source.saleor.database: The environment variable DATABASE_URL is not set.')
    } finally {
      await other[Symbol.asyncDispose]()
    }
  })

  test('says as all commands do that the database is down', async () => {
    const { code, stdout } = await run(RIGHT_SOURCE, [], { DATABASE_URL: 'postgres://u:secret-word@127.0.0.1:1/x' })
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'SOURCE_UNREACHABLE', retryable: true } })
    expect(stdout).not.toContain('secret-word')
  })
})

test("does not show the database's own password where it stands in the shop's metadata", async () => {
  const role = `reader_${randomBytes(6).toString('hex')}`
  const password = randomBytes(24).toString('hex')
  const { database } = project
  await database?.query(`create role ${role} login password '${password}'`)
  try {
    await database?.query(`grant select on all tables in schema public to ${role}`)
    await database?.query(
      `update page_page set private_metadata = jsonb_build_object('note', 'it is written here that the password is ' || $1::text)`,
      [password],
    )
    const url = new URL(database?.url as string)
    url.username = role
    url.password = password
    for (const args of [['--json'], []]) {
      const { code, stdout } = await project.run(['fields', 'pages', ...args], { DATABASE_URL: url.href })
      expect(code).toBe(0)
      expect(stdout).toContain('privateMetadata.note')
      expect(stdout).not.toContain(password.slice(0, 8))
    }
    await database?.query(`revoke select on page_pagetype from ${role}`)
    const closed = await project.run(['fields', 'pages'], { DATABASE_URL: url.href })
    expect(closed.stdout).toMatch(/^ {2}not readable: pageType\.slug, .*, since the role may not read page_pagetype$/m)
  } finally {
    await database?.query(`drop owned by ${role}`)
    await database?.query(`drop role ${role}`)
  }
})

describe('in YAML', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('no', '5', 'true', '~', "it's", '2026-01-31', '-', 'a #b', '\u202e'),
  )

  test('names and values are read as what they are', () => {
    fc.assert(
      fc.property(text, text, (key, value) => {
        expect(parse(`where: { ${yamlKey(`metadata.${key}`)}: ${yamlValue(value)} }`)).toEqual({
          where: { [`metadata.${key}`]: value },
        })
      }),
      { numRuns: 2_000 },
    )
  })

  test('stand in one line, and nothing in them turns the screen', () => {
    fc.assert(
      fc.property(text, value => {
        for (const shown of [yamlKey(value), yamlValue(value), shownText(value)])
          expect(shown).not.toMatch(/[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u)
      }),
      { numRuns: 1_000 },
    )
  })
})
