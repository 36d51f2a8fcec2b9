import { expect, test } from 'vitest'
import { diffEntries, type EntryFile } from '../../src/bundle/diff-entries.ts'
import type { SitemapItem } from '../../src/bundle/read-sitemap.ts'

type Item = string | [loc: string, lastmod: string]

const toItem = (item: Item): SitemapItem =>
  typeof item === 'string' ? { kind: 'url', loc: item } : { kind: 'url', loc: item[0], lastmod: item[1] }

/** A file of one section, in batches. */
const shard = (section: string, ...batches: Item[][]): EntryFile => ({
  name: `sitemap-${section}-00.xml`,
  sections: [{ section, entries: batches.flat().length }],
  read: async function* () {
    for (const batch of batches) yield batch.map(toItem)
  },
})

/** The one file of all sections, each named for its entries' first folder; in order only where it is said. */
function single(
  sections: readonly (readonly [name: string, locs: readonly string[]])[],
  isInOrder: boolean,
): EntryFile {
  const counts = sections.map(([section, locs]) => ({ section, entries: locs.length }))
  return {
    name: 'sitemap.xml',
    sections: isInOrder ? counts : counts.toSorted((a, b) => (a.section < b.section ? -1 : 1)),
    read: async function* () {
      yield sections.flatMap(([, locs]) => locs).map(toItem)
    },
  }
}

const pages = (section: string, from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, index) => `/${section}/${from + index}`)

test('entries are compared by address, and changed where their date is another', async () => {
  const before = shard(
    'all',
    ['/same', ['/dated', '2026-01-01']],
    [['/moved', '2026-01-01'], '/gains', ['/loses', '2026-01-01'], '/gone'],
  )
  const after = shard(
    'all',
    ['/new', ['/moved', '2026-01-02']],
    [['/gains', '2026-01-01'], '/loses', '/same', ['/dated', '2026-01-01']],
  )
  const difference = {
    added: 1,
    removed: 1,
    changed: 3,
    examples: { added: ['/new'], removed: ['/gone'], changed: ['/moved', '/gains', '/loses'] },
  }
  expect((await diffEntries([before], [after], { examples: 20 })).diff).toEqual({
    ...difference,
    sections: [{ name: 'all', ...difference }],
  })
})

test('all are counted, and only as many named as asked for', async () => {
  const before = shard('all', ['/a', '/b', '/c', '/d', '/e'])
  const after = shard('all', ['/f', '/g', '/h', ['/d', '2026'], ['/e', '2026']])
  expect((await diffEntries([before], [after], { examples: 1 })).diff).toMatchObject({
    added: 3,
    removed: 3,
    changed: 2,
    examples: { added: ['/f'], removed: ['/a'], changed: ['/d'] },
  })
})

test('an address listed twice counts once, and the sitemaps of an index do not count', async () => {
  const index: EntryFile = {
    ...shard('all', ['/a', '/a', '/b', '/b']),
    read: async function* () {
      yield [{ kind: 'sitemap', loc: '/sitemap-a.xml' }]
      yield ['/a', '/a', '/b', '/b'].map(toItem)
    },
  }
  const { diff } = await diffEntries([shard('all', ['/a', '/a'])], [index], { examples: 5 })
  expect(diff).toMatchObject({ added: 1, removed: 0, changed: 0 })
})

test('each section has its own counts, and an entry that moves between sections is neither new nor gone', async () => {
  const before = [shard('products', ['/p/1', '/p/2', '/x']), shard('pages', ['/s/1', '/s/2'])]
  const after = [shard('products', ['/p/1', '/p/3', '/p/4']), shard('pages', [['/s/1', '2026'], '/x'])]
  const { diff, removed } = await diffEntries(before, after, { examples: 5, mostRemoved: 10 })
  const examples = { added: [], removed: [], changed: [] }
  expect(diff.sections).toEqual([
    {
      name: 'products',
      added: 2,
      removed: 1,
      changed: 0,
      examples: { ...examples, added: ['/p/3', '/p/4'], removed: ['/p/2'] },
    },
    {
      name: 'pages',
      added: 0,
      removed: 1,
      changed: 1,
      examples: { ...examples, changed: ['/s/1'], removed: ['/s/2'] },
    },
  ])
  expect(removed).toEqual([
    { loc: '/p/2', file: 'sitemap-products-00.xml', section: 'products', among: ['products'], index: 1 },
    { loc: '/s/2', file: 'sitemap-pages-00.xml', section: 'pages', among: ['pages'], index: 1 },
  ])
})

