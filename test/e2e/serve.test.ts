// `storemap serve`: on its schedule, through good days and bad, until it is told to end.
import { readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunReport } from '../../src/pipeline/report.ts'
import { until } from '../helpers/cli.ts'
import { databaseUrl, withClient } from '../helpers/postgres.ts'
import { isGone } from '../helpers/processes.ts'
import { createProject, demoShop, listShop, locsOf, type Project, paths } from '../helpers/project.ts'

const eachSecond = { schedule: '* * * * * *' } as const
const toGit = { publish: [{ git: { repo: '../sitemap.git' } }] } as const
const toFolder = { publish: [{ directory: './public' }] } as const

let project: Project
afterEach(async () => {
  await project[Symbol.asyncDispose]()
})

/** At once, so that no run reads half of it. */
async function writePaths(count: number): Promise<void> {
  await project.write('next.txt', paths(count))
  await rename(join(project.dir, 'next.txt'), join(project.dir, 'paths.txt'))
}

/** The JSON documents printed so far, one a line. */
const reportsIn = (stdout: string): (RunReport & { error?: { code: string } })[] =>
  stdout
    .split('\n')
    .slice(0, -1)
    .map(line => JSON.parse(line))

describe('serve on a list', () => {
  beforeEach(async () => {
    project = await createProject()
    await writePaths(25)
  })

  test('runs each second where six fields say so, and ends with 0 on SIGTERM between two runs', async () => {
    await project.configure({ ...listShop, ...toGit, ...eachSecond })
    const serving = await project.start(['serve'])
    await until('two runs', () => (serving.stdout().match(/unchanged at git/g)?.length ?? 0) >= 2)
    expect(serving.stderr()).toContain('serving shop.example.com on schedule "* * * * * *" (UTC)')
    await writePaths(26)
    await until('the change', async () => (await project.repository.subjects()).length === 2)
    const asked = Date.now()
    serving.child.kill('SIGTERM')
    expect(await serving.ended).toMatchObject({ code: 0, stderr: expect.stringMatching(/stopped\n$/) })
    expect(Date.now() - asked).toBeLessThan(4_000)
    expect(await project.repository.subjects()).toHaveLength(2)
    expect(await project.leftovers()).toEqual([])
  })

  test('never runs twice at once, however slow the target is', async () => {
    await project.addHook('pre-receive', 'echo start >> log; sleep 1.3; echo end >> log')
    await project.configure({ ...listShop, ...toGit, ...eachSecond })
    const serving = await project.start(['serve', '--json'])
    const log = () => {
      try {
        return readFileSync(join(project.repository.dir, 'log'), 'utf8')
      } catch {
        return ''
      }
    }
    for (let count = 26; !log().includes('start\nend\nstart\nend\nstart\nend\n'); count++) {
      await writePaths(count)
      await delay(100)
      if (count > 26 + 200) throw new Error(`no three runs: ${log()} ${serving.stdout()}`)
    }
    serving.child.kill('SIGTERM')
    expect((await serving.ended).code).toBe(0)
    expect(log()).not.toContain('start\nstart')
    expect(serving.stdout()).not.toContain('RUN_LOCKED')
  })

  test('goes on after a run that failed, and heals when the cause is gone', async () => {
    const folder = join(project.dir, 'public')
    await mkdir(folder)
    await writeFile(join(folder, 'sitemap.xml'), '<urlset/>')
    await project.configure({ ...listShop, ...toFolder, ...eachSecond })
    const serving = await project.start(['serve', '--json'])
    await until('a failure', () => reportsIn(serving.stdout()).length >= 1)
    expect(reportsIn(serving.stdout())[0]).toMatchObject({ outcome: 'failed', error: { code: 'TARGET_FILE_FOREIGN' } })
    expect(await readFile(join(folder, 'sitemap.xml'), 'utf8')).toBe('<urlset/>')

    await rm(join(folder, 'sitemap.xml'))
    await until('a success', () => reportsIn(serving.stdout()).some(({ outcome }) => outcome === 'published'))
    expect(locsOf(await readFile(join(folder, 'sitemap.xml')))).toHaveLength(25)
    serving.child.kill('SIGTERM')
    expect(await serving.ended).toMatchObject({ code: 0, stderr: '' })
  })

  test('told to end in the middle of a push it ends soon, with one whole bundle and nothing left behind', async () => {
    await project.configure({ ...listShop, ...toGit, ...eachSecond })
    const serving = await project.start(['serve'])
    await until('a first bundle', () => project.repository.head())
    const nap = `sleep 20.${process.pid}`
    await project.addHook('pre-receive', `touch pushing; ${nap}`)
    await writePaths(26)
    await until('a push', async () => (await readdir(project.repository.dir)).includes('pushing'))
    const asked = Date.now()
    serving.child.kill('SIGTERM')
    expect((await serving.ended).code).toBe(0)
    expect(Date.now() - asked).toBeLessThan(6_000)

    const { files } = JSON.parse(String(await project.repository.read('storemap.json')))
    const xml = await project.repository.read('sitemap.xml')
    expect(xml?.length).toBe(files['sitemap.xml'].bytes)
    expect([25, 26]).toContain(locsOf(xml).length)
    expect(await project.leftovers()).toEqual([])
    for (const text of [nap, dirname(project.dir)]) expect(await isGone(text, 2_000), text).toBe(true)
  })

  test('a second signal ends it at once', async () => {
    await project.configure({ ...listShop, ...toGit, ...eachSecond })
    await project.addHook('pre-receive', 'touch pushing; trap "" TERM; sleep 20')
    const serving = await project.start(['serve'])
    await until('a push', async () => (await readdir(project.repository.dir)).includes('pushing'))
    serving.child.kill('SIGTERM')
    await delay(50)
    serving.child.kill('SIGTERM')
    expect((await serving.ended).code).toBe(143)
    expect(await project.leftovers()).toEqual([])
  })

  test('does not start without a schedule or without a target', async () => {
    await project.configure({ ...listShop, ...toGit })
    expect(await project.run(['serve'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('error CONFIG_NO_SCHEDULE'),
    })
    await project.configure({ ...listShop, ...eachSecond })
    expect(await project.run(['serve'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('error CONFIG_NO_TARGET'),
    })
  })
})

test('serve on a shop outlives its database, and goes on when that is back', async () => {
  project = await createProject({ withDatabase: true })
  const { url = '' } = project.database ?? {}
  const name = new URL(url).pathname.slice(1)
  const rename = (from: string, to: string) =>
    withClient(databaseUrl(url, 'postgres'), async client => {
      await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [from])
      await client.query(`alter database ${from} rename to ${to}`)
    })
  await project.configure({ ...demoShop, ...toFolder, ...eachSecond })
  const serving = await project.start(['serve', '--json'])
  const outcomes = () => reportsIn(serving.stdout()).map(({ outcome, error }) => error?.code ?? outcome)
  await until('a bundle', () => outcomes().includes('published'))
  await rename(name, `${name}_away`)
  await until('a failure', () => outcomes().includes('SOURCE_DATABASE_MISSING'))
  const xml = await readFile(join(project.dir, 'public/sitemap.xml'))
  await rename(`${name}_away`, name)
  await until('it is back', () => outcomes().at(-1) === 'unchanged')
  expect(await readFile(join(project.dir, 'public/sitemap.xml'))).toEqual(xml)
  serving.child.kill('SIGTERM')
  expect((await serving.ended).code).toBe(0)
  expect(await project.leftovers()).toEqual([])
})
