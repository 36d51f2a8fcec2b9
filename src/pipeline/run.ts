// One run of a job: read, build, compare, guard, publish. Touches the targets last, and only with something new.
import { setTimeout as delay } from 'node:timers/promises'
import { errors, StoremapError } from '../errors.ts'
import { makeTempFolder } from '../io/temp.ts'
import { stateChanges } from '../state/changes.ts'
import { commitMessage } from './commit-message.ts'
import { holdingReason } from './guard.ts'
import { hold } from './hold.ts'
import type { Job } from './job.ts'
import { reportRun } from './make-report.ts'
import { type PrepareDeps, prepare } from './prepare.ts'
import { type PublishDeps, publishAll } from './publish.ts'
import type { RunReport } from './report.ts'
import { readKnownState } from './site-memory.ts'
import { knowsBundle, openStatePlace, type StatePlace } from './state-place.ts'

export interface RunDeps extends PrepareDeps, PublishDeps {}

/** Times that a run is tried: it starts over where somebody else published in between, or the database gave way. */
const ATTEMPTS = 3
const PAUSES_MS = [1_000, 5_000]

/**
 * Fails with BUNDLE_SHRUNK, BUNDLE_GREW or BUNDLE_VANISHED where the guard holds the bundle back, with TARGET_MOVED after
 * the third lost race. Whatever fails, what was published stays.
 */
export async function runJob(job: Job, deps: RunDeps, { adopt }: { readonly adopt: boolean }): Promise<RunReport> {
  const started = deps.clock()
  const repeated: string[] = []
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(job, deps, { adopt, started, repeated })
    } catch (cause) {
      if (!isWorthAnotherTry(cause) || attempt === ATTEMPTS) throw cause
      deps.signal?.throwIfAborted()
      if (cause.code === 'TARGET_MOVED') continue
      repeated.push(`The shop was read again, since at first it could not be read whole: ${cause.message}`)
      await delay(PAUSES_MS[attempt - 1], undefined, { signal: deps.signal })
    }
  }
}

/** What the guard says goes before what hinders keeping the bundle; but for a lost race, after which all is looked at anew. */
const notKept =
  (whyHeld: (isKept: boolean, warnings: readonly string[]) => StoremapError | undefined, warnings: readonly string[]) =>
  (cause: unknown): never => {
    if (!(cause instanceof StoremapError) || cause.code === 'TARGET_MOVED') throw cause
    throw whyHeld(false, [...warnings, `It could not be kept: ${cause.message}`]) ?? cause
  }

/** A lost race, or a database that was not at fault: it gave the reading up for something else, or was cut off. */
const AGAIN = ['TARGET_MOVED', 'SOURCE_CONNECTION_LOST', 'SOURCE_CONFLICT', 'SOURCE_TIMEOUT', 'SOURCE_LOCKED']
const isWorthAnotherTry = (cause: unknown): cause is StoremapError =>
  cause instanceof StoremapError && AGAIN.includes(cause.code)

interface Attempt {
  readonly adopt: boolean
  readonly started: Date
  readonly repeated: readonly string[]
}

async function runOnce(job: Job, deps: RunDeps, { adopt, started, repeated }: Attempt): Promise<RunReport> {
  const [first] = deps.publishers
  if (!first) throw errors.noTarget()
  deps.onProgress?.({ stage: 'open' })
  const target = await first.open(deps.signal)
  const staged = await makeTempFolder('bundle')
  const stateStaged = await makeTempFolder('state')
  let place: StatePlace | undefined
  try {
    place = await openStatePlace(deps, target)
    const { published } = target
    const known = place && (await readKnownState(place.store, published))
    const dirs = { dir: staged.path, stateDir: stateStaged.path }
    const prepared = await prepare(job, deps, { published, known, ...dirs, mayKeep: true, exactFunnel: false })
    const { result, changes, diff } = prepared
    const warnings = [...repeated, ...prepared.warnings, ...(place?.warnings ?? [])]
    const message = commitMessage(job.name, changes, diff, published === undefined)

    const whyHeld = (isKept: boolean, told: readonly string[]): StoremapError | undefined =>
      published === undefined && place !== undefined && knowsBundle(place)
        ? errors.bundleVanished(first.name, place.store.name)
        : holdingReason(job, prepared, { isKept, warnings: told })
    const reason = whyHeld(place?.isWritable === true, warnings)
    if (reason && place?.isWritable)
      await hold(place, { reason, message, published, result }).catch(notKept(whyHeld, warnings))
    if (reason) throw reason
    deps.signal?.throwIfAborted()

    const state =
      place?.isWritable && known
        ? stateChanges(place.store.names, result.state, { before: known.state, lost: known.lost })
        : undefined
    const { bundle } = result
    const { targets, warnings: later } = await publishAll(deps, { target, place, bundle, state, message, adopt })
    return reportRun(
      job,
      { ...prepared, warnings: [...warnings, ...later] },
      {
        targets,
        isFirst: !published,
        durationMs: deps.clock().getTime() - started.getTime(),
      },
    )
  } finally {
    await place?.close()
    await target.close()
    await staged.remove()
    await stateStaged.remove()
  }
}
