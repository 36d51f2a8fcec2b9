// A bucket of S3, thin: read, list, put under a condition, remove. What it says is ours; what it fails with, too.
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { errors } from '../errors.ts'
import type { S3Body } from './s3-body.ts'
import { networkError, refusalError, S3Refusal } from './s3-failure.ts'
import { createSender, type S3Access, type S3Request, type S3Sender } from './s3-request.ts'
import { type ListPage, parseListPage, plainEtag } from './s3-xml.ts'

export interface S3Object {
  /** Without quotes; what it is made of is the server's business. Empty where it has none. */
  readonly etag: string
  readonly bytes: number
}

export interface PutOptions {
  readonly contentType: string
  readonly cacheControl: string
  /** The object that it replaces; undefined: there is none. */
  readonly replaces: { readonly etag: string } | undefined
}

export interface S3Bucket {
  /** A whole object, of at most so many bytes; undefined where there is none. */
  get(key: string, options: { readonly maxBytes: number }): Promise<{ bytes: Buffer; etag: string } | undefined>
  /** The bytes of an object; undefined where there is none. */
  stream(key: string): Promise<AsyncIterable<Uint8Array> | undefined>
  /** Its etag; undefined where there is none. */
  look(key: string): Promise<{ readonly etag: string } | undefined>
  /**
   * Puts an object in the place of the one that is expected there, or fails to: 'moved' where another one is. One that
   * has the very bytes already counts as put, since the answer to a first try may have got lost.
   * Fails with TARGET_NOT_CONDITIONAL where the server says that it cannot do that.
   */
  put(key: string, body: S3Body, options: PutOptions): Promise<{ readonly etag: string } | 'moved'>
  /** Whether it was there or not. */
  remove(key: string): Promise<void>
  /** What lies in a folder (`a/`, or '' for the top), by the name there; folders within it are left out. */
  list(folder: string): Promise<Map<string, S3Object>>
  close(): void
}

export interface BucketOptions extends S3Access {
  /** False: the server knows no conditions, so what is there is looked at right before each put. */
  readonly conditionalWrites: boolean
}

const MISSING = new Set(['NoSuchKey', 'NotFound'])
const MAX_PAGE_BYTES = 32 * 1024 * 1024

/** All failures of all methods are those of `S3Sender.send`, and what `refusalError` makes of a refusal. */
export async function openBucket(access: BucketOptions): Promise<S3Bucket> {
  const sender = await createSender(access)
  return {
    ...readingOf(access, sender),
    ...puttingOf(access, sender),
    close: sender.close,
  }
}

function readingOf(access: S3Access, sender: S3Sender): Pick<S3Bucket, 'get' | 'stream' | 'look' | 'list'> {
  const missingOr = async <T>(request: S3Request, use: (response: IncomingMessage) => Promise<T>) => {
    const answer = await sender.send(request, use)
    if (!(answer instanceof S3Refusal)) return answer
    // Other codes say that something else is missing; to HEAD there is no code.
    if (answer.status === 404 && (request.method === 'HEAD' || MISSING.has(answer.code))) return undefined
    throw refusalError(access, `read "${request.key}"`, answer)
  }
  const readWhole = (response: IncomingMessage, what: string, maxBytes: number): Promise<Buffer> =>
    readAtMost(response, maxBytes, () => errors.s3Refused(access.label, `${what} has more than ${maxBytes} bytes`))
  const listPage = async (query: Readonly<Record<string, string>>): Promise<ListPage> => {
    const answer = await sender.send({ method: 'GET', key: '', query }, response =>
      readWhole(response, 'its list of objects', MAX_PAGE_BYTES),
    )
    if (answer instanceof S3Refusal) throw refusalError(access, 'list its objects', answer)
    try {
      return parseListPage(answer.toString('utf8'))
    } catch (cause) {
      throw errors.s3Unreachable(access.label, 'what answers there does not list objects as S3 does', cause)
    }
  }
  return {
    get: (key, { maxBytes }) =>
      missingOr({ method: 'GET', key }, async response => ({
        bytes: await readWhole(response, `"${key}"`, maxBytes),
        etag: etagOf(response),
      })),
    async stream(key) {
      const response = await missingOr({ method: 'GET', key }, async answer => answer)
      return response && withNetworkErrors(response, access)
    },
    look: key => missingOr({ method: 'HEAD', key }, async response => ({ etag: etagOf(response.resume()) })),
    async list(folder) {
      const query = { 'list-type': '2', delimiter: '/', 'encoding-type': 'url', prefix: folder }
      const found = new Map<string, S3Object>()
      let page = await listPage(query)
      for (;;) {
        for (const { key, etag, bytes } of page.objects) found.set(key.slice(folder.length), { etag, bytes })
        if (page.next === undefined) return found
        page = await listPage({ ...query, 'continuation-token': page.next })
      }
    },
  }
}

function puttingOf(access: BucketOptions, sender: S3Sender): Pick<S3Bucket, 'put' | 'remove'> {
  const { look, stream } = readingOf(access, sender)

  const send = async (key: string, body: S3Body, options: PutOptions) => {
    const condition = access.conditionalWrites ? conditionOf(options) : {}
    const headers = { 'content-type': options.contentType, 'cache-control': options.cacheControl, ...condition }
    return sender.send({ method: 'PUT', key, headers, body }, async response => ({ etag: etagOf(response.resume()) }))
  }
  const hasAlready = async (key: string, body: S3Body): Promise<{ etag: string } | undefined> => {
    const object = await look(key)
    const bytes = object && (await stream(key))
    if (!bytes) return undefined
    const hash = createHash('sha256')
    for await (const chunk of bytes) hash.update(chunk)
    return hash.digest('hex') === body.sha256 ? object : undefined
  }
  return {
    async put(key, body, options) {
      if (!access.conditionalWrites && (await look(key))?.etag !== options.replaces?.etag) {
        return (await hasAlready(key, body)) ?? 'moved'
      }
      const answer = await send(key, body, options)
      if (!(answer instanceof S3Refusal)) return answer
      // 404: the one that it should replace is gone.
      const isMoved = [409, 412].includes(answer.status) || (answer.status === 404 && MISSING.has(answer.code))
      if (isMoved) return (await hasAlready(key, body)) ?? 'moved'
      if (answer.status === 501 || answer.code === 'NotImplemented') throw errors.s3NotConditional(access.label)
      throw refusalError(access, `store "${key}"`, answer)
    },
    async remove(key) {
      const answer = await sender.send({ method: 'DELETE', key }, async response => void response.resume())
      if (answer instanceof S3Refusal && answer.status !== 404) throw refusalError(access, `remove "${key}"`, answer)
    },
  }
}

const conditionOf = ({ replaces }: PutOptions): Record<string, string> =>
  replaces ? { 'if-match': `"${replaces.etag}"` } : { 'if-none-match': '*' }

const etagOf = ({ headers }: IncomingMessage): string => plainEtag(headers.etag ?? '')

async function readAtMost(response: IncomingMessage, maxBytes: number, refuse: () => Error): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > maxBytes) throw refuse()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function* withNetworkErrors(response: IncomingMessage, access: S3Access): AsyncGenerator<Uint8Array> {
  try {
    yield* response as AsyncIterable<Buffer>
  } catch (cause) {
    access.signal?.throwIfAborted()
    throw networkError(access, cause).error
  }
}
