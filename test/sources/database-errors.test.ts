// Every way in which a database fails a run, done for real: each has its code, and none shows a password.
import { randomBytes } from 'node:crypto'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { loadSite } from '../../src/compose.ts'
import { StoremapError } from '../../src/errors.ts'
import { openReadOnly } from '../../src/io/postgres.ts'
import { buildSite } from '../../src/operations.ts'
import { trusted } from '../../src/rules/sql.ts'
import type { SourceRecord } from '../../src/sources/source.ts'
import { createDatabase, databaseUrl, type TestDatabase, withClient } from '../helpers/postgres.ts'
import { idsOf, openShop, queryOf, withShop } from './shop-reading.ts'

const OPTIONS = { connectTimeoutMs: 3_000, statementTimeoutMs: 20_000 }
let db: TestDatabase

beforeAll(async () => {
  db = await createDatabase({ template: 'demo' })
  // Some hundred megabytes to read, kept small on the disk: more than any buffer on the way holds.
  await db.query(`update product_product set private_metadata = jsonb_build_object('large', repeat('x', 400000))`)
})
afterAll(() => db?.drop())

const failureOf = async (work: Promise<unknown>): Promise<StoremapError> => {
  const cause = await work.then(
    () => undefined,
    error => error,
  )
  expect(cause).toBeInstanceOf(StoremapError)
  return cause as StoremapError
}

const withUrl = (url: string, change: (url: URL) => void): string => {
  const changed = new URL(url)
  change(changed)
  return changed.href
}

/** Reads what is large, and calls `act` after the first batch. */
async function readLarge(url: string, act: () => unknown, signal?: AbortSignal): Promise<readonly SourceRecord[]> {
  const snapshot = await openShop(url, OPTIONS, signal)
  try {
    const query = queryOf('products', {}, ['privateMetadata.large'])
    expect(await snapshot.check([query])).toEqual([])
    const all: SourceRecord[] = []
    for await (const records of snapshot.read(query, signal)) {
      if (all.length === 0) await act()
      all.push(...records)
    }
    return all
  } finally {
    await snapshot.close()
  }
}

const backends = (state = '%') =>
  db.query(
    `select pid, query from pg_stat_activity
     where datname = current_database() and application_name = 'storemap' and state like $1`,
    [state],
  )
