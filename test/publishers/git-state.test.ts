// The state of a site beside its bundle: one branch without history, of which a run fetches what it reads.
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createGitPublisher } from '../../src/publishers/git/git.ts'
import { gitOptions } from '../../src/publishers/git/options.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { createBareRepository, runGit } from '../helpers/git-remotes.ts'
import { makeTwoBundles, openRepository, type Repository, withTemp } from '../helpers/git-target.ts'

let folder: Awaited<ReturnType<typeof tempFolder>>
let repository: Repository
beforeEach(async () => {
  folder = await tempFolder()
  repository = openRepository(await createBareRepository(join(folder.path, 'shop.git'), { branch: 'master' }))
})
afterEach(() => folder[Symbol.asyncDispose]())

const publisher = () => createGitPublisher(gitOptions.parse({ repo: `file://${repository.dir}` }), { base: '/' })
const LARGE = 300_000
const parts = (count: number) =>
  new Map(Array.from({ length: count }, (_, index) => [`rows-${index}`, randomBytes(LARGE)]))

async function sizeOf(dir: string): Promise<number> {
  const names = await readdir(dir, { recursive: true })
  const sizes = await Promise.all(
    names.map(name => stat(join(dir, name)).then(stats => (stats.isFile() ? stats.size : 0))),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

test('what a run does not read is not fetched, and what stays is not sent', async () => {
  const [bundle] = await makeTwoBundles(join(folder.path, 'bundles'))
  const put = parts(10)
  const first = await publisher().open()
  await first.publish(bundle, { message: 'First', adopt: false, state: { put, remove: [] } })
  await first.close()

  const tmp = join(folder.path, 'tmp')
  await mkdir(tmp)
  await withTemp(tmp, async () => {
    const open = await publisher().open()
    try {
      const opened = await sizeOf(tmp)
      expect(opened).toBeLessThan(LARGE / 2)
      expect(await open.state?.read('rows-3')).toEqual(put.get('rows-3'))
      expect((await sizeOf(tmp)) - opened).toBeLessThan(2 * LARGE)

      const before = await sizeOf(join(repository.dir, 'objects'))
      const changes = { put: new Map([['rows-3', randomBytes(LARGE)]]), remove: ['rows-4'] }
      await open.state?.write(changes)
      expect((await sizeOf(join(repository.dir, 'objects'))) - before).toBeLessThan(2 * LARGE)
      // What it never fetched is there all the same.
      const names = await repository.names('storemap-state')
      expect(names).toContain('master.rows-9')
      expect(names).not.toContain('master.rows-4')
      expect(await repository.read('master.rows-9', 'storemap-state')).toEqual(put.get('rows-9'))
    } finally {
      await open.close()
    }
  })
})

test('many parts are fetched in a few steps, and each is what it was', async () => {
  const [bundle] = await makeTwoBundles(join(folder.path, 'bundles'))
  const put = parts(12)
  const first = await publisher().open()
  await first.publish(bundle, { message: 'First', adopt: false, state: { put, remove: [] } })
  await first.close()
  const open = await publisher().open()
  try {
    for (const [name, bytes] of put) expect(await open.state?.read(name), name).toEqual(bytes)
  } finally {
    await open.close()
  }
})

test('the branch never has more than one commit', async () => {
  const bundles = await makeTwoBundles(join(folder.path, 'bundles'))
  for (const [index, bundle] of bundles.entries()) {
    const open = await publisher().open()
    const put = new Map([[`rows-${index}`, Buffer.from('x')]])
    await open.publish(bundle, { message: 'Update', adopt: false, state: { put, remove: [] } })
    await open.close()
  }
  expect((await runGit(['rev-list', '--count', 'storemap-state'], { cwd: repository.dir })).trim()).toBe('1')
})

test('a state that somebody else changed meanwhile is not overwritten, and the bundle waits with it', async () => {
  const [bundle] = await makeTwoBundles(join(folder.path, 'bundles'))
  const late = await publisher().open()
  const other = await publisher().open()
  await other.state?.write({ put: new Map([['held.json', Buffer.from('{}')]]), remove: [] })
  await other.close()
  const state = { put: new Map([['state-x', Buffer.from('x')]]), remove: [] }
  await expect(late.publish(bundle, { message: 'Late', adopt: false, state })).rejects.toMatchObject({
    code: 'TARGET_MOVED',
  })
  await late.close()
  expect(await repository.head()).toBeUndefined()
  expect(await repository.names('storemap-state')).toEqual(['master.held.json'])
})

test('a file that somebody altered is not taken for intact', async () => {
  const [bundle] = await makeTwoBundles(join(folder.path, 'bundles'))
  const state = { put: new Map([['state-x', Buffer.from('x')]]), remove: [] }
  const first = await publisher().open()
  await first.publish(bundle, { message: 'First', adopt: false, state })
  await first.close()
  await repository.commit({ 'sitemap-pages-00.xml': '<urlset/>' })
  const open = await publisher().open()
  expect(await open.published?.isIntact('sitemap-products-00.xml')).toBe(true)
  expect(await open.published?.isIntact('sitemap-pages-00.xml')).toBe(false)
  await open.close()
})
