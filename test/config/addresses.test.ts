// Where records are: known storefronts against addresses written out by hand, and the mistakes of locales.
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type AddressSettings, listAddresses, recordAddresses } from '../../src/config/addresses.ts'
import { checkConfig } from '../../src/config/check.ts'
import type { LocaleOptions } from '../../src/config/locales.ts'
import { STOREFRONT_NAMES, STOREFRONTS, type StorefrontName } from '../../src/config/storefronts.ts'
import { loadFormatters } from '../../src/pipeline/formatters.ts'
import { compileTemplate } from '../../src/sitemap/url-template.ts'
import { RECORD_KINDS, type RecordKind } from '../../src/sources/source.ts'

const SITE = 'https://shop.example.com'
const LOCALES: AddressSettings['locales'] = {
  en: { default: true },
  de: { translations: 'de', channel: 'channel-eur' },
}

const settingsOf = (settings: Partial<AddressSettings>): AddressSettings => ({
  channel: 'default-channel',
  storefront: undefined,
  locales: undefined,
  ...settings,
})

/** The paths of one record, one an address. */
async function pathsOf(
  { of, url }: { of: RecordKind; url?: string },
  settings: Partial<AddressSettings>,
  record: Readonly<Record<string, string>>,
): Promise<(string | undefined)[]> {
  const { addresses, problems } = recordAddresses({ name: 's', of, url }, settingsOf(settings))
  expect(problems).toEqual([])
  const formatters = await loadFormatters(addresses.map(({ template }) => template))
  return addresses.map(({ template }) => {
    const loc = compileTemplate(SITE, template, formatters)(template.fields.map(field => record[field] ?? null))
    return typeof loc === 'string' ? loc.slice(SITE.length) : undefined
  })
}

describe('a storefront', () => {
  const SIZES = { id: '17', slug: 'größe-&-maß', name: 'Größe & Maß', globalId: 'UHJvZHVjdDoxNw==' }
  const SLUG = 'gr%C3%B6%C3%9Fe-%26-ma%C3%9F'
  /** Products, categories, collections and pages, without locales, or with the one locale that the prefix needs. */
  const EXPECTED: Readonly<Record<StorefrontName, readonly [string, string, string, string]>> = {
    django: [
      '/en/products/grosse-mass-17/',
      `/en/products/category/${SLUG}-17/`,
      `/en/products/collection/${SLUG}-17/`,
      `/en/page/${SLUG}/`,
    ],
    'pwa-2': ['/product/gre-and-ma/17/', '/category/gre-and-ma/17/', '/collection/gre-and-ma/17/', `/page/${SLUG}/`],
    'pwa-3': [`/product/${SLUG}`, `/category/${SLUG}`, `/collection/${SLUG}`, `/page/${SLUG}`],
    'react-storefront': [
      `/default-channel/en/products/${SLUG}`,
      `/default-channel/en/category/${SLUG}`,
      `/default-channel/en/collection/${SLUG}`,
      `/default-channel/en/page/${SLUG}`,
    ],
    'storefront-2023-10': [
      '/products/UHJvZHVjdDoxNw%3D%3D',
      `/categories/${SLUG}`,
      `/collections/${SLUG}`,
      `/pages/${SLUG}`,
    ],
    'storefront-2023-11': [`/products/${SLUG}`, `/categories/${SLUG}`, `/collections/${SLUG}`, `/pages/${SLUG}`],
    storefront: [
      `/default-channel/products/${SLUG}`,
      `/default-channel/categories/${SLUG}`,
      `/default-channel/collections/${SLUG}`,
      `/default-channel/pages/${SLUG}`,
    ],
    paper: [
      `/en/default-channel/products/${SLUG}`,
      `/en/default-channel/categories/${SLUG}`,
      `/en/default-channel/collections/${SLUG}`,
      `/en/default-channel/pages/${SLUG}`,
    ],
  }

  test('is each of those that are tested here', () => {
    expect(Object.keys(EXPECTED).sort()).toEqual([...STOREFRONT_NAMES].sort())
  })

  test.each(STOREFRONT_NAMES)('%s shows a record of each kind where it does', async storefront => {
    const paths = await Promise.all(
      RECORD_KINDS.map(of => pathsOf({ of }, { storefront, locales: { en: { default: true } } }, SIZES)),
    )
    expect(paths).toEqual(EXPECTED[storefront].map(path => [path]))
  })

  test.each([
    ['django', 'Stół dębowy', '/en/products/stol-debowy-17/'],
    ['django', 'Стол дубовый', '/en/products/stol-dubovyi-17/'],
    ['django', '東京', '/en/products/dong-jing-17/'],
    ['django', '🎉', undefined],
    ['pwa-2', 'Stół dębowy', '/product/st-dbowy/17/'],
    ['pwa-2', 'Стол 2', '/product/-2/17/'],
    ['pwa-2', '東京', undefined],
  ] as const)('%s with a product named %s shows it at %s', async (storefront, name, path) => {
    const locales = { en: { default: true } }
    expect(await pathsOf({ of: 'products' }, { storefront, locales }, { ...SIZES, name })).toEqual([path])
  })

  test.each(STOREFRONT_NAMES.filter(name => EXPECTED[name].every(path => !path.includes('/en/'))))(
    '%s needs no locales',
    async storefront => {
      expect(await pathsOf({ of: 'products' }, { storefront }, SIZES)).toEqual([EXPECTED[storefront][0]])
    },
  )

  test('may be left for a section whose url is its own: the whole path', async () => {
    const url = '/p/{slug}'
    expect(await pathsOf({ of: 'products', url }, { storefront: 'storefront' }, { slug: 'oak' })).toEqual(['/p/oak'])
  })

  test('puts before the url of a section, with locales, what it puts before all', async () => {
    const settings = { storefront: 'paper', locales: LOCALES } as const
    expect(await pathsOf({ of: 'products', url: '/p/{slug}' }, settings, { slug: 'oak' })).toEqual([
      '/en/default-channel/p/oak',
      '/de/channel-eur/p/oak',
    ])
  })

  test('gives way to the url of a locale', async () => {
    const locales = { en: { url: '{path}' }, de: { url: '/{locale}{path}' } }
    expect(await pathsOf({ of: 'products' }, { storefront: 'paper', locales }, { slug: 'oak' })).toEqual([
      '/products/oak',
      '/de/products/oak',
    ])
  })
})

