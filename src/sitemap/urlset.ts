// Entries as the text of a <urlset>: one entry a line, so that git and people see what changed.
import type { UrlEntry } from './entry.ts'
import { escapeXml } from './xml.ts'

export const URLSET_HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
export const URLSET_TAIL = '</urlset>\n'

/** The line of one entry. ASCII whenever the loc is, so its length is its size in bytes. */
export function renderEntry(entry: UrlEntry): string {
  const loc = escapeXml(entry.loc)
  return entry.lastmod === undefined
    ? `<url><loc>${loc}</loc></url>\n`
    : `<url><loc>${loc}</loc><lastmod>${entry.lastmod}</lastmod></url>\n`
}
