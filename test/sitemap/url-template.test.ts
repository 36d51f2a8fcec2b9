import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compileTemplate,
  fillTemplate,
  locOfPath,
  parseTemplate,
  type UrlTemplate,
} from '../../src/sitemap/url-template.ts'

const SITE = 'https://shop.example.com'
const templateOf = (text: string): UrlTemplate => {
  const parsed = parseTemplate(text)
  if ('problem' in parsed) throw new Error(parsed.problem)
  return parsed.template
}
const locOf = (text: string, ...values: (string | null)[]) => compileTemplate(SITE, templateOf(text))(values)

describe('a URL template', () => {
  test.each([
    ['/products/{slug}', 'oak-table', '/products/oak-table'],
    ['/products/{slug}/', 'oak-table', '/products/oak-table/'],
    ['/{ slug }.html', 'oak', '/oak.html'],
    ['/{slug}', 'half/price', '/half%2Fprice'],
    ['/{slug}', 'a b', '/a%20b'],
    ['/{slug}', '100% wool', '/100%25%20wool'],
    ['/{slug}', '%2F', '/%252F'],
    ['/{slug}', 'who?-poster-#1', '/who%3F-poster-%231'],
    ['/{slug}', `tom-&-jerry's-"rug"-<xl>`, '/tom-%26-jerry%27s-%22rug%22-%3Cxl%3E'],
    ['/{slug}', 'größe', '/gr%C3%B6%C3%9Fe'],
    ['/{slug}', '東京', '/%E6%9D%B1%E4%BA%AC'],
    ['/{slug}', '🎉', '/%F0%9F%8E%89'],
    ['/{slug}', '\u202eשלום', '/%E2%80%AE%D7%A9%D7%9C%D7%95%D7%9D'],
    ['/{slug}', 'a\\b', '/a%5Cb'],
    ['/{slug}', 'a\nb\t', '/a%0Ab%09'],
    ['/{slug}', '...', '/...'],
    ['/{slug}', '.hidden', '/.hidden'],
    ['/p-{slug}', '..', '/p-..'],
    ['/x?id={slug}', 'a&b=c', '/x?id=a%26b%3Dc'],
    ['/x?id={slug}', '..', '/x?id=..'],
    ['/größe/{slug}', 'x', '/gr%C3%B6%C3%9Fe/x'],
    ['/ready%20made/{slug}', 'x', '/ready%20made/x'],
    ["/it's/{slug}", 'x', '/it%27s/x'],
    ['/{path}', 'furniture/sofas & more', '/furniture/sofas%20%26%20more'],
    ['/{category.path}/x', 'a/b', '/a/b/x'],
    ['/{metadata.path}', 'a/b', '/a%2Fb'],
  ])('%s with %j gives %s', (template, value, path) => {
    expect(locOf(template, value)).toBe(`${SITE}${path}`)
  })

  test('puts several values where they belong', () => {
    expect(locOf('/{category.path}/{slug}-{id}.html', 'a/b', 'c', '7')).toBe(`${SITE}/a/b/c-7.html`)
  })

  test.each([
    ['/{slug}', null, 'empty'],
    ['/{slug}', '', 'empty'],
    ['/{slug}', '.', 'no path'],
    ['/{slug}', '..', 'no path'],
    ['/a/{slug}/b', '..', 'no path'],
    ['/{path}', 'a/../b', 'no path'],
    ['/{path}', 'a/.', 'no path'],
    ['/.{slug}', '.', 'no path'],
    ['/{slug}', 'x'.repeat(2_100), 'too long'],
    ['/{slug}', 'é'.repeat(400), 'too long'],
  ] as const)('%s with %j has no address', (template, value, no) => {
    expect(locOf(template, value)).toMatchObject({ no })
  })

  test('keeps every loc below 2,048 characters, to the character', () => {
    const room = 2_047 - `${SITE}/`.length
    expect(locOf('/{slug}', 'x'.repeat(room))).toHaveLength(2_047)
    expect(locOf('/{slug}', 'x'.repeat(room + 1))).toEqual({ no: 'too long' })
  })

  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: 'binary' }).filter(value => !/\p{Surrogate}/u.test(value)),
    fc.string({
      unit: fc.constantFrom('.', '/', '%', '2', 'E', 'e', 'F', '\\', '?', '#', '&', '<', '>', '"', "'", ' '),
    }),
  )

  test('gives, for any value, a loc that reads back as the value, or says why there is none', () => {
    const reasons = new Set<string>()
    fc.assert(
      fc.property(text, value => {
        const loc = locOf('/products/{slug}', value)
        if (typeof loc !== 'string') {
          reasons.add(loc.no)
          expect(value === '' || value === '.' || value === '..' || value.length > 100).toBe(true)
          return
        }
        expect(loc).toMatch(/^[!-~]+$/)
        expect(new URL(loc).href).toBe(loc)
        expect(loc.startsWith(`${SITE}/products/`)).toBe(true)
        expect(decodeURIComponent(loc.split('/').at(-1) as string)).toBe(value)
      }),
      { numRuns: 3_000, examples: [[''], ['.'], ['..'], ['%2e%2e'], ['..%2f'], ['x'.repeat(3_000)]] },
    )
    expect(reasons).toEqual(new Set(['empty', 'no path', 'too long']))
  })

  test('gives different locs to different values, in any template', () => {
    const templates = ['/a/{slug}', '/{slug}/b?c=d', '/x?id={slug}', '/pre-{slug}.html'].map(templateOf)
    fc.assert(
      fc.property(text, text, fc.constantFrom(...templates), (one, other, template) => {
        const toLoc = compileTemplate(SITE, template)
        const [first, second] = [toLoc([one]), toLoc([other])]
        if (typeof first !== 'string' || typeof second !== 'string') return
        expect(new URL(first).href).toBe(first)
        expect(first === second).toBe(one === other)
      }),
      { numRuns: 2_000 },
    )
  })

  test('keeps a path of slugs below the site, whatever the slugs are', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1 }), slugs => {
        const loc = locOf('/c/{path}', slugs.join('/'))
        if (typeof loc !== 'string') return
        expect(new URL(loc).href).toBe(loc)
        expect(decodeURIComponent(loc.slice(`${SITE}/c/`.length))).toBe(slugs.join('/'))
      }),
      { numRuns: 2_000 },
    )
  })

  test.each([
    ['products/{slug}', 'begin with one slash'],
    ['//evil.example/{slug}', 'begin with one slash'],
    ['https://shop.example.com/{slug}', 'begin with one slash'],
    ['', 'begin with one slash'],
    ['/{slug', 'opened and never closed'],
    ['/slug}', 'closed that was never opened'],
    ['/{}', 'names no field'],
    ['/{ }', 'names no field'],
    ['/{{slug}}', 'names no field'],
    ['/{slug}#reviews', 'a fragment'],
    ['/a/../{slug}', '"." or ".." as a folder'],
    ['/./{slug}', '"." or ".." as a folder'],
    ['/%2e%2E/{slug}', '"." or ".." as a folder'],
    ['/{slug}/..', '"." or ".." as a folder'],
    ['/\ud83d/{slug}', 'character that no address can have'],
  ])('%j is refused: %s', (template, words) => {
    expect(parseTemplate(template)).toEqual({ problem: expect.stringContaining(words) })
  })
})

