// The journal: which objects of the bucket are ours, and which bytes they had when we last knew. Written before anything
// is put and after all is done, so what a killed run left behind is known for ours.
import { z } from 'zod'

export const JOURNAL_NAME = '_objects.json'
const FORMAT = 1

const noted = z.object({
  etag: z.string().optional(),
  sha256: z.string().optional(),
  gone: z.string().optional(),
})

const written = z.object({
  format: z.literal(FORMAT),
  run: z.string(),
  settled: z.boolean(),
  conditional: z.boolean(),
  objects: z.record(z.string(), noted),
})

/** An object of ours, by its name in the prefix. */
export interface Noted {
  /** Its etag once it was put, and the sha256 of what was put; absent: it may be anything, or not there. */
  readonly etag?: string | undefined
  readonly sha256?: string | undefined
  /** Since when no manifest names it: it stays for a while, for readers that have the index before. */
  readonly gone?: string | undefined
}

export interface Journal {
  /** Of the run that wrote it last, so that no two runs write the same. */
  readonly run: string
  /** False: a run is under way, or was killed. */
  readonly settled: boolean
  /** Whether this server was seen to keep to conditions. */
  readonly conditional: boolean
  readonly objects: ReadonlyMap<string, Noted>
}

const NONE: Journal = { run: '', settled: false, conditional: false, objects: new Map() }

/** One that is missing or damaged knows nothing: then ours is what the manifest names, and all of it is put anew. */
export function parseJournal(text: string | undefined): Journal {
  try {
    const { objects, ...journal } = written.parse(JSON.parse(text ?? ''))
    return { ...journal, objects: new Map(Object.entries(objects)) }
  } catch {
    return NONE
  }
}

/** Names sorted, one a line. */
export function formatJournal({ run, settled, conditional, objects }: Journal): string {
  const lines = [...objects.keys()].sort().map(name => {
    const { etag, gone, sha256 } = objects.get(name) as Noted
    return `    ${JSON.stringify(name)}: ${JSON.stringify({ etag, gone, sha256 })}`
  })
  const head = `"conditional": ${conditional}, "format": ${FORMAT}, "run": ${JSON.stringify(run)}, "settled": ${settled}`
  return `{ ${head},\n  "objects": {\n${lines.join(',\n')}\n  }\n}\n`
}