describe('the addresses of locales', () => {
  test('are where each has its own, and say for whom they are', async () => {
    const locales: Record<string, LocaleOptions> = {
      en: { default: true },
      'de-at': { url: '/at{path}', translations: 'DE', missing: 'fallback', channel: 'channel-eur' },
      gb: { url: '/{locale}/{channel}{path}?l=x', hreflang: 'en-gb' },
    }
    const { addresses } = recordAddresses({ name: 'p', of: 'products', url: '/p/{slug}' }, settingsOf({ locales }))
    expect(addresses.map(({ template, ...rest }) => ({ ...rest, literals: template.literals }))).toEqual([
      { ...FACTS, locale: 'en', hreflang: 'en', isDefault: true, literals: ['/p/', ''] },
      {
        ...FACTS,
        locale: 'de-at',
        hreflang: 'de-AT',
        language: 'de',
        missing: 'fallback',
        channel: 'channel-eur',
        literals: ['/at/p/', ''],
      },
      { ...FACTS, locale: 'gb', hreflang: 'en-GB', literals: ['/gb/default-channel/p/', '?l=x'] },
    ])
  })
  const FACTS = {
    locale: undefined,
    hreflang: undefined,
    isDefault: false,
    language: undefined,
    missing: 'omit',
    channel: undefined,
    path: 'sections.p.url',
  }

  test('of a list have the one field path', () => {
    const locales = { en: {}, de: { url: '/de{path}' } }
    const { addresses } = listAddresses(settingsOf({ locales }))
    expect(addresses.map(({ template: { literals, fields } }) => [literals, fields])).toEqual([
      [['/', ''], ['path']],
      [['/de/', ''], ['path']],
    ])
  })

  test('take a path of slugs for what it is, not for the place of the page', async () => {
    const locales = { en: {}, de: { url: '/de{path}' } }
    expect(await pathsOf({ of: 'categories', url: '/c/{path}' }, { locales }, { path: 'a/b' })).toEqual([
      '/c/a/b',
      '/de/c/a/b',
    ])
  })
})

/** Every mistake by its path, with what is said of it. */
async function mistakesIn(config: object): Promise<Record<string, string>> {
  const { problems } = await checkConfig({ site: SITE, ...config }, tmpdir(), {})
  const told = problems.map(({ path, message, hint }) => [path, hint ? `${message} ${hint}` : message])
  expect(new Set(told.map(([path]) => path)).size).toBe(told.length)
  return Object.fromEntries(told)
}

const source = { saleor: { database: 'postgres://reader@127.0.0.1:9/saleor', channel: 'default-channel' } }
const products = { of: 'products', url: '/products/{slug}' }
const list = { of: 'list', paths: ['/'] }
const EN_DE = { en: { default: true }, de: { url: '/de{path}', translations: 'de' } }

