// Sitemaps as the text of a <sitemapindex>.
import { escapeXml } from './xml.ts'

export interface IndexEntry {
  /** Absolute address of the sitemap. */
  readonly loc: string
  /** When the file's own bytes last changed; omitted when unknown. */
  readonly lastmod?: string | undefined
}

export function renderSitemapIndex(sitemaps: readonly IndexEntry[]): string {
  const lines = sitemaps.map(({ loc, lastmod }) => {
    const date = lastmod === undefined ? '' : `<lastmod>${lastmod}</lastmod>`
    return `<sitemap><loc>${escapeXml(loc)}</loc>${date}</sitemap>\n`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${lines.join('')}</sitemapindex>\n`
}
