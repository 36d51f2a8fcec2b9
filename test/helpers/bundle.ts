// Bundles for tests: files and the manifest that names them, in a folder.
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type Bundle, formatManifest, type ManifestFile, revisionOf } from '../../src/bundle/manifest.ts'

export const SITE = 'https://shop.example.com'
export const LASTMOD = '2026-11-20T03:00:00Z'

export interface MakeBundleOptions {
  /** @defaultValue SITE */
  readonly site?: string
  /** By default counted from the shards; `pages` where one urlset is all. */
  readonly sections?: Readonly<Record<string, { readonly entries: number }>>
}

/** Writes files and their manifest. `sitemap-<section>-<n>.xml` is a shard of that section; what is no sitemap has no entries. */
export async function makeBundle(
  dir: string,
  contents: Readonly<Record<string, string | Buffer>>,
  options: MakeBundleOptions = {},
): Promise<Bundle> {
  await mkdir(dir, { recursive: true })
  const files: Record<string, ManifestFile> = {}
  const counted: Record<string, { entries: number }> = {}
  for (const [name, content] of Object.entries(contents)) {
    const bytes = Buffer.from(content)
    await writeFile(join(dir, name), bytes)
    const section = /^sitemap-(.+?)(?:-\d+)?\.xml(?:\.gz)?$/.exec(name)?.[1]
    const entries = countEntries(name, bytes)
    files[name] = {
      bytes: bytes.length,
      ...(entries === undefined ? {} : { entries, lastmod: LASTMOD }),
      ...(section === undefined ? {} : { section }),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }
    if (section !== undefined) counted[section] = { entries: (counted[section]?.entries ?? 0) + (entries ?? 0) }
  }
  const isOne = Object.keys(counted).length === 0
  const sections = options.sections ?? (isOne ? { pages: { entries: files['sitemap.xml']?.entries ?? 0 } } : counted)
  const manifest = { files, format: 1 as const, sections, site: options.site ?? SITE }
  const manifestText = formatManifest(manifest)
  await writeFile(join(dir, 'storemap.json'), manifestText)
  return { dir, manifest, manifestText, revision: revisionOf(manifestText) }
}

function countEntries(name: string, bytes: Buffer): number | undefined {
  if (!/\.xml(\.gz)?$/.test(name)) return undefined
  let text = ''
  try {
    text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  } catch {
    // A broken .gz is what some tests are about.
  }
  return text.match(/<(url|sitemap)>/g)?.length ?? 0
}

const NAMESPACE = 'http://www.sitemaps.org/schemas/sitemap/0.9'

/** A urlset of paths, or of whole `<url>` elements. */
export function urlset(...entries: string[]): string {
  const lines = entries.map(entry => (entry.startsWith('<') ? entry : `<url><loc>${SITE}${entry}</loc></url>`))
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="${NAMESPACE}">\n${lines.join('\n')}\n</urlset>\n`
}

export function sitemapindex(...names: string[]): string {
  const lines = names.map(name => `<sitemap><loc>${SITE}/${name}</loc></sitemap>`)
  return `<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="${NAMESPACE}">\n${lines.join('\n')}\n</sitemapindex>\n`
}

/** A temporary folder, removed at the end of the scope that holds it. */
export async function tempFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'storemap-test-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
