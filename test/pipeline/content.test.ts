// Dates by content, over several runs: real targets and real state, records from the test.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Job, RecordSection } from '../../src/pipeline/job.ts'
import type { RunReport } from '../../src/pipeline/report.ts'
import { type RunDeps, runJob } from '../../src/pipeline/run.ts'
import { createDirectoryPublisher } from '../../src/publishers/directory/directory.ts'
import type { Source, SourceRecord } from '../../src/sources/source.ts'
import { openDirectoryStore } from '../../src/state/directory-store.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { makeJob, records, SITE, snapshotOf } from './setting.ts'

const DAY = ['2026-11-20T03:00:00Z', '2026-11-21T03:00:00Z', '2026-11-22T03:00:00Z', '2026-11-23T03:00:00Z'] as const

interface Page {
  readonly id: number
  readonly content: number
  readonly updatedAt?: string
  readonly slug?: string
}

let folder: Awaited<ReturnType<typeof tempFolder>>
beforeEach(async () => {
  folder = await tempFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const pages = (count: number, content = 1): Page[] =>
  Array.from({ length: count }, (_, index): Page => ({ id: index + 1, content, updatedAt: '2026-01-02T03:04:05Z' }))
const shown = (basis = 'basis'): RecordSection => ({ ...records('products'), lastmod: 'content', basis })
const jobOf = (options: Partial<Job> = {}, section = shown()): Job =>
  makeJob([section], { guard: { maxShrinkPercent: 100 }, ...options })
const sharded = { limits: { entries: 10, bytes: 1_000_000 } }

function sourceOf(rows: readonly Page[], now: string): Source {
  const toRecord = ({ id, content, updatedAt, slug = `p${id}` }: Page): SourceRecord => ({
    key: String(id),
    updatedAt,
    addresses: [[slug]],
    fingerprints: [content],
  })
  return {
    name: 'test',
    open: async () => ({
      ...snapshotOf({}, now),
      read: async function* () {
        yield rows.map(toRecord)
      },
    }),
  }
}

const stateDir = () => join(folder.path, 'state')
const target = (mode: 'link' | 'copy' = 'link') => join(folder.path, mode)

async function run(
  rows: readonly Page[],
  now: string,
  { job = jobOf(), dirs = [target()], state = stateDir() } = {},
): Promise<RunReport> {
  const deps: RunDeps = {
    source: sourceOf(rows, now),
    publishers: dirs.map(path => createDirectoryPublisher({ path, switch: 'link' })),
    openStateFolder: () => openDirectoryStore(state),
    clock: () => new Date(now),
  }
  return runJob(job, deps, { adopt: false })
}

/** Lastmods by slug, in the files of the target. */
async function dates(dir = target()): Promise<Record<string, string | undefined>> {
  const found: Record<string, string | undefined> = {}
  for (const name of await readdir(dir)) {
    if (!name.endsWith('.xml')) continue
    const lines = (await readFile(join(dir, name), 'utf8')).matchAll(
      /<url><loc>([^<]*)<\/loc>(?:<lastmod>([^<]*)<\/lastmod>)?/g,
    )
    for (const [, loc = '', lastmod] of lines) found[loc.slice(`${SITE}/products/`.length)] = lastmod
  }
  return found
}

const stateNames = () => readdir(stateDir()).then(names => names.sort())

describe('the lastmod of a page', () => {
  test("is the back end's date at first, and absent where that is unknown", async () => {
    await run([...pages(1), { id: 2, content: 1 }], DAY[0])
    expect(await dates()).toEqual({ p1: '2026-01-02T03:04:05Z', p2: undefined })
  })

  test('stays where the content stays, whatever the back end says, and nothing is written', async () => {
    await run(pages(25), DAY[0], { job: jobOf(sharded) })
    const before = await stateNames()
    const touched = pages(25).map(page => ({ ...page, updatedAt: '2026-11-20T12:00:00Z' }))
    const report = await run(touched, DAY[1], { job: jobOf(sharded) })
    expect(report).toMatchObject({ outcome: 'unchanged', warnings: [] })
    expect(await stateNames()).toEqual(before)
  })

  test("moves with the content to the back end's date where that lies between the two runs", async () => {
    await run(pages(3), DAY[0])
    await run(pages(3).with(1, { id: 2, content: 2, updatedAt: '2026-11-20T12:34:56Z' }), DAY[1])
    expect(await dates()).toMatchObject({ p1: '2026-01-02T03:04:05Z', p2: '2026-11-20T12:34:56Z' })
  })

  test.each([
    ['before the run that saw the old content', '2026-11-20T02:59:59Z'],
    ['after this one', '2026-11-21T03:00:01Z'],
    ['unknown', undefined],
  ])('moves to the instant of the run where that date is %s', async (_, updatedAt) => {
    await run(pages(3), DAY[0])
    const moved = { id: 2, content: 2, ...(updatedAt !== undefined && { updatedAt }) }
    await run(pages(3).with(1, moved), DAY[1])
    expect(await dates()).toMatchObject({ p2: DAY[1] })
  })

  test('stays with the page when its shard splits, and when two become one', async () => {
    const job = jobOf(sharded)
    const rows = pages(30).map((page, index) => (index % 2 ? page : { ...page, updatedAt: '2026-03-04T05:06:07Z' }))
    await run(rows, DAY[0], { job })
    const before = await dates()
    const more = [...rows, ...pages(60).slice(30)].map(page => ({ ...page, updatedAt: '2026-11-20T12:00:00Z' }))
    await run(more, DAY[1], { job })
    expect(await dates()).toMatchObject(before)
    await run(more.slice(0, 20), DAY[2], { job })
    expect(await dates()).toEqual(Object.fromEntries(Object.entries(before).slice(0, 20)))
  })

  test('never goes back with a clock that was set back', async () => {
    await run(pages(3), DAY[2])
    await run(pages(3, 2), DAY[0])
    expect(await dates()).toEqual({ p1: DAY[2], p2: DAY[2], p3: DAY[2] })
  })

  test('stays when what counts as content is configured anew, which is said', async () => {
    await run(pages(3), DAY[0])
    const job = jobOf({}, shown('another'))
    const report = await run(pages(3, 7), DAY[1], { job })
    expect(report.warnings).toEqual([expect.stringContaining('configured anew (products)')])
    expect(await dates()).toMatchObject({ p2: '2026-01-02T03:04:05Z' })
    await run(pages(3, 8), DAY[2], { job })
    expect(await dates()).toMatchObject({ p2: DAY[2] })
  })
})

describe('one changed record', () => {
  test('rewrites its shard, the index and the manifest, and its part of the state alone', async () => {
    const job = jobOf(sharded)
    await run(pages(100), DAY[0], { job })
    const before = await stateNames()
    const report = await run(pages(100).with(41, { id: 42, content: 2 }), DAY[1], { job })
    expect(report.files).toMatchObject({ added: 0, changed: 2, removed: 0 })
    const after = await stateNames()
    expect(after.filter(name => name.startsWith('rows-') && !before.includes(name))).toHaveLength(1)
    expect(before.filter(name => name.startsWith('rows-') && !after.includes(name))).toHaveLength(1)
  })

  test('leaves a second target with all files, those included that were not made again', async () => {
    const job = jobOf(sharded)
    const dirs = [target(), target('copy')]
    await run(pages(100), DAY[0], { job, dirs: [target()] })
    const report = await run(pages(100).with(41, { id: 42, content: 2 }), DAY[1], { job, dirs })
    expect(report.targets.map(({ outcome }) => outcome)).toEqual(['published', 'published'])
    expect(await dates(dirs[1])).toEqual(await dates(dirs[0]))
    expect(Object.keys(await dates(dirs[1]))).toHaveLength(100)
  })
})

describe('a lost state', () => {
  const job = jobOf(sharded)
  const moved = () => pages(40).map(page => (page.id % 3 ? page : { ...page, content: 2 }))

  const loseOne = async (prefix: string, work: (path: string) => Promise<void>): Promise<void> => {
    const name = (await stateNames()).find(each => each.startsWith(prefix)) as string
    await work(join(stateDir(), name))
  }
  test.each<[string, () => Promise<void>, string]>([
    ['missing', () => rm(stateDir(), { recursive: true }), 'There is no state in'],
    ['damaged', () => loseOne('state-', path => writeFile(path, '{ "format": 1,')), 'is damaged'],
    [
      'of another bundle',
      () =>
        loseOne('state-', path =>
          rm(path).then(() => writeFile(join(stateDir(), 'state-0123456789abcdef.json'), '{}')),
        ),
      'belongs to another bundle',
    ],
    ['without one of its parts', () => loseOne('rows-', rm), 'it lacks what belongs to sitemap-products-'],
  ])('that is %s heals without changing a byte, and says so', async (_, lose, words) => {
    await run(pages(40), DAY[0], { job })
    await run(moved(), DAY[1], { job })
    const before = await dates()
    await lose()
    const touched = moved().map((page): Page => ({ ...page, updatedAt: '2026-11-21T12:00:00Z' }))
    const healed = await run(touched, DAY[2], { job })
    expect(healed.outcome).toBe('unchanged')
    expect(healed.warnings).toEqual([expect.stringContaining(words)])
    expect(await dates()).toEqual(before)

    const again = await run(touched, DAY[2], { job })
    expect(again).toMatchObject({ outcome: 'unchanged', warnings: [] })
    await run(touched.with(4, { id: 5, content: 9 }), DAY[3], { job })
    expect(await dates()).toEqual({ ...before, p5: DAY[3] })
  })

  test('in a part that is altered shows when the part is needed, and heals then', async () => {
    await run(pages(15), DAY[0], { job })
    for (const name of await stateNames()) {
      if (name.startsWith('rows-')) await writeFile(join(stateDir(), name), 'x')
    }
    const touched = pages(15).map((page): Page => ({ ...page, updatedAt: '2026-11-20T12:00:00Z' }))
    expect(await run(touched, DAY[1], { job })).toMatchObject({ outcome: 'unchanged', warnings: [] })
    const fewer = touched.filter(({ id }) => id !== 3)
    const report = await run(fewer, DAY[2], { job })
    expect(report.warnings).toEqual([expect.stringContaining('it lacks what belongs to sitemap-products-00.xml')])
    expect(await dates()).toMatchObject({ p4: '2026-01-02T03:04:05Z', p15: '2026-01-02T03:04:05Z' })
    await run(fewer.with(2, { id: 4, content: 2 }), DAY[3], { job })
    expect(await dates()).toMatchObject({ p4: DAY[3], p5: '2026-01-02T03:04:05Z' })
  })

  test('heals as one file, too', async () => {
    await run(pages(5), DAY[0])
    await rm(stateDir(), { recursive: true })
    const report = await run(
      pages(5).map(page => ({ ...page, updatedAt: '2026-11-20T12:00:00Z' })),
      DAY[1],
    )
    expect(report.outcome).toBe('unchanged')
    expect(report.warnings).toHaveLength(1)
  })
})

test('a state that cannot be written stops a run that needs one, and no other', async () => {
  // Where nobody may make a folder.
  const state = '/sys/storemap-state'
  await expect(run(pages(5), DAY[0], { state })).rejects.toMatchObject({ code: 'STATE_NOT_WRITABLE' })
  expect(await readdir(folder.path)).not.toContain('link')
  const report = await run(pages(5), DAY[0], { state, job: makeJob([records('products')]) })
  expect(report).toMatchObject({ outcome: 'published', warnings: [expect.stringContaining('cannot be kept')] })
})

test('two sections of the same records keep their state side by side', async () => {
  const job = makeJob([shown(), { ...shown(), name: 'again', addresses: records('again').addresses }], {
    guard: { maxShrinkPercent: 100 },
  })
  await run(pages(5), DAY[0], { job })
  expect(await run(pages(5), DAY[1], { job })).toMatchObject({ outcome: 'unchanged', warnings: [] })
})

test('state takes 25 bytes a page at most', async () => {
  await run(pages(5_000), DAY[0], { job: jobOf({ limits: { entries: 1_000, bytes: 1_000_000 } }) })
  let bytes = 0
  for (const name of await stateNames()) bytes += (await readFile(join(stateDir(), name))).length
  expect(bytes / 5_000).toBeLessThan(25)
})

test('time zone and language of the machine change nothing', async () => {
  const revision = async (zone: string, language: string): Promise<string> => {
    const before = { TZ: process.env.TZ, LANG: process.env.LANG }
    Object.assign(process.env, { TZ: zone, LANG: language })
    await rm(target(), { recursive: true, force: true })
    await rm(stateDir(), { recursive: true, force: true })
    try {
      return (await run(pages(30), DAY[0], { job: jobOf(sharded) })).revision
    } finally {
      Object.assign(process.env, before)
    }
  }
  expect(await revision('Pacific/Apia', 'tr_TR.UTF-8')).toBe(await revision('UTC', 'C'))
})
