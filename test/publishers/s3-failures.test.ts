// What can be wrong with a bucket, its server or the way to it: named, with its cure, and what was published stays.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Bundle } from '../../src/bundle/manifest.ts'
import { StoremapError } from '../../src/errors.ts'
import { s3Options } from '../../src/publishers/s3/options.ts'
import { createS3Publisher } from '../../src/publishers/s3/s3.ts'
import { registerSecret } from '../../src/redact.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { startHangingServer } from '../helpers/hanging-server.ts'
import { type Fate, type GatewayRequest, type S3Gateway, startGateway } from '../helpers/s3-gateway.ts'
import { KEYS, startS3Server, type TestBucket } from '../helpers/s3-server.ts'
import { expectStandsAlone, makeHashedBundle, publish, publisherOf } from './s3-setting.ts'

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
let third: Bundle
beforeAll(async () => {
  first = await makeHashedBundle(join(temp.path, 'first'), { 'products-00': '/oak' })
  second = await makeHashedBundle(join(temp.path, 'second'), { 'products-00': '/elm' })
  third = await makeHashedBundle(join(temp.path, 'third'), { 'products-00': '/yew' })
})
beforeEach(async () => {
  if (server) bucket = await server.makeBucket()
})

const openingFails = async (options: Readonly<Record<string, unknown>>, timeoutMs = 10_000): Promise<StoremapError> => {
  const failure = await publisherOf({ endpoint, bucket }, options, { timeoutMs })
    .open()
    .catch(cause => cause)
  expect(failure).toBeInstanceOf(StoremapError)
  return failure
}
const isPut = (key: string) => (request: GatewayRequest) => request.method === 'PUT' && request.key === key
const gatewayThat = (does: Fate, to: (request: GatewayRequest) => boolean): Promise<S3Gateway> =>
  startGateway(endpoint, request => (to(request) ? does : 'pass'))

describe.skipIf(!server)('an S3 target cannot be opened', () => {
  test.skipIf(server?.kind === 'moto')('with a wrong secret, and says so without showing it', async () => {
    const secretAccessKey = 'wrong/secret+0123456789'
    registerSecret(secretAccessKey)
    const failure = await openingFails({ secretAccessKey })
    expect(failure).toMatchObject({ code: 'TARGET_AUTH_FAILED', retryable: false })
    expect(failure.message).toContain('SignatureDoesNotMatch')
    expect(failure.hint).toContain('"secretAccessKey"')
    for (let cause: unknown = failure; cause instanceof Error; cause = cause.cause) {
      expect(`${cause.message} ${cause.stack}`).not.toContain(secretAccessKey)
    }
    expect((await openingFails({ accessKeyId: 'nobody' })).code).toBe('TARGET_AUTH_FAILED')
  })

  test('without a key', () => {
    const options = s3Options.parse({ bucket: 'shop' })
    expect(() => createS3Publisher(options)).toThrow(expect.objectContaining({ code: 'TARGET_AUTH_FAILED' }))
  })

  test('where there is no such bucket', async () => {
    expect(await openingFails({ bucket: 'no-such-bucket' })).toMatchObject({
      code: 'TARGET_BUCKET_MISSING',
      message: expect.stringContaining('s3 no-such-bucket'),
    })
  })

  test.skipIf(server?.kind === 'moto')('where it is looked for in another region than it is in', async () => {
    const failure = await openingFails({ region: 'eu-central-1' })
    expect(failure).toMatchObject({ code: 'TARGET_REGION_WRONG', message: expect.stringContaining('eu-central-1') })
  })

  test('where nobody listens', async () => {
    await using hanging = await startHangingServer()
    const closed = `http://127.0.0.1:${hanging.port}`
    await hanging.close()
    expect(await openingFails({ endpoint: closed })).toMatchObject({ code: 'TARGET_UNREACHABLE', retryable: true })
  })

  test('where nobody answers, and waits no longer than it may', async () => {
    await using hanging = await startHangingServer()
    const failure = await openingFails({ endpoint: `http://127.0.0.1:${hanging.port}` }, 150)
    expect(failure).toMatchObject({ code: 'TARGET_TIMEOUT', retryable: true })
    expect(failure.hint).toContain('"timeouts.s3"')
  })

  test('where the connection is not secure as the address says', async () => {
    expect((await openingFails({ endpoint: endpoint.replace('http:', 'https:') })).code).toBe('TARGET_UNREACHABLE')
  })

  test('where something else than S3 answers', async () => {
    for (const [status, body, code] of [
      [200, '<html><body>Welcome</body></html>', 'MANIFEST_INVALID'],
      [404, 'Not here', 'TARGET_REFUSED'],
      [403, '', 'TARGET_AUTH_FAILED'],
    ] as const) {
      const site = createServer((_, response) => response.writeHead(status).end(body))
      await new Promise<void>(resolve => site.listen(0, '127.0.0.1', resolve))
      const failure = await openingFails({ endpoint: `http://127.0.0.1:${(site.address() as AddressInfo).port}` })
      site.closeAllConnections()
      site.close()
      expect(failure.code).toBe(code)
    }
  })
})

