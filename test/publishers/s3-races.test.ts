// Two builders at once: one of them wins, the other one says so, and readers have a whole bundle all the time.
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Bundle } from '../../src/bundle/manifest.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { until } from '../helpers/cli.ts'
import { type Fate, type GatewayRequest, type S3Gateway, startGateway } from '../helpers/s3-gateway.ts'
import { type S3Server, startS3Server, type TestBucket } from '../helpers/s3-server.ts'
import { expectReadable, expectStandsAlone, makeHashedBundle, publish, publisherOf, sha256 } from './s3-setting.ts'

const server = await startS3Server()
const temp = await tempFolder()
afterAll(async () => {
  await server?.[Symbol.asyncDispose]()
  await temp[Symbol.asyncDispose]()
})

const endpoint = server?.endpoint ?? ''
let bucket: TestBucket
let base: Bundle
let one: Bundle
let other: Bundle
let last: Bundle

beforeAll(async () => {
  const make = (name: string, shards: Record<string, string>) => makeHashedBundle(join(temp.path, name), shards)
  base = await make('base', { 'products-00': '/oak', 'pages-00': '/about' })
  one = await make('one', { 'products-00': '/elm', 'pages-00': '/about', 'lists-00': '/a' })
  last = await make('last', { 'products-00': '/yew' })
  other = await make('other', { 'products-00': '/fir', 'pages-00': '/about', 'lists-00': '/a' })
})
beforeEach(async () => {
  if (server) bucket = await server.makeBucket()
})

const isPut = (key: string) => (request: GatewayRequest) => request.method === 'PUT' && request.key === key

function makeSignal(): { readonly given: Promise<void>; give(): void } {
  let give = () => {}
  const given = new Promise<void>(resolve => {
    give = resolve
  })
  return { given, give: () => give() }
}

/** Does something while a request waits. */
const during = (isIt: (request: GatewayRequest) => boolean, act: () => Promise<unknown>): Promise<S3Gateway> => {
  let isDone = false
  return startGateway(endpoint, async (request): Promise<Fate> => {
    if (!isDone && isIt(request)) {
      isDone = true
      await act()
    }
    return 'pass'
  })
}

/** As builders are: what nobody needs stays for an hour. */
const builder = (at = endpoint) => publisherOf({ endpoint: at, bucket }, {}, { graceMs: 3_600_000 })

const hoursLater = (at = endpoint) =>
  publisherOf({ endpoint: at, bucket }, {}, { graceMs: 3_600_000, clock: () => new Date(Date.now() + 7_200_000) })

/** A run that lost a race starts over; meanwhile readers have a whole bundle, be it the older one. */
async function publishAsRunsDo(at: string, bundle: Bundle): Promise<void> {
  for (let tries = 1; ; tries++) {
    const failure = await publish(builder(at), bundle).catch(cause => cause)
    if (!(failure instanceof Error)) return
    expect(failure).toMatchObject({ code: 'TARGET_MOVED' })
    expect(tries).toBeLessThan(3)
    await expectReadable(bucket, [base, one, other])
  }
}

/** After both there is nothing that the next bundle would not sweep away: nothing is lost from sight. */
async function expectSwept(): Promise<void> {
  await publish(publisherOf({ endpoint, bucket }, {}, { graceMs: 0 }), last)
  await expectStandsAlone(bucket, last)
}

const standing = async (): Promise<Bundle | undefined> => {
  const text = String((await bucket.read('storemap.json'))?.bytes)
  return [base, one, other].find(({ manifestText }) => manifestText === text)
}

