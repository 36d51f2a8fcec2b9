// `storemap pull` beside `storemap run`: two programs that share nothing but a repository.
import { readFile, realpath, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../helpers/cli.ts'
import { ask, freePort } from '../helpers/http.ts'
import { createProject, listShop, locsOf, type Project, paths } from '../helpers/project.ts'
import { serveFolder } from '../oracles/serve-folder.ts'

// biome-ignore lint/suspicious/noTemplateCurlyInString: a reference that the program fills in
const REFERENCE = '${SITEMAP_TOKEN}'
const PULL = ['pull', '--from', '../sitemap.git', '--to', 'public'] as const

let project: Project
beforeEach(async () => {
  project = await createProject()
  await project.configure({ ...listShop, publish: [{ git: { repo: '../sitemap.git' } }], limits: { entries: 10 } })
  await publish(25)
})
afterEach(async () => {
  await project[Symbol.asyncDispose]()
})

async function publish(count: number): Promise<void> {
  await project.write('paths.txt', paths(count))
  expect((await project.run(['run'])).code).toBe(0)
}

/** As a web server finds them: names in the folder, links followed. */
async function expectServed(count: number): Promise<void> {
  await using served = await serveFolder(join(project.dir, 'public'))
  const get = async (name: string) => {
    const response = await fetch(`${served.url}/${name}`)
    expect(response.status, name).toBe(200)
    return Buffer.from(await response.arrayBuffer())
  }
  const names = await project.repository.names()
  const bodies = await Promise.all(names.map(get))
  for (const [index, name] of names.entries()) expect(bodies[index], name).toEqual(await project.repository.read(name))
  expect(locsOf(...bodies)).toHaveLength(count)
}

test('a web server finds every file after a pull, readable for all; a second pull changes nothing', async () => {
  expect(await project.run(PULL)).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^updated public to revision/),
  })
  await expectServed(25)
  const file = await realpath(join(project.dir, 'public/sitemap.xml'))
  expect((await stat(file)).mode & 0o777).toBe(0o644)
  expect(await project.run(PULL)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^unchanged: revision/) })
  expect(await realpath(join(project.dir, 'public/sitemap.xml'))).toBe(file)
  expect(await project.leftovers()).toEqual([])
})

test('with --switch copy the files are plain ones', async () => {
  expect((await project.run([...PULL, '--switch', 'copy'])).code).toBe(0)
  await expectServed(25)
  const file = join(await realpath(project.dir), 'public/sitemap.xml')
  expect(await realpath(file)).toBe(file)
})

test('--watch follows the repository, and ends with 0 on SIGTERM', async () => {
  const watching = await project.start([...PULL, '--watch', '1s', '--json'])
  await until('a first pull', () => watching.stdout().includes('"updated"'))
  await expectServed(25)
  await publish(35)
  await until('a second pull', () => watching.stdout().split('"updated"').length === 3)
  await expectServed(35)
  const asked = Date.now()
  watching.child.kill('SIGTERM')
  expect(await watching.ended).toMatchObject({ code: 0, stderr: '' })
  expect(Date.now() - asked).toBeLessThan(3_000)
  expect(await project.leftovers()).toEqual([])
})

