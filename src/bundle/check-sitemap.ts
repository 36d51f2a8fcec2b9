// Checks one sitemap of a bundle as it flows by, and notes what the check of the whole needs.
import { StoremapError } from '../errors.ts'
import { MAX_INDEX_ENTRIES, PROTOCOL_LIMITS } from '../sitemap/limits.ts'
import { checkEntry } from './check-entry.ts'
import { inflate } from './inflate.ts'
import { type HashSet, hashLoc } from './loc-hashes.ts'
import { ENTRY_POINT, type ManifestFile } from './manifest.ts'
import type { Problems } from './problems.ts'
import { readSitemap, type SitemapItem } from './read-sitemap.ts'

/** The folder of a bundle, as little of it as a check needs. */
export interface BundleFolder {
  /** Why a file cannot be read ("is missing"); undefined where it can. */
  problemOf(name: string): Promise<string | undefined>
  read(name: string): AsyncIterable<Uint8Array>
}

/** What every part of a check works with. */
export interface SiteCheck {
  readonly folder: BundleFolder
  readonly problems: Problems
  readonly origin: string
  readonly now: Date
  readonly signal: AbortSignal | undefined
}

/** Hashes of addresses that may be there twice; more than these are not looked up again. */
export const MAX_SUSPECTS = 100_000

export interface SitemapFacts {
  /** Undefined where it has no entries, or cannot be read. */
  readonly kind: SitemapItem['kind'] | undefined
  readonly entries: number
  /** Addresses that an index lists. */
  readonly sitemaps: readonly string[]
}

export interface SitemapCheck {
  readonly check: SiteCheck
  /** Addresses of the whole bundle so far. */
  readonly locs: HashSet
  readonly suspects: Set<number>
}

export const isGzip = (name: string): boolean => name.endsWith('.gz')

export async function checkSitemap(
  name: string,
  file: ManifestFile,
  { check, locs, suspects }: SitemapCheck,
): Promise<SitemapFacts> {
  const { problems, signal } = check
  let kind: SitemapItem['kind'] | undefined
  let entries = 0
  const sitemaps: string[] = []
  const onOddity = (what: string, example: string) => problems.add(name, what, example)
  try {
    for await (const batch of readSitemap(plainBytes(name, check), { name, gzip: false, onOddity })) {
      signal?.throwIfAborted()
      for (const item of batch) {
        kind = item.kind
        entries++
        for (const problem of checkEntry(item, check)) problems.add(name, problem, exampleOf(item, problem))
        if (kind === 'sitemap' && sitemaps.length <= MAX_INDEX_ENTRIES) sitemaps.push(item.loc)
        const hash = kind === 'url' ? hashLoc(item.loc) : undefined
        if (hash !== undefined && !locs.add(hash) && suspects.size < MAX_SUSPECTS) suspects.add(hash)
      }
    }
  } catch (cause) {
    if (!(cause instanceof StoremapError) || cause.code !== 'SITEMAP_UNREADABLE') throw cause
    problems.add(name, cause.message)
    return { kind, entries, sitemaps }
  }
  checkCounts(name, { file, kind, entries, check })
  return { kind, entries, sitemaps }
}

interface Counts {
  readonly file: ManifestFile
  readonly kind: SitemapItem['kind'] | undefined
  readonly entries: number
  readonly check: SiteCheck
}

function checkCounts(name: string, { file, kind, entries, check }: Counts): void {
  const { problems } = check
  if (entries === 0) problems.add(name, 'is empty')
  if (entries !== file.entries) {
    problems.add(name, 'has not the entries of the manifest', `${entries}, not ${file.entries}`)
  }
  if (entries > PROTOCOL_LIMITS.entries) {
    problems.add(name, `has more than ${PROTOCOL_LIMITS.entries} entries`, String(entries))
  }
  if (kind === 'sitemap' && name !== ENTRY_POINT) problems.add(name, 'is an index inside of an index')
}

/** Uncompressed, and no further than one byte over the limit: a small .gz can be made to fill any memory and time. */
async function* plainBytes(name: string, { folder, problems }: SiteCheck): AsyncGenerator<Uint8Array> {
  const stored = folder.read(name)
  const limit = PROTOCOL_LIMITS.bytes
  let bytes = 0
  let isOver = false
  for await (const chunk of isGzip(name) ? inflate(stored, name) : stored) {
    bytes += chunk.length
    if (bytes > limit && !isOver) {
      isOver = true
      problems.add(name, `has more than ${limit} bytes uncompressed`)
    }
    // Read on for a while, so that a file just over the limit is not called broken, too.
    if (bytes > 2 * limit) return
    yield chunk
  }
}

const exampleOf = ({ loc, lastmod }: SitemapItem, problem: string): string =>
  (problem.includes('lastmod') ? `${lastmod} of ${loc}` : loc).slice(0, 300)
