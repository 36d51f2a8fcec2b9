// `storemap diff` on the demo shop: what was done to the shop and to the configuration is the reason that it tells.
import { tmpdir } from 'node:os'
import { afterEach, describe, expect, test } from 'vitest'
import { loadSite } from '../../src/compose.ts'
import type { Configuration } from '../../src/config/configuration.ts'
import type { ExplainedDiff, Removal } from '../../src/explain/removal.ts'
import { diffSite, runSite } from '../../src/operations.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { createDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { createProject, demoShop, SITE } from '../helpers/project.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

type Settings = Partial<Configuration> & Pick<Configuration, 'sections'>

interface Shop {
  readonly db: TestDatabase
  publish(settings: Settings): Promise<void>
  diff(settings: Settings): Promise<ExplainedDiff>
}

/** A copy of the demo shop, and a folder that it is published in. */
async function openShop(): Promise<Shop> {
  const db = await createDatabase({ template: 'demo' })
  const folder = await tempFolder()
  cleanUps.push(
    () => db.drop(),
    () => folder[Symbol.asyncDispose](),
  )
  const siteOf = (settings: Settings) =>
    loadSite({
      config: {
        site: SITE,
        source: { saleor: { database: db.url, channel: 'default-channel' } },
        publish: [{ directory: { path: `${folder.path}/public` } }],
        state: { directory: `${folder.path}/state` },
        ...settings,
      },
      folder: tmpdir(),
      environment: { DATABASE_URL: db.url },
    })
  return {
    db,
    publish: async settings => {
      await runSite(await siteOf(settings))
    },
    diff: async settings => (await diffSite(await siteOf(settings))).report.changes as ExplainedDiff,
  }
}

/** `products rule: rating is not at least 4` by the path of what is removed. */
function reasonsIn({ sections }: ExplainedDiff): Record<string, string> {
  return Object.fromEntries(
    sections.flatMap(({ name, removals }) =>
      removals.map(removal => [decodeURI(removal.loc.slice(SITE.length)), `${name} ${wordsOf(removal)}`]),
    ),
  )
}

function wordsOf({ reason, detail, to }: Omit<Removal, 'section'>): string {
  const about = detail ?? to?.slice(SITE.length)
  return about === undefined ? reason : `${reason}: ${about}`
}

/** With all that hangs on them, as Saleor does it. */
const deleteProducts = (db: TestDatabase, slugs: readonly string[]) =>
  db.query(`do $$ declare gone int[] := array(select id from product_product where slug in (${slugs.map(slug => `'${slug}'`).join()}));
    variants int[] := array(select id from product_productvariant where product_id = any (gone));
    begin
      delete from warehouse_stock where product_variant_id = any (variants);
      delete from product_productvariantchannellisting where variant_id = any (variants);
      delete from attribute_assignedvariantattributevalue where variant_id = any (variants);
      delete from attribute_assignedvariantattribute where variant_id = any (variants);
      update product_product set default_variant_id = null where id = any (gone);
      delete from product_productvariant where id = any (variants);
      delete from product_productchannellisting where product_id = any (gone);
      delete from product_producttranslation where product_id = any (gone);
      delete from product_productmedia where product_id = any (gone);
      delete from product_collectionproduct where product_id = any (gone);
      delete from attribute_assignedproductattributevalue where product_id = any (gone);
      update attribute_attributevalue set reference_product_id = null where reference_product_id = any (gone);
      delete from product_product where id = any (gone);
    end $$`)

const LOCALES = {
  en: { default: true },
  de: { url: '/de{path}', translations: 'de', missing: 'omit' },
} as const

const setStatus = (db: TestDatabase, status: string, where: string) =>
  db.query(`update product_product set private_metadata = jsonb_build_object('pim_status', $1::text) where ${where}`, [
    status,
  ])
const unpublish = (db: TestDatabase, slug: string) =>
  db.query(
    `update product_productchannellisting set is_published = false
     where channel_id = 1 and product_id = (select id from product_product where slug = $1)`,
    [slug],
  )

/** The same with what the state tells, and without. */
const MODES = [
  ['one file', {}],
  ['one file without state', { lastmod: 'none' }],
  ['gzipped shards', { limits: { entries: 60 }, gzip: true }],
  ['gzipped shards without state', { limits: { entries: 60 }, gzip: true, lastmod: 'none' }],
] as const satisfies (readonly [string, Partial<Configuration>])[]

