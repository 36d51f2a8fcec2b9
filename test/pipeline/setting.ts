// Jobs and sources for tests of the pipeline: records come from the test, everything after them is real.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { formatManifest, type Manifest, revisionOf } from '../../src/bundle/manifest.ts'
import { type BuildResult, buildBundle } from '../../src/pipeline/build.ts'
import type { Job, ListSection, RecordSection, Section } from '../../src/pipeline/job.ts'
import type { PublishedBundle } from '../../src/publishers/publisher.ts'
import { PROTOCOL_LIMITS, type ShardLimits } from '../../src/sitemap/limits.ts'
import { parseTemplate, type UrlTemplate } from '../../src/sitemap/url-template.ts'
import { PLAIN } from '../../src/sitemap/urlset.ts'
import type { Snapshot, SourceRecord } from '../../src/sources/source.ts'
import { tempFolder } from '../helpers/bundle.ts'

export const SITE = 'https://shop.example.com'
export const NOW = '2026-11-20T03:00:00Z'

/** Records of a section: slugs, or slugs with their dates. */
export type Rows = Iterable<string | readonly [slug: string | null, updatedAt: string | undefined]>

export function makeJob(sections: readonly Section[], options: Partial<Job> & { limits?: ShardLimits } = {}): Job {
  const guard = { maxShrinkPercent: 20 }
  return {
    name: 'shop.example.com',
    site: SITE,
    sections,
    limits: PROTOCOL_LIMITS,
    gzip: false,
    guard,
    features: PLAIN,
    frontEnds: [],
    addressProblems: 'warn',
    versionedNames: false,
    robots: undefined,
    ...options,
  }
}

export function records(name: string, url = `/${name}/{slug}`): RecordSection {
  const { template } = parseTemplate(url) as { template: UrlTemplate }
  const address = {
    channel: undefined,
    language: undefined,
    missing: 'omit',
    fields: template.fields,
    path: name,
  } as const
  const query = { of: 'products', where: {}, addresses: [address], images: false, updatedAt: true, path: name } as const
  return {
    kind: 'records',
    name,
    addresses: [{ hreflang: undefined, isDefault: false, url: template }],
    query,
    lastmod: 'updatedAt',
  }
}

export const list = (name: string, paths: readonly string[]): ListSection => ({
  kind: 'list',
  name,
  addresses: [
    { hreflang: undefined, isDefault: false, url: { literals: ['/', ''], fields: ['path'], formats: [undefined] } },
  ],
  read: async function* () {
    yield paths
  },
})

/** A shop at one instant; each section's rows by its name. */
export function snapshotOf(rows: Readonly<Record<string, Rows>>, now = NOW): Snapshot {
  return {
    now,
    warnings: [],
    check: async () => [],
    async *read({ path }) {
      let batch: SourceRecord[] = []
      let key = 0
      for (const row of rows[path] ?? []) {
        const [slug, updatedAt] = typeof row === 'string' ? [row, undefined] : row
        batch.push({ key: String(++key), updatedAt, addresses: [[slug]] })
        if (batch.length < 1000) continue
        yield batch
        batch = []
      }
      if (batch.length > 0) yield batch
    },
    funnel: async () => [],
    find: async () => [],
    locate: async () => [],
    scan: async function* () {},
    lookUp: async () => [],
    judge: async () => undefined,
    judgeAll: async () => new Map(),
    close: async () => {},
  }
}

export interface Built extends BuildResult {
  readonly manifest: Manifest
  /** Text of a file, unpacked. */
  text(name: string): Promise<string>
  raw(name: string): Promise<Buffer>
}

/** A published bundle of which the manifest alone is read. */
export const publishedAs = (manifest: Manifest): PublishedBundle => ({
  manifest,
  revision: revisionOf(formatManifest(manifest)),
  read: name => {
    throw new Error(`${name} is not to be read`)
  },
  isIntact: async () => false,
})

const folders: Awaited<ReturnType<typeof tempFolder>>[] = []

/** For `afterEach`. */
export async function removeBuilt(): Promise<void> {
  for (const folder of folders.splice(0)) await folder[Symbol.asyncDispose]()
}

export async function build(
  job: Job,
  rows: Readonly<Record<string, Rows>> = {},
  { published, now = NOW }: { published?: Manifest; now?: string } = {},
): Promise<Built> {
  const folder = await tempFolder()
  folders.push(folder)
  const result = await buildBundle(job, snapshotOf(rows, now), {
    dir: folder.path,
    published: published && publishedAs(published),
    now,
  })
  const raw = (name: string) => readFile(join(folder.path, name))
  const text = async (name: string) => {
    const bytes = await raw(name)
    return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  }
  return { ...result, manifest: result.bundle.manifest, text, raw }
}

export const slugs = (count: number, prefix = 'item'): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(6, '0')}`)
