// Every mistake at once, each with its path; and the parts of the plan that later versions bring.
import { tmpdir } from 'node:os'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadSite } from '../../src/compose.ts'
import { ConfigError } from '../../src/errors.ts'
import { createDatabase, type TestDatabase } from '../helpers/postgres.ts'

const LIST = { of: 'list', paths: ['/'] }
const PRODUCTS = { of: 'products', url: '/products/{slug}' }
const SALEOR = { database: 'postgres://reader:word@127.0.0.1:9/saleor', channel: 'default-channel' }
const GOOD = { site: 'https://shop.example.com', sections: { s: LIST } }

const mistakesIn = async (config: unknown, environment: Record<string, string> = {}): Promise<ConfigError> => {
  const error = await loadSite({ config: config as object, folder: tmpdir(), environment }).catch(cause => cause)
  expect(error).toBeInstanceOf(ConfigError)
  return error
}
const pathsIn = async (config: unknown): Promise<string[]> =>
  (await mistakesIn(config)).problems.map(({ path }) => path)

describe('a mistake in the configuration', () => {
  test.each([
    ['site', { ...GOOD, site: 'shop.example.com' }, 'Expected scheme and host'],
    ['site', { ...GOOD, site: 'https://shop.example.com/de' }, 'paths go into the "url" of each section'],
    ['site', { ...GOOD, site: 'ftp://shop.example.com' }, 'Expected scheme and host'],
    ['site', { ...GOOD, site: 'https://user:word@shop.example.com' }, 'Expected scheme and host'],
    ['site', { ...GOOD, site: 5 }, 'Expected string'],
    ['limts', { ...GOOD, limts: {} }, 'There is no setting "limts" here. Did you mean "limits"?'],
    ['sections', { site: GOOD.site }, 'there is none'],
    ['sections', { ...GOOD, sections: {} }, 'Expected at least one section.'],
    ['sections.s', { ...GOOD, sections: { s: null } }, 'Expected object'],
    ['sections.My Section', { ...GOOD, sections: { 'My Section': LIST } }, 'becomes a file name'],
    ['sections.a/b', { ...GOOD, sections: { 'a/b': LIST } }, 'becomes a file name'],
    [
      'sections.__proto__',
      { ...GOOD, sections: JSON.parse('{"s":{"of":"list","paths":["/"]},"__proto__":{"of":"list"}}') },
      'file name',
    ],
    ['sections.s.of', { ...GOOD, sections: { s: { of: 'prodcts' } } }, 'Expected one of products, categories'],
    ['sections.s', { ...GOOD, sections: { s: { of: 'list' } } }, 'Expected either "paths" or "file".'],
    ['sections.s.pahts', { ...GOOD, sections: { s: { ...LIST, pahts: [] } } }, 'Did you mean "paths"?'],
    ['sections.s.paths[1]', { ...GOOD, sections: { s: { of: 'list', paths: ['/', 5] } } }, 'Expected string'],
    ['source', { ...GOOD, sections: { p: PRODUCTS } }, 'Section "p" reads a shop, and no source is named.'],
    ['source.saleor.chanel', { ...GOOD, source: { saleor: { ...SALEOR, chanel: 'x' } } }, 'Did you mean "channel"?'],
    [
      'source.saleor.database',
      { ...GOOD, source: { saleor: { channel: 'x' } } },
      'Expected the address of the database.',
    ],
    [
      'source.saleor.database',
      { ...GOOD, source: { saleor: { ...SALEOR, database: 'mysql://x' } } },
      'postgres://, then user',
    ],
    [
      'source.saleor.database',
      { ...GOOD, source: { saleor: { ...SALEOR, database: 'postgres://u:a#b@c/d' } } },
      'percent-encoded',
    ],
    ['source.saleor.visibility', { ...GOOD, source: { saleor: { ...SALEOR, visibility: 'none' } } }, '"saleor"'],
    ['guard.maxShrink', { ...GOOD, guard: { maxShrink: '120%' } }, 'Expected a share such as 20%, got "120%".'],
    ['guard.maxShrink', { ...GOOD, guard: { maxShrink: 20 } }, 'Expected a share such as 20%, in quotes.'],
    ['guard.maxShrink', { ...GOOD, guard: { maxShrink: '-5%' } }, 'got "-5%"'],
    ['guard.maxGrow', { ...GOOD, guard: { maxGrow: 3 } }, 'Expected a share such as 300%, in quotes.'],
    ['state.directory', { ...GOOD, state: {} }, 'string'],
    ['state.directory', { ...GOOD, publish: [{ directory: 'a' }], state: { directory: 'a/b' } }, 'is served'],
    ['publish[0]', { ...GOOD, publish: [{ directory: '.' }] }, 'would be served'],
    ['timeouts.connect', { ...GOOD, timeouts: { connect: '10' } }, 'Expected a time such as 10s, 15m or 1h, got "10".'],
    ['timeouts.git', { ...GOOD, timeouts: { git: '0s' } }, 'got "0s"'],
    ['timeouts.statement', { ...GOOD, timeouts: { statement: '9999h' } }, 'got "9999h"'],
    ['limits.entries', { ...GOOD, limits: { entries: 50_001 } }, '50000'],
    ['limits.bytes', { ...GOOD, limits: { bytes: 0 } }, '1'],
    ['gzip', { ...GOOD, gzip: 'yes' }, 'Expected boolean'],
    ['schedule', { ...GOOD, schedule: '0 3 * *' }, 'Expected five fields, or six with seconds first'],
    ['schedule', { ...GOOD, schedule: '99 3 * * *' }, 'is no cron expression'],
    ['schedule', { ...GOOD, schedule: '0 0 30 2 *' }, 'never comes'],
    ['schedule.timezone', { ...GOOD, schedule: { cron: '0 3 * * *', timezone: 'Mars/Olympus' } }, 'is no time zone'],
    ['publish[1]', { ...GOOD, publish: [{ directory: './a' }, { directory: 'a/' }] }, 'The same target as publish[0].'],
    ['publish[1]', { ...GOOD, publish: [git('x.git'), git('x.git', 'master')] }, 'The same target as publish[0].'],
    ['publish[0]', { ...GOOD, publish: [{}] }, 'Expected one of "git", '],
    ['publish[0]', { ...GOOD, publish: [{ ...git('x.git'), directory: 'a' }] }, 'a second item of the list'],
    ['publish[0].directory.swich', { ...GOOD, publish: [{ directory: { path: 'a', swich: 'copy' } }] }, '"switch"'],
    ['publish[0].git.repo', { ...GOOD, publish: [git('--upload-pack=x')] }, 'begins with "-"'],
    ['publish[0].http', { ...GOOD, publish: [{ http: 0 }] }, 'Expected a port from 1 to 65535, or'],
    ['publish[0].http', { ...GOOD, publish: [{ http: '80 80' }] }, 'Expected a port'],
    ['publish[0].http.port', { ...GOOD, publish: [{ http: { port: 70_000 } }] }, 'Expected a port from 1 to 65535.'],
    ['publish[0].http.prot', { ...GOOD, publish: [{ http: { port: 80, prot: 1 } }] }, 'Did you mean "port"?'],
    ['publish[0].http.host', { ...GOOD, publish: [{ http: { port: 80, host: 'http://x' } }] }, 'such as 0.0.0.0'],
    ['publish[1]', { ...GOOD, publish: [{ http: 80 }, { http: 81 }] }, 'The same target as publish[0].'],
    [
      'publish[1]',
      { ...GOOD, publish: [{ http: { port: 80, directory: 'a' } }, { directory: './a' }] },
      'The same target',
    ],
    [
      'publish[1].http',
      { ...GOOD, publish: [{ http: 80 }, { http: { port: 80, directory: 'a' } }] },
      'Port 80 is that of publish[0].',
    ],
    ['robots', { ...GOOD, robots: 'Disallow: /' }, 'Expected object'],
    ['robots.dissallow', { ...GOOD, robots: { dissallow: ['/'] } }, 'Did you mean "disallow"?'],
    ['robots.disallow', { ...GOOD, robots: { disallow: '/' } }, 'Expected array'],
    ['robots.disallow[1]', { ...GOOD, robots: { disallow: ['/a', 'b'] } }, 'begins with "/" or "*"'],
    ['robots.allow[0]', { ...GOOD, robots: { allow: ['/a\nDisallow: /'] } }, 'Expected one line'],
    ['robots.agents.GPTBot.disallow[0]', { ...GOOD, robots: { agents: { GPTBot: { disallow: ['/a#'] } } } }, '%23'],
    ['robots.agents.GPTBot.crawlDelay', { ...GOOD, robots: { agents: { GPTBot: { crawlDelay: 1 } } } }, 'no setting'],
    ['robots.agents.GPT Bot', { ...GOOD, robots: { agents: { 'GPT Bot': {} } } }, 'the name of a crawler'],
    ['robots.agents.*', { ...GOOD, robots: { agents: { '*': {} } } }, 'stand beside "agents"'],
    ['robots.agents.gptbot', { ...GOOD, robots: { agents: { GPTBot: {}, gptbot: {} } } }, 'The same crawler as GPTBot'],
    [
      'robots',
      { ...GOOD, robots: { disallow: Array.from({ length: 50_000 }, (_, index) => `/${index}`) } },
      'crawlers read no more than 512000',
    ],
    ['', [], 'Expected a configuration'],
  ])('at %j is refused: %j', async (path, config, words) => {
    const { problems, message } = await mistakesIn(config)
    expect(problems.map(problem => problem.path)).toEqual([path])
    expect(message.toLowerCase()).toContain(words.toLowerCase())
  })

  test.each([
    ['a name that no record has', { ...PRODUCTS, url: '/{slg}' }, 'sections.p.url', 'Did you mean "slug"?'],
    ['no name', { ...PRODUCTS, url: '/products' }, 'sections.p.url', 'Write {slug}.'],
    ['another host', { ...PRODUCTS, url: '//evil.example/{slug}' }, 'sections.p.url', 'one slash'],
    ['a fragment', { ...PRODUCTS, url: '/{slug}#top' }, 'sections.p.url', 'fragment'],
  ])('in a URL with %s is refused', async (_, section, path, words) => {
    const config = { ...GOOD, source: { saleor: SALEOR }, sections: { p: section } }
    const { problems, message } = await mistakesIn(config)
    expect(problems.map(problem => problem.path)).toEqual([path])
    expect(message).toContain(words)
  })

  test('does not hide another: all are told in one message, each with its path', async () => {
    const { problems, message, exitCode } = await mistakesIn({
      site: 'https://shop.example.com/de',
      sorce: {},
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference to the environment
      source: { saleor: { ...SALEOR, database: '${NOT_SET}', visibilty: 'all' } },
      sections: {
        products: { ...PRODUCTS, were: {}, where: { ratng: 4, rating: { contains: 'x' } } },
        'Bad Name': LIST,
        categories: { of: 'categories', url: '/{slg}', where: { NOT: { rating: 4 } } },
      },
      guard: { maxShrink: '120%' },
      timeouts: { connect: 'soon' },
      schedule: { cron: '0 3 * * *', timezone: 'Mars/Olympus' },
      publish: [{ directory: 'a' }, { directory: './a' }],
    })
    const paths = [
      'sorce',
      'source.saleor.database',
      'source.saleor.visibilty',
      'sections.products.were',
      'sections.products.where.ratng',
      'sections.products.where.rating.contains',
      'sections.Bad Name',
      'sections.categories.url',
      'sections.categories.where.NOT.rating',
      'guard.maxShrink',
      'timeouts.connect',
      'schedule.timezone',
      'publish[1]',
      'site',
    ]
    expect(problems.map(({ path }) => path).sort()).toEqual([...paths].sort())
    expect(message).toMatch(/^The configuration has 14 mistakes\. Nothing was read or published\.\n/)
    for (const path of paths) expect(message).toContain(`\n  ${path}: `)
    expect(message).toContain('The environment variable NOT_SET is not set.')
    expect(exitCode).toBe(2)
  })

  test('shows no secret of the configuration, as text or as data', async () => {
    const error = await mistakesIn({
      ...GOOD,
      site: 'tok3n-in-the-wrong-place',
      publish: [{ git: { repo: 'https://x.example/x.git', token: 'tok3n-in-the-wrong-place' } }],
      schedule: 'tok3n-in-the-wrong-place',
    })
    expect(inspect(error, { depth: 9 })).not.toContain('tok3n')
  })
})

