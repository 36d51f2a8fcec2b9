// What is done when readers have the new bundle: what nobody needs goes, and the journal says what is there. A failure here
// is told and no more: the next run finds what is left.
import type { Bundle } from '../../bundle/manifest.ts'
import { StoremapError } from '../../errors.ts'
import type { StateChanges } from '../../state/store.ts'
import type { Noted } from './journal.ts'
import type { Plan } from './plan.ts'
import type { S3Target } from './publish.ts'
import { forEach } from './several.ts'

export interface Tidying {
  readonly run: string
  readonly plan: Plan
  /** Of what this run has put, by name. */
  readonly etags: ReadonlyMap<string, string>
  readonly state: StateChanges | undefined
}

export interface Tidied {
  readonly removed: number
  readonly warnings: readonly string[]
  /** False where another run has taken its turn meanwhile. */
  readonly isLast: boolean
}

const SWEPT_AT_ONCE = 20

export async function tidy(target: S3Target, bundle: Bundle, { run, plan, etags, state }: Tidying): Promise<Tidied> {
  const warnings: string[] = []
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work()
    } catch (cause) {
      if (!(cause instanceof StoremapError)) throw cause
      warnings.push(`${what} ${target.name}: ${cause.message}`)
    }
  }
  const objects = objectsNow(bundle, plan, etags)
  let isLast = true
  await attempt('What is no longer needed was not removed from', async () => {
    if (state) await target.state.remove(state)
    await sweep(target, plan.stale, objects)
  })
  await attempt('What is there now was not noted in', async () => {
    isLast = await target.journal.settle(run, objects)
  })
  return { removed: plan.stale.filter(name => !objects.has(name)).length, warnings, isLast }
}

/** A run that has taken its turn meanwhile may want what was to go, and sweeps for itself. */
async function sweep(
  { bucket, prefix, journal }: S3Target,
  stale: readonly string[],
  objects: Map<string, Noted>,
): Promise<void> {
  for (let from = 0; from < stale.length; from += SWEPT_AT_ONCE) {
    if (!(await journal.isOurs())) return
    await forEach(stale.slice(from, from + SWEPT_AT_ONCE), async name => {
      await bucket.remove(prefix + name)
      objects.delete(name)
    })
  }
}

function objectsNow(bundle: Bundle, plan: Plan, etags: ReadonlyMap<string, string>): Map<string, Noted> {
  const objects = new Map(plan.ours)
  for (const [name, { sha256 }] of Object.entries(bundle.manifest.files)) {
    objects.set(name, { etag: etags.get(name) ?? plan.ours.get(name)?.etag, sha256 })
  }
  return objects
}
