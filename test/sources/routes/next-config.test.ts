// What is read of a Next configuration, from its value.
import { describe, expect, test } from 'vitest'
import { parsePattern } from '../../../src/routes/pattern.ts'
import { pathsOfPattern } from '../../../src/sources/routes/next/config-pattern.ts'
import { DEFAULT_CONFIG, OTHERS, readNextConfig } from '../../../src/sources/routes/next/next-config.ts'
import { PLACE, Untold } from '../../../src/sources/routes/next/untold.ts'

const read = (value: unknown) => readNextConfig(value, { file: 'next.config.js' })

describe('settings', () => {
  test('nothing set is what Next does by itself', () => {
    expect(read({})).toEqual(DEFAULT_CONFIG)
    expect(read(undefined)).toEqual(DEFAULT_CONFIG)
  })

  test('what counts is read, and nothing else', () => {
    const i18n = { locales: ['en', 'de'], defaultLocale: 'en', domains: [] }
    const value = {
      basePath: '/shop',
      trailingSlash: true,
      pageExtensions: ['mdx'],
      i18n,
      output: 'standalone',
      images: 1,
    }
    expect(read(value)).toEqual({
      ...DEFAULT_CONFIG,
      basePath: '/shop',
      trailingSlash: true,
      pageExtensions: ['mdx'],
      i18n: { locales: ['en', 'de'], defaultLocale: 'en' },
      output: 'standalone',
    })
  })

  test('one that cannot be told is unresolved with its place, and taken as not set', () => {
    const place = { file: 'config/base.js', line: 3 }
    const basePath = new Untold('process.env.BASE is only known when the front end is built', {
      source: 'process.env.BASE',
      place,
    })
    expect(
      read({ basePath, trailingSlash: new Untold('it is made by a package'), images: new Untold('no matter') }),
    ).toEqual({
      ...DEFAULT_CONFIG,
      unresolved: [
        {
          ...place,
          reason: 'basePath cannot be told, since process.env.BASE is only known when the front end is built',
          source: 'process.env.BASE',
        },
        {
          file: 'next.config.js',
          reason: 'trailingSlash cannot be told, since it is made by a package',
          source: 'trailingSlash',
        },
      ],
    })
  })

  test('where none can be told, it is said once', () => {
    expect(read(new Untold('it is made by a package')).unresolved).toEqual([
      {
        file: 'next.config.js',
        reason: 'what Next is configured to cannot be told, since it is made by a package',
        source: 'what Next is configured to',
      },
    ])
  })

  test('what others may have set cannot be told of the settings that are not written out', () => {
    const { unresolved, trailingSlash } = read({ trailingSlash: true, [OTHERS]: new Untold('base is of a package') })
    expect(trailingSlash).toBe(true)
    expect(unresolved).toHaveLength(1)
    expect(unresolved[0]?.reason).toBe(
      'basePath, pageExtensions, i18n, redirects, rewrites cannot be told, since base is of a package',
    )
  })
})

