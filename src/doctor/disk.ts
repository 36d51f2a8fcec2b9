// Room on the disks that a run writes to, and whether it may write there.
import { tmpdir } from 'node:os'
import { StoremapError } from '../errors.ts'
import { roomFor, tryFolder } from '../io/room.ts'
import type { Check, Tell } from './check.ts'

const LITTLE = 256 * 1024 * 1024
const NOTHING = 16 * 1024 * 1024
const FEW_FILES = 1_000

/** The temporary folder, where a run makes its bundle and its clone. */
export const tempCheck = (): Check => ({
  area: 'disk',
  title: 'temporary folder',
  look: async ({ tell }) => tellFolder(tell, tmpdir(), { links: false, what: 'temporary folder', setting: 'TMPDIR' }),
})

/** The folder that keeps the state where no target does. */
export const stateFolderCheck = (site: string | undefined, path: string): Check => ({
  site,
  area: 'disk',
  title: 'state',
  look: async ({ tell }) => tellFolder(tell, path, { links: false, what: 'state', setting: 'state: { directory }' }),
})

export interface FolderFacts {
  readonly links: boolean
  readonly what?: string
  /** What names another folder. */
  readonly setting?: string
}

export async function tellFolder(
  tell: Tell,
  path: string,
  { links, what = 'folder', setting }: FolderFacts,
): Promise<void> {
  const another = setting === undefined ? '' : `, or name another folder by ${setting}`
  try {
    const { at, freeBytes, freeFiles } = await roomFor(path)
    const canLink = await tryFolder(at, { links })
    const place = at === path ? path : `${path}, to be made in ${at}`
    const free = `${inWords(freeBytes)} free`
    const isFull = freeBytes < NOTHING || freeFiles === 0
    if (isFull || freeBytes < LITTLE || (freeFiles ?? FEW_FILES) < FEW_FILES) {
      const files = freeFiles !== undefined && freeFiles < FEW_FILES ? `, and room for ${freeFiles} files` : ''
      const found = `${place}: ${free}${files}; a run needs room for a bundle, and for a clone of what is published`
      const remedy = `Make room${another}.`
      if (isFull) tell.fail(what, found, { remedy })
      else tell.warn(what, found, { remedy })
    } else if (!canLink) {
      tell.fail(what, `${place}: no links can be made there`, {
        remedy: 'Publish plain files: directory: { path, switch: copy }',
      })
    } else tell.ok(what, `${place}: writable, ${free}`)
  } catch (cause) {
    if (cause instanceof StoremapError) tell.failure(what, cause)
    else tell.fail(what, `${path}: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

function inWords(bytes: number): string {
  const gigabytes = bytes / 1024 ** 3
  return gigabytes >= 1 ? `${gigabytes.toFixed(1)} GB` : `${Math.floor(bytes / 1024 ** 2)} MB`
}
