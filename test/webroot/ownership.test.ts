import { mkdir, readdir, readFile, readlink, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readWebRoot } from '../../src/webroot/read.ts'
import { expectServed, makeSetting, snapshot } from './setting.ts'

const modes = ['link', 'copy'] as const

describe.each(modes)('files of others in a served folder (%s)', mode => {
  test('in the way, they stop the bundle, all of them named, and nothing is changed', async () => {
    await using setting = await makeSetting()
    const { dir, first } = setting
    await mkdir(join(dir, 'sitemap.xml'), { recursive: true })
    await writeFile(join(dir, 'robots.txt'), 'theirs')
    await writeFile(join(dir, 'storemap.json'), '{ "some": "thing" }')
    await symlink('/etc/hostname', join(dir, 'sitemap-products-00.xml'))
    const before = await snapshot(dir)
    await expect(setting.place(first, mode)).rejects.toMatchObject({
      code: 'TARGET_FILE_FOREIGN',
      message: expect.stringMatching(/"robots.txt", "sitemap-products-00.xml", "sitemap.xml", "storemap.json"/),
    })
    expect(await snapshot(dir)).toEqual(before)
  })

  test('they are taken over with adopt, an unreadable manifest and links included, and are ours from then on', async () => {
    await using setting = await makeSetting()
    const { dir, temp, first, second } = setting
    await mkdir(dir)
    await writeFile(join(temp, 'target'), 'theirs')
    await symlink(join(temp, 'target'), join(dir, 'sitemap.xml'))
    await writeFile(join(dir, 'robots.txt'), 'theirs')
    await writeFile(join(dir, 'storemap.json'), 'not a manifest')
    await setting.place(first, mode, { adopt: true })
    await expectServed(dir, first, mode)
    expect(await readFile(join(temp, 'target'), 'utf8')).toBe('theirs')
    await setting.place(second, mode)
    await expectServed(dir, second, mode)
  })

  test('a folder is not taken over even with adopt', async () => {
    await using setting = await makeSetting()
    await mkdir(join(setting.dir, 'robots.txt', 'theirs'), { recursive: true })
    const attempt = setting.place(setting.first, mode, { adopt: true })
    await expect(attempt).rejects.toMatchObject({ code: 'TARGET_FILE_FOREIGN' })
    expect(await readdir(setting.dir)).toEqual(['robots.txt'])
  })

  test('a file of theirs that only a later bundle names is refused then', async () => {
    await using setting = await makeSetting()
    const { dir, first, second } = setting
    await setting.place(first, mode)
    await writeFile(join(dir, 'sitemap-products-02.xml'), 'theirs')
    await expect(setting.place(second, mode)).rejects.toMatchObject({ code: 'TARGET_FILE_FOREIGN' })
    await expectServed(dir, first, mode, ['sitemap-products-02.xml'])
  })

  test('links of theirs to our files are left alone', async () => {
    await using setting = await makeSetting()
    await setting.place(setting.first, mode)
    await symlink('.storemap/current/sitemap.xml', join(setting.dir, 'latest.xml'))
    await symlink('sitemap.xml', join(setting.dir, 'sitemap_index.xml'))
    await setting.place(setting.third, mode)
    expect(await readlink(join(setting.dir, 'latest.xml'))).toBe('.storemap/current/sitemap.xml')
    expect(await readlink(join(setting.dir, 'sitemap_index.xml'))).toBe('sitemap.xml')
  })

  test('a manifest of a newer Storemap is refused, and taken over only with adopt', async () => {
    await using setting = await makeSetting()
    await mkdir(setting.dir)
    await writeFile(join(setting.dir, 'storemap.json'), '{ "format": 2 }')
    await expect(setting.place(setting.first, mode)).rejects.toMatchObject({ code: 'MANIFEST_NEWER' })
    await setting.place(setting.first, mode, { adopt: true })
    await expectServed(setting.dir, setting.first, mode)
  })

  test('a run killed between two renames leaves nothing that the next one takes for theirs', async () => {
    await using setting = await makeSetting()
    const { dir, first, second, third } = setting
    await setting.place(first, 'copy')
    // As `copy` leaves it when killed after the first rename: the journal knows both bundles, the manifest is the old one.
    const sha256 = second.manifest.files['sitemap-products-02.xml']?.sha256
    const journal = JSON.parse(await readFile(join(dir, '.storemap', 'placed.json'), 'utf8'))
    journal.push(['sitemap-products-02.xml', sha256])
    await writeFile(join(dir, '.storemap', 'placed.json'), JSON.stringify(journal))
    await writeFile(join(dir, 'sitemap-products-02.xml'), await readFile(join(second.dir, 'sitemap-products-02.xml')))
    await setting.place(third, mode)
    await expectServed(dir, third, mode)
  })

  test('a file that somebody wrote under a name of the journal is theirs', async () => {
    await using setting = await makeSetting()
    const { dir, first, second } = setting
    await setting.place(first, 'copy')
    const journal = [['sitemap-products-02.xml', '0'.repeat(64)], ['../../etc/passwd', 'x'], 'odd']
    await writeFile(join(dir, '.storemap', 'placed.json'), JSON.stringify(journal))
    await writeFile(join(dir, 'sitemap-products-02.xml'), 'theirs')
    await expect(setting.place(second, mode)).rejects.toMatchObject({ code: 'TARGET_FILE_FOREIGN' })
  })
})

describe('the manifest of a served folder', () => {
  test('is read through its links, with the place where its files stay', async () => {
    await using setting = await makeSetting()
    const { dir, first } = setting
    expect(await readWebRoot(dir)).toBeUndefined()
    await setting.place(first, 'link')
    const { manifest, manifestText: text, revision } = first
    const filesDir = join(dir, '.storemap', 'releases', revision)
    expect(await readWebRoot(dir)).toEqual({ manifest, text, revision, filesDir })
    await setting.place(first, 'copy')
    expect(await readWebRoot(dir)).toEqual({ manifest, text, revision, filesDir: dir })
  })

  test('is refused where it cannot be read', async () => {
    await using setting = await makeSetting()
    await mkdir(join(setting.dir, 'storemap.json'), { recursive: true })
    await expect(readWebRoot(setting.dir)).rejects.toMatchObject({ code: 'MANIFEST_INVALID' })
    await mkdir(join(setting.temp, 'b'))
    await writeFile(join(setting.temp, 'b', 'storemap.json'), '[]')
    await expect(readWebRoot(join(setting.temp, 'b'))).rejects.toMatchObject({ code: 'MANIFEST_INVALID' })
  })

  test('a path that is no folder is named', async () => {
    await using setting = await makeSetting()
    await writeFile(setting.dir, '')
    await expect(setting.place(setting.first, 'link')).rejects.toMatchObject({ code: 'FOLDER_NOT_WRITABLE' })
  })
})
