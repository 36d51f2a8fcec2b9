// A lock that the kernel ends with its holder: a listening socket. No file to go stale, however the holder dies.
import { createHash } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay, setImmediate } from 'node:timers/promises'

export interface Lock {
  release(): Promise<void>
}

/** Who holds the lock. The pid is 0, `since` empty, where the holder is too busy to answer within a second. */
export interface LockHolder {
  readonly pid: number
  readonly since: string
}

const ANSWER_MS = 1_000
const ATTEMPTS = 5

/**
 * Takes the lock named `key`, or says who holds it; never waits for it. It holds for all users of this machine
 * (on Linux: of this network namespace) and never keeps the process alive.
 */
export async function acquireLock(key: string): Promise<Lock | { readonly heldBy: LockHolder }> {
  const id = createHash('sha256').update(key).digest('hex').slice(0, 24)
  if (process.platform === 'win32') return acquireAt(`\\\\.\\pipe\\storemap-lock-${id}`)
  if (process.platform === 'linux') {
    const abstract = `\0storemap-lock-${id}`
    const lock = await acquireAt(abstract)
    if ('heldBy' in lock || lock.address === abstract) return lock
    await lock.release() // this Node.js cuts an abstract name off at its leading zero: it would lock nothing
  }
  return acquireAt(join(tmpdir(), `storemap-lock-${id}.sock`), { isFile: true })
}

async function acquireAt(
  path: string,
  { isFile = false } = {},
): Promise<(Lock & { readonly address: unknown }) | { readonly heldBy: LockHolder }> {
  let holder: LockHolder | undefined
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const server = await listen(path)
    if (server) {
      // Two that found the same dead file may both have removed it; the second removed the first one's new file.
      if (isFile && attempt > 0) await delay(100)
      holder = isFile && attempt > 0 ? await askHolder(path) : undefined
      if (holder && holder.pid !== process.pid) return { heldBy: holder }
      return { address: server.address(), release: () => release(server) }
    }
    holder = await askHolder(path)
    if (holder) return { heldBy: holder }
    if (isFile) await rm(path, { force: true }) // nobody listens: its holder is dead
  }
  return { heldBy: holder ?? { pid: 0, since: '' } }
}

/** Who holds the lock named `key` now; takes nothing, so it never stands in a run's way. */
export async function findLockHolder(key: string): Promise<LockHolder | undefined> {
  const id = createHash('sha256').update(key).digest('hex').slice(0, 24)
  if (process.platform === 'win32') return askHolder(`\\\\.\\pipe\\storemap-lock-${id}`)
  const abstract = process.platform === 'linux' ? await askHolder(`\0storemap-lock-${id}`) : undefined
  return abstract ?? askHolder(join(tmpdir(), `storemap-lock-${id}.sock`))
}

/** Does not wait for those who are still asking: the name is free at once. */
async function release(server: Server): Promise<void> {
  server.close()
  await setImmediate()
}

/** Undefined where somebody else listens there. */
function listen(path: string): Promise<Server | undefined> {
  const answer = JSON.stringify({ pid: process.pid, since: new Date().toISOString() })
  const server = createServer(socket => {
    socket.on('error', () => {}) // who asks may be gone before the answer
    socket.unref()
    socket.end(answer)
  })
  server.unref()
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EADDRINUSE') resolve(undefined)
      else reject(cause)
    })
    // Exclusive: in a cluster the main process would listen for all its workers, and all would hold the lock.
    // Every user may ask who holds it; an abstract socket has no permissions, and Node.js refuses to set them there.
    const open = path.startsWith('\0') ? {} : { readableAll: true, writableAll: true }
    server.listen({ path, exclusive: true, ...open }, () => resolve(server))
  })
}

/** Undefined where nobody listens any more. */
function askHolder(path: string): Promise<LockHolder | undefined> {
  return new Promise(resolve => {
    let text = ''
    const socket = connect({ path })
    const finish = (holder: LockHolder | undefined): void => {
      socket.destroy()
      resolve(holder)
    }
    socket.setTimeout(ANSWER_MS, () => finish({ pid: 0, since: '' }))
    socket.setEncoding('utf8').on('data', (part: string) => {
      text += part
    })
    socket.on('end', () => finish(parseHolder(text)))
    socket.on('error', () => finish(undefined))
  })
}

function parseHolder(text: string): LockHolder {
  try {
    const { pid, since } = JSON.parse(text) as Partial<LockHolder>
    return { pid: Number(pid) || 0, since: String(since ?? '') }
  } catch {
    return { pid: 0, since: '' }
  }
}
