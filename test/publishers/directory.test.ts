import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createDirectoryPublisher } from '../../src/publishers/directory/directory.ts'
import { directoryOptions } from '../../src/publishers/directory/options.ts'
import { describePublisher } from '../contracts/publisher.ts'
import { makeBundle, tempFolder, urlset } from '../helpers/bundle.ts'

for (const mode of ['link', 'copy'] as const) {
  describePublisher(`the directory publisher (${mode})`, async () => {
    const temp = await tempFolder()
    return {
      publisher: createDirectoryPublisher({ path: temp.path, switch: mode }),
      readFile: name => readFile(join(temp.path, name)).catch(() => undefined),
      writeForeign: (name, text) => writeFile(join(temp.path, name), text),
      dispose: async () => temp[Symbol.asyncDispose](),
    }
  })
}

describe('the directory publisher', () => {
  test('is named after its folder, which is its reference, too, and makes it with the first publish', async () => {
    await using temp = await tempFolder()
    const path = join(temp.path, 'a', 'public')
    const publisher = createDirectoryPublisher({ path, switch: 'link' })
    expect(publisher.name).toBe(`folder ${path}`)
    const open = await publisher.open()
    await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' })
    const bundle = await makeBundle(join(temp.path, 'bundle'), { 'sitemap.xml': urlset('/') })
    expect(await open.publish(bundle, { message: '', adopt: false })).toEqual({
      reference: path,
      written: 2,
      removed: 0,
    })
  })

  test('a manifest that cannot be read fails the opening, so that nobody takes the target for empty', async () => {
    await using temp = await tempFolder()
    await writeFile(join(temp.path, 'storemap.json'), 'not json')
    const publisher = createDirectoryPublisher({ path: temp.path, switch: 'link' })
    await expect(publisher.open()).rejects.toMatchObject({ code: 'MANIFEST_INVALID' })
  })

  test('a bundle opened before a switch can still be read after it', async () => {
    await using temp = await tempFolder()
    const publisher = createDirectoryPublisher({ path: join(temp.path, 'public'), switch: 'link' })
    const before = await makeBundle(join(temp.path, 'before'), { 'sitemap.xml': urlset('/before') })
    const after = await makeBundle(join(temp.path, 'after'), { 'sitemap.xml': urlset('/after') })
    await (await publisher.open()).publish(before, { message: '', adopt: false })
    const open = await publisher.open()
    await (await publisher.open()).publish(after, { message: '', adopt: false })
    let text = ''
    for await (const chunk of open.published?.read('sitemap.xml') ?? []) text += Buffer.from(chunk).toString()
    expect(text).toContain('/before')
  })

  test('names that the manifest does not have cannot be read', async () => {
    await using temp = await tempFolder()
    await makeBundle(temp.path, { 'sitemap.xml': urlset('/') })
    await writeFile(join(temp.path, 'secret'), '')
    const { published } = await createDirectoryPublisher({ path: temp.path, switch: 'copy' }).open()
    const read = async (name: string) => {
      for await (const _ of published?.read(name) ?? []) return
    }
    await expect(read('secret')).rejects.toMatchObject({ code: 'BUNDLE_FILE_ALTERED' })
    await expect(read('../secret')).rejects.toMatchObject({ code: 'BUNDLE_FILE_ALTERED' })
  })
})

describe('the options of a directory target', () => {
  test('are a path, or a path and how to switch', () => {
    expect(directoryOptions.parse('./public')).toEqual({ path: './public', switch: 'link' })
    expect(directoryOptions.parse({ path: './public' })).toEqual({ path: './public', switch: 'link' })
    expect(directoryOptions.parse({ path: './public', switch: 'copy' })).toEqual({ path: './public', switch: 'copy' })
  })

  test('refuse an empty path, an unknown key and an unknown switch', () => {
    for (const wrong of ['', { path: '' }, { path: 'a', mode: 'copy' }, { path: 'a', switch: 'move' }, {}, 1]) {
      expect(directoryOptions.safeParse(wrong).success, JSON.stringify(wrong)).toBe(false)
    }
  })
})
