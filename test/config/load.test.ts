import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadSite } from '../../src/compose.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storemap-config-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const write = async (name: string, text: string): Promise<string> => {
  const path = join(folder, name)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, text)
  return path
}
const load = (config?: string | object, environment: Record<string, string> = {}, from = folder) =>
  loadSite({ config, folder: from, environment })

// biome-ignore lint/suspicious/noTemplateCurlyInString: a reference to the environment
const DATABASE = '${DATABASE_URL}'
const CONFIG = {
  site: 'https://shop.example.com/',
  source: { saleor: { database: DATABASE, channel: 'default-channel' } },
  sections: {
    products: {
      of: 'products',
      url: '/products/{slug}',
      where: { rating: { gte: 4 }, createdAt: { lt: '2026-01-31' }, NOT: { OR: [{ 'metadata.sitemap': 'exclude' }] } },
    },
    static: { of: 'list', paths: ['/', '/about'] },
  },
  guard: { maxShrink: '12.5%' },
  schedule: '0 3 * * *',
  publish: [{ directory: './public' }],
  timeouts: { statement: '90s' },
}
const JSON_TEXT = JSON.stringify(CONFIG, null, 2)
const LANGUAGES = {
  'storemap.config.ts': `import { defineConfig, type Configuration } from 'storemap'
const config: Configuration = defineConfig(${JSON_TEXT})
export default config satisfies object
`,
  'storemap.config.js': `import { defineConfig } from 'storemap'\nexport default defineConfig(${JSON_TEXT})\n`,
  'storemap.config.json': JSON_TEXT,
  'storemap.config.yaml': `
site: https://shop.example.com/
source:
  saleor: { database: "${DATABASE}", channel: default-channel }
sections:
  products:
    of: products
    url: /products/{slug}
    where:
      rating: { gte: 4 }
      createdAt: { lt: 2026-01-31 }
      NOT:
        OR:
          - metadata.sitemap: exclude
  static: { of: list, paths: [/, /about] }
guard: { maxShrink: 12.5% }
schedule: '0 3 * * *'
publish:
  - directory: ./public
timeouts: { statement: 90s }
`,
  'storemap.config.yml': `# comments, too\n${JSON_TEXT}`,
}

describe('a configuration', () => {
  test.each(Object.entries(LANGUAGES))('says the same in %s as in the others', async (name, text) => {
    await write(name, text)
    const environment = { DATABASE_URL: 'postgres://reader:word@db.example/saleor' }
    const { config, job } = await load(undefined, environment)
    expect(config).toMatchObject({
      site: 'https://shop.example.com',
      name: 'shop.example.com',
      folder,
      source: { saleor: { database: environment.DATABASE_URL, visibility: 'saleor' } },
      sections: CONFIG.sections,
      guard: { maxShrink: 12.5 },
      schedule: { cron: '0 3 * * *', timezone: 'UTC' },
      publish: [{ directory: { path: './public', switch: 'link' } }],
      timeouts: { connect: 10_000, statement: 90_000, git: 300_000, s3: 60_000 },
      gzip: false,
      lastmod: 'content',
      limits: { entries: 50_000, bytes: 52_428_800 },
    })
    expect(job.sections.map(section => [section.kind, section.name])).toEqual([
      ['records', 'products'],
      ['list', 'static'],
    ])
    expect(job.guard).toEqual({ maxShrinkPercent: 12.5 })
  })

  test('is found in the folder or in the nearest one above, and its paths count from where it lies', async () => {
    await write('storemap.config.json', JSON.stringify({ ...MINIMAL, site: 'https://above.example.com' }))
    await write('a/storemap.config.yaml', JSON.stringify({ ...MINIMAL, publish: [{ directory: 'public' }] }))
    await mkdir(join(folder, 'a/b/c'), { recursive: true })
    const { config, publishers } = await load(undefined, {}, join(folder, 'a/b/c'))
    expect(config.folder).toBe(join(folder, 'a'))
    expect(config.site).toBe(MINIMAL.site)
    expect(publishers[0]?.name).toContain('public')
    expect((await load(undefined, {}, folder)).config.site).toBe('https://above.example.com')
  })

  test('that is TypeScript can take a part from a file beside it', async () => {
    await write('sections.ts', "export const sections = { s: { of: 'list' as const, paths: ['/'] } }")
    await write(
      'storemap.config.ts',
      "import { sections } from './sections'\nexport default { site: 'https://shop.example.com', sections }",
    )
    expect((await load()).config.sections).toEqual(MINIMAL.sections)
  })

  test('that is not there is missing, and where it was looked for is told', async () => {
    const empty = join(folder, 'empty')
    await mkdir(empty)
    await expect(load(undefined, {}, empty)).rejects.toMatchObject({ code: 'CONFIG_MISSING', exitCode: 2 })
    await expect(load('none.yaml')).rejects.toMatchObject({
      code: 'CONFIG_UNREADABLE',
      message: expect.stringContaining('there is no such file'),
    })
  })

  test.each([
    ['broken.json', '{ "site": '],
    ['broken.yaml', 'site: [unclosed'],
    ['twice.yaml', 'site: https://a.example\nsite: https://b.example'],
    ['broken.ts', 'export default {'],
    ['throws.js', "throw new Error('not today')"],
    ['no-such-import.ts', "import x from './none'\nexport default x"],
    ['config.toml', 'site = "https://shop.example.com"'],
  ])('in %s that cannot be read says so in one message', async (name, text) => {
    await write(name, text)
    await expect(load(name)).rejects.toMatchObject({
      code: 'CONFIG_UNREADABLE',
      exitCode: 2,
      message: expect.stringMatching(/cannot be read: .+\. Nothing was done\.$/s),
    })
  })

  test.each([
    ['empty.yaml', ''],
    ['list.json', '[]'],
    ['text.yaml', 'hello'],
    ['nothing.ts', 'export const x = 1'],
  ])('in %s that is no configuration is told what it needs', async (name, text) => {
    await write(name, text)
    await expect(load(name)).rejects.toMatchObject({ code: 'CONFIG_INVALID', exitCode: 2 })
  })
})

