// From an address to the record that has it, whatever the template: what explain says is what a run publishes.
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { explanationText } from '../../src/cli/explain-text.ts'
import { createOutput } from '../../src/cli/output.ts'
import { loadSite } from '../../src/compose.ts'
import type { Configuration } from '../../src/config/configuration.ts'
import type { Explanation } from '../../src/explain/explanation.ts'
import { buildSite, explainSite } from '../../src/operations.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { createDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { locsOf, SITE } from '../helpers/project.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await createDatabase({ template: 'demo' })
})
afterAll(() => db?.drop())

const siteOf = (settings: Partial<Configuration> & Pick<Configuration, 'sections'>) =>
  loadSite({
    config: {
      site: SITE,
      source: { saleor: { database: db.url, channel: 'default-channel' } },
      addresses: 'warn',
      ...settings,
    },
    folder: tmpdir(),
    environment: {},
  })
type Site = Awaited<ReturnType<typeof siteOf>>

const ask = async (site: Site, asked: string): Promise<Explanation> => (await explainSite(site, asked)).explanation

/** Everything that is told to be listed, as `products 17 https://…` or `static https://…`. */
const listedIn = ({ records, lists }: Explanation): string[] => [
  ...records.flatMap(({ of, id, sections }) =>
    sections.flatMap(({ addresses }) =>
      addresses.flatMap(({ listed, loc }) => (listed && loc !== null ? [`${of} ${id} ${loc}`] : [])),
    ),
  ),
  ...lists.flatMap(({ section, address }) => (address.listed ? [`${section} ${address.loc}`] : [])),
]

async function publish(site: Site): Promise<string[]> {
  await using out = await tempFolder()
  await buildSite(site, out.path)
  const xml = await readFile(join(out.path, 'sitemap.xml'), 'utf8')
  return locsOf(xml).map(loc => loc.replaceAll('&apos;', "'").replaceAll('&amp;', '&'))
}

/** Each is found by its address, and told to be listed there by one record or list. */
async function expectFound(site: Site, locs: readonly string[]): Promise<void> {
  for (const loc of locs) {
    const explanation = await ask(site, loc)
    expect(explanation.notes, loc).toEqual([])
    expect(
      explanation.records.map(({ by }) => by),
      loc,
    ).not.toHaveLength(0)
    expect(
      explanation.records.every(({ by }) => by === 'address'),
      loc,
    ).toBe(true)
    expect(
      listedIn(explanation).filter(each => each.endsWith(` ${loc}`)),
      loc,
    ).toHaveLength(1)
  }
}

const LOCALES = {
  en: { default: true },
  de: { url: '/de{path}', translations: 'de', missing: 'fallback' },
} as const

const someOf = (locs: readonly string[], count = 12): string[] =>
  locs.filter((_, index) => index % Math.ceil(locs.length / count) === 0)

describe('an address is found that is made of', () => {
  test.each([
    ['a category and a name', { of: 'products', url: '/{category.slug}/{name|slugify}' }],
    ['a name alone', { of: 'products', url: '/g/{name|slugify}' }],
    ['a name alone, in ASCII', { of: 'products', url: '/g/{name|slugify-ascii}' }],
    ['a number and a name', { of: 'products', url: '/g/{id}-{name|slugify}.html' }],
    ['a name and a number without anything between them', { of: 'products', url: '/g/{name|slugify}{id}' }],
    ['a path of categories and a name', { of: 'products', url: '/{category.path}/{name|slugify}' }],
    ['a type and a rating', { of: 'products', url: '/t/{productType.slug}/{rating}/{name|slugify}' }],
    ['the name of a category', { of: 'categories', url: '/c/{name|slugify-ascii}' }],
  ] as const)('%s', async (_, section) => {
    const site = await siteOf({ sections: { only: section } })
    const locs = await publish(site)
    expect(locs.length).toBeGreaterThan(5)
    await expectFound(site, someOf(locs))
  })

  test('a translated category and a translated name', async () => {
    const site = await siteOf({
      sections: { products: { of: 'products', url: '/{category.slug}/{name|slugify}' } },
      locales: LOCALES,
    })
    await expectFound(site, someOf(await publish(site)))
  })

  test('what an unlisted record would be made of, too', async () => {
    const [{ id, name }] = await db.query(
      `select p.id, p.name from product_product p where p.name ~ '^[A-Za-z0-9 ]+$' and not exists (
        select from product_product q where lower(q.name) = lower(p.name) and q.id <> p.id) order by p.id desc limit 1`,
    )
    await db.query('update product_productchannellisting set is_published = false where product_id = $1', [id])
    const site = await siteOf({ sections: { only: { of: 'products', url: '/g/{name|slugify}' } } })
    const { records } = await ask(site, `/g/${name.toLowerCase().replaceAll(' ', '-')}`)
    expect(records).toMatchObject([{ id: String(id), by: 'address', listed: false }])
    await db.query('update product_productchannellisting set is_published = true where product_id = $1', [id])
  })
})

