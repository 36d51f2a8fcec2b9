// Many records judged, so many by one statement, and each once a section.
import type { RecordSection } from '../pipeline/job.ts'
import type { RecordFacts, Snapshot } from '../sources/source.ts'

/** By key; without those that the shop does not have. */
export type JudgeAll = (section: RecordSection, keys: readonly string[]) => Promise<ReadonlyMap<string, RecordFacts>>

const BATCH = 200

export function makeJudgeAll(snapshot: Snapshot): JudgeAll {
  const known = new Map<RecordSection, Map<string, RecordFacts | undefined>>()
  return async (section, keys) => {
    const own = known.get(section) ?? new Map<string, RecordFacts | undefined>()
    known.set(section, own)
    const unknown = [...new Set(keys)].filter(key => !own.has(key))
    for (let at = 0; at < unknown.length; at += BATCH) {
      const some = unknown.slice(at, at + BATCH)
      const judged = await snapshot.judgeAll(section.query, some)
      for (const key of some) own.set(key, judged.get(key))
    }
    const facts = new Map<string, RecordFacts>()
    for (const key of keys) {
      const found = own.get(key)
      if (found) facts.set(key, found)
    }
    return facts
  }
}
