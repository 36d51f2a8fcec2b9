import { mkdir, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkBundle } from '../../src/bundle/check.ts'
import { hashLoc, makeHashSet } from '../../src/bundle/loc-hashes.ts'
import { formatManifest } from '../../src/bundle/manifest.ts'
import { openFolder } from '../../src/io/open-folder.ts'
import { placeBundle } from '../../src/webroot/place.ts'
import { type MakeBundleOptions, makeBundle, SITE, sitemapindex, tempFolder, urlset } from '../helpers/bundle.ts'

const now = new Date('2026-11-20T12:00:00Z')
let temp: Awaited<ReturnType<typeof tempFolder>>
beforeEach(async () => {
  temp = await tempFolder()
})
afterEach(async () => temp[Symbol.asyncDispose]())

const make = (files: Record<string, string | Buffer>, options?: MakeBundleOptions) =>
  makeBundle(temp.path, files, options)
const check = async (examples = 20) => checkBundle(await openFolder(temp.path), { now, examples })
/** Problems as "file what", of a folder as it is. */
const problems = async () => (await check()).problems.map(({ file, what }) => `${file ?? ''} ${what}`.trim())

const shards = {
  'sitemap-products-00.xml': urlset('/oak', '/elm'),
  'sitemap-pages-00.xml': urlset(`<url><loc>${SITE}/about</loc><lastmod>2026-11-20T03:00:00Z</lastmod></url>`),
}
const good = { ...shards, 'sitemap.xml': sitemapindex(...Object.keys(shards)), 'robots.txt': 'User-agent: *\n' }
const zipped = {
  'sitemap-products-00.xml.gz': gzipSync(urlset('/oak')),
  'sitemap.xml': sitemapindex('sitemap-products-00.xml.gz'),
}

describe('a bundle without problems', () => {
  test('of several shards', async () => {
    await make(good)
    expect(await check()).toEqual({ problems: [], files: 4, entries: 3 })
  })

  test('of one urlset for all sections', async () => {
    await make(
      { 'sitemap.xml': urlset('/a', '/b', '/c') },
      { sections: { products: { entries: 2 }, pages: { entries: 1 } } },
    )
    expect(await check()).toEqual({ problems: [], files: 1, entries: 3 })
  })

  test('of gzipped shards', async () => {
    await make(zipped)
    expect(await check()).toEqual({ problems: [], files: 2, entries: 1 })
  })

  test('in a served folder, through its links', async () => {
    const bundle = await makeBundle(join(temp.path, 'made'), good)
    await placeBundle(bundle, { dir: join(temp.path, 'public'), switch: 'link', adopt: false })
    const report = await checkBundle(await openFolder(join(temp.path, 'public')), { now })
    expect(report).toEqual({ problems: [], files: 4, entries: 3 })
  })
})

describe('a bundle that breaks its manifest', () => {
  test('has none, or one that cannot be read', async () => {
    expect(await problems()).toEqual(['storemap.json is missing'])
    await writeFile(join(temp.path, 'storemap.json'), '{')
    expect(await problems()).toEqual([expect.stringContaining('it is not JSON')])
    await writeFile(join(temp.path, 'storemap.json'), Buffer.from([0x7b, 0xff]))
    expect(await problems()).toEqual([expect.stringContaining('it is not UTF-8')])
  })

  test('lacks a file, or has something else in its place', async () => {
    await make(good)
    await rm(join(temp.path, 'robots.txt'))
    expect(await problems()).toEqual(['robots.txt is missing'])
    await mkdir(join(temp.path, 'robots.txt'))
    expect(await problems()).toEqual(['robots.txt is not a plain file'])
    await rm(join(temp.path, 'robots.txt'), { recursive: true })
    await symlink('/etc/hostname', join(temp.path, 'robots.txt'))
    expect(await problems()).toEqual(['robots.txt leads out of the folder'])
  })

  test('has a file of another size, or with other bytes', async () => {
    await make(good)
    await writeFile(join(temp.path, 'robots.txt'), 'User-agent: x\n')
    expect(await problems()).toEqual(['robots.txt has not the sha256 of the manifest'])
    await writeFile(join(temp.path, 'robots.txt'), '')
    expect(await problems()).toEqual(['robots.txt has not the size of the manifest: 0 bytes, not 14'])
  })

  test('has other entries than it counts, in a file or in a section', async () => {
    const { manifest } = await make({
      'sitemap-products-00.xml': urlset('/a'),
      'sitemap.xml': sitemapindex('sitemap-products-00.xml'),
    })
    const file = manifest.files['sitemap-products-00.xml']
    const files = { ...manifest.files, 'sitemap-products-00.xml': { ...file, entries: 3 } }
    await writeFile(join(temp.path, 'storemap.json'), formatManifest({ ...manifest, files } as never))
    expect(await problems()).toEqual([
      'sitemap-products-00.xml has not the entries of the manifest: 1, not 3',
      'storemap.json counts other entries in a section than its files: products: 1, not 3',
    ])
  })

  test('counts a sum of sections that its one urlset has not', async () => {
    await make({ 'sitemap.xml': urlset('/a') }, { sections: { pages: { entries: 2 } } })
    expect(await problems()).toEqual(['storemap.json counts other entries in its sections: 2, not 1'])
  })

  test('lacks a section of its shards, or has one without any', async () => {
    await make(good, { sections: { products: { entries: 2 }, categories: { entries: 4 } } })
    expect(await problems()).toEqual([
      'sitemap-pages-00.xml is of a section that the manifest lacks: pages',
      'storemap.json counts other entries in a section than its files: categories: 4, not 0',
    ])
  })

  test('names no sitemap.xml', async () => {
    await make({ 'robots.txt': '' }, { sections: {} })
    expect(await problems()).toEqual(['storemap.json names no sitemap.xml'])
  })
})