describe('a format', () => {
  const formatters = { slugify: (text: string) => text.replace(/[^a-z/.]/g, '') }
  const formatted = (text: string, ...values: (string | null)[]) =>
    compileTemplate(SITE, templateOf(text), formatters)(values)

  test('makes something else of a value, which is encoded after that', () => {
    expect(formatted('/{name|slugify}/{id}', 'A/b c', '7')).toBe(`${SITE}/%2Fbc/7`)
    expect(formatted('/{ name | slugify }-{name}', 'aB', 'aB')).toBe(`${SITE}/a-aB`)
  })

  test.each([
    [null, 'empty'],
    ['', 'empty'],
    ['東京', 'empty'],
    ['.東.', 'no path'],
  ] as const)('of %j gives no address: %s', (value, no) => {
    expect(formatted('/{name|slugify}', value)).toMatchObject({ no })
  })

  test.each([
    ['/{name|slug}', '"slug" is nothing that can be made of a value.'],
    ['/{name|}', '"" is nothing that can be made of a value.'],
    ['/{name|slugify|slugify}', '"slugify|slugify" is nothing that can be made of a value.'],
  ])('of %s is refused, with those that there are', (text, problem) => {
    expect(parseTemplate(text)).toEqual({ problem, hint: 'There are {name|slugify} and {name|slugify-ascii}.' })
  })

  test('needs a field', () => {
    expect(parseTemplate('/{|slugify}')).toEqual({ problem: 'A pair of braces names no field.' })
  })
})

