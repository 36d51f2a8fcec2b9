// Which URLs changed: read off the files that changed, the published ones and the new ones.
import { join } from 'node:path'
import type { Changes } from '../bundle/compare.ts'
import { diffEntries, type EntryDiff } from '../bundle/diff-entries.ts'
import type { Bundle, Manifest } from '../bundle/manifest.ts'
import { readSitemap, type SitemapItem } from '../bundle/read-sitemap.ts'
import { readUnpacked } from '../io/sink.ts'
import type { PublishedBundle } from '../publishers/publisher.ts'

/** Bytes of changed published files up to which a run compares by URL, besides by count. */
const MOST_BYTES = 8 * 1024 * 1024

/** Undefined where the published files that changed hold more than `mostBytes`. */
export async function changedEntries(
  published: PublishedBundle | undefined,
  bundle: Bundle,
  changes: Changes,
  { examples, mostBytes = MOST_BYTES }: { examples: number; mostBytes?: number },
): Promise<EntryDiff | undefined> {
  const before = published ? sitemapsAmong([...changes.changed, ...changes.removed], published.manifest) : []
  const bytes = before.reduce((sum, name) => sum + (published?.manifest.files[name]?.bytes ?? 0), 0)
  const after = sitemapsAmong([...changes.changed, ...changes.added], bundle.manifest)
  const newBytes = after.reduce((sum, name) => sum + (bundle.manifest.files[name]?.bytes ?? 0), 0)
  if (bytes > mostBytes || newBytes > mostBytes) return undefined
  return diffEntries(
    itemsOf(before, name => (published as PublishedBundle).read(name)),
    itemsOf(after, name => readUnpacked(join(bundle.dir, name), false)),
    { examples },
  )
}

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
