// From what a section reads to its entries, and what had to be left out.
import { errors } from '../errors.ts'
import type { UrlEntry } from '../sitemap/entry.ts'
import { isLocTooLong } from '../sitemap/entry.ts'
import { compileTemplate, locOfPath, type NoLoc } from '../sitemap/url-template.ts'
import type { Snapshot } from '../sources/source.ts'
import type { Job, ListSection, RecordSection, Section } from './job.ts'

/** Records without an address, by reason, with a few of their names. */
export class LeftOut {
  readonly counts = new Map<NoLoc, number>()
  readonly examples = new Map<NoLoc, string[]>()

  add(reason: NoLoc, name: string): void {
    this.counts.set(reason, (this.counts.get(reason) ?? 0) + 1)
    const names = this.examples.get(reason) ?? []
    if (names.length < 3) this.examples.set(reason, [...names, name.slice(0, 120)])
  }
}

/** The entries of a section, in batches, in the order of their keys (a list: in its own). */
export function readEntries(
  job: Job,
  section: Section,
  snapshot: Snapshot | undefined,
  leftOut: LeftOut,
  signal?: AbortSignal,
): AsyncIterable<readonly UrlEntry[]> {
  if (section.kind === 'list') return listEntries(job, section, leftOut, signal)
  if (!snapshot) throw new Error(`section ${section.name} has no source`)
  return recordEntries(job, section, snapshot, leftOut, signal)
}

async function* recordEntries(
  job: Job,
  section: RecordSection,
  snapshot: Snapshot,
  leftOut: LeftOut,
  signal?: AbortSignal,
): AsyncGenerator<readonly UrlEntry[]> {
  const toLoc = compileTemplate(job.site, section.url)
  for await (const records of snapshot.read(section.query, signal)) {
    const entries: UrlEntry[] = []
    for (const record of records) {
      const loc = toLoc(record.values)
      if (typeof loc === 'string') entries.push({ loc, lastmod: record.updatedAt })
      else leftOut.add(loc.no, record.values.find(value => value) || `id ${record.key}`)
    }
    yield entries
  }
}

async function* listEntries(
  job: Job,
  section: ListSection,
  leftOut: LeftOut,
  signal?: AbortSignal,
): AsyncGenerator<readonly UrlEntry[]> {
  // A list is bounded by what a person keeps by hand; a path written twice is one page.
  const seen = new Set<string>()
  for await (const paths of section.read(signal)) {
    const entries: UrlEntry[] = []
    for (const path of paths) {
      const loc = locOfPath(job.site, path)
      if (loc === undefined) throw errors.listPathInvalid(section.name, path, job.site)
      if (seen.has(loc)) continue
      seen.add(loc)
      if (isLocTooLong(loc)) leftOut.add('too long', path)
      else entries.push({ loc })
    }
    yield entries
  }
}