describe.each(MODES)('in %s', (_, settings) => {
  const hasState = !('lastmod' in settings)

  test('each removal has the reason that it was made for, in every kind of section', async () => {
    const { db, publish, diff } = await openShop()
    await publish({ ...demoShop, ...settings })
    await setStatus(db, 'd'.repeat(300), `slug = 'petite-lounge-chair-1'`)
    await db.query(`update product_product set metadata = '{"sitemap": "exclude"}' where slug = 'beech-desk-1'`)
    await unpublish(db, 'oak-dining-table-1')
    await db.query(
      `update product_productvariantchannellisting set price_amount = null where variant_id in (
         select v.id from product_productvariant v join product_product p on p.id = product_id where slug = 'ash-bar-stool-1')`,
    )
    await deleteProducts(db, ['walnut-bistro-table-1', 'oak-rug-1'])
    await db.query(`update product_product set slug = 'brand-new' where slug = 'pine-dining-chair-1'`)
    await db.query(
      `update product_product set category_id = null where category_id = (select id from product_category where slug = 'rugs')`,
    )
    await db.query(`update product_collectionchannellisting set published_at = '2099-01-01Z' where collection_id = 2`)
    await db.query(`update page_page set is_published = false where slug = 'terms'`)
    await db.query(`update page_page set slug = 'help' where slug = 'contact'`)
    const changes = await diff({
      ...demoShop,
      ...settings,
      sections: { ...demoShop.sections, static: { of: 'list', paths: ['/', '/stores', '/contact', '/new'] } },
    })
    expect(reasonsIn(changes)).toEqual({
      '/products/petite-lounge-chair-1': 'products rule: privateMetadata.pim_status is not "ready"',
      '/products/beech-desk-1': 'products rule: metadata.sitemap is "exclude"',
      '/products/oak-dining-table-1': 'products visibility: not published in "default-channel"',
      '/products/ash-bar-stool-1': 'products visibility: no variant with a price in "default-channel"',
      '/products/walnut-bistro-table-1': hasState ? 'products deleted' : 'products gone',
      '/products/oak-rug-1': hasState ? 'products deleted' : 'products gone',
      '/products/pine-dining-chair-1': hasState ? 'products moved: /products/brand-new' : 'products gone',
      '/categories/rugs': 'categories rule: visibleProducts is not at least 1',
      '/collections/new-arrivals': 'collections visibility: publication date in "default-channel" still to come',
      '/pages/terms': 'pages visibility: not published',
      '/pages/contact': hasState ? 'pages moved: /pages/help' : 'pages gone',
      '/about': 'static list',
    })
    const { sections } = changes
    expect(sections.map(({ name, added, removed }) => ({ name, added, removed }))).toEqual([
      { name: 'products', added: 1, removed: 7 },
      { name: 'categories', added: 0, removed: 1 },
      { name: 'collections', added: 0, removed: 1 },
      { name: 'pages', added: 1, removed: 2 },
      { name: 'static', added: 1, removed: 1 },
    ])
    const draft = sections[0]?.removals.find(({ loc }) => loc.endsWith('/petite-lounge-chair-1'))
    expect(draft).toMatchObject({ id: '24', values: { 'privateMetadata.pim_status': [`${'d'.repeat(200)}…`] } })
  })

  test('sections that are no longer configured are the reason, wherever they stood', async () => {
    const { publish, diff } = await openShop()
    const { products, categories, collections, pages } = demoShop.sections
    await publish({ ...demoShop, ...settings })
    const changes = await diff({ ...demoShop, ...settings, sections: { products, categories } })
    expect(changes.sections.map(({ name, removed, reasons }) => [name, removed, reasons])).toEqual([
      ['collections', 5, [{ reason: 'section', count: 5 }]],
      ['pages', 9, [{ reason: 'section', count: 9 }]],
      ['static', 4, [{ reason: 'section', count: 4 }]],
    ])
    // In another order, and one in the place of another.
    const other = await diff({ ...demoShop, ...settings, sections: { pages, shelf: collections, products } })
    expect(other.sections.map(({ name, added, removed }) => [name, added, removed])).toEqual([
      ['categories', 0, expect.any(Number)],
      ['static', 0, 4],
    ])
  })

  test('of hundreds of removals every one is looked at, and they are counted by reason', async () => {
    const { db, publish, diff } = await openShop()
    const listed = `id in (select product_id from product_productchannellisting where channel_id = 1 and is_published)`
    await publish({ ...demoShop, ...settings })
    await setStatus(db, 'draft', `${listed} and id % 2 = 0`)
    await db.query(`update product_product set metadata = '{"sitemap": "exclude"}' where id % 3 = 0`)
    await db.query(`update product_productchannellisting set is_published = false where product_id % 5 = 0`)
    const changes = await diff({ ...demoShop, ...settings })
    const products = changes.sections.find(({ name }) => name === 'products')
    const count = (isOf: (id: number) => boolean): number =>
      (products?.removals ?? []).filter(({ id }) => isOf(Number(id))).length
    expect(products?.removed).toBeGreaterThan(250)
    expect(products).toMatchObject({ notLookedAt: 0, added: 0 })
    expect(products?.removals).toHaveLength(products?.removed as number)
    // Each by the first of its conditions that fails: visibility, then the rule from its beginning.
    const isHidden = (id: number) => id % 5 === 0
    const isDraft = (id: number) => !isHidden(id) && id % 2 === 0
    const isExcluded = (id: number) => !isHidden(id) && !isDraft(id) && id % 3 === 0
    const expected = [
      { reason: 'visibility', detail: 'not published in "default-channel"', count: count(isHidden) },
      { reason: 'rule', detail: 'privateMetadata.pim_status is not "ready"', count: count(isDraft) },
      { reason: 'rule', detail: 'metadata.sitemap is "exclude"', count: count(isExcluded) },
    ]
    expect(products?.reasons).toEqual(expected.sort((a, b) => b.count - a.count))
  })
})

