// What the doctor says of the live site: by real servers with odd answers.
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadSite } from '../../src/compose.ts'
import { runSite } from '../../src/operations.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { startHangingServer } from '../helpers/hanging-server.ts'
import { freePort } from '../helpers/http.ts'
import { paths } from '../helpers/project.ts'
import { examined, textOf } from './setting.ts'

let folder: AsyncDisposable & { readonly path: string }
beforeEach(async () => {
  folder = await tempFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

interface Server extends AsyncDisposable {
  readonly url: string
}

async function serve(answer: RequestListener): Promise<Server> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

const TYPES = { xml: 'application/xml', txt: 'text/plain', json: 'application/json' } as const

/** The published folder, as a web server shows it, and a home page. */
const front: RequestListener = async (request, response) => {
  const name = (request.url ?? '/').slice(1)
  if (name === '') return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Shop</html>')
  const type = TYPES[name.split('.').at(-1) as keyof typeof TYPES]
  await readFile(join(folder.path, 'public', name)).then(
    bytes => response.writeHead(200, { 'content-type': type }).end(bytes),
    () => response.writeHead(404).end(),
  )
}

async function renew(config: object, pages: number): Promise<void> {
  await writeFile(join(folder.path, 'paths.txt'), paths(pages))
  await runSite(await loadSite({ config, folder: folder.path, environment: {} }))
}

async function publish(site: string): Promise<object> {
  const shop = { site, robots: {}, sections: { pages: { of: 'list', file: 'paths.txt' } } } as const
  const config = { ...shop, publish: [{ directory: 'public' }] }
  await renew(config, 3)
  return config
}

const look = (config: object, limitMs = 20_000) => examined(config, { folder: folder.path, limitMs })

test('a site that serves what is published, and whose robots.txt names it, is all green', async () => {
  await using server = await serve(front)
  const config = await publish(server.url)
  const said = await look(config)
  const site = said.lines.filter(({ area }) => area.startsWith('site'))
  expect(
    site.map(({ what, result }) => `${what} ${result}`),
    textOf(said.lines),
  ).toEqual(['home page ok', 'clock ok', 'robots.txt ok', 'sitemap ok'])
  expect(said.line('sitemap').found).toMatch(/^it serves the sitemap.xml of revision [0-9a-f]{12}, which is published$/)
})

test('one that serves an older revision, or a page of the front end in its place, is told apart', async () => {
  await using server = await serve(front)
  const config = await publish(server.url)
  const older = { 'sitemap.xml': '', 'storemap.json': '' }
  for (const name of Object.keys(older) as (keyof typeof older)[])
    older[name] = await readFile(join(folder.path, 'public', name), 'utf8')
  await renew(config, 4)
  const behind = await serve((request, response) => {
    const text = older[(request.url ?? '').slice(1) as keyof typeof older]
    if (text === undefined) front(request, response)
    else response.writeHead(200, { 'content-type': 'application/xml' }).end(text)
  })
  await using _ = behind
  const published = { ...config, publish: [{ directory: 'public' }] }
  expect((await look({ ...published, site: behind.url })).line('sitemap')).toMatchObject({
    result: 'failed',
    found: expect.stringMatching(/it has other bytes than the published one .*; it serves revision [0-9a-f]{12}$/),
    remedy: expect.stringContaining('storemap pull'),
  })

  await using all = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Shop</title>')
  })
  const html = await look({ ...published, site: all.url })
  expect(html.line('sitemap')).toMatchObject({
    result: 'failed',
    found: expect.stringContaining('it answers a page of HTML'),
  })
  expect(html.line('robots.txt')).toMatchObject({
    result: 'warning',
    remedy: `Add the line "Sitemap: ${all.url}/sitemap.xml" to it, or let Storemap write it: robots: {}`,
  })
})

test('one that redirects to another host is not the one to configure', async () => {
  await using canonical = await serve(front)
  await using server = await serve((request, response) => {
    response.writeHead(301, { location: `${canonical.url}${request.url}` }).end()
  })
  const said = await look({ site: server.url, sections: { pages: { of: 'list', paths: ['/'] } } })
  expect(said.line('home page')).toMatchObject({ result: 'warning', remedy: `site: ${canonical.url}` })
  expect(said.line('sitemap')).toMatchObject({ result: 'ok', found: expect.stringContaining('not compared') })
})

test('one whose clock is ten minutes away warns, but not an answer that lay in a cache', async () => {
  const away = (headers: Readonly<Record<string, string>>) =>
    serve((_request, response) => {
      const date = new Date(Date.now() - 600_000).toUTCString()
      response.writeHead(200, { date, ...headers }).end('Shop')
    })
  const list = { sections: { pages: { of: 'list', paths: ['/'] } } }
  await using server = await away({})
  expect((await look({ site: server.url, ...list })).line('clock')).toMatchObject({
    result: 'warning',
    found: "that of the site is 10 minutes behind this machine's",
  })
  await using cached = await away({ age: '600' })
  const { lines } = await look({ site: cached.url, ...list })
  expect(lines.filter(({ what }) => what === 'clock')).toEqual([])
})

test('one that is not there, or never answers, fails, and the rest is told all the same', async () => {
  const list = { sections: { pages: { of: 'list', paths: ['/'] } } }
  const closed = await look({ site: `http://127.0.0.1:${await freePort()}`, ...list })
  expect(closed.line('home page')).toMatchObject({ result: 'failed', found: 'it refuses the connection' })
  await using server = await startHangingServer()
  const hanging = await look({ site: server.url('http', '').replace(/\/$/, ''), ...list }, 1_500)
  expect(hanging.line('home page')).toMatchObject({ result: 'failed', found: expect.stringContaining('no answer') })
  expect(hanging.line('temporary folder').result).toBe('ok')
})
