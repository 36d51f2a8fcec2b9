// What is wrong with one entry of a sitemap.
import { isLocTooLong } from '../sitemap/entry.ts'
import { isW3cDatetime } from '../sitemap/lastmod.ts'
import { MAX_LOC_LENGTH } from '../sitemap/limits.ts'
import type { SitemapItem } from './read-sitemap.ts'

const DAY_MS = 86_400_000

/** The kinds of problem of an entry; none for a good one. */
export function checkEntry({ loc, lastmod }: SitemapItem, { origin, now }: { origin: string; now: Date }): string[] {
  const problems = checkLoc(loc, origin)
  if (lastmod === undefined) return problems
  if (!isW3cDatetime(lastmod)) problems.push('has a lastmod that is no W3C datetime')
  else if (Date.parse(lastmod) > now.getTime() + DAY_MS) problems.push('has a lastmod in the future')
  return problems
}

function checkLoc(loc: string, origin: string): string[] {
  const problems: string[] = []
  if (isLocTooLong(loc)) problems.push(`has an address of ${MAX_LOC_LENGTH} characters or more`)
  const url = URL.canParse(loc) ? new URL(loc) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) return [...problems, 'has an address that is not absolute']
  if (url.origin !== origin) problems.push('has an address of another site')
  if (loc.includes('#')) problems.push('has an address with a fragment')
  // Its own normal form, or robots that normalise see another address than the one that is listed.
  if (url.href !== loc) problems.push('has an address that is not encoded as a URL')
  return problems
}
