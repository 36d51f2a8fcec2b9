// The dates of pages as they are published: read off the sitemaps where the state is lost, so that no date moves for it.
import { hashLoc } from '../bundle/loc-hashes.ts'
import { readSitemap } from '../bundle/read-sitemap.ts'
import { StoremapError } from '../errors.ts'
import type { PublishedBundle } from '../publishers/publisher.ts'
import { lastmodSeconds } from '../sitemap/lastmod.ts'
import { escapeXml } from '../sitemap/xml.ts'

/**
 * Looks up a loc (escaped as in XML) in what is published: its date in seconds, 0 for none; undefined where it is not
 * there. All is read at the first question; of millions of pages only hashes are kept.
 */
export function makePublishedDates(published: PublishedBundle): (loc: string) => Promise<number | undefined> {
  let dates: Promise<ReadonlyMap<number, number>> | undefined
  return async loc => {
    dates ??= readDates(published)
    return (await dates).get(hashLoc(loc))
  }
}

async function readDates(published: PublishedBundle): Promise<ReadonlyMap<number, number>> {
  const dates = new Map<number, number>()
  for (const [name, { entries }] of Object.entries(published.manifest.files)) {
    if (entries === undefined) continue
    try {
      for await (const items of readSitemap(published.read(name), { name, gzip: name.endsWith('.gz') })) {
        for (const { kind, loc, lastmod } of items) {
          if (kind === 'url') dates.set(hashLoc(escapeXml(loc)), Math.max(0, lastmodSeconds(lastmod)) || 0)
        }
      }
    } catch (cause) {
      // A file that somebody altered tells nothing; those of its pages start with the back end's dates.
      const isAltered =
        cause instanceof StoremapError && ['SITEMAP_UNREADABLE', 'BUNDLE_FILE_ALTERED'].includes(cause.code)
      if (!isAltered) throw cause
    }
  }
  return dates
}
