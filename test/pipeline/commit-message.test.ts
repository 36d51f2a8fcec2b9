import { describe, expect, test } from 'vitest'
import { compareManifests } from '../../src/bundle/compare.ts'
import type { Manifest } from '../../src/bundle/manifest.ts'
import { commitMessage } from '../../src/pipeline/commit-message.ts'

const manifest = (sections: Record<string, number>, sha256 = 'a'): Manifest => ({
  files: { 'sitemap.xml': { bytes: 1, entries: 1, sha256: sha256.repeat(64) } },
  format: 1,
  sections: Object.fromEntries(Object.entries(sections).map(([name, entries]) => [name, { entries }])),
  site: 'https://shop.example.com',
})
const diffOf = (added: number, removed: number, changed: number) => ({
  added,
  removed,
  changed,
  examples: { added: [], removed: [], changed: [] },
  sections: [],
})
const before = manifest({ products: 350, pages: 8 })

describe('the message of a commit', () => {
  test('of a first one tells what there is', () => {
    const changes = compareManifests(undefined, before)
    expect(commitMessage('shop.example.com', changes, diffOf(358, 0, 0), true)).toBe(
      'Publish the sitemap of shop.example.com: 358 URLs\n\nproducts: 350\npages: 8\n' +
        'files: 1 new, 0 changed, 0 removed, 0 untouched\n',
    )
  })

  test('of a later one tells what changed, section by section', () => {
    const changes = compareManifests(before, manifest({ products: 351, pages: 8 }, 'b'))
    expect(commitMessage('shop.example.com', changes, diffOf(2, 1, 3), false)).toBe(
      'Update the sitemap of shop.example.com: 2 added, 1 removed, 3 changed\n\nproducts: 350 -> 351\n' +
        'files: 0 new, 1 changed, 0 removed, 0 untouched\n',
    )
  })

  test('tells the total where the change was too large to read URL by URL', () => {
    const changes = compareManifests(before, manifest({ products: 1, pages: 0 }, 'b'))
    const [subject] = commitMessage('shop.example.com', changes, undefined, false).split('\n')
    expect(subject).toBe('Update the sitemap of shop.example.com: 1 URL')
  })

  test('says so where the files changed and the URLs did not', () => {
    const changes = compareManifests(before, manifest({ products: 350, pages: 8 }, 'b'))
    const message = commitMessage('shop.example.com', changes, diffOf(0, 0, 0), false)
    expect(message.split('\n')[0]).toBe('Update the sitemap of shop.example.com: same URLs, other files')
  })
})
