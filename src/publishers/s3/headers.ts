// How an object is served: its content type, and how long it may be cached.
import type { ManifestFile } from '../../bundle/manifest.ts'

export interface ObjectHeaders {
  readonly contentType: string
  readonly cacheControl: string
}

const IMMUTABLE = 'public, max-age=31536000, immutable'
const PRIVATE: ObjectHeaders = { contentType: 'application/octet-stream', cacheControl: 'private, no-store' }

/** `cacheControl`: of files whose names stay when their bytes change. */
export function headersOf(name: string, file: ManifestFile | undefined, cacheControl: string): ObjectHeaders {
  return { contentType: contentTypeOf(name), cacheControl: file && isImmutable(name, file) ? IMMUTABLE : cacheControl }
}

export const privateHeaders = (name: string): ObjectHeaders =>
  name.endsWith('.json') ? { ...PRIVATE, contentType: 'application/json' } : PRIVATE

/** Whether the name has the beginning of the file's own sha256 in it, so that other bytes have another name. */
export function isImmutable(name: string, { sha256 }: Pick<ManifestFile, 'sha256'>): boolean {
  const [, hash] = /[.-]([0-9a-f]{8,64})\.xml(?:\.gz)?$/.exec(name) ?? []
  return hash !== undefined && sha256.startsWith(hash)
}

/** No Content-Encoding, ever: a .xml.gz is a gzip file, and clients that unpacked it on the way would find none. */
function contentTypeOf(name: string): string {
  if (name.endsWith('.xml.gz')) return 'application/gzip'
  if (name.endsWith('.xml')) return 'application/xml'
  if (name.endsWith('.json')) return 'application/json'
  if (name.endsWith('.txt')) return 'text/plain; charset=utf-8'
  if (name.endsWith('.xsl')) return 'text/xsl'
  return 'application/octet-stream'
}

/** The longest time that a cache may go on serving what it has. */
export function longestAgeMs(cacheControl: string): number {
  const ages = [...cacheControl.matchAll(/\b(?:s-maxage|max-age|stale-while-revalidate)=(\d{1,9})/gi)]
  return Math.max(0, ...ages.map(([, seconds]) => Number(seconds))) * 1_000
}
