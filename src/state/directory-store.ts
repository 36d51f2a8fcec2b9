// State in a folder of its own, beside the configuration or where it says; never in a folder that is served.
import { join } from 'node:path'
import { errors, StoremapError } from '../errors.ts'
import { copyPlainFile, writeNewBytes } from '../io/copy-file.ts'
import { readPlainFileIfThere, withFileErrors } from '../io/files.ts'
import { listFolder, makeReadableFolder, moveOver, removeFile, syncFolder } from '../io/folders.ts'
import { makeStage, removeDeadStages, removeStage } from '../io/stage.ts'
import type { StateChanges, StateStore } from './store.ts'

/**
 * Opens the state in a folder, which the first writing makes. Fails with STATE_UNREADABLE; writing fails with DISK_FULL
 * or STATE_NOT_WRITABLE. A writer that is killed leaves every name whole, old or new.
 */
export async function openDirectoryStore(path: string): Promise<StateStore> {
  const names = await listFolder(path).catch((cause: unknown) => {
    throw errors.stateUnreadable(`folder ${path}`, cause)
  })
  return {
    name: `folder ${path}`,
    arrivesWithBundle: false,
    names: new Set(names),
    read: async name => {
      const bytes = await readPlainFileIfThere(join(path, name)).catch((cause: unknown) => {
        throw errors.stateUnreadable(`folder ${path}`, cause)
      })
      return bytes === 'other' ? undefined : bytes
    },
    write: changes => withStateErrors(path, () => write(path, changes)),
  }
}

async function write(path: string, { put, remove }: StateChanges): Promise<void> {
  if (put.size > 0) {
    await makeReadableFolder(path)
    await removeDeadStages(path)
    const stage = await makeStage(path)
    try {
      for (const [name, content] of put) await stageContent(content, join(stage, name))
      for (const name of put.keys()) await moveOver(join(stage, name), join(path, name))
      await syncFolder(path)
    } finally {
      await removeStage(stage)
    }
  }
  for (const name of remove) await removeFile(join(path, name))
}

async function stageContent(content: Uint8Array | { readonly path: string }, to: string): Promise<void> {
  if (content instanceof Uint8Array) return writeNewBytes(to, content)
  const copied = await copyPlainFile(content.path, to, { maxBytes: Number.MAX_SAFE_INTEGER })
  if ('problem' in copied) throw new Error(`${content.path}: ${copied.problem}`)
}

async function withStateErrors<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await withFileErrors(path, work)
  } catch (cause) {
    const isClosed = cause instanceof StoremapError && cause.code === 'FOLDER_NOT_WRITABLE'
    throw isClosed ? errors.stateNotWritable(path, cause) : cause
  }
}
