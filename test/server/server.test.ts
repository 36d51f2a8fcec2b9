// A server as a whole: whole files while bundles change, several sites on a port, health, and its end.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readlink } from 'node:fs/promises'
import { createConnection, createServer } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { serveTargets } from '../../src/server/server.ts'
import { urlset } from '../helpers/bundle.ts'
import { until } from '../helpers/cli.ts'
import { bodyOf, freePort, open } from '../helpers/http.ts'
import { type Setting, startServer } from './setting.ts'

let setting: Setting
afterEach(() => setting[Symbol.asyncDispose]())

/** More than the buffers of both ends of a connection take. */
const large = randomBytes(48 * 1024 * 1024)
const text = large.subarray(0, 24 * 1024 * 1024).toString('hex')

/** Where the open files of this process, and of its server, lie. */
async function openFiles(): Promise<string[]> {
  const descriptors = await readdir('/proc/self/fd')
  return Promise.all(descriptors.map(fd => readlink(`/proc/self/fd/${fd}`).catch(() => '')))
}

describe('while a bundle takes the place of another', () => {
  test('a file that is being read stays the old one, whole, even after two switches', async () => {
    setting = await startServer()
    await setting.publish({ 'sitemap.xml': urlset('/'), 'sitemap-pages-00.xml.gz': large })
    const response = await open(setting.url, '/sitemap-pages-00.xml.gz')
    response.pause()
    await setting.publish({ 'sitemap.xml': urlset('/a'), 'sitemap-pages-00.xml.gz': 'a' })
    await setting.publish({ 'sitemap.xml': urlset('/b') })
    expect((await setting.ask('/sitemap-pages-00.xml.gz')).status).toBe(404)
    expect((await bodyOf(response)).equals(large)).toBe(true)
    expect(setting.failures).toEqual([])
  })

  test('each answer is of one bundle: its bytes have the ETag that it names', async () => {
    setting = await startServer()
    const first = await setting.publish({ 'sitemap.xml': urlset('/first') })
    let isDone = false
    const readers = Array.from({ length: 2 }, async () => {
      const seen = new Set<string>()
      while (!isDone) {
        const { status, headers, body } = await setting.ask('/sitemap.xml')
        expect(status).toBe(200)
        seen.add(`${headers.etag} ${/example.com(\S+?)</.exec(String(body))?.[1]}`)
      }
      return seen
    })
    const bundles = [first]
    for (let count = 0; count < 6; count++) bundles.push(await setting.publish({ 'sitemap.xml': urlset(`/${count}`) }))
    isDone = true
    const paths = ['/first', ...Array.from({ length: 6 }, (_, count) => `/${count}`)]
    const right = new Set(
      bundles.map(({ manifest }, index) => `"${manifest.files['sitemap.xml']?.sha256}" ${paths[index]}`),
    )
    for (const seen of await Promise.all(readers)) expect([...seen].filter(pair => !right.has(pair))).toEqual([])
    expect(setting.failures).toEqual([])
  })
})

describe('several sites on one port', () => {
  const to = (host: string) => ({ headers: { host } })

  test('are told apart by the host that is asked for, and another one is refused', async () => {
    setting = await startServer('us.example.com', 'pl.example.com')
    await setting.publish({ 'sitemap.xml': urlset('/us') }, 'us.example.com')
    await setting.publish({ 'sitemap.xml': urlset('/pl') }, 'pl.example.com')
    expect(setting.servers.list).toHaveLength(1)
    for (const host of ['us.example.com', 'us.example.com:8080', 'US.Example.com', 'us.example.com.']) {
      expect(String((await setting.ask('/sitemap.xml', to(host))).body), host).toBe(urlset('/us'))
    }
    expect(String((await setting.ask('/sitemap.xml', to('pl.example.com'))).body)).toBe(urlset('/pl'))
    expect(String((await setting.ask('http://pl.example.com/sitemap.xml', to('us.example.com'))).body)).toBe(
      urlset('/pl'),
    )
    for (const host of ['example.com', '127.0.0.1', 'xus.example.com']) {
      expect((await setting.ask('/sitemap.xml', to(host))).status, host).toBe(421)
    }
  })

  test('with one name and ports of their own are told apart by both', async () => {
    setting = await startServer('localhost:3000', 'localhost:4000')
    await setting.publish({ 'sitemap.xml': urlset('/three') }, 'localhost:3000')
    await setting.publish({ 'sitemap.xml': urlset('/four') }, 'localhost:4000')
    expect(String((await setting.ask('/sitemap.xml', to('localhost:4000'))).body)).toBe(urlset('/four'))
    expect((await setting.ask('/sitemap.xml', to('localhost'))).status).toBe(421)
  })
})

test('a site alone on its port answers to every host, and to a client that names none', async () => {
  setting = await startServer()
  await setting.publish({ 'sitemap.xml': urlset('/') })
  for (const host of ['shop.example.com', 'sitemap.internal:8080', '10.0.0.7']) {
    expect((await setting.ask('/sitemap.xml', { headers: { host } })).status, host).toBe(200)
  }
  const socket = createConnection({ host: '127.0.0.1', port: Number(new URL(setting.url).port) })
  socket.write('GET /sitemap.xml HTTP/1.0\r\n\r\n')
  expect(String(await bodyOf(socket))).toMatch(/^HTTP\/1\.1 200 OK\r\n.*<loc>https:\/\/shop\.example\.com\/<\/loc>/s)
})

