// Which images an entry has, and how their addresses are written: a copy of the demo shop with media of every kind.
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkConfig } from '../../src/config/check.ts'
import type { RecordKind } from '../../src/sources/source.ts'
import { createDatabase, type TestDatabase } from '../helpers/postgres.ts'
import { queryOf, withShop } from './shop-reading.ts'

const MEDIA = 'https://media.example.com/'

let db: TestDatabase
beforeAll(async () => {
  db = await createDatabase({ template: 'demo' })
})
afterAll(() => db?.drop())

/** Images of the records chosen, by their keys; undefined where a record has none. */
async function imagesOf(
  of: RecordKind,
  where: object,
  media = MEDIA,
): Promise<Record<string, readonly string[] | undefined>> {
  const query = { ...queryOf(of, where), images: true }
  return withShop(db.url, { media }, async snapshot => {
    expect(await snapshot.check([query])).toEqual([])
    const found: Record<string, readonly string[] | undefined> = {}
    for await (const records of snapshot.read(query)) for (const { key, images } of records) found[key] = images
    return found
  })
}

interface Media {
  readonly image?: string | null
  readonly url?: string | null
  readonly type?: string
  readonly order?: number | null
  readonly toRemove?: boolean
  readonly alt?: string
  readonly orphan?: boolean
}

/** Product 1 with these media and no other; their ids rise in this order. */
async function withMedia(media: readonly Media[], prefix = MEDIA): Promise<readonly string[] | undefined> {
  await db.query('delete from product_productmedia where product_id = 1')
  for (const { image = null, url = null, type = 'IMAGE', order = null, toRemove = false, alt = '', orphan } of media) {
    await db.query(
      `insert into product_productmedia (product_id, sort_order, type, image, alt, external_url, oembed_data, to_remove)
      values ($1, $2, $3, $4, $5, $6, '{}', $7)`,
      [orphan ? null : 1, order, type, image, alt, url, toRemove],
    )
  }
  return (await imagesOf('products', { id: 1 }, prefix))['1']
}

