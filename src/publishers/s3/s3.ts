// The S3 target: the bundle lies in a folder of a bucket, beside objects of others. Two builders at once are told apart
// by conditional writes, and a run that was killed is put right by the next one.
import { MANIFEST_NAME, parseManifest, revisionOf } from '../../bundle/manifest.ts'
import { errors } from '../../errors.ts'
import { openBucket, type S3Bucket } from '../../io/s3.ts'
import type { OpenTarget, PublishedBundle, Publisher } from '../publisher.ts'
import { longestAgeMs } from './headers.ts'
import { readJournal } from './journal-keeper.ts'
import { type S3Options, stateFolderOf } from './options.ts'
import { isIntact, type Seen } from './plan.ts'
import { publishBundle } from './publish.ts'
import { openState } from './state.ts'

export interface S3PublisherSettings {
  /** Of silence, and after which nothing is sent again. @defaultValue 60000 */
  readonly timeoutMs?: number
  /** Before something is sent for a second time. @defaultValue 200 */
  readonly retryMs?: number
  /** How long shards stay that no index names any more. @defaultValue an hour, and as long as the index is cached */
  readonly graceMs?: number
  readonly clock?: () => Date
}

const MAX_MANIFEST_BYTES = 64 * 1024 * 1024
const GRACE_MS = 3_600_000

/** A target that is a folder of a bucket. Fails with TARGET_AUTH_FAILED where the options have no key. */
export function createS3Publisher(options: S3Options, settings: S3PublisherSettings = {}): Publisher {
  const { bucket, prefix, region, endpoint, cacheControl, conditionalWrites } = options
  const { accessKeyId, secretAccessKey, sessionToken } = options
  const path = `${bucket}/${prefix}`.replace(/\/$/, '')
  const name = `s3 ${path}`
  if (!accessKeyId || !secretAccessKey)
    throw errors.s3AuthFailed(name, 'there is no "accessKeyId" and "secretAccessKey"')
  const { timeoutMs = 60_000, retryMs = 200, graceMs = GRACE_MS + longestAgeMs(cacheControl) } = settings
  const pathStyle = options.pathStyle ?? (endpoint !== undefined || bucket.includes('.'))
  return {
    name,
    keepsState: true,
    keepsFiles: true,
    async open(signal) {
      const place = { bucket, region, endpoint, pathStyle }
      const keys = { accessKeyId, secretAccessKey, sessionToken }
      const access = { place, label: name, ...keys, timeoutMs, retryMs, conditionalWrites, signal }
      const opened = await openBucket(access)
      const facts = { name, prefix, reference: `s3://${path}`, cacheControl, graceMs }
      const context = { ...facts, folder: stateFolderOf(options), conditionalWrites, clock: settings.clock }
      try {
        return await openTarget(opened, context)
      } catch (cause) {
        opened.close()
        throw cause
      }
    },
  }
}

interface TargetContext {
  readonly name: string
  readonly prefix: string
  readonly reference: string
  readonly cacheControl: string
  readonly graceMs: number
  readonly folder: string
  readonly conditionalWrites: boolean
  readonly clock: (() => Date) | undefined
}

async function openTarget(bucket: S3Bucket, context: TargetContext): Promise<OpenTarget> {
  const { name, prefix, folder, conditionalWrites, clock = () => new Date() } = context
  // In this order: what somebody else puts meanwhile is then noted in the journal that is read, or moves the manifest.
  const published = await readManifest(bucket, context)
  const [objects, state] = await Promise.all([bucket.list(prefix), openState(bucket, folder, name)])
  const journal = await readJournal(bucket, { folder, target: name, conditionalWrites })
  const seen: Seen = { published, objects, journal: journal.seen }
  return {
    published: published && toPublishedBundle(bucket, context, { ...seen, published }),
    state,
    publish: (bundle, options) => publishBundle({ ...context, clock, bucket, seen, journal, state }, bundle, options),
    close: async () => bucket.close(),
  }
}

async function readManifest(bucket: S3Bucket, { name, prefix }: TargetContext): Promise<Seen['published']> {
  const found = await bucket.get(prefix + MANIFEST_NAME, { maxBytes: MAX_MANIFEST_BYTES })
  if (!found) return undefined
  const manifest = parseManifest(found.bytes.toString('utf8'), `${MANIFEST_NAME} of ${name}`)
  return { manifest, revision: revisionOf(found.bytes), etag: found.etag }
}

function toPublishedBundle(
  bucket: S3Bucket,
  { prefix }: TargetContext,
  seen: Seen & { readonly published: NonNullable<Seen['published']> },
): PublishedBundle {
  const { manifest, revision } = seen.published
  const wantedOf = (name: string) => (Object.hasOwn(manifest.files, name) ? manifest.files[name] : undefined)
  return {
    manifest,
    revision,
    isIntact: async name => {
      const wanted = wantedOf(name)
      return wanted !== undefined && isIntact(name, wanted, seen)
    },
    async *read(name) {
      if (!wantedOf(name)) throw errors.bundleFileAltered(name, 'the manifest does not name it')
      const bytes = await bucket.stream(prefix + name)
      if (!bytes) throw errors.bundleFileAltered(name, 'it is missing')
      yield* bytes
    },
  }
}
