// The contract of every source: records, in key order, as they were at one instant.
import type { Problem } from '../problem.ts'

export type RecordKind = 'products' | 'categories' | 'collections' | 'pages'
export const RECORD_KINDS: readonly RecordKind[] = ['products', 'categories', 'collections', 'pages']

/** What a section asks of a source. */
export interface RecordQuery {
  readonly of: RecordKind
  /** The rule, as written; checked by the source, which knows the fields. */
  readonly where: unknown
  /** The fields whose values are wanted, in this order. */
  readonly fields: readonly string[]
  /** Whether the back end's own date of change is wanted. */
  readonly updatedAt: boolean
  /** Where the section stands in the configuration, for problems: `sections.products`. */
  readonly path: string
}

/** One record: its key, its date of change, and the values asked for (null: the record has none). */
export interface SourceRecord {
  readonly key: string
  /** W3C datetime in UTC; undefined where the back end has none. */
  readonly updatedAt: string | undefined
  readonly values: readonly (string | null)[]
}

/** What stood between the records of a section and its entries; the first condition that failed counts. */
export interface Funnel {
  readonly records: number
  readonly steps: readonly FunnelStep[]
  readonly selected: number
}

export interface FunnelStep {
  /** What is true of the records removed, for people: `not visible to the public`, `rating is not at least 4`. */
  readonly condition: string
  readonly removed: number
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
  /** How many records each condition removed; undefined where counting would cost too much. */
  funnel(query: RecordQuery): Promise<Funnel | undefined>
  close(): Promise<void>
}

export interface Source {
  readonly name: string
  open(signal?: AbortSignal): Promise<Snapshot>
}