test('--watch --http serves what it fetches, from the first bundle on', async () => {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  await rename(project.repository.dir, `${project.repository.dir}-away`)
  const watching = await project.start([...PULL, '--watch', '1s', '--http', String(port)])
  await until('the server', async () => (await ask(url, '/readyz').catch(() => undefined))?.status === 503)
  await rename(`${project.repository.dir}-away`, project.repository.dir)
  await until('a bundle', async () => (await ask(url, '/readyz')).status === 200)
  expect((await ask(url, '/sitemap.xml')).body).toEqual(await project.repository.read('sitemap.xml'))
  const { revision } = JSON.parse(String((await ask(url, '/healthz')).body))
  await publish(30)
  await until('the next one', async () => JSON.parse(String((await ask(url, '/healthz')).body)).revision !== revision)
  watching.child.kill('SIGTERM')
  expect((await watching.ended).code).toBe(0)
  await expect(ask(url, '/healthz')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test.each([
  [['--http', '8080'], 'goes together with --watch'],
  [['--watch', '1s', '--http', 'shop'], 'is a port'],
  [['--watch', '1s', '--http', '99999'], 'is a port'],
])('%j is refused before anything is done', async (args, words) => {
  const { code, stderr } = await project.run([...PULL, ...args])
  expect([code, stderr]).toEqual([2, expect.stringContaining(words)])
  await expect(stat(join(project.dir, 'public'))).rejects.toMatchObject({ code: 'ENOENT' })
})

test('--watch does not begin with a variable that nobody sets', async () => {
  const { code, stderr } = await project.run([...PULL, '--token', REFERENCE, '--watch', '1s'])
  expect([code, stderr]).toEqual([2, expect.stringContaining('SITEMAP_TOKEN is not set')])
})

test('--watch --http on a port that is taken ends, and leaves no heartbeat', async () => {
  await using other = await serveFolder(project.dir)
  const beat = join(project.tmp, 'heartbeat')
  const port = new URL(other.url).port
  const { code, stderr } = await project.run([...PULL, '--watch', '1s', '--http', port], { STOREMAP_HEARTBEAT: beat })
  expect([code, stderr]).toEqual([1, expect.stringContaining('SERVER_PORT_TAKEN')])
  await expect(stat(beat)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('--watch outlives a token that comes later, and beats meanwhile', async () => {
  const token = join(project.tmp, 'token')
  const beat = join(project.tmp, 'heartbeat')
  const watching = await project.start([...PULL, '--token', REFERENCE, '--watch', '1s', '--json'], {
    SITEMAP_TOKEN_FILE: token,
    STOREMAP_HEARTBEAT: beat,
  })
  await until('a failure', () => watching.stdout().includes('"failed"'))
  expect(await readFile(beat, 'utf8')).toMatch(/^\d+\n$/)
  await writeFile(token, 'not-a-secret')
  await until('a pull', () => watching.stdout().includes('"updated"'))
  watching.child.kill('SIGTERM')
  expect((await watching.ended).code).toBe(0)
})

test('--watch outlives a repository that is away', async () => {
  const { dir } = project.repository
  const watching = await project.start([...PULL, '--watch', '1s', '--json'])
  await until('a first pull', () => watching.stdout().includes('"updated"'))
  await rename(dir, `${dir}.away`)
  await until('a failure', () => watching.stdout().includes('"failed"'))
  await rename(`${dir}.away`, dir)
  const before = watching.stdout().length
  await until('it is back', () => watching.stdout().slice(before).includes('"unchanged"'))
  await expectServed(25)
  watching.child.kill('SIGTERM')
  expect((await watching.ended).code).toBe(0)
})

describe('a bundle that somebody altered', () => {
  test.each([
    ['a file of it', (shard: string) => ({ [shard]: '<urlset/>' }), 'BUNDLE_FILE_ALTERED'],
    ['a file of it is gone', (shard: string) => ({ [shard]: null }), 'BUNDLE_FILE_ALTERED'],
    ['its manifest', () => ({ 'storemap.json': '{"format":1}' }), 'MANIFEST_INVALID'],
    ['a manifest of a newer format', () => ({ 'storemap.json': '{"format":99}' }), 'MANIFEST_NEWER'],
  ] as const)('is refused, and the old one stays: %s', async (_, change, code) => {
    await project.run(PULL)
    const before = await readFile(join(project.dir, 'public/storemap.json'))
    const shardsOf = (names: readonly string[]) => names.filter(name => name.startsWith('sitemap-pages-'))
    const old = shardsOf(await project.repository.names())
    await publish(30)
    const [shard = ''] = shardsOf(await project.repository.names())
    await project.repository.commit(change(shard))
    const pulled = await project.run(PULL)
    expect(pulled.code).toBe(1)
    expect(pulled.stderr).toContain(`error ${code} `)
    expect(await readFile(join(project.dir, 'public/storemap.json'))).toEqual(before)
    await using served = await serveFolder(join(project.dir, 'public'))
    const shards = old.map(async name => (await fetch(`${served.url}/${name}`)).text())
    expect(locsOf(...(await Promise.all(shards)))).toHaveLength(25)
    expect(await project.leftovers()).toEqual([])
  })

  test('is not what a run compares with silently either: it says so and publishes nothing', async () => {
    await project.repository.commit({ 'storemap.json': '{"format":1}' })
    const head = await project.repository.head()
    const { code, stderr } = await project.run(['run'])
    expect(code).toBe(1)
    expect(stderr).toContain('error MANIFEST_INVALID')
    expect(await project.repository.head()).toBe(head)
  })
})
