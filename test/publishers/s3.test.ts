// The S3 target on a real S3 server; the shared suite first, then what only a bucket has.
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Bundle } from '../../src/bundle/manifest.ts'
import { s3Options } from '../../src/publishers/s3/options.ts'
import { createS3Publisher } from '../../src/publishers/s3/s3.ts'
import { describePublisher } from '../contracts/publisher.ts'
import { makeBundle, sitemapindex, tempFolder, urlset } from '../helpers/bundle.ts'
import { startGateway } from '../helpers/s3-gateway.ts'
import { KEYS, startS3Server, type TestBucket } from '../helpers/s3-server.ts'
import { expectStandsAlone, makeHashedBundle, publish, publisherOf, sha256 } from './s3-setting.ts'

const server = await startS3Server()
const temp = await tempFolder()
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await temp[Symbol.asyncDispose]()
})

const endpoint = server?.endpoint ?? ''
let bucket: TestBucket
let first: Bundle
let second: Bundle
let count = 0
const folder = () => join(temp.path, String(++count))

beforeAll(async () => {
  first = await makeHashedBundle(
    folder(),
    { 'products-00': '/oak', 'pages-00': '/about' },
    { 'robots.txt': 'Allow:\n' },
  )
  second = await makeHashedBundle(
    folder(),
    { 'products-00': '/elm', 'pages-00': '/about' },
    { 'robots.txt': 'Allow:\n' },
  )
})
beforeEach(async () => {
  if (server) bucket = await server.makeBucket()
})

const shardsOf = (bundle: Bundle): string[] =>
  Object.entries(bundle.manifest.files).flatMap(([name, { section }]) => (section === undefined ? [] : [name]))
const onlyIn = (one: Bundle, other: Bundle): string[] =>
  shardsOf(one).filter(name => !Object.hasOwn(other.manifest.files, name))
const namesOf = (bundle: Bundle): string[] => Object.keys(bundle.manifest.files)

for (const [where, prefix] of [
  ['the top of a bucket', ''],
  ['a folder of a bucket', 'maps/de'],
] as const) {
  describe.skipIf(!server)('on a server', () => {
    describePublisher(`the S3 publisher, at ${where},`, async () => {
      const own = (await server?.makeBucket()) as TestBucket
      const options = s3Options.parse({ bucket: own.name, prefix, endpoint, ...KEYS })
      return {
        publisher: createS3Publisher(options, { graceMs: 0 }),
        readFile: async name => (await own.read(`${options.prefix}${name}`))?.bytes,
        writeForeign: (name, text) => own.write(`${options.prefix}${name}`, text),
        dispose: async () => {},
      }
    })
  })
}