describe('an index', () => {
  test('that lists others than the shards of the manifest, or one twice', async () => {
    await make({ ...shards, 'sitemap.xml': sitemapindex('sitemap-pages-00.xml', 'sitemap-pages-00.xml', 'other.xml') })
    expect(await problems()).toEqual([
      `sitemap.xml lists a sitemap twice: ${SITE}/sitemap-pages-00.xml`,
      `sitemap.xml lists a sitemap that the manifest does not name: ${SITE}/other.xml`,
      'sitemap-products-00.xml is not listed in sitemap.xml',
    ])
  })

  test('that lists a shard elsewhere than at the root of the site', async () => {
    await make({ 'sitemap-pages-00.xml': urlset('/a'), 'sitemap.xml': sitemapindex('maps/sitemap-pages-00.xml') })
    expect(await problems()).toEqual([
      `sitemap.xml lists a sitemap that the manifest does not name: ${SITE}/maps/sitemap-pages-00.xml`,
      'sitemap-pages-00.xml is not listed in sitemap.xml',
    ])
  })

  test('inside of an index', async () => {
    await make({ 'sitemap-a-00.xml': sitemapindex('b.xml'), 'sitemap.xml': sitemapindex('sitemap-a-00.xml') })
    expect(await problems()).toEqual(['sitemap-a-00.xml is an index inside of an index'])
  })
})

describe('a sitemap that breaks the protocol', () => {
  const one = async (content: string) => {
    await make({ 'sitemap.xml': content })
    return problems()
  }
  const entry = (loc: string, lastmod?: string) =>
    urlset(`<url><loc>${loc}</loc>${lastmod === undefined ? '' : `<lastmod>${lastmod}</lastmod>`}</url>`)

  test('is empty', async () => {
    expect(await one(urlset())).toEqual(['sitemap.xml is empty'])
  })

  test('is not well-formed', async () => {
    expect(await one(urlset('/a&b'))).toEqual([expect.stringMatching(/^sitemap.xml .*not well-formed/)])
  })

  test('is a .gz that is not whole', async () => {
    await make({ ...zipped, 'sitemap-products-00.xml.gz': gzipSync(urlset('/oak')).subarray(0, -9) })
    expect(await problems()).toEqual([expect.stringMatching(/^sitemap-products-00.xml.gz .*not a whole gzip file/)])
  })

  test('is truncated on its way', async () => {
    await make(good)
    await truncate(join(temp.path, 'sitemap-products-00.xml'), 150)
    expect(await problems()).toEqual([
      expect.stringMatching(/^sitemap-products-00.xml has not the size/),
      expect.stringMatching(/^sitemap-products-00.xml .*not well-formed/),
    ])
  })

  const addresses: Record<string, string> = {
    'https://other.example.com/a': 'has an address of another site',
    'http://shop.example.com/a': 'has an address of another site',
    'https://shop.example.com:8443/a': 'has an address of another site',
    '/a': 'has an address that is not absolute',
    'mailto:a@example.com': 'has an address that is not absolute',
    [`${SITE}/a#b`]: 'has an address with a fragment',
    [`${SITE}/t\u00e4`]: 'has an address that is not encoded as a URL',
    [`${SITE}/a b`]: 'has an address that is not encoded as a URL',
    [`${SITE}/a/../b`]: 'has an address that is not encoded as a URL',
    [SITE]: 'has an address that is not encoded as a URL',
    [`${SITE}/${'x'.repeat(2_100)}`]: 'has an address of 2048 characters or more',
  }
  test.each(Object.entries(addresses))('lists the address %.40s', async (loc, what) => {
    expect(await one(entry(loc))).toEqual([`sitemap.xml ${what}: ${loc.slice(0, 300)}`])
  })

  test('lists an address of 2,048 characters, while 2,047 are fine', async () => {
    const loc = (length: number) => `${SITE}/`.padEnd(length, 'x')
    expect(await one(entry(loc(2_047)))).toEqual([])
    expect(await one(entry(loc(2_048)))).toEqual([expect.stringContaining('2048 characters or more')])
  })

  test('has a lastmod that is no date, or in the future, while tomorrow is fine', async () => {
    expect(await one(entry(`${SITE}/`, 'yesterday'))).toEqual([
      `sitemap.xml has a lastmod that is no W3C datetime: yesterday of ${SITE}/`,
    ])
    expect(await one(entry(`${SITE}/`, '2026-11-22T00:00:00Z'))).toEqual([expect.stringContaining('in the future')])
    expect(await one(entry(`${SITE}/`, '2026-11-21'))).toEqual([])
  })

  test('has elements that nobody reads, or in another order', async () => {
    expect(await one(urlset(`<url><lastmod>2026</lastmod><loc>${SITE}/</loc><priority>1</priority></url>`))).toEqual([
      'sitemap.xml has <lastmod> before <loc>: 2026',
      'sitemap.xml has an unknown element: <priority>',
    ])
  })

  test('has more than 50,000 entries', async () => {
    const paths = Array.from({ length: 50_001 }, (_, at) => `/${at}`)
    expect(await one(urlset(...paths.slice(1)))).toEqual([])
    expect(await one(urlset(...paths))).toEqual(['sitemap.xml has more than 50000 entries: 50001'])
  })

  test('has more than 52,428,800 bytes uncompressed, however small its .gz is', async () => {
    const spaces = (bytes: number) => gzipSync(urlset('/oak').padEnd(bytes, '\n'), { level: 1 })
    await make({ ...zipped, 'sitemap-products-00.xml.gz': spaces(52_428_800) })
    expect(await problems()).toEqual([expect.stringContaining('million characters')])
    const lines = `<!-- ${'x'.repeat(990)} -->\n`.repeat(52_600)
    await make({ ...zipped, 'sitemap-products-00.xml.gz': gzipSync(urlset('/oak') + lines, { level: 1 }) })
    expect(await problems()).toEqual(['sitemap-products-00.xml.gz has more than 52428800 bytes uncompressed'])
  })
})

