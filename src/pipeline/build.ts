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
import type { PublishedBundle } from '../publishers/publisher.ts'
import type { Funnel, Snapshot } from '../sources/source.ts'
import type { SiteState } from '../state/site-state.ts'
import { type Claims, watchClaims } from './claims.ts'
import { type Uncovered, type Watch, watchCoverage } from './coverage.ts'
import { type EntryOptions, LeftOut, type LocaleTally, readEntries } from './entries.ts'
import { writeIndex, writeSingle } from './entry-point.ts'
import type { Job, OnProgress, Section } from './job.ts'
import { ROBOTS_NAME, writeRobots } from './robots.ts'
import { fitOneFile, type SectionFiles, writeSectionFiles } from './section-files.ts'
import { datingOf, type KnownState, slotsOf } from './site-memory.ts'

export interface SectionResult {
  readonly name: string
  readonly entries: number
  readonly leftOut: LeftOut
  /** By hreflang; empty without locales. */
  readonly locales: ReadonlyMap<string, LocaleTally>
  /** One for each channel that the section reads; [] for lists. */
  readonly funnels: readonly Funnel[]
  /** Addresses that are no page of the front end; undefined where all are, or none was read. */
  readonly uncovered?: Uncovered | undefined
}

export interface BuildResult {
  readonly bundle: Bundle
  readonly sections: readonly SectionResult[]
  /** What the next run has to know of this bundle, and where the rows that are new in it lie. */
  readonly state: { readonly site: SiteState; readonly rows: ReadonlyMap<string, string> }
}

export interface BuildOptions {
  /** Empty folder for the bundle's files. */
  readonly dir: string
  /** Empty folder for the rows that have to be kept; undefined where nothing will be published. */
  readonly stateDir?: string | undefined
  /** What is published now: its files' dates stay where their bytes stay. */
  readonly published: PublishedBundle | undefined
  /** What is known of the pages in it. */
  readonly known?: KnownState | undefined
  /** Whether shards that are published as they are need not be made again. */
  readonly mayKeep?: boolean
  /** The instant of the run, W3C datetime in UTC. */
  readonly now: string
  /** Count every record for the funnel, however long it takes. */
  readonly exactFunnel?: boolean
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: OnProgress | undefined
}

interface BuiltSection extends SectionResult, SectionFiles {
  readonly section: Section
}

/**
 * Fails with BUNDLE_EMPTY where no section has any entry: such a bundle is never written; with ADDRESS_MISSING and
 * ADDRESS_SHARED where a record has no address, or another's, unless the job lets those be left out.
 */
