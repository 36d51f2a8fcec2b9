// Several sites of one shop, each selling in a channel of its own: one command for all, or for those named.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { SitesConfiguration } from '../../src/config/configuration.ts'
import { until } from '../helpers/cli.ts'
import { createProject, demoShop, locsOf, type Project } from '../helpers/project.ts'

// biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the configuration
const inChannel = (channel: string) => ({ saleor: { database: '${DATABASE_URL}', channel } })
const SITES: SitesConfiguration = {
  sections: { products: { of: 'products', url: '/products/{slug}' } },
  sites: {
    us: { site: 'https://us.example.com', source: inChannel('default-channel'), publish: [{ directory: 'us' }] },
    pl: { site: 'https://pl.example.com', source: inChannel('channel-pln'), publish: [{ directory: 'pl' }] },
  },
}

let project: Project
beforeAll(async () => {
  project = await createProject({ withDatabase: true })
})
afterAll(() => project[Symbol.asyncDispose]())

const configure = (configuration: object) => project.write('storemap.config.json', JSON.stringify(configuration))
const published = async (folder: string) => locsOf(await readFile(join(project.dir, folder, 'sitemap.xml')))

/** Slugs of what a channel's customers see, by SQL of the test's own. */
const visibleIn = async (channel: string): Promise<string[]> => {
  const rows = await project.database?.query(
    `select p.slug from product_product p join product_productchannellisting l on l.product_id = p.id
     join channel_channel c on c.id = l.channel_id and c.slug = $1
     where l.is_published and coalesce(l.published_at, now()) <= now() and exists (
       select from product_productvariant v join product_productvariantchannellisting vl on vl.variant_id = v.id
       where v.product_id = p.id and vl.channel_id = c.id and vl.price_amount is not null)`,
    [channel],
  )
  return (rows ?? []).map(({ slug }) => slug).sort()
}

test('run publishes each site with what its own channel shows', async () => {
  await configure(SITES)
  const { code, stdout } = await project.run(['run', '--json'])
  expect(code).toBe(0)
  expect(JSON.parse(stdout).sites).toMatchObject({ us: { outcome: 'published' }, pl: { outcome: 'published' } })
  for (const [folder, channel] of [
    ['us', 'default-channel'],
    ['pl', 'channel-pln'],
  ] as const) {
    const locs = await published(folder)
    expect(locs.every(loc => loc.startsWith(`https://${folder}.example.com/products/`))).toBe(true)
    const slugs = locs.map(loc =>
      decodeURIComponent(new URL(loc.replaceAll('&apos;', "'").replaceAll('&amp;', '&')).pathname.slice(10)),
    )
    expect(slugs.sort()).toEqual(await visibleIn(channel))
  }
  expect(await published('us')).not.toHaveLength((await published('pl')).length)
})

test('a site that is named is the only one read', async () => {
  await configure({
    ...SITES,
    sites: {
      ...SITES.sites,
      dead: {
        site: 'https://dead.example.com',
        source: { saleor: { database: 'postgres://x@127.0.0.1:1/x', channel: 'c' } },
        publish: [{ directory: 'dead' }],
      },
    },
  })
  const named = await project.run(['run', 'pl', '--json'])
  expect(named.code).toBe(0)
  expect(Object.keys(JSON.parse(named.stdout).sites)).toEqual(['pl'])
  expect((await project.run(['run', 'fr'])).code).toBe(2)
})

test('a site that fails keeps the others from nothing, and the worst exit code is told', async () => {
  const { code, stdout } = await project.run(['run', '--json'])
  expect(code).toBe(1)
  expect(JSON.parse(stdout).sites).toMatchObject({
    us: { outcome: 'unchanged' },
    pl: { outcome: 'unchanged' },
    dead: { outcome: 'failed', error: { code: expect.stringMatching(/^SOURCE_/) } },
  })
  const text = await project.run(['run'])
  expect(text.stdout).toMatch(/^us\n.*\npl\n.*\ndead\n/s)
  expect(text.stderr).toContain('SOURCE_')
})

test('build, diff, explain and fields take the same names', async () => {
  await configure(SITES)
  const build = await project.run(['build', '--out', 'made', '--json'])
  expect(JSON.parse(build.stdout).sites.pl.out).toBe(join(project.dir, 'made', 'pl'))
  expect(locsOf(await readFile(join(project.dir, 'made', 'pl', 'sitemap.xml')))).toEqual(await published('pl'))
  const diff = await project.run(['diff', 'us', '--json'])
  expect(JSON.parse(diff.stdout).sites.us).toMatchObject({ files: { added: 0, changed: 0, removed: 0 } })
  // A product that only the one channel shows.
  const [only] = (await visibleIn('channel-pln')).filter(slug => !slug.includes('/'))
  const explained = JSON.parse((await project.run(['explain', only as string, '--json'])).stdout).sites
  expect(explained.pl.records[0]).toMatchObject({ slug: only, listed: true })
  expect(explained.us.records[0].listed).toBe((await visibleIn('default-channel')).includes(only as string))
  expect((await project.run(['explain', 'no-such-thing'])).code).toBe(1)
  const fields = await project.run(['fields', 'pages', 'pl', '--json'])
  expect(JSON.parse(fields.stdout).sites.pl.kinds).toMatchObject([{ of: 'pages' }])
  const all = JSON.parse((await project.run(['fields', 'pages', 'pages', '--json'])).stdout).sites
  expect(Object.keys(all)).toEqual(['us', 'pl'])
  expect(all.us.kinds).toHaveLength(1)
  expect((await project.run(['fields', 'pages', 'nowhere'])).code).toBe(2)
})

test('serve runs each on its own schedule', async () => {
  const { us, pl } = SITES.sites
  const everySecond = '* * * * * *'
  await configure({ ...SITES, sites: { us: { ...us, schedule: everySecond }, pl: { ...pl, schedule: everySecond } } })
  const serve = await project.start(['serve'])
  await until('both wait', () => /^us: next run at/m.test(serve.stderr()) && /^pl: next run at/m.test(serve.stderr()))
  await until('both have run', () =>
    ['us', 'pl'].every(name => new RegExp(`unchanged at folder .*${name}$`, 'm').test(serve.stdout())),
  )
  serve.child.kill('SIGTERM')
  expect((await serve.ended).code).toBe(0)
  await configure({ ...demoShop, publish: [{ directory: 'one' }], sites: SITES.sites })
  expect((await project.run(['serve'])).code).toBe(2)
})
