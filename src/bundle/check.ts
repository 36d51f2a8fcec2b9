// Does a bundle keep the protocol, and its own manifest? For `storemap check`.

import { createHash } from 'node:crypto'
import { errors, StoremapError } from '../errors.ts'
import { type BundleFolder, checkSitemap, type SiteCheck, type SitemapFacts } from './check-sitemap.ts'
import { checkWhole } from './check-whole.ts'
import { reportDuplicates } from './duplicates.ts'
import { makeHashSet } from './loc-hashes.ts'
import { MANIFEST_NAME, type Manifest, type ManifestFile, parseManifest } from './manifest.ts'
import { collectProblems, type Problem, type Problems } from './problems.ts'

export type { BundleFolder } from './check-sitemap.ts'

export interface CheckOptions {
  readonly now: Date
  /** Examples kept of each kind of problem. @defaultValue 20 */
  readonly examples?: number
  readonly signal?: AbortSignal | undefined
}

export interface CheckReport {
  readonly problems: readonly Problem[]
  /** Files that the manifest names. */
  readonly files: number
  /** Addresses of pages that were read. */
  readonly entries: number
}

/** Checks a whole bundle and reports all that is wrong with it. Fails only where the folder itself fails. */
export async function checkBundle(folder: BundleFolder, options: CheckOptions): Promise<CheckReport> {
  const problems = collectProblems(options.examples ?? 20)
  const manifest = await readManifest(folder, problems)
  if (!manifest) return { problems: problems.list(), files: 0, entries: 0 }
  const origin = URL.canParse(manifest.site) ? new URL(manifest.site).origin : ''
  if (!/^https?:/.test(origin)) problems.add(MANIFEST_NAME, 'names a site that is no address', manifest.site)

  const check: SiteCheck = { folder, problems, origin, now: options.now, signal: options.signal }
  const sitemaps = new Map<string, SitemapFacts>()
  const locs = makeHashSet()
  const suspects = new Set<number>()
  for (const [name, file] of Object.entries(manifest.files)) {
    const isThere = await checkFile(name, file, check)
    if (file.entries === undefined || !isThere) continue
    sitemaps.set(name, await checkSitemap(name, file, { check, locs, suspects }))
  }
  checkWhole(manifest, sitemaps, check)
  const urlsets = [...sitemaps].filter(([, facts]) => facts.kind === 'url')
  await reportDuplicates(
    urlsets.map(([name]) => name),
    suspects,
    check,
  )

  const entries = urlsets.reduce((sum, [, facts]) => sum + facts.entries, 0)
  return { problems: problems.list(), files: Object.keys(manifest.files).length, entries }
}

async function readManifest(folder: BundleFolder, problems: Problems): Promise<Manifest | undefined> {
  const problem = await folder.problemOf(MANIFEST_NAME)
  if (problem) {
    problems.add(MANIFEST_NAME, problem)
    return undefined
  }
  const chunks: Uint8Array[] = []
  for await (const chunk of folder.read(MANIFEST_NAME)) chunks.push(chunk)
  try {
    return parseManifest(toUtf8(Buffer.concat(chunks)), MANIFEST_NAME)
  } catch (cause) {
    if (!(cause instanceof StoremapError)) throw cause
    problems.add(MANIFEST_NAME, cause.message)
    return undefined
  }
}

function toUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw errors.manifestInvalid(MANIFEST_NAME, 'it is not UTF-8', cause)
  }
}

/** Whether the file can be read; its size and sha256 are compared on the way. */
async function checkFile(name: string, file: ManifestFile, { folder, problems, signal }: SiteCheck): Promise<boolean> {
  const problem = await folder.problemOf(name)
  if (problem) {
    problems.add(name, problem)
    return false
  }
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of folder.read(name)) {
    signal?.throwIfAborted()
    hash.update(chunk)
    bytes += chunk.length
  }
  if (bytes !== file.bytes) problems.add(name, 'has not the size of the manifest', `${bytes} bytes, not ${file.bytes}`)
  else if (hash.digest('hex') !== file.sha256) problems.add(name, 'has not the sha256 of the manifest')
  return true
}
