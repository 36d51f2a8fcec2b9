// A primary and its streaming standby, both real. The standby begins as a copy of the primary's files, made while that
// stands still: the demo's PostgreSQL has no pg_basebackup.
import { execFileSync } from 'node:child_process'
import { chown, mkdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import pg from 'pg'
import { loadDemoShop } from '../../src/demo/load-shop.ts'
import { findAccount, makeHome } from '../../src/demo/postgres-account.ts'
import { findBinaries } from '../../src/demo/postgres-binaries.ts'
import { launch, type RunOptions, run } from '../../src/demo/postgres-process.ts'

export interface Server {
  readonly url: string
  query(sql: string, values?: unknown[]): Promise<readonly { [column: string]: unknown }[]>
  stop(): Promise<void>
}

export interface Replication extends AsyncDisposable {
  readonly primary: Server
  /** Ends the statements of its readers at once where they stand in the way of what the primary sends. */
  readonly standby: Server
}

/** With the demo shop in it, and nothing to be kept from. */
export async function startReplication(dir: string): Promise<Replication> {
  const account = await findAccount()
  const home = await makeHome(dir, account)
  const options = { cwd: home, account }
  const running: Server[] = []
  const end = async (): Promise<void> => {
    for (const server of running.reverse()) await server.stop()
    await rm(home, { recursive: true, force: true })
  }
  try {
    const { initdb, postgres } = await findBinaries(home, { ...options, onCopy: () => {} })
    const [data, copy] = [join(home, 'primary'), join(home, 'standby')]
    await mkdir(data, { mode: 0o700 })
    if (account) await chown(data, account.uid, account.gid)
    const shape = ['--username', 'storemap', '--auth=trust', '--encoding=UTF8', '--locale=C', '--no-sync']
    await run('initdb', initdb, ['--pgdata', data, ...shape], options)
    const first = await startServer(postgres, data, { ...options, settings: [] })
    await loadDemoShop(first.url).finally(first.stop)
    execFileSync('cp', ['-a', data, copy])

    const primary = await startServer(postgres, data, { ...options, settings: ['autovacuum=off'] })
    running.push(primary)
    await writeFile(join(copy, 'standby.signal'), '')
    const from = new URL(primary.url)
    const settings = [
      `primary_conninfo=host=${from.hostname} port=${from.port} user=storemap`,
      'max_standby_streaming_delay=0',
      'wal_retrieve_retry_interval=100ms',
    ]
    running.push(await startServer(postgres, copy, { ...options, settings }))
    return { primary, standby: running[1] as Server, [Symbol.asyncDispose]: end }
  } catch (cause) {
    await end()
    throw cause
  }
}

async function startServer(
  program: string,
  data: string,
  { settings, ...options }: RunOptions & { readonly settings: readonly string[] },
): Promise<Server> {
  const port = await freePort()
  const all = [`port=${port}`, 'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off', ...settings]
  const server = launch(program, ['-D', data, ...all.flatMap(setting => ['-c', setting])], options)
  if (!(await server.says('ready to accept'))) throw new Error(server.output())
  const url = `postgres://storemap@127.0.0.1:${port}/postgres`
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  pool.on('error', () => {})
  return {
    url,
    query: async (sql, values = []) => (await pool.query(sql, values)).rows,
    stop: async () => {
      await pool.end()
      server.kill('SIGINT')
      await server.ended
    },
  }
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
