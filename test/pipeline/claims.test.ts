// Two records at one address, and records without one.
import { afterEach, describe, expect, test } from 'vitest'
import { buildBundle } from '../../src/pipeline/build.ts'
import { watchClaims } from '../../src/pipeline/claims.ts'
import type { Address, Job, RecordSection } from '../../src/pipeline/job.ts'
import { parseTemplate, type UrlTemplate } from '../../src/sitemap/url-template.ts'
import type { AddressQuery, AddressValues, RecordQuery, Snapshot, SourceRecord } from '../../src/sources/source.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { locsOf } from '../helpers/project.ts'
import { readXml } from '../oracles/bundle-files.ts'
import { linkFaults, readLinkedPages } from '../oracles/linked-pages.ts'
import { list, makeJob, NOW, records, SITE, snapshotOf } from './setting.ts'

const folders: Awaited<ReturnType<typeof tempFolder>>[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await folder[Symbol.asyncDispose]()
})

/** A section with an address for each language; those but the first are translated. */
function localized(name: string, urls: Readonly<Record<string, string>>): RecordSection {
  const section = records(name)
  const made = Object.entries(urls).map(([hreflang, url], index): { address: Address; query: AddressQuery } => {
    const { template } = parseTemplate(url) as { template: UrlTemplate }
    const query = section.query.addresses[0] as AddressQuery
    return {
      address: { hreflang, isDefault: index === 0, url: template },
      query: { ...query, fields: template.fields, language: index === 0 ? undefined : hreflang },
    }
  })
  const query = { ...section.query, addresses: made.map(each => each.query) }
  return { ...section, addresses: made.map(each => each.address), query }
}

type Shop = Readonly<Record<string, readonly (readonly (AddressValues | undefined)[])[]>>

/** The records of each section by their addresses, with the sections that were read, in order. */
function shopOf(rows: Shop): Snapshot & { readonly reads: string[] } {
  const reads: string[] = []
  return {
    ...snapshotOf({}),
    reads,
    async *read({ path }: RecordQuery) {
      reads.push(path)
      for (const [index, addresses] of (rows[path] ?? []).entries()) {
        const record: SourceRecord = { key: String(index + 1), updatedAt: undefined, addresses }
        yield [record]
      }
    },
  }
}

async function buildIn(job: Job, snapshot: Snapshot) {
  const folder = await tempFolder()
  folders.push(folder)
  const { sections } = await buildBundle(job, snapshot, { dir: folder.path, published: undefined, now: NOW })
  return { folder: folder.path, leftOut: Object.fromEntries(sections.map(each => [each.name, each.leftOut])) }
}

const LINKS = { alternates: true, images: false }
const byName = records('products', '/products/{name}')
const failing = (sections: Job['sections']) => makeJob(sections, { addressProblems: 'error', features: LINKS })
const warning = (sections: Job['sections']) => makeJob(sections, { addressProblems: 'warn', features: LINKS })

describe('sections', () => {
  const watched = async (...sections: Job['sections']) => {
    const claims = await watchClaims(makeJob(sections))
    return sections.filter(each => each.kind === 'records' && claims.claimIn(each)).map(({ name }) => name)
  }

  test('whose templates tell every record apart are not watched', async () => {
    expect(await watched(records('products'), records('pages'), list('static', ['/']))).toEqual([])
    const languages = { en: '/p/{slug}', de: '/de/p/{slug}' }
    const { query, ...section } = localized('products', languages)
    const untranslated = query.addresses.map(each => ({ ...each, language: undefined }))
    expect(await watched({ ...section, query: { ...query, addresses: untranslated } })).toEqual([])
  })

  test('that can give an address twice are, and no other', async () => {
    expect(await watched(byName, records('pages'))).toEqual(['products'])
    expect(await watched(localized('products', { en: '/p/{slug}', de: '/de/p/{slug}' }))).toEqual(['products'])
    expect(await watched(localized('products', { en: '/p/{slug}/{id}', de: '/de/p/{slug}/{id}' }))).toEqual([])
  })

  test('that can meet are watched both, be it in two languages of one', async () => {
    expect(await watched(records('a', '/{slug}'), records('b', '/{slug}'), records('c'))).toEqual(['a', 'b'])
    expect(await watched(records('a', '/{path}'), records('b', '/b/{slug}'), records('c', '/c/{id}'))).toEqual([
      'a',
      'b',
      'c',
    ])
    expect(await watched(localized('a', { en: '/{path}', de: '/de/{path}' }))).toEqual(['a'])
    expect(await watched(localized('a', { en: '/{id}/de', de: '/de/{id}' }))).toEqual(['a'])
  })

  test('that a list has a page of are watched, and the page is theirs', async () => {
    expect(await watched(records('products'), list('more', ['/products/oak', '/about']))).toEqual(['products'])
    const snapshot = shopOf({ products: [[['oak']], [['ash']]] })
    const sections = [list('first', ['/products/oak', '/about', '/x']), records('products'), list('more', ['/x', '/y'])]
    const { folder, leftOut } = await buildIn(failing(sections), snapshot)
    expect(locsOf(await readXml(folder, 'sitemap.xml'))).toEqual(
      ['/about', '/x', '/products/oak', '/products/ash', '/y'].map(path => `${SITE}${path}`),
    )
    expect(leftOut.first?.examples.get('taken')).toEqual(['/products/oak'])
    expect(leftOut.more?.examples.get('taken')).toEqual(['/x'])
    expect(snapshot.reads).toEqual(['products'])
  })

  test('that are watched are read once where nothing is amiss', async () => {
    const snapshot = shopOf({ products: [[['oak']], [['ash']]] })
    await buildIn(failing([byName]), snapshot)
    expect(snapshot.reads).toEqual(['products'])
  })

  test('that are not watched are not read again for those that are', async () => {
    const snapshot = shopOf({ products: [[['oak']], [['oak']]], pages: [[['about']]] })
    await buildIn(warning([byName, records('pages')]), snapshot)
    expect(snapshot.reads).toEqual(['products', 'pages', 'products', 'products', 'pages'])
  })
})

