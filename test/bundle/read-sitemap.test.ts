import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readSitemap, type SitemapItem } from '../../src/bundle/read-sitemap.ts'
import { SITE, sitemapindex, urlset } from '../helpers/bundle.ts'

async function* inChunks(bytes: string | Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.from(bytes)
  for (let at = 0; at < buffer.length; at += size) yield buffer.subarray(at, at + size)
}

async function read(bytes: AsyncIterable<Uint8Array>, { gzip = false } = {}): Promise<SitemapItem[]> {
  const items: SitemapItem[] = []
  for await (const batch of readSitemap(bytes, { name: 'sitemap.xml', gzip })) items.push(...batch)
  return items
}

async function oddities(xml: string): Promise<string[]> {
  const found: string[] = []
  const onOddity = (what: string) => found.push(what)
  for await (const _ of readSitemap(inChunks(xml), { name: 'sitemap.xml', gzip: false, onOddity }));
  return found
}

const whole = urlset(
  `<url><loc>${SITE}/a?x=1&amp;y=2</loc><lastmod>2026-11-20T03:00:00Z</lastmod></url>`,
  `<url><loc>${SITE}/t\u00e4\u{1f389}&apos;</loc></url>`,
)
const items = [
  { kind: 'url', loc: `${SITE}/a?x=1&y=2`, lastmod: '2026-11-20T03:00:00Z' },
  { kind: 'url', loc: `${SITE}/t\u00e4\u{1f389}'` },
]

describe('a sitemap is read', () => {
  test('with its addresses unescaped, whatever size the chunks have', async () => {
    for (const size of [1, 2, 3, 7, 65_536]) expect(await read(inChunks(whole, size)), `${size}`).toEqual(items)
  })

  test('from gzip, whatever size the chunks have', async () => {
    for (const size of [1, 10, 65_536]) {
      expect(await read(inChunks(gzipSync(whole), size), { gzip: true }), `${size}`).toEqual(items)
    }
  })

  test('as an index, too', async () => {
    expect(await read(inChunks(sitemapindex('a.xml')))).toEqual([{ kind: 'sitemap', loc: `${SITE}/a.xml` }])
  })

  test('with a prefix, CDATA, comments, a byte order mark and extensions', async () => {
    const xml = `\ufeff<?xml version="1.0"?><s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9"
      xmlns:i="http://www.google.com/schemas/sitemap-image/1.1"><!-- <url> --><s:url>
      <s:loc><![CDATA[${SITE}/a?b&c]]></s:loc><i:image><i:loc>${SITE}/not-a-page.jpg</i:loc></i:image></s:url></s:urlset>`
    expect(await read(inChunks(xml, 5))).toEqual([{ kind: 'url', loc: `${SITE}/a?b&c` }])
    expect(await oddities(xml)).toEqual([])
  })

  test('in batches of about a thousand', async () => {
    const xml = urlset(...Array.from({ length: 20_000 }, (_, at) => `/products/${at}`))
    let count = 0
    for await (const batch of readSitemap(inChunks(xml, 10_000_000), { name: 'a', gzip: false })) {
      expect(batch.length).toBeLessThan(2_500)
      count += batch.length
    }
    expect(count).toBe(20_000)
  })

  test('only as far as somebody asks, and what gives the bytes is closed', async () => {
    for (const gzip of [false, true]) {
      const bytes = gzip ? gzipSync(whole, { level: 0 }) : whole
      let isClosed = false
      const source = (async function* () {
        try {
          for (;;) yield* inChunks(bytes, 100)
        } finally {
          isClosed = true
        }
      })()
      const error = await read(source, { gzip }).catch(cause => cause)
      expect(error.code).toBe('SITEMAP_UNREADABLE')
      expect(isClosed).toBe(true)
    }
  })
})

