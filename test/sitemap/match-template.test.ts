import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileMatch, decodeValue, isSameLoc } from '../../src/sitemap/match-template.ts'
import { compileTemplate, parseTemplate, type UrlTemplate } from '../../src/sitemap/url-template.ts'

const SITE = 'https://shop.example.com'
const templateOf = (text: string): UrlTemplate => {
  const parsed = parseTemplate(text)
  if ('problem' in parsed) throw new Error(`${text}: ${parsed.problem}`)
  return parsed.template
}
const match = (text: string, path: string) => compileMatch(SITE, templateOf(text))(`${SITE}${path}`)?.map(decodeValue)

describe('an address read backwards', () => {
  test.each([
    ['/products/{slug}', '/products/oak-table', ['oak-table']],
    ['/products/{slug}', '/products/gr%C3%B6%C3%9Fe', ['größe']],
    ['/products/{slug}', '/products/größe', ['größe']],
    ['/products/{slug}', '/products/half%2Fprice', ['half/price']],
    ['/products/{slug}', '/products/100%25', ['100%']],
    ['/products/{slug}', '/products/%2525', ['%25']],
    ['/{category.path}/{slug}', '/a/b%2Fc/d', ['a/b/c', 'd']],
    ['/{slug}-{id}.html', '/oak-table-17.html', ['oak-table', '17']],
    ['/x?id={id}&s={slug}', '/x?id=1&s=a%26b', ['1', 'a&b']],
    ['/größe/{slug}', '/gr%c3%b6%c3%9fe/x', ['x']],
    ['/100%/{slug}', '/100%25/x', ['x']],
    ['/a b/{slug}', '/a%20b/x', ['x']],
    ['/a+b(c)/{slug}', '/a+b(c)/x', ['x']],
    ['/{id}?ref=a%26b%2Fc&s={slug}', '/1?ref=a%26b/c&s=x', ['1', 'x']],
    ['/x?a={id}&b=%2F%26c={slug}', '/x?a=1&b=%2F%26c=y', ['1', 'y']],
  ])('%s of %s', (template, path, values) => {
    expect(match(template, path)).toEqual(values)
  })

  test.each([
    ['/products/{slug}', '/categories/oak'],
    ['/products/{slug}', '/products/'],
    ['/products/{slug}', '/products/a/b'],
    ['/products/{slug}', '/products/a?b=c'],
    ['/products/{slug}', '/de/products/a'],
    ['/a.b/{slug}', '/axb/c'],
    ['/{path}/x', '/a/y'],
  ])('%s makes no %s', (template, path) => {
    expect(match(template, path)).toBeUndefined()
  })

  test('is of no other site', () => {
    expect(compileMatch(SITE, templateOf('/{slug}'))('https://shopXexample.com/a')).toBeUndefined()
    expect(compileMatch(SITE, templateOf('/{slug}'))('http://shop.example.com/a')).toBeUndefined()
  })

  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({
      unit: fc.constantFrom('.', '%', '2', 'F', 'C', '3', '\\', '?', '#', '&', '-', "'", '"', ' ', 'ü', '/'),
    }),
  )
  const paths = fc.array(text, { minLength: 1, maxLength: 3 }).map(slugs => slugs.join('/'))
  const STARTS = ['/', '/p/', '/größe/', '/100%/', '/a%20b/', '/%FF', "/it's/", '/p-', '/(.*)/', '/%c3%b6']
  const IN_PATH = ['{slug}', '{slug}/{id}', '{slug}/x/{path}', '{path}/{slug}', '{path}?x={slug}&y={id}', '{id}/']
  const IN_QUERY = ['{slug}', '{slug}&b={id}', '{slug}&b=/%26%2F{path}']

  test('gives back the values that it was made of, whatever they are', () => {
    let found = 0
    fc.assert(
      fc.property(
        fc.oneof(
          fc.tuple(fc.constantFrom(...STARTS), fc.constantFrom(...IN_PATH)),
          fc.tuple(fc.constantFrom('/x?a='), fc.constantFrom(...IN_QUERY)),
        ),
        fc.constantFrom('', '.html', '/größe', '&z=ü'),
        fc.infiniteStream(text),
        fc.infiniteStream(paths),
        ([start, middle], end, texts, folders) => {
          const template = templateOf(`${start}${middle}${end}`)
          const values = template.fields.map(field => (field === 'path' ? folders : texts).next().value as string)
          const loc = compileTemplate(SITE, template)(values)
          if (typeof loc !== 'string') return
          found++
          expect(compileMatch(SITE, template)(loc)?.map(decodeValue)).toEqual(values)
        },
      ),
      { numRuns: 3_000 },
    )
    expect(found).toBeGreaterThan(1_500)
  })
})

describe('two addresses', () => {
  test.each([
    ['/größe', '/gr%C3%B6%C3%9Fe', true],
    ['/gr%c3%b6%c3%9fe', '/gr%C3%B6%C3%9Fe', true],
    ["/it's", '/it%27s', true],
    ['/a%2fb', '/a%2Fb', true],
    ['/a/b', '/a%2Fb', false],
    ['/a?b', '/a%3Fb', false],
    ['/100%25', '/100%', false],
    ['/%FF', '/%FE', false],
  ])('%s and %s are one: %s', (a, b, isOne) => {
    expect(isSameLoc(`${SITE}${a}`, `${SITE}${b}`)).toBe(isOne)
  })
})