describe.each([
  ['with state', {}],
  ['without state', { lastmod: 'none' }],
] as const satisfies (readonly [string, Partial<Configuration>])[])('%s', (_, settings) => {
  const hasState = !('lastmod' in settings)
  const sections = { products: { of: 'products', url: '/p/{slug}' }, pages: { of: 'pages', url: '/s/{slug}' } } as const

  test('in a language the translation that is gone is the reason, and its new slug', async () => {
    const { db, publish, diff } = await openShop()
    const localized = { ...settings, sections, locales: LOCALES }
    await publish(localized)
    await db.query(`delete from page_pagetranslation where page_id = 2 and language_code = 'de'`)
    await db.query(`delete from page_pagetranslation where page_id = 7 and language_code = 'de'`)
    await db.query(`update page_pagetranslation set slug = 'wir' where page_id = 1 and language_code = 'de'`)
    await db.query(`update page_page set is_published = false where slug = 'shipping'`)
    expect(reasonsIn(await diff(localized))).toEqual({
      // Called so by its own slug, it is found by that; by a slug of its translation alone it is not.
      '/de/s/contact': 'pages not translated: de',
      '/de/s/pflegehinweise': hasState ? 'pages not translated: de' : 'pages gone',
      '/de/s/ueber-uns': hasState ? 'pages moved: /de/s/wir' : 'pages gone',
      '/s/shipping': 'pages visibility: not published',
      '/de/s/versand': 'pages visibility: not published',
    })
  })

  test('a locale that is no longer configured is the reason', async () => {
    const { publish, diff } = await openShop()
    await publish({ ...settings, sections, locales: LOCALES })
    const { sections: changed, removed } = await diff({ ...settings, sections, locales: { en: LOCALES.en } })
    expect(removed).toBeGreaterThan(100)
    expect(changed.flatMap(({ reasons }) => reasons.map(({ reason, detail }) => [reason, detail]))).toEqual(
      hasState
        ? [
            ['locale', 'de'],
            ['locale', 'de'],
          ]
        : [
            ['unknown', undefined],
            ['unknown', undefined],
          ],
    )
  })

  test('another channel of a locale is judged for itself', async () => {
    const { db, publish, diff } = await openShop()
    const polish = { url: '/pl{path}', channel: 'channel-pln' }
    const localized = {
      ...settings,
      sections: { products: sections.products },
      locales: { en: LOCALES.en, pl: polish },
    }
    await publish(localized)
    await db.query(
      `update product_productchannellisting set is_published = false where channel_id = 2 and product_id in (24, 26)`,
    )
    expect(reasonsIn(await diff(localized))).toEqual({
      '/pl/p/petite-lounge-chair-1': 'products visibility: not published in "channel-pln"',
      '/pl/p/walnut-bistro-table-1': 'products visibility: not published in "channel-pln"',
    })
  })

  test('where the URL of a section is another, all have moved', async () => {
    const { publish, diff } = await openShop()
    await publish({ ...settings, sections })
    const other = { ...sections, pages: { of: 'pages', url: '/help/{slug}.html' } } as const
    const { sections: changed } = await diff({ ...settings, sections: other })
    expect(changed).toMatchObject([{ name: 'pages', added: 9, removed: 9, reasons: [{ reason: 'moved', count: 9 }] }])
    for (const { loc, to } of changed[0]?.removals ?? []) expect(to).toBe(`${loc.replace('/s/', '/help/')}.html`)
  })

  test('an id in the address says that its record was deleted, and where it is otherwise', async () => {
    const { db, publish, diff } = await openShop()
    const numbered = { ...settings, sections: { products: { of: 'products', url: '/p/{name|slugify}-{id}' } } } as const
    await publish(numbered)
    await deleteProducts(db, ['walnut-bistro-table-1'])
    await db.query(`update product_product set name = 'Brand new' where id = 27`)
    await unpublish(db, 'oak-dining-table-1')
    expect(reasonsIn(await diff(numbered))).toEqual({
      '/p/walnut-bistro-table-1-26': 'products deleted',
      '/p/pine-dining-chair-1-27': 'products moved: /p/brand-new-27',
      '/p/oak-dining-table-1-25': 'products visibility: not published in "default-channel"',
    })
  })

  test("so does whatever else in it is the record's alone, whatever the rest of the address says now", async () => {
    const { db, publish, diff } = await openShop()
    const several = {
      ...settings,
      sections: {
        placed: {
          of: 'products',
          url: '/c/{category.slug}/{slug}',
          where: { 'category.slug': { exists: true } },
        },
        global: { of: 'products', url: '/v/{globalId}/{name|slugify}', where: { id: { lt: 400 } } },
        foreign: {
          of: 'products',
          url: '/x/{externalReference}/{name|slugify}',
          where: { externalReference: { exists: true } },
        },
      },
    } as const
    await publish(several)
    const globalId = (id: number) => encodeURIComponent(Buffer.from(`Product:${id}`).toString('base64'))
    await db.query(`update product_product set category_id = 6, name = 'Brand new' where id = 27`)
    await unpublish(db, 'oak-dining-table-1')
    await deleteProducts(db, ['walnut-bistro-table-1', 'oak-rug-1'])
    const reasons = Object.fromEntries(
      Object.entries(reasonsIn(await diff(several))).map(([path, reason]) => [
        path.replace(/^(\/c\/)[^/]+/, '$1*'),
        reason,
      ]),
    )
    const hidden = 'visibility: not published in "default-channel"'
    const lost = hasState ? 'deleted' : 'gone'
    const at = (id: number, name: string) => decodeURI(`/v/${globalId(id)}/${name}`)
    expect(reasons).toEqual({
      '/c/*/pine-dining-chair-1': 'placed moved: /c/tables/pine-dining-chair-1',
      '/c/*/oak-dining-table-1': `placed ${hidden}`,
      '/c/*/walnut-bistro-table-1': `placed ${lost}`,
      '/c/*/oak-rug-1': `placed ${lost}`,
      [at(27, 'pine-dining-chair-1')]: `global moved: /v/${globalId(27)}/brand-new`,
      [at(25, 'oak-dining-table-1')]: `global ${hidden}`,
      [at(26, 'walnut-bistro-table-1')]: 'global deleted',
      [at(37, 'oak-rug-1')]: 'global deleted',
      '/x/ERP-00027/pine-dining-chair-1': 'foreign moved: /x/ERP-00027/brand-new',
      '/x/ERP-00025/oak-dining-table-1': `foreign ${hidden}`,
      '/x/ERP-00037/oak-rug-1': `foreign ${lost}`,
    })
  })

  test('an address of which no part is unique is looked for in all records', async () => {
    const { db, publish, diff } = await openShop()
    const named = {
      ...settings,
      addresses: 'warn',
      sections: { products: { of: 'products', url: '/{category.slug}/{name|slugify}' } },
    } as const
    await publish(named)
    const [{ category }] = await db.query(
      `select c.slug as category from product_product p join product_category c on c.id = p.category_id where p.id = 25`,
    )
    await unpublish(db, 'oak-dining-table-1')
    await deleteProducts(db, ['walnut-bistro-table-1'])
    await db.query(`update product_product set category_id = null where id = 27`)
    await db.query(`update product_product set name = 'Brand new' where id = 28`)
    // Of that name there is one already.
    await db.query(
      `update product_product p set name = o.name, category_id = o.category_id from product_product o where p.id = 37 and o.id = 24`,
    )
    const changes = await diff(named)
    const reasons = reasonsIn(changes)
    const at = (path: string) => Object.entries(reasons).find(([own]) => own.endsWith(path))?.[1]
    expect(reasons[`/${category}/oak-dining-table-1`]).toBe('products visibility: not published in "default-channel"')
    expect(at('/walnut-bistro-table-1')).toBe(hasState ? 'products deleted' : 'products gone')
    expect(at('/pine-dining-chair-1')).toBe(hasState ? 'products empty: category.slug' : 'products gone')
    expect(at('/ash-bar-stool-1')).toMatch(hasState ? /^products moved: .*\/brand-new$/ : /^products gone$/)
    expect(at('/oak-rug-1')).toBe(hasState ? 'products taken' : 'products gone')
    const taken = changes.sections[0]?.removals.find(({ reason }) => reason === 'taken')
    if (hasState) expect(taken?.takenBy).toMatchObject({ section: 'products', id: '24' })
  })

  test('of an entry whose section stays open the reason says which it was', async () => {
    const { db, publish, diff } = await openShop()
    const { products } = sections
    // Both have their pages in one folder, and nothing of either stays.
    const flat = (of: 'pages' | 'collections') => ({ of, url: '/{slug}' }) as const
    await publish({ ...settings, sections: { products, texts: flat('pages'), shelves: flat('collections') } })
    await db.query(`update page_page set is_published = false`)
    await db.query(`update product_collectionchannellisting set is_published = false`)
    const changes = await diff({
      ...settings,
      sections: { products, texts: flat('pages'), shelves: flat('collections') },
    })
    expect(changes.sections.map(({ name, removed, reasons }) => [name, removed, reasons])).toEqual([
      ['texts', 9, [{ reason: 'visibility', detail: 'not published', count: 9 }]],
      ['shelves', 5, [{ reason: 'visibility', detail: 'not published in "default-channel"', count: 5 }]],
    ])
    // No longer configured, it is not told which of the two it was.
    const none = await diff({ ...settings, sections: { products } })
    const counts = none.sections.flatMap(({ reasons }) => reasons)
    expect(counts.every(({ reason }) => reason === 'section')).toBe(true)
    expect(counts.reduce((sum, { count }) => sum + count, 0)).toBe(14)
  })
})

