import { SaxesParser } from 'saxes'
import { describe, expect, test } from 'vitest'
import { renderSitemapIndex } from '../../src/sitemap/sitemapindex.ts'
import { PLAIN, renderEntry, URLSET_TAIL, type UrlsetFeatures, urlsetHead } from '../../src/sitemap/urlset.ts'
import { escapeXml } from '../../src/sitemap/xml.ts'

const XHTML = 'http://www.w3.org/1999/xhtml'
const IMAGE = 'http://www.google.com/schemas/sitemap-image/1.1'

/** Elements of a document with their namespaces, in order: `{uri}name` and what they say. */
function elementsOf(xml: string): { name: string; attributes: Record<string, string>; text: string }[] {
  const all: { name: string; attributes: Record<string, string>; text: string }[] = []
  const open: typeof all = []
  const parser = new SaxesParser({ xmlns: true })
  parser.on('opentag', ({ uri, local, attributes }) => {
    const values = Object.entries(attributes).map(([key, { value }]) => [key, value])
    const element = { name: `{${uri}}${local}`, attributes: Object.fromEntries(values), text: '' }
    all.push(element)
    open.push(element)
  })
  parser.on('text', text => {
    const last = open.at(-1)
    if (last) last.text += text
  })
  parser.on('closetag', () => void open.pop())
  parser.write(xml).close()
  return all
}

describe('text in XML', () => {
  test.each([
    ['a&b', 'a&amp;b'],
    ['<b>', '&lt;b&gt;'],
    [`"it's"`, '&quot;it&apos;s&quot;'],
    ['&amp;', '&amp;amp;'],
    ['&&<<', '&amp;&amp;&lt;&lt;'],
    [']]>', ']]&gt;'],
    ['plain 🎉 größe', 'plain 🎉 größe'],
    ['', ''],
  ])('%j is written as %j', (text, written) => {
    expect(escapeXml(text)).toBe(written)
  })

  test('is read back as it was, from an element and from an attribute', () => {
    const text = `https://x.test/?a=1&b=2&amp;c='"<>]]>&#38;`
    const found: string[] = []
    const parser = new SaxesParser()
    parser.on('opentag', ({ attributes }) => found.push(attributes.href as string))
    parser.on('text', value => found.push(value))
    parser.write(`<a href="${escapeXml(text)}">${escapeXml(text)}</a>`).close()
    expect(found).toEqual([text, text])
  })
})

describe('an entry', () => {
  test('is one line, with its date where it has one', () => {
    const loc = "https://x.test/a?b='1'&c"
    expect(renderEntry({ loc })).toBe('<url><loc>https://x.test/a?b=&apos;1&apos;&amp;c</loc></url>\n')
    expect(renderEntry({ loc: 'https://x.test/', lastmod: '2026-01-31T00:00:00Z' })).toBe(
      '<url><loc>https://x.test/</loc><lastmod>2026-01-31T00:00:00Z</lastmod></url>\n',
    )
  })

  test('stands between the head and the tail of a sitemap', () => {
    expect(`${urlsetHead(PLAIN)}${renderEntry({ loc: 'https://x.test/' })}${URLSET_TAIL}`).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n' +
        '<url><loc>https://x.test/</loc></url>\n</urlset>\n',
    )
  })
})

describe('the head of a sitemap', () => {
  test.each([
    [PLAIN, []],
    [{ alternates: true, images: false }, [XHTML]],
    [{ alternates: false, images: true }, [IMAGE]],
    [{ alternates: true, images: true }, [XHTML, IMAGE]],
  ] satisfies [UrlsetFeatures, string[]][])('names the namespaces of %o and no other', (features, namespaces) => {
    const [root] = elementsOf(`${urlsetHead(features)}${URLSET_TAIL}`)
    expect(root?.name).toBe('{http://www.sitemaps.org/schemas/sitemap/0.9}urlset')
    expect(Object.values(root?.attributes ?? {}).slice(1)).toEqual(namespaces)
  })
})

describe('an entry with links and images', () => {
  const alternates = [
    { hreflang: 'en', href: 'https://x.test/a?b=1&c=<2>' },
    { hreflang: 'x-default', href: `https://x.test/"quoted"` },
  ]
  const images = ['https://img.test/1.jpg?w=1&h=2', 'https://img.test/2.jpg']
  const whole = { loc: 'https://x.test/a?b=1&c=<2>', lastmod: '2026-01-31T00:00:00Z', alternates, images }

  test('is address, date, links, images in this order, on one line, and reads back as it was', () => {
    const line = renderEntry(whole)
    expect(line).toMatch(/^<url>[^\n]*<\/url>\n$/)
    const xml = `${urlsetHead({ alternates: true, images: true })}${line}${URLSET_TAIL}`
    const found = elementsOf(xml).slice(2)
    expect(found.map(({ name }) => name.replace('{http://www.sitemaps.org/schemas/sitemap/0.9}', ''))).toEqual([
      'loc',
      'lastmod',
      `{${XHTML}}link`,
      `{${XHTML}}link`,
      `{${IMAGE}}image`,
      `{${IMAGE}}loc`,
      `{${IMAGE}}image`,
      `{${IMAGE}}loc`,
    ])
    expect(found[0]?.text).toBe(whole.loc)
    const links = found.filter(({ name }) => name === `{${XHTML}}link`)
    expect(links.map(({ attributes }) => attributes)).toEqual(
      alternates.map(({ hreflang, href }) => ({ rel: 'alternate', hreflang, href })),
    )
    expect(found.filter(({ name }) => name === `{${IMAGE}}loc`).map(({ text }) => text)).toEqual(images)
  })

  test('has links of its own, whoever came before it', () => {
    const german = [{ hreflang: 'de', href: 'https://x.test/de' }]
    const [first, second, plain, third] = [alternates, german, undefined, alternates].map(each =>
      renderEntry({ loc: 'https://x.test/', alternates: each }),
    )
    expect(first?.match(/hreflang="[^"]*"/g)).toEqual(['hreflang="en"', 'hreflang="x-default"'])
    expect(second?.match(/hreflang="[^"]*"/g)).toEqual(['hreflang="de"'])
    expect(plain).toBe('<url><loc>https://x.test/</loc></url>\n')
    expect(third).toBe(first)
  })

  test('is plain where it has none', () => {
    expect(renderEntry({ loc: 'https://x.test/', alternates: undefined, images: [] })).toBe(
      '<url><loc>https://x.test/</loc></url>\n',
    )
  })
})

test('an index lists its sitemaps, one a line', () => {
  const sitemaps = [{ loc: 'https://x.test/a.xml', lastmod: '2026-01-31T00:00:00Z' }, { loc: 'https://x.test/b&c.xml' }]
  expect(renderSitemapIndex(sitemaps)).toBe(
    '<?xml version="1.0" encoding="UTF-8"?>\n' +
      '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n' +
      '<sitemap><loc>https://x.test/a.xml</loc><lastmod>2026-01-31T00:00:00Z</lastmod></sitemap>\n' +
      '<sitemap><loc>https://x.test/b&amp;c.xml</loc></sitemap>\n' +
      '</sitemapindex>\n',
  )
})
