// What the tests of the S3 target share: bundles whose shards are named for their content, publishers, what a reader finds.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Bundle, formatManifest, revisionOf } from '../../src/bundle/manifest.ts'
import type { Publisher, PublishOptions, Receipt } from '../../src/publishers/publisher.ts'
import { type S3Options, s3Options } from '../../src/publishers/s3/options.ts'
import { createS3Publisher, type S3PublisherSettings } from '../../src/publishers/s3/s3.ts'
import { makeBundle, SITE, sitemapindex, urlset } from '../helpers/bundle.ts'
import { KEYS, type TestBucket } from '../helpers/s3-server.ts'

export const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')

/** A bundle of one shard a text, each named for what is in it. */
export async function makeHashedBundle(
  dir: string,
  shards: Readonly<Record<string, string>>,
  others: Readonly<Record<string, string>> = {},
): Promise<Bundle> {
  const named = Object.entries(shards).map(([label, path]) => {
    const text = urlset(path)
    return [`sitemap-${label}.${sha256(text).slice(0, 8)}.xml`, text] as const
  })
  const files = Object.fromEntries(named)
  const bundle = await makeBundle(join(dir), {
    ...files,
    ...others,
    'sitemap.xml': sitemapindex(...Object.keys(files).sort()),
  })
  return withSections(bundle)
}

/** The helper's sections follow from names that have no hash in them. */
function withSections(bundle: Bundle): Bundle {
  const files = Object.fromEntries(
    Object.entries(bundle.manifest.files).map(([name, file]) => {
      const [, section] = /^sitemap-([a-z]+)/.exec(name) ?? []
      return [name, section === undefined ? file : { ...file, section }]
    }),
  )

  const manifest = { ...bundle.manifest, files }
  const manifestText = formatManifest(manifest)
  return { ...bundle, manifest, manifestText, revision: revisionOf(manifestText) }
}

export interface Place {
  readonly endpoint: string
  readonly bucket: TestBucket
}

export function publisherOf(
  { endpoint, bucket }: Place,
  options: Readonly<Record<string, unknown>> = {},
  settings: S3PublisherSettings = {},
): Publisher {
  const parsed: S3Options = s3Options.parse({ bucket: bucket.name, endpoint, ...KEYS, ...options })
  return createS3Publisher(parsed, { retryMs: 1, timeoutMs: 10_000, graceMs: 0, ...settings })
}

export async function publish(
  publisher: Publisher,
  bundle: Bundle,
  options: Partial<PublishOptions> & { readonly signal?: AbortSignal } = {},
): Promise<Receipt> {
  const open = await publisher.open(options.signal)
  try {
    return await open.publish(bundle, { message: 'Update the sitemap', adopt: false, ...options })
  } finally {
    await open.close()
  }
}

export const fileOf = (bundle: Bundle, name: string) => bundle.manifest.files[name]

/** All that the entry point names is there, and is what the manifest that names it said; nothing where there is none. */
export async function expectReadable(bucket: TestBucket, bundles: readonly Bundle[]): Promise<void> {
  const index = await bucket.read('sitemap.xml')
  if (!index) return
  const standing = bundles.filter(bundle => fileOf(bundle, 'sitemap.xml')?.sha256 === sha256(index.bytes))
  expect(standing.length, 'the entry point is that of one of the bundles').toBeGreaterThan(0)
  const locs = [...index.bytes.toString().matchAll(/<sitemap><loc>([^<]*)<\/loc>/g)].map(([, loc = '']) => loc)
  for (const loc of locs) {
    const name = loc.slice(SITE.length + 1)
    const shard = await bucket.read(name)
    expect(shard && sha256(shard.bytes), name).toBe(fileOf(standing[0] as Bundle, name)?.sha256)
  }
}

/** The bucket has the bundle, byte for byte, and nothing else but what Storemap keeps for itself. */
export async function expectStandsAlone(bucket: TestBucket, bundle: Bundle, others: readonly string[] = []) {
  const names = [...Object.keys(bundle.manifest.files), 'storemap.json']
  const keys = await bucket.keys()
  expect(keys.sort()).toEqual([...names, '.storemap-state/_objects.json', ...others].sort())
  for (const name of names) {
    const wanted = name === 'storemap.json' ? bundle.revision : fileOf(bundle, name)?.sha256
    expect(sha256((await bucket.read(name))?.bytes ?? ''), name).toBe(wanted)
  }
}
