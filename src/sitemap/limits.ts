// The protocol's hard limits (sitemaps.org, protocol and FAQ). Bytes count uncompressed.

export interface ShardLimits {
  /** Entries in one sitemap. */
  readonly entries: number
  /** Bytes of one sitemap, uncompressed, markup included. */
  readonly bytes: number
}

export const PROTOCOL_LIMITS: ShardLimits = { entries: 50_000, bytes: 52_428_800 }

/** Sitemaps that one index may list. */
export const MAX_INDEX_ENTRIES = 50_000

/** A loc has fewer characters than this. */
export const MAX_LOC_LENGTH = 2_048

/** Images of one page that Google reads. */
export const MAX_IMAGES = 1_000