describe.skipIf(!server)('the S3 publisher', () => {
  test('is named after its bucket and folder, and never after its keys', async () => {
    const publisher = publisherOf({ endpoint, bucket }, { prefix: 'maps' })
    expect(publisher.name).toBe(`s3 ${bucket.name}/maps`)
    expect(await publish(publisher, first)).toMatchObject({ reference: `s3://${bucket.name}/maps` })
  })

  test('gives files their content type; those that keep their names are cached for minutes, shards for good', async () => {
    const gz = Buffer.from('1f8b', 'hex')
    const name = `sitemap-products-00.${sha256(gz).slice(0, 8)}.xml.gz`
    const bundle = await makeBundle(folder(), {
      [name]: gz,
      'sitemap-pages-00.12345678.xml': urlset('/'),
      'robots.txt': 'Allow:\n',
      'sitemap.xml': sitemapindex(name),
    })
    await publish(publisherOf({ endpoint, bucket }), bundle)
    const headersOf = async (key: string) => {
      const headers = (await bucket.read(key))?.headers
      return [headers?.get('content-type'), headers?.get('cache-control'), headers?.get('content-encoding') ?? 'none']
    }
    expect(await headersOf(name)).toEqual(['application/gzip', 'public, max-age=31536000, immutable', 'none'])
    // Its name has a hash in it, but not its own: other bytes could come to have the same name.
    const short = 'public, max-age=300'
    expect(await headersOf('sitemap-pages-00.12345678.xml')).toEqual(['application/xml', short, 'none'])
    expect(await headersOf('sitemap.xml')).toEqual(['application/xml', short, 'none'])
    expect(await headersOf('robots.txt')).toEqual(['text/plain; charset=utf-8', short, 'none'])
    expect(await headersOf('storemap.json')).toEqual(['application/json', short, 'none'])
    expect(await headersOf('.storemap-state/_objects.json')).toEqual(['application/json', 'private, no-store', 'none'])

    await publish(publisherOf({ endpoint, bucket }, { cacheControl: 'no-cache' }), first)
    expect(await headersOf('sitemap.xml')).toEqual(['application/xml', 'no-cache', 'none'])
  })

  test('puts what is new, swaps the manifest, then puts the entry point; and nothing at all the second time', async () => {
    await using gateway = await startGateway(endpoint)
    const through = publisherOf({ endpoint: gateway.endpoint, bucket })
    const changes = () =>
      gateway.requests
        .splice(0)
        .filter(({ method }) => method === 'PUT' || method === 'DELETE')
        .map(({ method, key }) => `${method} ${key}`)
    await publish(through, first)
    const order = changes()
    for (const shard of shardsOf(first)) {
      expect(order.indexOf(`PUT ${shard}`)).toBeGreaterThan(order.indexOf('PUT .storemap-state/_objects.json'))
      expect(order.indexOf(`PUT ${shard}`)).toBeLessThan(order.indexOf('PUT storemap.json'))
    }
    expect(order.slice(-4)).toEqual([
      'PUT storemap.json',
      'PUT robots.txt',
      'PUT sitemap.xml',
      'PUT .storemap-state/_objects.json',
    ])
    expect(await publish(through, second)).toMatchObject({ written: 3, removed: 1 })
    expect(changes()).toEqual([
      'PUT .storemap-state/_objects.json',
      `PUT ${onlyIn(second, first)[0]}`,
      'PUT storemap.json',
      'PUT sitemap.xml',
      `DELETE ${onlyIn(first, second)[0]}`,
      'PUT .storemap-state/_objects.json',
    ])
    expect(await publish(through, second)).toEqual({ reference: `s3://${bucket.name}`, written: 0, removed: 0 })
    expect(changes()).toEqual([])
  })

  test('never sends what a bundle need not have made again', async () => {
    const publisher = publisherOf({ endpoint, bucket })
    await publish(publisher, first)
    const kept = new Set(namesOf(second).filter(name => Object.hasOwn(first.manifest.files, name)))
    kept.delete('sitemap.xml')
    const dir = folder()
    await makeBundle(dir, {})
    for (const name of namesOf(second)) {
      if (!kept.has(name)) await writeFile(join(dir, name), await readFile(join(second.dir, name)))
    }
    const open = await publisher.open()
    for (const name of kept) expect(await open.published?.isIntact(name)).toBe(true)
    expect(await open.publish({ ...second, dir, kept }, { message: '', adopt: false })).toMatchObject({ written: 3 })
    await open.close()
    await expectStandsAlone(bucket, second)
  })

  test('refuses a bundle without a file that somebody altered meanwhile, and changes nothing', async () => {
    const publisher = publisherOf({ endpoint, bucket })
    await publish(publisher, first)
    const kept = new Set(['robots.txt'])
    await bucket.write('robots.txt', 'Disallow: /')
    await expect(publish(publisher, { ...second, kept })).rejects.toMatchObject({ code: 'BUNDLE_FILE_ALTERED' })
    expect(String((await bucket.read('storemap.json'))?.bytes)).toBe(first.manifestText)
  })

  test('sees what others altered or removed, and puts it right', async () => {
    const publisher = publisherOf({ endpoint, bucket })
    await publish(publisher, first)
    const [shard = ''] = shardsOf(first)
    await bucket.write('robots.txt', 'Block:\n')
    await bucket.remove(shard)
    const open = await publisher.open()
    const intact = await Promise.all(namesOf(first).map(async name => [name, await open.published?.isIntact(name)]))
    expect(Object.fromEntries(intact)).toEqual(
      Object.fromEntries(namesOf(first).map(name => [name, name !== 'robots.txt' && name !== shard])),
    )
    expect(await open.published?.isIntact('storemap.json')).toBe(false)
    await expect(open.published?.read(shard)[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'BUNDLE_FILE_ALTERED',
    })
    await open.close()
    expect(await publish(publisher, first)).toMatchObject({ written: 2, removed: 0 })
    await expectStandsAlone(bucket, first)
  })

  test('without its own notes puts everything anew, and takes nothing of its own for that of others', async () => {
    const publisher = publisherOf({ endpoint, bucket })
    await publish(publisher, first)
    for (const damage of [
      () => bucket.remove('.storemap-state/_objects.json'),
      () => bucket.write('.storemap-state/_objects.json', '{"format":1'),
    ]) {
      await damage()
      const open = await publisher.open()
      expect(await open.published?.isIntact('sitemap.xml')).toBe(false)
      await open.close()
      expect(await publish(publisher, first)).toMatchObject({ written: 4, removed: 0 })
      await expectStandsAlone(bucket, first)
    }
  })

  test('leaves old shards to readers that still have the index before, for an hour and as long as it is cached', async () => {
    let now = Date.parse('2026-11-28T03:00:00Z')
    const settings = { graceMs: 3_900_000, clock: () => new Date(now) }
    const publisher = publisherOf({ endpoint, bucket }, {}, settings)
    const [old = ''] = onlyIn(first, second)
    await publish(publisher, first)
    expect(await publish(publisher, second)).toMatchObject({ written: 3, removed: 0 })
    await expectStandsAlone(bucket, second, [old])
    expect(await publish(publisher, second)).toMatchObject({ written: 0, removed: 0 })

    const third = await makeHashedBundle(folder(), { 'products-00': '/yew', 'pages-00': '/about' })
    now += 3_000_000
    // Files that no index names go at once.
    expect(await publish(publisher, third)).toMatchObject({ written: 3, removed: 1 })
    const [newer = ''] = onlyIn(second, third)
    await expectStandsAlone(bucket, third, [old, newer])

    now += 1_000_000
    expect(await publish(publisher, second)).toMatchObject({ written: 3, removed: 1 })
    await expectStandsAlone(bucket, second, onlyIn(third, second))
  })

  test('does not send a shard again that comes back while it is still there', async () => {
    const publisher = publisherOf({ endpoint, bucket }, {}, { graceMs: 60_000 })
    await publish(publisher, first)
    await publish(publisher, second)
    expect(await publish(publisher, first)).toMatchObject({ written: 2, removed: 0 })
    await expectStandsAlone(bucket, first, onlyIn(second, first))
  })

  test('pages through thousands of objects, of its own and of others', async () => {
    const shards = Object.fromEntries(Array.from({ length: 1_200 }, (_, index) => [`products-${index}`, `/p/${index}`]))
    const many = await makeHashedBundle(folder(), shards)
    const publisher = publisherOf({ endpoint, bucket })
    expect(await publish(publisher, many)).toMatchObject({ written: 1_202 })
    const open = await publisher.open()
    for (const name of namesOf(many)) expect(await open.published?.isIntact(name), name).toBe(true)
    await open.close()
    expect(await publish(publisher, many)).toMatchObject({ written: 0, removed: 0 })
    expect(await publish(publisher, first)).toMatchObject({ written: 5, removed: 1_200 })
    await expectStandsAlone(bucket, first)
  })

  test('takes any name that a manifest may have, and any that others have', async () => {
    const hostile = ['sitemap-a b+c%2Fd.xml', 'sitemap-ü-€-😀.xml', "sitemap-'()*!~&=?#;,@$:.xml", 'sitemap-<&">.xml']
    for (const prefix of ['', 'a+b c/%41/ü/']) {
      const bundle = await makeBundle(folder(), {
        ...Object.fromEntries(hostile.map((name, index) => [name, urlset(`/${index}`)])),
        'sitemap.xml': sitemapindex('x.xml'),
      })
      const publisher = publisherOf({ endpoint, bucket }, { prefix })
      await bucket.write(`${prefix}theirs & <"others'> + %2B.txt`, 'x')
      await publish(publisher, bundle)
      for (const name of hostile) {
        expect((await bucket.read(`${prefix}${name}`))?.bytes, name).toEqual(await readFile(join(bundle.dir, name)))
      }
      expect(await publish(publisher, bundle)).toMatchObject({ written: 0, removed: 0 })
    }
  })

  test('fails the opening on a manifest that cannot be read, so that nobody takes the target for empty', async () => {
    await bucket.write('storemap.json', 'not json')
    await expect(publisherOf({ endpoint, bucket }).open()).rejects.toMatchObject({ code: 'MANIFEST_INVALID' })
  })

  test('looks at the entry point before it is too late to turn back', async () => {
    const publisher = publisherOf({ endpoint, bucket })
    await publish(publisher, first)
    const damaged = await makeHashedBundle(folder(), { 'products-00': '/fir' })
    await writeFile(join(damaged.dir, 'sitemap.xml'), urlset('/'))
    await expect(publish(publisher, damaged)).rejects.toMatchObject({ code: 'BUNDLE_FILE_ALTERED' })
    await rm(join(damaged.dir, 'sitemap.xml'))
    await expect(publish(publisher, damaged)).rejects.toMatchObject({ code: 'BUNDLE_FILE_ALTERED' })
    await expectStandsAlone(bucket, first)
  })
})

