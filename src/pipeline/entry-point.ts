// sitemap.xml, where readers begin: the one urlset where everything fits, else the index. Always plain.
import { join } from 'node:path'
import { ENTRY_POINT, type ManifestFile } from '../bundle/manifest.ts'
import { errors } from '../errors.ts'
import { removeFile } from '../io/folders.ts'
import { openSink, readUnpacked } from '../io/sink.ts'
import { MAX_INDEX_ENTRIES } from '../sitemap/limits.ts'
import { renderSitemapIndex } from '../sitemap/sitemapindex.ts'
import { URLSET_TAIL, urlsetHead } from '../sitemap/urlset.ts'
import type { Job } from './job.ts'
import type { ShardFile } from './section-files.ts'

/** The one urlset, plain, with the entries of all sections; the shards they came from go. */
export async function writeSingle(shards: readonly ShardFile[], job: Job, dir: string): Promise<ManifestFile> {
  const sink = openSink(join(dir, ENTRY_POINT), { gzip: false })
  const head = urlsetHead(job.features)
  try {
    sink.write(head)
    for (const shard of shards) {
      for await (const body of bodyOf(readUnpacked(join(dir, shard.name), job.gzip), head.length))
        await sink.write(body)
      await removeFile(join(dir, shard.name))
    }
    sink.write(URLSET_TAIL)
  } catch (cause) {
    sink.abort()
    throw cause
  }
  return { entries: shards.reduce((sum, shard) => sum + shard.entries, 0), ...(await sink.close()) }
}

/** What is between head and tail of a urlset. */
async function* bodyOf(chunks: AsyncIterable<Buffer>, headBytes: number): AsyncGenerator<Buffer> {
  let skip = headBytes
  let held = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const rest = chunk.subarray(Math.min(skip, chunk.length))
    skip -= chunk.length - rest.length
    const all = Buffer.concat([held, rest])
    const sure = Math.max(0, all.length - URLSET_TAIL.length)
    yield all.subarray(0, sure)
    held = all.subarray(sure)
  }
}

/** The index of all shards. Fails with INDEX_TOO_LARGE. */
export async function writeIndex(
  shards: readonly ShardFile[],
  files: Readonly<Record<string, ManifestFile>>,
  job: Job,
  dir: string,
): Promise<ManifestFile> {
  if (shards.length > MAX_INDEX_ENTRIES) throw errors.indexTooLarge(shards.length, MAX_INDEX_ENTRIES)
  const sink = openSink(join(dir, ENTRY_POINT), { gzip: false })
  sink.write(
    renderSitemapIndex(shards.map(({ name }) => ({ loc: `${job.site}/${name}`, lastmod: files[name]?.lastmod }))),
  )
  return { entries: shards.length, ...(await sink.close()) }
}
