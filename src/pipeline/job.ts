// What a validated configuration describes: one site's sections, limits and guard. Nothing in it is optional any more.
import type { GuardOptions } from '../bundle/guard.ts'
import type { ShardLimits } from '../sitemap/limits.ts'
import type { UrlTemplate } from '../sitemap/url-template.ts'
import type { RecordQuery } from '../sources/source.ts'

export type LastmodMode = 'updatedAt' | 'none'

export interface RecordSection {
  readonly kind: 'records'
  readonly name: string
  readonly query: RecordQuery
  readonly url: UrlTemplate
}

export interface ListSection {
  readonly kind: 'list'
  readonly name: string
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
}

/** How far a run is; `entries` counts those of the section written so far. */
export type Progress =
  | { readonly stage: 'open' | 'compare' }
  | { readonly stage: 'read'; readonly section: string; readonly entries: number }
  | { readonly stage: 'publish'; readonly target: string }

export type OnProgress = (progress: Progress) => void
