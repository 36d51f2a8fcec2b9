// Temporary folders named for the program and its process, so that a later run can tell the dead ones from the living.
import { createHash } from 'node:crypto'
import { readFileSync, readlinkSync, rmSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { withFileErrors } from './files.ts'

export interface TempFolder {
  readonly path: string
  remove(): Promise<void>
}

const present = new Set<string>()
let removedAtExit = false

/** Makes an empty folder that only we can read (0700). It is removed by `remove`, else when the process exits. */
export async function makeTempFolder(purpose: string): Promise<TempFolder> {
  const name = `storemap-${hostTag()}-${process.pid}-${startTimeOf(process.pid) ?? '0'}-${plain(purpose)}-`
  const path = await withFileErrors(tmpdir(), () => mkdtemp(join(tmpdir(), name)))
  present.add(path)
  if (!removedAtExit) {
    removedAtExit = true
    process.once('exit', () => {
      for (const folder of present) removeNow(folder)
    })
  }
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
      present.delete(path)
    },
  }
}

/** No run lasts so long. Of another host or container only age can tell: its processes cannot be seen from here. */
const FOREIGN_AGE_MS = 86_400_000

/**
 * Removes what killed processes left behind, never a folder of a living one; what came from another host, or from this
 * container before its restart, after a day. A demo may be kept running, so its folder never counts as old.
 * Resolves with the paths removed.
 */
export async function removeDeadTempFolders(now = Date.now()): Promise<readonly string[]> {
  const removed: string[] = []
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const [, tag, pid, startTime, purpose] = /^storemap-([0-9a-f]{8})-(\d+)-(\d+)-(\w+)-/.exec(name) ?? []
    if (pid === undefined || startTime === undefined) continue
    const path = join(tmpdir(), name)
    const isInUse =
      tag === hostTag() ? isAlive(Number(pid), startTime) : purpose === 'demo' || (await isYoung(path, now))
    if (isInUse) continue
    // Another run may be removing the same, or it is another user's: neither is a reason to fail.
    const gone = await rm(path, { recursive: true, force: true }).then(
      () => true,
      () => false,
    )
    if (gone) removed.push(path)
  }
  return removed
}

async function isYoung(path: string, now: number): Promise<boolean> {
  const modified = await stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => now,
  )
  return now - modified <= FOREIGN_AGE_MS
}

/** Ids of processes mean something only within one host and one container. */
function hostTag(): string {
  const namespace = orUndefined(() => readlinkSync('/proc/self/ns/pid')) ?? ''
  return createHash('sha256').update(`${hostname()}\n${namespace}`).digest('hex').slice(0, 8)
}

/** A process id is given out again after a while; together with its start time it is unique. */
function isAlive(pid: number, startTime: string): boolean {
  const now = startTimeOf(pid)
  if (now !== undefined) return now === startTime || startTime === '0'
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Field 22 of /proc/PID/stat; undefined for a dead process, a zombie, and where there is no /proc. */
function startTimeOf(pid: number): string | undefined {
  const fields = statFields(pid)
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[19]
}

const isZombie = (pid: number): boolean => statFields(pid)?.[0] === 'Z'

/** The fields from the third on, the state: the second, the program's name, may itself hold spaces and brackets. */
function statFields(pid: number): string[] | undefined {
  const text = orUndefined(() => readFileSync(`/proc/${pid}/stat`, 'latin1'))
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')
}

function removeNow(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 })
  } catch {
    // The next run finds it by its name.
  }
}

const plain = (purpose: string): string => purpose.replace(/[^a-z0-9]+/gi, '-').slice(0, 30)

function orUndefined<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}
