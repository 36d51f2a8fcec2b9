// What a validated configuration describes: one site's sections, limits and guard. Nothing in it is optional any more.
import type { GuardOptions } from '../bundle/guard.ts'
import type { ShardLimits } from '../sitemap/limits.ts'
import type { Robots } from '../sitemap/robots.ts'
import type { UrlTemplate } from '../sitemap/url-template.ts'
import type { UrlsetFeatures } from '../sitemap/urlset.ts'
import type { FrontEndRoutes, RecordQuery } from '../sources/source.ts'
import type { FrontEndRead } from './routes.ts'

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
  read(signal?: AbortSignal): AsyncIterable<readonly (string | PlacedPath)[]>
}

/** A page whose addresses are known one by one. */
export interface PlacedPath {
  /** Its name: `/about`. */
  readonly path: string
  /** For each of the section's addresses the path of the site; undefined: it has no page there. */
  readonly places: readonly (string | undefined)[]
  /** Its one path, of a page that has none of the addresses: it is linked with no other. */
  readonly alone?: string | undefined
  readonly lastmod?: string | undefined
}

export type Section = RecordSection | ListSection

/** Pages by the routes of a front end: a list, once its router has been read. */
export interface RouteSection {
  readonly kind: 'routes'
  readonly name: string
  /** Templates with the one field `path`. */
  readonly addresses: readonly Address[]
  readonly rules: RouteRules
  open(signal?: AbortSignal): Promise<FrontEndRoutes>
}

export interface RouteRules {
  /** Undefined: whatever nothing speaks against. */
  readonly include: readonly string[] | undefined
  readonly exclude: readonly string[]
  /** Undefined: as the router says. */
  readonly basename: string | undefined
  readonly params: Readonly<Record<string, readonly string[]>>
  /** Routes by hand, for what the source does not tell: by `file`, `file:line` or its expression. */
  readonly resolve: Readonly<Record<string, readonly string[]>>
  readonly undecided: 'warn' | 'error'
  readonly uncovered: 'warn' | 'error'
  readonly lastmod: 'git' | 'none'
}

/** As it is configured: its routers are yet to be read. */
export interface ConfiguredJob extends Omit<Job, 'sections' | 'frontEnds'> {
  readonly sections: readonly (Section | RouteSection)[]
}

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
  /** What was read of the front ends, in the order of their sections. */
  readonly frontEnds: readonly FrontEndRead[]
  /** What a record without an address does, or with that of another: it fails the run, or is left out. */
  readonly addressProblems: 'error' | 'warn'
}

/** How far a run is; `entries` counts those of the section written so far. */
export type Progress =
  | { readonly stage: 'open' | 'compare' }
  /** The front end of that section is read. */
  | { readonly stage: 'routes'; readonly section: string }
  | { readonly stage: 'read'; readonly section: string; readonly entries: number }
  | { readonly stage: 'publish'; readonly target: string }

export type OnProgress = (progress: Progress) => void
