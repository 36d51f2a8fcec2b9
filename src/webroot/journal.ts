// The journal: what Storemap put down as plain files, by name and sha256. Without it a process killed between two
// renames would leave files that no manifest names, and the next run would take them for somebody else's.
import { join } from 'node:path'
import { MANIFEST_NAME, nameProblem } from '../bundle/manifest.ts'
import { writeNewText } from '../io/copy-file.ts'
import { readTextIfThere } from '../io/files.ts'
import { moveOver, removeFile } from '../io/folders.ts'
import { journalPathOf } from './layout.ts'
import type { PublishedFolder } from './read.ts'

/** Pairs of name and sha256; a name may have several while its file is being replaced. */
export type Journal = readonly (readonly [name: string, sha256: string])[]

/** What a bundle in place has, for the journal: it may have come there without one, as by `storemap build`. */
export function journalOf(published: PublishedFolder | undefined): Journal {
  if (!published) return []
  const files = Object.entries(published.manifest.files)
  return [...files.map(([name, { sha256 }]) => [name, sha256] as const), [MANIFEST_NAME, published.revision]]
}

/** The journal of a served folder; empty where there is none, or one that cannot be read. */
export async function readJournal(dir: string): Promise<Journal> {
  const text = await readTextIfThere(journalPathOf(dir))
  if (text === undefined) return []
  try {
    const pairs: unknown = JSON.parse(text)
    return Array.isArray(pairs) ? pairs.filter(isPair) : []
  } catch {
    return []
  }
}

export async function writeJournal(dir: string, stage: string, journal: Journal): Promise<void> {
  const lines = [...new Set(journal.map(pair => JSON.stringify(pair)))].sort()
  const aside = join(stage, 'placed.json')
  await writeNewText(aside, `[\n${lines.join(',\n')}\n]\n`)
  await moveOver(aside, journalPathOf(dir))
}

export async function removeJournal(dir: string): Promise<void> {
  await removeFile(journalPathOf(dir))
}

const isPair = (pair: unknown): pair is [string, string] =>
  Array.isArray(pair) &&
  typeof pair[0] === 'string' &&
  typeof pair[1] === 'string' &&
  (pair[0] === MANIFEST_NAME || nameProblem(pair[0]) === undefined)
