// The contract of every source: records, in key order, as they were at one instant.

import type { Problem } from '../problem.ts'
import type { RouteTable } from '../routes/route.ts'
import type { Verdict } from '../rules/verdict.ts'

export type RecordKind = 'products' | 'categories' | 'collections' | 'pages'
export const RECORD_KINDS: readonly RecordKind[] = ['products', 'categories', 'collections', 'pages']

/** One address that a record can have: the only one, or that of one locale. */
export interface AddressQuery {
  /** Whose customer decides whether the record is there; undefined: the source's own channel. */
  readonly channel: string | undefined
  /** The back end's code of a language, whose translations take the place of the record's own values. */
  readonly language: string | undefined
  /** What becomes of a record without a translation: it has no address here, or one with its own values. */
  readonly missing: 'omit' | 'fallback'
  /** The fields whose values are wanted, in this order. */
  readonly fields: readonly string[]
  /** Where the address is configured, for problems: `sections.products.url`. */
  readonly path: string
  /** Where its channel is: `locales.de.channel`. @defaultValue below `path` */
  readonly channelPath?: string
}

/** What a section asks of a source. */
export interface RecordQuery {
  readonly of: RecordKind
  /** The rule, as written; checked by the source, which knows the fields. */
  readonly where: unknown
  readonly addresses: readonly AddressQuery[]
  /** Whether the addresses of its images are wanted. */
  readonly images: boolean
  /** Whether the back end's own date of change is wanted. */
  readonly updatedAt: boolean
  /**
   * What a page shows, for its fingerprint: names of fields, of one value or many, and `images`, `attributes` (those
   * that a storefront shows); each in the language of the address. Absent: no fingerprint is wanted.
   */
  readonly content?: readonly string[] | undefined
  /** Where the section stands in the configuration, for problems: `sections.products`. */
  readonly path: string
}

/** The values of an address in the order of its fields (null: the record has none). */
export type AddressValues = readonly (string | null)[]

/** One record: its key, its date of change, and what its addresses are made of. */
export interface SourceRecord {
  readonly key: string
  /** W3C datetime in UTC; undefined where the back end has none. */
  readonly updatedAt: string | undefined
  /** One for each address asked for; undefined: the record is not there in that channel, or not translated. */
  readonly addresses: readonly (AddressValues | undefined)[]
  /** Absolute, percent-encoded, each once; absent where not asked for, or where the record has none. */
  readonly images?: readonly string[]
  /** Where content was asked for, one for each address: a whole number below 2^48, the same as long as the content is. */
  readonly fingerprints?: readonly (number | undefined)[]
}

/** What stood between the records of a section and its entries; the first condition that failed counts. */
export interface Funnel {
  readonly records: number
  readonly steps: readonly FunnelStep[]
  readonly selected: number
  /** Present where only so many records were looked at: the other numbers are estimates made of them. */
  readonly sampled?: number
  /** Present where a section reads several channels, each with its own funnel. */
  readonly channel?: string
}

export interface FunnelStep {
  /** What is true of the records removed, for people: `not published in "de"`, `rating is not at least 4`. */
  readonly condition: string
  readonly removed: number
  /** Slugs of some of them. */
  readonly examples: readonly string[]
}

/** A record as a person knows it. */
export interface RecordName {
  readonly key: string
  readonly slug: string
  readonly name: string
}

/** A record that a person may have meant, and by what it was found: `slug`, `id`, `sku` … */
export interface RecordHit extends RecordName {
  readonly of: RecordKind
  readonly by: string
}

/** A record with what each address of a query is made of, whether or not it is listed there; undefined: it is not translated. */
export interface RecordAddresses extends RecordName {
  readonly addresses: readonly (AddressValues | undefined)[]
}

/** Everything that decides whether and where a query lists one record. */
export interface RecordFacts extends RecordAddresses {
  /** W3C datetime in UTC; undefined where the back end has none, or was not asked. */
  readonly updatedAt: string | undefined
  readonly judgements: readonly Judgement[]
}

/** What a channel's visibility and the rule say of a record. */
export interface Judgement {
  readonly channel: string
  /** Which of the query's addresses are in the channel, by index. */
  readonly addresses: readonly number[]
  readonly listed: boolean
  /** Conditions of the back end itself, all of which have to hold: what each asks for, and what it removes. */
  readonly visibility: readonly { readonly requires: string; readonly removes: string; readonly verdict: Verdict }[]
  readonly rule: Verdict
  /** The first condition that does not hold, as the funnel counts and words it; absent where all do. */
  readonly failing?: { readonly of: 'visibility' | 'rule'; readonly removes: string; readonly verdict: Verdict }
}

