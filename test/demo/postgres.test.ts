import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startPostgres } from '../../src/demo/postgres.ts'
import { withClient } from '../helpers/postgres.ts'

const FACTS = `select current_user as user, current_database() as database, datcollate as locale,
  current_setting('server_encoding') as encoding, current_setting('timezone') as timezone,
  current_setting('listen_addresses') as addresses, current_setting('data_directory') as data
  from pg_database where datname = current_database()`

describe('the demo server', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'storemap-server-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  test('starts, answers, stops, and leaves nothing behind', async () => {
    const steps: string[] = []
    const server = await startPostgres({ dir, onStep: step => steps.push(step) })
    const { data, ...facts } = await withClient(server.url, async client => (await client.query(FACTS)).rows[0])
    await server.stop()
    await server.stop()

    expect(steps.slice(-2)).toEqual(['creating its data folder', 'starting the server'])
    expect(facts).toEqual({
      user: 'storemap',
      database: 'postgres',
      locale: 'C',
      encoding: 'UTF8',
      timezone: 'UTC',
      addresses: '127.0.0.1',
    })
    await expect(new pg.Client(server.url).connect()).rejects.toThrow('ECONNREFUSED')
    await expect(readdir(data)).rejects.toThrow('ENOENT')
    expect(await readdir(dir)).toEqual([])
  })

  test('asks for the password, and does not wait for clients when it stops', async () => {
    const server = await startPostgres({ dir })
    const url = new URL(server.url)
    url.password = 'guess'
    await expect(new pg.Client(url.href).connect()).rejects.toMatchObject({ code: '28P01' })

    const client = new pg.Client(server.url)
    await client.connect()
    const farewell = new Promise<Error>(resolve => client.on('error', resolve))
    await server.stop()
    expect(await farewell).toMatchObject({ code: '57P01' })
  })

  test('says why it cannot start on a port that is taken', async () => {
    await using first = await startPostgres({ dir })
    const port = Number(new URL(first.url).port)
    await expect(startPostgres({ dir, port })).rejects.toMatchObject({
      code: 'DEMO_POSTGRES_FAILED',
      message: expect.stringContaining('Address already in use'),
    })
  })

  test('ends what it started when aborted while creating its data folder', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const onStep = (): void => void setTimeout(() => controller.abort(reason), 20)
    await expect(startPostgres({ dir, onStep, signal: controller.signal })).rejects.toBe(reason)
    expect(await readdir(dir)).toEqual([])
  })

  test('starts no server when aborted just before', async () => {
    const controller = new AbortController()
    const onStep = (step: string): void => {
      if (step === 'starting the server') controller.abort()
    }
    await expect(startPostgres({ dir, onStep, signal: controller.signal })).rejects.toThrow('aborted')
    expect(await readdir(dir)).toEqual([])
  })

  test('does nothing when the signal is aborted already', async () => {
    await expect(startPostgres({ dir, signal: AbortSignal.abort() })).rejects.toThrow('aborted')
    expect(await readdir(dir)).toEqual([])
  })
})
