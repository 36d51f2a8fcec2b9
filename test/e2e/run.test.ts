// `storemap run` from a real shop's database into a real repository.
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type pg from 'pg'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunReport } from '../../src/pipeline/report.ts'
import { type CliResult, type RunningCli, until } from '../helpers/cli.ts'
import { runGit } from '../helpers/git-remotes.ts'
import { type TestDatabase, withClient } from '../helpers/postgres.ts'
import { createProject, demoShop, listShop, locsOf, type Project, paths, SITE } from '../helpers/project.ts'

const toGit = { publish: [{ git: { repo: '../sitemap.git' } }] } as const
const messageOf = (project: Project) => runGit(['log', '-1', '--format=%B', 'master'], { cwd: project.repository.dir })
const filesOf = async (project: Project) =>
  (await runGit(['show', '--format=', '--name-only', 'master'], { cwd: project.repository.dir })).trim().split('\n')

let project: Project
afterEach(async () => {
  await project[Symbol.asyncDispose]()
})

describe('a run on the demo shop', () => {
  let db: TestDatabase
  beforeEach(async () => {
    project = await createProject({ withDatabase: true })
    db = project.database as TestDatabase
    await project.configure({ ...demoShop, ...toGit })
  })

  test('tells of a channel that was switched off, where that is why a section is held back', async () => {
    await project.configure({ ...demoShop, ...toGit })
    expect((await project.run(['run'])).code).toBe(0)
    await project.database?.query(`update channel_channel set is_active = false where slug = 'default-channel'`)
    const held = await project.run(['run'])
    expect(held.code).toBe(3)
    expect(held.stderr).toMatch(/"products" fell from 350 to 0 .*The channel "default-channel" is not active/s)

    const { products } = demoShop.sections
    await project.configure({ ...demoShop, sections: { products }, publish: [{ directory: 'public' }] })
    const refused = await project.run(['run'])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/BUNDLE_EMPTY .*The channel "default-channel" is not active/s)
  })

  test('publishes into an empty repository, and a second one finds nothing to do', async () => {
    const first = await project.run(['run'])
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining('published to git ') })
    expect(await project.repository.names()).toEqual(['sitemap.xml', 'storemap.json'])
    const locs = locsOf(await project.repository.read('sitemap.xml'))
    expect(locs.filter(loc => loc.startsWith(`${SITE}/products/`))).toHaveLength(350)
    const head = await project.repository.head()

    const second = await project.run(['run'])
    expect(second).toMatchObject({ code: 0, stdout: expect.stringContaining('unchanged at git ') })
    expect(await project.repository.head()).toBe(head)
    expect(await project.leftovers()).toEqual([])
  })

  test('makes one commit of a change, which says its numbers and touches nothing but the sitemap', async () => {
    const others = {
      'README.md': '# Ours\r\n',
      '.github/workflows/deploy.yml': 'on: push\n',
      'favicon.ico': '\u0001\r\n \n',
    }
    await project.repository.commit(others)
    expect((await project.run(['run'])).code).toBe(0)
    await db.query(`update product_product set private_metadata = '{}' where slug = 'beech-rug-1'`)
    await db.query(`update product_product set updated_at = '2026-09-09 09:09:09Z'`)
    await db.query(`update product_product set name = 'Renamed' where slug = 'nordic-runner-1'`)
    expect((await project.run(['run'])).code).toBe(0)

    expect(await project.repository.subjects()).toEqual([
      'Update the sitemap of shop.example.com: 1 removed, 1 changed',
      expect.stringMatching(/^Publish the sitemap of shop\.example\.com: \d+ URLs$/),
      'Others',
    ])
    expect(await messageOf(project)).toContain('products: 350 -> 349\nfiles: 0 new, 1 changed, 0 removed, 0 untouched')
    expect(await filesOf(project)).toEqual(['sitemap.xml', 'storemap.json'])
    for (const [name, content] of Object.entries(others))
      expect(await project.repository.read(name), name).toEqual(Buffer.from(content))
    const lines = String(await project.repository.read('sitemap.xml')).split('\n')
    const now = new Date().toISOString().slice(0, 11)
    expect(lines.filter(line => line.includes('/products/nordic-runner-1</loc>'))).toEqual([
      expect.stringContaining(`<lastmod>${now}`),
    ])
    expect(lines.filter(line => line.includes('2026-09-09'))).toEqual([])
  })

  test("stops before somebody else's sitemap.xml, and takes it over once with --adopt", async () => {
    await project.repository.commit({ 'sitemap.xml': '<urlset/>' })
    const head = await project.repository.head()
    const refused = await project.run(['run'])
    expect(refused.code).toBe(1)
    expect(refused.stderr).toMatch(/error TARGET_FILE_FOREIGN .*"sitemap\.xml"/)
    expect(await project.repository.head()).toBe(head)
    expect(await project.leftovers()).toEqual([])

    expect((await project.run(['run', '--adopt'])).code).toBe(0)
    await db.query(`update product_product set private_metadata = '{}' where slug = 'beech-rug-1'`)
    expect((await project.run(['run'])).code).toBe(0)
    expect(await project.repository.subjects()).toHaveLength(3)
  })

  test('is held back where a section vanishes from the database, and the repository stays', async () => {
    await project.run(['run'])
    const head = await project.repository.head()
    await db.query(`update product_product set private_metadata = '{}'`)
    const held = await project.run(['run'])
    expect(held.code).toBe(3)
    expect(held.stderr).toMatch(/error BUNDLE_SHRUNK .*"products" fell from 350 to 0/)
    const json = await project.run(['run', '--json'])
    expect(json.code).toBe(3)
    expect(JSON.parse(json.stdout)).toMatchObject({ outcome: 'held', error: { code: 'BUNDLE_SHRUNK' } })
    const diff = await project.run(['diff', '--json'])
    expect(diff.code).toBe(0)
    expect(JSON.parse(diff.stdout)).toMatchObject({ held: { code: 'BUNDLE_SHRUNK' }, changes: { removed: 350 } })
    expect(await project.repository.head()).toBe(head)
    expect(await project.leftovers()).toEqual([])
  })

  test('fails where the database fails midway, and the repository stays', async () => {
    await project.run(['run'])
    const head = await project.repository.head()
    await db.query(`alter table product_productchannellisting rename to gone`)
    const failed = await project.run(['run'])
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('error SOURCE_TABLE_MISSING')
    expect(await project.repository.head()).toBe(head)
    expect(await project.leftovers()).toEqual([])
  })
})

