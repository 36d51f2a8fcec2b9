// A bundle takes the place of another one in a bucket. The manifest is swapped, on condition that it is still the one
// that was seen; nothing that the published index names is overwritten before, and nothing goes that it needs.
import { randomUUID } from 'node:crypto'
import { type Bundle, ENTRY_POINT, MANIFEST_NAME } from '../../bundle/manifest.ts'
import { errors, StoremapError } from '../../errors.ts'
import type { S3Bucket } from '../../io/s3.ts'
import { bytesBody } from '../../io/s3-body.ts'
import type { PublishOptions, Receipt } from '../publisher.ts'
import { headersOf } from './headers.ts'
import type { Noted } from './journal.ts'
import type { JournalKeeper } from './journal-keeper.ts'
import { type Plan, planObjects, type Seen } from './plan.ts'
import { assertUnaltered, createFilePutter, type FilePutter } from './put-files.ts'
import { forEach } from './several.ts'
import type { S3State } from './state.ts'

/** A bucket as it was opened, and how to publish to it. */
export interface S3Target {
  readonly bucket: S3Bucket
  /** For people. */
  readonly name: string
  /** Where the bundle lies: '' or `folder/`. */
  readonly prefix: string
  readonly reference: string
  readonly cacheControl: string
  readonly graceMs: number
  readonly clock: () => Date
  readonly seen: Seen
  readonly journal: JournalKeeper
  readonly state: S3State
}

/** Fails as `OpenTarget.publish` does, and with TARGET_UNFINISHED where the new manifest stands already. */
export async function publishBundle(
  target: S3Target,
  bundle: Bundle,
  { adopt, state }: PublishOptions,
): Promise<Receipt> {
  const { bucket, name, prefix, cacheControl, seen, graceMs, journal, reference } = target
  const plan = planObjects(bundle, seen, { adopt, now: target.clock(), graceMs })
  if (plan.foreign.length > 0) throw errors.targetFileForeign(plan.foreign, name)
  if (plan.isDone) {
    if (state) await target.state.write(state)
    return { reference, written: 0, removed: 0 }
  }
  // Those are sent when it is too late to turn back; and what is not there to be sent has to be in the bucket.
  await assertUnaltered(bundle, [...plan.before.filter(file => bundle.kept?.has(file)), ...plan.after])

  const run = randomUUID()
  const putter = createFilePutter(bundle, { bucket, target: name, prefix, cacheControl, objects: seen.objects })
  await journal.open(run, plan.ours)
  await forEach(plan.before, putter.put)
  if (state) await target.state.put(state)
  const manifestEtag = plan.swap ? await swapManifest(target, bundle) : seen.published?.etag
  try {
    const { putAgain, removed } = await finish(target, bundle, { plan, putter, manifestEtag })
    if (state) await target.state.remove(state)
    const isLast = await journal.settle(run, objectsNow(bundle, plan, putter.etags))
    // Another run has begun meanwhile. If it is past its swap, ours may have put the older entry point over the newer.
    if (!isLast) await putter.assertStanding(manifestEtag)
    const written = plan.before.length + Number(plan.swap) + plan.after.length + putAgain
    return { reference, written, removed }
  } catch (cause) {
    if (!(cause instanceof StoremapError) || cause.code === 'TARGET_MOVED') throw cause
    throw errors.s3Unfinished(name, cause.message.replace(/ [^.]+ stays\.$/, ''))
  }
}

async function swapManifest({ bucket, name, prefix, cacheControl, seen }: S3Target, bundle: Bundle): Promise<string> {
  const body = bytesBody(Buffer.from(bundle.manifestText))
  const headers = headersOf(MANIFEST_NAME, undefined, cacheControl)
  const stored = await bucket.put(prefix + MANIFEST_NAME, body, { ...headers, replaces: seen.published })
  if (stored === 'moved') throw errors.targetMoved(name)
  return stored.etag
}

interface Finish {
  readonly plan: Plan
  readonly putter: FilePutter
  readonly manifestEtag: string | undefined
}

/** What is done once the new manifest stands: files whose names stay, the entry point last; then what nobody needs goes. */
async function finish(target: S3Target, bundle: Bundle, { plan, putter, manifestEtag }: Finish) {
  const isEntryPoint = (name: string) => name === ENTRY_POINT
  await forEach(
    plan.after.filter(name => !isEntryPoint(name)),
    name => putter.putForSure(name, manifestEtag),
  )
  await forEach(plan.after.filter(isEntryPoint), name => putter.putForSure(name, manifestEtag))
  // Another run may have been at work on the same objects, and removed some that it had no use for.
  const vanished = target.seen.journal.settled ? [] : await findVanished(target, bundle, putter.etags)
  await forEach(vanished, name => putter.putForSure(name, manifestEtag))
  return { putAgain: vanished.length, removed: await sweep(target, plan.stale) }
}

const SWEPT_AT_ONCE = 20

/** A run that has taken its turn meanwhile may want what was to go, and sweeps for itself. */
async function sweep({ bucket, prefix, journal }: S3Target, stale: readonly string[]): Promise<number> {
  for (let from = 0; from < stale.length; from += SWEPT_AT_ONCE) {
    if (!(await journal.isOurs())) return from
    await forEach(stale.slice(from, from + SWEPT_AT_ONCE), name => bucket.remove(prefix + name))
  }
  return stale.length
}

async function findVanished(
  { bucket, prefix, seen }: S3Target,
  bundle: Bundle,
  etags: ReadonlyMap<string, string>,
): Promise<string[]> {
  const there = await bucket.list(prefix)
  return Object.keys(bundle.manifest.files).filter(
    name => there.get(name)?.etag !== (etags.get(name) ?? seen.objects.get(name)?.etag),
  )
}

function objectsNow(bundle: Bundle, plan: Plan, etags: ReadonlyMap<string, string>): Map<string, Noted> {
  const objects = new Map(plan.ours)
  for (const name of plan.stale) objects.delete(name)
  for (const [name, { sha256 }] of Object.entries(bundle.manifest.files)) {
    objects.set(name, { etag: etags.get(name) ?? plan.ours.get(name)?.etag, sha256 })
  }
  return objects
}
