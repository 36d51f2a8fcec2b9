// What S3 or the way to it says when it fails, as an error of ours.
import type { IncomingMessage } from 'node:http'
import { errors, StoremapError } from '../errors.ts'
import type { S3Access } from './s3-request.ts'
import { parseRefusal } from './s3-xml.ts'

/** S3's own word that it did not do what was asked. */
export class S3Refusal {
  readonly status: number
  /** `NoSuchKey`; empty where it gave none. */
  readonly code: string
  readonly message: string
  /** Where the bucket is, where that is what was wrong. */
  readonly region: string | undefined

  constructor({ status, code, message, region }: S3Refusal) {
    this.status = status
    this.code = code
    this.message = message
    this.region = region
  }
}

const MAX_REFUSAL_BYTES = 65_536

export async function toRefusal(response: IncomingMessage): Promise<S3Refusal> {
  const { statusCode: status = 0, statusMessage = '', headers } = response
  const { Code: code = '', Message = '', Region } = parseRefusal((await readText(response)) ?? '')
  const region = headers['x-amz-bucket-region'] ?? Region
  return new S3Refusal({
    status,
    code: toPlainText(code),
    message: toPlainText(Message || statusMessage),
    region: typeof region === 'string' && /^[a-z0-9-]{1,40}$/.test(region) ? region : undefined,
  })
}

/** Undefined where it is longer than any refusal. */
async function readText(response: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_REFUSAL_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Whether the same request may well succeed in a moment. */
export const isPassing = ({ status, code }: S3Refusal): boolean =>
  [429, 500, 502, 503, 504].includes(status) ||
  ['SlowDown', 'RequestTimeout', 'ConditionalRequestConflict', 'OperationAborted'].includes(code)

/** The error for a refusal that nobody reckoned with. `what` is what was asked: "list its objects". */
export function refusalError({ label, place }: S3Access, what: string, refusal: S3Refusal): StoremapError {
  const { status, code, message, region } = refusal
  const words = `asked to ${what}, it says ${[code || `HTTP ${status}`, message].filter(Boolean).join(': ')}`
  if (status === 301 || status === 307 || code === 'AuthorizationHeaderMalformed') {
    return errors.s3RegionWrong(label, place.region, region)
  }
  if (code === 'NoSuchBucket') return errors.s3BucketMissing(label)
  if (status === 401 || status === 403 || LOCKED_OUT.has(code)) return errors.s3AuthFailed(label, words)
  if (status >= 500 || status === 429) return errors.s3Unreachable(label, words)
  return errors.s3Refused(label, words)
}

/** Said with another status than 401 and 403, by some server or other. */
const LOCKED_OUT = new Set([
  'ExpiredToken',
  'InvalidAccessKeyId',
  'InvalidToken',
  'TokenRefreshRequired',
  'XAdminUserNotFound',
])

/** A failure on the way, and whether it may pass by itself. No cause: nothing moved for too long. */
export function networkError(
  { label, timeoutMs }: S3Access,
  cause: unknown,
): { readonly error: unknown; readonly passes: boolean } {
  if (cause instanceof StoremapError) return { error: cause, passes: false }
  if (cause === undefined) return { error: errors.s3Timeout(label, Math.ceil(timeoutMs / 1_000)), passes: true }
  const { code = '', message } = cause as NodeJS.ErrnoException
  const words = message || code || 'the connection broke'
  return { error: errors.s3Unreachable(label, toPlainText(words), cause), passes: PASSING.test(code) }
}

const PASSING =
  /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ERR_STREAM_PREMATURE_CLOSE|HPE_\w+)$/

/** Without control sequences, which a server could use to paint over a terminal. */
const toPlainText = (text: string): string => text.replace(CONTROL, ' ').slice(0, 300).trim()

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
const CONTROL = /[\u0000-\u001f\u007f-\u009f]+/g
