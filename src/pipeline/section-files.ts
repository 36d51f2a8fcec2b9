// The files of one section: each shard written, or left as it is published where it is made of the same.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import type { ManifestFile } from '../bundle/manifest.ts'
import { writeNewBytes } from '../io/copy-file.ts'
import { lstatIfThere } from '../io/files.ts'
import { moveOver } from '../io/folders.ts'
import { openSink } from '../io/sink.ts'
import type { ShardLimits } from '../sitemap/limits.ts'
import { frameBytes, URLSET_TAIL, type UrlsetFeatures, urlsetHead } from '../sitemap/urlset.ts'
import { encodeRows } from '../state/rows.ts'
import { rowsName, type StatePart, sha256Of } from '../state/site-state.ts'
import { type Memory, makeDater, type RunInstants } from './dates.ts'
import type { PageEntry } from './entries.ts'
import { fillDates } from './leaf.ts'
import { cutShards, type ShardCut } from './shards.ts'

export interface ShardFile {
  readonly name: string
  readonly entries: number
  /** Size as stored, and hexadecimal sha256. */
  readonly bytes: number
  readonly sha256: string
  /** Bytes that its entries take at most, uncompressed, whatever their dates are. */
  readonly room: number
  /** Whether it is not in the folder, since the published one has the very bytes. */
  readonly isKept: boolean
}

/** What dates pages by their content. */
export interface Dating {
  readonly memory: Memory
  readonly instants: RunInstants
  /** The published file of a part, if it certainly has its bytes still; undefined for one that has to be made again. */
  kept(part: StatePart): Promise<ManifestFile | undefined>
  /** Folder for the rows that have to be kept; undefined where nothing will be. */
  readonly stateDir: string | undefined
}

export interface SectionFilesOptions {
  readonly dir: string
  readonly section: string
  readonly limits: ShardLimits
  readonly gzip: boolean
  readonly features: UrlsetFeatures
  /** Whether names of shards tell their content, too: for targets that cannot change several files at once. */
  readonly versioned: boolean
  /** Undefined where entries have the dates that they come with. */
  readonly dating: Dating | undefined
  readonly onEntries?: (entries: number) => void
}

export interface SectionFiles {
  readonly shards: readonly ShardFile[]
  /** What the next run has to know of each; [] without dating. */
  readonly parts: readonly StatePart[]
  /** Paths of rows that were written, by their name in the state. */
  readonly rows: ReadonlyMap<string, string>
}

/** Consumes the entries; an empty section makes no file. */
export async function writeSectionFiles(
  batches: AsyncIterable<readonly PageEntry[]>,
  options: SectionFilesOptions,
): Promise<SectionFiles> {
  const { dating, limits, features, onEntries } = options
  const shards: ShardFile[] = []
  const parts: StatePart[] = []
  const rows = new Map<string, string>()
  const before = new Map(dating?.memory.parts.map(part => [part.digest, part]))
  const dates = dating && makeDater(dating.memory, dating.instants)

  const write = async (cut: ShardCut): Promise<void> => {
    const { leaf } = cut
    if (!dating || !dates) {
      shards.push(await writeShard(cut, leaf.text, options))
      return
    }
    // Before the dates are filled in.
    const digest = digestOf(cut, options)
    const known = before.get(digest)
    const kept = known && (await dating.kept(known))
    if (known && kept) {
      const { bytes, sha256 } = kept
      shards.push({ name: known.file, entries: known.entries, bytes, sha256, room: known.room, isKept: true })
      parts.push(known)
      return
    }
    const seconds = await dates(leaf)
    const shard = await writeShard(cut, fillDates(leaf, seconds), options)
    shards.push(shard)
    const encoded = encodeRows({ ...leaf, seconds })
    const part = {
      digest,
      entries: leaf.count,
      file: shard.name,
      first: leaf.keys[0] as number,
      last: leaf.keys[leaf.count - 1] as number,
      room: shard.room,
      rows: sha256Of(encoded),
    }
    parts.push(part)
    const name = rowsName(part.rows)
    if (dating.stateDir === undefined || rows.has(name)) return
    const path = join(dating.stateDir, name)
    // Two sections of the same records have the same rows.
    if (!(await lstatIfThere(path))) await writeNewBytes(path, encoded)
    rows.set(name, path)
  }
  await cutShards(batches, write, {
    limits,
    features,
    datedLater: dating !== undefined,
    ...(onEntries && { onEntries }),
  })
  return { shards, parts, rows }
}

/** Of all that a shard's file is made of but the dates, which follow from fingerprints and state. */
function digestOf({ label, leaf }: ShardCut, { features, gzip, versioned }: SectionFilesOptions): string {
  const { text, keys, slots, fingerprints, count } = leaf
  const hash = createHash('sha256')
    .update(`${label}\n${gzip} ${versioned}\n${urlsetHead(features)}`)
    .update(text)
  for (const column of [keys, slots, fingerprints])
    hash.update(new Uint8Array(column.buffer, 0, count * column.BYTES_PER_ELEMENT))
  return hash.digest('hex').slice(0, 32)
}

async function writeShard(
  { label, leaf }: ShardCut,
  body: Buffer,
  { dir, section, gzip, features, versioned }: SectionFilesOptions,
): Promise<ShardFile> {
  const room = leaf.text.length
  const name = (version: string): string => `sitemap-${section}-${label}${version}.xml${gzip ? '.gz' : ''}`
  const path = join(dir, name(''))
  const sink = openSink(path, { gzip })
  try {
    sink.write(urlsetHead(features))
    await sink.write(body)
    sink.write(URLSET_TAIL)
  } catch (cause) {
    sink.abort()
    throw cause
  }
  const { bytes, sha256 } = await sink.close()
  const final = name(versioned ? `.${sha256.slice(0, 8)}` : '')
  if (versioned) await moveOver(path, join(dir, final))
  return { name: final, entries: leaf.count, bytes, sha256, room, isKept: false }
}

/** Whether the entries of all shards are few and small enough for one urlset. */
export function fitOneFile(
  shards: readonly ShardFile[],
  { limits, features }: { readonly limits: ShardLimits; readonly features: UrlsetFeatures },
): boolean {
  const entries = shards.reduce((sum, shard) => sum + shard.entries, 0)
  const bytes = shards.reduce((sum, shard) => sum + shard.room, frameBytes(features))
  return entries <= limits.entries && bytes <= limits.bytes
}
