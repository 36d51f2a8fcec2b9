// Entries as the text of a <urlset>: one entry a line, so that git and people see what changed.
import type { Alternate, UrlEntry } from './entry.ts'
import { escapeXml } from './xml.ts'

/** What the entries of a sitemap may have besides address and date; each brings a namespace. */
export interface UrlsetFeatures {
  readonly alternates: boolean
  readonly images: boolean
}

export const PLAIN: UrlsetFeatures = { alternates: false, images: false }

export function urlsetHead({ alternates, images }: UrlsetFeatures): string {
  const links = alternates ? ' xmlns:xhtml="http://www.w3.org/1999/xhtml"' : ''
  const pictures = images ? ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"' : ''
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"${links}${pictures}>\n`
}

export const URLSET_TAIL = '</urlset>\n'

/** Bytes of a urlset that are not entries. */
export const frameBytes = (features: UrlsetFeatures): number => urlsetHead(features).length + URLSET_TAIL.length

/** The line of one entry. ASCII whenever its addresses are, so its length is its size in bytes. */
export const renderEntry = (entry: UrlEntry): string =>
  `${renderLoc(entry)}${entry.lastmod === undefined ? '' : `<lastmod>${entry.lastmod}</lastmod>`}${renderRest(entry)}`

/** What comes before the date, and what comes after it. */
export const renderLoc = ({ loc }: UrlEntry): string => `<url><loc>${escapeXml(loc)}</loc>`
export const renderRest = ({ alternates, images }: UrlEntry): string =>
  alternates || images ? `${renderAlternates(alternates)}${renderImages(images)}</url>\n` : '</url>\n'

// The entries of a group follow one another and have the same links: rendered once, not once each.
let lastGroup: readonly Alternate[] | undefined
let lastLinks = ''

function renderAlternates(alternates: readonly Alternate[] | undefined): string {
  if (alternates === undefined) return ''
  if (alternates !== lastGroup) {
    lastGroup = alternates
    lastLinks = alternates
      .map(({ hreflang, href }) => `<xhtml:link rel="alternate" hreflang="${hreflang}" href="${escapeXml(href)}"/>`)
      .join('')
  }
  return lastLinks
}

const renderImages = (images: readonly string[] = []): string =>
  images.map(loc => `<image:image><image:loc>${escapeXml(loc)}</image:loc></image:image>`).join('')
