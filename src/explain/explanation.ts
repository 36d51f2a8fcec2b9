// What an explanation says: plain data, for people by way of the command line and for programs as JSON.
import type { NoLoc } from '../sitemap/url-template.ts'
import type { Judgement, RecordKind } from '../sources/source.ts'
import type { RouteExplanation } from './routes.ts'

export type { Judgement }

export interface Explanation {
  readonly asked: string
  readonly site: string
  readonly records: readonly RecordExplanation[]
  /** Lists that have the address. */
  readonly lists: readonly { readonly section: string; readonly address: AddressExplanation }[]
  /** Routes of front ends that have the address, listed or not; [] where no section is of routes. */
  readonly routes: readonly RouteExplanation[]
  /** Worth knowing: the address is of another host, no template makes it, the role may not read all. */
  readonly notes: readonly string[]
  /** Slugs that are near, where nothing was found. */
  readonly near: readonly string[]
}

export interface RecordExplanation {
  readonly of: RecordKind
  readonly id: string
  readonly slug: string
  readonly name: string
  /** How it was found: `address`, `slug`, `id` … */
  readonly by: string
  readonly listed: boolean
  /** [] where no section lists its kind. */
  readonly sections: readonly SectionExplanation[]
  /** What the shop itself says, where no section does. */
  readonly visibility: readonly Judgement[]
}

export interface LastmodExplanation {
  readonly value: string | null
  readonly why: string
  /** Whether it is the published one that counts, since it moves with the content alone. */
  readonly byContent: boolean
}

export interface SectionExplanation {
  readonly section: string
  readonly listed: boolean
  /** One for each channel that the section's addresses are in. */
  readonly judgements: readonly Judgement[]
  readonly addresses: readonly AddressExplanation[]
  readonly lastmod: LastmodExplanation
}

export interface AddressExplanation {
  /** Null where the site has one language. */
  readonly hreflang: string | null
  /** Whether the next run lists it. */
  readonly listed: boolean
  /** Null where the record has none; `why` says why, as it does where another has it. */
  readonly loc: string | null
  readonly why?: 'not translated' | NoLoc | 'taken'
  /** Who has the address in its place, where `why` is `taken`. */
  readonly takenBy?: AddressOwner
  /** Where it is published now; null where it is not. Absent where nothing could be looked up. */
  readonly published?: { readonly file: string; readonly lastmod: string | null } | null
}

/** A record, or where it has no id a list. */
export interface AddressOwner {
  readonly section: string
  readonly id: string | null
  readonly slug: string | null
  readonly hreflang: string | null
}
