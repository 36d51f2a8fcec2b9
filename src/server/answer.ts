// One file of a bundle as an HTTP response: its type, its validators, its bytes.
import { MANIFEST_NAME } from '../bundle/manifest.ts'
import type { PublishedFolder } from '../webroot/read.ts'
import { type BundleReader, openBundleFile } from '../webroot/served.ts'
import { isNotModified, prefersGzip } from './negotiate.ts'
import { plain } from './plain.ts'

/** As long as a crawler's visit: it sees a new bundle soon, and a proxy in front keeps the crowd away. */
const CACHE_CONTROL = 'public, max-age=300'

/** Below it a header costs more than gzip saves. */
const GZIP_FROM_BYTES = 1_024

const TYPES: readonly (readonly [suffix: string, type: string])[] = [
  // The file itself, as it is named: no encoding of the transfer.
  ['.gz', 'application/gzip'],
  ['.xml', 'application/xml'],
  ['.json', 'application/json'],
  ['.txt', 'text/plain; charset=utf-8'],
]

/** Answers GET and HEAD. Fails where the bundle cannot be read, or the file is not the one that its manifest names. */
export async function answerFile(request: Request, name: string, reader: BundleReader): Promise<Response> {
  for (;;) {
    const bundle = await reader()
    if (!bundle) return nothingYet()
    const response = await answerFrom(bundle, { request, name, reader })
    if (response) return response
  }
}

interface Asked {
  readonly request: Request
  readonly name: string
  readonly reader: BundleReader
}

/** Undefined where the bundle left while it was being read. */
async function answerFrom(bundle: PublishedFolder, { request, name, reader }: Asked): Promise<Response | undefined> {
  const file = fileOf(bundle, name)
  if (!file) return plain(404, 'Nothing of that name was published. Begin with /sitemap.xml.')
  const isText = !name.endsWith('.gz')
  const gzip = isText && file.bytes >= GZIP_FROM_BYTES && prefersGzip(request.headers)
  const etag = `"${file.sha256}${gzip ? '-gzip' : ''}"`
  const lastModified = file.lastmod === undefined ? undefined : new Date(file.lastmod).toUTCString()
  const headers = new Headers({
    'cache-control': CACHE_CONTROL,
    etag,
    'x-content-type-options': 'nosniff',
    ...(isText && { vary: 'Accept-Encoding' }),
    ...(lastModified !== undefined && { 'last-modified': lastModified }),
  })
  if (isNotModified(request.headers, { etag, lastModified })) return new Response(null, { status: 304, headers })
  headers.set('content-type', TYPES.find(([suffix]) => name.endsWith(suffix))?.[1] ?? 'application/octet-stream')
  if (gzip) headers.set('content-encoding', 'gzip')
  else headers.set('content-length', String(file.bytes))
  if (request.method === 'HEAD') return new Response(null, { headers })
  const opened = await openBundleFile(name, { bytes: file.bytes, bundle, reader })
  return opened && new Response(opened.stream({ gzip }), { headers })
}

interface ServedFile {
  readonly bytes: number
  readonly sha256: string
  readonly lastmod?: string
}

/** The manifest has no date of its own: what leaves the bundle changes it, and moves no date of the others. */
function fileOf({ manifest, text, revision }: PublishedFolder, name: string): ServedFile | undefined {
  if (name === MANIFEST_NAME) return { bytes: Buffer.byteLength(text), sha256: revision }
  return Object.hasOwn(manifest.files, name) ? manifest.files[name] : undefined
}

const nothingYet = (): Response =>
  plain(503, 'Nothing was published here yet. The first run of "storemap serve" or "storemap run" does.', {
    'retry-after': '60',
  })
