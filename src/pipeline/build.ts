// Entries to a staged bundle: shards, entry point, manifest. Publishes nothing.
import { join } from 'node:path'
import {
  type Bundle,
  ENTRY_POINT,
  formatManifest,
  MANIFEST_FORMAT,
  MANIFEST_NAME,
  type Manifest,
  type ManifestFile,
  revisionOf,
} from '../bundle/manifest.ts'
import { errors } from '../errors.ts'
import { writeNewText } from '../io/copy-file.ts'
import { removeFile } from '../io/folders.ts'
import { openSink, readUnpacked } from '../io/sink.ts'
import { MAX_INDEX_ENTRIES } from '../sitemap/limits.ts'
import { renderSitemapIndex } from '../sitemap/sitemapindex.ts'
import { URLSET_TAIL, urlsetHead } from '../sitemap/urlset.ts'
import type { Funnel, Snapshot } from '../sources/source.ts'
import { watchClaims } from './claims.ts'
import { type EntryOptions, LeftOut, type LocaleTally, readEntries } from './entries.ts'
import type { Job, OnProgress, RecordSection, Section } from './job.ts'
import { frameBytes, type ShardFile, writeShards } from './shards.ts'

export interface SectionResult {
  readonly name: string
  readonly entries: number
  readonly leftOut: LeftOut
  /** By hreflang; empty without locales. */
  readonly locales: ReadonlyMap<string, LocaleTally>
  /** One for each channel that the section reads; [] for lists. */
  readonly funnels: readonly Funnel[]
}

export interface BuildResult {
  readonly bundle: Bundle
  readonly sections: readonly SectionResult[]
}

export interface BuildOptions {
  /** Empty folder for the bundle's files. */
  readonly dir: string
  /** What is published now: its files' dates stay where their bytes stay. */
  readonly published: Manifest | undefined
  /** The instant of the run, W3C datetime in UTC. */
  readonly now: string
  /** Count every record for the funnel, however long it takes. */
  readonly exactFunnel?: boolean
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: OnProgress | undefined
}

interface BuiltSection extends SectionResult {
  readonly shards: readonly ShardFile[]
}

/**
 * Fails with BUNDLE_EMPTY where no section has any entry: such a bundle is never written; with ADDRESS_MISSING and
 * ADDRESS_SHARED where a record has no address, or another's, unless the job lets those be left out.
 */
export async function buildBundle(
  job: Job,
  snapshot: Snapshot | undefined,
  options: BuildOptions,
): Promise<BuildResult> {
  const sections = await buildSections(job, snapshot, options)
  const shards = new Map(sections.map(section => [section.name, section.shards]))
  const all = [...shards.values()].flat()
  if (all.length === 0)
    throw errors.bundleEmpty(
      job.name,
      sections.map(({ name, funnels }) => ({ name, funnel: funnels[0] })),
      snapshot?.warnings ?? [],
    )

  const date = datesOf(options)
  const files: Record<string, ManifestFile> = {}
  if (fitsOneFile(all, job)) {
    files[ENTRY_POINT] = date(ENTRY_POINT, await writeSingle(all, job, options.dir))
  } else {
    for (const [section, list] of shards) {
      for (const { name, entries, bytes, sha256 } of list)
        files[name] = { ...date(name, { entries, bytes, sha256 }), section }
    }
    files[ENTRY_POINT] = date(ENTRY_POINT, await writeIndex(all, files, job, options.dir))
  }
  const manifest: Manifest = {
    files,
    format: MANIFEST_FORMAT,
    sections: Object.fromEntries(sections.map(({ name, entries }) => [name, { entries }])),
    site: job.site,
  }
  const manifestText = formatManifest(manifest)
  await writeNewText(join(options.dir, MANIFEST_NAME), manifestText)
  return { bundle: { dir: options.dir, manifest, manifestText, revision: revisionOf(manifestText) }, sections }
}