describe('the images of a product', () => {
  test('come in the order of the shop: those without a place last, then by id', async () => {
    const images = await withMedia([
      { image: 'last-1.jpg' },
      { image: 'b.jpg', order: 1 },
      { image: 'a.jpg', order: 0 },
      { image: 'b-2.jpg', order: 1 },
      { image: 'last-2.jpg', order: null },
      { image: 'first.jpg', order: -1 },
    ])
    expect(images).toEqual(['first', 'a', 'b', 'b-2', 'last-1', 'last-2'].map(name => `${MEDIA}${name}.jpg`))
  })

  test('are no videos, nothing that is to be removed, and nothing of no product', async () => {
    const images = await withMedia([
      { image: 'video.jpg', type: 'VIDEO' },
      { url: 'https://www.youtube.com/watch?v=1', type: 'VIDEO' },
      { image: 'removed.jpg', toRemove: true },
      { image: 'orphan.jpg', orphan: true },
      { image: 'kept.jpg', alt: '<"alt" & all>' },
      { image: 'also-kept.jpg', alt: '' },
    ])
    expect(images).toEqual([`${MEDIA}kept.jpg`, `${MEDIA}also-kept.jpg`])
  })

  test('may be elsewhere, whether their path is empty or not there', async () => {
    const images = await withMedia([
      { image: '', url: 'https://img.example.com/1.jpg?w=1&h=2' },
      { image: null, url: 'http://img.example.com/2.jpg' },
      { image: 'own.jpg', url: 'https://img.example.com/not-this.jpg' },
      { image: '', url: '' },
      { image: null, url: null },
    ])
    expect(images).toEqual(['https://img.example.com/1.jpg?w=1&h=2', 'http://img.example.com/2.jpg', `${MEDIA}own.jpg`])
  })

  test.each([
    'not an address',
    '//img.example.com/1.jpg',
    'ftp://img.example.com/1.jpg',
    'data:image/png;base64,AAAA',
    'javascript:alert(1)',
    'https://user:word@img.example.com/1.jpg',
    'https://',
    'https://exa mple.com/1.jpg',
  ])('that have no public address are passed over: %s', async url => {
    expect(await withMedia([{ url }, { image: 'good.jpg' }])).toEqual([`${MEDIA}good.jpg`])
    expect((await withMedia([{ url }])) ?? []).toEqual([])
  })

  test.each([
    ['two words.jpg', 'two%20words.jpg'],
    ['größe.jpg', 'gr%C3%B6%C3%9Fe.jpg'],
    ['東京/🎉.jpg', '%E6%9D%B1%E4%BA%AC/%F0%9F%8E%89.jpg'],
    [`it's "big" <xl>.jpg`, 'it%27s%20%22big%22%20%3Cxl%3E.jpg'],
    ['100%.jpg', '100%25.jpg'],
    ['50%20off.jpg', '50%2520off.jpg'],
    ['what?-#1.jpg', 'what%3F-%231.jpg'],
    ['a&b+c=d.jpg', 'a%26b%2Bc%3Dd.jpg'],
    ['back\\slash.jpg', 'back%5Cslash.jpg'],
    ['/leading/slash.jpg', 'leading/slash.jpg'],
    [' edges ', '%20edges%20'],
  ])('at the path %j are at %s, however odd it is', async (image, path) => {
    expect(await withMedia([{ image }])).toEqual([`${MEDIA}${path}`])
  })

  test.each([
    ['https://img.example.com/größe.jpg', 'https://img.example.com/gr%C3%B6%C3%9Fe.jpg'],
    ['https://größe.example.com/1.jpg', 'https://xn--gre-6ka8i.example.com/1.jpg'],
    [`https://img.example.com/it's.jpg?q='x'`, 'https://img.example.com/it%27s.jpg?q=%27x%27'],
    ['https://img.example.com/a b.jpg', 'https://img.example.com/a%20b.jpg'],
    ['https://img.example.com/a%20b.jpg', 'https://img.example.com/a%20b.jpg'],
    ['HTTPS://IMG.example.com/1.jpg', 'https://img.example.com/1.jpg'],
  ])('elsewhere at %s are named %s', async (url, loc) => {
    expect(await withMedia([{ url }])).toEqual([loc])
  })

  test('are named once each, however often the shop has them', async () => {
    const media = [{ image: 'a.jpg' }, { image: 'b.jpg' }, { image: 'a.jpg' }, { url: `${MEDIA}b.jpg` }]
    expect(await withMedia(media)).toEqual([`${MEDIA}a.jpg`, `${MEDIA}b.jpg`])
  })

  test('are the first 1,000, which is as many as are read', async () => {
    await db.query('delete from product_productmedia where product_id = 1')
    await db.query(
      `insert into product_productmedia (product_id, sort_order, type, image, alt, oembed_data, to_remove)
      select 1, 1200 - k, 'IMAGE', 'many/' || k || '.jpg', '', '{}', false from generate_series(1, 1200) k`,
    )
    const images = (await imagesOf('products', { id: 1 }))['1']
    expect(images).toHaveLength(1_000)
    expect([images?.[0], images?.at(-1)]).toEqual([`${MEDIA}many/1200.jpg`, `${MEDIA}many/201.jpg`])
  })

  test.each([
    ['https://media.example.com', 'https://media.example.com/a/b.jpg'],
    ['https://media.example.com/', 'https://media.example.com/a/b.jpg'],
    ['https://media.example.com//', 'https://media.example.com/a/b.jpg'],
    ['https://example.com/media', 'https://example.com/media/a/b.jpg'],
    ['https://example.com/media/', 'https://example.com/media/a/b.jpg'],
    ['http://localhost:8000/media/', 'http://localhost:8000/media/a/b.jpg'],
  ])('begin at %s: %s', async (media, loc) => {
    expect(await withMedia([{ image: 'a/b.jpg' }], media)).toEqual([loc])
  })
})

