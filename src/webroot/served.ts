// A web root as a server needs it: what stands in it at each request, without reading a manifest each time.
import { join } from 'node:path'
import { MANIFEST_NAME } from '../bundle/manifest.ts'
import { errors } from '../errors.ts'
import { withFileErrors } from '../io/files.ts'
import { type OpenedFile, openFile } from '../io/opened-file.ts'
import { releaseOf } from './layout.ts'
import { type PublishedFolder, readWebRoot, whereFilesLie } from './read.ts'

/** Gives the bundle that stands in a web root now; undefined where there is none. Fails as readWebRoot does. */
export function createBundleReader(dir: string): () => Promise<PublishedFolder | undefined> {
  let known: PublishedFolder | undefined
  return async () => {
    const filesDir = await withFileErrors(dir, () => whereFilesLie(dir, join(dir, MANIFEST_NAME)))
    // A release is named by its content: where the links still lead to it, its manifest is the one that is known.
    const isSame = known !== undefined && filesDir === known.filesDir && filesDir === releaseOf(dir, known.revision)
    if (!isSame) known = await readWebRoot(dir)
    return known
  }
}

export type BundleReader = ReturnType<typeof createBundleReader>

/**
 * Opens a file of a bundle, its manifest included; undefined where the bundle was replaced since and its files are gone.
 * Fails with BUNDLE_FILE_ALTERED where it still stands and the file is missing, or of another size.
 */
export async function openBundleFile(
  name: string,
  {
    bytes,
    bundle,
    reader,
  }: { readonly bytes: number; readonly bundle: PublishedFolder; readonly reader: BundleReader },
): Promise<OpenedFile | undefined> {
  const file = await openFile(join(bundle.filesDir, name))
  if ('bytes' in file && file.bytes === bytes) return file
  if ('bytes' in file) await file.close()
  if ((await reader())?.revision !== bundle.revision) return undefined
  throw errors.bundleFileAltered(name, 'problem' in file ? file.problem : `it has ${file.bytes} bytes, not ${bytes}`)
}
