import { describe, expect, test } from 'vitest'
import { linkGroup, parseHreflang } from '../../src/sitemap/alternates.ts'

const at = (hreflang: string, isDefault = false) => ({ hreflang, isDefault, loc: `https://x.test/${hreflang}` })

describe('the links of a page', () => {
  test('name all of its addresses, in their order', () => {
    expect(linkGroup([at('en'), at('de'), at('pl')])).toEqual([
      { hreflang: 'en', href: 'https://x.test/en' },
      { hreflang: 'de', href: 'https://x.test/de' },
      { hreflang: 'pl', href: 'https://x.test/pl' },
    ])
  })

  test('end with x-default, at the address of the default language, wherever that stands', () => {
    const links = linkGroup([at('de'), at('en', true)])
    expect(links?.map(({ hreflang }) => hreflang)).toEqual(['de', 'en', 'x-default'])
    expect(links?.at(-1)).toEqual({ hreflang: 'x-default', href: 'https://x.test/en' })
  })

  test.each([
    ['no address', []],
    ['one address', [at('en')]],
    ['one address, the default one', [at('en', true)]],
  ])('are none with %s', (_, locs) => {
    expect(linkGroup(locs)).toBeUndefined()
  })
})

describe('a language for search engines', () => {
  test.each([
    ['de', 'de'],
    ['DE', 'de'],
    ['de-at', 'de-AT'],
    ['de_AT', 'de-AT'],
    ['pt-br', 'pt-BR'],
    ['zh-hant', 'zh-Hant'],
    ['zh_hans_tw', 'zh-Hans-TW'],
    ['en-UK', 'en-GB'],
    ['iw', 'he'],
  ])('%s is written %s', (text, hreflang) => {
    expect(parseHreflang(text)).toBe(hreflang)
  })

  test.each([
    ['us', 'a country'],
    ['jp', 'a country'],
    ['cn', 'a country'],
    ['x-default', 'what a default locale gives'],
    ['und', 'no language'],
    ['mul', 'many languages'],
    ['en-EU', 'a region that is no country'],
    ['de-XX', 'a region that nobody knows'],
    ['es-419', 'a region of many countries'],
    ['en-001', 'the world'],
    ['default', 'a word'],
    ['shop', 'a word'],
    ['de-1996', 'with a variant'],
    ['de-u-co-phonebk', 'with an extension'],
    ['de-', 'cut off'],
    ['', 'empty'],
    ['d"e', 'no name at all'],
  ])('%j is none: %s', text => {
    expect(parseHreflang(text)).toBeUndefined()
  })
})
