// No room left for what is kept between runs, or for what the guard holds: nothing is published without it, and with
// room again all goes on.
import { execFileSync } from 'node:child_process'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createProject, type Project } from '../helpers/project.ts'
import { type ChangingShop, changingShop, makeChangingShop } from './changing-shop.ts'
import { type Found, findWhole, inFolder } from './consumer.ts'

let project: Project
let shop: ChangingShop
let isMounted = false
const stateDir = (): string => join(project.dir, 'state')
const published = (): Promise<Found | undefined> => findWhole(inFolder(join(project.dir, 'public')))

beforeEach(async () => {
  project = await createProject({ withDatabase: true })
  await mkdir(stateDir())
  isMounted = mount(stateDir())
  await project.configure({ ...changingShop, publish: [{ directory: 'public' }], state: { directory: 'state' } })
  expect((await project.run(['run'])).code).toBe(0)
  shop = makeChangingShop(project, (await published()) as Found)
})
afterEach(async () => {
  if (isMounted) execFileSync('umount', [stateDir()])
  await project[Symbol.asyncDispose]()
})

/** Nothing fits any more; removed again, everything does. */
async function fill(): Promise<void> {
  for (const size of [65_536, 4_096]) {
    for (let part = 0; ; part++) {
      try {
        await writeFile(join(stateDir(), `ballast-${size}-${part}`), Buffer.alloc(size))
      } catch {
        break
      }
    }
  }
}
async function makeRoom(): Promise<void> {
  for (const name of await readdir(stateDir())) if (name.startsWith('ballast')) await rm(join(stateDir(), name))
}

test('without room for its state a bundle is not published, and with room it is, dated as it would have been', async ({
  skip,
}) => {
  if (!isMounted) return skip('only root can mount')
  const before = await published()
  await shop.change()
  await fill()
  expect(await project.run(['run'])).toMatchObject({ code: 1, stderr: expect.stringContaining('error DISK_FULL') })
  expect((await published())?.revision).toBe(before?.revision)
  expect(await project.leftovers()).toEqual([])
  await makeRoom()
  const { code, stdout } = await project.run(['run', '--json'])
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({ code: 0, outcome: 'published', warnings: [] })
  shop.expectShown(await published())
  expect(JSON.parse((await project.run(['run', '--json'])).stdout)).toMatchObject({
    outcome: 'unchanged',
    warnings: [],
  })
})

test('without room for a bundle that is held back it is told, nothing is published, and with room it is held', async ({
  skip,
}) => {
  if (!isMounted) return skip('only root can mount')
  const before = await published()
  await project.database?.query(`update product_product set slug = 'x-' || slug where id < 30`)
  await project.database?.query(`update page_page set is_published = false`)
  await fill()
  const full = await project.run(['run'])
  expect(full.code).toBe(3)
  expect(full.stderr).toMatch(/error BUNDLE_SHRUNK .*It could not be kept: There is no space left on the disk/s)
  expect((await project.run(['run', '--accept'])).stderr).toContain('NOTHING_HELD')
  expect((await published())?.revision).toBe(before?.revision)
  await makeRoom()
  expect(await project.run(['run'])).toMatchObject({ code: 3, stderr: expect.stringContaining('BUNDLE_SHRUNK') })
  expect((await project.run(['run', '--accept'])).code).toBe(0)
  expect([...((await published())?.pages.keys() ?? [])].some(loc => loc.includes('/pages/'))).toBe(false)
  expect(await project.leftovers()).toEqual([])
})

/** A file system of a few hundred kilobytes. */
function mount(dir: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', dir], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
