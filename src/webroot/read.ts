// The bundle that stands in a served folder now.
import { join } from 'node:path'
import { MANIFEST_NAME, type Manifest, parseManifest, revisionOf } from '../bundle/manifest.ts'
import { errors } from '../errors.ts'
import { readPlainFileIfThere, withFileErrors } from '../io/files.ts'
import { readLinkIfThere } from '../io/links.ts'
import { currentOf, linkTextOf, releaseOf, revisionInLink } from './layout.ts'

export interface PublishedFolder {
  readonly manifest: Manifest
  readonly text: string
  readonly revision: string
  /** Where its files stay readable during a later switch (link), or the served folder itself (copy). */
  readonly filesDir: string
}

/**
 * Reads the manifest of a served folder; undefined where there is none.
 * Fails with MANIFEST_INVALID or MANIFEST_NEWER where it cannot be read.
 */
export async function readWebRoot(dir: string): Promise<PublishedFolder | undefined> {
  const path = join(dir, MANIFEST_NAME)
  return withFileErrors(dir, async () => {
    // More than once, since the release may leave between the look at the link and the reading.
    for (let tries = 0; ; tries++) {
      const filesDir = await whereFilesLie(dir, path)
      const bytes = filesDir === undefined ? undefined : await readPlainFileIfThere(join(filesDir, MANIFEST_NAME))
      if (bytes === 'other') throw errors.manifestInvalid(path, 'it is not a plain file')
      if (filesDir !== undefined && bytes !== undefined) {
        const text = bytes.toString('utf8')
        return { manifest: parseManifest(text, path), text, revision: revisionOf(bytes), filesDir }
      }
      if (tries === 5 || (await whereFilesLie(dir, path)) === filesDir) return undefined
    }
  })
}

/** The folder of the files of a served folder, undefined where its links lead nowhere; `path` is that of its manifest. */
export async function whereFilesLie(dir: string, path: string): Promise<string | undefined> {
  if ((await readLinkIfThere(path)) !== linkTextOf(MANIFEST_NAME)) return dir
  const revision = await readCurrent(dir)
  return revision === undefined ? undefined : releaseOf(dir, revision)
}

/** The revision to which the links of a served folder lead. */
export async function readCurrent(dir: string): Promise<string | undefined> {
  return revisionInLink(await readLinkIfThere(currentOf(dir)))
}
