import { SaxesParser } from 'saxes'
import { describe, expect, test } from 'vitest'
import { renderSitemapIndex } from '../../src/sitemap/sitemapindex.ts'
import { PLAIN, renderEntry, URLSET_TAIL, urlsetHead } from '../../src/sitemap/urlset.ts'
import { escapeXml } from '../../src/sitemap/xml.ts'

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
