// PostgreSQL, thin: one read-only transaction at one instant, rows by COPY. Nothing here can write.
import type pg from 'pg'
import type { SqlFragment } from '../rules/sql.ts'
import { decodeRows } from './copy-text.ts'
import { requestCancel } from './postgres-cancel.ts'
import { connectionLost, postgresError } from './postgres-errors.ts'
import { bindSettings } from './postgres-settings.ts'
import { makeTurns } from './turns.ts'

export interface PostgresOptions {
  readonly url: string
  readonly connectTimeoutMs: number
  readonly statementTimeoutMs: number
}

/** Rows as text by position; null where the database has NULL. */
export type TextRow = readonly (string | null)[]

export interface ReadOnlyTransaction {
  /** A few rows, all columns as text. `fewRecords`: it looks records up one by one, where others read whole tables. */
  query(fragment: SqlFragment, options?: { readonly fewRecords?: boolean }): Promise<TextRow[]>
  /** Many rows, in batches as they arrive. Fails rather than ending early. */
  copy(fragment: SqlFragment, signal?: AbortSignal): AsyncIterable<readonly TextRow[]>
  close(): Promise<void>
}

/** "db.internal:5432/saleor": what a person needs to recognise the database, without its password. */
export function databaseLabel(url: string): string {
  try {
    const { hostname, port, pathname } = new URL(url)
    return `${hostname || 'localhost'}${port && `:${port}`}${decodeURIComponent(pathname)}`
  } catch {
    return 'the database'
  }
}

/** Opens the transaction: repeatable read (so that all statements see one state), read only, in UTC. */
export async function openReadOnly(options: PostgresOptions, signal?: AbortSignal): Promise<ReadOnlyTransaction> {
  const label = databaseLabel(options.url)
  const client = await makeClient(options, label)
  // A connection that breaks while idle is reported as an event; the next statement then fails by itself.
  let broken: unknown
  client.on('error', cause => {
    broken ??= cause
  })
  const abort = (): void => {
    requestCancel(client)
    destroy(client)
  }
  signal?.addEventListener('abort', abort, { once: true })
  const named = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      signal?.throwIfAborted()
      return await work()
    } catch (cause) {
      signal?.throwIfAborted()
      throw postgresError(broken ?? cause, label)
    }
  }
  const close = async (): Promise<void> => {
    signal?.removeEventListener('abort', abort)
    await Promise.race([client.end().catch(() => undefined), new Promise(done => setTimeout(done, 1_000).unref())])
    destroy(client)
  }
  try {
    await named(async () => {
      await client.connect()
      await client.query('begin isolation level repeatable read read only')
      await client.query(SESSION, [
        String(options.statementTimeoutMs),
        String(Math.min(Math.ceil(options.statementTimeoutMs / 2), 30_000)),
      ])
    })
  } catch (cause) {
    await close()
    throw cause
  }
  // A statement reads its values from settings of the transaction: between the two no other may come.
  const inTurn = makeTurns()
  return {
    query: (fragment, { fewRecords = false } = {}) =>
      inTurn(() =>
        named(async () => {
          const deadline = setDeadline(client, options)
          try {
            const { text } = await bindSettings(client, fragment)
            if (fewRecords) await client.query("select set_config('enable_nestloop', 'on', true)")
            const result = await client.query({ text, rowMode: 'array' })
            if (fewRecords) await client.query("select set_config('enable_nestloop', 'off', true)")
            return result.rows as TextRow[]
          } finally {
            clearTimeout(deadline)
          }
        }),
      ),
    copy: async function* (fragment, copySignal) {
      const deadline = setDeadline(client, options)
      copySignal?.addEventListener('abort', abort, { once: true })
      try {
        yield* copyRows(client, fragment, { label, inTurn, signal: copySignal ?? signal })
      } finally {
        copySignal?.removeEventListener('abort', abort)
        clearTimeout(deadline)
      }
    },
    close,
  }
}

/** The driver loads when a database is read: most commands read none. */
async function makeClient({ url, connectTimeoutMs }: PostgresOptions, label: string): Promise<pg.Client> {
  const { Client } = (await import('pg')).default
  try {
    return new Client({
      connectionString: url,
      connectionTimeoutMillis: connectTimeoutMs,
      application_name: 'storemap',
      keepAlive: true,
      // Every value as the text PostgreSQL writes, as COPY gives it.
      types: { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig,
    })
  } catch {
    // The driver's own error holds the address, password and all.
    throw postgresError(new Error('its address cannot be read'), label)
  }
}

/**
 * jit off: compiling the expressions of a query that is read once costs more than it saves. Nested loops are the one
 * plan that turns a wrong estimate (values are not known to the planner) into hours; every read here is of whole tables.
 */
const SESSION = `select set_config('TimeZone', 'UTC', true), set_config('DateStyle', 'ISO, YMD', true),
  set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true),
  set_config('jit', 'off', true), set_config('enable_nestloop', 'off', true)`

async function* copyRows(
  client: pg.Client,
  fragment: SqlFragment,
  { label, inTurn, signal }: { label: string; inTurn: ReturnType<typeof makeTurns>; signal: AbortSignal | undefined },
): AsyncGenerator<readonly TextRow[]> {
  let lost: unknown
  try {
    signal?.throwIfAborted()
    const { to: copyTo } = await import('pg-copy-streams')
    const stream = await inTurn(async () => {
      const { text } = await bindSettings(client, fragment)
      return client.query(copyTo(`copy (${text}) to stdout`))
    })
    // A connection that ends in the middle ends no COPY stream by itself: it would wait for ever.
    const end = (cause?: Error): void => {
      lost ??= cause ?? connectionLost()
      stream.destroy(lost as Error)
    }
    client.once('error', end)
    client.once('end', end)
    try {
      yield* decodeRows(stream as AsyncIterable<Buffer>)
    } finally {
      client.off('error', end)
      client.off('end', end)
      if (!stream.readableEnded) destroy(client)
    }
  } catch (cause) {
    signal?.throwIfAborted()
    throw postgresError(lost ?? cause, label)
  }
}

/** The server ends every statement in time. Where it does not, the connection is dead without having said so. */
function setDeadline(client: pg.Client, { statementTimeoutMs }: PostgresOptions): NodeJS.Timeout {
  const grace = Math.min(statementTimeoutMs, 30_000)
  return setTimeout(() => destroy(client), Math.min(statementTimeoutMs + grace, 2 ** 31 - 1))
}

/** Ends the connection at once. */
function destroy(client: pg.Client): void {
  const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection
  stream.destroy()
}