async function buildSections(job: Job, snapshot: Snapshot | undefined, options: BuildOptions) {
  const claims = await watchClaims(job, options.signal)
  const build = async (claimIn: (section: RecordSection) => EntryOptions['claim']) => {
    const built = new Map<Section, BuiltSection>()
    // Lists come last, since what a record has is the record's; in the bundle all are in the configuration's order.
    for (const kind of ['records', 'list']) {
      for (const section of job.sections) {
        if (section.kind !== kind) continue
        const claim = section.kind === 'records' ? claimIn(section) : claims.claimInList
        built.set(section, await buildSection(job, section, { ...options, snapshot, claim }))
      }
    }
    return job.sections.map(section => built.get(section) as BuiltSection)
  }
  const sections = await build(claims.claimIn)
  if (job.addressProblems === 'error') assertAddressed(sections)
  const shared = await claims.confirm(snapshot, options.signal)
  if (shared.length === 0) return sections
  if (job.addressProblems === 'error') throw errors.addressShared(shared)
  // Rare enough to be worth no memory at the first time: it is written anew without them.
  claims.reset()
  for (const { name } of sections.flatMap(section => section.shards)) await removeFile(join(options.dir, name))
  const refused = new Set(shared.map(({ loc, second }) => `${loc} ${second}`))
  return build(section => (loc, name) => !refused.has(`${loc} ${section.name} ${name}`))
}

function assertAddressed(sections: readonly SectionResult[]): void {
  const missing = sections.flatMap(({ name, leftOut }) =>
    (['empty', 'no path'] as const).flatMap(reason => {
      const count = leftOut.counts.get(reason) ?? 0
      const fields = reason === 'empty' ? [...leftOut.emptyFields] : []
      const examples = leftOut.examples.get(reason) ?? []
      return count > 0 ? [{ section: name, reason, count, fields, examples }] : []
    }),
  )
  if (missing.length > 0) throw errors.addressMissing(missing)
}

interface SectionOptions extends BuildOptions {
  readonly snapshot: Snapshot | undefined
  readonly claim: EntryOptions['claim']
}

async function buildSection(job: Job, section: Section, options: SectionOptions): Promise<BuiltSection> {
  const { dir, snapshot, claim, signal, exactFunnel = false } = options
  const leftOut = new LeftOut()
  const languages = section.addresses.flatMap(({ hreflang }) => hreflang ?? [])
  const locales = new Map<string, LocaleTally>(
    languages.map(language => [language, { entries: 0, absent: 0, examples: [] }]),
  )
  const report = (entries: number): void => options.onProgress?.({ stage: 'read', section: section.name, entries })
  report(0)
  const batches = readEntries(job, section, { snapshot, leftOut, locales, claim, signal })
  const shards = await writeShards(batches, {
    dir,
    section: section.name,
    limits: job.limits,
    gzip: job.gzip,
    features: job.features,
    onEntries: report,
  })
  const entries = shards.reduce((sum, shard) => sum + shard.entries, 0)
  const funnels =
    section.kind === 'records' && snapshot ? await snapshot.funnel(section.query, { exact: exactFunnel }) : []
  return { name: section.name, entries, leftOut, locales, funnels, shards }
}

/** A file whose bytes are the published ones keeps its date: it last changed when it was published. */
function datesOf({ published, now }: BuildOptions) {
  const before = published?.files ?? {}
  // A clock set back must not date a new file before one that it replaces.
  const latest = Object.values(before).reduce((last, { lastmod }) => (lastmod && lastmod > last ? lastmod : last), now)
  return (name: string, file: ManifestFile): ManifestFile => {
    const old = Object.hasOwn(before, name) ? before[name] : undefined
    return { ...file, lastmod: old?.sha256 === file.sha256 && old.lastmod ? old.lastmod : latest }
  }
}

function fitsOneFile(shards: readonly ShardFile[], { limits, features }: Job): boolean {
  const entries = shards.reduce((sum, shard) => sum + shard.entries, 0)
  const bytes = shards.reduce((sum, shard) => sum + shard.bodyBytes, frameBytes(features))
  return entries <= limits.entries && bytes <= limits.bytes
}

/** The one urlset, plain, with the entries of all sections; the shards they came from go. */
async function writeSingle(shards: readonly ShardFile[], job: Job, dir: string): Promise<ManifestFile> {
  const sink = openSink(join(dir, ENTRY_POINT), { gzip: false })
  const head = urlsetHead(job.features)
  try {
    sink.write(head)
    for (const shard of shards) {
      let skip = head.length
      let left = shard.bodyBytes
      for await (const chunk of readUnpacked(join(dir, shard.name), job.gzip)) {
        const body = chunk.subarray(Math.min(skip, chunk.length)).subarray(0, left)
        skip -= Math.min(skip, chunk.length)
        left -= body.length
        const wait = sink.write(body.toString('latin1'))
        if (wait) await wait
      }
      await removeFile(join(dir, shard.name))
    }
    sink.write(URLSET_TAIL)
  } catch (cause) {
    sink.abort()
    throw cause
  }
  return { entries: shards.reduce((sum, shard) => sum + shard.entries, 0), ...(await sink.close()) }
}

async function writeIndex(
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
