import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { formatManifest, type Manifest, nameProblem, parseManifest, revisionOf } from '../../src/bundle/manifest.ts'

const sha256 = 'a'.repeat(64)
const manifest: Manifest = {
  site: 'https://shop.example.com',
  sections: { products: { entries: 187 } },
  format: 1,
  files: {
    'sitemap.xml': { sha256, lastmod: '2026-11-20T03:00:00Z', entries: 5, bytes: 912 },
    'sitemap-products-00.xml': {
      section: 'products',
      bytes: 20480,
      entries: 187,
      sha256,
      lastmod: '2026-11-20T03:00:00Z',
    },
  },
}

// The sample of the design, byte by byte.
const text = `{
  "files": {
    "sitemap-products-00.xml": { "bytes": 20480, "entries": 187, "lastmod": "2026-11-20T03:00:00Z", "section": "products", "sha256": "${sha256}" },
    "sitemap.xml": { "bytes": 912, "entries": 5, "lastmod": "2026-11-20T03:00:00Z", "sha256": "${sha256}" }
  },
  "format": 1,
  "sections": { "products": { "entries": 187 } },
  "site": "https://shop.example.com"
}
`

describe('a manifest', () => {
  test('is written as the design shows it: keys sorted, one file a line', () => {
    expect(formatManifest(manifest)).toBe(text)
  })

  test('is the same text whatever the order of its keys', () => {
    expect(formatManifest(parseManifest(text, 'here'))).toBe(text)
    const files = Object.fromEntries(Object.entries(manifest.files).reverse())
    expect(formatManifest({ ...manifest, files })).toBe(text)
  })

  test('comes back from its text as it was', () => {
    expect(parseManifest(formatManifest(manifest), 'here')).toEqual(manifest)
    const empty = { files: {}, format: 1 as const, sections: {}, site: 'https://a.test' }
    expect(parseManifest(formatManifest(empty), 'here')).toEqual(empty)
  })

  test('sorts names by code point, not by locale, and keeps text beyond ASCII', () => {
    const file = { bytes: 1, sha256 }
    const written = formatManifest({ ...manifest, files: { 'ä.txt': file, 'b.txt': file, 'B.txt': file } })
    expect(written.match(/"(.)\.txt"/g)).toEqual(['"B.txt"', '"b.txt"', '"ä.txt"'])
  })

  test('has the sha256 of its text as its revision', () => {
    const revision = createHash('sha256').update(text).digest('hex')
    expect(revisionOf(text)).toBe(revision)
    expect(revisionOf(Buffer.from(text))).toBe(revision)
  })
})

describe('a manifest that breaks the contract is refused', () => {
  const withFile = (file: unknown, name = 'sitemap.xml') => JSON.stringify({ ...manifest, files: { [name]: file } })
  const good = { bytes: 1, entries: 1, sha256 }
  const refusals: Record<string, [string, string]> = {
    'text that is no JSON': ['{', 'it is not JSON'],
    'an array': ['[]', 'it is not an object'],
    null: ['null', 'it is not an object'],
    'without a format': ['{}', '"format" is not 1'],
    'of format 0': ['{ "format": 0 }', '"format" is not 1'],
    'with a format of another type': ['{ "format": "1" }', '"format" is not 1'],
    'without a site': [JSON.stringify({ ...manifest, site: undefined }), '"site" is missing'],
    'without files': [JSON.stringify({ ...manifest, files: undefined }), '"files" is missing'],
    'with a list of files': [JSON.stringify({ ...manifest, files: [] }), '"files" is missing'],
    'without sections': [JSON.stringify({ ...manifest, sections: undefined }), '"sections" is missing'],
    'with a section that counts nothing': [JSON.stringify({ ...manifest, sections: { a: {} } }), 'the section "a"'],
    'with a file that is not described': [withFile('x'), 'is not described'],
    'with a file without a sha256': [withFile({ ...good, sha256: undefined }), 'has no sha256'],
    'with a sha256 in capitals': [withFile({ ...good, sha256: 'A'.repeat(64) }), 'has no sha256'],
    'with a sha256 that is cut': [withFile({ ...good, sha256: 'a'.repeat(63) }), 'has no sha256'],
    'with a file without a size': [withFile({ ...good, bytes: undefined }), 'has no size'],
    'with a negative size': [withFile({ ...good, bytes: -1 }), 'has no size'],
    'with half a byte': [withFile({ ...good, bytes: 0.5 }), 'has no size'],
    'with entries that are no count': [withFile({ ...good, entries: '5' }), 'count of entries'],
    'with a lastmod that is not in UTC': [withFile({ ...good, lastmod: '2026-11-20T03:00:00+01:00' }), 'lastmod'],
    'with a lastmod with fractions': [withFile({ ...good, lastmod: '2026-11-20T03:00:00.5Z' }), 'lastmod'],
    'with a section that is no name': [withFile({ ...good, section: 1 }), 'has no valid section'],
  }

  test.each(Object.entries(refusals))('%s', (_, [wrong, what]) => {
    expect(() => parseManifest(wrong, 'at DIR')).toThrow(
      expect.objectContaining({ code: 'MANIFEST_INVALID', message: expect.stringContaining(what) }),
    )
  })

  test('of a newer format, with a hint to update', () => {
    expect(() => parseManifest('{ "format": 2, "files": "of another shape" }', 'at DIR')).toThrow(
      expect.objectContaining({ code: 'MANIFEST_NEWER', hint: expect.stringContaining('Update') }),
    )
  })

  const names = [
    '',
    '.',
    '..',
    '../x',
    '.hidden',
    'a/b',
    '/etc/passwd',
    'a\\b',
    'a\0b',
    'a\nb',
    'a\u007f',
    'storemap.json',
  ]
  test.each([...names, 'x'.repeat(201)])('with a file named %j', name => {
    expect(nameProblem(name)).toBeDefined()
    expect(() => parseManifest(withFile(good, name), 'at DIR')).toThrow(
      expect.objectContaining({ code: 'MANIFEST_INVALID' }),
    )
  })

  test('while plain names of any alphabet are fine', () => {
    for (const name of ['sitemap.xml', 'a b.xml', 'ä.xml', 'a..xml', '__proto__', 'x'.repeat(200)]) {
      expect(nameProblem(name), name).toBeUndefined()
    }
  })
})
