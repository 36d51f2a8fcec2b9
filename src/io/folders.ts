// Folders: made for a web server to read, listed, flushed, emptied.
import { chmod, mkdir, open, readdir, realpath, rename, rm, unlink } from 'node:fs/promises'

/** Makes a folder that everybody may read, whatever the umask; one that exists keeps its mode. Resolves with its real path. */
export async function makeReadableFolder(path: string): Promise<string> {
  const made = await mkdir(path, { recursive: true, mode: 0o755 })
  if (made !== undefined) await chmod(path, 0o755)
  return realpath(path)
}

/** Names in a folder, sorted; none where there is no folder. */
export async function listFolder(path: string): Promise<string[]> {
  try {
    return (await readdir(path)).sort()
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw cause
  }
}

/** Names of the symbolic links in a folder. */
export async function listLinks(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true })
  return entries.filter(entry => entry.isSymbolicLink()).map(entry => entry.name)
}

/** Moves a file or a link over whatever file or link has the name: at once, and never through a link. */
export async function moveOver(from: string, to: string): Promise<void> {
  await rename(from, to)
}

/** Moves a folder to a free name; false where the name is taken. */
export async function moveFolder(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to)
    return true
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') return false
    throw cause
  }
}

/** Removes a file or a link; false where there was none. */
export async function removeFile(path: string): Promise<boolean> {
  try {
    await unlink(path)
    return true
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw cause
  }
}

/** Removes whatever has the name, without following links. */
export async function removeTree(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true })
}

/** Makes the names in a folder survive a power cut, where the file system can. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } catch (cause) {
    // Some network file systems refuse to flush a folder; they flush names on their own.
    const code = (cause as NodeJS.ErrnoException).code
    if (code !== 'EINVAL' && code !== 'ENOTSUP' && code !== 'EPERM') throw cause
  } finally {
    await folder.close()
  }
}
