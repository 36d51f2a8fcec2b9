import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Fit, fit } from '../../src/routes/fit.ts'
import { parsePattern } from '../../src/routes/pattern.ts'
import { readTemplate } from '../../src/routes/template-patterns.ts'
import { compileTemplate } from '../../src/sitemap/url-template.ts'
import { matchesAny, templateOf } from './oracle.ts'

const fitOf = (path: string, template: string, caseSensitive = false): Fit => {
  const parsed = parsePattern(path)
  if ('problem' in parsed) throw new Error(`${path}: ${parsed.problem}`)
  return fit(parsed.pattern, readTemplate(templateOf(template), { basename: '' }), { caseSensitive })
}

describe('a route and a template', () => {
  test.each([
    ['/product/:slug', '/product/{slug}'],
    ['/product/:slug/', '/product/{slug}'],
    ['/Product/:slug', '/product/{slug|slugify}?x={id}'],
    ['/:slug-:id.html', '/{slug}-{id}.html'],
    ['/product/:slug/:id(\\d+)', '/product/{slug}/{id}'],
    ['/:lang(en|de)/:slug', '/de/{slug}'],
    ['/c/:rest+', '/c/{category.path}'],
    ['/c/:rest*', '/c/{category.path}/{slug}'],
    ['/:rest+', '/c-{category.path}.html'],
    ['/*', '/{slug}'],
    ['/:slug([^/]+)', '/{slug}'],
  ])('%s takes each address of %s', (path, template) => {
    expect(fitOf(path, template)).toMatchObject({ can: true, fills: true, all: true })
  })

  test.each([
    ['/product/:slug([a-z-0-9]+)', '/product/{slug}', 'a slug can have other letters'],
    ['/:slug([^.]+)', '/{slug}', 'a slug can have a dot'],
    ['/:lang(en|de)/:slug', '/{category.slug}/{slug}', 'there are other words'],
    ['/c/:slug', '/c/{category.path}', 'there may be several folders'],
    ['/:a-:b', '/{slug}', 'it may have no hyphen'],
  ])('%s takes some of %s: %s', (path, template) => {
    expect(fitOf(path, template)).toMatchObject({ can: true, fills: true, all: false })
  })

  test.each([
    ['/product/new', '/product/{slug}'],
    ['/:slug/reviews', '/product/{slug}'],
  ])('%s can be an address of %s, and is not filled by it', (path, template) => {
    expect(fitOf(path, template)).toMatchObject({ can: true, fills: false, all: false })
  })

  test.each([
    ['/product/:slug', '/products/{slug}'],
    ['/product/:slug', '/product/{category.slug}/{slug}'],
    ['/:slug.html', '/{slug}.htm'],
    ['/:lang(en|de)/:slug', '/fr/{slug}'],
    ['/:lang(en|de)', '/x-{slug}'],
    ['/', '/{slug}'],
    ['/:rest+', '/'],
  ])('%s has no address of %s', (path, template) => {
    expect(fitOf(path, template)).toMatchObject({ can: false, fills: false, all: false })
  })

  test('takes case as the router does', () => {
    expect(fitOf('/Product/:slug', '/product/{slug}', true).can).toBe(false)
  })

  test('tells which parameters are the same for all addresses', () => {
    const { bindings, loose } = fitOf('/:channel/products/:slug', '/default-channel/products/{slug}')
    expect([...bindings]).toEqual([['channel', 'default-channel']])
    expect(loose).toBe(1)
    expect(fitOf('/:a+', '/x/{slug}').bindings.size).toBe(0)
  })

  const texts = ['a', 'b', 'B', 'x-y', 'a-b', '1', 'en', 'ü', 'a.html']
  const folder = fc.constantFrom(
    ...texts,
    ':a',
    ':b',
    ':a',
    ':a-:b',
    ':a.html',
    'a-:b',
    ':l(en|de)',
    ':n(\\d+)',
    ':w([a-z]*)x',
    ':o(b?)',
  )
  const route = fc
    .tuple(fc.array(folder, { maxLength: 3 }), fc.constantFrom('', '', '/*', '/:r+', '/:r*', '/:r(\\d+)+', '/:r*/a'))
    .map(([folders, end]) => `/${folders.join('/')}${end}`.replace('//', '/'))
  const part = fc.constantFrom(
    ...texts,
    '{slug}',
    '{slug}',
    '{id}',
    '{slug}-{name}',
    '{slug}.html',
    '{path}',
    'a-{path}',
    '{path}.html',
  )
  const template = fc.array(part, { minLength: 1, maxLength: 3 }).map(parts => `/${parts.join('/')}`)
  const slug = fc.constantFrom(...texts, 'de', '22', 'q', 'x', 'bx', '-', 'a-')
  const values = fc.array(fc.tuple(slug, fc.constantFrom('1', '22'), fc.array(slug, { minLength: 1, maxLength: 3 })), {
    minLength: 20,
    maxLength: 40,
  })

  test('are never told apart where they have an address in common, nor called the same where they differ', () => {
    const seen = { can: 0, cannot: 0, all: 0 }
    fc.assert(
      fc.property(route, template, values, (path, text, rows) => {
        const found = fitOf(path, text)
        const matches = matchesAny([path])
        const parsed = templateOf(text)
        const toLoc = compileTemplate('', { ...parsed, formats: parsed.fields.map(() => undefined) })
        for (const [slug, id, folders] of rows) {
          const filled = parsed.fields.map(field => (field === 'id' ? id : field === 'path' ? folders.join('/') : slug))
          const loc = toLoc(filled)
          if (typeof loc !== 'string') continue
          if (!found.can) expect([path, text, loc, matches(loc)]).toEqual([path, text, loc, false])
          if (found.all) expect([path, text, loc, matches(loc)]).toEqual([path, text, loc, true])
        }
        seen[found.can ? 'can' : 'cannot']++
        if (found.all) seen.all++
      }),
      { numRuns: 3_000 },
    )
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(100)
  })
})