test('a file that has an address twice tells no places, and its section all the same', async () => {
  const { removed } = await diffEntries([shard('all', ['/a', '/a', '/b'])], [], { examples: 1, mostRemoved: 9 })
  expect(removed).toMatchObject([
    { loc: '/a', section: 'all', index: undefined },
    { loc: '/b', section: 'all', index: undefined },
  ])
})

test('in one file for all, entries that stay tell in which order the sections stand', async () => {
  const before = single(
    [
      ['products', pages('products', 0, 30)],
      ['about', pages('about', 0, 4)],
      ['categories', pages('categories', 0, 10)],
    ],
    false,
  )
  const after = single(
    [
      ['products', pages('products', 5, 30)],
      ['categories', pages('categories', 2, 9)],
    ],
    true,
  )
  const { diff, removed } = await diffEntries([before], [after], { examples: 0, mostRemoved: 100 })
  expect(diff.sections.map(({ name, removed: count }) => [name, count])).toEqual([
    ['products', 5],
    ['about', 4],
    ['categories', 3],
  ])
  for (const { loc, section, index } of removed) expect(`/${section}/${index}`).toBe(loc)
})

test('sections of which nothing stays are told apart by their folders', async () => {
  const removed = ['zebras', 'apes', 'bears'] as const
  const all = ['products', ...removed, 'pages'].map((name, at) => [name, pages(name, 0, 3 + at)] as const)
  const after = single(
    all.filter(([name]) => !removed.includes(name as (typeof removed)[number])),
    true,
  )
  const found = await diffEntries([single(all, false)], [after], { examples: 0, mostRemoved: 100 })
  expect(found.removed).toHaveLength(15)
  for (const { loc, section, index } of found.removed) expect(`/${section}/${index}`).toBe(loc)
})

test('where the order stays open, an entry is told to be of one of the sections that may stand there', async () => {
  const before = single(
    [
      ['products', pages('products', 0, 20)],
      ['zebras', ['/a', '/b', '/c']],
      ['apes', ['/d', '/e', '/f', '/g', '/h']],
      ['pages', pages('pages', 0, 6)],
    ],
    false,
  )
  const after = single(
    [
      ['products', pages('products', 0, 20)],
      ['pages', pages('pages', 1, 6)],
    ],
    true,
  )
  const { diff, removed } = await diffEntries([before], [after], { examples: 0, mostRemoved: 100 })
  expect(diff.removed).toBe(9)
  expect(removed.filter(({ section }) => section === 'pages').map(({ loc }) => loc)).toEqual(['/pages/0'])
  const open = removed.filter(({ section }) => section === undefined)
  expect(open.length).toBeGreaterThan(0)
  for (const { among } of open) expect(among.toSorted()).toEqual(['apes', 'zebras'])
  expect(open.every(({ index }) => index === undefined)).toBe(true)
})

test('of more sections than can be tried in every order, an entry is of any', async () => {
  const many = Array.from({ length: 12 }, (_, index) => [`s${index}`, pages(`s${index}`, 0, 2)] as const)
  const { removed } = await diffEntries([single(many, false)], [], { examples: 0, mostRemoved: 100 })
  expect(removed).toHaveLength(24)
  for (const { section, among } of removed) {
    expect(section).toBeUndefined()
    expect(among).toHaveLength(12)
  }
})

test('a count that does not fit the file tells no section', async () => {
  const before = {
    ...single(
      [
        ['products', pages('products', 0, 9)],
        ['pages', pages('pages', 0, 9)],
      ],
      false,
    ),
  }
  const wrong = { ...before, sections: before.sections.map(each => ({ ...each, entries: each.entries + 1 })) }
  const after = single(
    [
      ['products', pages('products', 1, 9)],
      ['pages', pages('pages', 0, 9)],
    ],
    true,
  )
  const { removed } = await diffEntries([wrong], [after], { examples: 1, mostRemoved: 5 })
  expect(removed).toMatchObject([{ loc: '/products/0', section: undefined, among: ['pages', 'products'] }])
})

test('of very many removed, some of every section are told, from all parts of it', async () => {
  const before = [shard('products', pages('products', 0, 10_000)), shard('pages', pages('pages', 0, 8))]
  const { diff, removed } = await diffEntries(before, [], { examples: 5, mostRemoved: 108 })
  expect(diff.removed).toBe(10_008)
  expect(removed.filter(({ section }) => section === 'pages')).toHaveLength(8)
  const products = removed.flatMap(({ section, index }) => (section === 'products' ? [index as number] : []))
  expect(products).toHaveLength(100)
  expect(products.filter(index => index < 5_000)).toHaveLength(50)
})
