// A shop's whole way into a bucket: configuration, run, nothing changed, something changed, the guard's memory.
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type Configuration, run } from '../../src/index.ts'
import { KEYS, startS3Server, type TestBucket } from '../helpers/s3-server.ts'

const server = await startS3Server()
afterAll(() => server?.[Symbol.asyncDispose]())
let bucket: TestBucket
beforeEach(async () => {
  if (server) bucket = await server.makeBucket()
})

const SITE = 'https://shop.example.com'
const configOf = (paths: string[], options: object = {}): Configuration => ({
  site: SITE,
  sections: { static: { of: 'list', paths }, more: { of: 'list', paths: ['/more'] } },
  // So that there are shards.
  limits: { entries: 20 },
  publish: [{ s3: { bucket: bucket.name, endpoint: server?.endpoint ?? '', ...KEYS, ...options } }],
})
const pages = (count: number) => Array.from({ length: count }, (_, index) => `/page-${index}`)

/** All addresses that a reader finds who begins with the entry point. */
async function locsOf(): Promise<string[]> {
  const textOf = async (name: string) => String((await bucket.read(name))?.bytes)
  const locs = (text: string) => [...text.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, loc = '']) => loc)
  const shards = locs(await textOf('sitemap.xml'))
  const found = await Promise.all(shards.map(async loc => locs(await textOf(loc.slice(SITE.length + 1)))))
  return found.flat().sort()
}

describe.skipIf(!server)('a shop with an S3 target', () => {
  test('has its pages in the bucket, run for run, and shards that are named for their content', async () => {
    const first = await run(configOf(pages(50)))
    expect(first).toMatchObject({ outcome: 'published', targets: [{ target: `s3 ${bucket.name}` }] })
    expect(await locsOf()).toEqual([...pages(50), '/more'].map(path => `${SITE}${path}`).sort())
    const shards = (await bucket.keys()).filter(key => key.startsWith('sitemap-'))
    for (const shard of shards) {
      expect(shard).toMatch(/\.[0-9a-f]{8}\.xml$/)
      expect((await bucket.read(shard))?.headers.get('cache-control')).toContain('immutable')
    }

    expect(await run(configOf(pages(50)))).toMatchObject({ outcome: 'unchanged', revision: first.revision })
    expect((await bucket.keys()).filter(key => key.startsWith('sitemap-'))).toEqual(shards)

    expect(await run(configOf(pages(51)))).toMatchObject({ outcome: 'published' })
    expect(await locsOf()).toEqual([...pages(51), '/more'].map(path => `${SITE}${path}`).sort())
    // Those of the index before are there still.
    expect(await bucket.keys()).toEqual(expect.arrayContaining(shards))
  })

  test('is held back by the guard, which compares with what the bucket has', async () => {
    await run(configOf(pages(50)))
    await expect(run(configOf(pages(5)))).rejects.toMatchObject({ code: 'BUNDLE_SHRUNK', exitCode: 3 })
    expect(await locsOf()).toHaveLength(51)
  })

  test('keeps no key in what it tells', async () => {
    const failure = await run(configOf(pages(3), { bucket: 'no-such-bucket' })).catch(cause => cause)
    expect(failure.code).toBe('TARGET_BUCKET_MISSING')
    expect(JSON.stringify([failure.message, failure.hint])).not.toContain(KEYS.secretAccessKey)
  })
})