describe.skipIf(!server)('of two builders of one target', () => {
  test('the one that swaps the manifest first wins, and the other one has changed nothing of its bundle', async () => {
    await publish(builder(), base)
    await using gateway = await during(isPut('storemap.json'), () => publish(builder(), other))
    const late = publish(builder(gateway.endpoint), one)
    await expect(late).rejects.toMatchObject({ code: 'TARGET_MOVED', exitCode: 75 })
    expect(await standing()).toBe(other)
    await expectReadable(bucket, [other])
    await expectSwept()
  })

  test('readers always have all that the entry point names, wherever the second one comes in between', async () => {
    for (let nth = 1; ; nth++) {
      bucket = await (server as S3Server).makeBucket()
      await publish(builder(), base)
      await using gateway = await during(
        ({ number }) => number === nth,
        () => publish(builder(), other),
      )
      await publishAsRunsDo(gateway.endpoint, one)
      if (gateway.requests.length < nth) break
      const winner = (await standing()) as Bundle
      expect([one, other], `request ${nth}`).toContain(winner)
      await expectReadable(bucket, [winner])
      await expectSwept()
    }
  })

  test('the second one takes nothing away that the first one found there and is about to name', async () => {
    for (let nth = 1; ; nth++) {
      bucket = await (server as S3Server).makeBucket()
      await publish(builder(), base)
      // Its shards stay for others to sweep, since it dies before anything names them.
      await using dying = await startGateway(endpoint, ({ key }) => (key === 'storemap.json' ? 'lost' : 'pass'))
      await expect(publish(builder(dying.endpoint), one)).rejects.toThrow()
      await using gateway = await during(
        ({ number }) => number === nth,
        () => publish(builder(), base),
      )
      await publishAsRunsDo(gateway.endpoint, one)
      if (gateway.requests.length < nth) break
      await expectReadable(bucket, [(await standing()) as Bundle])
      await expectSwept()
    }
  })

  test('the second one gets back what it found there and the first one sweeps away meanwhile', async () => {
    const [elm = ''] = Object.keys(one.manifest.files).filter(name => name.startsWith('sitemap-products'))
    await publish(builder(), one)
    await publish(builder(), other)
    // Two hours later, `one` comes back while the first builder is about to remove what it had.
    const swaps = makeSignal()
    let back: Promise<unknown> | undefined
    await using slow = await startGateway(endpoint, async (request): Promise<Fate> => {
      if (isPut('storemap.json')(request)) {
        swaps.give()
        await until('the shard is gone', async () => (await bucket.read(elm)) === undefined)
      }
      return 'pass'
    })
    await using gateway = await startGateway(endpoint, async ({ method, key }): Promise<Fate> => {
      if (method === 'DELETE' && key === elm) {
        back = publish(builder(slow.endpoint), one)
        await Promise.race([swaps.given, back])
      }
      return 'pass'
    })
    // Whether the first one still notices that another bundle took the place of its own is a matter of moments.
    await publish(hoursLater(gateway.endpoint), last).catch(cause => expect(cause.code).toBe('TARGET_MOVED'))
    await back
    expect(await standing()).toBe(one)
    await expectReadable(bucket, [one])
    await expectSwept()
  })

  test('the first one sweeps nothing away once the second one has taken its turn', async () => {
    await publish(builder(), one)
    await publish(builder(), other)
    await using gateway = await during(
      ({ method, key }) => method === 'HEAD' && key.endsWith('_objects.json'),
      () => publish(builder(), one),
    )
    await expect(publish(hoursLater(gateway.endpoint), last)).rejects.toMatchObject({ code: 'TARGET_MOVED' })
    expect(gateway.requests.filter(({ method }) => method === 'DELETE')).toEqual([])
    await expectReadable(bucket, [one])
    await expectSwept()
  })

  test('the second one sweeps nothing away that was gone for hours and the first one is about to name again', async () => {
    await publish(builder(), one)
    await publish(builder(), other)
    await using gateway = await during(isPut('storemap.json'), () => publish(hoursLater(), other))
    await publish(builder(gateway.endpoint), one)
    expect(await standing()).toBe(one)
    await expectReadable(bucket, [one])
    await expectSwept()
  })

  test('with the same bundle both have published it', async () => {
    await using gateway = await during(isPut('storemap.json'), () => publish(builder(), one))
    await publish(builder(gateway.endpoint), one)
    await publish(builder(), one)
    await expectStandsAlone(bucket, one)
  })

  test('what a stranger writes over the entry point meanwhile gives way to ours', async () => {
    await publish(builder(), base)
    await using gateway = await during(isPut('sitemap.xml'), () => bucket.write('sitemap.xml', 'theirs'))
    expect(await publish(builder(gateway.endpoint), one)).toMatchObject({ written: 4 })
    await expectReadable(bucket, [one])
    await expectSwept()
  })

  test('one that publishes where the other one healed does not undo it', async () => {
    await publish(builder(), base)
    await bucket.write('sitemap.xml', 'damaged')
    await using gateway = await during(isPut('sitemap.xml'), () => publish(builder(), one))
    const late = publish(builder(gateway.endpoint), base)
    await expect(late).rejects.toMatchObject({ code: 'TARGET_MOVED' })
    expect(sha256((await bucket.read('sitemap.xml'))?.bytes ?? '')).toBe(one.manifest.files['sitemap.xml']?.sha256)
  })
})