describe.skipIf(!server)('a publish to an S3 target', () => {
  test('goes on after a server that is busy for a moment', async () => {
    let busy = 0
    await using gateway = await startGateway(endpoint, () => {
      busy += 1
      return busy % 3 === 0 ? 'pass' : { status: 503, code: 'SlowDown' }
    })
    await publish(publisherOf({ endpoint: gateway.endpoint, bucket }), first)
    await expectStandsAlone(bucket, first)
  })

  test('gives up on one that stays busy', async () => {
    await publish(publisherOf({ endpoint, bucket }), first)
    await using gateway = await gatewayThat({ status: 503, code: 'SlowDown' }, isPut('storemap.json'))
    await expect(publish(publisherOf({ endpoint: gateway.endpoint, bucket }), second)).rejects.toMatchObject({
      code: 'TARGET_UNREACHABLE',
      message: expect.stringContaining('SlowDown'),
      retryable: true,
    })
    expect(gateway.requests.filter(isPut('storemap.json'))).toHaveLength(5)
    await publish(publisherOf({ endpoint, bucket }), first)
    await expectStandsAlone(bucket, first)
  })

  test('tells a key that may only read from one that may do nothing', async () => {
    await publish(publisherOf({ endpoint, bucket }), first)
    await using gateway = await gatewayThat({ status: 403, code: 'AccessDenied' }, ({ method }) => method === 'PUT')
    await expect(publish(publisherOf({ endpoint: gateway.endpoint, bucket }), second)).rejects.toMatchObject({
      code: 'TARGET_AUTH_FAILED',
      message: expect.stringContaining('asked to store'),
    })
    await expectStandsAlone(bucket, first)
  })

  test('tells what the server does not take', async () => {
    await using gateway = await gatewayThat({ status: 400, code: 'EntityTooLarge' }, isPut('storemap.json'))
    await expect(publish(publisherOf({ endpoint: gateway.endpoint, bucket }), first)).rejects.toMatchObject({
      code: 'TARGET_REFUSED',
      message: expect.stringContaining('EntityTooLarge'),
    })
  })

  test('that cannot finish after the swap says that the bundle is published, and what is not', async () => {
    await publish(publisherOf({ endpoint, bucket }), first)
    await using gateway = await gatewayThat({ status: 403, code: 'AccessDenied' }, isPut('sitemap.xml'))
    const failure = await publish(publisherOf({ endpoint: gateway.endpoint, bucket }), second).catch(cause => cause)
    expect(failure).toMatchObject({ code: 'TARGET_UNFINISHED', retryable: true })
    expect(failure.message).toMatch(/asked to store "sitemap.xml", it says AccessDenied/)
    expect(failure.message).not.toContain('What was published there stays')
    await publish(publisherOf({ endpoint, bucket }), second)
    await expectStandsAlone(bucket, second)
  })

  test('that may not remove anything has published its bundle, and says what is left', async () => {
    await publish(publisherOf({ endpoint, bucket }), first)
    await using gateway = await gatewayThat({ status: 403, code: 'AccessDenied' }, ({ method }) => method === 'DELETE')
    const reader = publisherOf({ endpoint: gateway.endpoint, bucket })
    expect(await publish(reader, second)).toMatchObject({
      written: 3,
      removed: 0,
      warnings: [expect.stringMatching(/^What is no longer needed was not removed from s3 .*AccessDenied/)],
    })
    expect(await publish(reader, second)).toMatchObject({ written: 0, removed: 0 })
    await publish(publisherOf({ endpoint, bucket }), third)
    await expectStandsAlone(bucket, third)
  })

  test('ends with its run, and leaves the old bundle whole', async () => {
    await publish(publisherOf({ endpoint, bucket }), first)
    const ended = new AbortController()
    await using gateway = await startGateway(endpoint, request => {
      if (isPut('storemap.json')(request)) ended.abort(new Error('the run ends'))
      return isPut('storemap.json')(request) ? 'lost' : 'pass'
    })
    const attempt = publish(publisherOf({ endpoint: gateway.endpoint, bucket }), second, { signal: ended.signal })
    await expect(attempt).rejects.toThrow('the run ends')
    await publish(publisherOf({ endpoint, bucket }), first)
    await expectStandsAlone(bucket, first)
    await expect(publisherOf({ endpoint, bucket }).open(ended.signal)).rejects.toThrow('the run ends')
  })
})