/** The message of the error that a build fails with; nothing may have been made of it. */
async function messageOf(job: Job, rows: Shop): Promise<{ code: string; message: string }> {
  const folder = await tempFolder()
  folders.push(folder)
  const failed = await buildBundle(job, shopOf(rows), { dir: folder.path, published: undefined, now: NOW }).then(
    () => undefined,
    cause => cause as { code: string; message: string },
  )
  expect(failed).toBeDefined()
  return failed as { code: string; message: string }
}

describe('an address of two records', () => {
  test.each<[string, Job['sections'], Shop, string]>([
    [
      'in one section',
      [byName],
      { products: [[['oak']], [['ash']], [['oak']]] },
      `${SITE}/products/oak: products oak (id 1) and products oak (id 3)`,
    ],
    [
      'in two sections',
      [records('products', '/{slug}'), records('pages', '/{slug}')],
      { products: [[['oak']]], pages: [[['ash']], [['oak']]] },
      `${SITE}/oak: products oak (id 1) and pages oak (id 2)`,
    ],
    [
      'in two languages',
      [localized('c', { en: '/{path}', de: '/de/{path}' })],
      {
        c: [
          [['a'], ['b']],
          [['de/b'], ['c']],
        ],
      },
      `${SITE}/de/b: c b (id 1, de) and c de/b (id 2, en)`,
    ],
    [
      'by a translation that is the slug of another',
      [localized('p', { en: '/p/{slug}', de: '/de/p/{slug}' })],
      {
        p: [
          [['desk'], ['tisch']],
          [['tisch'], ['tisch']],
        ],
      },
      `${SITE}/de/p/tisch: p tisch (id 1, de) and p tisch (id 2, de)`,
    ],
    [
      'written in two ways',
      [records('a', '/größe/{slug}'), records('b', '/gr%C3%B6%C3%9Fe/{slug}')],
      { a: [[['x']]], b: [[['x']]] },
      `${SITE}/gr%C3%B6%C3%9Fe/x: a x (id 1) and b x (id 1)`,
    ],
  ])('%s fails the build, with both named', async (_, sections, rows, line) => {
    const { code, message } = await messageOf(failing(sections), rows)
    expect(code).toBe('ADDRESS_SHARED')
    expect(message).toContain(`\n  ${line}\n`)
    // Fakes of one kind and one number: for all that the program knows, one record.
    expect(message).toMatch(/^Two (records have one address|sections list the same records)/)
  })

  test('is told three times at most, and counted', async () => {
    const rows = Array.from({ length: 6 }, () => [['oak']] as const)
    const { message } = await messageOf(failing([byName]), { products: rows })
    expect(message).toMatch(/^5 times two records have one address/)
    expect(message.match(/oak \(id 1\) and products oak \(id [234]\)/g)).toHaveLength(3)
  })

  test('is of the first alone with addresses: warn, and the other is counted and named', async () => {
    const { folder, leftOut } = await buildIn(
      warning([byName, records('pages', '/{slug}'), records('posts', '/{slug}')]),
      shopOf({ products: [[['oak']], [['ash']], [['oak']], [['oak']]], pages: [[['x']]], posts: [[['y']], [['x']]] }),
    )
    expect(locsOf(await readXml(folder, 'sitemap.xml'))).toEqual(
      ['/products/oak', '/products/ash', '/x', '/y'].map(path => `${SITE}${path}`),
    )
    expect(Object.fromEntries(leftOut.products?.counts ?? [])).toEqual({ taken: 2 })
    expect(leftOut.products?.examples.get('taken')).toEqual(['oak (id 3)', 'oak (id 4)'])
    expect(leftOut.pages?.counts.size).toBe(0)
    expect(leftOut.posts?.examples.get('taken')).toEqual(['x (id 2)'])
  })

  test('of a group leaves the rest of the group linked, and nothing to what was left out', async () => {
    const section = localized('p', { en: '/p/{slug}', de: '/de/p/{slug}', pl: '/pl/p/{slug}' })
    const { folder } = await buildIn(
      warning([section]),
      shopOf({
        p: [
          [['desk'], ['tisch'], ['a']],
          [['table'], ['tisch'], ['b']],
          [['x'], ['tisch'], undefined],
        ],
      }),
    )
    const pages = await readLinkedPages(folder)
    expect(linkFaults(pages)).toEqual([])
    expect(pages.map(({ loc, links }) => [loc.slice(SITE.length), Object.keys(links)])).toEqual([
      ['/p/desk', ['en', 'de', 'pl', 'x-default']],
      ['/de/p/tisch', ['en', 'de', 'pl', 'x-default']],
      ['/pl/p/a', ['en', 'de', 'pl', 'x-default']],
      ['/p/table', ['en', 'pl', 'x-default']],
      ['/pl/p/b', ['en', 'pl', 'x-default']],
      ['/p/x', []],
    ])
  })

  test('is kept once where both are of one record, in two languages', async () => {
    const section = localized('p', { en: '/{path}/x', de: '/x/{path}' })
    const { folder, leftOut } = await buildIn(warning([section]), shopOf({ p: [[['x'], ['x']]] }))
    expect(locsOf(await readXml(folder, 'sitemap.xml'))).toEqual([`${SITE}/x/x`])
    expect(leftOut.p?.examples.get('taken')).toEqual(['x (id 1, de)'])
  })

  test('leaves no file of the first attempt behind, whatever sections shrink to', async () => {
    const limits = { entries: 2, bytes: 100_000 }
    const rows = [...Array.from({ length: 4 }, () => [['oak']] as const), [['ash']] as const]
    const { folder } = await buildIn({ ...warning([byName]), limits }, shopOf({ products: rows }))
    expect((await readLinkedPages(folder)).map(({ loc }) => loc)).toEqual([
      `${SITE}/products/oak`,
      `${SITE}/products/ash`,
    ])
  })
})

