// What a validated configuration describes: one site's sections, limits and guard. Nothing in it is optional any more.
import type { GuardOptions } from '../bundle/guard.ts'
import type { ShardLimits } from '../sitemap/limits.ts'
import type { Robots } from '../sitemap/robots.ts'
import type { UrlTemplate } from '../sitemap/url-template.ts'
import type { UrlsetFeatures } from '../sitemap/urlset.ts'
import type { RecordQuery } from '../sources/source.ts'

export type LastmodMode = 'content' | 'updatedAt' | 'none'

/** Where a page is: the one place, or that for one language. */
export interface Address {
  /** Undefined where the site's languages are not told apart. */
  readonly hreflang: string | undefined
  /** Whether it is also for readers of every other language. */
  readonly isDefault: boolean
  readonly url: UrlTemplate
}

export interface RecordSection {
  readonly kind: 'records'
  readonly name: string
  readonly query: RecordQuery
  /** In the order of the query's addresses. */
  readonly addresses: readonly Address[]
  readonly lastmod: LastmodMode
  /** With `lastmod: content`: what fingerprints are made of. Those of another basis are not comparable. */
  readonly basis?: string | undefined
}

export interface ListSection {
  readonly kind: 'list'
  readonly name: string
  /** Templates with the one field `path`. */
  readonly addresses: readonly Address[]
  /** Paths of the site, in batches; fails where one is no path of it. */
  read(signal?: AbortSignal): AsyncIterable<readonly string[]>
}

export type Section = RecordSection | ListSection

export interface Job {
  /** For people: the site's host. */
  readonly name: string
  /** Scheme, host and port, without a slash at the end. */
  readonly site: string
  readonly sections: readonly Section[]
  readonly limits: ShardLimits
  readonly gzip: boolean
  readonly guard: GuardOptions
  /** What entries may have besides address and date: the same for all files of a bundle. */
  readonly features: UrlsetFeatures
  /** Whether names of shards tell their content, for targets that cannot change several files at once. */
  readonly versionedNames: boolean
  /** What robots.txt says; undefined: none is written. */
  readonly robots: Robots | undefined
  /** What a record without an address does, or with that of another: it fails the run, or is left out. */
  readonly addressProblems: 'error' | 'warn'
}

/** How far a run is; `entries` counts those of the section written so far. */
export type Progress =
  | { readonly stage: 'open' | 'compare' }
  | { readonly stage: 'read'; readonly section: string; readonly entries: number }
  | { readonly stage: 'publish'; readonly target: string }

export type OnProgress = (progress: Progress) => void
