// One entry of a sitemap.
import { MAX_LOC_LENGTH } from './limits.ts'

export interface UrlEntry {
  /** Absolute, percent-encoded (so ASCII), below MAX_LOC_LENGTH characters; not yet XML-escaped. */
  readonly loc: string
  /** W3C datetime in UTC; omitted when unknown. */
  readonly lastmod?: string | undefined
  /** Every language's address of the page, this one's too; the entries of a group share one list. */
  readonly alternates?: readonly Alternate[] | undefined
  /** Addresses of the page's images: absolute, percent-encoded. */
  readonly images?: readonly string[] | undefined
}

export interface Alternate {
  /** A language with an optional script and region, `de-AT`, or `x-default`. */
  readonly hreflang: string
  readonly href: string
}

export const isLocTooLong = (loc: string): boolean => loc.length >= MAX_LOC_LENGTH
