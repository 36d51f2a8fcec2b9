// Keeps a bundle that the guard held back, whole, with what it was compared with.
import { join } from 'node:path'
import type { StoremapError } from '../errors.ts'
import type { PublishedBundle } from '../publishers/publisher.ts'
import { holdChanges } from '../state/changes.ts'
import { readHeld } from '../state/held.ts'
import type { BuildResult } from './build.ts'
import type { StatePlace } from './state-place.ts'

export interface Holding {
  readonly reason: StoremapError
  /** What publishing it would say. */
  readonly message: string
  readonly published: PublishedBundle | undefined
  readonly result: BuildResult
}

/** Takes the place of what was held before; the same bundle, held again, is written once. */
export async function hold({ store }: StatePlace, { reason, message, published, result }: Holding): Promise<void> {
  const { bundle, state } = result
  const baseline = published?.revision ?? null
  const before = await readHeld(store)
  if (before?.revision === bundle.revision && before.baseline === baseline) return
  const isPublished = (name: string, sha256: string): boolean =>
    published !== undefined &&
    Object.hasOwn(published.manifest.files, name) &&
    published.manifest.files[name]?.sha256 === sha256
  const files = new Map<string, string>()
  for (const [name, { sha256 }] of Object.entries(bundle.manifest.files)) {
    if (!isPublished(name, sha256)) files.set(sha256, join(bundle.dir, name))
  }
  const { manifest, manifestText } = bundle
  const held = { manifest, manifestText, baseline, reason: reason.message, message, state: state.site }
  await store.write(holdChanges(store.names, { ...held, files, rows: state.rows }))
}