describe('a record without an address', () => {
  test('fails the build, with section, number and names', async () => {
    const rows = Array.from({ length: 5 }, (_, index) => [[index === 0 ? 'oak' : null, `n${index}`]] as const)
    const section = records('products', '/{externalReference}/{name}')
    const { code, message } = await messageOf(failing([section, records('pages')]), {
      products: rows,
      pages: [[['..']]],
    })
    expect(code).toBe('ADDRESS_MISSING')
    expect(message).toContain(
      '4 records of section "products" have no address, since {externalReference} is empty: n1 (id 2), n2 (id 3), n3 (id 4) ….',
    )
    expect(message).toContain(
      '1 record of section "pages" has no address, since a value of it cannot stand in a path: .. (id 1).',
    )
  })

  test('counts once, in however many languages', async () => {
    const section = localized('p', { en: '/p/{slug}', de: '/de/p/{slug}' })
    const { message } = await messageOf(failing([section]), {
      p: [
        [['oak'], ['eiche']],
        [[''], [null]],
      ],
    })
    expect(message).toContain('1 record of section "p" has no address, since {slug} is empty: id 2 (en).')
  })

  test('is none of this where it is not there in a language', async () => {
    const section = localized('p', { en: '/p/{slug}', de: '/de/p/{slug}' })
    const { folder } = await buildIn(
      failing([section]),
      shopOf({
        p: [
          [['oak'], undefined],
          [undefined, undefined],
        ],
      }),
    )
    expect(locsOf(await readXml(folder, 'sitemap.xml'))).toEqual([`${SITE}/p/oak`])
  })

  test('is told before a shared address: it has to be put right first', async () => {
    const { code } = await messageOf(failing([byName]), { products: [[['oak']], [['oak']], [[null]]] })
    expect(code).toBe('ADDRESS_MISSING')
  })
})
