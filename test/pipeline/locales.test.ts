// Pages with an address for each language: complete groups, and limits that stay exact with links.
import { afterEach, describe, expect, test } from 'vitest'
import { type BuildResult, buildBundle } from '../../src/pipeline/build.ts'
import type { Address, Job, ListSection, RecordSection } from '../../src/pipeline/job.ts'
import { parseTemplate, type UrlTemplate } from '../../src/sitemap/url-template.ts'
import type { AddressValues, Snapshot, SourceRecord } from '../../src/sources/source.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { locsOf } from '../helpers/project.ts'
import { ensureSchemas } from '../oracles/available.ts'
import { readXml, sitemapFiles } from '../oracles/bundle-files.ts'
import { type LinkedPage, linkFaults, readLinkedPages } from '../oracles/linked-pages.ts'
import { checkSchemas } from '../oracles/schemas.ts'
import { list, makeJob, NOW, records, SITE, snapshotOf } from './setting.ts'

const FEATURES = { alternates: true, images: true }
const hasSchemas = await ensureSchemas()
const folders: Awaited<ReturnType<typeof tempFolder>>[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await folder[Symbol.asyncDispose]()
})

/** Where each language is: `{ en: '/{slug}', de: '/de/{slug}' }`; the first is the default one. */
function addresses(urls: Readonly<Record<string, string>>, defaultLanguage = Object.keys(urls)[0]): Address[] {
  return Object.entries(urls).map(([hreflang, url]) => {
    const { template } = parseTemplate(url) as { template: UrlTemplate }
    return { hreflang, isDefault: hreflang === defaultLanguage, url: template }
  })
}

const EN_DE = { en: '/products/{slug}', de: '/de/products/{slug}' }
function localized(urls: Readonly<Record<string, string>> = EN_DE, defaultLanguage?: string): RecordSection {
  const section = records('products')
  return { ...section, addresses: addresses(urls, defaultLanguage) }
}
const localizedList = (paths: readonly string[], urls: Readonly<Record<string, string>>): ListSection => ({
  ...list('static', paths),
  addresses: addresses(urls),
})

const record = (key: number, values: readonly (AddressValues | undefined)[], more: Partial<SourceRecord> = {}) => ({
  key: String(key),
  updatedAt: undefined,
  addresses: values,
  ...more,
})

const shopOf = (all: Iterable<SourceRecord>): Snapshot => ({
  ...snapshotOf({}),
  async *read() {
    for (const one of all) yield [one]
  },
})

interface BuiltPages extends BuildResult {
  readonly folder: string
  readonly pages: readonly LinkedPage[]
}

async function buildPages(job: Job, all: Iterable<SourceRecord> = []): Promise<BuiltPages> {
  const folder = await tempFolder()
  folders.push(folder)
  const result = await buildBundle(job, shopOf(all), { dir: folder.path, published: undefined, now: NOW })
  return { ...result, folder: folder.path, pages: await readLinkedPages(folder.path) }
}

const linksOf = ({ pages }: BuiltPages) =>
  Object.fromEntries(pages.map(({ loc, links }) => [loc.slice(SITE.length), links]))

