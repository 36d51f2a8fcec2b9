// One GET over HTTP as a crawler makes it: redirects followed and told, the body as it comes, an end to waiting.

export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  /** Where it came from in the end, after redirects. */
  readonly url: string
  readonly body: AsyncIterable<Uint8Array>
}

export interface HttpGetOptions {
  /** `user:password`, for sites that are not open yet; sent to their own host alone. */
  readonly credentials?: string | undefined
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

const MOST_REDIRECTS = 5

/** Resolves whatever the status; `failure` in a few words where there was no answer. Fails with the signal's reason on abort. */
export async function httpGet(
  url: string,
  { credentials, timeoutMs, signal }: HttpGetOptions,
): Promise<HttpAnswer | { readonly failure: string }> {
  const { origin } = new URL(url)
  const limits = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])])
  let at = url
  try {
    for (let hops = 0; ; hops++) {
      // Not packed for the way: what is compared is the file.
      const headers = new Headers({ 'accept-encoding': 'identity', 'user-agent': 'Storemap' })
      if (credentials !== undefined && new URL(at).origin === origin)
        headers.set('authorization', `Basic ${Buffer.from(credentials).toString('base64')}`)
      const response = await fetch(at, { redirect: 'manual', headers, signal: limits })
      const location = response.headers.get('location')
      if (response.status < 300 || response.status >= 400 || location === null) {
        return { status: response.status, headers: response.headers, url: at, body: bodyOf(response) }
      }
      await response.body?.cancel()
      if (hops === MOST_REDIRECTS) return { failure: `it redirects more than ${MOST_REDIRECTS} times` }
      at = new URL(location, at).href
      if (!/^https?:/.test(at)) return { failure: `it redirects to ${at.slice(0, 100)}` }
    }
  } catch (cause) {
    signal?.throwIfAborted()
    return { failure: failureOf(cause, timeoutMs) }
  }
}

async function* bodyOf({ body }: Response): AsyncGenerator<Uint8Array> {
  if (body) yield* body as unknown as AsyncIterable<Uint8Array>
}

/** As much of a body as `most` bytes; the rest is left where it is. Fails as the connection does. */
export async function readUpTo(
  { body }: Pick<HttpAnswer, 'body'>,
  most: number,
): Promise<{ readonly bytes: Buffer; readonly isWhole: boolean }> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    length += chunk.length
    if (length > most) break
  }
  return { bytes: Buffer.concat(chunks).subarray(0, most), isWhole: length <= most }
}

/** What the system says is behind what fetch says. */
export function failureOf(cause: unknown, timeoutMs: number): string {
  if ((cause as Error | null)?.name === 'TimeoutError')
    return `there was no answer within ${Math.round(timeoutMs / 1000)} s`
  const { cause: inner } = (cause ?? {}) as { cause?: unknown }
  const { code, message } = (inner ?? cause ?? {}) as { code?: string; message?: string }
  return WORDS[code ?? ''] ?? message ?? 'it could not be asked'
}

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it refuses the connection',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'its name could not be looked up',
  ECONNRESET: 'the connection was cut',
  UND_ERR_SOCKET: 'the connection was cut',
  ETIMEDOUT: 'there is no way to it',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is of another host',
}
