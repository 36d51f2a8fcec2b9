import { expect, test } from 'vitest'
import { diffEntries } from '../../src/bundle/diff-entries.ts'
import type { SitemapItem } from '../../src/bundle/read-sitemap.ts'

async function* items(...batches: (string | [string, string])[][]): AsyncGenerator<SitemapItem[]> {
  for (const batch of batches) {
    yield batch.map(item =>
      typeof item === 'string' ? { kind: 'url', loc: item } : { kind: 'url', loc: item[0], lastmod: item[1] },
    )
  }
}

test('entries are compared by address, and changed where their date is another', async () => {
  const before = items(
    ['/same', ['/dated', '2026-01-01']],
    [['/moved', '2026-01-01'], '/gains', ['/loses', '2026-01-01'], '/gone'],
  )
  const after = items(
    ['/new', ['/moved', '2026-01-02']],
    [['/gains', '2026-01-01'], '/loses', '/same', ['/dated', '2026-01-01']],
  )
  expect(await diffEntries(before, after, { examples: 20 })).toEqual({
    added: 1,
    removed: 1,
    changed: 3,
    examples: { added: ['/new'], removed: ['/gone'], changed: ['/moved', '/gains', '/loses'] },
  })
})

test('all are counted, and only as many named as asked for', async () => {
  const before = items(['/a', '/b', '/c', '/d', '/e'])
  const after = items(['/f', '/g', '/h', ['/d', '2026'], ['/e', '2026']])
  expect(await diffEntries(before, after, { examples: 1 })).toEqual({
    added: 3,
    removed: 3,
    changed: 2,
    examples: { added: ['/f'], removed: ['/a'], changed: ['/d'] },
  })
})

test('an address listed twice counts once, and the sitemaps of an index do not count', async () => {
  const index = async function* (): AsyncGenerator<SitemapItem[]> {
    yield [{ kind: 'sitemap', loc: '/sitemap-a.xml' }]
    yield* items(['/a', '/a', '/b', '/b'])
  }
  expect(await diffEntries(items(['/a', '/a']), index(), { examples: 5 })).toMatchObject({
    added: 1,
    removed: 0,
    changed: 0,
  })
})
