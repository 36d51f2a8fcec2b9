// What a reader saw of a bundle, in a form in which two readers can be compared.

import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface Reading {
  /** Every page's address once, sorted. */
  readonly locs: readonly string[]
  /** As ISO instants in UTC: readers keep the instant, not its spelling. */
  readonly lastmods: ReadonlyMap<string, string>
  /** What the reader refused or complained of, in its own words; empty if it liked all of it. */
  readonly problems: readonly string[]
}

/** A page or a complaint, as the readers of other languages print them, one JSON text a line. */
export type ReadingLine = { readonly loc: string; readonly lastmod?: string | undefined } | { readonly problem: string }

export function toReading(lines: Iterable<ReadingLine>): Reading {
  const locs = new Set<string>()
  const lastmods = new Map<string, string>()
  const problems: string[] = []
  for (const line of lines) {
    if ('problem' in line) {
      problems.push(line.problem)
      continue
    }
    if (locs.has(line.loc)) problems.push(`listed twice: ${line.loc}`)
    locs.add(line.loc)
    if (line.lastmod) lastmods.set(line.loc, new Date(line.lastmod).toISOString())
  }
  return { locs: [...locs].sort(), lastmods, problems }
}

/** Runs a reader of another language. Rejects only if the reader itself fails, not if it dislikes the bundle. */
export async function readByProcess(command: string, args: readonly string[]): Promise<Reading> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', text => {
    stderr += text
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve)
  })
  const lines: ReadingLine[] = []
  createInterface({ input: child.stdout }).on('line', line => lines.push(JSON.parse(line)))
  const status = await ended
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr.trim()}`)
  return toReading(lines)
}
