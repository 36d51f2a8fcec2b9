// A throw-away PostgreSQL server on 127.0.0.1 for the demo and the tests. Not for data that anybody wants to keep.
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { chown, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { errors, StoremapError } from '../errors.ts'
import { type Account, findAccount, makeHome } from './postgres-account.ts'
import { type Binaries, findBinaries } from './postgres-binaries.ts'
import { type Launched, launch, type RunOptions, run } from './postgres-process.ts'

/** A server that runs until `stop()`, which waits for its end and removes its files. */
export interface EmbeddedPostgres {
  readonly url: string
  stop(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

export interface PostgresOptions {
  /** An existing folder of the caller's, who removes it. As root the files may have to lie elsewhere; see `makeHome`. */
  readonly dir: string
  /** @defaultValue a free one */
  readonly port?: number
  readonly onStep?: (step: string) => void
  /** Ends a start under way; a server that is up is ended by `stop()`. */
  readonly signal?: AbortSignal
}

const USER = 'storemap'
const ATTEMPTS = 5
// No durability: the data are made anew each time, and a test run should not wait for the disk.
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '50',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/**
 * Starts a server and resolves once it accepts connections. Fails with DEMO_POSTGRES_MISSING or DEMO_POSTGRES_FAILED;
 * on abort it rejects with the signal's reason. In both cases nothing is left running and no file is left.
 */
export async function startPostgres(options: PostgresOptions): Promise<EmbeddedPostgres> {
  const { signal, onStep = () => {} } = options
  signal?.throwIfAborted()
  const attempt = attempts(signal)
  const account = await attempt('finding an unprivileged account', findAccount)
  const home = await attempt('making a folder for it', () => makeHome(options.dir, account))
  const runOptions = { cwd: home, account, signal }
  try {
    const onCopy = (): void => onStep('copying its files')
    const binaries = await attempt('copying its files', () => findBinaries(home, { ...runOptions, onCopy }))
    onStep('creating its data folder')
    const password = randomBytes(18).toString('hex')
    await attempt('creating its data folder', () => createData(binaries, password, runOptions))
    onStep('starting the server')
    const start = () => startServer(binaries, options.port, runOptions)
    const { server, port } = await attempt('starting the server', start)
    return lifetime(server, home, `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`)
  } catch (cause) {
    await rm(home, { recursive: true, force: true })
    throw cause
  }
}

async function createData(binaries: Binaries, password: string, options: RunOptions): Promise<void> {
  const data = join(options.cwd, 'data')
  const passwordFile = join(options.cwd, 'password')
  await mkdir(data, { mode: 0o700 })
  await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' })
  for (const path of [data, passwordFile]) await giveTo(path, options.account)
  // The C locale is the only one that every machine has.
  const args = ['--pgdata', data, '--username', USER, '--pwfile', passwordFile, '--auth=scram-sha-256']
  args.push('--encoding=UTF8', '--locale=C', '--lc-messages=C', '--no-sync', '--no-instructions')
  await run('initdb', binaries.initdb, args, options)
  await rm(passwordFile)
}

async function startServer(binaries: Binaries, wanted: number | undefined, options: RunOptions) {
  for (let attempts = 1; ; attempts++) {
    options.signal?.throwIfAborted()
    const port = wanted ?? (await freePort())
    const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const server = launch(binaries.postgres, ['-D', join(options.cwd, 'data'), ...settings], options)
    const abort = (): void => server.kill('SIGINT')
    options.signal?.addEventListener('abort', abort)
    const ready = await server.says('ready to accept connections')
    options.signal?.removeEventListener('abort', abort)
    if (options.signal?.aborted) await server.ended
    options.signal?.throwIfAborted()
    if (ready) return { server, port }
    // Somebody else may have taken the port between our look and the server's.
    const lostRace = wanted === undefined && server.output().includes('Address already in use')
    if (!lostRace || attempts === ATTEMPTS) {
      throw errors.demoPostgresFailed('starting the server', server.output(), (await server.ended).cause)
    }
  }
}

function lifetime(server: Launched, home: string, url: string): EmbeddedPostgres {
  const killNow = (): void => {
    server.kill('SIGQUIT')
    try {
      rmSync(home, { recursive: true, force: true, maxRetries: 5 })
    } catch {
      // The process is on its way out; files in a temporary folder are all that stays.
    }
  }
  process.once('exit', killNow)
  const end = async (): Promise<void> => {
    server.kill('SIGINT')
    const impatience = setTimeout(() => server.kill('SIGQUIT'), 10_000)
    await server.ended
    clearTimeout(impatience)
    process.removeListener('exit', killNow)
    await rm(home, { recursive: true, force: true })
  }
  let ending: Promise<void> | undefined
  const stop = (): Promise<void> => (ending ??= end())
  return { url, stop, [Symbol.asyncDispose]: stop }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function giveTo(path: string, account: Account | undefined): Promise<void> {
  if (account) await chown(path, account.uid, account.gid)
}

// What the file system or the system refuses gets the name of its step; our own errors and aborts have theirs.
const attempts =
  (signal: AbortSignal | undefined) =>
  async <T>(step: string, act: () => Promise<T>): Promise<T> => {
    try {
      return await act()
    } catch (cause) {
      if (cause instanceof StoremapError || signal?.aborted) throw cause
      throw errors.demoPostgresFailed(step, (cause as Error).message, cause)
    }
  }