describe.skipIf(!server)('the state of an S3 target', () => {
  const put = (entries: Readonly<Record<string, string>>) =>
    new Map(Object.entries(entries).map(([name, text]) => [name, Buffer.from(text)]))
  const stateOf = async (publisher = publisherOf({ endpoint, bucket })) => {
    const open = await publisher.open()
    const { names, read } = open.state as NonNullable<typeof open.state>
    const texts = await Promise.all([...names].map(async name => [name, String(await read(name))]))
    const missing = await read('never.json')
    await open.close()
    expect(missing).toBeUndefined()
    return Object.fromEntries(texts)
  }

  test('is put before the manifest is swapped, and removed after', async () => {
    const publisher = publisherOf({ endpoint, bucket })
    await publish(publisher, first, { state: { put: put({ 'a.json': '1', 'b.bin': '2' }), remove: [] } })
    expect(await stateOf()).toEqual({ 'a.json': '1', 'b.bin': '2' })
    await using gateway = await startGateway(endpoint)
    const path = join(folder(), '')
    await makeBundle(path, {})
    await writeFile(join(path, 'rows'), 'three')
    const state = { put: new Map([['c.bin', { path: join(path, 'rows') }]]), remove: ['a.json'] }
    await publish(publisherOf({ endpoint: gateway.endpoint, bucket }), second, { state })
    const order = gateway.requests.filter(({ method }) => method !== 'GET').map(({ method, key }) => `${method} ${key}`)
    expect(order.indexOf('PUT .storemap-state/c.bin')).toBeGreaterThan(0)
    expect(order.indexOf('PUT .storemap-state/c.bin')).toBeLessThan(order.indexOf('PUT storemap.json'))
    expect(order.indexOf('DELETE .storemap-state/a.json')).toBeGreaterThan(order.indexOf('PUT sitemap.xml'))
    expect(await stateOf()).toEqual({ 'b.bin': '2', 'c.bin': 'three' })
    expect((await bucket.read('.storemap-state/c.bin'))?.headers.get('cache-control')).toBe('private, no-store')
  })

  test('is written alone, too, and with a bundle that is there already', async () => {
    const publisher = publisherOf({ endpoint, bucket })
    const open = await publisher.open()
    await open.state?.write({ put: put({ 'held.json': 'x' }), remove: [] })
    await open.state?.write({ put: put({ 'held.json': 'y' }), remove: [] })
    await open.close()
    expect(await stateOf()).toEqual({ 'held.json': 'y' })
    await publish(publisher, first)
    await publish(publisher, first, { state: { put: put({ 'd.json': 'z' }), remove: ['held.json', 'absent'] } })
    expect(await stateOf()).toEqual({ 'd.json': 'z' })
  })

  test('that somebody else changed since it was opened is not overwritten', async () => {
    const late = await publisherOf({ endpoint, bucket }).open()
    const early = await publisherOf({ endpoint, bucket }).open()
    await early.state?.write({ put: put({ 'a.json': 'early' }), remove: [] })
    const attempt = late.state?.write({ put: put({ 'a.json': 'late' }), remove: [] })
    await expect(attempt).rejects.toMatchObject({ code: 'TARGET_MOVED' })
    await Promise.all([early.close(), late.close()])
    expect(await stateOf()).toEqual({ 'a.json': 'early' })
  })

  test('lies where the options say, apart from that of another folder', async () => {
    const elsewhere = publisherOf({ endpoint, bucket }, { prefix: 'maps', statePrefix: 'private/de' })
    await publish(elsewhere, first, { state: { put: put({ 'a.json': 'de' }), remove: [] } })
    await publish(publisherOf({ endpoint, bucket }), first, { state: { put: put({ 'a.json': 'top' }), remove: [] } })
    expect(await bucket.keys()).toEqual(expect.arrayContaining(['private/de/_objects.json', 'private/de/a.json']))
    expect(await stateOf(elsewhere)).toEqual({ 'a.json': 'de' })
    expect(await stateOf()).toEqual({ 'a.json': 'top' })
  })
})
