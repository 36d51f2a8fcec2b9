// Publishes what the guard held back: exactly that, and only in the place of what it was compared with.
import { join } from 'node:path'
import { compareManifests } from '../bundle/compare.ts'
import { MANIFEST_NAME } from '../bundle/manifest.ts'
import { errors } from '../errors.ts'
import { writeNewBytes, writeNewText } from '../io/copy-file.ts'
import { makeTempFolder } from '../io/temp.ts'
import type { PublishedBundle } from '../publishers/publisher.ts'
import { stateChanges } from '../state/changes.ts'
import { type Held, heldFileName, readHeld } from '../state/held.ts'
import { sha256Of } from '../state/site-state.ts'
import type { StateStore } from '../state/store.ts'
import type { Job } from './job.ts'
import { reportPublished } from './make-report.ts'
import { publishAll } from './publish.ts'
import type { RunReport } from './report.ts'
import type { RunDeps } from './run.ts'
import { openStatePlace, type StatePlace } from './state-place.ts'

/**
 * Fails with NOTHING_HELD, with HELD_OUTDATED where another bundle was published meanwhile, and with HELD_DAMAGED.
 * Accepted twice, it is published once.
 */
export async function acceptHeld(job: Job, deps: RunDeps, { adopt }: { readonly adopt: boolean }): Promise<RunReport> {
  const started = deps.clock()
  const [first] = deps.publishers
  if (!first) throw errors.noTarget()
  deps.onProgress?.({ stage: 'open' })
  const target = await first.open(deps.signal)
  const staged = await makeTempFolder('bundle')
  let place: StatePlace | undefined
  try {
    place = await openStatePlace(deps, target)
    const held = place && (await readHeld(place.store))
    if (!place || !held) throw errors.nothingHeld(job.name, place?.store.name ?? first.name)
    const { published } = target
    const isThere = published?.revision === held.revision
    if (!isThere && (published?.revision ?? null) !== held.baseline) throw errors.heldOutdated(job.name)

    const kept = await restore(held, { store: place.store, published, dir: staged.path, name: job.name })
    const { manifest, manifestText, revision, state: site } = held
    const bundle = { dir: staged.path, kept, manifest, manifestText, revision }
    deps.signal?.throwIfAborted()
    const state = stateChanges(place.store.names, { site, rows: new Map() }, { before: undefined, lost: new Set() })
    const message = acceptedMessage(held)
    const { targets, warnings } = await publishAll(deps, { target, place, bundle, state, message, adopt })
    return reportPublished(job, bundle, {
      changes: compareManifests(published?.manifest, manifest),
      warnings: [...place.warnings, ...warnings],
      targets,
      isFirst: published === undefined,
      durationMs: deps.clock().getTime() - started.getTime(),
    })
  } finally {
    await place?.close()
    await target.close()
    await staged.remove()
  }
}

interface Restoring {
  readonly store: StateStore
  readonly published: PublishedBundle | undefined
  readonly dir: string
  readonly name: string
}

/** Writes what is held into the folder, and gives the names of what is published already. */
async function restore(held: Held, { store, published, dir, name }: Restoring): Promise<ReadonlySet<string>> {
  const kept = new Set<string>()
  for (const [file, { sha256 }] of Object.entries(held.manifest.files)) {
    const bytes = await store.read(heldFileName(sha256))
    if (bytes && sha256Of(bytes) === sha256) {
      await writeNewBytes(join(dir, file), bytes)
      continue
    }
    const files = published?.manifest.files ?? {}
    if (!Object.hasOwn(files, file) || files[file]?.sha256 !== sha256) throw errors.heldDamaged(name, file)
    kept.add(file)
  }
  await writeNewText(join(dir, MANIFEST_NAME), held.manifestText)
  return kept
}

function acceptedMessage({ message, reason }: Held): string {
  const [subject = '', ...rest] = message.split('\n')
  const [why = ''] = reason.split('\n')
  return [
    `${subject} (accepted)`,
    ...rest.join('\n').trimEnd().split('\n'),
    '',
    `Held back by the guard and accepted: ${why}`,
    '',
  ].join('\n')
}
