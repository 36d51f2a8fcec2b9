// An S3 target: can its objects be listed, and does its server keep to conditions. An object is made to try, and removed.
import { randomBytes } from 'node:crypto'
import { MANIFEST_NAME, parseManifest, revisionOf } from '../bundle/manifest.ts'
import type { SiteConfig } from '../config/check.ts'
import { StoremapError } from '../errors.ts'
import { openBucket, type S3Bucket } from '../io/s3.ts'
import { bytesBody } from '../io/s3-body.ts'
import { type S3Options, stateFolderOf } from '../publishers/s3/options.ts'
import type { Check, Looking, Tell } from './check.ts'
import { type SeePublished, tellForeign, tellPublished } from './published.ts'

export interface S3TargetOptions {
  readonly site: string | undefined
  readonly config: SiteConfig
  readonly s3: S3Options
  readonly seePublished: SeePublished
}

const MAX_MANIFEST_BYTES = 64 * 1024 * 1024
const NOBODYS_ETAG = '0'.repeat(32)

export function s3TargetCheck(options: S3TargetOptions): Check {
  const { site, s3, seePublished } = options
  const label = `s3 ${`${s3.bucket}/${s3.prefix}`.replace(/\/$/, '')}`
  return {
    site,
    area: `target ${label}`,
    title: 'list',
    look: async looking => {
      try {
        await look(options, label, looking)
      } finally {
        seePublished(undefined)
      }
    },
  }
}

async function look(options: S3TargetOptions, label: string, { tell, signal, waitMs }: Looking): Promise<void> {
  const { s3, config } = options
  const { bucket: name, region, endpoint, accessKeyId, secretAccessKey, sessionToken, conditionalWrites } = s3
  if (!accessKeyId || !secretAccessKey) {
    tell.fail('keys', 'there is no "accessKeyId" and "secretAccessKey"', {
      remedy: 'Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; roles: aws configure export-credentials --format env',
    })
    return
  }
  const pathStyle = s3.pathStyle ?? (endpoint !== undefined || name.includes('.'))
  const place = { bucket: name, region, endpoint, pathStyle }
  const timeoutMs = Math.min(config.timeouts.s3, waitMs)
  const keys = { accessKeyId, secretAccessKey, sessionToken }
  const bucket = await openBucket({ place, label, ...keys, timeoutMs, retryMs: 200, conditionalWrites, signal })
  try {
    const objects = await bucket.list(s3.prefix)
    tell.ok('list', `${objects.size} object${objects.size === 1 ? '' : 's'}`)
    await tellContent(tell, bucket, { ...options, names: new Set(objects.keys()) })
    await tellWrites(tell, bucket, s3).catch(cause => {
      if (!(cause instanceof StoremapError)) throw cause
      tell.failure('write', cause)
    })
  } finally {
    bucket.close()
  }
}

async function tellContent(
  tell: Tell,
  bucket: S3Bucket,
  { s3, config, names, seePublished }: S3TargetOptions & { readonly names: ReadonlySet<string> },
): Promise<void> {
  const found = await bucket.get(s3.prefix + MANIFEST_NAME, { maxBytes: MAX_MANIFEST_BYTES })
  if (!found) {
    tellForeign(tell, name => names.has(name), config)
    return
  }
  try {
    const manifest = parseManifest(found.bytes.toString('utf8'), `${MANIFEST_NAME} of ${s3.bucket}`)
    const published = { manifest, revision: revisionOf(found.bytes) }
    tellPublished(tell, published, config.site)
    seePublished(published)
  } catch (cause) {
    if (!(cause instanceof StoremapError)) throw cause
    tell.failure('bundle', cause)
  }
}

async function tellWrites(tell: Tell, bucket: S3Bucket, s3: S3Options): Promise<void> {
  const key = `${stateFolderOf(s3)}doctor-${randomBytes(6).toString('hex')}`
  const put = (text: string, replaces: { readonly etag: string } | undefined) => {
    const headers = { contentType: 'text/plain', cacheControl: 'private, no-store' }
    return bucket.put(key, bytesBody(Buffer.from(text)), { ...headers, replaces })
  }
  try {
    await put('first', undefined)
    const isConditional =
      (await put('second', undefined)) === 'moved' && (await put('third', { etag: NOBODYS_ETAG })) === 'moved'
    if (!s3.conditionalWrites) {
      tell.warn(
        'write',
        'objects can be put; with "conditionalWrites: false" two builders at once overwrite each other',
        {
          remedy: 'Let one machine alone publish there, or leave the setting out where the server knows If-Match.',
        },
      )
    } else if (isConditional) tell.ok('write', 'objects can be put, under conditions, and removed')
    else {
      tell.fail(
        'write',
        'its server takes no notice of conditions (If-Match, If-None-Match): two builders could overwrite each other',
        {
          remedy: 'Update the server; where one machine alone ever publishes there: conditionalWrites: false',
        },
      )
    }
  } finally {
    await bucket.remove(key)
  }
}