describe('a template with what is the same for all records filled in', () => {
  const fill = (text: string, constants: Record<string, string>) =>
    fillTemplate(templateOf(text), new Map(Object.entries(constants)))

  test('has these as fixed text, and the fields of records left', () => {
    const filled = fill('/{channel}/{locale}/{slug}-{name|slugify}?c={channel}', { channel: 'us', locale: 'en-US' })
    expect(filled).toEqual({
      literals: ['/us/en-US/', '-', '?c=us'],
      fields: ['slug', 'name'],
      formats: [undefined, 'slugify'],
    })
  })

  test('encodes them as one segment each, once', () => {
    const filled = fill('/{channel}/{slug}', { channel: 'größe/100% &' })
    expect(filled.literals).toEqual(['/gr%C3%B6%C3%9Fe%2F100%25%20%26/', ''])
    expect(compileTemplate(SITE, filled)(['x'])).toBe(`${SITE}/gr%C3%B6%C3%9Fe%2F100%25%20%26/x`)
  })

  test('leaves a template without them as it was', () => {
    expect(fill('/{slug}', { channel: 'us' })).toEqual(templateOf('/{slug}'))
  })
})

describe('a path in a list', () => {
  test.each([
    ['/', '/'],
    ['/about', '/about'],
    ['/a b', '/a%20b'],
    ['/größe?x=1&y=2', '/gr%C3%B6%C3%9Fe?x=1&y=2'],
    ['/ready%20made', '/ready%20made'],
    ['/a/../b', '/b'],
    ['https://shop.example.com/about', '/about'],
    ['HTTPS://SHOP.example.com:443/about', '/about'],
  ])('%j is %s of the site', (path, expected) => {
    expect(locOfPath(SITE, path)).toBe(`${SITE}${expected}`)
  })

  test.each([
    'about',
    '',
    './about',
    '?q=1',
    '//evil.example/',
    '/\\evil.example/',
    '\\\\evil.example/',
    'https://evil.example/',
    'http://shop.example.com/',
    'https://shop.example.com:8443/',
    'https://shop.example.com.evil.example/',
    'https://user@shop.example.com/',
    'https://user:word@shop.example.com/',
    'https://',
    'javascript:alert(1)',
    'ftp://shop.example.com/',
    '/about#team',
    '/about#',
    ' /about',
    '/about ',
    '/ab\nout',
    '/ab\tout',
    '/about\r',
    '/\u0000',
    '\u0001/about',
    '/\u007f',
    '/\t/evil.example/',
  ])('%j is no path of the site', path => {
    expect(locOfPath(SITE, path)).toBeUndefined()
  })

  test('is below the site and reads back as itself, or is refused, whatever is written', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom('', '/', '//', '/\\', 'https:', 'https://shop.'),
        (text, head) => {
          const loc = locOfPath(SITE, `${head}${text}`)
          if (loc === undefined) return
          expect(loc.startsWith(`${SITE}/`)).toBe(true)
          expect(new URL(loc).href).toBe(loc)
          expect(loc).toMatch(/^[!-~]+$/)
        },
      ),
      { numRuns: 3_000 },
    )
  })
})