describe('an old address', () => {
  test('leads to its record by the id or the slug in it', async () => {
    const [{ slug }] = await db.query('select slug from product_product where id = 8')
    const site = await siteOf({
      sections: {
        named: { of: 'products', url: '/p/{name|slugify}-{id}' },
        placed: { of: 'products', url: '/c/{category.slug}/{slug}' },
        global: { of: 'products', url: '/v/{globalId}/{name|slugify}' },
      },
    })
    const globalId = encodeURIComponent(Buffer.from('Product:8').toString('base64'))
    for (const [asked, section, by] of [
      ['/p/old-name-8', 'named', 'id'],
      [`/c/old-category/${slug}`, 'placed', 'slug'],
      [`/v/${globalId}/old-name`, 'global', 'id'],
    ]) {
      const { records, notes } = await ask(site, asked as string)
      expect(records, asked).toMatchObject([{ id: '8', by }])
      expect(notes.join(), asked).toContain(`Section ${section} makes another address of it`)
    }
    expect((await ask(site, '/p/old-name-999999')).records).toEqual([])
    expect((await ask(site, '/p/old-name-99999999999999')).records).toEqual([])
  })
})

describe('a list', () => {
  test('has its page however the address is written, and nobody says that no section makes it', async () => {
    const paths = ['/about', '/de/', '/find?q=x', '/find']
    const sections = { static: { of: 'list', paths }, pages: { of: 'pages', url: '/s/{slug}' } } as const
    const site = await siteOf({ sections })
    const forms = {
      '/about': [
        '/about',
        '/about/',
        '/about?utm=1',
        `${SITE}/about?gclid=1`,
        '/about#x',
        'about',
        `${SITE}/about/?a=b#c`,
      ],
      '/de/': ['/de', '/de/', '/de?x=1', `${SITE}/de`],
      '/find?q=x': ['/find?q=x'],
      '/find': ['/find?q=y', '/find/'],
    }
    for (const [path, texts] of Object.entries(forms)) {
      for (const text of texts) {
        const { lists, notes } = await ask(site, text)
        expect(lists, text).toMatchObject([{ section: 'static', address: { loc: `${SITE}${path}`, listed: true } }])
        expect(notes, text).toEqual([])
      }
    }
  })

  test('does not have a page that a record has, nor one that a list before it has', async () => {
    const [{ slug }] = await db.query('select slug from page_page where is_published order by id limit 1')
    const pages = { of: 'pages', url: '/s/{slug}' } as const
    const paths = [`/s/${slug}`, '/x']
    const site = await siteOf({
      sections: { first: { of: 'list', paths }, pages, second: { of: 'list', paths: ['/x'] } },
    })
    const locs = await publish(site)
    expect(locs.filter(loc => loc.endsWith(`/s/${slug}`))).toHaveLength(1)
    const shared = await ask(site, `/s/${slug}`)
    expect(shared.records).toMatchObject([{ listed: true }])
    expect(shared.lists).toMatchObject([
      { section: 'first', address: { listed: false, why: 'taken', takenBy: { section: 'pages', slug } } },
    ])
    expect((await ask(site, '/x')).lists).toMatchObject([
      { section: 'first', address: { listed: true } },
      { section: 'second', address: { listed: false, why: 'taken', takenBy: { section: 'first', id: null } } },
    ])
  })
})

