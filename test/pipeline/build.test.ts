import { readdir } from 'node:fs/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { buildBundle } from '../../src/pipeline/build.ts'
import type { Progress } from '../../src/pipeline/job.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { locsOf } from '../helpers/project.ts'
import { build, list, makeJob, NOW, records, removeBuilt, SITE, slugs, snapshotOf } from './setting.ts'

afterEach(removeBuilt)

const LATER = '2026-11-21T03:00:00Z'
const EARLIER = '2020-01-01T00:00:00Z'
const small = { limits: { entries: 10, bytes: 100_000 } }
const two = makeJob([records('products'), records('pages')], small)
const rows = { products: slugs(15), pages: slugs(5) }
const lastmods = ({ manifest }: { manifest: { files: Readonly<Record<string, { lastmod?: string }>> } }) =>
  Object.fromEntries(Object.entries(manifest.files).map(([name, { lastmod }]) => [name, lastmod]))

test('the index lists every shard with the date of its last change', async () => {
  const built = await build(two, rows)
  const names = ['sitemap-products-00.xml', 'sitemap-products-08.xml', 'sitemap-pages-00.xml']
  const lines = names.map(name => `<sitemap><loc>${SITE}/${name}</loc><lastmod>${NOW}</lastmod></sitemap>\n`)
  expect(await built.text('sitemap.xml')).toContain(`>\n${lines.join('')}</sitemapindex>\n`)
  expect(await readdir(built.bundle.dir)).toEqual([...names, 'sitemap.xml', 'storemap.json'].sort())
})

test('a section without entries makes no file, and stays in the manifest with 0', async () => {
  const built = await build(two, { products: slugs(15) })
  expect(Object.keys(built.manifest.files)).toHaveLength(3)
  expect(built.manifest.sections).toEqual({ products: { entries: 15 }, pages: { entries: 0 } })
  expect(JSON.parse(await built.text('storemap.json'))).toEqual(built.manifest)
})

test('no entry at all is no bundle: BUNDLE_EMPTY, with the sections named', async () => {
  await expect(build(two, {})).rejects.toMatchObject({
    code: 'BUNDLE_EMPTY',
    message: expect.stringMatching(/^No section of .*\n {2}products: .*\n {2}pages: /),
  })
})

describe('the same records', () => {
  test.each([false, true])('give the same bytes and the same manifest on a later day (gzip: %s)', async gzip => {
    const job = { ...two, gzip }
    const first = await build(job, rows)
    const second = await build(job, rows, { published: first.manifest, now: LATER })
    expect(second.bundle.manifestText).toBe(first.bundle.manifestText)
    expect(second.bundle.revision).toBe(first.bundle.revision)
    for (const name of Object.keys(first.manifest.files)) expect(await second.raw(name)).toEqual(await first.raw(name))
  })

  test('as one file, too', async () => {
    const job = makeJob([records('products')])
    const first = await build(job, rows)
    const second = await build(job, rows, { published: first.manifest, now: LATER })
    expect(second.bundle.manifestText).toBe(first.bundle.manifestText)
  })
})

describe('the date of a file', () => {
  test('moves where its bytes did, and stays where they stayed', async () => {
    const first = await build(two, rows)
    const pages = slugs(5).with(2, 'new')
    const second = await build(two, { ...rows, pages }, { published: first.manifest, now: LATER })
    expect(lastmods(second)).toEqual({
      'sitemap-products-00.xml': NOW,
      'sitemap-products-08.xml': NOW,
      'sitemap-pages-00.xml': LATER,
      'sitemap.xml': LATER,
    })
    expect(await second.text('sitemap.xml')).toContain(`sitemap-pages-00.xml</loc><lastmod>${LATER}</lastmod>`)
    expect(await second.text('sitemap.xml')).toContain(`sitemap-products-00.xml</loc><lastmod>${NOW}</lastmod>`)
  })

  test('never goes back with a clock that was set back', async () => {
    const first = await build(two, rows)
    const second = await build(two, { ...rows, pages: slugs(6) }, { published: first.manifest, now: EARLIER })
    expect(new Set(Object.values(lastmods(second)))).toEqual(new Set([NOW]))
  })
})

describe('the date of an entry', () => {
  test('is the record’s own, and absent where that is unknown', async () => {
    const built = await build(makeJob([records('products')]), {
      products: [['oak', '2026-01-02T03:04:05Z'], 'ash'],
    })
    expect(await built.text('sitemap.xml')).toContain(
      `<url><loc>${SITE}/products/oak</loc><lastmod>2026-01-02T03:04:05Z</lastmod></url>\n<url><loc>${SITE}/products/ash</loc></url>\n`,
    )
  })
})

