// A shop that is read from a standby, which has to give up its readers for what the primary sends.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { tempFolder } from '../helpers/bundle.ts'
import { type RunningCli, until } from '../helpers/cli.ts'
import { createProject, type Project } from '../helpers/project.ts'
import { type Found, findWhole, inRepository } from './consumer.ts'
import { growShop, largeShop, stopWhileReading } from './large-shop.ts'
import { type Replication, startReplication } from './replica.ts'

let folder: AsyncDisposable & { readonly path: string }
let servers: Replication
beforeAll(async () => {
  folder = await tempFolder()
  servers = await startReplication(folder.path)
  await growShop(servers.primary.query)
})
afterAll(async () => {
  await servers?.[Symbol.asyncDispose]()
  await folder?.[Symbol.asyncDispose]()
})

let project: Project
beforeEach(async () => {
  project = await createProject()
  await project.configure({ ...largeShop, publish: [{ git: { repo: '../sitemap.git' } }] })
  await caughtUp()
  expect((await project.run(['run'], onStandby())).code).toBe(0)
})
afterEach(async () => {
  await project[Symbol.asyncDispose]()
})

const onStandby = () => ({ DATABASE_URL: servers.standby.url })
const published = async (): Promise<Found | undefined> => findWhole(await inRepository(project.repository))
const firstOf = async (server: 'primary' | 'standby', sql: string): Promise<unknown> =>
  Object.values((await servers[server].query(sql))[0] ?? {})[0]
const caughtUp = async (): Promise<void> => {
  const end = await firstOf('primary', 'select pg_current_wal_lsn()::text')
  await until('the standby has all', () => firstOf('standby', `select pg_last_wal_replay_lsn() >= '${end}'`))
}
const conflicts = async (): Promise<number> =>
  Number(
    await firstOf(
      'standby',
      'select confl_snapshot from pg_stat_database_conflicts where datname = current_database()',
    ),
  )

/** In the middle of the products, the primary removes for good what the reader still has to see. */
async function conflict(running: RunningCli): Promise<void> {
  await stopWhileReading(servers.standby.query, running)
  await servers.primary.query(`update product_product set slug = 'moved-' || id || '-' || substr(md5(random()::text), 1, 8)
    where id in (select id from product_product order by id desc limit 50)`)
  await servers.primary.query('vacuum product_product')
  const end = await firstOf('primary', 'select pg_current_wal_lsn()::text')
  let before: unknown
  await until('the standby is held up by its reader', async () => {
    const received = await firstOf('standby', `select pg_last_wal_receive_lsn() >= '${end}'`)
    const replayed = await firstOf('standby', 'select pg_last_wal_replay_lsn()::text')
    const isStuck = received === true && replayed === before && replayed !== end
    before = replayed
    return isStuck
  })
  running.child.kill('SIGCONT')
}

test('a reading that the standby gave up is done again, whole, and the run says why', async () => {
  const counted = await conflicts()
  const running = await project.start(['run', '--json'], onStandby())
  await conflict(running)
  const { code, stdout } = await running.ended
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({
    code: 0,
    outcome: 'published',
    warnings: [expect.stringMatching(/^The shop was read again, .*conflict with recovery/)],
  })
  expect(await conflicts()).toBe(counted + 1)
  const pages = [...((await published())?.pages.keys() ?? [])]
  expect(pages).toHaveLength(Number(await firstOf('primary', 'select count(*) from product_product')))
  expect(pages.filter(loc => loc.includes('/moved-'))).toHaveLength(50)
  expect(await project.leftovers()).toEqual([])
})

test('a standby that never lets it be read to the end fails the run by name, and the old bundle stays', async () => {
  const before = await published()
  const running = await project.start(['run'], onStandby())
  for (let attempt = 1; attempt <= 3; attempt++) await conflict(running)
  expect(await running.ended).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/error SOURCE_CONFLICT .*conflict with recovery.* Nothing was published\./),
  })
  expect((await published())?.revision).toBe(before?.revision)
  expect(await project.leftovers()).toEqual([])
})