describe('a run whose database makes it wait', () => {
  beforeEach(async () => {
    project = await createProject({ withDatabase: true })
    await project.configure({ ...demoShop, ...toGit })
  })

  /** Starts a run that waits for a table, acts, and resolves with how the run ended. */
  async function whileWaiting(
    act: (running: RunningCli, pid: number, holder: pg.Client) => unknown,
  ): Promise<CliResult> {
    const { url, query } = project.database as TestDatabase
    return withClient(url, async holder => {
      await holder.query('begin; lock table product_productvariant in access exclusive mode')
      const running = await project.start(['run'])
      const waiting = () =>
        query("select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")
      await until('the run waits', async () => (await waiting()).length > 0)
      const [{ pid }] = await waiting()
      await act(running, pid, holder)
      const result = await running.ended
      await until('its connection is gone', async () => (await waiting()).length === 0, 3_000)
      await holder.query('rollback')
      return result
    })
  }

  test('ends soon when told to, says that nothing was published, and leaves no connection', async () => {
    const asked = Date.now()
    const { code, stderr } = await whileWaiting(({ child }) => child.kill('SIGTERM'))
    expect(Date.now() - asked).toBeLessThan(6_000)
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('error RUN_ABORTED') })
    expect(await project.repository.head()).toBeUndefined()
    expect(await project.leftovers()).toEqual([])
  })

  test('reads the shop again where its connection is cut, and says so', async () => {
    const { code, stderr } = await whileWaiting(async (_, pid, holder) => {
      await project.database?.query('select pg_terminate_backend($1)', [pid])
      await holder.query('rollback')
    })
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/warning The shop was read again/),
    })
    expect(locsOf(await project.repository.read('sitemap.xml'))).not.toHaveLength(0)
  })

  test('fails where its connection is cut again and again, and publishes nothing', async () => {
    const { code, stderr } = await whileWaiting(async ({ ended }) => {
      let isOver = false
      void ended.then(() => {
        isOver = true
      })
      const cut = `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
      await until('the run gives up', async () => {
        await project.database?.query(cut)
        return isOver
      })
    })
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/error SOURCE_(CONNECTION_LOST|CONFLICT) /),
    })
    expect(await project.repository.head()).toBeUndefined()
    expect(await project.leftovers()).toEqual([])
  })
})

describe('the guard', () => {
  const publish = (count: number) => project.write('paths.txt', paths(count))
  beforeEach(async () => {
    project = await createProject()
    await project.configure({ ...listShop, ...toGit })
  })

  test('holds a section of 25 that falls to 10, and says so in numbers', async () => {
    await publish(25)
    await project.run(['run'])
    const head = await project.repository.head()
    await publish(10)
    const held = await project.run(['run'])
    expect(held).toMatchObject({ code: 3, stdout: '' })
    expect(held.stderr).toMatch(/"pages" fell from 25 to 10 entries; at most 20 % may vanish.* Nothing was published\./)
    expect(await project.repository.head()).toBe(head)

    await project.configure({ ...listShop, ...toGit, guard: { maxShrink: '100%' } })
    expect((await project.run(['run'])).code).toBe(0)
    expect(locsOf(await project.repository.read('sitemap.xml'))).toHaveLength(10)
  })

  test('lets exactly the allowed share go, and holds one more', async () => {
    await publish(25)
    await project.run(['run'])
    await publish(19)
    expect((await project.run(['run'])).code).toBe(3)
    await publish(20)
    expect((await project.run(['run'])).code).toBe(0)
  })

  test('holds a section of fewer than 20 only where it falls to zero', async () => {
    await project.configure({
      site: SITE,
      sections: { pages: { of: 'list', file: 'paths.txt' }, static: { of: 'list', paths: ['/'] } },
      ...toGit,
    })
    await publish(19)
    await project.run(['run'])
    await publish(1)
    expect((await project.run(['run'])).code).toBe(0)
    await publish(0)
    const held = await project.run(['run'])
    expect(held.code).toBe(3)
    expect(held.stderr).toContain('"pages" fell from 1 to 0')
  })

  test('keeps what it holds, and --accept publishes exactly that, from another machine, too', async () => {
    await publish(25)
    await project.run(['run'])
    await publish(10)
    expect((await project.run(['run'])).code).toBe(3)
    expect((await project.run(['run'])).stderr).toContain('"storemap run --accept" publishes exactly this bundle')
    // What has come since is not in it.
    await publish(12)
    const other = await createProject()
    try {
      const repo = `file://${project.repository.dir}`
      await other.write('paths.txt', '/elsewhere\n')
      await other.configure({ ...listShop, publish: [{ git: { repo } }] })
      const accepted = await other.run(['run', '--accept', '--json'])
      expect(accepted).toMatchObject({ code: 0, stderr: '' })
      expect(JSON.parse(accepted.stdout)).toMatchObject({ outcome: 'published', entries: 10 })
    } finally {
      await other[Symbol.asyncDispose]()
    }
    expect(locsOf(await project.repository.read('sitemap.xml'))).toHaveLength(10)
    expect((await project.repository.subjects())[0]).toBe(
      'Update the sitemap of shop.example.com: 15 removed (accepted)',
    )
    expect(await messageOf(project)).toContain(
      'Held back by the guard and accepted: Section "pages" fell from 25 to 10',
    )
    const again = await project.run(['run', '--accept'])
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('error NOTHING_HELD') })
    expect((await project.run(['run'])).code).toBe(0)
  })

  test('does not accept what was compared with another bundle than the published one', async () => {
    await publish(25)
    await project.run(['run'])
    await publish(10)
    await project.run(['run'])
    const another = await createProject()
    try {
      await another.write('paths.txt', paths(26))
      const repo = `file://${project.repository.dir}`
      const state = { directory: 'state' }
      await another.configure({ ...listShop, state, publish: [{ git: { repo } }] })
      expect((await another.run(['run'])).code).toBe(0)
    } finally {
      await another[Symbol.asyncDispose]()
    }
    const head = await project.repository.head()
    const late = await project.run(['run', '--accept'])
    expect(late).toMatchObject({ code: 3, stderr: expect.stringContaining('error HELD_OUTDATED') })
    expect(await project.repository.head()).toBe(head)
  })

  test('says what it holds back, and why it could not keep it, where the state may not be written', async () => {
    await publish(25)
    await project.run(['run'])
    await publish(10)
    await project.addHook('pre-receive', 'echo the state is frozen >&2; exit 1')
    const held = await project.run(['run'])
    expect(held.code).toBe(3)
    expect(held.stderr).toMatch(/error BUNDLE_SHRUNK [\s\S]*It could not be kept: [\s\S]*the state is frozen/)
    expect(held.stderr).toContain('hint: If this is right, a run keeps it, and "storemap run --accept" publishes it')
  })

  test('lets go what it held when a later run passes', async () => {
    await publish(25)
    await project.run(['run'])
    await publish(10)
    await project.run(['run'])
    await publish(24)
    expect((await project.run(['run'])).code).toBe(0)
    expect((await project.run(['run', '--accept'])).code).toBe(2)
    expect((await project.repository.names('storemap-state')).filter(name => name.includes('held'))).toEqual([])
  })

  test('holds a section that grows beyond what is configured, and any size of a new one', async () => {
    await project.configure({ ...listShop, ...toGit, guard: { maxGrow: '100%' } })
    await publish(25)
    await project.run(['run'])
    await publish(51)
    const held = await project.run(['run'])
    expect(held).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('error BUNDLE_GREW Section "pages" grew from 25 to 51'),
    })
    await publish(50)
    expect((await project.run(['run'])).code).toBe(0)
  })

  test('holds the bundle for a target that has lost its own, until it is accepted', async () => {
    for (const target of [toGit, { publish: [{ directory: './public' }] }]) {
      await project.configure({ ...listShop, ...target })
      await publish(25)
      expect((await project.run(['run'])).code).toBe(0)
      await project.repository.commit({ 'storemap.json': null, 'sitemap.xml': null })
      await rm(join(project.dir, 'public'), { recursive: true, force: true })
      const held = await project.run(['run'])
      expect(held).toMatchObject({ code: 3, stderr: expect.stringContaining('error BUNDLE_VANISHED') })
      expect(await project.repository.read('sitemap.xml')).toBeUndefined()
      expect((await project.run(['run', '--accept'])).code).toBe(0)
      expect(await project.run(['run'])).toMatchObject({ code: 0, stdout: expect.stringContaining('unchanged') })
    }
  })

  test('counts a section that is no longer configured as fallen to zero', async () => {
    await project.configure({
      site: SITE,
      sections: { pages: { of: 'list', file: 'paths.txt' }, static: { of: 'list', paths: ['/', '/about'] } },
      ...toGit,
    })
    await publish(5)
    await project.run(['run'])
    await project.configure({ ...listShop, ...toGit })
    const held = await project.run(['run'])
    expect(held.code).toBe(3)
    expect(held.stderr).toContain('"static" fell from 2 to 0')

    await project.configure({ ...listShop, ...toGit, guard: { maxShrink: '100%' } })
    expect((await project.run(['run'])).code).toBe(0)
    await project.configure({ ...listShop, ...toGit })
    expect(await project.run(['run'])).toMatchObject({ code: 0, stdout: expect.stringContaining('unchanged') })
  })

  test('never lets a bundle without any entry out, whatever share may vanish', async () => {
    await project.configure({ ...listShop, ...toGit, guard: { maxShrink: '100%' } })
    await publish(0)
    const empty = await project.run(['run'])
    expect(empty.code).toBe(1)
    expect(empty.stderr).toContain('error BUNDLE_EMPTY')
    expect(await project.repository.head()).toBeUndefined()
    expect(await project.leftovers()).toEqual([])
  })
})