describe('a sitemap that cannot be read is refused with its name and what is wrong', () => {
  const namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
  const refusals: Record<string, [string | Uint8Array, RegExp]> = {
    'an empty file': ['', /not well-formed/],
    'a truncated file': [whole.slice(0, -20), /not well-formed/],
    'a bare ampersand': [urlset(`<url><loc>${SITE}/a&b</loc></url>`), /not well-formed XML \(\d+:\d+: /],
    'an unknown entity': [urlset(`<url><loc>${SITE}/&eacute;</loc></url>`), /not well-formed/],
    'something after the end': [`${whole}<urlset/>`, /not well-formed/],
    'an HTML page': ['<!DOCTYPE html><html><body>Not found</body></html>', /root/],
    'another root': [`<urls ${namespace}/>`, /root/],
    'another namespace': ['<urlset xmlns="http://www.google.com/schemas/sitemap/0.84"/>', /root/],
    'no namespace': ['<urlset><url><loc>https://a.test/</loc></url></urlset>', /root/],
    'an entry without an address': [urlset('<url><lastmod>2026-11-20</lastmod></url>'), /without an address/],
    'two addresses in one entry': [urlset('<url><loc>a</loc><loc>b</loc></url>'), /two <loc>/],
    'bytes that are not UTF-8': [Buffer.from(urlset('/\u00e4'), 'latin1'), /not UTF-8/],
    'a character cut off at the end': [Buffer.concat([Buffer.from(whole), Buffer.from([0xc3])]), /not UTF-8/],
    'another encoding by its own word': [whole.replace('UTF-8', 'ISO-8859-1'), /not UTF-8/],
    'elements nested without end': [`<urlset ${namespace}>${'<a>'.repeat(100_000)}`, /nested/],
    'text without end': [urlset(`<url><loc>${'x'.repeat(3_000_000)}</loc></url>`), /million/],
    'an attribute without end': [urlset(`<url a="${'x'.repeat(3_000_000)}"></url>`), /million/],
  }

  test.each(Object.entries(refusals))('%s', async (_, [xml, what]) => {
    const error = await read(inChunks(xml)).catch(cause => cause)
    expect(error).toMatchObject({ code: 'SITEMAP_UNREADABLE' })
    expect(error.message).toMatch(/^The sitemap "sitemap.xml" cannot be read: .+\. Nothing was changed\.$/s)
    expect(error.message).toMatch(what)
  })

  const zipped = gzipSync(whole)
  const broken = Buffer.from(zipped)
  broken[20] = (broken[20] ?? 0) ^ 0xff
  test.each([
    ['a truncated .gz', zipped.subarray(0, -12)],
    ['a .gz with an altered byte', broken],
    ['a .gz that is plain', Buffer.from(whole)],
  ])('%s', async (_, bytes) => {
    await expect(read(inChunks(bytes, 16), { gzip: true })).rejects.toMatchObject({ code: 'SITEMAP_UNREADABLE' })
  })

  test('while a failure of the disk keeps its own name', async () => {
    for (const gzip of [false, true]) {
      const bytes = async function* () {
        yield gzip ? zipped.subarray(0, 20) : Buffer.from(whole.slice(0, 50))
        throw Object.assign(new Error('i/o error'), { code: 'EIO' })
      }
      await expect(read(bytes(), { gzip })).rejects.toMatchObject({ code: 'EIO' })
    }
  })
})

describe('what a sitemap should not have is told of', () => {
  const cases: Record<string, [string, string[]]> = {
    nothing: [whole, []],
    changefreq: ['<url><loc>a</loc><changefreq>daily</changefreq></url>', ['has an unknown element']],
    'an unknown entry': ['<page><loc>a</loc></page>', ['has an unknown element']],
    'lastmod first': ['<url><lastmod>2026</lastmod><loc>a</loc></url>', ['has <lastmod> before <loc>']],
    'no address': ['<url></url>', ['has an entry without an address']],
    'white space': ['<url><loc> a </loc></url>', ['has white space around an address']],
    markup: ['<url><loc>a<b/></loc></url>', ['has elements inside of <loc>']],
    text: ['<url>text<loc>a</loc></url>', ['has text between its elements']],
  }
  test.each(Object.entries(cases))('%s', async (_, [xml, found]) => {
    expect(await oddities(xml.startsWith('<?xml') ? xml : urlset(xml))).toEqual(found)
  })
})
