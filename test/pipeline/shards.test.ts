import { readdir } from 'node:fs/promises'
import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import type { PageEntry } from '../../src/pipeline/entries.ts'
import { cutShards, type ShardCut } from '../../src/pipeline/shards.ts'
import { PLAIN } from '../../src/sitemap/urlset.ts'
import { locsOf } from '../helpers/project.ts'
import { build, list, makeJob, records, removeBuilt, SITE, slugs } from './setting.ts'

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
      // Keys are 1, 2, 3 …: the highest place among them is at the greatest power of two.
      const middle = 2 ** Math.floor(Math.log2(limit + 1))
      const names = ['sitemap-products-00.xml', `sitemap-products-${String(middle).padStart(2, '0')}.xml`]
      expect(filesOf(built)).toEqual([...names, 'sitemap.xml'])
      expect(names.map(name => built.manifest.files[name]?.entries)).toEqual([middle - 1, limit + 2 - middle])
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
    expect(filesOf(split)).toEqual(['sitemap-products-00.xml', 'sitemap-products-64.xml', 'sitemap.xml'])
    expect(split.manifest.files['sitemap-products-00.xml']?.entries).toBe(63)
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

  test.each([false, true])('no shard exceeds the limit, and none loses an entry (gzip: %s)', async gzip => {
    const rows = { products: slugs(500).map((slug, index) => slug + 'x'.repeat((index * 37) % 90)) }
    const limits = { entries: 50, bytes: 3_000 }
    const built = await build(makeJob(products, { gzip, limits }), rows)
    const names = shardsOf(built)
    expect(names.every(name => name.endsWith(gzip ? '.xml.gz' : '.xml'))).toBe(true)
    const texts = await Promise.all(names.map(built.text))
    for (const text of texts) expect(text.length).toBeLessThanOrEqual(limits.bytes)
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
  const names = ['00', '32', '64'].map(start => `sitemap-products-${start}.xml.gz`)
  expect(filesOf(built)).toEqual([...names, 'sitemap.xml'])
  for (const name of names) expect((await built.raw(name)).length).toBe(built.manifest.files[name]?.bytes)
  expect(await built.text('sitemap.xml')).toContain(`<loc>${SITE}/sitemap-products-64.xml.gz</loc>`)
  const one = await build(makeJob(products, { gzip: true }), { products: slugs(100) })
  expect(filesOf(one)).toEqual(['sitemap.xml'])
  expect(await readdir(one.bundle.dir)).toEqual(['sitemap.xml', 'storemap.json'])
  expect(await one.text('sitemap.xml')).toBe(
    await build(makeJob(products), { products: slugs(100) }).then(b => b.text('sitemap.xml')),
  )
})

test('a shard is named for the first key of its range, so its name says where a record is', async () => {
  const built = await build(makeJob(products, { limits: { entries: 1, bytes } }), { products: slugs(102) })
  expect(shardsOf(built).slice(0, 3)).toEqual(['00', '02', '03'].map(start => `sitemap-products-${start}.xml`))
  expect(built.manifest.files['sitemap-products-101.xml']?.entries).toBe(1)
  expect(built.manifest.files['sitemap.xml']?.entries).toBe(102)
})