export async function buildBundle(job: Job, snapshot: Snapshot | undefined, given: BuildOptions): Promise<BuildResult> {
  const options = { ...given, now: instantOf(given) }
  const sections = await buildSections(job, snapshot, options)
  const all = sections.flatMap(({ shards }) => shards)
  if (all.length === 0)
    throw errors.bundleEmpty(
      job.name,
      sections.map(({ name, funnels }) => ({ name, funnel: funnels[0] })),
      snapshot?.warnings ?? [],
    )
  const isOneFile = fitOneFile(all, job)
  if (isOneFile && all.some(({ isKept }) => isKept)) {
    // What was several files becomes one, and is put together from all of them.
    await removeFiles(sections, options.dir)
    return buildBundle(job, snapshot, { ...options, mayKeep: false })
  }

  const date = datesOf(options)
  const files: Record<string, ManifestFile> = {}
  if (job.robots)
    files[ROBOTS_NAME] = date(ROBOTS_NAME, await writeRobots(job.robots, { site: job.site, dir: options.dir }))
  if (isOneFile) {
    files[ENTRY_POINT] = date(ENTRY_POINT, await writeSingle(all, job, options.dir))
  } else {
    for (const { name: section, shards } of sections) {
      for (const { name, entries, bytes, sha256 } of shards)
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
  const kept = new Set(all.flatMap(({ name, isKept }) => (isKept ? [name] : [])))
  const revision = revisionOf(manifestText)
  return {
    bundle: { dir: options.dir, kept, manifest, manifestText, revision },
    sections,
    state: {
      site: { instant: options.now, manifest: revision, sections: statesOf(sections) },
      rows: new Map(sections.flatMap(({ rows }) => [...rows])),
    },
  }
}

function statesOf(sections: readonly BuiltSection[]): SiteState['sections'] {
  const dated = sections.flatMap(({ section, parts }) => {
    const basis = section.kind === 'records' ? section.basis : undefined
    return basis === undefined ? [] : [[section.name, { basis, slots: slotsOf(section), parts }] as const]
  })
  return Object.fromEntries(dated)
}

async function buildSections(job: Job, snapshot: Snapshot | undefined, options: BuildOptions): Promise<BuiltSection[]> {
  const claims = await watchClaims(job, options.signal)
  const sections = await buildAll(job, { ...options, snapshot, claims, claimIn: claims.claimIn })
  if (job.addressProblems === 'error') assertAddressed(sections)
  const shared = await claims.confirm(snapshot, options.signal)
  if (shared.length === 0) return sections
  if (job.addressProblems === 'error') throw errors.addressShared(shared)
  // Rare enough to be worth no memory at the first time: it is written anew without them.
  claims.reset()
  await removeFiles(sections, options.dir)
  const refused = new Set(shared.map(({ loc, second }) => `${loc} ${second}`))
  const claimIn: Claims['claimIn'] = section => (loc, name) => !refused.has(`${loc} ${section.name} ${name}`)
  return buildAll(job, { ...options, snapshot, claims, claimIn })
}

interface AllOptions extends BuildOptions {
  readonly snapshot: Snapshot | undefined
  readonly claims: Claims
  readonly claimIn: Claims['claimIn']
}

async function buildAll(job: Job, { claims, claimIn, ...options }: AllOptions): Promise<BuiltSection[]> {
  const built = new Map<Section, BuiltSection>()
  // Lists come last, since what a record has is the record's; in the bundle all are in the configuration's order.
  for (const kind of ['records', 'list']) {
    for (const section of job.sections) {
      if (section.kind !== kind) continue
      const claim = section.kind === 'records' ? claimIn(section) : claims.claimInList
      built.set(section, await buildSection(job, section, { ...options, claim }))
    }
  }
  return job.sections.map(section => built.get(section) as BuiltSection)
}

async function removeFiles(sections: readonly BuiltSection[], dir: string): Promise<void> {
  for (const { name } of sections.flatMap(({ shards }) => shards)) await removeFile(join(dir, name))
  for (const path of sections.flatMap(({ rows }) => [...rows.values()])) await removeFile(path)
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
  const entriesRead = readEntries(job, section, { snapshot, leftOut, locales, claim, signal })
  const covered = watchCoverage(job, section)
  const batches = covered ? seenBy(entriesRead, covered.watch) : entriesRead
  const files = await writeSectionFiles(batches, {
    dir,
    section: section.name,
    limits: job.limits,
    gzip: job.gzip,
    features: job.features,
    versioned: job.versionedNames,
    dating: datingOf(section, options),
    onEntries: report,
  })
  const entries = files.shards.reduce((sum, shard) => sum + shard.entries, 0)
  const funnels =
    section.kind === 'records' && snapshot ? await snapshot.funnel(section.query, { exact: exactFunnel }) : []
  const uncovered = covered && covered.uncovered.count > 0 ? covered.uncovered : undefined
  return { section, name: section.name, entries, leftOut, locales, funnels, uncovered, ...files }
}

async function* seenBy<T extends Parameters<Watch>[0]>(batches: AsyncIterable<T>, watch: Watch): AsyncGenerator<T> {
  for await (const entries of batches) {
    watch(entries)
    yield entries
  }
}

/** That of the reading, but never before that of a run before: a clock that was set back must not date anything so. */
function instantOf({ now, published, known }: BuildOptions): string {
  const dates = Object.values(published?.manifest.files ?? {}).flatMap(({ lastmod }) => lastmod ?? [])
  return [...dates, known?.state?.instant ?? now].reduce((last, date) => (date > last ? date : last), now)
}

/** A file whose bytes are the published ones keeps its date: it last changed when it was published. */
function datesOf({ published, now }: BuildOptions) {
  const before = published?.manifest.files ?? {}
  return (name: string, file: ManifestFile): ManifestFile => {
    const old = Object.hasOwn(before, name) ? before[name] : undefined
    return { ...file, lastmod: old?.sha256 === file.sha256 && old.lastmod ? old.lastmod : now }
  }
}
