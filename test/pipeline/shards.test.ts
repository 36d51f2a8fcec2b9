import { readdir } from 'node:fs/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { locsOf } from '../helpers/project.ts'
import { build, makeJob, records, removeBuilt, SITE, slugs } from './setting.ts'

afterEach(removeBuilt)

const products = [records('products')]
const bytes = 52_428_800
const filesOf = (built: { manifest: { files: object } }) => Object.keys(built.manifest.files).sort()

describe('by count', () => {
  test.each([1, 2, 1_000, 50_000])('a set of exactly %i, the limit, is one file', async entries => {
    const built = await build(makeJob(products, { limits: { entries, bytes } }), { products: slugs(entries) })
    expect(filesOf(built)).toEqual(['sitemap.xml'])
    expect(built.manifest.files['sitemap.xml']?.entries).toBe(entries)
    expect(locsOf(await built.text('sitemap.xml'))).toHaveLength(entries)
  })

  test.each([1, 2, 1_000, 50_000])(
    'one entry more than %i, the limit, splits, and the index lists both',
    async limit => {
      const all = slugs(limit + 1)
      const built = await build(makeJob(products, { limits: { entries: limit, bytes } }), { products: all })
      const names = ['sitemap-products-00.xml', 'sitemap-products-01.xml']
      expect(filesOf(built)).toEqual([...names, 'sitemap.xml'])
      expect(names.map(name => built.manifest.files[name]?.entries)).toEqual([limit, 1])
      expect(built.manifest.files['sitemap.xml']?.entries).toBe(2)
      const locs = locsOf(...(await Promise.all(names.map(built.text))))
      expect(locs).toEqual(all.map(slug => `${SITE}/products/${slug}`))
    },
  )
})

describe('by bytes', () => {
  test('a urlset of exactly the limit is one file, and with one byte less it splits', async () => {
    const rows = { products: slugs(100) }
    const exact = (await build(makeJob(products), rows)).manifest.files['sitemap.xml']?.bytes as number
    const whole = await build(makeJob(products, { limits: { entries: 1_000, bytes: exact } }), rows)
    expect(filesOf(whole)).toEqual(['sitemap.xml'])
    expect((await whole.raw('sitemap.xml')).length).toBe(exact)

    const split = await build(makeJob(products, { limits: { entries: 1_000, bytes: exact - 1 } }), rows)
    expect(filesOf(split)).toEqual(['sitemap-products-00.xml', 'sitemap-products-01.xml', 'sitemap.xml'])
    expect(split.manifest.files['sitemap-products-00.xml']?.entries).toBe(99)
  })

  test('sections that fit each for itself and not together stay apart, to the byte', async () => {
    const two = [records('products'), records('pages')]
    const rows = { products: slugs(10), pages: slugs(10) }
    const exact = (await build(makeJob(two), rows)).manifest.files['sitemap.xml']?.bytes as number
    expect(filesOf(await build(makeJob(two, { limits: { entries: 100, bytes: exact } }), rows))).toEqual([
      'sitemap.xml',
    ])
    const apart = await build(makeJob(two, { limits: { entries: 100, bytes: exact - 1 } }), rows)
    expect(filesOf(apart)).toEqual(['sitemap-pages-00.xml', 'sitemap-products-00.xml', 'sitemap.xml'])
  })

  test.each([false, true])('no shard exceeds the limit, and none could take the next entry (gzip: %s)', async gzip => {
    const rows = { products: slugs(500).map((slug, index) => slug + 'x'.repeat((index * 37) % 90)) }
    const limits = { entries: 50, bytes: 3_000 }
    const built = await build(makeJob(products, { gzip, limits }), rows)
    const names = filesOf(built).filter(name => name !== 'sitemap.xml')
    expect(names.every(name => name.endsWith(gzip ? '.xml.gz' : '.xml'))).toBe(true)
    const texts = await Promise.all(names.map(built.text))
    for (const [index, text] of texts.entries()) {
      expect(text.length).toBeLessThanOrEqual(limits.bytes)
      const next = texts[index + 1]?.split('\n')[2]
      if (next) expect(text.length + next.length + 1).toBeGreaterThan(limits.bytes)
    }
    expect(locsOf(...texts)).toEqual(rows.products.map(slug => `${SITE}/products/${slug}`))
  })

  test('characters that XML escapes count as they are written', async () => {
    const escaped = [records('search', '/search?a=1&q={slug}')]
    const rows = { search: slugs(20) }
    const exact = (await build(makeJob(escaped), rows)).manifest.files['sitemap.xml']?.bytes as number
    expect(filesOf(await build(makeJob(escaped, { limits: { entries: 100, bytes: exact } }), rows))).toHaveLength(1)
    expect(filesOf(await build(makeJob(escaped, { limits: { entries: 100, bytes: exact - 1 } }), rows))).toHaveLength(3)
  })

  test('a limit below a single entry is refused, and says what it would take', async () => {
    await expect(
      build(makeJob(products, { limits: { entries: 10, bytes: 150 } }), { products: ['oak-table'] }),
    ).rejects.toMatchObject({ code: 'LIMIT_TOO_SMALL', exitCode: 2, message: expect.stringContaining('150') })
  })

  test('an entry of exactly the limit is a file of its own', async () => {
    const one = (await build(makeJob(products), { products: ['oak'] })).manifest.files['sitemap.xml']?.bytes as number
    const built = await build(makeJob(products, { limits: { entries: 10, bytes: one } }), { products: ['oak', 'ash'] })
    expect(filesOf(built)).toHaveLength(3)
  })
})

test('gzipped shards are packed, the index is not, and the manifest tells what lies on disk', async () => {
  const built = await build(makeJob(products, { gzip: true, limits: { entries: 40, bytes } }), { products: slugs(100) })
  const names = [0, 1, 2].map(n => `sitemap-products-0${n}.xml.gz`)
  expect(filesOf(built)).toEqual([...names, 'sitemap.xml'])
  for (const name of names) expect((await built.raw(name)).length).toBe(built.manifest.files[name]?.bytes)
  expect(await built.text('sitemap.xml')).toContain(`<loc>${SITE}/sitemap-products-02.xml.gz</loc>`)
  const one = await build(makeJob(products, { gzip: true }), { products: slugs(100) })
  expect(filesOf(one)).toEqual(['sitemap.xml'])
  expect(await readdir(one.bundle.dir)).toEqual(['sitemap.xml', 'storemap.json'])
  expect(await one.text('sitemap.xml')).toBe(
    await build(makeJob(products), { products: slugs(100) }).then(b => b.text('sitemap.xml')),
  )
})

test('a hundred shards and more are numbered on', async () => {
  const built = await build(makeJob(products, { limits: { entries: 1, bytes } }), { products: slugs(102) })
  expect(built.manifest.files['sitemap-products-101.xml']?.entries).toBe(1)
  expect(built.manifest.files['sitemap.xml']?.entries).toBe(102)
})
