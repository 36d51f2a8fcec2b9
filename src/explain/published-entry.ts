// Where an address stands in what is published: a search for its line, not a reading of the sitemaps.
import { inflate } from '../bundle/inflate.ts'
import type { PublishedBundle } from '../publishers/publisher.ts'
import { escapeXml } from '../sitemap/xml.ts'

export interface PublishedEntry {
  readonly file: string
  readonly lastmod: string | undefined
}

/** By loc, those that are published; reads the files of the sections named, and of these no more than it has to. */
export async function findPublished(
  published: PublishedBundle,
  locs: readonly string[],
  sections: readonly string[],
): Promise<ReadonlyMap<string, PublishedEntry>> {
  const found = new Map<string, PublishedEntry>()
  const wanted = new Map(locs.map(loc => [loc, Buffer.from(`<loc>${escapeXml(loc)}</loc>`)]))
  const { files } = published.manifest
  const sharded = Object.values(files).some(({ section }) => section !== undefined)
  for (const [name, { section, entries }] of Object.entries(files)) {
    const isRead = sharded ? section !== undefined && sections.includes(section) : entries !== undefined
    if (!isRead) continue
    for await (const lines of wholeLines(unpacked(published, name))) {
      for (const [loc, needle] of wanted) {
        const at = lines.indexOf(needle)
        if (at === -1) continue
        const line = lines.subarray(at, lines.indexOf('</url>', at)).toString('latin1')
        found.set(loc, { file: name, lastmod: /<lastmod>([^<]*)</.exec(line)?.[1] })
        wanted.delete(loc)
      }
      if (wanted.size === 0) return found
    }
  }
  return found
}

function unpacked(published: PublishedBundle, name: string): AsyncIterable<Uint8Array> {
  const bytes = published.read(name)
  return name.endsWith('.gz') ? inflate(bytes, name) : bytes
}

/** The same bytes, cut where a line ends: an entry is one line. */
async function* wholeLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of chunks) {
    const all = Buffer.concat([rest, chunk])
    const end = all.lastIndexOf(10) + 1
    if (end > 0) yield all.subarray(0, end)
    rest = all.subarray(end)
  }
  if (rest.length > 0) yield rest
}
