// A bundle takes the place of another one in a bucket. The manifest is swapped, on condition that it is still the one
// that was seen; nothing that the published index names is overwritten before, and nothing goes that it needs.
import { randomUUID } from 'node:crypto'
import { type Bundle, ENTRY_POINT, MANIFEST_NAME } from '../../bundle/manifest.ts'
import { errors, StoremapError } from '../../errors.ts'
import type { S3Bucket } from '../../io/s3.ts'
import { bytesBody } from '../../io/s3-body.ts'
import type { PublishOptions, Receipt } from '../publisher.ts'
import { headersOf } from './headers.ts'
import type { JournalKeeper } from './journal-keeper.ts'
import { type Plan, planObjects, type Seen } from './plan.ts'
import { assertUnaltered, createFilePutter, type FilePutter } from './put-files.ts'
import { forEach } from './several.ts'
import type { S3State } from './state.ts'
import { tidy } from './tidy.ts'

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
  const putAgain = await finish(target, bundle, { plan, putter, manifestEtag })
  const written = plan.before.length + Number(plan.swap) + plan.after.length + putAgain
  const { isLast, removed, warnings } = await tidy(target, bundle, { run, plan, etags: putter.etags, state })
  // Another run has begun meanwhile. If it is past its swap, ours may have put the older entry point over the newer.
  if (!isLast) await putter.assertStanding(manifestEtag)
  return { reference, written, removed, ...(warnings.length > 0 && { warnings }) }
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

/** What is put once the new manifest stands: files whose names stay, the entry point last. Gives what was put again. */
async function finish(target: S3Target, bundle: Bundle, { plan, putter, manifestEtag }: Finish): Promise<number> {
  const put = (names: readonly string[]) => forEach(names, name => putter.putForSure(name, manifestEtag))
  const isEntryPoint = (name: string) => name === ENTRY_POINT
  const isOther = (name: string) => name !== ENTRY_POINT
  try {
    await put(plan.after.filter(isOther))
    // Another run may have been at work on the same objects, and removed some that it had no use for.
    const altered = target.seen.journal.settled ? [] : await findAltered(target, bundle, putter.etags)
    const again = altered.filter(name => isOther(name) || !plan.after.includes(name))
    await put(again.filter(isOther))
    await put([...plan.after, ...again].filter(isEntryPoint))
    return again.length
  } catch (cause) {
    if (!(cause instanceof StoremapError) || cause.code === 'TARGET_MOVED') throw cause
    throw errors.s3Unfinished(target.name, cause.message.replace(/ [^.]+ stays\.$/, ''))
  }
}

async function findAltered(
  { bucket, prefix, seen }: S3Target,
  bundle: Bundle,
  etags: ReadonlyMap<string, string>,
): Promise<string[]> {
  const there = await bucket.list(prefix)
  return Object.keys(bundle.manifest.files).filter(
    name => there.get(name)?.etag !== (etags.get(name) ?? seen.objects.get(name)?.etag),
  )
}