describe('of the demo shop,', () => {
  test('every product has the images that its own tables name', async () => {
    const expected = await db.query(`select product_id::text as key, array_agg(
        case when image <> '' then '${MEDIA}' || image else external_url end order by sort_order nulls last, id) as images
      from product_productmedia where product_id > 1 and type = 'IMAGE' and not to_remove group by product_id`)
    const { 1: _, ...found } = await imagesOf('products', {})
    const withImages = Object.entries(found).filter(([, images]) => images !== undefined)
    expect(expected.length).toBeGreaterThan(400)
    expect(Object.fromEntries(withImages)).toEqual(Object.fromEntries(expected.map(({ key, images }) => [key, images])))
    expect(Object.keys(found).length).toBeGreaterThan(withImages.length)
    expect(withImages.flatMap(([, images]) => images).filter(loc => !loc?.startsWith(MEDIA)).length).toBe(10)
  })

  test.each(['categories', 'collections'] as const)('%s have their background, where there is one', async of => {
    const table = of === 'categories' ? 'product_category' : 'product_collection'
    const rows = await db.query(`select id::text as key, background_image as path from ${table}`)
    const expected = rows.map(({ key, path }) => [key, path ? [`${MEDIA}${path}`] : undefined])
    expect(await imagesOf(of, {})).toEqual(Object.fromEntries(expected))
    expect(expected.filter(([, images]) => images).length).toBeGreaterThan(1)
  })

  test('a background with an odd name is named as any other image', async () => {
    await db.query(`update product_collection set background_image = 'größe & "maß".jpg' where id = 9`)
    expect((await imagesOf('collections', { id: 9 }))['9']).toEqual([
      `${MEDIA}gr%C3%B6%C3%9Fe%20%26%20%22ma%C3%9F%22.jpg`,
    ])
  })

  test('pages have no images to ask for', async () => {
    const problems = await withShop(db.url, { media: MEDIA }, snapshot =>
      snapshot.check([{ ...queryOf('pages', {}), images: true }]),
    )
    expect(problems).toEqual([{ path: 'sections.pages.images', message: 'Saleor keeps no images of pages.' }])
  })

  test('nothing has images that were not asked for', async () => {
    await withShop(db.url, { media: MEDIA }, async snapshot => {
      const query = queryOf('products', {})
      await snapshot.check([query])
      for await (const records of snapshot.read(query))
        expect(records.every(record => !('images' in record))).toBe(true)
    })
  })
})

describe('a configuration with images', () => {
  const problemsOf = async (sections: object, media?: string) => {
    const saleor = {
      database: 'postgres://reader@127.0.0.1:9/saleor',
      channel: 'c',
      ...(media !== undefined && { media }),
    }
    return (await checkConfig({ site: 'https://shop.example.com', source: { saleor }, sections }, tmpdir(), {}))
      .problems
  }
  const products = { of: 'products', url: '/p/{slug}', images: true }

  test.each(['https://media.example.com', 'http://localhost:8000/media/'])('has no mistake with %s', async media => {
    expect(await problemsOf({ p: products }, media)).toEqual([])
  })

  test.each([
    undefined,
    '',
    '/media/',
    'media.example.com',
    'ftp://media.example.com/',
    'https://media.example.com/?v=1',
    'https://media.example.com/#top',
    'https://user:word@media.example.com/',
  ])('needs an address at which they begin, which %j is not', async media => {
    const [problem, ...others] = await problemsOf({ p: products }, media)
    expect(problem).toMatchObject({
      path: 'source.saleor.media',
      message: expect.stringContaining('Expected the address'),
    })
    expect(others).toEqual([])
  })

  test('needs none where no section has images', async () => {
    expect(await problemsOf({ p: { ...products, images: false } })).toEqual([])
  })

  test('cannot have them of pages', async () => {
    expect(await problemsOf({ p: { of: 'pages', url: '/{slug}', images: true } }, MEDIA)).toEqual([
      { path: 'sections.p.images', message: 'Saleor keeps no images of pages.' },
    ])
  })

  test('tells a missing address once, however many sections want it', async () => {
    const problems = await problemsOf({ p: products, q: { ...products, of: 'categories' } })
    expect(problems.map(({ path }) => path)).toEqual(['source.saleor.media'])
  })
})

test('an address is written as one, wherever the image is', async () => {
  const odd = [
    { url: 'https://cdn.example.com/a.png#top' },
    { url: 'https://cdn.example.com/100%.png' },
    { url: 'https://cdn.example.com/[x]|^.png' },
    { url: `https://cdn.example.com/${'é'.repeat(1_000)}.png` },
    { image: '../../etc/x.jpg' },
    { image: './a/../b.jpg' },
    { image: 'products/ok.jpg' },
  ]
  expect(await withMedia(odd)).toEqual([
    'https://cdn.example.com/a.png',
    'https://cdn.example.com/100%25.png',
    'https://cdn.example.com/%5Bx%5D%7C%5E.png',
    `${MEDIA}products/ok.jpg`,
  ])
})