describe('a configuration with locales', () => {
  test.each([
    ['one language', { en: {} }],
    ['two languages', EN_DE],
    ['languages and channels', { 'en-US': { url: '/us{path}', channel: 'us' }, 'en-GB': { url: '/gb{path}' } }],
    ['names of its own', { us: { hreflang: 'en-US' }, at: { hreflang: 'de-AT', url: '/{locale}{path}' } }],
    ['a language in its address', { en: {}, de: { url: '/{language}{path}', translations: 'de' } }],
  ])('of %s has no mistake', async (_, locales) => {
    expect(await mistakesIn({ source, locales, sections: { p: products, l: list } })).toEqual({})
  })

  test.each([
    [
      'a second default',
      { en: { default: true }, de: { ...EN_DE.de, default: true } },
      'locales.de.default',
      '"en" is',
    ],
    [
      'a country',
      { en: {}, us: { url: '/us{path}' } },
      'locales.us',
      '"us" names no language that search engines know',
    ],
    ['another', { en: {}, jp: { url: '/jp{path}' } }, 'locales.jp', 'Name one by "hreflang": de, de-AT, zh-Hant.'],
    ['a country by hreflang', { en: { hreflang: 'cn' } }, 'locales.en.hreflang', '"cn" names no language'],
    ['x-default', { en: { hreflang: 'x-default' } }, 'locales.en.hreflang', '"x-default" names no language'],
    ['one language twice', { en: {}, us: { hreflang: 'EN', url: '/us{path}' } }, 'locales.us', 'that of "en", too'],
    ['no {path}', { en: {}, de: { url: '/de' } }, 'locales.de.url', 'Expected {path} in it, once'],
    ['{path} twice', { en: {}, de: { url: '/de{path}{path}' } }, 'locales.de.url', 'Expected {path} in it, once'],
    ['a slash too many', { en: {}, de: { url: '/de/{path}' } }, 'locales.de.url', 'slash itself. Write /de{path}.'],
    ['a slash alone', { en: { url: '/{path}' } }, 'locales.en.url', 'slash itself. Write {path}.'],
    ['no slash', { en: {}, de: { url: 'de{path}' } }, 'locales.de.url', 'begin with one slash'],
    ['a host', { en: {}, de: { url: 'https://de.example.com{path}' } }, 'locales.de.url', 'begin with one slash'],
    ['a fragment', { en: {}, de: { url: '{path}#de' } }, 'locales.de.url', 'fragment'],
    ['a field of a record', { en: {}, de: { url: '/{slug}{path}' } }, 'locales.de.url', '{slug} is of a record.'],
    ['a brace left open', { en: {}, de: { url: '/{de{path}' } }, 'locales.de.url', 'never closed'],
    ['{language} without one', { en: {}, de: { url: '/{language}{path}' } }, 'locales.de.url', 'no "translations"'],
    ['missing without translations', { en: { missing: 'omit' } }, 'locales.en.missing', 'Nothing can be missing'],
    ['no language code', { en: { translations: 'German' } }, 'locales.en.translations', 'such as de or fr-ca'],
    ['an underscore', { en: { translations: 'de_AT' } }, 'locales.en.translations', 'such as de or fr-ca'],
    ['a wrong choice', { en: { translations: 'de', missing: 'none' } }, 'locales.en.missing', '"omit"'],
    ['a wrong key', { en: { chanel: 'x' } }, 'locales.en.chanel', 'Did you mean "channel"?'],
    ['no locale at all', {}, 'locales', 'Expected at least one locale.'],
    ['an empty channel', { en: { channel: '' } }, 'locales.en.channel', 'got an empty one'],
    ['a locale that is none', { en: 'default' }, 'locales.en', 'Expected object'],
  ])('with %s is refused, and told nothing else', async (_, locales, path, words) => {
    const mistakes = await mistakesIn({ source, locales, sections: { p: products, l: list } })
    expect(Object.keys(mistakes)).toEqual([path])
    expect(mistakes[path]).toContain(words)
  })

  test('at one and the same address is refused, where that is', async () => {
    const locales = { en: {}, de: { translations: 'de' } }
    const sections = { p: products, q: { ...products, url: '/{locale}/{slug}' }, l: list }
    const mistakes = await mistakesIn({ source, locales, sections })
    expect(Object.keys(mistakes).sort()).toEqual(['locales', 'sections.p.url'])
    for (const text of Object.values(mistakes)) {
      expect(text).toContain('The locales en and de have one and the same address')
      expect(text).toContain('a "url" for each locale: /de{path}.')
    }
  })

  test('names the locales, where the language of one is wrong, too', async () => {
    const mistakes = await mistakesIn({ source, locales: { en: {}, us: {} }, sections: { p: products } })
    expect(mistakes['sections.p.url']).toContain('The locales en and us have')
  })

  test('and a mistake in the url of a section is told once, not once a locale', async () => {
    const sections = { p: { of: 'products', url: '/{slg}' }, q: { of: 'products', url: 'q/{slug}' } }
    const mistakes = await mistakesIn({ source, locales: EN_DE, sections })
    expect(Object.keys(mistakes)).toEqual(['sections.p.url', 'sections.q.url'])
    expect(mistakes['sections.p.url']).toContain('Did you mean "slug"?')
    expect(mistakes['sections.q.url']).toContain('begin with one slash')
  })

  test('and {language} in a section, where one locale has none, is told there', async () => {
    const sections = { p: { of: 'products', url: '/{language}/{slug}' } }
    expect(await mistakesIn({ source, locales: EN_DE, sections })).toEqual({
      'sections.p.url': 'It names {language}, and the locale names no "translations".',
    })
  })

  test('and {channel} in a list, where no channel is named, is told at the locale', async () => {
    const locales = { en: { url: '/{channel}{path}' }, de: { url: '/{channel}/de{path}', channel: 'eur' } }
    const mistakes = await mistakesIn({ locales, sections: { l: list } })
    expect(Object.keys(mistakes)).toEqual(['locales.en.channel'])
    expect(mistakes['locales.en.channel']).toContain('names {channel}, and no channel is named')
  })

  test('tells all of its mistakes at once, each with its path', async () => {
    const mistakes = await mistakesIn({
      source: { saleor: { ...source.saleor, visibilty: 'all' } },
      storefrnt: 'paper',
      addresses: 'ignore',
      locales: {
        en: { default: true },
        us: { default: true, url: '/us/{path}' },
        gb: { hreflang: 'en', url: '/gb{path}', missing: 'omit' },
      },
      sections: {
        p: { ...products, url: '/{channel}/{slug}' },
        c: { of: 'categories' },
        g: { of: 'pages', images: true },
      },
    })
    expect(Object.keys(mistakes).sort()).toEqual([
      'addresses',
      'locales.gb',
      'locales.gb.missing',
      'locales.us',
      'locales.us.default',
      'locales.us.url',
      'sections.c.url',
      'sections.g.images',
      'sections.g.url',
      'source.saleor.visibilty',
      'storefrnt',
    ])
    expect(mistakes.storefrnt).toContain('Did you mean "storefront"?')
    expect(mistakes.addresses).toMatch(/"error".*"warn"/)
    expect(mistakes['sections.c.url']).toContain('name a "storefront"')
  })
})

