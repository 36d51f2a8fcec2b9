// Dates by content with the built program, on the demo shop and on real shops: what a night's run changes, and what not.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunReport } from '../../src/pipeline/report.ts'
import { runGit } from '../helpers/git-remotes.ts'
import { loadSqlGz } from '../helpers/postgres.ts'
import { createProject, demoShop, listShop, type Project, paths } from '../helpers/project.ts'

const DATA = fileURLToPath(new URL('../../../shared/saleor', import.meta.url))
const versions = ['demo', ...['3.23', '3.20', '3.14'].filter(version => existsSync(join(DATA, version)))]
if (versions.length === 1) {
  console.warn('SKIPPED: nights of real Saleor shops, since ../shared/saleor is not beside this repository.')
}

const toGit = { publish: [{ git: { repo: '../sitemap.git' } }] } as const
const everything = {
  ...demoShop,
  sections: {
    products: { of: 'products', url: '/products/{slug}' },
    categories: { of: 'categories', url: '/categories/{slug}' },
    pages: { of: 'pages', url: '/pages/{slug}' },
  },
  limits: { entries: 10 },
  guard: { maxShrink: '100%' },
} as const

let project: Project
afterEach(() => project[Symbol.asyncDispose]())

async function run(...args: string[]): Promise<RunReport> {
  const { code, stdout, stderr } = await project.run(['run', '--json', ...args])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as RunReport
}
const query = (text: string) => project.database?.query(text)
const heads = async () => [await project.repository.head(), await project.repository.head('storemap-state')]
const filesOfLast = async () =>
  (await runGit(['show', '--format=', '--name-only', 'master'], { cwd: project.repository.dir })).trim().split('\n')
const rowsNames = async () =>
  (await project.repository.names('storemap-state')).filter(name => name.startsWith('master.rows-'))

describe.each(versions)('the nights of the shop %s', version => {
  beforeEach(async () => {
    project = await createProject({ withDatabase: true })
    if (version !== 'demo') {
      await query('drop schema public cascade; create schema public')
      await loadSqlGz(project.database?.url as string, join(DATA, version, 'catalog.sql.gz'))
    }
    await project.configure({ ...everything, ...toGit })
    await run()
  })

  test('in which everything was touched and nothing changed: no byte, no commit, on neither branch', async () => {
    const before = await heads()
    await query('update product_product set updated_at = now()')
    if (version !== '3.14') await query('update product_category set updated_at = now()')
    expect(await run()).toMatchObject({
      outcome: 'unchanged',
      warnings: [],
      files: { added: 0, changed: 0, removed: 0 },
    })
    expect(await heads()).toEqual(before)
  })

  test('in which one name changed: one shard, the index and the manifest, and one part of the state', async () => {
    const before = await rowsNames()
    const listed = String(await project.repository.read('sitemap.xml'))
    const shard = /<loc>[^<]*\/(sitemap-products-[^<]*)</.exec(listed)?.[1] as string
    const slug = /\/products\/([^<]*)</.exec(String(await project.repository.read(shard)))?.[1] as string
    await query(`update product_product set name = 'Renamed' where slug = '${slug}'`)
    expect(await run()).toMatchObject({ outcome: 'published', changes: { added: 0, removed: 0, changed: 1 } })
    expect(await filesOfLast()).toEqual([shard, 'sitemap.xml', 'storemap.json'].sort())
    const after = await rowsNames()
    expect(after.filter(name => !before.includes(name))).toHaveLength(1)
    expect(after).toHaveLength(before.length)
  })

  test('after the state was lost: it heals without a byte, and says so once', async () => {
    await runGit(['update-ref', '-d', 'refs/heads/storemap-state'], { cwd: project.repository.dir })
    const [head] = await heads()
    await query('update product_product set updated_at = now()')
    expect(await run()).toMatchObject({
      outcome: 'unchanged',
      warnings: [expect.stringContaining('There is no state')],
    })
    expect((await heads())[0]).toBe(head)
    expect(await run()).toMatchObject({ outcome: 'unchanged', warnings: [] })
  })

  test('take 25 bytes of state a page at most', async () => {
    const { entries } = await run()
    await project.configure({ ...everything, ...toGit, limits: { entries: 50_000 } })
    await run()
    const sizes = await runGit(['ls-tree', '-l', 'storemap-state'], { cwd: project.repository.dir })
    const bytes = [...sizes.matchAll(/ +(\d+)\tmaster\.(?:rows|state)/g)].reduce(
      (sum, [, size]) => sum + Number(size),
      0,
    )
    expect(bytes / entries).toBeLessThan(25)
  })
})

describe('bundle and state', () => {
  beforeEach(async () => {
    project = await createProject({ withDatabase: true })
    await project.configure({ ...everything, ...toGit })
    await run()
    await query(`update product_product set name = name || '!' where id < 20`)
  })

  test.each(['master', 'storemap-state'])('arrive by one push: a remote that refuses %s gets neither', async branch => {
    const before = await heads()
    await project.addHook('update', `[ "$1" != refs/heads/${branch} ] || { echo not today >&2; exit 1; }`)
    const { code, stderr } = await project.run(['run'])
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('error TARGET_PUSH_REFUSED') })
    expect(await heads()).toEqual(before)
  })

  test('a run killed between the state and a folder has harmed nothing: the next one dates as it would have', async () => {
    await project.configure({ ...everything, publish: [{ directory: 'public' }], state: { directory: 'state' } })
    await run()
    await query(`update product_product set name = name || '?' where id < 20`)
    // A folder in the way stops the run exactly there: the state is written, the bundle is not.
    const { promises } = await import('node:fs')
    const entry = join(project.dir, 'public/.storemap/current')
    const link = await promises.readlink(entry)
    await promises.rm(entry)
    await promises.mkdir(join(entry, 'in the way'), { recursive: true })
    expect((await project.run(['run'])).code).not.toBe(0)
    await promises.rm(entry, { recursive: true })
    await promises.symlink(link, entry)
    const report = await run()
    expect(report).toMatchObject({ outcome: 'published', warnings: [] })
    expect(report.changes?.changed).toBeGreaterThan(5)
  })
})

test('several sites in one repository keep their states apart', async () => {
  project = await createProject()
  await project.write('paths.txt', paths(25))
  const site = (name: string) => ({
    ...listShop,
    site: `https://${name}.example.com`,
    publish: [{ git: { repo: '../sitemap.git', branch: name } }],
  })
  await project.configure({ sites: { de: site('de'), us: site('us') } } as never)
  expect((await project.run(['run'])).code).toBe(0)
  const before = await heads()
  expect((await project.run(['run'])).code).toBe(0)
  expect(await heads()).toEqual(before)
  const names = (await project.repository.names('storemap-state')).filter(name => name.includes('.state-'))
  expect(names.map(name => name.split('.')[0])).toEqual(['de', 'us'])
})