describe('a record without an address', () => {
  test('is left out, counted and named, by reason', async () => {
    const room = 2_048 - `${SITE}/products/`.length
    const fits = 'a'.repeat(room - 1)
    const built = await build(makeJob([records('products')]), {
      products: [fits, 'b'.repeat(room), 'ü'.repeat(400), [null, undefined], ['', undefined], '..', '.', 'ok'],
    })
    const locs = locsOf(await built.text('sitemap.xml'))
    expect(locs).toEqual([`${SITE}/products/${fits}`, `${SITE}/products/ok`])
    expect(locs[0]).toHaveLength(2_047)
    const [{ leftOut } = { leftOut: undefined }] = built.sections
    expect(Object.fromEntries(leftOut?.counts ?? [])).toEqual({ 'too long': 2, empty: 2, 'no path': 2 })
    expect(leftOut?.examples.get('too long')).toEqual([`${'b'.repeat(100)} (id 2)`, `${'ü'.repeat(100)} (id 3)`])
    expect(leftOut?.examples.get('empty')).toEqual(['id 4', 'id 5'])
    expect(leftOut?.examples.get('no path')).toEqual(['.. (id 6)', '. (id 7)'])
  })

  test('is named three times at most, however many there are', async () => {
    const built = await build(makeJob([records('products')]), {
      products: ['ok', ...slugs(50).map(s => s.padEnd(3_000))],
    })
    expect(built.sections[0]?.leftOut.counts.get('too long')).toBe(50)
    expect(built.sections[0]?.leftOut.examples.get('too long')).toHaveLength(3)
  })
})

describe('a list', () => {
  const buildList = (paths: readonly string[]) => build(makeJob([list('static', paths)]))

  test('is in alphabetical order, and a path written twice is one page', async () => {
    const built = await buildList(['/stores', '/', '/about', '/stores', `${SITE}/about`, '/contact?a=1&b=2'])
    expect(locsOf(await built.text('sitemap.xml'))).toEqual(
      ['/', '/about', '/contact?a=1&amp;b=2', '/stores'].map(path => `${SITE}${path}`),
    )
    expect(built.manifest.sections.static?.entries).toBe(4)
  })

  test('encodes what may not stand in an address, once', async () => {
    const built = await buildList(['/größe', '/gr%C3%B6%C3%9Fe', '/100%25 wool', "/what's-new"])
    const locs = locsOf(await built.text('sitemap.xml'))
    expect(locs).toEqual([
      `${SITE}/100%25%20wool`,
      `${SITE}/gr%C3%B6%C3%9Fe`,
      expect.stringMatching(/\/what(&apos;|%27)s-new$/),
    ])
  })

  test.each([
    'https://elsewhere.example.com/about',
    'http://shop.example.com/about',
    '//elsewhere.example.com/about',
    'about',
    '/about#team',
    '/a\u0000b',
    '/\\elsewhere.example.com/about',
  ])('refuses %j, which is no path of the site, by its words', async path => {
    await expect(buildList(['/', path])).rejects.toMatchObject({
      code: 'LIST_PATH_INVALID',
      message: expect.stringContaining(path),
    })
  })

  test('leaves an address of 2,048 characters out, and keeps one of 2,047', async () => {
    const room = 2_048 - SITE.length
    const built = await buildList([`/${'a'.repeat(room - 2)}`, `/${'b'.repeat(room - 1)}`])
    expect(locsOf(await built.text('sitemap.xml')).map(loc => loc.length)).toEqual([2_047])
    expect(built.sections[0]?.leftOut.counts.get('too long')).toBe(1)
  })
})

test('a source that breaks midway fails the build, with its own error and without a manifest', async () => {
  await using folder = await tempFolder()
  const breaking = {
    ...snapshotOf({}),
    async *read() {
      yield [{ key: '1', updatedAt: undefined, addresses: [['oak']] }]
      throw new Error('the connection broke')
    },
  }
  const options = { dir: folder.path, published: undefined, now: NOW }
  await expect(buildBundle(makeJob([records('products')]), breaking, options)).rejects.toThrow('the connection broke')
  expect(await readdir(folder.path)).not.toContain('storemap.json')
})

test('progress counts the entries of each section, and ends at the last one', async () => {
  await using folder = await tempFolder()
  const told: Progress[] = []
  const options = { dir: folder.path, published: undefined, now: NOW, onProgress: (one: Progress) => told.push(one) }
  await buildBundle(two, snapshotOf({ products: slugs(2_500), pages: slugs(5) }), options)
  expect(told).toEqual([
    ...[0, 1_000, 2_000, 2_500].map(entries => ({ stage: 'read', section: 'products', entries })),
    ...[0, 5].map(entries => ({ stage: 'read', section: 'pages', entries })),
  ])
})
