// Files of a bundle on their way into a served folder: copied aside, and checked against the manifest as written.
import { join } from 'node:path'
import { type Bundle, MANIFEST_NAME, type ManifestFile } from '../bundle/manifest.ts'
import { errors } from '../errors.ts'
import { copyPlainFile, writeNewText } from '../io/copy-file.ts'
import { hashFile, lstatIfThere } from '../io/files.ts'
import { makeReadableFolder, syncFolder } from '../io/folders.ts'
import { stagedFiles } from './layout.ts'

/** Copies the named files into the stage, flushed to the disk. Fails with BUNDLE_FILE_ALTERED. */
export async function stageFiles(
  bundle: Bundle,
  names: readonly string[],
  { stage, signal }: { stage: string; signal: AbortSignal | undefined },
): Promise<void> {
  const folder = await makeReadableFolder(stagedFiles(stage))
  for (const name of names) {
    signal?.throwIfAborted()
    if (name === MANIFEST_NAME) await writeNewText(join(folder, name), bundle.manifestText)
    else await stageFile(bundle, name, { folder, signal })
  }
  await syncFolder(folder)
}

async function stageFile(
  bundle: Bundle,
  name: string,
  { folder, signal }: { folder: string; signal: AbortSignal | undefined },
): Promise<void> {
  const wanted = bundle.manifest.files[name] as ManifestFile
  const copied = await copyPlainFile(join(bundle.dir, name), join(folder, name), {
    maxBytes: wanted.bytes,
    modified: wanted.lastmod === undefined ? undefined : new Date(wanted.lastmod),
    signal,
  })
  if ('problem' in copied) throw errors.bundleFileAltered(name, copied.problem)
  if (copied.bytes !== wanted.bytes) {
    throw errors.bundleFileAltered(name, `it has ${copied.bytes} bytes, not ${wanted.bytes}`)
  }
  if (copied.sha256 !== wanted.sha256) throw errors.bundleFileAltered(name, 'its sha256 is another')
}

/** The names whose file in a folder is not, byte for byte, the bundle's; all of them where there is no folder. */
export async function findDamaged(bundle: Bundle, names: readonly string[], folder: string): Promise<string[]> {
  const damaged: string[] = []
  for (const name of names) {
    if (!(await isIntact(join(folder, name), wantedOf(bundle, name)))) damaged.push(name)
  }
  return damaged
}

/** Size and sha256 of any file of a bundle, its manifest included. */
export function wantedOf(bundle: Bundle, name: string): { bytes: number; sha256: string } {
  if (name !== MANIFEST_NAME) return bundle.manifest.files[name] as ManifestFile
  return { bytes: Buffer.byteLength(bundle.manifestText), sha256: bundle.revision }
}

/** Whether a plain file has the bytes that are wanted. */
export async function isIntact(path: string, wanted: { bytes: number; sha256: string }): Promise<boolean> {
  const stats = await lstatIfThere(path)
  if (!stats?.isFile() || stats.size !== wanted.bytes) return false
  return (await hashFile(path)).sha256 === wanted.sha256
}
