// Cuts the entries of one section into shards, by their keys and within both limits, and has each written.
import { errors } from '../errors.ts'
import { rangeStart, SAME_KEY, WHOLE } from '../sitemap/key-range.ts'
import { EMPTY_LASTMOD } from '../sitemap/lastmod.ts'
import type { ShardLimits } from '../sitemap/limits.ts'
import { frameBytes, renderLoc, renderRest, type UrlsetFeatures } from '../sitemap/urlset.ts'
import type { PageEntry } from './entries.ts'
import { GrowingLeaf, type Leaf } from './leaf.ts'

export interface ShardCut {
  /** Where its range of keys starts; two digits at least. */
  readonly label: string
  readonly leaf: Leaf
}

export interface ShardOptions {
  readonly limits: ShardLimits
  readonly features: UrlsetFeatures
  /** Whether dates are decided by the shard: each entry then has room for one, and counts as if it had one. */
  readonly datedLater: boolean
  readonly onEntries?: (entries: number) => void
}

/**
 * Consumes entries in the order of their keys, and hands on one shard at a time; while that is being written, the next
 * one is filled. An empty section makes none.
 *
 * All entries are one shard if they fit. Else the space of keys is halved, and each half is looked at for itself: so the
 * cuts depend on the set of entries alone. It takes no second look at anything: as soon as what is there does not fit,
 * the highest place between its keys is a cut; and beyond the range of a cut, so is every higher place.
 */
export async function cutShards(
  batches: AsyncIterable<readonly PageEntry[]>,
  write: (shard: ShardCut) => Promise<void>,
  { limits, features, datedLater, onEntries }: ShardOptions,
): Promise<void> {
  const frame = frameBytes(features)
  const growing = new GrowingLeaf({ datedLater })
  let leftCut = WHOLE
  let part = 0
  let read = 0
  let writing: Promise<void> = Promise.resolve()
  let failed: unknown

  const flush = async (count: number, rightCut: number): Promise<void> => {
    const leaf = growing.take(count)
    const start = rangeStart(leaf.keys[0] as number, Math.min(leftCut, rightCut))
    part = rightCut === SAME_KEY ? part + 1 : part > 0 ? part + 1 : 0
    const label = `${String(start).padStart(2, '0')}${part > 0 ? `p${part}` : ''}`
    if (rightCut !== SAME_KEY) part = 0
    leftCut = rightCut
    await writing
    if (failed !== undefined) throw failed
    // Failures wait for the next turn, where somebody listens.
    writing = write({ label, leaf }).then(
      () => growing.giveBack(leaf),
      (cause: unknown) => {
        failed = cause
      },
    )
  }

  try {
    for await (const batch of batches) {
      for (const entry of batch) {
        // Locs and dates are ASCII, so a line's length is its size in bytes.
        const beforeDate = renderLoc(entry)
        const date = datedLater ? EMPTY_LASTMOD : entry.lastmod ? `<lastmod>${entry.lastmod}</lastmod>` : ''
        const afterDate = renderRest(entry)
        const bytes = beforeDate.length + date.length + afterDate.length
        if (growing.count > 0) {
          const level = growing.levelBefore(entry.key)
          if (level > leftCut) await flush(growing.count, level)
          while (
            growing.count > 0 &&
            (growing.count >= limits.entries || growing.used + bytes + frame > limits.bytes)
          ) {
            const { highest } = growing
            if (highest && highest.level > level) await flush(highest.at, highest.level)
            else await flush(growing.count, level)
          }
        }
        if (bytes + frame > limits.bytes) throw errors.limitTooSmall(limits.bytes, bytes + frame)
        growing.add(entry, { beforeDate, date, afterDate })
      }
      read += batch.length
      onEntries?.(read)
    }
    if (growing.count > 0) await flush(growing.count, WHOLE)
  } finally {
    // Whatever happens, nothing is being written any more once this has ended.
    await writing
  }
  if (failed !== undefined) throw failed
}