describe('redirects and rewrites', () => {
  test('a redirect is a route with where it leads', () => {
    const { redirects } = read({
      redirects: [
        { source: '/p/:slug', destination: '/products/:slug', permanent: true, [PLACE]: { file: 'r.js', line: 7 } },
      ],
    })
    expect(redirects).toEqual([{ file: 'r.js', line: 7, path: '/p/:slug', kind: 'redirect', to: '/products/:slug' }])
  })

  test('one that asks for more than an address has that for its condition', () => {
    const conditionOf = (more: object) =>
      read({ redirects: [{ source: '/a', destination: '/b', ...more }] }).redirects[0]?.condition
    expect(conditionOf({})).toBeUndefined()
    expect(conditionOf({ has: [{ type: 'host', value: 'www.shop.example' }] })).toBe('has host "www.shop.example"')
    expect(conditionOf({ has: [{ type: 'query', key: 'q' }], missing: [{ type: 'cookie', key: 'user' }] })).toBe(
      'has query q and missing cookie user',
    )
    expect(conditionOf({ has: new Untold('it is asked for elsewhere') })).toBe('has something that cannot be told')
  })

  test('one outside of the base path is no route of this front end', () => {
    expect(
      read({ basePath: '/shop', redirects: [{ source: '/', destination: '/shop', basePath: false }] }).redirects,
    ).toEqual([])
  })

  test('those that cannot be told are unresolved one by one, and the others stay', () => {
    const { redirects, unresolved } = read({
      redirects: [
        { source: '/a', destination: new Untold('it is asked for elsewhere') },
        new Untold('it is fetched', {
          source: '...await fetchRedirects()',
          place: { file: 'next.config.js', line: 4 },
        }),
        { source: '/:path((?!uk/).*)', destination: '/uk/:path', [PLACE]: { file: 'next.config.js', line: 9 } },
        {},
      ],
    })
    expect(redirects.map(({ path, to }) => [path, to])).toEqual([['/a', undefined]])
    expect(unresolved).toEqual([
      {
        file: 'next.config.js',
        line: 4,
        reason: 'a redirect cannot be told, since it is fetched',
        source: '...await fetchRedirects()',
      },
      {
        file: 'next.config.js',
        line: 9,
        reason:
          'a redirect cannot be told, since "((?!uk/).*)" in its source may stand for several folders, or has groups',
        source: '/:path((?!uk/).*)',
      },
      { file: 'next.config.js', reason: 'a redirect cannot be told, since it has no source', source: 'a redirect' },
    ])
  })

  test('rewrites of three kinds come in the order in which they are tried', () => {
    const { rewrites } = read({
      rewrites: {
        fallback: [{ source: '/:path*', destination: 'https://old.shop.example/:path*' }],
        beforeFiles: [{ source: '/sitemap.xml', destination: '/api/sitemap' }],
        afterFiles: [
          { source: '/us', destination: '/about?x=1' },
          { source: '/feed', destination: 'https://a.example/f.xml' },
        ],
      },
    })
    expect(rewrites.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'resource /sitemap.xml',
      'page /us',
      'resource /feed',
      'catch-all /:path*',
    ])
  })

  test('an exported front end has neither', () => {
    const rules = [{ source: '/a', destination: '/b' }]
    const { redirects, rewrites, notes } = read({ output: 'export', redirects: rules, rewrites: rules })
    expect([redirects, rewrites]).toEqual([[], []])
    expect(notes).toEqual(['next.config.js: with output "export", Next has no redirects and no rewrites of its own.'])
    const perhaps = read({ output: new Untold('it depends on the environment'), redirects: rules })
    expect(perhaps.redirects).toHaveLength(1)
    expect(perhaps.unresolved).toEqual([])
    expect(perhaps.notes).toEqual([
      'next.config.js: it cannot be told whether output is "export"; if it is, Next has no redirects and no rewrites of its own.',
    ])
  })
})

describe('patterns', () => {
  test.each([
    ['/', ['/']],
    ['/about', ['/about']],
    ['/über uns', ['/%C3%BCber%20uns']],
    ['/old/:slug', ['/old/:slug']],
    ['/old-:slug.html', ['/old-:slug.html']],
    ['/:a-:b', ['/:a-:b']],
    ['/post/:id(\\d{1,})', ['/post/:id(\\d{1,})']],
    ['/:lang(en|de)/shop', ['/:lang(en|de)/shop']],
    ['/:lang?/shop', ['/:lang/shop', '/shop']],
    ['/shop/:page?', ['/shop/:page', '/shop']],
    ['/shop{/all}?', ['/shop/all', '/shop']],
    ['/shop/item{-:color}?', ['/shop/item-:color', '/shop/item']],
    ['/blog/:path*', ['/blog/:path*']],
    ['/blog/:path+', ['/blog/:path+']],
    ['/blog/:path*/amp', ['/blog/:path+/amp', '/blog/amp']],
    ['/:path(.*)', ['/:path*']],
    ['/(.*)', ['/*']],
    ['/blog/(.*)', ['/blog/:part0+']],
    ['/blog/:rest(.+)', ['/blog/:rest+']],
    ['/(\\d+)/:0(\\d+)', ['/:part0(\\d+)/:part02(\\d+)']],
    ['/english\\(default\\)/:slug', ['/english(default)/:slug']],
    ['/a\\:b', ['/a%3Ab']],
    ['/:x([^/]+)', ['/:x']],
  ])('%s', (source, paths) => {
    expect(pathsOfPattern(source)).toEqual({ paths })
    for (const path of paths) expect(parsePattern(path)).toHaveProperty('pattern')
  })

  test.each([
    ['about', 'its source does not begin with a slash'],
    ['/a/:', 'its source cannot be read'],
    ['/a/(x', 'its source cannot be read'],
    ['/a{/b', 'its source cannot be read'],
    ['/a*', 'its source cannot be read'],
    ['/:a(x/y)', '"(x/y)" in its source may stand for several folders, or has groups'],
    ['/:a([^.]+)', '"([^.]+)" in its source may stand for several folders, or has groups'],
    ['/x{-:a}+', '":a" in its source is repeated in a way that has no path'],
    ['/x{-y}*', '"-y" is repeated in its source'],
    [`${'/:x?'.repeat(13)}`, 'its source has more than 12 optional parts'],
  ])('%s is told to be none', (source, problem) => {
    expect(pathsOfPattern(source)).toEqual({ problem })
  })
})
