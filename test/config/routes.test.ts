// A section of routes as it is configured: its mistakes, all at once, and what is taken from the environment.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadSite } from '../../src/compose.ts'
import { routeSection } from '../../src/config/route-section.ts'
import { ConfigError } from '../../src/errors.ts'
import { redact } from '../../src/redact.ts'

const configOf = (section: object) => ({
  site: 'https://shop.example.com',
  sections: { s: { of: 'routes', ...section } },
})

async function mistakesIn(section: object, environment: Record<string, string> = {}): Promise<ConfigError['problems']> {
  const options = { config: configOf(section), folder: tmpdir(), environment }
  const error = await loadSite(options).catch(cause => cause)
  expect(error).toBeInstanceOf(ConfigError)
  return (error as ConfigError).problems
}

describe('a mistake', () => {
  test.each([
    ['router', {}, 'Expected string or object, and there is none.'],
    ['router', { router: 5 }, 'Expected string or object, got 5.'],
    ['router', { router: '' }, 'Expected a text, got an empty one.'],
    ['router.git', { router: {} }, 'Expected a value (object), and there is none.'],
    ['router.directory', { router: { git: { repo: 'x' }, directory: 'x' } }, 'There is no setting "directory" here.'],
    ['router.git.repo', { router: { git: {} } }, 'Expected a value (string), and there is none.'],
    ['router.git.ref', { router: { git: { repo: 'x', ref: 'a..b' } } }, 'Is not a name that git allows'],
    ['router.git.path', { router: { git: { repo: 'x', path: '/src' } } }, 'it counts from the top of the repository'],
    ['router.git.path', { router: { git: { repo: 'x', path: '../src' } } }, 'Leads out of the repository.'],
    ['router.git.tokn', { router: { git: { repo: 'x', tokn: 't' } } }, 'There is no setting "tokn" here.'],
    ['undecided', { router: 'x', undecided: 'fail' }, 'Expected "warn", "error", got "fail".'],
    ['uncovered', { router: 'x', uncovered: true }, 'Expected'],
    ['lastmod', { router: 'x', lastmod: 'updatedAt' }, 'Expected "git", "none", got "updatedAt".'],
    ['include', { router: 'x', include: '/about' }, 'Expected array'],
    ['include[0]', { router: 'x', include: [''] }, 'Expected a text, got an empty one.'],
    [
      'exclude[1]',
      { router: 'x', exclude: ['/cart', 'account/**'] },
      'Expected a pattern of paths such as /account/**',
    ],
    ['basename', { router: 'x', basename: 'shop' }, 'Must begin with a slash, or be empty.'],
    ['params.page', { router: 'x', params: { page: 5 } }, 'Expected string or array, got 5.'],
    ['params.page[1]', { router: 'x', params: { page: ['terms', 6] } }, 'Expected string, received number.'],
    ['resolve["a()"]', { router: 'x', resolve: { 'a()': ['/ok', 'sale'] } }, '"sale" is no route.'],
    ['resolve["a()"]', { router: 'x', resolve: { 'a()': '/sale?x=1' } }, 'It has a "?", which no path has.'],
    ['resolve["a()"]', { router: 'x', resolve: { 'a()': '/:name(' } }, 'is no route.'],
    ['resolve["a()"]', { router: 'x', resolve: { 'a()': '/a//b' } }, 'It has an empty folder.'],
    ['alias.@', { router: 'x', alias: { '@': 1 } }, 'Expected string'],
    ['env.BASE', { router: 'x', env: { BASE: 1 } }, 'Expected string'],
    ['url', { router: 'x', url: '/x' }, 'There is no setting "url" here.'],
  ])('at %s is told with its path: %j', async (path, section, words) => {
    const problems = await mistakesIn(section)
    expect(problems).toEqual([expect.objectContaining({ path: `sections.s.${path}` })])
    expect(problems[0]?.message).toContain(words)
  })

  test('is told with all others', async () => {
    const problems = await mistakesIn({
      router: { git: { ref: 'a..b', path: '/x' } },
      include: ['about'],
      exclude: ['cart'],
      undecided: 'no',
      params: { page: 1 },
      resolve: { 'a()': 'sale', 'b()': ['x'] },
    })
    expect(problems.map(({ path }) => path.replace('sections.s.', '')).sort()).toEqual(
      [
        'exclude[0]',
        'include[0]',
        'params.page',
        'resolve["a()"]',
        'resolve["b()"]',
        'router.git.path',
        'router.git.ref',
        'router.git.repo',
        'undecided',
      ].sort(),
    )
  })

  test('names the kind of sections, too', async () => {
    const problems = await mistakesIn({ of: 'route', router: 'x' })
    expect(problems).toContainEqual({
      path: 'sections.s.of',
      message: expect.stringContaining('routes'),
    })
  })
})

test.each(['/account/**', '**/print', '!/about', '/{a,b}', '{/a,/b}', '(/a|/b)', '[[...slug]]'])(
  '%s may be a pattern',
  async pattern => {
    await loadSite({ config: configOf({ router: 'x', exclude: [pattern] }), folder: tmpdir(), environment: {} })
  },
)

describe('what is given', () => {
  test('has its defaults, and one value is a list of one', () => {
    expect(routeSection.parse({ of: 'routes', router: '../frontend', params: { kind: 'one' } })).toEqual({
      of: 'routes',
      router: '../frontend',
      exclude: [],
      undecided: 'warn',
      uncovered: 'warn',
      params: { kind: ['one'] },
      resolve: {},
      alias: {},
      env: {},
      lastmod: 'none',
    })
  })

  test.each([
    ['/shop', '/shop'],
    ['/shop/', '/shop'],
    ['/', ''],
    ['', ''],
  ])('has the basename %j as %j', (basename, read) => {
    expect(routeSection.parse({ of: 'routes', router: 'x', basename })).toMatchObject({ basename: read })
  })
})

test('the published schema has each of its settings, with a description', async () => {
  const schema = JSON.parse(await readFile(new URL('../../schema/config.schema.json', import.meta.url), 'utf8'))
  const kinds = schema.properties.sections.additionalProperties
  const known = (kinds.anyOf ?? kinds.oneOf) as {
    properties: Record<string, { const?: string; description?: string }>
  }[]
  const own = known.find(({ properties }) => properties.of?.const === 'routes')?.properties ?? {}
  expect(Object.keys(own).sort()).toEqual(Object.keys(routeSection.shape).sort())
  const silent = Object.entries(own).filter(([name, { description }]) => name !== 'of' && !description)
  expect(silent.map(([name]) => name)).toEqual([])
})

describe('a token', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storemap-config-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the configuration
  const router = { git: { repo: 'https://127.0.0.1:9/frontend.git', token: '${FRONTEND_TOKEN}' } }

  test('is taken from the environment, and shown nowhere from then on', async () => {
    const environment = { FRONTEND_TOKEN: 'glpat-of-the-front-end' }
    const site = await loadSite({ config: configOf({ router }), folder, environment })
    expect(redact('it is glpat-of-the-front-end')).not.toContain('glpat')
    const [section] = site.job.sections
    const failure = section?.kind === 'routes' ? await section.open().catch(cause => cause) : undefined
    expect(failure).toMatchObject({ code: 'ROUTER_UNREACHABLE' })
    expect(`${failure.message} ${failure.hint}`).not.toContain('glpat')
  })

  test('that is not set is a mistake, by the name of its variable', async () => {
    expect(await mistakesIn({ router })).toEqual([
      expect.objectContaining({
        path: 'sections.s.router.git.token',
        message: 'The environment variable FRONTEND_TOKEN is not set.',
      }),
    ])
  })
})
