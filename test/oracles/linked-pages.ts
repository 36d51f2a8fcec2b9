// Pages with their links and images, as npm `sitemap` reads them; and what search engines ask of the links.
import { Readable } from 'node:stream'
import { parseSitemap } from 'sitemap'
import { isSitemapIndex, readXml, sitemapFiles } from './bundle-files.ts'

export interface LinkedPage {
  readonly loc: string
  /** By hreflang, in their order. */
  readonly links: Readonly<Record<string, string>>
  readonly images: readonly string[]
}

/** All pages of the bundle in a folder, in the order of its files. Rejects where a file is not well-formed. */
export async function readLinkedPages(folder: string): Promise<LinkedPage[]> {
  const pages: LinkedPage[] = []
  for (const name of await sitemapFiles(folder)) {
    const xml = await readXml(folder, name)
    if (!isSitemapIndex(xml)) pages.push(...(await parsePages(xml)))
  }
  return pages
}

export async function parsePages(xml: string): Promise<LinkedPage[]> {
  const items = await parseSitemap(Readable.from([xml]))
  return items.map(({ url, links, img }) => ({
    loc: url,
    links: Object.fromEntries(links.map(link => [link.lang, link.url])),
    images: img.map(image => image.url),
  }))
}

/** What is wrong with the links: an address twice, one that leads to no page, or to one that does not answer. */
export function linkFaults(pages: readonly LinkedPage[]): string[] {
  const faults: string[] = []
  const byLoc = new Map<string, LinkedPage>()
  for (const page of pages) {
    if (byLoc.has(page.loc)) faults.push(`${page.loc} is listed twice`)
    byLoc.set(page.loc, page)
  }
  for (const { loc, links } of pages) {
    const targets = Object.entries(links)
    if (targets.length > 0 && !targets.some(([lang, href]) => lang !== 'x-default' && href === loc))
      faults.push(`${loc} does not name itself`)
    for (const [lang, href] of targets) {
      const target = byLoc.get(href)
      if (!target) faults.push(`${loc} names ${href} (${lang}), which is no page`)
      else if (JSON.stringify(target.links) !== JSON.stringify(links))
        faults.push(`${href} has other links than ${loc}`)
    }
  }
  return faults
}
