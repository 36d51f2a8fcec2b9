// storemap-verify.sh: what a workflow without Node ends with, against a real nginx and other web servers.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Bundle } from '../../src/bundle/manifest.ts'
import { render } from '../../src/deploy/render.ts'
import { makeBundle, sitemapindex, tempFolder, urlset } from '../helpers/bundle.ts'
import { type Nginx, startNginx } from './nginx.ts'
import { hasParts, run, type Shell, shells, start, template } from './parts.ts'

const script = template('front-end/storemap-verify.sh')
const isThere = hasParts('dash', 'busybox', 'curl', 'nginx')

let home: Awaited<ReturnType<typeof tempFolder>>
let root: string
let nginx: Nginx
let bundle: Bundle
let found: readonly Shell[]

beforeAll(async () => {
  if (!isThere) return
  home = await tempFolder()
  root = join(home.path, 'web "root" \\ {x};')
  await mkdir(root)
  found = await shells(home.path)
  const snippet = render(await readFile(template('front-end/nginx-storemap.conf'), 'utf8'), {
    served: root,
  })
  nginx = await startNginx({ dir: home.path, root, snippet })
})
afterAll(async () => {
  await nginx?.close()
  await home?.[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await rm(root, { recursive: true, force: true })
  await mkdir(root)
  await writeFile(join(root, 'index.html'), '<!doctype html><title>Shop</title>')
  const shard = 'sitemap-products-00.xml'
  bundle = await makeBundle(root, {
    [shard]: urlset('/oak', '/elm'),
    'sitemap-pages-00.xml.gz': Buffer.from('H4sIAAAAAAAAA7MJTi3RtwMAk4vLAQkAAAA=', 'base64'),
    'sitemap.xml': sitemapindex(shard, 'sitemap-pages-00.xml.gz'),
    'robots.txt': 'User-agent: *\nSitemap: https://shop.example.com/sitemap.xml\n',
  })
  await writeFile(join(home.path, 'published.json'), bundle.manifestText)
})

const verify = (args: readonly string[] = ['--timeout', '1'], { site = nginx.url, shell = 'dash' } = {}) => {
  const { command, args: before, path: PATH } = found.find(({ name }) => name === shell) as Shell
  return run(command, [...before, script, ...args, site, join(home.path, 'published.json')], { env: { PATH } })
}

describe.skipIf(!isThere)('storemap-verify.sh', () => {
  test.each(['dash', 'bash', 'busybox'])('is green where nginx serves what is published (%s)', async shell => {
    const revision = bundle.revision.slice(0, 12)
    expect(await verify([], { shell })).toMatchObject({ code: 0, stderr: '' })
    expect(Buffer.from((await verify([], { shell })).stdout, 'latin1').toString('utf8')).toBe(
      `✓ ${nginx.url} serves revision ${revision}: 4 files with the right bytes and types, and robots.txt names it\n`,
    )
  })

  test.each(['dash', 'busybox'])('says what it saw instead, and which revision is served (%s)', async shell => {
    const other = await makeBundle(join(home.path, 'other'), { 'sitemap.xml': urlset('/old') })
    for (const name of ['sitemap.xml', 'storemap.json'])
      await writeFile(join(root, name), await readFile(join(other.dir, name)))
    const red = await verify(undefined, { shell })
    expect(red.code).toBe(1)
    expect(red.stderr).toContain(`error VERIFY_FAILED ${nginx.url} does not serve what is published, revision `)
    expect(red.stderr).toContain('/sitemap.xml: it has other bytes than the published one (')
    expect(red.stderr).toContain(`It serves revision ${other.revision.slice(0, 12)}.`)
  })

  test('names each shard that is missing or altered, and what robots.txt says', async () => {
    await rm(join(root, 'sitemap-products-00.xml'))
    await writeFile(join(root, 'sitemap-pages-00.xml.gz'), 'x')
    await writeFile(join(root, 'robots.txt'), 'Sitemap: https://other.example.com/s.xml\r\n')
    const { code, stderr } = await verify()
    expect(code).toBe(1)
    expect(stderr).toContain('/sitemap-products-00.xml: it answers 404')
    expect(stderr).toContain('/sitemap-pages-00.xml.gz: it has other bytes than the published one (1 bytes)')
    expect(stderr).toContain(
      '/robots.txt: it names https://other.example.com/s.xml, and not https://shop.example.com/sitemap.xml',
    )
    expect((await verify(['--no-robots', '--timeout', '1'])).stderr).not.toContain('robots.txt:')
  })

  test('waits until the new sitemap is there', async () => {
    const text = await readFile(join(root, 'sitemap.xml'))
    await rm(join(root, 'sitemap.xml'))
    const { args, command } = found[0] as Shell
    const waiting = start(command, [...args, script, '--timeout', '60', nginx.url, join(home.path, 'published.json')])
    while (!waiting.said().includes('waiting: ')) await new Promise(resolve => setTimeout(resolve, 20))
    await writeFile(join(root, 'sitemap.xml'), text)
    expect(await waiting.ended).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('/sitemap.xml: it answers 404'),
    })
  })

  test('tells a front end that answers for all it does not know, a wrong type, and a host that is not there', async () => {
    const sitemap = await readFile(join(root, 'sitemap.xml'))
    const answers: Record<string, [string, string | Buffer]> = { '/sitemap.xml': ['text/html', sitemap] }
    const server = createServer((request, response) => {
      const [type, body] = answers[request.url as string] ?? ['text/html', '<!doctype html><title>Shop</title>']
      response.setHeader('content-type', type).end(body)
    }).listen(0, '127.0.0.1')
    await new Promise(resolve => server.once('listening', resolve))
    const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const started = performance.now()
    expect((await verify(['--timeout', '1'], { site })).stderr).toContain(
      '/sitemap.xml: its content type is "text/html", not application/xml',
    )
    answers['/sitemap.xml'] = ['text/html', '<!doctype html>']
    expect((await verify(['--timeout', '1'], { site })).stderr).toContain('it answers a page of HTML')
    server.close()
    expect((await verify(['--timeout', '1'], { site })).stderr).toContain('it refuses the connection')
    expect(performance.now() - started).toBeLessThan(60_000)
  })

  test.each([
    [['--timeout', 'soon'], undefined],
    [['--force'], undefined],
    [[], 'shop.example.com'],
    [[], 'https://me:secret@shop.example.com'],
    [[], 'file:///etc/passwd'],
  ])('refuses %s %s as wrong use', async (args, site) => {
    expect(await verify(args, site ? { site } : {})).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('error OPTION_INVALID'),
    })
  })
})

describe.skipIf(!isThere)('nginx-storemap.conf', () => {
  test('passes nginx -t, gives each file its type, and no page where there is no file', async () => {
    const get = async (name: string) => {
      const answer = await fetch(`${nginx.url}/${name}`)
      return [answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]
    }
    expect(await get('sitemap.xml')).toEqual([200, 'application/xml', 'no-cache'])
    expect(await get('sitemap-products-00.xml')).toEqual([200, 'application/xml', 'no-cache'])
    expect(await get('sitemap-pages-00.xml.gz')).toEqual([200, 'application/gzip', 'no-cache'])
    expect(await get('robots.txt')).toEqual([200, 'text/plain; charset=utf-8', 'no-cache'])
    expect(await get('storemap.json')).toEqual([200, 'application/json', 'no-cache'])
    expect((await get('sitemap-gone.xml'))[0]).toBe(404)
    expect((await get('.storemap/placed.json'))[0]).toBe(404)
    // The front end's own pages are as they were.
    expect(await get('any/page')).toEqual([200, 'text/html', null])
    expect(await get('sitemap')).toEqual([200, 'text/html', null])
  })
})
