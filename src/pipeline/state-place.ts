// Where a site's state is: with the first target that can keep it, or in a folder of its own.
import { StoremapError } from '../errors.ts'
import type { OpenTarget, Publisher } from '../publishers/publisher.ts'
import { PUBLISHED_NAME } from '../state/changes.ts'
import type { StateStore } from '../state/store.ts'

export interface StatePlaceDeps {
  readonly publishers: readonly Publisher[]
  /** Opens the folder that is to keep the state; undefined where targets do. */
  readonly openStateFolder?: (() => Promise<StateStore>) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface StatePlace {
  readonly store: StateStore
  /** Whether it is the first target's own, which changes it together with the bundle. */
  readonly isFirstTargets: boolean
  /** False where it could not be opened: nothing is known then, and nothing kept. */
  readonly isWritable: boolean
  readonly warnings: readonly string[]
  close(): Promise<void>
}

/**
 * Undefined where there is no place for state. A target that is not the first and cannot be reached is its own trouble:
 * the others get their bundle.
 */
export async function openStatePlace(deps: StatePlaceDeps, first: OpenTarget): Promise<StatePlace | undefined> {
  const always = { isWritable: true, warnings: [], close: async () => {} }
  if (deps.openStateFolder) return { ...always, store: await deps.openStateFolder(), isFirstTargets: false }
  const [reference] = deps.publishers
  if (reference?.keepsState && first.state) return { ...always, store: first.state, isFirstTargets: true }
  const keeper = deps.publishers.find(({ keepsState }) => keepsState)
  if (!keeper) return undefined
  try {
    const target = await keeper.open(deps.signal)
    if (target.state) return { ...always, store: target.state, isFirstTargets: false, close: target.close }
    await target.close()
    return undefined
  } catch (cause) {
    if (!(cause instanceof StoremapError) || deps.signal?.aborted) throw cause
    return {
      store: nothingIn(keeper.name),
      isFirstTargets: false,
      isWritable: false,
      warnings: [`The state could not be read or kept, since ${keeper.name} could not be opened.`],
      close: async () => {},
    }
  }
}

/** Whether a bundle was ever published, for all that the state tells. */
export const knowsBundle = ({ store }: StatePlace): boolean => store.names.has(PUBLISHED_NAME)

function nothingIn(name: string): StateStore {
  return {
    name,
    arrivesWithBundle: false,
    names: new Set(),
    read: async () => undefined,
    write: async () => {},
  }
}