describe('the layout', () => {
  /** What the cuts have to be, said the other way round: all at once, from the whole space downwards. */
  function layoutOf(keys: readonly number[], most: number, start = 0, width = 2 ** 53): Map<number, readonly number[]> {
    const inside = keys.filter(key => key >= start && key < start + width)
    if (inside.length === 0) return new Map()
    if (inside.length <= most) return new Map([[start, inside]])
    const half = width / 2
    return new Map([...layoutOf(inside, most, start, half), ...layoutOf(inside, most, start + half, half)])
  }
  const labelled = (layout: ReadonlyMap<number, readonly number[]>) =>
    Object.fromEntries([...layout].map(([start, keys]) => [String(start).padStart(2, '0'), keys]))

  async function cut(keys: readonly number[], most: number): Promise<Record<string, number[]>> {
    const found: Record<string, number[]> = {}
    const entries = keys.map(key => ({ key, slot: 0, loc: `${SITE}/${key}` }))
    const write = async ({ label, leaf }: ShardCut): Promise<void> => {
      found[label] = [...leaf.keys.subarray(0, leaf.count)]
    }
    const options = { limits: { entries: most, bytes }, features: PLAIN, datedLater: false }
    await cutShards(batchesOf(entries), write, options)
    return found
  }
  const key = fc.oneof(fc.nat(100), fc.nat(5_000), fc.nat(), fc.bigInt(0n, 2n ** 53n - 1n).map(Number))
  const keySet = fc.uniqueArray(key, { maxLength: 300 }).map(keys => keys.toSorted((a, b) => a - b))

  test('is the one that halving the space of keys gives, for whatever keys', async () => {
    await fc.assert(
      fc.asyncProperty(keySet, fc.integer({ min: 1, max: 40 }), async (keys, most) => {
        expect(await cut(keys, most)).toEqual(labelled(layoutOf(keys, most)))
      }),
    )
  })

  test('changes by no more shards than records, and one more for each that splits', async () => {
    const change = fc.record({ key, isRemoved: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(
        keySet,
        fc.array(change, { maxLength: 10 }),
        fc.integer({ min: 1, max: 40 }),
        async (keys, changes, most) => {
          const after = new Set(keys)
          for (const { key, isRemoved } of changes) isRemoved ? after.delete(key) : after.add(key)
          const moved =
            keys.filter(each => !after.has(each)).length + [...after].filter(each => !keys.includes(each)).length
          const [one, two] = [
            await cut(keys, most),
            await cut(
              [...after].sort((a, b) => a - b),
              most,
            ),
          ]
          const written = Object.keys(two).filter(label => String(two[label]) !== String(one[label]))
          expect(written.length).toBeLessThanOrEqual(2 * moved)
        },
      ),
    )
  })

  test('keeps the addresses of one record together, but for those of a record that no shard has room for', async () => {
    const groups = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(groups, fc.integer({ min: 1, max: 12 }), async (sizes, most) => {
        const keys = sizes.flatMap((size, index) => Array<number>(size).fill(index * 3))
        const found = Object.entries(await cut(keys, most))
        expect(found.flatMap(([, each]) => each).sort((a, b) => a - b)).toEqual(keys)
        for (const [label, each] of found) {
          expect(each.length).toBeLessThanOrEqual(most)
          if (label.includes('p')) expect(new Set(each).size).toBe(1)
          else
            for (const key of each) expect(each.filter(other => other === key)).toHaveLength(sizes[key / 3] as number)
        }
      }),
    )
  })

  test('of a list too long for one file depends on its paths, not on their order', async () => {
    const paths = slugs(100).map(slug => `/${slug}`)
    const job = (order: readonly string[]) => makeJob([list('static', order)], { limits: { entries: 20, bytes } })
    const [one, two] = [await build(job(paths)), await build(job(paths.toReversed()))]
    expect(two.bundle.revision).toBe(one.bundle.revision)
    expect(locsOf(...(await Promise.all(shardsOf(one).map(one.text)))).sort()).toEqual(
      paths.map(path => `${SITE}${path}`),
    )
    const more = await build(job([...paths, '/one-more']))
    const changed = shardsOf(more).filter(
      name => more.manifest.files[name]?.sha256 !== one.manifest.files[name]?.sha256,
    )
    expect(changed.length).toBeLessThanOrEqual(2)
  })
})

async function* batchesOf(entries: readonly PageEntry[]): AsyncGenerator<readonly PageEntry[]> {
  for (let at = 0; at < entries.length; at += 7) yield entries.slice(at, at + 7)
}

/** In the order of their keys. */
const shardsOf = (built: { manifest: { files: object } }): string[] =>
  filesOf(built)
    .filter(name => name !== 'sitemap.xml')
    .sort((a, b) => Number(/(\d+)\.xml/.exec(a)?.[1]) - Number(/(\d+)\.xml/.exec(b)?.[1]))
