// What has to be done to a bucket for a bundle to stand in it, and in which order. Pure.
import { type Bundle, ENTRY_POINT, type Manifest, type ManifestFile } from '../../bundle/manifest.ts'
import type { S3Object } from '../../io/s3.ts'
import type { Journal, Noted } from './journal.ts'

/** A bucket as it was when it was looked at. */
export interface Seen {
  readonly published: { readonly manifest: Manifest; readonly revision: string; readonly etag: string } | undefined
  /** What lies in the prefix, of whomever. */
  readonly objects: ReadonlyMap<string, S3Object>
  readonly journal: Journal
}

export interface PlanOptions {
  /** Take over files of others. */
  readonly adopt: boolean
  readonly now: Date
  /** How long a shard stays that no manifest names any more. */
  readonly graceMs: number
}

export interface Plan {
  /** Files of others in the way. */
  readonly foreign: readonly string[]
  /** Shards that the published index does not name, or that are not as it says: nobody reads them before the swap. */
  readonly before: readonly string[]
  readonly swap: boolean
  /** Files whose name stays while their bytes change; the entry point is the last. */
  readonly after: readonly string[]
  /** Objects of ours that nobody needs any more. */
  readonly stale: readonly string[]
  /** What has to be known for ours before anything is put. */
  readonly ours: ReadonlyMap<string, Noted>
  /** Nothing has to be put, and what is left of old bundles can wait for a run that has something to do. */
  readonly isDone: boolean
}

/** Whether an object certainly has the bytes that a manifest says. */
export function isIntact(
  name: string,
  wanted: { readonly sha256: string; readonly bytes: number },
  seen: Seen,
): boolean {
  const noted = seen.journal.objects.get(name)
  const object = seen.objects.get(name)
  return (
    noted?.etag !== undefined &&
    noted.sha256 === wanted.sha256 &&
    object?.etag === noted.etag &&
    object.bytes === wanted.bytes
  )
}

export function planObjects(bundle: Bundle, seen: Seen, { adopt, now, graceMs }: PlanOptions): Plan {
  const next = bundle.manifest.files
  const standing = seen.published?.manifest.files ?? {}
  const isForeign = (name: string) =>
    seen.objects.has(name) && !seen.journal.objects.has(name) && !Object.hasOwn(standing, name)

  const changed = Object.entries(next).filter(([name, file]) => !isIntact(name, file, seen))
  const isSafe = ([name, { section, sha256 }]: [string, ManifestFile]) => {
    const old = Object.hasOwn(standing, name) ? standing[name] : undefined
    return section !== undefined && name !== ENTRY_POINT && (old?.sha256 ?? sha256) === sha256 && !isForeign(name)
  }
  const names = (files: [string, ManifestFile][]) => files.map(([name]) => name)
  const before = names(changed.filter(isSafe))
  const after = names(changed.filter(file => !isSafe(file))).sort(entryPointLast)
  const swap = seen.published?.revision !== bundle.revision
  const { ours, stale } = sortOut(bundle, seen, { now, graceMs })
  return {
    foreign: adopt ? [] : names(changed).filter(isForeign),
    before,
    swap,
    after,
    stale,
    ours,
    isDone: before.length + after.length === 0 && !swap && seen.journal.settled,
  }
}

/**
 * What of ours the bundle does not have: it stays for a while, for readers that have the index before, and for a run of
 * somebody else's that put it and is about to name it.
 */
function sortOut(bundle: Bundle, seen: Seen, { now, graceMs }: Pick<PlanOptions, 'now' | 'graceMs'>) {
  const { objects, settled } = seen.journal
  const standing = seen.published?.manifest.files ?? {}
  const next = bundle.manifest.files
  const ours = new Map<string, Noted>(Object.keys(next).map(name => [name, { ...objects.get(name), gone: undefined }]))
  const stale: string[] = []
  for (const name of new Set([...objects.keys(), ...Object.keys(standing)])) {
    if (Object.hasOwn(next, name)) continue
    const noted = objects.get(name)
    const old = Object.hasOwn(standing, name) ? standing[name] : undefined
    const since = goneSince(old, noted, now.getTime())
    const isListed = seen.objects.has(name)
    if (isListed && now.getTime() - since >= graceMs) stale.push(name)
    // A run that is under way may still put what it has noted.
    if (isListed || !settled) ours.set(name, { ...noted, gone: new Date(since).toISOString() })
  }
  return { ours, stale }
}

/** Since when nobody needs it. A clock that was ahead keeps nothing for longer. */
function goneSince(old: ManifestFile | undefined, noted: Noted | undefined, now: number): number {
  // No index names what is no shard, so nobody comes looking for it.
  if (old) return old.section === undefined ? 0 : now
  const since = Date.parse(noted?.gone ?? '')
  return Number.isNaN(since) ? now : Math.min(since, now)
}

const entryPointLast = (a: string, b: string): number => Number(a === ENTRY_POINT) - Number(b === ENTRY_POINT)