const MINIMAL = { site: 'https://shop.example.com', sections: { s: { of: 'list', paths: ['/'] } } }

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: references to the environment
describe('a reference to the environment', () => {
  const withPath = (path: string) => ({ ...MINIMAL, sections: { s: { of: 'list', paths: [path] } } })
  const pathWith = async (path: string, environment: Record<string, string>) => {
    const { config } = await load(withPath(path), environment)
    return (config.sections.s as { paths: string[] }).paths[0]
  }

  test('is replaced by the value, in any text and as often as it stands there', async () => {
    expect(await pathWith('/${A}/${B}-${A}', { A: 'x', B: 'y' })).toBe('/x/y-x')
  })

  test('is not replaced within a value, nor where a second dollar sign stands before it', async () => {
    expect(await pathWith('/${A}', { A: '${B}', B: 'no' })).toBe('/${B}')
    expect(await pathWith('/$${A}/${A}', { A: 'x' })).toBe('/${A}/x')
    expect(await pathWith('/$A/$/{A}/${}/${1A}', { A: 'x' })).toBe('/$A/$/{A}/${}/${1A}')
  })

  test('may be empty, which is not the same as not set', async () => {
    expect(await pathWith('/${A}', { A: '' })).toBe('/')
  })

  test('is read from the file that NAME_FILE names, less the line break at its end', async () => {
    const file = await write('secret', 'from file\r\n')
    expect(await pathWith('/${A}', { A_FILE: file })).toBe('/from file')
    expect(await pathWith('/${A}', { A_FILE: file, A: 'set' })).toBe('/set')
  })

  test('to what is not set, or to a file that cannot be read, is told with its place, each', async () => {
    const config = { ...withPath('/${A}${B}'), guard: { maxShrink: '${C}' }, publish: [{ directory: '${D}' }] }
    await chmod(await write('closed', 'x'), 0o000)
    const error = await load(config, { B_FILE: join(folder, 'none'), C_FILE: folder }).catch(cause => cause)
    expect(error.problems.map(({ path, message }: Record<string, string>) => `${path}: ${message}`)).toEqual([
      'sections.s.paths[0]: The environment variable A is not set.',
      `sections.s.paths[0]: The file that B_FILE names cannot be read: ${join(folder, 'none')}.`,
      `guard.maxShrink: The file that C_FILE names cannot be read: ${folder}.`,
      'publish[0].directory: The environment variable D is not set.',
    ])
    expect(error.message).toContain('Set it, or A_FILE to a file that holds it.')
  })
})
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: references to the environment