describe('a page with an address for each language', () => {
  test('has all of them as links at each, itself included, and x-default', async () => {
    const built = await buildPages(makeJob([localized()], { features: FEATURES }), [
      record(1, [['oak'], ['eiche']]),
      record(2, [['ash & elm'], ['esche']]),
    ])
    const oak = { en: `${SITE}/products/oak`, de: `${SITE}/de/products/eiche`, 'x-default': `${SITE}/products/oak` }
    const ash = `${SITE}/products/ash%20%26%20elm`
    expect(linksOf(built)).toEqual({
      '/products/oak': oak,
      '/de/products/eiche': oak,
      '/products/ash%20%26%20elm': { en: ash, de: `${SITE}/de/products/esche`, 'x-default': ash },
      '/de/products/esche': { en: ash, de: `${SITE}/de/products/esche`, 'x-default': ash },
    })
    expect(linkFaults(built.pages)).toEqual([])
  })

  test('has no link where it is there in one language only, the default one or another', async () => {
    const built = await buildPages(makeJob([localized()], { features: FEATURES }), [
      record(1, [['oak'], undefined]),
      record(2, [undefined, ['esche']]),
      record(3, [undefined, undefined]),
    ])
    expect(linksOf(built)).toEqual({ '/products/oak': {}, '/de/products/esche': {} })
    expect(built.sections[0]?.leftOut.counts.size).toBe(0)
  })

  test('has no x-default where the default language is not among them', async () => {
    const section = localized({ ...EN_DE, pl: '/pl/products/{slug}' })
    const built = await buildPages(makeJob([section], { features: FEATURES }), [record(1, [undefined, ['a'], ['b']])])
    expect(built.pages.map(({ links }) => Object.keys(links))).toEqual([
      ['de', 'pl'],
      ['de', 'pl'],
    ])
    expect(linkFaults(built.pages)).toEqual([])
  })

  test('loses the link to an address that cannot be, and is left out once, by the language', async () => {
    const section = localized({ ...EN_DE, pl: '/pl/products/{slug}' })
    const built = await buildPages(makeJob([section], { features: FEATURES }), [
      record(1, [['oak'], [null], ['dąb']]),
      record(2, [[''], [null], [null]]),
      record(3, [['ash'], ['e'.repeat(3_000)], ['..']]),
    ])
    expect(linkFaults(built.pages)).toEqual([])
    expect(linksOf(built)).toMatchObject({
      '/products/oak': { en: `${SITE}/products/oak`, pl: `${SITE}/pl/products/d%C4%85b` },
      '/products/ash': {},
    })
    const [{ leftOut } = { leftOut: undefined }] = built.sections
    expect(Object.fromEntries(leftOut?.counts ?? [])).toEqual({ empty: 2, 'too long': 1, 'no path': 1 })
    expect(Object.fromEntries(leftOut?.examples ?? [])).toEqual({
      empty: ['id 1 (de)', 'id 2 (en)'],
      'too long': [`${'e'.repeat(100)} (id 3, de)`],
      'no path': ['.. (id 3, pl)'],
    })
  })

  test('has the images and the date of the record at each address', async () => {
    const images = [`${SITE}/a.jpg?w=1&h=2`, `${SITE}/b.jpg`]
    const built = await buildPages(makeJob([localized()], { features: FEATURES }), [
      record(1, [['oak'], ['eiche']], { images, updatedAt: '2026-01-02T03:04:05Z' }),
      record(2, [['ash'], ['esche']]),
    ])
    expect(built.pages.map(page => page.images)).toEqual([images, images, [], []])
    const xml = await readXml(built.folder, 'sitemap.xml')
    expect(xml.match(/<lastmod>2026-01-02T03:04:05Z<\/lastmod>/g)).toHaveLength(2)
  })
})

describe('a list', () => {
  const paths = ['/', '/a//b/', '/about', '/contact?a=1&b=2', '/größe']
  const in2 = (en: string, de: string) => [`${SITE}${en}`, `${SITE}${de}`]

  test.each([
    ['a folder', '/de/{path}', ['/de/', '/de/a//b/', '/de/about', '/de/contact?a=1&b=2', '/de/gr%C3%B6%C3%9Fe']],
    ['an ending', '/{path}.de', ['/.de', '/a//b/.de', '/about.de', '/contact.de?a=1&b=2', '/gr%C3%B6%C3%9Fe.de']],
    [
      'a query',
      '/{path}?l=de',
      ['/?l=de', '/a//b/?l=de', '/about?l=de', '/contact?l=de&a=1&b=2', '/gr%C3%B6%C3%9Fe?l=de'],
    ],
  ])('has one address a language: %s', async (_, url, german) => {
    const job = makeJob([localizedList(paths, { en: '/{path}', de: url })], { features: FEATURES })
    const built = await buildPages(job)
    const english = ['/', '/a//b/', '/about', '/contact?a=1&b=2', '/gr%C3%B6%C3%9Fe']
    expect(built.pages.map(({ loc }) => loc)).toEqual(english.flatMap((path, at) => in2(path, german[at] as string)))
    expect(linkFaults(built.pages)).toEqual([])
    expect(built.pages.every(({ links }) => Object.keys(links).length === 3)).toBe(true)
  })

  test('lists no address twice, though it be of two of its pages', async () => {
    const job = makeJob([localizedList(['/about', '/de/about'], { en: '/{path}', de: '/de/{path}' })])
    const built = await buildPages({ ...job, features: FEATURES })
    expect(linkFaults(built.pages)).toEqual([])
    expect(built.pages.map(({ loc }) => loc)).toEqual([...in2('/about', '/de/about'), `${SITE}/de/de/about`])
    expect(built.sections[0]?.leftOut.examples.get('taken')).toEqual(['/de/about'])
  })
})