test('another site is the reason for all that it had', async () => {
  const { publish, diff } = await openShop()
  await publish(demoShop)
  const { sections } = await diff({ ...demoShop, site: 'https://new.example.com' })
  const reasons = sections.flatMap(each => each.reasons)
  expect(new Set(reasons.map(({ reason, detail }) => `${reason}: ${detail}`))).toEqual(new Set([`site: ${SITE}`]))
})

test('of thousands of removals some are looked at, from all sections, and the others are counted', async () => {
  const { publish, diff } = await openShop()
  const { pages } = demoShop.sections
  const many = Array.from({ length: 2_500 }, (_, index) => `/page-${index}`)
  await publish({ sections: { pages, static: { of: 'list', paths: many } } })
  const { removed, sections } = await diff({
    sections: { pages: { ...pages, where: { slug: 'terms' } }, static: { of: 'list', paths: ['/page-0'] } },
  })
  expect(removed).toBe(2_507)
  expect(sections).toMatchObject([
    { name: 'pages', removed: 8, notLookedAt: 0, reasons: [{ detail: 'slug is not "terms"', count: 8 }] },
    { name: 'static', removed: 2_499, notLookedAt: 2_499 - 992, reasons: [{ reason: 'list', count: 992 }] },
  ])
})

test('where nothing was published, all is new, by section', async () => {
  const { diff } = await openShop()
  const changes = await diff(demoShop)
  expect(changes.added).toBe(changes.sections.reduce((sum, { added }) => sum + added, 0))
  expect(changes.sections.map(({ name, added, examples }) => [name, added, examples.added.length])).toEqual([
    ['products', 350, 5],
    ['categories', expect.any(Number), 5],
    ['collections', 5, 5],
    ['pages', 9, 5],
    ['static', 4, 4],
  ])
})

