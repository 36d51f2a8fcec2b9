// Which URLs changed: read off the files that changed, the published ones and the new ones.
import { join } from 'node:path'
import type { Changes } from '../bundle/compare.ts'
import { diffEntries, type EntryChanges, type EntryFile } from '../bundle/diff-entries.ts'
import { type EntryDiff, makeTally } from '../bundle/entry-diff.ts'
import type { Bundle, Manifest } from '../bundle/manifest.ts'
import { readSitemap } from '../bundle/read-sitemap.ts'
import { placesInOrder } from '../bundle/section-places.ts'
import { StoremapError } from '../errors.ts'
import { readUnpacked } from '../io/sink.ts'
import type { PublishedBundle } from '../publishers/publisher.ts'

/** Entries in the files that changed up to which a run compares by URL, besides by count. */
const MOST_ENTRIES = 100_000

export interface ChangedEntriesOptions {
  readonly examples: number
  readonly mostEntries?: number | undefined
  readonly mostRemoved?: number | undefined
}

/** Undefined where the files that changed hold more than `mostEntries`, or cannot be read; where nothing was published, all is new. */
export async function changedEntries(
  published: PublishedBundle | undefined,
  bundle: Bundle,
  changes: Changes,
  { examples, mostEntries = MOST_ENTRIES, mostRemoved }: ChangedEntriesOptions,
): Promise<EntryChanges | undefined> {
  const made = { manifest: bundle.manifest, open: (name: string) => readUnpacked(join(bundle.dir, name), false) }
  if (!published) {
    const diff = await allNew(entryFiles(Object.keys(bundle.manifest.files), made), examples)
    return { diff, removed: [], isAdded: () => true }
  }
  const before = entryFiles([...changes.changed, ...changes.removed], {
    manifest: published.manifest,
    open: name => published.read(name),
  })
  const after = entryFiles([...changes.changed, ...changes.added], made)
  if (entriesIn(before) + entriesIn(after) > mostEntries) return undefined
  try {
    const found = await diffEntries(before, after, { examples, mostRemoved })
    return { ...found, diff: inOrder(found.diff, changes) }
  } catch (cause) {
    // What is published was altered and is no sitemap any more: a run puts it right, and cannot say by URL what changed.
    if (cause instanceof StoremapError && cause.code === 'SITEMAP_UNREADABLE') return undefined
    throw cause
  }
}

/** Counted off the manifest: only the examples are read. */
async function allNew(files: readonly EntryFile[], limit: number): Promise<EntryDiff> {
  const tally = makeTally(limit)
  const counts = new Map<string, number>()
  const missing = new Map<string, number>()
  for (const { sections } of files) {
    for (const { section, entries } of sections) {
      counts.set(section, (counts.get(section) ?? 0) + entries)
      missing.set(section, Math.min(limit, counts.get(section) as number))
    }
  }
  for (const { sections, read } of files) {
    const isDone = (): boolean => sections.every(({ section }) => (missing.get(section) ?? 0) <= 0)
    if (isDone()) continue
    const placeOf = placesInOrder(sections)
    let place = 0
    for await (const items of read()) {
      for (const { loc } of items) {
        const section = placeOf(place++)?.section as string
        const wanted = missing.get(section) ?? 0
        if (wanted > 0) tally.add('added', loc, section)
        missing.set(section, wanted - 1)
      }
      if (isDone()) break
    }
  }
  const diff = tally.result()
  return {
    ...diff,
    added: entriesIn(files),
    sections: diff.sections.map(section => ({ ...section, added: counts.get(section.name as string) as number })),
  }
}

const entriesIn = (files: readonly EntryFile[]): number =>
  files.flatMap(({ sections }) => sections).reduce((sum, { entries }) => sum + entries, 0)

/** The files among those named that hold entries: an index only names other files. */
function entryFiles(
  names: readonly string[],
  { manifest, open }: { readonly manifest: Manifest; open(name: string): AsyncIterable<Uint8Array> },
): EntryFile[] {
  const isSharded = Object.values(manifest.files).some(file => file.section !== undefined)
  const all = Object.entries(manifest.sections).map(([section, { entries }]) => ({ section, entries }))
  return names.flatMap(name => {
    const { section, entries } = manifest.files[name] ?? {}
    if (entries === undefined || (isSharded && section === undefined)) return []
    const sections = section === undefined ? all : [{ section, entries }]
    return [{ name, sections, read: () => readSitemap(open(name), { name, gzip: name.endsWith('.gz') }) }]
  })
}

/** Sections as they are configured, then those that are no more, then what is of none that can be told. */
function inOrder(diff: EntryDiff, changes: Changes): EntryDiff {
  const names = changes.sections.map(({ section }) => section)
  const rank = (name: string | null): number => (name === null ? names.length : names.indexOf(name))
  return { ...diff, sections: diff.sections.toSorted((a, b) => rank(a.name) - rank(b.name)) }
}
