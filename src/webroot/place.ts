// Puts a bundle into a folder that is served to the world, beside files of others.
import { type Bundle, nameProblem, revisionOf } from '../bundle/manifest.ts'
import { errors } from '../errors.ts'
import { withFileErrors } from '../io/files.ts'
import { makeReadableFolder } from '../io/folders.ts'
import { makeStage, removeDeadStages, removeStage } from '../io/stage.ts'
import { planCopies } from './copy.ts'
import { storeOf } from './layout.ts'
import { planLinks } from './link.ts'
import { surveyWebRoot } from './ownership.ts'

/** `link`: everything changes at one instant. `copy`: file by file, for consumers that follow no links. */
export type Switch = 'link' | 'copy'

export interface PlaceOptions {
  /** Made if absent; may itself be a link. */
  readonly dir: string
  readonly switch: Switch
  /** Take over files of others that have a name of the bundle. */
  readonly adopt: boolean
  readonly signal?: AbortSignal | undefined
}

export interface Placed {
  /** Files that are new, or no longer as they were, storemap.json included. */
  readonly written: number
  readonly removed: number
  /** The same bundle was in place, whole: nothing was written. */
  readonly unchanged: boolean
}

/**
 * Places a bundle, or heals the one that is there. Fails with TARGET_FILE_FOREIGN, BUNDLE_FILE_ALTERED,
 * WEB_ROOT_UNSAFE, DISK_FULL or FOLDER_NOT_WRITABLE, or with the signal's reason; the old bundle is then whole.
 * Not for two calls on the same folder at once: the caller holds the lock of its site.
 */
export async function placeBundle(bundle: Bundle, options: PlaceOptions): Promise<Placed> {
  assertUsable(bundle)
  return withFileErrors(options.dir, async () => {
    options.signal?.throwIfAborted()
    const dir = await makeReadableFolder(options.dir)
    const survey = await surveyWebRoot(bundle, dir, options)
    await removeDeadStages(storeOf(dir))

    const plan = await (options.switch === 'link' ? planLinks : planCopies)(bundle, dir, survey)
    const counts = { written: plan.names.length, removed: survey.leaving.length }
    if (counts.written === 0 && counts.removed === 0) return { ...counts, unchanged: true }

    await makeReadableFolder(storeOf(dir))
    const stage = await makeStage(storeOf(dir))
    try {
      await plan.run(stage, options.signal)
    } finally {
      await removeStage(stage)
    }
    return { ...counts, unchanged: false }
  })
}

/** The manifest was read by parseManifest, or made by us; checked again here, since its names become paths. */
function assertUsable(bundle: Bundle): void {
  for (const name of Object.keys(bundle.manifest.files)) {
    const problem = nameProblem(name)
    if (problem) throw errors.manifestInvalid(bundle.dir, `the file "${name.slice(0, 100)}" ${problem}`)
  }
  if (revisionOf(bundle.manifestText) !== bundle.revision) {
    throw errors.manifestInvalid(bundle.dir, 'its text does not have the revision that was asked for')
  }
}