describe('an address that two records have', () => {
  test('is told of the one that a run lists, and the other is told whose it is', async () => {
    const rows = await db.query(
      `select p.id, p.slug from product_product p join product_productchannellisting l on l.product_id = p.id and l.channel_id = 1
       where l.is_published and l.published_at < now() and p.slug ~ '^[a-z0-9-]+$' and exists (
         select from product_productvariant v join product_productvariantchannellisting vl on vl.variant_id = v.id
         where v.product_id = p.id and vl.channel_id = 1 and vl.price_amount is not null) order by p.id limit 2`,
    )
    const [first, second] = rows
    await db.query('delete from product_producttranslation where product_id = any ($1)', [[first.id, second.id]])
    // The later one has its own slug; the earlier one is called so in German.
    await db.query(
      "insert into product_producttranslation (language_code, product_id, name, slug) values ('de', $1, 'Gleich', $2)",
      [first.id, second.slug],
    )
    const site = await siteOf({
      sections: { products: { of: 'products', url: '/p/{slug}' } },
      locales: LOCALES,
    })
    const locs = await publish(site)
    const loc = `${SITE}/de/p/${second.slug}`
    expect(locs.filter(each => each === loc)).toHaveLength(1)
    const explanation = await ask(site, loc)
    expect(explanation.records.map(({ id }) => id)).toEqual([String(first.id), String(second.id)])
    expect(listedIn(explanation).filter(each => each.endsWith(loc))).toEqual([`products ${first.id} ${loc}`])
    const [own] = (await ask(site, second.slug)).records.filter(({ id }) => id === String(second.id))
    expect(own?.sections[0]?.addresses).toMatchObject([
      { hreflang: 'en', listed: true },
      {
        ...{ hreflang: 'de', listed: false, loc, why: 'taken' },
        takenBy: { section: 'products', id: String(first.id), slug: first.slug, hreflang: 'de' },
      },
    ])
    const text = explanationText(await ask(site, second.slug), createOutput({ color: false }))
    expect(text).toContain(`✗ ${loc} (de)\n        another record has it: products ${first.slug} (id ${first.id}, de)`)
    // It is listed again as soon as the first is hidden.
    const hide = 'update product_productchannellisting set is_published = $2 where product_id = $1'
    await db.query(hide, [first.id, false])
    expect(listedIn(await ask(site, loc))).toContain(`products ${second.id} ${loc}`)
    await db.query(hide, [first.id, true])
  })

  test('and of one that very many have, the one that has it is among those shown', async () => {
    const site = await siteOf({ sections: { only: { of: 'products', url: '/c/{productType.slug}' } } })
    const locs = await publish(site)
    for (const loc of locs) {
      const explanation = await ask(site, loc)
      expect(explanation.records.length).toBeLessThanOrEqual(11)
      expect(listedIn(explanation)).toHaveLength(1)
    }
    expect((await ask(site, locs[0] as string)).notes.join()).toMatch(/\d+ records have this address/)
  })
})

describe('what was copied with slips', () => {
  test('is found all the same, and the slips are told', async () => {
    const [{ slug }] = await db.query(`select slug from product_product where slug ~ '^[a-z-]+[0-9]*$' limit 1`)
    const sections = { products: { of: 'products', url: '/p/{slug}?a=1&b=2' } } as const
    const site = await siteOf({ sections })
    const loc = `${SITE}/p/${slug}?a=1&b=2`
    for (const [asked, told] of [
      [` ${loc.replace('&', '&amp;')} `, '"&"'],
      [loc.replace('/p/', '//p//'), 'single slashes'],
      [loc.toUpperCase(), 'lower case'],
      [slug.toUpperCase(), 'lower case'],
    ]) {
      const { records, notes } = await ask(site, asked as string)
      expect(
        records.map(record => record.slug),
        asked,
      ).toEqual([slug])
      expect(notes.join(), asked).toContain(told)
    }
    expect((await ask(site, `shop.example.com/p/${slug}?a=1&b=2`)).records).toMatchObject([{ slug, by: 'address' }])
    expect((await ask(site, 'nothing-of-the-kind')).notes).toEqual([])
  })
})
