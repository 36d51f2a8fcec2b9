// Writes the entries of one section as shards: one file open at a time, both limits exact.
import { join } from 'node:path'
import { errors } from '../errors.ts'
import { type FileSink, openSink } from '../io/sink.ts'
import type { UrlEntry } from '../sitemap/entry.ts'
import type { ShardLimits } from '../sitemap/limits.ts'
import { renderEntry, URLSET_TAIL, type UrlsetFeatures, urlsetHead } from '../sitemap/urlset.ts'

export interface ShardFile {
  readonly name: string
  readonly entries: number
  /** Size as stored, and hexadecimal sha256. */
  readonly bytes: number
  readonly sha256: string
  /** Size of its entries, uncompressed, without the head and tail of the document. */
  readonly bodyBytes: number
}

export interface ShardOptions {
  readonly dir: string
  readonly section: string
  readonly limits: ShardLimits
  readonly gzip: boolean
  readonly features: UrlsetFeatures
  readonly onEntries?: (entries: number) => void
}

/** Bytes of a urlset that are not entries. */
export const frameBytes = (features: UrlsetFeatures): number => urlsetHead(features).length + URLSET_TAIL.length

/** Consumes the entries; an empty section makes no file. */
export async function writeShards(
  batches: AsyncIterable<readonly UrlEntry[]>,
  options: ShardOptions,
): Promise<readonly ShardFile[]> {
  const { limits } = options
  const head = urlsetHead(options.features)
  const frame = frameBytes(options.features)
  const shards: ShardFile[] = []
  let sink: FileSink | undefined
  let entries = 0
  let bodyBytes = 0
  let written = 0

  const finish = async (): Promise<void> => {
    if (!sink) return
    const wait = sink.write(URLSET_TAIL)
    if (wait) await wait
    shards.push({ name: shardName(options, shards.length), entries, bodyBytes, ...(await sink.close()) })
    sink = undefined
    entries = 0
    bodyBytes = 0
  }
  try {
    for await (const batch of batches) {
      for (const entry of batch) {
        // Locs and dates are ASCII, so a line's length is its size in bytes.
        const line = renderEntry(entry)
        if (entries >= limits.entries || bodyBytes + line.length + frame > limits.bytes) await finish()
        if (!sink) {
          if (line.length + frame > limits.bytes) throw errors.limitTooSmall(limits.bytes, line.length + frame)
          sink = openSink(join(options.dir, shardName(options, shards.length)), options)
          sink.write(head)
        }
        entries++
        bodyBytes += line.length
        const wait = sink.write(line)
        if (wait) await wait
      }
      written += batch.length
      options.onEntries?.(written)
    }
    await finish()
  } catch (cause) {
    sink?.abort()
    throw cause
  }
  return shards
}

const shardName = ({ section, gzip }: ShardOptions, index: number): string =>
  `sitemap-${section}-${String(index).padStart(2, '0')}.xml${gzip ? '.gz' : ''}`