test('what was one file and becomes shards is told apart by section all the same', async () => {
  const { db, publish, diff } = await openShop()
  await publish(demoShop)
  await unpublish(db, 'oak-dining-table-1')
  await deleteProducts(db, ['walnut-bistro-table-1'])
  await db.query(`update page_page set is_published = false where slug = 'terms'`)
  const changes = await diff({ ...demoShop, limits: { entries: 60 }, gzip: true })
  expect(changes).toMatchObject({ added: 0, removed: 3 })
  expect(reasonsIn(changes)).toEqual({
    '/products/oak-dining-table-1': 'products visibility: not published in "default-channel"',
    '/products/walnut-bistro-table-1': 'products deleted',
    '/pages/terms': 'pages visibility: not published',
  })
})

test('the program tells people each reason with examples, and programs all of it; a run tells the changes alone', async () => {
  await using project = await createProject({ withDatabase: true })
  const db = project.database as TestDatabase
  const configuration = { ...demoShop, publish: [{ git: { repo: '../sitemap.git' } }] }
  await project.configure(configuration)
  expect((await project.run(['run'])).code).toBe(0)
  await setStatus(db, 'draft', 'id in (31, 32, 33)')
  // It could clear a screen.
  await setStatus(db, 'half\u009b2Jdone', 'id = 24')
  await unpublish(db, 'oak-dining-table-1')
  await db.query(`update product_product set slug = 'brand-new' where id = 27`)
  await db.query(`update page_page set title = 'Terms of sale' where slug = 'terms'`)
  const { static: list, ...sections } = demoShop.sections
  await project.configure({ ...configuration, sections })

  const json = await project.run(['diff', '--json'])
  expect(json.code).toBe(0)
  const { changes, held } = JSON.parse(json.stdout)
  expect(held).toMatchObject({ code: 'BUNDLE_SHRUNK' })
  expect(changes).toMatchObject({ added: 1, removed: 10, changed: 1 })
  expect(changes.sections[0]).toEqual({
    name: 'products',
    added: 1,
    removed: 6,
    changed: 0,
    examples: { added: [`${SITE}/products/brand-new`], removed: expect.any(Array), changed: [] },
    reasons: [
      { reason: 'rule', detail: 'privateMetadata.pim_status is not "ready"', count: 4 },
      { reason: 'visibility', detail: 'not published in "default-channel"', count: 1 },
      { reason: 'moved', count: 1 },
    ],
    removals: expect.arrayContaining([
      {
        loc: `${SITE}/products/petite-lounge-chair-1`,
        id: '24',
        reason: 'rule',
        detail: 'privateMetadata.pim_status is not "ready"',
        values: { 'privateMetadata.pim_status': ['half\u009b2Jdone'] },
      },
      {
        loc: `${SITE}/products/pine-dining-chair-1`,
        id: '27',
        reason: 'moved',
        to: `${SITE}/products/brand-new`,
      },
    ]),
    notLookedAt: 0,
  })

  const text = await project.run(['diff'])
  expect(text.code).toBe(0)
  expect(text.stdout).toContain(`
  products
    + 1 added
        /products/brand-new
    - 6 removed
      4  privateMetadata.pim_status is not "ready"
           /products/petite-lounge-chair-1  "half\\u009b2Jdone"
           /products/rustic-bookcase-1  "draft"
           /products/slim-wall-shelf-1  "draft"
           and 1 more
      1  not published in "default-channel"
           /products/oak-dining-table-1  listing.isPublished: false
      1  at another address now
           /products/pine-dining-chair-1 → /products/brand-new
  pages
    ~ 1 changed
        /pages/terms
  static
    - 4 removed
      4  the section is no longer configured
           /
           /about
           /contact
           and 1 more
`)
  expect(text.stdout).not.toContain('\u009b')

  await project.configure({ ...configuration, sections: { ...sections, static: list } })
  const run = JSON.parse((await project.run(['run', '--json'])).stdout)
  expect(run.changes).toMatchObject({ added: 1, removed: 6, changed: 1 })
  expect(run.changes.sections.map(({ name, removed }: { name: string; removed: number }) => [name, removed])).toEqual([
    ['products', 6],
    ['pages', 0],
  ])
  expect(run.changes.sections[0]).not.toHaveProperty('reasons')
  const again = await project.run(['diff'])
  expect(again.stdout).toContain('A run would change nothing.')
  expect(again.stdout).not.toContain('removed')
  expect(await project.leftovers()).toEqual([])
})