describe.skipIf(!server)('a server without conditional writes', () => {
  const unconditional = () => gatewayThat('unconditional', () => true)
  const refusing = () =>
    startGateway(endpoint, ({ headers }) =>
      headers['if-match'] || headers['if-none-match'] ? { status: 501, code: 'NotImplemented' } : 'pass',
    )

  test('is found out before anything is published, whether it says so or not', async () => {
    for (const start of [unconditional, refusing]) {
      await using gateway = await start()
      const failure = await publish(publisherOf({ endpoint: gateway.endpoint, bucket }), first).catch(cause => cause)
      expect(failure).toMatchObject({ code: 'TARGET_NOT_CONDITIONAL' })
      expect(failure.hint).toContain('"conditionalWrites: false"')
      expect(await bucket.keys()).toEqual([])
    }
  })

  test('serves one builder, where the options say so, which still sees what others did since it looked', async () => {
    for (const start of [unconditional, refusing]) {
      bucket = await (server as NonNullable<typeof server>).makeBucket()
      await using gateway = await start()
      const publisher = publisherOf({ endpoint: gateway.endpoint, bucket }, { conditionalWrites: false })
      await publish(publisher, first)
      await expectStandsAlone(bucket, first)
      const late = await publisher.open()
      await publish(publisher, second)
      await expect(late.publish(third, { message: '', adopt: false })).rejects.toMatchObject({ code: 'TARGET_MOVED' })
      await late.close()
      await expectStandsAlone(bucket, second)

      const strict = publisherOf({ endpoint: gateway.endpoint, bucket })
      await expect(publish(strict, first)).rejects.toMatchObject({ code: 'TARGET_NOT_CONDITIONAL' })
    }
  })

  test('is not asked again each time, once it was seen to be one that has them', async () => {
    await publish(publisherOf({ endpoint, bucket }), first)
    await using gateway = await startGateway(endpoint)
    await publish(publisherOf({ endpoint: gateway.endpoint, bucket }), second)
    expect(gateway.requests.filter(isPut('.storemap-state/_objects.json'))).toHaveLength(2)
  })
})

test('the keys of the tests are never part of the name of a target', () => {
  const publisher = createS3Publisher(s3Options.parse({ bucket: 'shop', prefix: 'a/b', ...KEYS }))
  expect(publisher.name).toBe('s3 shop/a/b')
})