describe('/healthz', () => {
  test('tells which revision is served, and null while there is none', async () => {
    setting = await startServer()
    const empty = await setting.ask('/healthz')
    expect(empty.status).toBe(200)
    expect(empty.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' })
    expect(JSON.parse(String(empty.body))).toEqual({ revision: null })
    const { revision } = await setting.publish({ 'sitemap.xml': urlset('/') })
    expect(JSON.parse(String((await setting.ask('/healthz')).body))).toEqual({ revision })
    expect((await setting.ask('/healthz', { method: 'POST' })).status).toBe(405)
  })

  test('of several sites tells that of the host, or all of them', async () => {
    setting = await startServer('us.example.com', 'pl.example.com')
    const { revision } = await setting.publish({ 'sitemap.xml': urlset('/us') }, 'us.example.com')
    const asked = await setting.ask('/healthz', { headers: { host: 'us.example.com' } })
    expect(JSON.parse(String(asked.body))).toEqual({ revision })
    expect(JSON.parse(String((await setting.ask('/healthz')).body))).toEqual({
      revisions: { 'us.example.com': revision, 'pl.example.com': null },
    })
  })
})

describe('/readyz', () => {
  test('is 503 until there is something to serve, for every site of the port', async () => {
    setting = await startServer('us.example.com', 'pl.example.com')
    expect((await setting.ask('/readyz')).status).toBe(503)
    await setting.publish({ 'sitemap.xml': urlset('/us') }, 'us.example.com')
    const { status, headers } = await setting.ask('/readyz', { headers: { host: '10.0.0.7:8080' } })
    expect([status, headers['retry-after'], headers['cache-control']]).toEqual([503, '10', 'no-store'])
    await setting.publish({ 'sitemap.xml': urlset('/pl') }, 'pl.example.com')
    expect((await setting.ask('/readyz')).status).toBe(200)
  })
})

describe('a server', () => {
  const target = (port: number, host = '127.0.0.1') => ({ site: 'a.example', dir: '/nowhere', host, port })
  const start = (...targets: ReturnType<typeof target>[]) => serveTargets(targets, { onFailure: () => undefined })

  test('that is told to end finishes the answers it began, and takes no new ones', async () => {
    setting = await startServer()
    await setting.publish({ 'sitemap.xml': urlset('/'), 'sitemap-pages-00.xml.gz': large })
    const response = await open(setting.url, '/sitemap-pages-00.xml.gz', { headers: { connection: 'keep-alive' } })
    const idle = createConnection({ host: '127.0.0.1', port: Number(new URL(setting.url).port) })
    idle.write('GET /sitemap.xml HTTP/1.1\r\nHost: a\r\n\r\n')
    await once(idle, 'data')
    const closed = setting.servers.close()
    await once(idle, 'close')
    await expect(setting.ask('/sitemap.xml')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect((await bodyOf(response)).equals(large)).toBe(true)
    await closed
  })

  test('outlives clients that leave in the middle of a file, and keeps none of their files open', async context => {
    setting = await startServer()
    await setting.publish({ 'sitemap.xml': urlset('/'), 'sitemap-pages-00.xml.gz': large, 'sitemap-a.xml': text })
    for (const path of ['/sitemap-pages-00.xml.gz', '/sitemap-a.xml']) {
      const headers = { 'accept-encoding': 'gzip' }
      for (let count = 0; count < 3; count++) (await open(setting.url, path, { headers })).destroy()
    }
    expect((await setting.ask('/sitemap.xml')).status).toBe(200)
    expect(setting.failures).toEqual([])
    if (!existsSync('/proc/self/fd')) return context.skip('this system does not tell which files are open')
    await until('all files are closed', async () => !(await openFiles()).some(path => path.startsWith(setting.path)))
  })

  test('whose port is taken says so, and leaves none of the others listening', async () => {
    setting = await startServer()
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port: taken } = other.address() as { port: number }
    const free = await freePort()
    await expect(start(target(free), target(taken))).rejects.toMatchObject({
      code: 'SERVER_PORT_TAKEN',
      exitCode: 1,
      message: expect.stringContaining(`Port ${taken} of 127.0.0.1`),
    })
    const servers = await start(target(free))
    expect(servers.list).toEqual([{ url: `http://127.0.0.1:${free}`, sites: ['a.example'] }])
    await servers.close()
    other.close()
  })

  test('whose host is not of this machine says so', async () => {
    setting = await startServer()
    await expect(start(target(await freePort(), '192.0.2.1'))).rejects.toMatchObject({
      code: 'SERVER_NOT_STARTED',
      message: expect.stringContaining('this machine does not have that address'),
    })
    await expect(start(target(await freePort(), 'nowhere.invalid'))).rejects.toMatchObject({
      code: 'SERVER_NOT_STARTED',
    })
  })
})
