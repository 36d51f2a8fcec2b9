// A file that a program which stays touches while it is alive: what probes of containers look at where no port is open.
import { rm, utimes, writeFile } from 'node:fs/promises'
import { withFileErrors } from './files.ts'

const BEAT_MS = 15_000

/** Ends the beat, and removes the file. */
export type StopHeartbeat = () => Promise<void>

/**
 * Touches the file every 15 seconds; without a path nothing happens.
 * Fails with FOLDER_NOT_WRITABLE or DISK_FULL where it cannot be written at all; later the probe will notice.
 */
export async function startHeartbeat(path: string | undefined): Promise<StopHeartbeat> {
  if (path === undefined || path === '') return async () => undefined
  await withFileErrors(path, () => writeFile(path, `${process.pid}\n`))
  const timer = setInterval(() => {
    const now = new Date()
    // Removed by somebody who tidies up, it is written again; where that fails, its age tells the probe.
    utimes(path, now, now)
      .catch(() => writeFile(path, `${process.pid}\n`))
      .catch(() => undefined)
  }, BEAT_MS)
  timer.unref()
  return async () => {
    clearInterval(timer)
    // The program ends well, whether or not its file can be removed.
    await rm(path, { force: true }).catch(() => undefined)
  }
}
