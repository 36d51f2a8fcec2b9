// `storemap serve` with an HTTP target: it serves what runs have published, as a process of its own.
import { once } from 'node:events'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../helpers/cli.ts'
import { ask, freePort } from '../helpers/http.ts'
import { createProject, listShop, locsOf, type Project, paths } from '../helpers/project.ts'

const never = { schedule: '0 0 1 1 *' } as const
const eachSecond = { schedule: '* * * * * *' } as const

let project: Project
let port: number
let url: string
beforeEach(async () => {
  project = await createProject()
  port = await freePort()
  url = `http://127.0.0.1:${port}`
  await writePaths(25)
})
afterEach(() => project[Symbol.asyncDispose]())

/** At once, so that no run reads half of it. */
async function writePaths(count: number): Promise<void> {
  await project.write('next.txt', paths(count))
  await rename(join(project.dir, 'next.txt'), join(project.dir, 'paths.txt'))
}

const pagesAt = async (path = '/sitemap.xml', headers = {}): Promise<number> =>
  locsOf((await ask(url, path, { headers })).body).length

async function startServing(args: readonly string[] = []) {
  const serving = await project.start(['serve', ...args])
  await until('the server', () => serving.stderr().includes(`listening on ${url} for shop.example.com`))
  return serving
}

describe('serve with an HTTP target', () => {
  test('answers from its start, publishes on its schedule, and ends with 0 on SIGTERM', async () => {
    await project.configure({ ...listShop, ...eachSecond, publish: [{ http: port }], robots: { disallow: ['/cart'] } })
    const serving = await startServing()
    await until('the first bundle', async () => (await ask(url, '/sitemap.xml')).status === 200)
    expect(await pagesAt()).toBe(25)
    const robots = 'User-agent: *\nDisallow: /cart\n\nSitemap: https://shop.example.com/sitemap.xml\n'
    expect(String((await ask(url, '/robots.txt')).body)).toBe(robots)
    await writePaths(26)
    await until('the second', async () => (await pagesAt()) === 26)
    serving.child.kill('SIGTERM')
    const { code, stdout, stderr } = await serving.ended
    expect(code).toBe(0)
    expect(stderr).toMatch(/stopped\n$/)
    expect(stdout).toContain(
      `published to server on port ${port}: ${join(project.dir, '.storemap/http/shop.example.com')}`,
    )
    await expect(ask(url, '/sitemap.xml')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(await project.leftovers()).toEqual([])
  })

  test('shows what "storemap run" publishes beside it, and what was there before it started', async () => {
    await project.configure({ ...listShop, ...never, publish: [{ http: { port, directory: 'served' } }] })
    let serving = await startServing()
    expect((await ask(url, '/sitemap.xml')).status).toBe(503)
    expect(JSON.parse(String((await ask(url, '/healthz')).body))).toEqual({ revision: null })
    expect(await project.run(['run'])).toMatchObject({ code: 0 })
    expect(await pagesAt()).toBe(25)
    serving.child.kill('SIGTERM')
    expect((await serving.ended).code).toBe(0)

    serving = await startServing()
    expect(await pagesAt()).toBe(25)
    await writePaths(30)
    expect(await project.run(['run'])).toMatchObject({ code: 0 })
    expect(await pagesAt()).toBe(30)
    serving.child.kill('SIGTERM')
    expect(await serving.ended).toMatchObject({ code: 0, stdout: '' })
  })

  test('with --now it has something to serve as soon as a run succeeds, whatever the schedule', async () => {
    const beat = join(project.tmp, 'heartbeat')
    await project.configure({
      ...listShop,
      ...never,
      publish: [{ git: { repo: '../sitemap.git' } }, { http: { port, directory: 'served' } }],
    })
    await rename(join(project.dir, 'paths.txt'), join(project.dir, 'away.txt'))
    const serving = await project.start(['serve', '--now'], { STOREMAP_HEARTBEAT: beat })
    await until('a run that fails', () => serving.stderr().includes('next try in 10 s'))
    expect(await readFile(beat, 'utf8')).toMatch(/^\d+\n$/)
    expect((await ask(url, '/readyz')).status).toBe(503)
    await rename(join(project.dir, 'away.txt'), join(project.dir, 'paths.txt'))
    await until('a bundle', async () => (await ask(url, '/readyz')).status === 200)
    expect(await pagesAt()).toBe(25)
    await until('the schedule', () => serving.stderr().includes('next run at '))
    serving.child.kill('SIGTERM')
    expect((await serving.ended).code).toBe(0)
    await expect(readFile(beat)).rejects.toMatchObject({ code: 'ENOENT' })

    // Made anew with an empty folder, as a pod is: git has the bundle already, the server gets it.
    await rm(join(project.dir, 'served'), { recursive: true })
    const anew = await project.start(['serve', '--now'])
    await until('the bundle again', async () => (await ask(url, '/readyz').catch(() => undefined))?.status === 200)
    expect(await pagesAt()).toBe(25)
    expect(await project.repository.subjects()).toHaveLength(1)
    anew.child.kill('SIGTERM')
    expect((await anew.ended).code).toBe(0)
  })

  test('that cannot write its heartbeat does not start', async () => {
    await project.configure({ ...listShop, ...never, publish: [{ http: port }] })
    await project.write('beat', '')
    const { code, stderr } = await project.run(['serve'], { STOREMAP_HEARTBEAT: join(project.dir, 'beat/file') })
    expect([code, stderr]).toEqual([1, expect.stringContaining('FOLDER_NOT_WRITABLE')])
  })

  test('does not start where the port is taken, and tells who may have it', async () => {
    const other = createServer().listen(port, '127.0.0.1')
    await once(other, 'listening')
    expect((other.address() as AddressInfo).port).toBe(port)
    await project.configure({ ...listShop, ...eachSecond, publish: [{ http: port }] })
    const { code, stderr } = await project.run(['serve'])
    other.close()
    expect(code).toBe(1)
    expect(stderr).toContain(`error SERVER_PORT_TAKEN Port ${port} of 127.0.0.1 is taken by another program.`)
    expect(stderr).toContain('hint: ')
  })

  test('serves several sites on one port, each to its host, and one of them alone to all', async () => {
    const site = (name: string, count: number) => ({
      site: `https://${name}.example.com`,
      sections: { pages: { of: 'list' as const, paths: paths(count).trim().split('\n') } },
    })
    await project.configure({
      ...never,
      publish: [{ http: port }],
      sites: { us: site('us', 3), pl: site('pl', 4) },
    } as object)
    expect(await project.run(['run'])).toMatchObject({ code: 0 })
    const serving = await project.start(['serve'])
    await until('the server', () => serving.stderr().includes(`listening on ${url} for us.example.com, pl.example.com`))
    expect(await pagesAt('/sitemap.xml', { host: 'us.example.com' })).toBe(3)
    expect(await pagesAt('/sitemap.xml', { host: 'pl.example.com' })).toBe(4)
    expect((await ask(url, '/sitemap.xml')).status).toBe(421)
    serving.child.kill('SIGTERM')
    expect((await serving.ended).code).toBe(0)

    const alone = await project.start(['serve', 'pl'])
    await until('the server', () => alone.stderr().includes(`listening on ${url} for pl.example.com`))
    expect(await pagesAt()).toBe(4)
    alone.child.kill('SIGTERM')
    expect((await alone.ended).code).toBe(0)
  })

  test('tells once, and not at every request, that what is published cannot be read, and goes on', async () => {
    await project.configure({ ...listShop, ...never, publish: [{ http: { port, directory: 'served' } }] })
    await mkdir(join(project.dir, 'served'))
    await project.write('served/storemap.json', '{}')
    const serving = await startServing()
    for (let count = 0; count < 3; count++) expect((await ask(url, '/sitemap.xml')).status).toBe(503)
    await until('the failure', () => serving.stderr().includes('MANIFEST_INVALID'))
    serving.child.kill('SIGTERM')
    const { code, stderr } = await serving.ended
    expect(code).toBe(0)
    expect(stderr.match(/MANIFEST_INVALID/g)).toHaveLength(1)
  })
})