describe('a configuration without locales', () => {
  test.each(['{locale}', '{language}'])('that names %s in a url is told to write some', async field => {
    const sections = { p: { of: 'products', url: `/${field}/{slug}` } }
    const mistakes = await mistakesIn({ source, sections })
    expect(mistakes).toEqual({
      'sections.p.url': `It names ${field}, and no "locales" are configured. Write locales: { en: { default: true } }.`,
    })
  })

  test.each(['django', 'react-storefront', 'paper'])(
    'whose storefront %s needs one is told in each section',
    async storefront => {
      const sections = { p: { of: 'products' }, c: { of: 'categories' }, q: products, l: list }
      const mistakes = await mistakesIn({ source, storefront, sections })
      expect(Object.keys(mistakes)).toEqual(['sections.p.url', 'sections.c.url'])
      expect(mistakes['sections.p.url']).toContain('It names {locale}, and no "locales" are configured.')
    },
  )

  test('and with a storefront that is none is told which there are', async () => {
    const mistakes = await mistakesIn({ source, storefront: 'papper', sections: { p: products } })
    expect(Object.keys(mistakes)).toEqual(['storefront'])
    expect(mistakes.storefront).toContain('"paper"')
  })

  test('and without an address of a section is told both ways to have one', async () => {
    const mistakes = await mistakesIn({ source, sections: { p: { of: 'products' } } })
    expect(mistakes['sections.p.url']).toMatch(/such as \/products\/\{slug\}; or name a "storefront"/)
  })

  test('and without a source is not told of {channel}, which is the same mistake', async () => {
    const mistakes = await mistakesIn({ sections: { p: { of: 'products', url: '/{channel}/{slug}' } } })
    expect(Object.keys(mistakes)).toEqual(['source'])
  })
})

describe('the page about locales', () => {
  const page = readFileSync(new URL('../../docs/locales.md', import.meta.url), 'utf8')

  test('has examples without mistakes', async () => {
    const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(match => parse(match[1] as string) as object)
    expect(examples.length).toBeGreaterThan(2)
    const media = 'https://media.example.com/'
    for (const example of examples) {
      const whole = { source: { saleor: { ...source.saleor, media } }, sections: { p: products }, ...example }
      expect(await mistakesIn(whole)).toEqual({})
    }
  })

  test('names every storefront, and where each shows a product', () => {
    const rows = [...page.matchAll(/^\| `([\w-]+)` \| .* \| `(\/.+)` \|$/gm)].map(row => [
      row[1],
      row[2]?.replace('\\|', '|'),
    ])
    const expected = STOREFRONT_NAMES.map(name => [
      name,
      `${STOREFRONTS[name].prefix}${STOREFRONTS[name].paths.products}`,
    ])
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(expected))
  })
})
