// What the doctor says of a real standby.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Replication, startReplication } from '../faults/replica.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { until } from '../helpers/cli.ts'
import { demoShop } from '../helpers/project.ts'
import { examined, textOf } from './setting.ts'

let folder: AsyncDisposable & { readonly path: string }
let servers: Replication
beforeAll(async () => {
  folder = await tempFolder()
  servers = await startReplication(folder.path)
})
afterAll(async () => {
  await servers?.[Symbol.asyncDispose]()
  await folder?.[Symbol.asyncDispose]()
})

const look = (server: 'primary' | 'standby') =>
  examined(demoShop, { folder: folder.path, environment: { DATABASE_URL: servers[server].url } })
const replicaLines = async (server: 'primary' | 'standby' = 'standby') => {
  const { lines } = await look(server)
  return lines.filter(({ what }) => what === 'replica').map(({ result, found }) => `${result}: ${found}`)
}
const write = () => servers.primary.query("update channel_channel set name = name || '.'")
const isCaughtUp = async (): Promise<boolean> => {
  const [row] = await servers.standby.query('select pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() as same')
  return row?.same === true
}

test('a primary is no replica', async () => {
  expect(await replicaLines('primary')).toEqual([])
})

test('a replica that has all is told so, and that it gives up its readers at once', async () => {
  await write()
  await until('the standby has it', isCaughtUp)
  const { lines } = await look('standby')
  const told = lines.filter(({ what }) => what === 'replica')
  expect(told, textOf(lines)).toMatchObject([
    { result: 'ok', found: 'a replica that has replayed all that it received' },
    {
      result: 'warning',
      found: 'it ends a reading that stands in the way of its primary after 0 s',
      remedy: expect.stringContaining('ALTER SYSTEM SET hot_standby_feedback = on; SELECT pg_reload_conf();'),
    },
  ])
  // A superuser there cannot write either, and is told all the same.
  expect(lines.find(({ what }) => what === 'role')?.found).toContain('though a replica takes nothing')
})

test('what the remedy says helps', async () => {
  await servers.standby.query('alter system set hot_standby_feedback = on')
  await servers.standby.query('select pg_reload_conf()')
  await until('the setting is taken', async () => {
    const [row] = await servers.standby.query("select current_setting('hot_standby_feedback') as value")
    return row?.value === 'on'
  })
  expect(await replicaLines()).toEqual(['ok: a replica that has replayed all that it received'])
})

test('one that stopped replaying, or receives nothing any more, is behind by so much', async () => {
  await servers.standby.query('select pg_wal_replay_pause()')
  await write()
  await until('something has come and lies there', async () => !(await isCaughtUp()))
  const [paused] = await replicaLines()
  await servers.standby.query('select pg_wal_replay_resume()')
  expect(paused).toMatch(/^ok: a replica, \d+ s behind its primary$/)
  await until('all is replayed', isCaughtUp)
  // The primary lets no replica in any more.
  const [file] = await servers.primary.query("select setting as path from pg_settings where name = 'hba_file'")
  await servers.primary.query(`copy (select 'host all all 127.0.0.1/32 trust') to '${file?.path}'`)
  await servers.primary.query('select pg_reload_conf()')
  await servers.primary.query('select pg_terminate_backend(pid) from pg_stat_replication')
  await until('the connection is gone', async () => {
    const rows = await servers.standby.query('select pid from pg_stat_wal_receiver')
    return rows.length === 0
  })
  expect((await replicaLines())[0]).toMatch(/^ok: a replica, \d+ s behind its primary, and receives nothing from it/)
})
