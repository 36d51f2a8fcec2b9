// Databases for tests, each its own, on the server that the global setup started.
import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { inject } from 'vitest'

declare module 'vitest' {
  export interface ProvidedContext {
    readonly postgresAdminUrl: string
    readonly demoTemplate: string
  }
}

export interface TestDatabase {
  readonly url: string
  // biome-ignore lint/suspicious/noExplicitAny: a test knows the columns it asked for
  query(sql: string, values?: unknown[]): Promise<any[]>
  drop(): Promise<void>
}

/** A fresh database: a copy of the demo shop, or an empty one (the default). `drop()` also ends its connections. */
export async function createDatabase(options: { readonly template?: 'demo' | 'empty' } = {}): Promise<TestDatabase> {
  const adminUrl = inject('postgresAdminUrl')
  const name = `storemap_test_${randomBytes(8).toString('hex')}`
  const template = options.template === 'demo' ? inject('demoTemplate') : 'template0'
  await createFrom(adminUrl, name, template)
  const url = databaseUrl(adminUrl, name)
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  // drop() may end an idle connection from the server's side, which the pool reports as an event.
  pool.on('error', () => {})
  return {
    url,
    query: async (sql, values = []) => (await pool.query(sql, values)).rows,
    drop: async () => {
      await pool.end()
      await withClient(adminUrl, client => client.query(`drop database if exists ${name} with (force)`))
    },
  }
}

/** The address of another database on the same server. */
export function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  return url.href
}

export async function withClient<T>(url: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await act(client)
  } finally {
    await client.end()
  }
}

/** Loads a gzipped plain-SQL pg_dump, with data as INSERTs or as COPY … FROM stdin blocks. Needs no psql. */
export async function loadSqlGz(url: string, path: string): Promise<void> {
  const input = createReadStream(path).pipe(createGunzip())
  await withClient(url, async client => {
    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]()
    let statements: string[] = []
    const flush = async (): Promise<void> => {
      if (statements.some(line => line.trim() !== '')) await client.query(statements.join('\n'))
      statements = []
    }
    for (let next = await lines.next(); !next.done; next = await lines.next()) {
      if (/^COPY .+ FROM stdin;$/.test(next.value)) {
        await flush()
        await pipeline(Readable.from(copyLines(lines)), client.query(copyFrom(next.value)))
      } else if (!/^\\(un)?restrict /.test(next.value)) statements.push(next.value)
    }
    await flush()
  })
}

async function* copyLines(lines: AsyncIterator<string>): AsyncGenerator<string> {
  for (let next = await lines.next(); !next.done && next.value !== '\\.'; next = await lines.next()) {
    yield `${next.value}\n`
  }
}

// A template with a connection is busy; another test's copy of it holds one for a moment.
async function createFrom(adminUrl: string, name: string, template: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const sql = `create database ${name} template ${template}`
      return void (await withClient(adminUrl, client => client.query(sql)))
    } catch (cause) {
      if ((cause as { code?: string }).code !== '55006' || attempt === 50) throw cause
      await new Promise(resolve => setTimeout(resolve, 20 * attempt))
    }
  }
}
