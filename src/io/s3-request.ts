// One signed request to S3: sent again where that can help, ended where nothing moves, no body ever whole in memory.
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import type { AwsV4Signer } from 'aws4fetch'
import { encode, objectUrl, type S3Place } from './s3-address.ts'
import type { S3Body } from './s3-body.ts'
import { isPassing, networkError, type S3Refusal, toRefusal } from './s3-failure.ts'

export interface S3Access {
  readonly place: S3Place
  /** For people: "s3 acme/sitemaps". */
  readonly label: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
  /** Of silence, and after which nothing is sent again. */
  readonly timeoutMs: number
  /** Before the second time that something is sent; each further wait is twice as long. */
  readonly retryMs: number
  readonly signal?: AbortSignal | undefined
}

export interface S3Request {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  /** Empty: the bucket itself. */
  readonly key: string
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: S3Body
}

export interface S3Sender {
  /**
   * Sends a request, and again after what passes by itself. `use` gets the answer, and what it fails with counts as a
   * failure on the way. Gives a refusal where S3 did not do what was asked.
   * Fails with TARGET_UNREACHABLE, TARGET_TIMEOUT, with what the body fails with, and with the signal's reason.
   */
  send<T>(request: S3Request, use: (response: IncomingMessage) => Promise<T>): Promise<T | S3Refusal>
  close(): void
}

const ATTEMPTS = 5
const LONGEST_WAIT_MS = 5_000
const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** The signer is loaded here, where somebody needs it. */
export async function createSender(access: S3Access): Promise<S3Sender> {
  const { AwsV4Signer } = await import('aws4fetch')
  const isPlain = objectUrl(access.place, '').protocol === 'http:'
  const agent = isPlain ? new HttpAgent({ keepAlive: true }) : new HttpsAgent({ keepAlive: true })
  const keys = new Map<string, ArrayBuffer>()
  const sign = (request: S3Request) => signedHeaders(AwsV4Signer, request, access, keys)
  return {
    async send(request, use) {
      const end = performance.now() + access.timeoutMs
      for (let attempt = 1; ; attempt++) {
        access.signal?.throwIfAborted()
        const outcome = await exchange(request, await sign(request), { access, agent, use })
        if ('result' in outcome) return outcome.result
        if (!outcome.passes || attempt === ATTEMPTS || performance.now() >= end) {
          if ('refusal' in outcome) return outcome.refusal
          throw outcome.error
        }
        await pause(attempt, access)
      }
    },
    close: () => agent.destroy(),
  }
}

type Outcome<T> =
  | { readonly result: T }
  | { readonly refusal: S3Refusal; readonly passes: boolean }
  | { readonly error: unknown; readonly passes: boolean }

interface Exchange<T> {
  readonly access: S3Access
  readonly agent: HttpAgent
  readonly use: (response: IncomingMessage) => Promise<T>
}

async function exchange<T>(
  request: S3Request,
  { url, headers }: SignedRequest,
  { access, agent, use }: Exchange<T>,
): Promise<Outcome<T>> {
  const { timeoutMs, signal } = access
  const start = url.protocol === 'http:' ? httpRequest : httpsRequest
  const outgoing = start(url, { method: request.method, headers, agent, timeout: timeoutMs, ...(signal && { signal }) })
  let isSilent = false
  outgoing.on('timeout', () => {
    isSilent = true
    outgoing.destroy()
  })
  const bodyFailure: { cause?: unknown } = {}
  try {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once('response', resolve).on('error', reject)
      sendBody(outgoing, request.body, bodyFailure).catch(reject)
    })
    const { statusCode = 0 } = response
    if (statusCode >= 200 && statusCode < 300) return { result: await use(response) }
    const refusal = await toRefusal(response)
    return { refusal, passes: isPassing(refusal) }
  } catch (error) {
    if ('cause' in bodyFailure) return { error: bodyFailure.cause, passes: false }
    if (signal?.aborted) return { error: signal.reason, passes: false }
    return networkError(access, isSilent ? undefined : error)
  } finally {
    // Answered before all was sent: whoever does not read to its end shall not be sent the rest.
    if (request.body && !outgoing.writableFinished) outgoing.destroy()
  }
}

async function sendBody(
  outgoing: NodeJS.WritableStream,
  body: S3Body | undefined,
  failure: { cause?: unknown },
): Promise<void> {
  if (!body) {
    outgoing.end()
    return
  }
  async function* read(content: S3Body) {
    try {
      yield* content.read()
    } catch (cause) {
      failure.cause = cause
      throw cause
    }
  }
  await pipeline(Readable.from(read(body), { objectMode: false }), outgoing)
}

interface SignedRequest {
  readonly url: URL
  readonly headers: Record<string, string>
}

/** Signed anew each time: a signature is good for some minutes only. */
async function signedHeaders(
  Signer: typeof AwsV4Signer,
  { method, key, query = {}, headers, body }: S3Request,
  { place, accessKeyId, secretAccessKey, sessionToken }: S3Access,
  cache: Map<string, ArrayBuffer>,
): Promise<SignedRequest> {
  const url = objectUrl(place, key)
  url.search = Object.entries(query)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&')
  const signer = new Signer({
    method,
    url: url.href,
    headers: { ...headers, 'x-amz-content-sha256': body?.sha256 ?? EMPTY_SHA256 },
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    service: 's3',
    region: place.region,
    cache,
  })
  const signed = await signer.sign()
  const length = body || method === 'PUT' ? { 'content-length': String(body?.bytes ?? 0) } : {}
  return { url, headers: { ...Object.fromEntries(signed.headers), ...length } }
}

async function pause(attempt: number, { retryMs, signal }: S3Access): Promise<void> {
  const longest = Math.min(retryMs * 2 ** (attempt - 1), LONGEST_WAIT_MS)
  // At random, so that those who failed together do not come back together.
  await delay(longest * (0.5 + Math.random() / 2), undefined, signal ? { signal } : {}).catch(() =>
    signal?.throwIfAborted(),
  )
}
