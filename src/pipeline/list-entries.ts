// The entries of a list: bounded by what a person keeps by hand, so all of them are in memory.
import { hashLoc } from '../bundle/loc-hashes.ts'
import { errors } from '../errors.ts'
import { isLocTooLong } from '../sitemap/entry.ts'
import { locOfPath } from '../sitemap/url-template.ts'
import { frameBytes, renderEntry } from '../sitemap/urlset.ts'
import type { EntryOptions, PageEntry } from './entries.ts'
import { countLocales, locGroup, pushGroup } from './entry-groups.ts'
import type { Address, Job, ListSection, PlacedPath } from './job.ts'

/** One batch. Fails with LIST_PATH_INVALID. */
export async function* listEntries(
  job: Job,
  section: ListSection,
  { leftOut, locales, claim, signal }: EntryOptions,
): AsyncGenerator<readonly PageEntry[]> {
  // A path written twice is one page.
  const seen = new Set<string>()
  const taken = new Set<string>()
  const pages: ListedPage[] = []
  for await (const paths of section.read(signal)) {
    for (const listed of paths) {
      const { path, places, alone, lastmod } = typeof listed === 'string' ? toUnplaced(listed) : listed
      const page = locOfPath(job.site, alone ?? path)
      if (page === undefined) throw errors.listPathInvalid(section.name, path, job.site)
      // The front page of the site is another than that of each language.
      if (alone === undefined && seen.has(page)) continue
      if (alone === undefined) seen.add(page)
      const addresses = alone === undefined ? section.addresses : ALONE
      const group = locGroup(addresses, index => {
        const place = alone ?? places?.[index]
        if (places !== undefined && place === undefined) return undefined
        const loc =
          place === undefined
            ? addressOfPage(job.site, page, section.addresses[index] as Address)
            : locOfPath(job.site, place)
        const isTaken = (own: string): boolean => taken.has(own) || claim?.(own, path, index) === false
        const no = loc === undefined ? 'no path' : isLocTooLong(loc) ? 'too long' : isTaken(loc) ? 'taken' : undefined
        // The German address of one page can be the English one of another.
        if (no === undefined) taken.add(loc as string)
        else leftOut.add(no, path.slice(0, 100))
        return no === undefined ? loc : undefined
      })
      const entries: PageEntry[] = []
      pushGroup(entries, group, { key: toListKey(page), lastmod })
      pages.push({ page, entries })
      if (locales && alone === undefined) countLocales([], { group, locales })
    }
  }
  yield inListOrder(job, pages)
}

const toUnplaced = (path: string): Partial<PlacedPath> & { readonly path: string } => ({ path })

/** A page that is in no language has one address, whatever addresses others have. */
const ALONE: readonly Address[] = [
  { hreflang: undefined, isDefault: false, url: { literals: ['/', ''], fields: ['path'], formats: [undefined] } },
]

/** 24 bits of a hash: as short in a file's name as ids are. Pages of one key are of one shard. */
const toListKey = (page: string): number => Math.floor(hashLoc(page) / 2 ** 29)

interface ListedPage {
  readonly page: string
  readonly entries: readonly PageEntry[]
}

/**
 * In alphabetical order as long as one file has room for all: then nothing is cut, and one key serves for all. Longer
 * lists go by hashes of their paths, which lie evenly in the space of keys.
 */
function inListOrder({ limits, features }: Job, pages: readonly ListedPage[]): PageEntry[] {
  const sorted = pages.toSorted((a, b) => compareText(a.page, b.page)).flatMap(({ entries }) => entries)
  const bytes = sorted.reduce((sum, entry) => sum + renderEntry(entry).length, frameBytes(features))
  if (sorted.length <= limits.entries && bytes <= limits.bytes) return sorted.map(entry => ({ ...entry, key: 0 }))
  return sorted.sort((a, b) => a.key - b.key)
}

const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** `https://shop.example.com/about` in the place of a locale: `https://shop.example.com/de/about`. */
function addressOfPage(site: string, page: string, { hreflang, url }: Address): string | undefined {
  if (hreflang === undefined) return page
  const [before = '/', after = ''] = url.literals
  const [path = '', ...query] = page.slice(site.length + 1).split('?')
  const placed = `${before}${path}${after}`
  const rest = query.length === 0 ? '' : `${placed.includes('?') ? '&' : '?'}${query.join('?')}`
  return locOfPath(site, `${site}${placed}${rest}`)
}
