// A connection to the database that is cut in the middle of the products: half a shop is never published as the whole.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunningCli } from '../helpers/cli.ts'
import { createProject, type Project } from '../helpers/project.ts'
import { type Found, findWhole, inRepository } from './consumer.ts'
import { growShop, LARGE, largeShop, stopWhileReading } from './large-shop.ts'

let project: Project
const query = async (sql: string, values: unknown[] = []) => (await project.database?.query(sql, values)) ?? []
const published = async (): Promise<Found | undefined> => findWhole(await inRepository(project.repository))

beforeAll(async () => {
  project = await createProject({ withDatabase: true })
  await growShop(query)
  await project.configure({ ...largeShop, publish: [{ git: { repo: '../sitemap.git' } }] })
  expect((await project.run(['run'])).code).toBe(0)
  await query(`update product_product set slug = 'renamed-' || id where id % 1000 = 0`)
})
afterAll(async () => {
  await project?.[Symbol.asyncDispose]()
})

async function cut(running: RunningCli): Promise<void> {
  const pid = await stopWhileReading(query, running)
  await query('select pg_terminate_backend($1, 10000)', [pid])
  running.child.kill('SIGCONT')
}

test('a diff that is cut off fails, and shows no page as gone that the shop still has', async () => {
  const running = await project.start(['diff'])
  await cut(running)
  const { code, stdout, stderr } = await running.ended
  expect({ code, stdout, stderr }).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('error SOURCE_CONNECTION_LOST'),
  })
})

test('a run that is cut off again and again fails by name, and the old bundle stays', async () => {
  const before = await published()
  const running = await project.start(['run'])
  for (let attempt = 1; attempt <= 3; attempt++) await cut(running)
  expect(await running.ended).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/error SOURCE_CONNECTION_LOST .*nothing was published/),
  })
  expect((await published())?.revision).toBe(before?.revision)
  expect(await project.repository.subjects()).toHaveLength(1)
  expect(await project.leftovers()).toEqual([])
})

test('a run that is cut off once reads the shop again, whole, and says so', async () => {
  const running = await project.start(['run', '--json'])
  await cut(running)
  const { code, stdout } = await running.ended
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({
    code: 0,
    outcome: 'published',
    warnings: [expect.stringMatching(/^The shop was read again, .* broke while it was read/)],
  })
  const [{ count } = { count: 0 }] = await query('select count(*)::int from product_product')
  const pages = [...((await published())?.pages.keys() ?? [])]
  expect(pages).toHaveLength(count as number)
  expect(pages.filter(loc => loc.includes('/renamed-')).length).toBeGreaterThanOrEqual(LARGE / 1_000)
  expect(await project.leftovers()).toEqual([])
})
