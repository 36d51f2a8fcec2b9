// Stage folders: named for their process, so that those of killed processes can be told from those in use.
import { createHash, randomBytes } from 'node:crypto'
import { chmod, mkdir, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { listFolder, removeTree } from './folders.ts'

const STAGE_NAME = /^stage-(\d{1,10})-(?:([0-9a-f]{8})-)?/
const FOREIGN_STAGE_AGE_MS = 86_400_000

/** Stages of this process: in a container a restarted program often gets the process id of the killed one. */
const inUse = new Set<string>()

/** Makes `stage-<pid>-<host>-<random>` in a folder. Whoever makes it removes it. */
export async function makeStage(parent: string): Promise<string> {
  const path = join(parent, `stage-${process.pid}-${hostMark()}-${randomBytes(6).toString('hex')}`)
  inUse.add(path)
  await mkdir(path, { mode: 0o755 })
  await chmod(path, 0o755)
  return path
}

export async function removeStage(path: string): Promise<void> {
  await removeTree(path)
  inUse.delete(path)
}

/** Removes what killed processes left in a folder; never a stage of a process that lives. */
export async function removeDeadStages(parent: string, now = Date.now()): Promise<void> {
  for (const name of await listFolder(parent)) {
    const match = STAGE_NAME.exec(name)
    if (!match) continue
    const path = join(parent, name)
    const isDead = isOfOtherHost(match[2])
      ? now - (await modifiedAt(path)) > FOREIGN_STAGE_AGE_MS
      : !isAlive(Number(match[1]), path)
    if (isDead) await removeTree(path)
  }
}

// A volume may be shared between containers, which do not see each other's processes: there only age can tell.
const hostMark = (): string => createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
const isOfOtherHost = (mark: string | undefined): boolean => mark !== undefined && mark !== hostMark()

function isAlive(pid: number, path: string): boolean {
  if (pid === process.pid) return inUse.has(path)
  try {
    process.kill(pid, 0)
    return true
  } catch (cause) {
    // EPERM: it lives, under another user.
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function modifiedAt(path: string): Promise<number> {
  return stat(path).then(
    stats => stats.mtimeMs,
    () => 0,
  )
}