/** The source as it was at one instant. */
export interface Snapshot {
  /** That instant: W3C datetime in UTC, whole seconds. */
  readonly now: string
  /** Things that are allowed but worth knowing, such as an inactive channel. */
  readonly warnings: readonly string[]
  /** Mistakes that only the shop's own data can show, all of them; [] where every query can be read. */
  check(queries: readonly RecordQuery[]): Promise<Problem[]>
  /** Batches of bounded size, ordered by key. Fails rather than ending early. */
  read(query: RecordQuery, signal?: AbortSignal): AsyncIterable<readonly SourceRecord[]>
  /** How many records each condition removed, one funnel a channel. Large tables are sampled but for `exact`. */
  funnel(query: RecordQuery, options: { readonly exact: boolean }): Promise<readonly Funnel[]>
  /** The first records that a rule chooses (10, or `most`), whether or not they are visible; [] for one that cannot be asked. */
  find(of: RecordKind, where: unknown, options?: { readonly most?: number }): Promise<readonly RecordName[]>
  /** The same with their addresses under a query, quickly: for rules that an index answers. */
  locate(query: RecordQuery, where: unknown): Promise<readonly RecordAddresses[]>
  /**
   * Addresses under a query of all records, whether or not they are visible, in batches ordered by key. The rule keeps
   * others away as far as it can be asked; one that cannot keeps none away.
   */
  scan(query: RecordQuery, where: unknown): AsyncIterable<readonly RecordAddresses[]>
  /**
   * The records that a text may mean: a slug in any language, an id, whatever else the back end knows them by.
   * `unread` is filled with what the role may not read, and is not looked through: `pages`, `variants of products`.
   */
  lookUp(text: string, options: { readonly unread: Set<string> }): Promise<readonly RecordHit[]>
  /**
   * Judges one record, quickly; undefined where there is none of that key, and where the role may not read what a
   * query asks that was not checked.
   */
  judge(query: RecordQuery, key: string): Promise<RecordFacts | undefined>
  /** The same of many records at once, by key; those that are not there are left out. The query was checked. */
  judgeAll(query: RecordQuery, keys: readonly string[]): Promise<ReadonlyMap<string, RecordFacts>>
  close(): Promise<void>
}

/** A field as the shop has it: what a rule or an address can name. */
export interface ShopField {
  readonly name: string
  readonly type: 'text' | 'number' | 'boolean' | 'date' | 'metadata'
  /** Several values a record. */
  readonly many: boolean
  /** Of an attribute: what the back end calls its kind of input, `dropdown`, `date-time`. */
  readonly inputType?: string
  /** Of an attribute whose values are chosen: slugs of the first ones, and how many there are. */
  readonly choices?: { readonly slugs: readonly string[]; readonly count: number }
  /** How many records have a value: those that the rule `{ name: { exists: true } }` chooses. */
  readonly records: number
  /** A value of one of them: at most 60 characters, the last an ellipsis where there are more. */
  readonly example?: string
}

/** Fields, by name or by pattern (`attributes.<slug>`), and the tables that the role would have to read for them. */
export interface UnreadableFields {
  readonly names: readonly string[]
  readonly tables: readonly string[]
}

/** All fields of a kind of record. */
export interface KindFields {
  readonly of: RecordKind
  readonly records: number
  /** Present where only so many records were looked at: the other numbers of records are estimates made of them. */
  readonly sampled?: number
  readonly fields: readonly ShopField[]
  /** How many keys of metadata there are besides those told, which are the most frequent. */
  readonly moreKeys: number
  readonly unreadable: readonly UnreadableFields[]
}

/** A snapshot that knows its shop's fields without being told a name. */
export interface DiscoverableSnapshot extends Snapshot {
  fields(of: RecordKind): Promise<KindFields>
}

export interface DiscoverableSource extends Source {
  open(signal?: AbortSignal): Promise<DiscoverableSnapshot>
}

export interface Source {
  readonly name: string
  open(signal?: AbortSignal): Promise<Snapshot>
}

/** The routes of a front end, read. */
export interface FrontEndRoutes {
  readonly table: RouteTable
  /** For people: where they were read. */
  readonly name: string
  /** When files of it last changed, by their history; none where that is not known. */
  lastChanges(files: readonly string[]): Promise<ReadonlyMap<string, Date>>
  close(): Promise<void>
}
