// Where things lie in a served folder: names at the top, everything else in .storemap.
import { join } from 'node:path'
import { ENTRY_POINT, MANIFEST_NAME, type Manifest } from '../bundle/manifest.ts'

/** Folder of a served folder that holds releases, stages and the journal. */
export const storeOf = (dir: string): string => join(dir, '.storemap')
export const releasesOf = (dir: string): string => join(storeOf(dir), 'releases')
export const releaseOf = (dir: string, revision: string): string => join(releasesOf(dir), revision)
export const currentOf = (dir: string): string => join(storeOf(dir), 'current')
export const journalPathOf = (dir: string): string => join(storeOf(dir), 'placed.json')

/** All links of a stage live under these two names, so none can meet a file of the bundle. */
export const stagedFiles = (stage: string): string => join(stage, 'files')
export const stagedLink = (stage: string): string => join(stage, 'link')

/** Relative, so that the folder may be moved or mounted elsewhere. */
export const LINKS_LEAD_TO = '.storemap/current/'
export const linkTextOf = (name: string): string => `${LINKS_LEAD_TO}${name}`
export const currentTextOf = (revision: string): string => `releases/${revision}`

/** The revision that the text of the `current` link stands for. */
export const revisionInLink = (text: string | undefined): string | undefined =>
  /^releases\/([0-9a-f]{64})$/.exec(text ?? '')?.[1]

/** Every name of a bundle, in the order in which readers may meet them: no index before its shards, the manifest last. */
export function placingOrder(manifest: Manifest): string[] {
  const others = Object.keys(manifest.files).filter(name => name !== ENTRY_POINT)
  const entryPoint = manifest.files[ENTRY_POINT] === undefined ? [] : [ENTRY_POINT]
  return [...others.sort(), ...entryPoint, MANIFEST_NAME]
}
