// Runs that die between any two requests: readers never notice, and the next run puts all right.
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Bundle } from '../../src/bundle/manifest.ts'
import type { StateChanges } from '../../src/state/store.ts'
import { makeBundle, sitemapindex, tempFolder, urlset } from '../helpers/bundle.ts'
import { type Fate, startGateway } from '../helpers/s3-gateway.ts'
import { type S3Server, startS3Server, type TestBucket } from '../helpers/s3-server.ts'
import { expectReadable, expectStandsAlone, makeHashedBundle, publish, publisherOf } from './s3-setting.ts'

const server = await startS3Server()
const temp = await tempFolder()
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await temp[Symbol.asyncDispose]()
})

const endpoint = server?.endpoint ?? ''
const newBucket = (): Promise<TestBucket> => (server as S3Server).makeBucket()
let first: Bundle
let second: Bundle
beforeAll(async () => {
  const robots = { 'robots.txt': 'User-agent: *\n' }
  first = await makeHashedBundle(join(temp.path, 'first'), { 'products-00': '/oak', 'pages-00': '/about' }, robots)
  second = await makeHashedBundle(join(temp.path, 'second'), { 'products-00': '/elm', 'pages-00': '/about' })
})

const stateName = (bundle: Bundle) => `rows-${bundle.revision.slice(0, 8)}`
const stateKey = (bundle: Bundle) => `.storemap-state/${stateName(bundle)}`
/** Each state is named for its bundle, and replaces those of others. */
const stateOf = (bundle: Bundle): StateChanges => ({
  put: new Map([[stateName(bundle), Buffer.from(bundle.revision)]]),
  remove: [first, second].filter(other => other !== bundle).map(stateName),
})

interface Death {
  readonly before: Bundle | undefined
  readonly after: Bundle
  /** What becomes of the request at which it dies: the server never has it, or has done it, and its answer is lost. */
  readonly how: Fate
}

/** Publishes `after` over `before` and dies at every request in turn; `look` sees the bucket each time. */
async function dieEverywhere(
  { before, after, how }: Death,
  look: (bucket: TestBucket) => Promise<void>,
): Promise<number> {
  for (let nth = 1; ; nth++) {
    const bucket = await newBucket()
    if (before) await publish(publisherOf({ endpoint, bucket }), before, { state: stateOf(before) })
    await using gateway = await startGateway(endpoint, ({ number }) =>
      number < nth ? 'pass' : number === nth ? how : 'lost',
    )
    const dying = publisherOf({ endpoint: gateway.endpoint, bucket })
    const failure = await publish(dying, after, { state: stateOf(after) }).catch(cause => cause)
    if (gateway.requests.length < nth) {
      expect(failure).not.toBeInstanceOf(Error)
      return nth - 1
    }
    const unfinished = { code: expect.stringMatching(/^TARGET_(UNREACHABLE|UNFINISHED)$/), retryable: true }
    const untidy = { warnings: expect.arrayContaining([expect.stringMatching(/^What is/)]) }
    expect(failure, `request ${nth}`).toMatchObject(failure instanceof Error ? unfinished : untidy)
    const manifest = String((await bucket.read('storemap.json'))?.bytes ?? '')
    // The state of the bundle that stands is there, too.
    for (const bundle of [first, second]) {
      if (bundle.manifestText === manifest) expect(await bucket.read(stateKey(bundle)), `request ${nth}`).toBeDefined()
    }
    await look(bucket)
  }
}

describe.skipIf(!server)('a run that dies', () => {
  for (const how of ['lost', 'unheard'] as const) {
    const where = how === 'lost' ? 'before the server has a request' : 'after the server has done what it was asked'

    test(`${where} leaves an index with all its shards, and the next run finishes the work`, async () => {
      const requests = await dieEverywhere({ before: first, after: second, how }, async bucket => {
        await expectReadable(bucket, [first, second])
        await publish(publisherOf({ endpoint, bucket }), second, { state: stateOf(second) })
        await expectStandsAlone(bucket, second, [stateKey(second)])
        expect(await publish(publisherOf({ endpoint, bucket }), second)).toMatchObject({ written: 0, removed: 0 })
      })
      expect(requests).toBeGreaterThan(10)
    })

    test(`${where} leaves nothing behind, even where the next run has other records`, async () => {
      await dieEverywhere({ before: first, after: second, how }, async bucket => {
        await publish(publisherOf({ endpoint, bucket }), first, { state: stateOf(first) })
        await expectReadable(bucket, [first])
        await expectStandsAlone(bucket, first, [stateKey(first)])
      })
    })

    test(`${where} while it publishes for the first time is no hindrance to the next run`, async () => {
      await dieEverywhere({ before: undefined, after: first, how }, async bucket => {
        await expectReadable(bucket, [first])
        await publish(publisherOf({ endpoint, bucket }), first, { state: stateOf(first) })
        await expectStandsAlone(bucket, first, [stateKey(first)])
      })
    })
  }

  test('while shards change whose names stay leaves all files of the index, and the next run finishes the work', async () => {
    const bundleOf = (name: string, ...paths: string[]) =>
      makeBundle(join(temp.path, name), {
        'sitemap-products-00.xml': urlset(...paths),
        'sitemap-pages-00.xml': urlset('/about'),
        'sitemap.xml': sitemapindex('sitemap-products-00.xml', 'sitemap-pages-00.xml'),
      })
    const before = await bundleOf('named', '/oak')
    const after = await bundleOf('renamed', '/oak', '/elm')
    await dieEverywhere({ before, after, how: 'unheard' }, async bucket => {
      expect(await bucket.keys()).toEqual(expect.arrayContaining(Object.keys(before.manifest.files)))
      await publish(publisherOf({ endpoint, bucket }), after, {
        state: { put: new Map(), remove: [before, after].map(stateName) },
      })
      await expectStandsAlone(bucket, after)
    })
  })
})

describe.skipIf(!server)('a run of which one answer is lost', () => {
  test('asks again and goes on, whichever it was', async () => {
    for (let nth = 1; ; nth++) {
      const bucket = await newBucket()
      await publish(publisherOf({ endpoint, bucket }), first)
      await using gateway = await startGateway(endpoint, ({ number }) => (number === nth ? 'unheard' : 'pass'))
      const receipt = await publish(publisherOf({ endpoint: gateway.endpoint, bucket }), second)
      expect(receipt, `request ${nth}`).toMatchObject({ written: 3, removed: 2 })
      await expectStandsAlone(bucket, second)
      if (gateway.requests.length < nth) break
    }
  })
})
