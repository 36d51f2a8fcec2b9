// From the rows of a plan to records. Perhaps a million times, so the common case makes nothing that it can do without.
import type { TextRow } from '../../io/postgres.ts'
import type { RecordQuery, SourceRecord } from '../source.ts'
import { readImages } from './images.ts'
import type { QueryPlan } from './query.ts'
import { makeUpdatedAt } from './updated-at.ts'

/** `media` is where paths of images begin, `now` the instant of the transaction. */
export function recordReader(
  { addresses, fingerprints }: QueryPlan,
  { images }: RecordQuery,
  { media, now }: { readonly media: string; readonly now: string },
): (row: TextRow) => SourceRecord {
  const dateOf = makeUpdatedAt(now)
  const [only] = addresses
  if (addresses.length === 1 && only?.flagged === false && !images) {
    const end = 2 + only.values
    return fingerprints
      ? row => ({
          key: row[0] as string,
          updatedAt: dateOf(row[1]),
          addresses: [row.slice(2, end)],
          fingerprints: [Number(row[end])],
        })
      : row => ({ key: row[0] as string, updatedAt: dateOf(row[1]), addresses: [row.slice(2, end)] })
  }
  return row => {
    let at = 2
    const read = addresses.map(({ flagged, values }) => {
      const isThere = !flagged || row[at++] === 't'
      at += values
      return isThere ? row.slice(at - values, at) : undefined
    })
    const prints = fingerprints?.columnOf.map((column, index) => read[index] && Number(row[at + column]))
    const list = images ? row[at + (fingerprints?.columns.length ?? 0)] : null
    return {
      key: row[0] as string,
      updatedAt: dateOf(row[1]),
      addresses: read,
      ...(list && { images: readImages(list, media) }),
      ...(prints && { fingerprints: prints }),
    }
  }
}
