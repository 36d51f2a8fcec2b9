// The second half of a run: the bundle to every target, the state with it. The first target is the reference.
import { join } from 'node:path'
import type { Bundle } from '../bundle/manifest.ts'
import { errors, StoremapError } from '../errors.ts'
import { openSink } from '../io/sink.ts'
import type { OpenTarget, PublishedBundle, Publisher, PublishOptions } from '../publishers/publisher.ts'
import { PUBLISHED_MARK, PUBLISHED_NAME } from '../state/changes.ts'
import type { StateChanges } from '../state/store.ts'
import type { OnProgress } from './job.ts'
import type { TargetReport } from './report.ts'
import type { StatePlace, StatePlaceDeps } from './state-place.ts'

export interface PublishDeps extends StatePlaceDeps {
  readonly onProgress?: OnProgress | undefined
}

export interface Publication {
  /** The first target, as it was when the run began. */
  readonly target: OpenTarget
  readonly place: StatePlace | undefined
  readonly bundle: Bundle
  /** Undefined where the state stays as it is. */
  readonly state: StateChanges | undefined
  readonly message: string
  readonly adopt: boolean
}

/** Fails where the first target does; what becomes of the others is told. */
export async function publishAll(
  deps: PublishDeps,
  { target, place, bundle, state, message, adopt }: Publication,
): Promise<{ targets: readonly TargetReport[]; warnings: readonly string[] }> {
  const [first, ...others] = deps.publishers
  if (!first) throw errors.noTarget()
  deps.onProgress?.({ stage: 'publish', target: first.name })
  const isApart = place !== undefined && !place.isFirstTargets
  // Killed after this, the old state is still there for the old bundle; each is named for its own.
  const unkept = isApart && state ? await writeFirst(place, state) : []

  const { published } = target
  const own = isApart || !place?.isWritable ? undefined : marked(place, state)
  const isWhole = first.keepsFiles || published?.revision === bundle.revision
  const given = isWhole ? bundle : await complete(bundle, published)
  const options = { message, adopt, state: own }
  const done = [await publishTo(first.name, { target, bundle: given, options, signal: deps.signal })]
  for (const publisher of others) {
    const options = { message, adopt }
    done.push(await publishToOther(publisher, { published, bundle: given, options, deps }))
  }
  const left =
    place?.isWritable && unkept.length === 0
      ? await tidy(place, { remove: isApart ? (state?.remove ?? []) : [], signal: deps.signal })
      : []
  return {
    targets: done.map(({ report }) => report),
    warnings: [...unkept, ...done.flatMap(({ warnings }) => warnings), ...left],
  }
}

/** Where no page is dated by its content, a state that cannot be kept is no reason to publish nothing. */
async function writeFirst({ store }: StatePlace, { put, isNeeded }: StateChanges): Promise<string[]> {
  if (put.size === 0) return []
  try {
    await store.write({ put, remove: [] })
    return []
  } catch (cause) {
    const isHarmless = cause instanceof StoremapError && cause.code === 'STATE_NOT_WRITABLE' && isNeeded === false
    if (!isHarmless) throw cause
    return [`The state cannot be kept in ${store.name}: should the target lose its bundle, nobody would notice.`]
  }
}

/** With the mark that a bundle was published, where that arrives with it. */
function marked({ store }: StatePlace, state: StateChanges | undefined): StateChanges | undefined {
  if (!store.arrivesWithBundle || store.names.has(PUBLISHED_NAME)) return state
  const mark = [PUBLISHED_NAME, PUBLISHED_MARK] as const
  return { put: new Map([...(state?.put ?? []), mark]), remove: state?.remove ?? [] }
}

