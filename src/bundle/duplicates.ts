// Addresses that a bundle lists twice: the hashes only raise a suspicion, a second reading confirms it.
import { StoremapError } from '../errors.ts'
import { isGzip, type SiteCheck } from './check-sitemap.ts'
import { hashLoc } from './loc-hashes.ts'
import { readSitemap } from './read-sitemap.ts'

/** Reads the sitemaps again and adds a problem for every address that was there before, naming where. */
export async function reportDuplicates(
  names: readonly string[],
  suspects: ReadonlySet<number>,
  { folder, problems, signal }: SiteCheck,
): Promise<void> {
  if (suspects.size === 0) return
  const firstIn = new Map<string, string>()
  for (const name of names) {
    try {
      for await (const batch of readSitemap(folder.read(name), { name, gzip: isGzip(name), onOddity: () => {} })) {
        signal?.throwIfAborted()
        for (const { loc } of batch) {
          if (!suspects.has(hashLoc(loc))) continue
          const first = firstIn.get(loc)
          if (first === undefined) firstIn.set(loc, name)
          else problems.add(name, 'lists an address that was listed before', `${loc.slice(0, 300)} (in ${first})`)
        }
      }
    } catch (cause) {
      // The first reading has said so, and its addresses up to there count.
      if (!(cause instanceof StoremapError) || cause.code !== 'SITEMAP_UNREADABLE') throw cause
    }
  }
}
