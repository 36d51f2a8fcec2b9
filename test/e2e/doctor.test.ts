// `storemap doctor` as people and programs call it.
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../helpers/cli.ts'
import { startHangingServer } from '../helpers/hanging-server.ts'
import { createProject, demoShop, listShop, type Project } from '../helpers/project.ts'
import { serveFolder } from '../oracles/serve-folder.ts'

let project: Project
beforeEach(async () => {
  project = await createProject({ withDatabase: true })
})
afterEach(() => project[Symbol.asyncDispose]())

const git = { publish: [{ git: { repo: '../sitemap.git' } }] }
/** A site that nobody has to look up. */
const nowhere = { site: 'http://127.0.0.1:9' }

test('says line by line what is there and what is not, with its remedy, and exits 1 where something failed', async () => {
  await project.configure({ ...demoShop, ...git, ...nowhere })
  const { code, stdout, stderr } = await project.run(['doctor'])
  expect(stderr).toBe('')
  expect(code).toBe(1)
  expect(stdout).toMatch(/^configuration\n {2}ok {7}file {5}.*storemap\.config\.json: 1 site\n/)
  expect(stdout).toMatch(/\ndatabase\n {2}ok {7}connection {3}127\.0\.0\.1:\d+\/storemap_test_\w+, PostgreSQL \d+/)
  expect(stdout).toMatch(
    /\n {2}warning {2}role .*a read-only role is enough\n {11}→ docs\/database-role\.md: CREATE ROLE/,
  )
  expect(stdout).toMatch(/\ntarget git work\/\.\.\/sitemap \(master\)\n|\ntarget git [\w./-]+sitemap \(master\)\n/)
  expect(stdout).toMatch(/\nsite http:\/\/127\.0\.0\.1:9\n {2}failed {3}home page {2}\S.*\n {11}→ Check "site"/)
  expect(stdout).toMatch(/\n\n\d+ ok, \d+ warnings?, 1 failed\n$/)
  // It left nothing behind, here or there.
  expect(await project.leftovers()).toEqual([])
  expect(await project.repository.head()).toBeUndefined()
})

test('--json has the same for programs, and --quiet what is not well alone', async () => {
  await project.configure({ ...demoShop, ...git, ...nowhere })
  const { code, stdout, stderr } = await project.run(['doctor', '--json'])
  expect([code, stderr]).toEqual([1, ''])
  const report = JSON.parse(stdout)
  expect(report).toMatchObject({ outcome: 'failed', failed: 1, ok: expect.any(Number), warnings: expect.any(Number) })
  expect(report.checks).toHaveLength(report.ok + report.warnings + report.failed)
  expect(report.checks.find(({ what }: { what: string }) => what === 'push')).toEqual({
    site: null,
    area: expect.stringMatching(/^target git /),
    what: 'push',
    result: 'ok',
    found: expect.stringContaining('dry run'),
    remedy: null,
    code: null,
  })
  const quiet = await project.run(['doctor', '--quiet'])
  expect(quiet.stdout).not.toMatch(/^ {2}ok/m)
  expect(quiet.stdout).toMatch(/^ {2}failed {3}home page/m)
})

test('exits 2 where the configuration has mistakes, which come as lines, and looks at the rest', async () => {
  await project.configure({ ...demoShop, ...git, ...nowhere, schedule: 'at night' })
  const { code, stdout } = await project.run(['doctor'], { DATABASE_URL: project.database?.url ?? '' })
  expect(code).toBe(2)
  expect(stdout).toMatch(/\n {2}failed {3}schedule +Expected five fields/)
  expect(stdout).toMatch(/\n {2}ok {7}connection/)
  const missing = await project.run(['doctor', '--config', 'nowhere.yaml'])
  expect(missing.code).toBe(2)
  expect(missing.stdout).toMatch(/failed {3}file {2}.*nowhere\.yaml/)
})

test('exits 0 where nothing failed, warnings or not', async () => {
  await project.write('paths.txt', '/about\n')
  await using server = await serveFolder(project.dir)
  await project.configure({ ...listShop, ...git, site: server.url })
  const { code, stdout } = await project.run(['doctor'])
  expect(code, stdout).toBe(0)
  expect(stdout).toMatch(/\n\d+ ok, 2 warnings\n$/)
})

test('what hangs is cut off after --timeout; a signal ends all of it in order', async () => {
  await using server = await startHangingServer()
  const site = server.url('http', '').replace(/\/$/, '')
  await project.configure({ ...listShop, ...git, site })
  const { code, stdout } = await project.run(['doctor', '--timeout', '1s'])
  expect(code).toBe(1)
  expect(stdout).toMatch(/failed {3}home page {2}there was no answer within 1 s/)

  const before = server.connections()
  const running = await project.start(['doctor'])
  await until('it asks', () => server.connections() > before)
  running.child.kill('SIGTERM')
  const ended = await running.ended
  expect(ended.code).toBe(1)
  expect(ended.stderr).toContain('DOCTOR_ABORTED')
  expect(await project.leftovers()).toEqual([])
})

test('no secret is in anything it says', async () => {
  const token = 'ghp_doctorsTokenOfAll1234'
  const repo = `https://storemap:${token}@127.0.0.1:9/acme/sitemap.git`
  await project.configure({ ...listShop, ...nowhere, publish: [{ git: { repo } }] })
  await chmod(join(project.dir, 'storemap.config.json'), 0o644)
  for (const args of [['doctor'], ['doctor', '--json'], ['doctor', '--verbose']]) {
    const { code, stdout, stderr } = await project.run(args)
    expect(code).toBe(1)
    expect(stdout + stderr).toMatch(/take it out|Take it out/)
    expect(stdout + stderr).not.toContain(token)
  }
})

test('an option that is none, and a container that is none, are told before anything is looked at', async () => {
  await project.configure({ ...listShop, ...git })
  for (const args of [
    ['--timeout', 'long'],
    ['--container=--privileged'],
    ['--container', 'front-end', '--web-root', 'html'],
  ]) {
    const { code, stdout, stderr } = await project.run(['doctor', ...args])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toContain('OPTION_INVALID')
  }
})
