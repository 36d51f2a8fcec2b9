// Why records are no longer listed at addresses that they had: what their section says of them now.
import type { RemovedEntry } from '../bundle/entry-diff.ts'
import type { Job, RecordSection } from '../pipeline/job.ts'
import type { Verdict } from '../rules/verdict.ts'
import type { RecordFacts, Snapshot } from '../sources/source.ts'
import { makeFindHolders, type ToLoc } from './holders.ts'
import type { JudgeAll } from './judge-all.ts'
import { makeFindOwner, otherOwner } from './owner.ts'
import type { Removal } from './removal.ts'
import type { TracedRecord } from './trace.ts'

export interface JudgeFormerDeps {
  readonly snapshot: Snapshot
  readonly judgeAll: JudgeAll
  /** Sections that had to leave records out, since others have their addresses. */
  readonly crowded: ReadonlySet<string>
  /** Whether an address is new in the sitemap. */
  isAdded(loc: string): boolean
}

export interface FormerRecords {
  /** What makes the section's addresses, in their order. */
  readonly toLocs: readonly ToLoc[]
  /** Whose the entries were; undefined for those of which it is not known. */
  readonly former: ReadonlyMap<RemovedEntry, TracedRecord | undefined>
}

export type JudgeFormer = (
  section: RecordSection,
  records: FormerRecords,
) => Promise<ReadonlyMap<RemovedEntry, Removal>>

/** Removals of the entries whose record is known. */
export function makeJudgeFormer(job: Job, { snapshot, judgeAll, crowded, isAdded }: JudgeFormerDeps): JudgeFormer {
  const findHolders = makeFindHolders(job, snapshot)
  const findOwner = makeFindOwner(findHolders, async (section, key) => (await judgeAll(section, [key])).get(key))
  return async (section, { toLocs, former }) => {
    const known = [...former].flatMap(([entry, record]) => (record ? [{ entry, ...record }] : []))
    const facts = await judgeAll(
      section,
      known.map(({ key }) => key),
    )
    const judged = known.map(({ entry, key, index, isLikely = false }) => {
      const { loc } = entry
      const told = causeOf(loc, facts.get(key), { section, index, toLoc: toLocs[index] as ToLoc })
      // Where it is listed as before, it is another address of its that is gone.
      const isElse = isLikely && told.to !== undefined && !isAdded(told.to)
      const cause = isElse ? ({ reason: 'unknown' } as const) : { id: key, ...told }
      return { entry, key, index, removal: { loc, section: section.name, ...cause } as Removal }
    })
    if (crowded.has(section.name)) {
      // All at once: each alone may be a look through all records.
      await findHolders(judged.flatMap(({ removal: { to } }) => to ?? []))
      for (const each of judged) {
        const { to: loc, ...removal } = each.removal
        const own = { section, index: each.index, key: each.key }
        const takenBy = loc === undefined ? undefined : await otherOwner(job, { ...own, loc }, findOwner)
        if (takenBy) each.removal = { ...removal, reason: 'taken', takenBy }
      }
    }
    return new Map(judged.map(({ entry, removal }) => [entry, removal]))
  }
}

interface FormerAddress {
  readonly section: RecordSection
  readonly index: number
  readonly toLoc: ToLoc
}

/** Undefined facts: the record is not there any more. */
function causeOf(
  loc: string,
  facts: RecordFacts | undefined,
  { section, index, toLoc }: FormerAddress,
): Omit<Removal, 'loc' | 'section' | 'id'> {
  if (!facts) return { reason: 'deleted' }
  const judgement = facts.judgements.find(({ addresses }) => addresses.includes(index))
  if (judgement?.failing) {
    const { of: reason, removes: detail, verdict } = judgement.failing
    return { reason, detail, values: valuesIn(verdict) }
  }
  const values = facts.addresses[index]
  const { hreflang } = section.addresses[index] ?? {}
  if (values === undefined) return { reason: 'not translated', ...(hreflang !== undefined && { detail: hreflang }) }
  const made = toLoc(values)
  if (typeof made !== 'string') return { reason: made.no, ...(made.field !== undefined && { detail: made.field }) }
  // The shop was read twice, and may have come to list it again in between.
  return made === loc ? { reason: 'unknown' } : { reason: 'moved', to: made }
}

/** So many of a field's values are told, and of a text so many characters: there may be a thousand removals. */
const MOST_VALUES = 10
const MOST_CHARACTERS = 200

function valuesIn(verdict: Verdict): NonNullable<Removal['values']> {
  switch (verdict.kind) {
    case 'compare':
      return { [verdict.field]: verdict.values.slice(0, MOST_VALUES).map(shortened) }
    case 'not':
      return valuesIn(verdict.verdict)
    default:
      return Object.assign({}, ...verdict.verdicts.map(valuesIn))
  }
}

const shortened = <T>(value: T): T | string =>
  typeof value === 'string' && value.length > MOST_CHARACTERS ? `${value.slice(0, MOST_CHARACTERS)}…` : value