describe('the limits of a file', () => {
  /** Records whose two entries have one length each. */
  const many = function* (count: number) {
    for (let key = 10_000; key < 10_000 + count; key++) yield record(key, [[`oak-${key}`], [`eiche-${key}`]])
  }
  /** Bytes of a file, uncompressed, and its entries. */
  const sizesIn = async (folder: string) => {
    const names = (await sitemapFiles(folder)).filter(name => name !== 'sitemap.xml')
    const texts = await Promise.all((names.length > 0 ? names : ['sitemap.xml']).map(name => readXml(folder, name)))
    return texts.map(text => ({ bytes: Buffer.byteLength(text), entries: locsOf(text).length }))
  }

  test.each([
    { locales: EN_DE, features: FEATURES },
    { locales: EN_DE, features: { alternates: true, images: false } },
  ])('hold to the byte with links, and keep a group in one file ($features)', async ({ locales, features }) => {
    const section = localized(locales)
    const all = [...many(50)]
    const whole = (await sizesIn((await buildPages(makeJob([section], { features }), all)).folder))[0] as {
      bytes: number
    }
    const exact = { entries: 50_000, bytes: whole.bytes }
    const one = await buildPages(makeJob([section], { features, limits: exact }), all)
    expect(await sizesIn(one.folder)).toEqual([{ bytes: whole.bytes, entries: 100 }])

    const short = { entries: 50_000, bytes: whole.bytes - 1 }
    const two = await buildPages(makeJob([section], { features, limits: short }), all)
    const sizes = await sizesIn(two.folder)
    expect(sizes.map(({ entries }) => entries).sort((a, b) => a - b)).toEqual([4, 96])
    for (const { bytes } of sizes) expect(bytes).toBeLessThanOrEqual(short.bytes)
    expect(linkFaults(two.pages)).toEqual([])
  })

  test.skipIf(!hasSchemas)(
    'count entries, not pages, where those bind first; each file is valid by itself',
    async () => {
      const job = makeJob([localized()], { features: FEATURES, limits: { entries: 33, bytes: 1_000_000 } })
      const built = await buildPages(job, many(50))
      const counts = (await sizesIn(built.folder)).map(({ entries }) => entries)
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100)
      expect(Math.max(...counts)).toBe(32)
      expect(linkFaults(built.pages)).toEqual([])
      expect((await checkSchemas(built.folder)).problems).toEqual([])
    },
  )

  test('of the protocol: with many links the bytes bind long before 50,000 entries', async () => {
    const languages = ['en', 'de', 'pl', 'fr', 'it', 'es', 'nl', 'sv', 'da', 'cs']
    const urls = Object.fromEntries(languages.map(name => [name, `/${name}/products/{slug}`]))
    const slug = (key: number) => `${'oak-'.repeat(30)}${key}`
    const all = function* () {
      for (let key = 1_000; key < 5_000; key++)
        yield record(
          key,
          languages.map(() => [slug(key)]),
        )
    }
    const job = makeJob([localized(urls)], { features: { alternates: true, images: false } })
    const folder = await tempFolder()
    folders.push(folder)
    await buildBundle(job, shopOf(all()), { dir: folder.path, published: undefined, now: NOW })
    const sizes = await sizesIn(folder.path)
    expect(sizes.reduce((sum, { entries }) => sum + entries, 0)).toBe(40_000)
    expect(sizes.length).toBeGreaterThan(1)
    for (const { bytes } of sizes) expect(bytes).toBeLessThanOrEqual(52_428_800)
  })
})
