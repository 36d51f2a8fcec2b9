// Two machines that publish one shop to one repository at once: locks do not reach so far, the repository decides.
import { readdir } from 'node:fs/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { RunReport } from '../../src/pipeline/report.ts'
import { until } from '../helpers/cli.ts'
import { runGit } from '../helpers/git-remotes.ts'
import { createProject, type Project } from '../helpers/project.ts'
import { type ChangingShop, changingShop, makeChangingShop } from './changing-shop.ts'
import { type Found, findWhole, inRepository } from './consumer.ts'

/** A machine of its own: another configuration, another temporary folder, the same shop and the same repository. */
let here: Project
let there: Project
let shop: ChangingShop
const published = async (): Promise<Found | undefined> => findWhole(await inRepository(here.repository))

beforeEach(async () => {
  here = await createProject({ withDatabase: true })
  there = await createProject()
  // By authors of their own: two that make the very same commit in the very same second have both published it.
  const targetOf = (author: string) => ({ publish: [{ git: { repo: here.repository.dir, author } }] })
  await here.configure({ ...changingShop, ...targetOf('Here <here@example.com>') })
  await there.configure({ ...changingShop, ...targetOf('There <there@example.com>') })
  expect((await here.run(['run'])).code).toBe(0)
  shop = makeChangingShop(here, (await published()) as Found)
})
afterEach(async () => {
  await here[Symbol.asyncDispose]()
  await there[Symbol.asyncDispose]()
})

const startBoth = () => {
  const env = { DATABASE_URL: here.database?.url as string }
  return Promise.all([here.start(['run', '--json'], env), there.start(['run', '--json'], env)])
}

/** Pushes wait for one another, so that each was prepared without knowing of the other. */
const letPushesMeet = () =>
  here.addHook(
    'pre-receive',
    `touch "arrived-$$"
     tries=0
     until [ "$(ls | grep -c '^arrived-')" -ge 2 ] || [ $tries -ge 100 ]; do tries=$((tries + 1)); sleep 0.1; done`,
  )

async function expectOneHistory(commits: number): Promise<void> {
  const parents = await runGit(['log', '--format=%P', 'master'], { cwd: here.repository.dir })
  expect(
    parents
      .trimEnd()
      .split('\n')
      .map(line => line.split(' ').length)
      .every(count => count === 1),
  ).toBe(true)
  expect(await here.repository.subjects()).toHaveLength(commits)
}

/** Whoever runs next finds the state of what is published, and nothing to do. */
async function expectSettled(): Promise<void> {
  shop.expectShown(await published())
  for (const project of [here, there]) {
    const { stdout } = await project.run(['run', '--json'], { DATABASE_URL: here.database?.url as string })
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'unchanged', warnings: [] })
    expect(await project.leftovers()).toEqual([])
  }
}

test('one publishes, and the other starts over and finds nothing left to do', async () => {
  await letPushesMeet()
  await shop.change()
  const ended = await Promise.all((await startBoth()).map(({ ended }) => ended))
  for (const { code, stdout } of ended) expect(code, stdout).toBe(0)
  const outcomes = ended.map(({ stdout }) => (JSON.parse(stdout) as RunReport).outcome)
  expect(outcomes.sort()).toEqual(['published', 'unchanged'])
  await expectOneHistory(2)
  await expectSettled()
})

test('night after night, whichever comes first: each change is published once, in one line of commits', async () => {
  for (let night = 2; night <= 3; night++) {
    await shop.change()
    for (const { code, stdout } of await Promise.all((await startBoth()).map(({ ended }) => ended))) {
      expect(code, stdout).toBe(0)
    }
    shop.expectShown(await published())
    await expectOneHistory(night)
  }
  await expectSettled()
})

test('the one that read the newer shop publishes it on top of the other, even if it comes second', async () => {
  await shop.change()
  // The first one's push waits, as over a slow line, until the second one's is there.
  await letPushesMeet()
  const first = await here.start(['run', '--json'])
  await until('the first one pushes', async () =>
    (await readdir(here.repository.dir)).some(name => name.startsWith('arrived-')),
  )
  await shop.change()
  const second = await there.run(['run', '--json'], { DATABASE_URL: here.database?.url as string })
  const { code, stdout } = await first.ended
  expect([code, second.code], stdout + second.stdout).toEqual([0, 0])
  await expectSettled()
})
