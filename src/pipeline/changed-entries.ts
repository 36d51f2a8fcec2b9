// Which URLs changed: read off the files that changed, the published ones and the new ones.
import { join } from 'node:path'
import type { Changes } from '../bundle/compare.ts'
import { diffEntries, type EntryDiff } from '../bundle/diff-entries.ts'
import type { Bundle, Manifest } from '../bundle/manifest.ts'
import { readSitemap, type SitemapItem } from '../bundle/read-sitemap.ts'
import { StoremapError } from '../errors.ts'
import { readUnpacked } from '../io/sink.ts'
import type { PublishedBundle } from '../publishers/publisher.ts'

/** Entries in the files that changed up to which a run compares by URL, besides by count. */
const MOST_ENTRIES = 100_000

/** Undefined where the files that changed hold more than `mostEntries`, or cannot be read; where nothing was published, all is new. */
export async function changedEntries(
  published: PublishedBundle | undefined,
  bundle: Bundle,
  changes: Changes,
  { examples, mostEntries = MOST_ENTRIES }: { readonly examples: number; readonly mostEntries?: number | undefined },
): Promise<EntryDiff | undefined> {
  if (!published) return allNew(bundle, examples)
  const before = sitemapsAmong([...changes.changed, ...changes.removed], published.manifest)
  const after = sitemapsAmong([...changes.changed, ...changes.added], bundle.manifest)
  if (entriesIn(before, published.manifest) + entriesIn(after, bundle.manifest) > mostEntries) return undefined
  try {
    return await diffEntries(
      itemsOf(before, name => published.read(name)),
      itemsOf(after, name => readUnpacked(join(bundle.dir, name), false)),
      { examples },
    )
  } catch (cause) {
    // What is published was altered and is no sitemap any more: a run puts it right, and cannot say by URL what changed.
    if (cause instanceof StoremapError && cause.code === 'SITEMAP_UNREADABLE') return undefined
    throw cause
  }
}

/** Counted off the manifest: only the examples are read. */
async function allNew(bundle: Bundle, examples: number): Promise<EntryDiff> {
  const names = sitemapsAmong(Object.keys(bundle.manifest.files), bundle.manifest)
  const added: string[] = []
  for await (const items of itemsOf(names, name => readUnpacked(join(bundle.dir, name), false))) {
    added.push(...items.slice(0, examples - added.length).map(({ loc }) => loc))
    if (added.length >= examples) break
  }
  const none = { removed: 0, changed: 0 }
  return { added: entriesIn(names, bundle.manifest), ...none, examples: { added, removed: [], changed: [] } }
}

const entriesIn = (names: readonly string[], { files }: Manifest): number =>
  names.reduce((sum, name) => sum + (files[name]?.entries ?? 0), 0)

/** The files that hold entries: an index only names other files. */
function sitemapsAmong(names: readonly string[], manifest: Manifest): string[] {
  const sharded = Object.values(manifest.files).some(file => file.section !== undefined)
  return names.filter(name => {
    const file = manifest.files[name]
    return file?.entries !== undefined && (file.section !== undefined || !sharded)
  })
}

async function* itemsOf(
  names: readonly string[],
  open: (name: string) => AsyncIterable<Uint8Array>,
): AsyncGenerator<SitemapItem[]> {
  for (const name of names) yield* readSitemap(open(name), { name, gzip: name.endsWith('.gz') })
}