describe('a part that a later version brings', () => {
  const source = { saleor: SALEOR }
  test.each([
    ['sections.q', { ...GOOD, sections: { q: { of: 'sql', query: 'select 1' } } }],
    ['source.saleor.graphql', { ...GOOD, source: { saleor: { graphql: 'https://x.example/graphql/', channel: 'c' } } }],
    ['source.saleor.token', { ...GOOD, source: { saleor: { ...SALEOR, token: 'an app token' } } }],
  ])('is refused by its name: %s', async (path, config) => {
    const { problems } = await mistakesIn(config)
    expect(problems.map(problem => problem.path)).toEqual([path])
    expect(problems[0]?.message).toContain('is not part of this version of Storemap.')
  })

  test('may be written where it asks for nothing', async () => {
    const sections = { p: { ...PRODUCTS, images: false, lastmod: 'none' } }
    const { config } = await loadSite({ config: { ...GOOD, source, sections }, folder: tmpdir(), environment: {} })
    expect(config.sections.p).toMatchObject({ lastmod: 'none' })
  })
})

describe('a wrong configuration, where its database answers,', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await createDatabase({ template: 'demo' })
  })
  afterAll(() => db?.drop())

  test('is told the channel that the shop does not have along with the rest', async () => {
    const saleor = { database: db.url, channel: 'defalt-channel' }
    const config = { ...GOOD, source: { saleor }, sections: { p: { ...PRODUCTS, where: { ratng: 1 } } } }
    expect(await pathsIn(config)).toEqual(['sections.p.where.ratng', 'source.saleor.channel'])
    expect((await mistakesIn(config)).message).toContain('Did you mean "default-channel"?')
  })

  test('is told attributes, warehouses and channels that the shop does not have, each mistake once', async () => {
    const saleor = { database: db.url, channel: 'default-channel' }
    const where = {
      ratng: 1,
      'attributes.brnd': 'x',
      'stock.nowhere.available': 1,
      NOT: { 'listings.pln.isPublished': true },
      'attributes.net-weight': { contains: '5' },
    }
    const config = { ...GOOD, source: { saleor }, sections: { p: { ...PRODUCTS, where, bogus: 1 } } }
    expect((await pathsIn(config)).sort()).toEqual([
      'sections.p.bogus',
      'sections.p.where.NOT.listings.pln.isPublished',
      'sections.p.where.attributes.brnd',
      'sections.p.where.attributes.net-weight.contains',
      'sections.p.where.ratng',
      'sections.p.where.stock.nowhere.available',
    ])
  })

  test.each<[string, object, readonly string[]]>([
    ['a brace that is never closed', { p: { url: '/products/{slug' } }, ['sections.p.url']],
    ['no slash before it', { p: { url: 'products/{slug}' } }, ['sections.p.url']],
    ['no address at all', { p: { url: undefined } }, ['sections.p.url']],
    ['a format that there is not', { p: { url: '/{slug|slugfy}' } }, ['sections.p.url']],
    ['a folder above', { p: { url: '/../{slug}' } }, ['sections.p.url']],
    ['a locale that there is not', { p: { url: '/{locale}/{slug}' } }, ['sections.p.url']],
  ])('is told of an address with %s, and of the rule beside it', async (_, { p }: { p?: object }, paths) => {
    const source = { saleor: { database: db.url, channel: 'default-channel' } }
    const section = { ...PRODUCTS, where: { 'attributes.brnd': 'x' }, ...p }
    const sections = { p: section, q: PRODUCTS }
    expect((await pathsIn({ ...GOOD, source, sections })).sort()).toEqual([
      ...paths,
      'sections.p.where.attributes.brnd',
    ])
  })

  test('is told of locales of which none has an address, and of a storefront, too', async () => {
    const source = { saleor: { database: db.url, channel: 'default-channel' } }
    const sections = { p: PRODUCTS }
    expect(await pathsIn({ ...GOOD, source, sections, locales: { en: { url: '/en' }, de: { url: '/de' } } })).toEqual([
      'locales.en.url',
      'locales.de.url',
    ])
    const storefront = { ...GOOD, source, sections: { p: { of: 'products' } }, storefront: 'paper' }
    expect(await pathsIn(storefront)).toEqual(['sections.p.url'])
    expect(await pathsIn({ ...storefront, storefront: 'papr' })).toContain('storefront')
  })

  test('is told its own mistakes alone where the database does not answer', async () => {
    const config = { ...GOOD, source: { saleor: SALEOR }, sections: { p: { ...PRODUCTS, where: { ratng: 1 } } } }
    expect(await pathsIn(config)).toEqual(['sections.p.where.ratng'])
  })
})

function git(repo: string, branch?: string) {
  return { git: { repo, ...(branch !== undefined && { branch }) } }
}
