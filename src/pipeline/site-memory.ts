// What an earlier run knew of a site's pages: found with the published bundle, and what stands in its place where it is lost.
import type { PublishedBundle } from '../publishers/publisher.ts'
import { lastmodSeconds } from '../sitemap/lastmod.ts'
import { decodeRows } from '../state/rows.ts'
import {
  readState,
  rowsName,
  type SiteState,
  type StatePart,
  type StateProblem,
  sha256Of,
} from '../state/site-state.ts'
import type { StateStore } from '../state/store.ts'
import type { Memory } from './dates.ts'
import type { Job, RecordSection, Section } from './job.ts'
import { makePublishedDates } from './published-dates.ts'
import type { Dating } from './section-files.ts'

/** The state of the published bundle, as far as there is one. */
export interface KnownState {
  readonly store: StateStore
  readonly state: SiteState | undefined
  /** Why there is no state; undefined also where nothing is published. */
  readonly problem: StateProblem | undefined
  /** Names of rows that were asked for and are not there, or not what they were; with the files that they belong to. */
  readonly lost: Map<string, string>
  publishedDate(loc: string): Promise<number | undefined>
}

/** Fails where the store cannot be read. */
export async function readKnownState(store: StateStore, published: PublishedBundle | undefined): Promise<KnownState> {
  const found = published ? await readState(store, published.revision) : undefined
  return {
    store,
    state: found && 'state' in found ? found.state : undefined,
    problem: found && 'problem' in found ? found.problem : undefined,
    lost: new Map(),
    publishedDate: published ? makePublishedDates(published) : async () => undefined,
  }
}

export interface DatingContext {
  readonly published: PublishedBundle | undefined
  readonly known?: KnownState | undefined
  readonly stateDir?: string | undefined
  readonly mayKeep?: boolean
  readonly now: string
}

/** Undefined for a section whose entries have the dates that they come with. */
export function datingOf(section: Section, context: DatingContext): Dating | undefined {
  if (section.kind !== 'records' || section.basis === undefined) return undefined
  const { published, known, stateDir, mayKeep = false, now } = context
  return {
    memory: memoryOf(section, context),
    instants: { since: lastmodSeconds(known?.state?.instant), now: lastmodSeconds(now) },
    stateDir,
    kept: async part => {
      if (!mayKeep || !published || !known?.store.names.has(rowsName(part.rows))) return undefined
      const file = Object.hasOwn(published.manifest.files, part.file) ? published.manifest.files[part.file] : undefined
      return file && (await published.isIntact(part.file)) ? file : undefined
    },
  }
}

function memoryOf(section: RecordSection, { published, known }: DatingContext): Memory {
  const sections = known?.state?.sections ?? {}
  const own = Object.hasOwn(sections, section.name) ? sections[section.name] : undefined
  // Rows name addresses by index: with other languages they are those of other pages.
  const isUsable = own !== undefined && own.slots.join(' ') === slotsOf(section).join(' ')
  const wasPublished = published !== undefined && Object.hasOwn(published.manifest.sections, section.name)
  return {
    parts: isUsable ? own.parts : [],
    isComparable: own?.basis === section.basis,
    isLost: wasPublished && !isUsable,
    rows: async part => (known ? readRows(known, part) : undefined),
    published: async loc => known?.publishedDate(loc),
  }
}

/** What is known of the pages of a shard; undefined where that is lost. */
export async function readRows({ store, lost }: KnownState, part: StatePart) {
  const name = rowsName(part.rows)
  const bytes = store.names.has(name) ? await store.read(name) : undefined
  const rows = bytes && sha256Of(bytes) === part.rows ? decodeRows(bytes) : undefined
  if (!rows) lost.set(name, part.file)
  return rows
}

export const slotsOf = (section: Section): string[] => section.addresses.map(({ hreflang }) => hreflang ?? '')

/** What became of the state where it does not tell what it should; [] where all is well. After the build. */
export function stateWarnings(job: Job, known: KnownState | undefined): string[] {
  const dated = job.sections.filter(
    (section): section is RecordSection => section.kind === 'records' && section.basis !== undefined,
  )
  if (!known || dated.length === 0) return []
  const { store, state, problem, lost } = known
  const healed =
    'The dates of pages were read back from what is published, and their content of today is what later runs compare with.'
  if (problem !== undefined) return [`${whatIsWrong(problem, store.name)} ${healed}`]
  if (lost.size > 0)
    return [
      `The state in ${store.name} is damaged: it lacks what belongs to ${[...lost.values()].join(', ')}. ${healed}`,
    ]
  const other = dated.filter(({ name, basis }) => {
    const before = state?.sections[name]
    return before !== undefined && before.basis !== basis
  })
  if (other.length === 0) return []
  const names = other.map(({ name }) => name).join(', ')
  return [
    `What counts as content was configured anew (${names}): no date moves for it, and later runs compare with the content of today.`,
  ]
}

function whatIsWrong(problem: StateProblem, name: string): string {
  switch (problem) {
    case 'missing':
      return `There is no state in ${name} for what is published.`
    case 'damaged':
      return `The state in ${name} is damaged.`
    case 'other':
      return `The state in ${name} belongs to another bundle than the published one.`
  }
}