describe('an address listed twice', () => {
  test('in two shards, or in one, is named with the place where it was before', async () => {
    await make({ ...good, 'sitemap-products-00.xml': urlset('/about', '/a', '/a') })
    expect(await problems()).toEqual([
      `sitemap-products-00.xml lists an address that was listed before: ${SITE}/about (in sitemap-pages-00.xml)`,
      `sitemap-products-00.xml lists an address that was listed before: ${SITE}/a (in sitemap-products-00.xml)`,
    ])
  })

  test('is no other address with the same hash', () => {
    const hashes = new Set(Array.from({ length: 200_000 }, (_, at) => hashLoc(`${SITE}/products/${at}`)))
    expect(hashes.size).toBe(200_000)
    expect([...hashes].filter(hash => !Number.isSafeInteger(hash) || hash < 0)).toEqual([])
  })

  test('is found by a set that grows, zero included', () => {
    const set = makeHashSet(2)
    const hashes = Array.from({ length: 10_000 }, (_, at) => at * 1_024)
    expect(hashes.every(hash => set.add(hash))).toBe(true)
    expect(hashes.some(hash => set.add(hash))).toBe(false)
  })
})

test('a problem that is there a thousand times is counted, and named a few times', async () => {
  await make({ 'sitemap.xml': urlset(...Array.from({ length: 1_000 }, (_, at) => `/${at}#top`)) })
  const report = await check(2)
  expect(report.entries).toBe(1_000)
  expect(report.problems).toEqual([
    { file: 'sitemap.xml', what: `has an address with a fragment: ${SITE}/0#top` },
    { file: 'sitemap.xml', what: `has an address with a fragment: ${SITE}/1#top` },
    { what: 'has an address with a fragment: 998 more, 1000 in all' },
  ])
})

describe('a folder that is opened', () => {
  test('gives no name that leaves it, and says so of a folder that is not there', async () => {
    await mkdir(join(temp.path, 'in'))
    await writeFile(join(temp.path, 'secret'), '')
    const folder = await openFolder(join(temp.path, 'in'))
    for (const name of ['../secret', '..', '.', '', 'a/b', 'a\0']) {
      expect(await folder.problemOf(name), name).toBe('is no plain name')
      const read = async () => {
        for await (const _ of folder.read(name)) return
      }
      await expect(read()).rejects.toMatchObject({ code: 'FOLDER_FILE_UNREADABLE' })
    }
    await expect(openFolder(join(temp.path, 'none'))).rejects.toMatchObject({ code: 'FOLDER_MISSING' })
    await expect(openFolder(join(temp.path, 'secret'))).rejects.toMatchObject({ code: 'FOLDER_MISSING' })
  })
})