/** Elsewhere the mark comes after. What is left over harms nobody, and the next run removes it. */
async function tidy(
  { store, isFirstTargets }: StatePlace,
  { remove, signal }: { readonly remove: readonly string[]; readonly signal: AbortSignal | undefined },
): Promise<string[]> {
  const isMarked = store.names.has(PUBLISHED_NAME) || (isFirstTargets && store.arrivesWithBundle)
  if (isMarked && remove.length === 0) return []
  const put = new Map(isMarked ? [] : [[PUBLISHED_NAME, PUBLISHED_MARK] as const])
  try {
    await store.write({ put, remove })
    return []
  } catch (cause) {
    // Told to end, it ends: what the targets have must still be told.
    if (!(cause instanceof StoremapError || signal?.aborted)) throw cause
    const why = signal?.aborted ? 'the run was told to end' : (cause as StoremapError).message
    return [`What is no longer needed was not removed from ${store.name}: ${why}`]
  }
}

interface Done {
  readonly report: TargetReport
  readonly warnings: readonly string[]
}

interface OneTarget {
  readonly target: OpenTarget
  readonly bundle: Bundle
  readonly options: PublishOptions
  readonly signal: AbortSignal | undefined
}

/** Cut off by the signal, a publish may have arrived all the same: then the run must not claim that nothing did. */
async function publishTo(name: string, { target, bundle, options, signal }: OneTarget): Promise<Done> {
  try {
    const { reference, written, removed, warnings = [] } = await target.publish(bundle, options)
    return { report: { target: name, outcome: written + removed > 0 ? 'published' : 'unchanged', reference }, warnings }
  } catch (cause) {
    if (signal?.aborted && !(cause instanceof StoremapError)) throw errors.publishAborted(name)
    throw cause
  }
}

interface OtherTarget {
  /** What the first target had, where files that were not made again are read. */
  readonly published: PublishedBundle | undefined
  readonly bundle: Bundle
  readonly options: PublishOptions
  readonly deps: PublishDeps
}

/** The others get the very bytes that the first has; one that fails, or comes too late, is told and keeps its old bundle. */
async function publishToOther(publisher: Publisher, { published, bundle, options, deps }: OtherTarget): Promise<Done> {
  const { signal, onProgress } = deps
  try {
    onProgress?.({ stage: 'publish', target: publisher.name })
    const target = await publisher.open(signal)
    try {
      const isWhole = await hasKept(target.published, bundle, publisher)
      const given = isWhole ? bundle : await complete(bundle, published)
      return await publishTo(publisher.name, { target, bundle: given, options, signal })
    } finally {
      await target.close()
    }
  } catch (cause) {
    // What the first target has must be told, so the end of the run is a failure of this target only.
    const failure = signal?.aborted && !(cause instanceof StoremapError) ? errors.aborted() : cause
    if (!(failure instanceof StoremapError)) throw failure
    const { code, message, hint } = failure
    const error = { code, message, ...(hint !== undefined && { hint }) }
    return { report: { target: publisher.name, outcome: 'failed', error }, warnings: [] }
  }
}

/** Whether a target has all files of its own that are not in the bundle's folder, and can go on with these. */
async function hasKept(own: PublishedBundle | undefined, bundle: Bundle, { keepsFiles }: Publisher): Promise<boolean> {
  const { kept = new Set<string>() } = bundle
  if (kept.size === 0) return true
  if (!own || (!keepsFiles && own.revision !== bundle.revision)) return false
  for (const name of kept) {
    const has = Object.hasOwn(own.manifest.files, name) ? own.manifest.files[name]?.sha256 : undefined
    if (has !== bundle.manifest.files[name]?.sha256 || !(await own.isIntact(name))) return false
  }
  return true
}

/** The bundle with all its files: those that were not made again are read from where they are published. */
async function complete(bundle: Bundle, published: PublishedBundle | undefined): Promise<Bundle> {
  for (const name of bundle.kept ?? []) {
    if (!published) throw errors.bundleFileAltered(name, 'it is not published')
    const sink = openSink(join(bundle.dir, name), { gzip: false })
    for await (const chunk of published.read(name)) await sink.write(chunk)
    const { sha256 } = await sink.close()
    if (sha256 !== bundle.manifest.files[name]?.sha256) throw errors.bundleFileAltered(name, 'its sha256 is another')
  }
  return { ...bundle, kept: undefined }
}