const terminate = () =>
  db.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name = 'storemap'`)

const eventually = async (holds: () => Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + 10_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('it never came to be')
    await new Promise(done => setTimeout(done, 20))
  }
}

describe('a database', () => {
  test('that does not run is unreachable', async () => {
    const port = await closedPort()
    const error = await failureOf(
      openShop(
        withUrl(db.url, url => (url.port = String(port))),
        OPTIONS,
      ),
    )
    expect(error).toMatchObject({ code: 'SOURCE_UNREACHABLE', retryable: true, exitCode: 1 })
    expect(error.message).toContain(`:${port}/`)
    expect(error.message).toContain('Nothing was published.')
  })

  test('whose host has no address is unreachable', async () => {
    const error = await failureOf(openShop('postgres://u:p@no-such-host.invalid/saleor', OPTIONS))
    expect(error.code).toBe('SOURCE_UNREACHABLE')
  })

  test('that takes the connection and never answers is unreachable after the time allowed', async () => {
    const { port } = await listen(() => undefined)
    const url = withUrl(db.url, item => (item.port = String(port)))
    const error = await failureOf(openShop(url, { ...OPTIONS, connectTimeoutMs: 300 }))
    expect(error.code).toBe('SOURCE_UNREACHABLE')
  })

  test('that does not know the user, or another password, has refused them', async () => {
    const wrong = await failureOf(
      openShop(
        withUrl(db.url, url => (url.password = 'wrong')),
        OPTIONS,
      ),
    )
    expect(wrong).toMatchObject({ code: 'SOURCE_AUTH_FAILED', retryable: false })
    const nobody = await failureOf(
      openShop(
        withUrl(db.url, url => (url.username = 'nobody_here')),
        OPTIONS,
      ),
    )
    expect(nobody.code).toBe('SOURCE_AUTH_FAILED')
    const none = await failureOf(
      openShop(
        withUrl(db.url, url => (url.password = '')),
        OPTIONS,
      ),
    )
    expect(none.code).toBe('SOURCE_AUTH_FAILED')
  })

  test('that is not there is told by its name', async () => {
    const error = await failureOf(openShop(databaseUrl(db.url, 'no_such_shop'), OPTIONS))
    expect(error.code).toBe('SOURCE_DATABASE_MISSING')
    expect(error.message).toContain('/no_such_shop')
  })

  test("that is empty is not Saleor's", async () => {
    const empty = await createDatabase()
    onTestFinished(() => empty.drop())
    const error = await failureOf(openShop(empty.url, OPTIONS))
    expect(error.code).toBe('SOURCE_NOT_SALEOR')
    expect(error.message).toContain('channel_channel, page_page, product_category, product_collection, product_product')
  })

  test('that lacks a table or a column which the rules need names it', async () => {
    const half = await createDatabase({ template: 'demo' })
    onTestFinished(() => half.drop())
    await half.query('drop table warehouse_stock')
    await half.query('alter table product_product drop column rating')
    await withShop(half.url, OPTIONS, async shop => {
      const table = await failureOf(idsOf(shop, 'products', [{ 'stock.available': { gt: 0 } }]))
      expect(table.code).toBe('SOURCE_TABLE_MISSING')
      expect(table.message).toContain('table warehouse_stock')
    })
    await withShop(half.url, OPTIONS, async shop => {
      const column = await failureOf(idsOf(shop, 'products', [{ rating: { gt: 0 } }]))
      expect(column.code).toBe('SOURCE_TABLE_MISSING')
      expect(column.message).toContain('column r.rating does not exist')
    })
  })

  test('whose table stays locked, as by a migration, is told apart from a slow one', async () => {
    await withClient(db.url, async other => {
      await other.query('begin')
      await other.query('lock table product_product in access exclusive mode')
      await withShop(db.url, { ...OPTIONS, statementTimeoutMs: 600 }, async shop => {
        const error = await failureOf(idsOf(shop, 'products', [{}]))
        expect(error).toMatchObject({ code: 'SOURCE_LOCKED', retryable: true })
      })
      await other.query('rollback')
    })
  })

  test('that takes longer than allowed has its statement ended', async () => {
    const transaction = await openReadOnly({ url: db.url, connectTimeoutMs: 3_000, statementTimeoutMs: 300 })
    onTestFinished(() => transaction.close())
    const slow = await failureOf(transaction.query(trusted('select pg_sleep(30)')))
    expect(slow).toMatchObject({ code: 'SOURCE_TIMEOUT', retryable: true })
    expect(slow.hint).toContain('timeouts.statement')
  })

  test('that takes longer than allowed has its COPY ended, too', async () => {
    const transaction = await openReadOnly({ url: db.url, connectTimeoutMs: 3_000, statementTimeoutMs: 300 })
    onTestFinished(() => transaction.close())
    const slow = await failureOf(
      drain(transaction.copy(trusted('select i, pg_sleep(0.05) from generate_series(1, 900) i'))),
    )
    expect(slow.code).toBe('SOURCE_TIMEOUT')
  })

  test('that has no connection left is busy', async () => {
    const name = `few_${randomBytes(4).toString('hex')}`
    await db.query(`create role ${name} login password 'few' connection limit 1`)
    onTestFinished(async () => {
      await db.query(`drop role ${name}`)
    })
    const url = withUrl(db.url, item => {
      item.username = name
      item.password = 'few'
    })
    const first = await openReadOnly({ url, ...OPTIONS })
    const error = await failureOf(openReadOnly({ url, ...OPTIONS }))
    expect(error).toMatchObject({ code: 'SOURCE_BUSY', retryable: true })
    await first.close()
  })

  test('that fails on a value of its own says so with its words', async () => {
    const transaction = await openReadOnly({ url: db.url, ...OPTIONS })
    onTestFinished(() => transaction.close())
    const error = await failureOf(drain(transaction.copy(trusted('select 1 / (i - 5) from generate_series(1, 9) i'))))
    expect(error).toMatchObject({ code: 'SOURCE_FAILED' })
    expect(error.message).toContain('division by zero')
  })
})

describe('a connection', () => {
  test('that the server ends in the middle of the rows is lost at once, never an early end', async () => {
    const started = Date.now()
    const error = await failureOf(readLarge(db.url, terminate))
    expect(error).toMatchObject({ code: 'SOURCE_CONNECTION_LOST', retryable: true })
    expect(Date.now() - started).toBeLessThan(5_000)
  })

  test('that the server ends before the first row is lost at once', async () => {
    const transaction = await openReadOnly({ url: db.url, ...OPTIONS })
    onTestFinished(() => transaction.close())
    const reading = failureOf(drain(transaction.copy(trusted('select pg_sleep(60)'))))
    await eventually(async () => (await backends('active')).length > 0)
    const started = Date.now()
    await terminate()
    expect((await reading).code).toBe('SOURCE_CONNECTION_LOST')
    expect(Date.now() - started).toBeLessThan(2_000)
  })

  test('that the server ends between two sections is lost', async () => {
    const snapshot = await openShop(db.url, OPTIONS)
    onTestFinished(() => snapshot.close())
    await terminate()
    const error = await failureOf(snapshot.check([queryOf('pages', {})]))
    expect(error.code).toBe('SOURCE_CONNECTION_LOST')
  })

  test.each([
    ['torn', (socket: Socket) => socket.resetAndDestroy()],
    ['closed politely', (socket: Socket) => socket.end()],
  ])('that is %s on its way is lost, wherever the cut is', async (_, cut) => {
    for (const after of [70_000, 1_000_003, 9_999_999]) {
      const { port } = await listen(client => cutAfter(client, after, cut))
      const url = withUrl(db.url, item => (item.port = String(port)))
      const error = await failureOf(readLarge(url, () => undefined))
      expect(error.code, `after ${after} bytes`).toBe('SOURCE_CONNECTION_LOST')
    }
  })

  test('that falls silent for good is lost soon after the time that a statement is allowed', async () => {
    const { port } = await listen(client => cutAfter(client, 50_000, () => undefined))
    const url = withUrl(db.url, item => (item.port = String(port)))
    const transaction = await openReadOnly({ url, connectTimeoutMs: 3_000, statementTimeoutMs: 400 })
    onTestFinished(() => transaction.close())
    const rows = transaction.copy(trusted(`select i, repeat('x', 1000) from generate_series(1, 1000) i`))
    const error = await failureOf(drain(rows))
    expect(error.code).toBe('SOURCE_CONNECTION_LOST')
  })
})

describe('a run that is aborted', () => {
  test('ends the statement on the server, while rows are flowing', async () => {
    const stop = new AbortController()
    const reading = readLarge(
      db.url,
      async () => {
        expect(await backends('active')).toHaveLength(1)
        stop.abort()
      },
      stop.signal,
    )
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
    await eventually(async () => (await backends()).length === 0)
  })

  test('ends the statement on the server, though it has sent no row yet', async () => {
    const stop = new AbortController()
    const transaction = await openReadOnly({ url: db.url, ...OPTIONS })
    onTestFinished(() => transaction.close())
    const reading = drain(transaction.copy(trusted('select pg_sleep(60)'), stop.signal))
    await eventually(async () => (await backends('active')).length > 0)
    stop.abort()
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
    await eventually(async () => (await backends()).length === 0)
  })

  test('opens no connection where it was aborted before', async () => {
    await expect(openShop(db.url, OPTIONS, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' })
    expect(await backends()).toEqual([])
  })
})

test('a reader that stops half-way leaves no statement behind', async () => {
  const snapshot = await openShop(db.url, OPTIONS)
  const query = queryOf('products', {}, ['privateMetadata.large'])
  await snapshot.check([query])
  for await (const records of snapshot.read(query)) {
    expect(records.length).toBeGreaterThan(0)
    break
  }
  await snapshot.close()
  await eventually(async () => (await backends()).length === 0)
})

describe('a password', () => {
  const PASSWORD = 's3cr#t/p@ss:w%rd 42+é'
  const role = `secretive_${randomBytes(4).toString('hex')}`
  const encoded = encodeURIComponent(PASSWORD)
  const SECRETS = [PASSWORD, encoded, '4242', 's3cr', 'p%40ss']
  const build = async (database: string) => {
    const config = {
      site: 'https://shop.example.com',
      source: { saleor: { database, channel: 'default-channel' } },
      sections: { products: { of: 'products', url: '/products/{slug}' } },
    }
    const site = await loadSite({ config, folder: tmpdir(), environment: {} })
    return buildSite(site, join(tmpdir(), `storemap-never-made-${randomBytes(4).toString('hex')}`))
  }

  beforeAll(() => db.query(`create role ${role} login password '${PASSWORD}'`))
  afterAll(() => db.query(`drop role ${role}`))

  test('with any characters in it works percent-encoded', async () => {
    const url = withUrl(db.url, item => {
      item.username = role
      item.password = encoded
    })
    const error = await failureOf(build(url))
    expect(error.code).toBe('SOURCE_PERMISSION_MISSING')
  })

  test('is in no message, hint or cause, whatever fails', async () => {
    const at = new URL(inject('postgresAdminUrl')).host
    const port = await closedPort()
    const urls = {
      refused: `postgres://${role}:${encoded}x@${at}/postgres`,
      closed: `postgres://${role}:${encoded}@127.0.0.1:${port}/postgres`,
      'no database': `postgres://${role}:${encoded}@${at}/none`,
      'not Saleor': `postgres://${role}:${encoded}@${at}/postgres`,
      'not encoded': `postgres://${role}:${PASSWORD}@${at}/postgres`,
      'not encoded, and read as a port': `postgres://${role}:4242#secret@${at}/postgres`,
      'a wrong scheme': `mysql://${role}:${encoded}@${at}/postgres`,
      'a wrong escape': `postgres://${role}:%zz4242secret@${at}/postgres`,
    }
    for (const [name, url] of Object.entries(urls)) {
      const error = await failureOf(build(url))
      const shown = inspect(error, { depth: 20, showHidden: true })
      for (const secret of SECRETS) expect(shown, name).not.toContain(secret)
      if (error.code !== 'CONFIG_INVALID') continue
      expect(error.message).toContain('source.saleor.database: Expected an address:')
    }
  })
})

async function drain(rows: AsyncIterable<readonly unknown[]>): Promise<number> {
  let count = 0
  for await (const batch of rows) count += batch.length
  return count
}

async function listen(serve: (client: Socket) => void): Promise<{ port: number }> {
  const sockets = new Set<Socket>()
  const server = createServer(client => {
    sockets.add(client)
    client.on('error', () => undefined)
    serve(client)
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise(done => server.close(done))
  })
  return { port: (server.address() as AddressInfo).port }
}

/** Hands the connection on to the server, and does `cut` to it after so many bytes of the server's answers. */
function cutAfter(client: Socket, bytes: number, cut: (client: Socket) => void): void {
  const { hostname, port } = new URL(db.url)
  const server = connect(Number(port), hostname)
  let left = bytes
  client.pipe(server)
  server.on('error', () => undefined)
  client.on('close', () => server.destroy())
  server.on('data', chunk => {
    if (left <= 0) return
    if (!client.write(chunk.subarray(0, left))) server.pause()
    left -= chunk.length
    if (left <= 0) cut(client)
  })
  client.on('drain', () => server.resume())
}

async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise(done => server.close(done))
  return port
}
