import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, readlink, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Bundle } from '../../src/bundle/manifest.ts'
import { makeBundle, sitemapindex, urlset } from '../helpers/bundle.ts'
import { expectServed, makeSetting } from './setting.ts'

test('a reader of one release always meets a bundle that fits together, during 50 switches', async () => {
  await using setting = await makeSetting()
  const bundles: Bundle[] = []
  for (const letter of ['a', 'b', 'c']) {
    bundles.push(
      await makeBundle(join(setting.temp, letter), {
        [`sitemap-products-${letter}.xml`]: urlset(`/${letter}`),
        'sitemap.xml': sitemapindex(`sitemap-products-${letter}.xml`),
      }),
    )
  }
  await setting.place(bundles[0] as Bundle, 'link')

  let isDone = false
  const seen = new Set<string>()
  const reading = (async () => {
    while (!isDone) {
      // What an open file descriptor of the folder is to a server: one resolved release.
      const release = await realpath(join(setting.dir, '.storemap', 'current'))
      const manifest = JSON.parse(await readFile(join(release, 'storemap.json'), 'utf8'))
      for (const [name, { sha256 }] of Object.entries<{ sha256: string }>(manifest.files)) {
        const bytes = await readFile(join(release, name))
        expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
      }
      // And by the names at the top nothing is ever missing or half-written.
      expect(await readFile(join(setting.dir, 'sitemap.xml'), 'utf8')).toMatch(/<\/sitemapindex>\n$/)
      seen.add(release)
    }
  })()
  for (let at = 1; at <= 50; at++) await setting.place(bundles[at % 3] as Bundle, 'link')
  isDone = true
  await reading
  expect(seen.size).toBe(3)
})

test('all names lead through one link, whose release is named by its revision', async () => {
  await using setting = await makeSetting()
  const store = join(setting.dir, '.storemap')
  await setting.place(setting.first, 'link')
  expect(await readlink(join(store, 'current'))).toBe(`releases/${setting.first.revision}`)
  expect(await readlink(join(setting.dir, 'sitemap.xml'))).toBe('.storemap/current/sitemap.xml')
})

test('the release before stays for readers in the middle, older ones go', async () => {
  await using setting = await makeSetting()
  const releases = () => readdir(join(setting.dir, '.storemap', 'releases'))
  const { first, second, third } = setting
  await setting.place(first, 'link')
  await setting.place(second, 'link')
  expect((await releases()).sort()).toEqual([first.revision, second.revision].sort())
  await setting.place(third, 'link')
  expect((await releases()).sort()).toEqual([second.revision, third.revision].sort())
  await setting.place(second, 'link')
  expect((await releases()).sort()).toEqual([second.revision, third.revision].sort())
  await expectServed(setting.dir, second, 'link')
})

test('a store, or a folder in it, that is a link is refused, and nothing is written through it', async () => {
  await using setting = await makeSetting()
  const trap = join(setting.temp, 'trap')
  for (const place of ['.storemap', '.storemap/releases']) {
    for (const mode of ['link', 'copy'] as const) {
      await rm(setting.dir, { recursive: true, force: true })
      await mkdir(trap, { recursive: true })
      await mkdir(join(setting.dir, place, '..'), { recursive: true })
      await symlink(trap, join(setting.dir, place))
      await expect(setting.place(setting.first, mode)).rejects.toMatchObject({ code: 'WEB_ROOT_UNSAFE' })
      expect(await readdir(trap)).toEqual([])
      expect(await readdir(setting.dir)).toEqual(['.storemap'])
    }
  }
})

test('a store that is a file, or a "current" that is no link, is refused', async () => {
  await using setting = await makeSetting()
  await mkdir(setting.dir)
  await writeFile(join(setting.dir, '.storemap'), '')
  await expect(setting.place(setting.first, 'link')).rejects.toMatchObject({ code: 'WEB_ROOT_UNSAFE' })
  await rm(join(setting.dir, '.storemap'))
  await mkdir(join(setting.dir, '.storemap', 'current'), { recursive: true })
  await expect(setting.place(setting.first, 'link')).rejects.toMatchObject({ code: 'WEB_ROOT_UNSAFE' })
})

test('a "current" that leads out of the store is replaced, never followed', async () => {
  await using setting = await makeSetting()
  const outside = join(setting.temp, 'outside')
  await mkdir(outside)
  await setting.place(setting.first, 'link')
  await rm(join(setting.dir, '.storemap', 'current'))
  await symlink(outside, join(setting.dir, '.storemap', 'current'))
  await setting.place(setting.first, 'link')
  await expectServed(setting.dir, setting.first, 'link')
  expect(await readdir(outside)).toEqual([])
})

test('a release whose manifest was damaged is healed, since its links are known as ours', async () => {
  await using setting = await makeSetting()
  await setting.place(setting.first, 'link')
  await writeFile(join(setting.dir, 'storemap.json'), '{')
  await setting.place(setting.first, 'link')
  await expectServed(setting.dir, setting.first, 'link')
})