describe('several targets', () => {
  const both = { publish: [{ git: { repo: '../sitemap.git' } }, { directory: './public' }] } as const
  beforeEach(async () => {
    project = await createProject()
    await project.configure({ ...listShop, ...both, gzip: true, limits: { entries: 10 } })
    await project.write('paths.txt', paths(25))
  })

  test('get the same bytes', async () => {
    expect((await project.run(['run'])).code).toBe(0)
    const names = await project.repository.names()
    expect(names.filter(name => name.endsWith('.xml.gz')).length).toBeGreaterThan(1)
    const folder = join(project.dir, 'public')
    expect((await readdir(folder)).filter(name => !name.startsWith('.')).sort()).toEqual(names)
    for (const name of names)
      expect(await readFile(join(folder, name)), name).toEqual(await project.repository.read(name))
  })

  test('one that fails makes exit 1, and the report says who has what', async () => {
    await project.write('blocker', 'no folder')
    await project.configure({
      ...listShop,
      publish: [{ git: { repo: '../sitemap.git' } }, { directory: './blocker/public' }, { directory: './public' }],
    })
    const { code, stdout, stderr } = await project.run(['run', '--json'])
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
    const report = JSON.parse(stdout) as RunReport
    expect(report.targets).toMatchObject([
      { outcome: 'published', reference: await project.repository.head() },
      { outcome: 'failed', error: { code: 'FOLDER_NOT_WRITABLE' } },
      { outcome: 'published' },
    ])
    expect(locsOf(await readFile(join(project.dir, 'public/sitemap.xml')))).toHaveLength(25)
    const text = await project.run(['run'])
    expect(text.code).toBe(1)
    expect(text.stdout).toMatch(
      /unchanged at git .*\nfailed at folder .*FOLDER_NOT_WRITABLE.*\n.*\nunchanged at folder/,
    )
  })

  test('the reference that fails leaves the others as they were', async () => {
    await project.addHook('pre-receive', 'exit 1')
    expect((await project.run(['run'])).code).toBe(1)
    expect(await readdir(project.dir)).not.toContain('public')
  })
})

