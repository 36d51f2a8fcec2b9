// Copy mode: plain files, renamed into place in an order in which no reader meets an index before its shards.
import { join } from 'node:path'
import type { Bundle } from '../bundle/manifest.ts'
import { moveOver, removeFile, syncFolder } from '../io/folders.ts'
import { type Journal, journalOf, writeJournal } from './journal.ts'
import { placingOrder, stagedFiles } from './layout.ts'
import { type Plan, removeLinkStore } from './link.ts'
import type { Survey } from './ownership.ts'
import { findDamaged, stageFiles, wantedOf } from './staging.ts'

export async function planCopies(bundle: Bundle, dir: string, survey: Survey): Promise<Plan> {
  const order = placingOrder(bundle.manifest)
  const names = await findDamaged(bundle, order, dir)
  return {
    names,
    async run(stage, signal) {
      if (names.length > 0) await stageFiles(bundle, names, { stage, signal })
      signal?.throwIfAborted()
      const placed: Journal = order.map(name => [name, wantedOf(bundle, name).sha256])
      await writeJournal(dir, stage, [...survey.journal, ...journalOf(survey.previous), ...placed])
      // From here on the signal is not heard: what is left is a few renames, and half of them would be no bundle.
      for (const name of names) await moveOver(join(stagedFiles(stage), name), join(dir, name))
      await syncFolder(dir)
      for (const name of survey.leaving) await removeFile(join(dir, name))
      await writeJournal(dir, stage, placed)
      await removeLinkStore(dir)
      await syncFolder(dir)
    },
  }
}
