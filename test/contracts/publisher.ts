// The suite that every publisher passes, whatever its target is.
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Bundle } from '../../src/bundle/manifest.ts'
import type { Publisher, PublishOptions, Receipt } from '../../src/publishers/publisher.ts'
import type { StateChanges } from '../../src/state/store.ts'
import { makeBundle, sitemapindex, tempFolder, urlset } from '../helpers/bundle.ts'

export interface ContractTarget {
  readonly publisher: Publisher
  /** A file as a consumer of the target finds it. */
  readFile(name: string): Promise<Buffer | undefined>
  /** A file of somebody else's as it stands in the target, where consumers are not given it. @defaultValue readFile */
  readForeign?(name: string): Promise<Buffer | undefined>
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
      expect(String(await readForeign(target, 'index.html'))).toBe('<p>Shop</p>')
      await expectStands(target, second)
    })

    test('files of others in the way stop the publish, all of them named, until they are adopted', async () => {
      await target.writeForeign('robots.txt', 'Disallow: /')
      await target.writeForeign('sitemap.xml', '<urlset/>')
      await expect(publish(target.publisher, first)).rejects.toMatchObject({
        code: 'TARGET_FILE_FOREIGN',
        message: expect.stringMatching(/"robots\.txt".*"sitemap\.xml"|"sitemap\.xml".*"robots\.txt"/),
      })
      expect(String(await readForeign(target, 'robots.txt'))).toBe('Disallow: /')
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

    test('a file is intact only as long as nobody has altered it', async () => {
      await publish(target.publisher, first, { state: someState })
      await target.writeForeign('robots.txt', 'Disallow: /')
      const open = await target.publisher.open()
      expect(await open.published?.isIntact('robots.txt')).toBe(false)
      expect(await open.published?.isIntact('sitemap-lists-00.xml')).toBe(false)
      expect(await open.published?.isIntact('storemap.json')).toBe(false)
      await open.close()
      await publish(target.publisher, first)
      await expectStands(target, first)
    })

    test('files that are intact need not be there again, where the publisher keeps them', async () => {
      await publish(target.publisher, first, { state: someState })
      const open = await target.publisher.open()
      const isSame = (name: string) => first.manifest.files[name]?.sha256 === second.manifest.files[name]?.sha256
      expect(isSame('robots.txt')).toBe(true)
      expect(await open.published?.isIntact('robots.txt')).toBe(true)
      const kept = new Set(['robots.txt'])
      if (target.publisher.keepsFiles) await rm(join(second.dir, 'robots.txt'))
      await open.publish({ ...second, kept: target.publisher.keepsFiles ? kept : undefined }, MESSAGE)
      await open.close()
      await expectStands(target, second)
    })

    test('state changes with a bundle, and without one, where the publisher keeps it', async () => {
      const put = (text: string) => new Map([['rows.json', Buffer.from(text)]])
      expect(await stateIn(target.publisher)).toEqual(target.publisher.keepsState ? {} : undefined)
      if (!target.publisher.keepsState) return
      await publish(target.publisher, first, { state: someState })
      expect(await stateIn(target.publisher)).toEqual({ 'first.bin': 'some' })
      await publish(target.publisher, second, { state: { put: put('1'), remove: ['first.bin', 'never.bin'] } })
      expect(await stateIn(target.publisher)).toEqual({ 'rows.json': '1' })
      const open = await target.publisher.open()
      await open.state?.write({ put: put('2'), remove: [] })
      await open.close()
      expect(await stateIn(target.publisher)).toEqual({ 'rows.json': '2' })
      await expectStands(target, second)
      expect(await target.readFile('rows.json')).toBeUndefined()
    })

    test('state of a bundle that came too late takes nothing from the state that is there', async () => {
      if (!target.publisher.keepsState) return expect(await stateIn(target.publisher)).toBeUndefined()
      const late = await target.publisher.open()
      await publish(target.publisher, first, { state: someState })
      const state = { put: new Map([['late.bin', Buffer.from('late')]]), remove: ['first.bin'] }
      await expect(late.publish(second, { ...MESSAGE, state })).rejects.toMatchObject({ code: 'TARGET_MOVED' })
      await late.close()
      expect(await stateIn(target.publisher)).toMatchObject({ 'first.bin': 'some' })
    })

    test('a file that the manifest does not name is not published', async () => {
      await writeFile(join(first.dir, 'notes.txt'), 'private')
      await publish(target.publisher, first)
      expect(await target.readFile('notes.txt')).toBeUndefined()
    })
  })
}

const readForeign = (target: ContractTarget, name: string) => (target.readForeign ?? target.readFile)(name)

const MESSAGE: PublishOptions = { message: 'Update the sitemap', adopt: false }
const GIVEN = ['first.bin', 'rows.json', 'late.bin']
const someState: StateChanges = { put: new Map([['first.bin', Buffer.from('some')]]), remove: [] }

/** What was given to the target to keep, as text, beside notes of its own; undefined where it keeps nothing. */
async function stateIn(publisher: Publisher): Promise<Record<string, string> | undefined> {
  const open = await publisher.open()
  try {
    if (!open.state) return undefined
    const found: Record<string, string> = {}
    for (const name of open.state.names) {
      if (GIVEN.includes(name)) found[name] = String(await open.state.read(name))
    }
    for (const name of GIVEN) if (!open.state.names.has(name)) expect(await open.state.read(name)).toBeUndefined()
    return found
  } finally {
    await open.close()
  }
}

async function publish(publisher: Publisher, bundle: Bundle, options: Partial<PublishOptions> = {}): Promise<Receipt> {
  const open = await publisher.open()
  try {
    return await open.publish(bundle, { ...MESSAGE, ...options })
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