describe('two runs at once', () => {
  beforeEach(async () => {
    project = await createProject()
    await project.write('paths.txt', paths(25))
  })

  test('of one configuration: one does the work, the other ends with 75 and did nothing', async () => {
    await project.configure({ ...listShop, ...toGit })
    await project.addHook('pre-receive', 'sleep 1')
    const results = await Promise.all([project.run(['run']), project.run(['run'])])
    expect(results.map(({ code }) => code).sort()).toEqual([0, 75])
    const locked = results.find(({ code }) => code === 75)
    expect(locked?.stderr).toMatch(/error RUN_LOCKED Another run of shop\.example\.com is under way, process \d+ since/)
    expect(await project.repository.subjects()).toHaveLength(1)
    expect(await project.leftovers()).toEqual([])
  })

  test('of two configurations racing for one repository: the branch has a whole bundle, whoever wins', async () => {
    await project.configure({ ...listShop, ...toGit })
    const twin = await createProject()
    try {
      await twin.write('paths.txt', paths(25, 'other'))
      await twin.configure({ ...listShop, publish: [{ git: { repo: project.repository.dir } }] })
      for (let round = 1; round <= 2; round++) {
        const results = await Promise.all([project.run(['run']), twin.run(['run'])])
        for (const { code, stderr } of results) expect([0, 75], stderr).toContain(code)
        expect(results.map(({ code }) => code)).toContain(0)
        const { files } = JSON.parse(String(await project.repository.read('storemap.json')))
        const xml = await project.repository.read('sitemap.xml')
        expect(xml?.length).toBe(files['sitemap.xml'].bytes)
        expect(new Set(locsOf(xml).map(loc => loc.replace(/-\d+$/, ''))).size).toBe(1)
        await project.write('paths.txt', paths(26))
        await twin.write('paths.txt', paths(26, 'other'))
      }
    } finally {
      await twin[Symbol.asyncDispose]()
    }
  })
})
