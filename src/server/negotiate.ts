// What a request's headers ask for: whether the client has the file already, and whether it takes gzip.
import { parseAccept } from 'hono/utils/accept'

export interface Validators {
  /** With its quotes. */
  readonly etag: string
  readonly lastModified: string | undefined
}

/** Whether the client has the very file, by RFC 9110, section 13.2.2: If-None-Match decides where there is one. */
export function isNotModified(headers: Headers, { etag, lastModified }: Validators): boolean {
  const tags = headers.get('if-none-match')
  if (tags !== null) return tags.trim() === '*' || (tags.match(/"[^"]*"/g)?.includes(etag) ?? false)
  const since = Date.parse(headers.get('if-modified-since') ?? '')
  return lastModified !== undefined && Date.parse(lastModified) <= since
}

/** Whether gzip is what the client likes best; who does not say gets the file as it is. */
export function prefersGzip(headers: Headers): boolean {
  const accepted = new Map(
    parseAccept(headers.get('accept-encoding') ?? '').map(({ type, q }) => [type.toLowerCase(), q] as const),
  )
  const gzip = accepted.get('gzip') ?? accepted.get('x-gzip') ?? accepted.get('*') ?? 0
  return gzip > 0 && gzip >= (accepted.get('identity') ?? 0)
}
