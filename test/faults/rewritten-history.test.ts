// A branch that somebody rewrote between two runs: the next run publishes on top of whatever is there.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RunReport } from '../../src/pipeline/report.ts'
import { runGit } from '../helpers/git-remotes.ts'
import { createProject, type Project } from '../helpers/project.ts'
import { type ChangingShop, changingShop, makeChangingShop } from './changing-shop.ts'
import { type Found, findWhole, inRepository } from './consumer.ts'

let project: Project
let shop: ChangingShop
const published = async (): Promise<Found | undefined> => findWhole(await inRepository(project.repository))
const git = (...args: string[]) => runGit(args, { cwd: project.repository.dir })
const run = async (): Promise<RunReport> => {
  const { code, stdout } = await project.run(['run', '--json'])
  expect(code, stdout).toBe(0)
  return JSON.parse(stdout) as RunReport
}

beforeEach(async () => {
  project = await createProject({ withDatabase: true })
  await project.configure({ ...changingShop, publish: [{ git: { repo: '../sitemap.git' } }] })
  await project.repository.commit({ 'README.md': 'Ours' })
  await run()
  shop = makeChangingShop(project, (await published()) as Found)
  await shop.change()
  await run()
  shop.expectShown(await published())
})
afterEach(async () => {
  await project[Symbol.asyncDispose]()
})

test('with the bundle kept: nothing was lost, so nothing is said', async () => {
  const squashed = (await git('commit-tree', '-m', 'All in one', 'master^{tree}')).trim()
  await git('update-ref', 'refs/heads/master', squashed)
  expect(await run()).toMatchObject({ outcome: 'unchanged', warnings: [] })
  await shop.change()
  expect(await run()).toMatchObject({ outcome: 'published', warnings: [], changes: { added: 1 } })
  shop.expectShown(await published())
  expect((await git('rev-parse', 'master^')).trim()).toBe(squashed)
})

test('with an older bundle: the newer is published on top, and it is said that the state was of another', async () => {
  const newer = await published()
  const older = (await git('rev-parse', 'master^')).trim()
  await git('update-ref', 'refs/heads/master', older)
  const report = await run()
  expect(report).toMatchObject({
    outcome: 'published',
    changes: { added: 1 },
    warnings: [expect.stringContaining('belongs to another bundle than the published one')],
  })
  expect([...((await published())?.pages.keys() ?? [])].sort()).toEqual([...(newer?.pages.keys() ?? [])].sort())
  expect((await git('rev-parse', 'master^')).trim()).toBe(older)
  expect(await run()).toMatchObject({ outcome: 'unchanged', warnings: [] })
})

test('with the branch of state set back: dates stay as they are published, and it heals', async () => {
  const old = (await git('rev-parse', 'storemap-state')).trim()
  await shop.change()
  await run()
  const before = await published()
  await git('update-ref', 'refs/heads/storemap-state', old)
  expect(await run()).toMatchObject({
    outcome: 'unchanged',
    warnings: [expect.stringContaining('belongs to another bundle than the published one')],
  })
  expect((await published())?.revision).toBe(before?.revision)
  await shop.change()
  expect(await run()).toMatchObject({ outcome: 'published', warnings: [] })
  shop.expectShown(await published())
})

test('without the bundle: it is held back until somebody says that this is right', async () => {
  await git('update-ref', 'refs/heads/master', (await git('rev-list', '--max-parents=0', 'master')).trim())
  expect(await project.run(['run'])).toMatchObject({ code: 3, stderr: expect.stringContaining('BUNDLE_VANISHED') })
  expect((await project.run(['run', '--accept'])).code).toBe(0)
  expect(await run()).toMatchObject({ outcome: 'unchanged', warnings: [] })
  expect(String(await project.repository.read('README.md'))).toBe('Ours')
})
