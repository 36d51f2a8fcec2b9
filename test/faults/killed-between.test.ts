// A run that is killed exactly between its steps, where state and bundle lie in folders: the next run makes the very
// bytes that it would have made if nothing had happened.
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { until } from '../helpers/cli.ts'
import { createProject, type Project } from '../helpers/project.ts'
import { type ChangingShop, changingShop, makeChangingShop } from './changing-shop.ts'
import { type Found, findWhole, inFolder } from './consumer.ts'

const NODE_OPTIONS = `--import=${fileURLToPath(new URL('kill-at.mjs', import.meta.url))}`

let project: Project
/** The same shop, where nothing ever happens. */
let control: Project
let shop: ChangingShop
let env: Record<string, string>
const publishedBy = ({ dir }: Project): Promise<Found | undefined> => findWhole(inFolder(join(dir, 'public')))

beforeEach(async () => {
  project = await createProject({ withDatabase: true })
  control = await createProject()
  env = { DATABASE_URL: project.database?.url as string }
  for (const each of [project, control]) {
    await each.configure({ ...changingShop, publish: [{ directory: 'public' }], state: { directory: 'state' } })
    expect((await each.run(['run'], env)).code).toBe(0)
  }
  // A change within the second of a run is dated by the run that finds it: here the shop's own dates shall count.
  const second = async () => (await project.database?.query('select floor(extract(epoch from now()))::int as s'))?.[0].s
  const last = await second()
  await until('the next second', async () => (await second()) > last)
  shop = makeChangingShop(project, (await publishedBy(project)) as Found)
  await shop.change()
  expect((await control.run(['run'], env)).code).toBe(0)
})
afterEach(async () => {
  await project[Symbol.asyncDispose]()
  await control[Symbol.asyncDispose]()
})

const shardsOf = async (each: Project) =>
  Object.entries((await publishedBy(each))?.manifest.files ?? {}).flatMap(([name, { sha256 }]) =>
    name === 'sitemap.xml' ? [] : [[name, sha256]],
  )
/** By their content: the folder is named for the configuration, the rest for the bundle. */
const rowsOf = async ({ dir }: Project) =>
  (await readdir(join(dir, 'state'), { recursive: true }))
    .map(path => basename(path))
    .filter(name => /^(rows|stage)-/.test(name))
    .sort()

test.each([
  ['before its state is written', '^mkdir .*/state/[^/]+/stage-', 'old'],
  ['in the middle of its state', '^rename .*/state/[^/]+/stage-[^ ]*/state-[^ ]* ', 'old'],
  ['between state and bundle', '^(mkdir|open|writeFile|copyFile) .*/public/\\.storemap/', 'old'],
  ['before the switch', '^rename .*/public/\\.storemap/current$', 'old'],
  ['between bundle and tidying', '^(rm|unlink) .*/state/[^/]+/(state|rows)-[^/]*$', 'new'],
])('killed %s, a run has harmed nothing', async (_, at, which) => {
  const before = await publishedBy(project)
  const killed = await project.run(['run'], { ...env, NODE_OPTIONS, KILL_AT: at })
  expect(killed.code, 'it was killed').toBeNull()
  const after = await publishedBy(project)
  expect(after?.revision === before?.revision).toBe(which === 'old')

  const { code, stdout } = await project.run(['run', '--json'], env)
  expect({ code, ...JSON.parse(stdout) }).toMatchObject({
    code: 0,
    outcome: which === 'old' ? 'published' : 'unchanged',
    warnings: [],
  })
  shop.expectShown(await publishedBy(project))
  expect(await shardsOf(project)).toEqual(await shardsOf(control))
  expect(await rowsOf(project)).toEqual(await rowsOf(control))
  expect(await project.leftovers()).toEqual([])
  expect((await readdir(join(project.dir, 'public/.storemap'))).filter(name => name.startsWith('stage-'))).toEqual([])
})
