// The suite that every publisher passes, whatever its target is.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Bundle } from '../../src/bundle/manifest.ts'
import type { Publisher, Receipt } from '../../src/publishers/publisher.ts'
import { makeBundle, sitemapindex, tempFolder, urlset } from '../helpers/bundle.ts'

export interface ContractTarget {
  readonly publisher: Publisher
  /** A file as a consumer of the target finds it. */
  readFile(name: string): Promise<Buffer | undefined>
  /** Puts a file of somebody else's into the target. */
  writeForeign(name: string, text: string): Promise<void>
  dispose(): Promise<void>
}

export function describePublisher(name: string, makeTarget: () => Promise<ContractTarget>): void {
  describe(`${name} keeps the publisher's contract`, () => {
    let temp: Awaited<ReturnType<typeof tempFolder>>
    let target: ContractTarget
    let first: Bundle
    let second: Bundle

    beforeEach(async () => {
      temp = await tempFolder()
      target = await makeTarget()
      first = await makeBundle(join(temp.path, 'first'), {
        'sitemap-products-00.xml': urlset('/products/oak-table', '/products/chair'),
        'sitemap-pages-00.xml': urlset('/about'),
        'sitemap.xml': sitemapindex('sitemap-products-00.xml', 'sitemap-pages-00.xml'),
        'robots.txt': 'User-agent: *\n',
      })
      second = await makeBundle(join(temp.path, 'second'), {
        'sitemap-products-00.xml': urlset('/products/oak-table'),
        'sitemap-products-01.xml': urlset('/products/lamp'),
        'sitemap.xml': sitemapindex('sitemap-products-00.xml', 'sitemap-products-01.xml'),
        'robots.txt': 'User-agent: *\n',
      })
    })
    afterEach(async () => {
      await target.dispose()
      await temp[Symbol.asyncDispose]()
    })

    test('a target to which nothing was published has no bundle', async () => {
      const open = await target.publisher.open()
      expect(open.published).toBeUndefined()
      await open.close()
    })

    test('a bundle published into an empty target can be read back, manifest and bytes', async () => {
      const receipt = await publish(target.publisher, first)
      expect(receipt.reference).not.toBe('')
      expect(receipt.written).toBe(Object.keys(first.manifest.files).length + 1)
      expect(receipt.removed).toBe(0)
      await expectStands(target, first)
    })

    test('a second bundle changes, adds and removes files', async () => {
      await publish(target.publisher, first)
      const receipt = await publish(target.publisher, second)
      expect(receipt).toMatchObject({ written: 4, removed: 1 })
      await expectStands(target, second)
      expect(await target.readFile('sitemap-pages-00.xml')).toBeUndefined()
    })

    test("files of others stay as they are, and are not the manifest's", async () => {
      await target.writeForeign('index.html', '<p>Shop</p>')
      await publish(target.publisher, first)
      await publish(target.publisher, second)
      expect(String(await target.readFile('index.html'))).toBe('<p>Shop</p>')
      await expectStands(target, second)
    })

    test('files of others in the way stop the publish, all of them named, until they are adopted', async () => {
      await target.writeForeign('robots.txt', 'Disallow: /')
      await target.writeForeign('sitemap.xml', '<urlset/>')
      await expect(publish(target.publisher, first)).rejects.toMatchObject({
        code: 'TARGET_FILE_FOREIGN',
        message: expect.stringMatching(/"robots\.txt".*"sitemap\.xml"|"sitemap\.xml".*"robots\.txt"/),
      })
      expect(String(await target.readFile('robots.txt'))).toBe('Disallow: /')
      expect(await target.readFile('storemap.json')).toBeUndefined()
      expect(await target.readFile('sitemap-products-00.xml')).toBeUndefined()

      await publish(target.publisher, first, { adopt: true })
      await expectStands(target, first)
      await publish(target.publisher, second)
      await expectStands(target, second)
    })

    test('a target that changed since it was opened is not overwritten', async () => {
      const late = await target.publisher.open()
      await publish(target.publisher, first)
      const attempt = late.publish(second, { message: 'Late', adopt: false })
      await expect(attempt).rejects.toMatchObject({ code: 'TARGET_MOVED', retryable: true, exitCode: 75 })
      await late.close()
      await expectStands(target, first)
    })

    test('a file altered after the bundle was made fails the publish and leaves the old bundle whole', async () => {
      await publish(target.publisher, first)
      await writeFile(join(second.dir, 'sitemap-products-01.xml'), urlset('/products/lump'))
      await expect(publish(target.publisher, second)).rejects.toMatchObject({ code: 'BUNDLE_FILE_ALTERED' })
      await expectStands(target, first)
      expect(await target.readFile('sitemap-products-01.xml')).toBeUndefined()
    })

    test('a file that the manifest does not name is not published', async () => {
      await writeFile(join(first.dir, 'notes.txt'), 'private')
      await publish(target.publisher, first)
      expect(await target.readFile('notes.txt')).toBeUndefined()
    })
  })
}

async function publish(publisher: Publisher, bundle: Bundle, { adopt = false } = {}): Promise<Receipt> {
  const open = await publisher.open()
  try {
    return await open.publish(bundle, { message: 'Update the sitemap', adopt })
  } finally {
    await open.close()
  }
}

/** The bundle as the publisher reads it back, and as a consumer of the target finds it. */
async function expectStands(target: ContractTarget, bundle: Bundle): Promise<void> {
  const open = await target.publisher.open()
  try {
    expect(open.published?.revision).toBe(bundle.revision)
    expect(open.published?.manifest).toEqual(bundle.manifest)
    for (const name of Object.keys(bundle.manifest.files)) {
      const chunks: Uint8Array[] = []
      for await (const chunk of open.published?.read(name) ?? []) chunks.push(chunk)
      const bytes = Buffer.concat(chunks)
      expect(bytes.length, name).toBe(bundle.manifest.files[name]?.bytes)
      expect(await target.readFile(name), name).toEqual(bytes)
    }
    expect(String(await target.readFile('storemap.json'))).toBe(bundle.manifestText)
  } finally {
    await open.close()
  }
}
