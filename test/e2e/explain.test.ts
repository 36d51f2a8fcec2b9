// storemap explain, as people and programs have it: from a URL, a path, a slug or an id to the reason.
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Explanation } from '../../src/explain/explanation.ts'
import { createProject, demoShop, type Project, SITE } from '../helpers/project.ts'

const CONFIGURATION = {
  ...demoShop,
  sections: {
    ...demoShop.sections,
    plain: { of: 'categories', url: '/c/{path}', where: { 'parent.slug': { exists: false } } },
  },
  limits: { entries: 40 },
  publish: [{ git: { repo: '../sitemap.git' } }],
} as const

describe('explain', () => {
  let project: Project
  beforeAll(async () => {
    project = await createProject({ withDatabase: true })
    await project.configure(CONFIGURATION)
    expect((await project.run(['run', '--quiet'])).code).toBe(0)
  })
  afterAll(() => project[Symbol.asyncDispose]())

  const explain = async (asked: string): Promise<Explanation> => {
    const { code, stdout, stderr } = await project.run(['explain', asked, '--json'])
    expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' })
    return JSON.parse(stdout)
  }
  const query = (sql: string, values: unknown[] = []) => project.database?.query(sql, values) ?? Promise.resolve([])

  test('finds the same product by its URL, its path, its slug and its ids, and says in which file it is published', async () => {
    const [{ id, slug }] = await query(`select p.id, p.slug from product_product p where p.id = 8`)
    const globalId = Buffer.from(`Product:${id}`).toString('base64')
    const loc = `${SITE}/products/${slug}`
    const asked = [loc, `/products/${slug}`, `products/${slug}`, `${loc}/`, `${loc}?utm_source=x#top`, slug, globalId]
    for (const text of asked) {
      const { records } = await explain(text)
      expect(records, text).toHaveLength(1)
      expect(records[0]).toMatchObject({ of: 'products', id: String(id), slug, listed: true })
      const [section] = records[0]?.sections ?? []
      const file = section?.addresses[0]?.published?.file ?? ''
      expect(section).toMatchObject({ section: 'products', listed: true, addresses: [{ loc, listed: true }] })
      expect(file).toMatch(/^sitemap-products-\d+\.xml$/)
      expect(String(await project.repository.read(file))).toContain(`<loc>${loc}</loc>`)
      expect(section?.lastmod).toMatchObject({
        value: expect.stringMatching(/Z$/),
        why: expect.stringContaining('as it is published'),
      })
    }
  })

  test('finds products whose slugs need encoding, however the address is written', async () => {
    for (const n of [50, 100, 150, 200, 250, 300, 350, 400]) {
      const [{ slug }] = await query('select slug from product_product where id = $1', [n])
      for (const text of [
        `${SITE}/products/${encodeURIComponent(slug)}`,
        ...(/[/?#%]/.test(slug) ? [] : [`/products/${slug}`]),
      ]) {
        const { records } = await explain(text)
        expect(
          records.map(({ id, by }) => [id, by]),
          text,
        ).toEqual([[String(n), 'address']])
      }
    }
  })

  test('shows a tree in which each node is marked, with the values that decided', async () => {
    const [{ id, slug }] = await query(
      `select id, slug from product_product where metadata ->> 'sitemap' = 'exclude' and private_metadata ->> 'pim_status' = 'ready'
       and exists (select from product_productchannellisting l where l.product_id = product_product.id and l.channel_id = 1
         and l.visible_in_listings and l.is_published and l.published_at < now()) order by id limit 1`,
    )
    const { stdout, code } = await project.run(['explain', slug])
    expect(code).toBe(0)
    expect(stdout).toContain(`product ${id}, slug ${slug}`)
    expect(stdout).toContain('section products: not in the sitemap')
    expect(stdout).toMatch(/✓ privateMetadata\.pim_status is "ready" {2}"ready"/)
    expect(stdout).toMatch(/✗ not\n\s+✓ metadata\.sitemap is "exclude" {2}"exclude"/)
    expect(stdout).toContain(`✗ ${SITE}/products/`)
    const { records } = await explain(slug)
    expect(records[0]?.sections[0]?.judgements[0]).toMatchObject({
      channel: 'default-channel',
      listed: false,
      rule: { kind: 'and', holds: false },
    })
    expect(records[0]?.sections[0]?.addresses[0]?.published).toBeNull()
  })

  test('tells what the next run adds and removes', async () => {
    const slugs = await query(`select slug from product_product where id in (8, 9) order by id`)
    const hide = 'update product_productchannellisting set is_published = $1 where product_id = 8 and channel_id = 1'
    await query(hide, [false])
    const { stdout } = await project.run(['explain', slugs[0].slug])
    expect(stdout).toMatch(/published in sitemap-products-\d+\.xml.*: the next run removes it/)
    expect(stdout).toContain('✗ not published in "default-channel"')
    await query(hide, [true])
    await query("update product_product set slug = 'renamed-9' where id = 9")
    expect((await project.run(['explain', 'renamed-9'])).stdout).toContain('not published yet: the next run adds it')
    await query('update product_product set slug = $1 where id = 9', [slugs[1].slug])
  })

  test('tells a record that two sections list, a list, and a kind that no section lists', async () => {
    const furniture = await explain('furniture')
    const sections = furniture.records.find(({ of }) => of === 'categories')?.sections
    expect(sections?.map(({ section, addresses }) => [section, addresses[0]?.loc])).toEqual([
      ['categories', `${SITE}/categories/furniture`],
      ['plain', `${SITE}/c/furniture`],
    ])
    const about = await explain('/stores')
    expect(about.lists).toMatchObject([
      {
        section: 'static',
        address: { loc: `${SITE}/stores`, listed: true, published: { file: 'sitemap-static-00.xml' } },
      },
    ])
    await project.configure({
      ...CONFIGURATION,
      sections: { static: demoShop.sections.static, products: CONFIGURATION.sections.products },
    })
    const page = await project.run(['explain', 'about'])
    expect(page.stdout).toContain('no section lists pages')
    expect(page.stdout).toMatch(/✓ published {2}isPublished: true/)
    await project.configure(CONFIGURATION)
  })

  test('tells an address of another host, and one that no template makes', async () => {
    const [{ slug }] = await query('select slug from product_product where id = 8')
    const foreign = await explain(`https://other.example.com/products/${slug}`)
    expect(foreign.notes.join()).toContain('https://other.example.com')
    expect(foreign.records).toHaveLength(1)
    const old = await explain(`${SITE}/shop/old/${slug}`)
    expect(old.notes.join()).toContain('No section makes this address')
    expect(old.records[0]).toMatchObject({ id: '8', by: 'slug' })
  })

  test('of nothing it says so, with what is near, and exits 1', async () => {
    const [{ slug }] = await query('select slug from product_product where id = 8')
    const none = await project.run(['explain', `${slug.slice(0, -1)}x`])
    expect(none).toMatchObject({ code: 1, stdout: '' })
    expect(none.stderr).toContain('EXPLAIN_NOTHING_FOUND')
    expect(none.stderr).toContain(slug)
    const json = await project.run(['explain', 'zzzzzz', '--json'])
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'EXPLAIN_NOTHING_FOUND' } })
    expect((await project.run(['explain'])).code).toBe(2)
    for (const blank of ['', '  ']) {
      const { code, stdout } = await project.run(['explain', blank, '--json'])
      expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 2, error: { code: 'OPTION_INVALID' } })
    }
  })

  test('what is nearest comes first', async () => {
    await query("update product_product set slug = 'near-thing-' || id where id between 20 and 29")
    await query("update product_product set slug = 'near-thong' where id = 30")
    const { stderr } = await project.run(['explain', 'near-thang'])
    expect(stderr).toContain('Near are: near-thong, near-thing-')
  })

  test('nothing that the shop or the asker wrote plays tricks on the screen', async () => {
    const [{ name }] = await query('select name from product_product where id = 40')
    await query('update product_product set name = $1, metadata = $2 where id = 40', [
      'Red\u001b[2J\u009b31m\u202ethgil',
      JSON.stringify({ sitemap: 'a\u007f\u009bb' }),
    ])
    const { stdout } = await project.run(['explain', '40'])
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
    const unseen = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/
    expect(stdout).not.toMatch(unseen)
    expect(stdout).toContain('Red\\u001b[2J\\u009b31m\\u202ethgil')
    const none = await project.run(['explain', 'no\u001b[2Jthing\u009b'])
    expect(none.stderr).not.toMatch(unseen)
    expect(none.stderr).toContain('no\\u001b[2Jthing\\u009b')
    await query("update product_product set name = $1, metadata = '{}' where id = 40", [name])
  })

  test('what several sections say alike of visibility is said once', async () => {
    const two = { products: CONFIGURATION.sections.products, again: { of: 'products', url: '/again/{slug}' } } as const
    await project.configure({ ...CONFIGURATION, sections: two })
    const { stdout } = await project.run(['explain', 'Product:8'])
    expect(stdout.match(/✓ published in "default-channel"/g)).toHaveLength(1)
    expect(stdout.indexOf('✓ published in')).toBeLessThan(stdout.indexOf('section products'))
    expect(stdout).toContain('section again')
    await project.configure(CONFIGURATION)
  })

  test('of several sites those of the host answer, and what none has is told once', async () => {
    const inChannel = (channel: string) => ({ saleor: { database: project.database?.url as string, channel } })
    await project.write(
      'sites.json',
      JSON.stringify({
        sections: { products: { of: 'products', url: '/products/{slug}' } },
        sites: {
          us: { site: 'https://us.example.com', source: inChannel('default-channel') },
          pl: { site: 'https://pl.example.com', source: inChannel('channel-pln') },
        },
      }),
    )
    const ask = (...args: string[]) => project.run(['explain', ...args, '--config', 'sites.json', '--json'])
    const sites = async (...args: string[]) => Object.keys(JSON.parse((await ask(...args)).stdout).sites)
    const [{ slug }] = await query(`select slug from product_product where slug ~ '^[a-z0-9-]+$' and id = 8`)
    expect(await sites(`https://pl.example.com/products/${slug}`)).toEqual(['pl'])
    expect(await sites(`pl.example.com/products/${slug}`)).toEqual(['pl'])
    expect(await sites(`https://pl.example.com/products/${slug}`, 'us')).toEqual(['us'])
    expect(await sites(`https://other.example.com/products/${slug}`)).toEqual(['us', 'pl'])
    expect(await sites(slug)).toEqual(['us', 'pl'])
    const none = await ask(`${slug.slice(0, -1)}x`)
    expect(none.code).toBe(1)
    expect(JSON.parse(none.stdout)).toMatchObject({
      error: { code: 'EXPLAIN_NOTHING_FOUND', hint: expect.stringContaining(slug) },
    })
  })

  test('a target that cannot be read costs the file names alone', async () => {
    await project.configure({ ...CONFIGURATION, publish: [{ git: { repo: '../nowhere.git' } }] })
    const { code, stdout, stderr } = await project.run(['explain', '8'])
    expect(code).toBe(0)
    expect(stdout).toContain('in the sitemap')
    expect(stderr).toContain('Where it is published cannot be told')
    await project.configure({ ...demoShop })
    expect((await project.run(['explain', '8'])).code).toBe(0)
    await project.configure(CONFIGURATION)
  })

  test('prints what the README shows', async () => {
    await query(
      "update product_productchannellisting set published_at = '2098-01-01' where product_id = 8 and channel_id = 1",
    )
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
    const [, command = '', shown = ''] = /\$ storemap (explain [^\n]+)\n(.*?) {2}```/s.exec(readme) ?? []
    const { stdout } = await project.run(command.split(' '))
    expect(stdout.trimEnd().split('\n')).toEqual(
      shown
        .trimEnd()
        .split('\n')
        .map(line => line.slice(2)),
    )
  })

  test('leaves nothing behind', async () => {
    expect(await project.leftovers()).toEqual([])
  })
})
