// One entry of a sitemap.
import { MAX_LOC_LENGTH } from './limits.ts'

export interface UrlEntry {
  /** Absolute, percent-encoded (so ASCII), below MAX_LOC_LENGTH characters; not yet XML-escaped. */
  readonly loc: string
  /** W3C datetime in UTC; omitted when unknown. */
  readonly lastmod?: string | undefined
}

export const isLocTooLong = (loc: string): boolean => loc.length >= MAX_LOC_LENGTH
