// What a server of bundles answers for their files, over the wire.
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LASTMOD, sitemapindex, urlset } from '../helpers/bundle.ts'
import { ensureUltimateSitemapParser } from '../oracles/available.ts'
import { readWithUsp } from '../oracles/ultimate-sitemap-parser.ts'
import { etagOf, type Setting, startServer } from './setting.ts'

const MODIFIED = new Date(LASTMOD).toUTCString()
const long = urlset(...Array.from({ length: 100 }, (_, index) => `/products/${index}`))
const packed = gzipSync(urlset('/products/lamp'))
const files = {
  'sitemap-products-00.xml': long,
  'sitemap-products-01.xml.gz': packed,
  'robots.txt': 'User-agent: *\n',
  'sitemap.xml': sitemapindex('sitemap-products-00.xml', 'sitemap-products-01.xml.gz'),
}

let setting: Setting
beforeEach(async () => {
  setting = await startServer()
})
afterEach(() => setting[Symbol.asyncDispose]())

describe('a file of the bundle', () => {
  test('is served with its type, its length, its validators, and for how long it may be kept', async () => {
    const bundle = await setting.publish(files)
    const shard = await setting.ask('/sitemap-products-00.xml')
    expect(shard.status).toBe(200)
    expect(String(shard.body)).toBe(long)
    expect(shard.headers).toMatchObject({
      'content-type': 'application/xml',
      'content-length': String(long.length),
      etag: etagOf(bundle, 'sitemap-products-00.xml'),
      'last-modified': MODIFIED,
      'cache-control': 'public, max-age=300',
      vary: 'Accept-Encoding',
      'x-content-type-options': 'nosniff',
    })
    const robots = await setting.ask('/robots.txt?from=crawler')
    expect(robots.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(robots.headers['last-modified']).toBeUndefined()
    expect(String(robots.body)).toBe('User-agent: *\n')
    const manifest = await setting.ask('/storemap.json')
    expect(manifest.headers).toMatchObject({ 'content-type': 'application/json', etag: `"${bundle.revision}"` })
    expect(manifest.headers['last-modified']).toBeUndefined()
    expect(String(manifest.body)).toBe(bundle.manifestText)
    expect(setting.failures).toEqual([])
  })

  test('that is gzipped itself is sent as the file it is, however the client likes gzip', async () => {
    await setting.publish(files)
    const shard = await setting.ask('/sitemap-products-01.xml.gz', { headers: { 'accept-encoding': 'gzip' } })
    expect(shard.headers).toMatchObject({ 'content-type': 'application/gzip', 'content-length': String(packed.length) })
    expect(shard.headers['content-encoding']).toBeUndefined()
    expect(shard.headers.vary).toBeUndefined()
    expect(shard.body).toEqual(packed)
  })

  test('is answered to HEAD with the headers of GET and no body', async () => {
    await setting.publish(files)
    // How long the gzipped form is shows only when it is made.
    const ends = ['date', 'transfer-encoding']
    for (const path of ['/sitemap.xml', '/sitemap-products-00.xml', '/sitemap-products-01.xml.gz', '/storemap.json']) {
      for (const encoding of ['gzip', 'identity']) {
        const headers = { 'accept-encoding': encoding }
        const got = await setting.ask(path, { headers })
        const head = await setting.ask(path, { method: 'HEAD', headers })
        const kept = ([name]: [string, unknown]) => !ends.includes(name)
        expect(head.status).toBe(200)
        expect(head.body).toHaveLength(0)
        expect(Object.entries(head.headers).filter(kept)).toEqual(Object.entries(got.headers).filter(kept))
      }
    }
  })

  test('is whole where a part of it is asked for', async () => {
    await setting.publish(files)
    const answer = await setting.ask('/sitemap-products-00.xml', { headers: { range: 'bytes=0-9' } })
    expect(answer.status).toBe(200)
    expect(String(answer.body)).toBe(long)
  })

  test('that somebody shortened, removed or replaced by a link is refused, and told of', async () => {
    const { revision } = await setting.publish(files)
    const release = join(setting.dirOf('shop.example.com'), '.storemap/releases', revision)
    await writeFile(join(release, 'sitemap-products-00.xml'), '<urlset/>')
    await rm(join(release, 'robots.txt'))
    await rm(join(release, 'sitemap.xml'))
    await symlink('/etc/passwd', join(release, 'sitemap.xml'))
    for (const path of ['/sitemap-products-00.xml', '/robots.txt', '/sitemap.xml']) {
      const answer = await setting.ask(path)
      expect(answer.status).toBe(503)
      expect(String(answer.body)).toBe('What is published cannot be read now.\n')
      expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'retry-after': '60' })
    }
    expect(setting.failures).toEqual([1, 2, 3].map(() => expect.objectContaining({ code: 'BUNDLE_FILE_ALTERED' })))
    expect((await setting.ask('/sitemap-products-01.xml.gz')).status).toBe(200)
  })
})

describe('a client that has a file already', () => {
  const since = (moment: string) => ({ 'if-modified-since': moment })

  test('is told so by its ETag: alone, in a list, in its weak form, or any', async () => {
    const bundle = await setting.publish(files)
    const etag = etagOf(bundle, 'sitemap-products-00.xml')
    for (const tags of [etag, `W/${etag}`, `"a", ${etag}`, `"a,b",W/"c" ,  W/${etag}`, '*']) {
      const answer = await setting.ask('/sitemap-products-00.xml', { headers: { 'if-none-match': tags } })
      expect(answer.status, tags).toBe(304)
      expect(answer.body).toHaveLength(0)
      expect(answer.headers).toMatchObject({ etag, 'cache-control': 'public, max-age=300', vary: 'Accept-Encoding' })
      expect(answer.headers['content-type']).toBeUndefined()
    }
    for (const tags of ['"a"', etag.slice(1, -1), `${etag.slice(0, -1)}-gzip"`, '', '"*"']) {
      const answer = await setting.ask('/sitemap-products-00.xml', { headers: { 'if-none-match': tags } })
      expect(answer.status, tags).toBe(200)
    }
  })

  test('is told so by its date, unless it has an ETag, too', async () => {
    const bundle = await setting.publish(files)
    const statusOf = async (headers: Record<string, string>, path = '/sitemap-products-00.xml') =>
      (await setting.ask(path, { headers })).status
    expect(await statusOf(since(MODIFIED))).toBe(304)
    expect(await statusOf(since('Fri, 20 Nov 2026 02:59:59 GMT'))).toBe(200)
    expect(await statusOf(since('yesterday'))).toBe(200)
    expect(await statusOf({ ...since(MODIFIED), 'if-none-match': '"other"' })).toBe(200)
    expect(await statusOf({ ...since('yesterday'), 'if-none-match': etagOf(bundle, 'sitemap-products-00.xml') })).toBe(
      304,
    )
    expect(await statusOf(since(MODIFIED), '/storemap.json')).toBe(200)
  })

  test('has another file once a bundle with another one was published', async () => {
    const before = await setting.publish(files)
    const headers = { 'if-none-match': etagOf(before, 'robots.txt') }
    expect((await setting.ask('/robots.txt', { headers })).status).toBe(304)
    await setting.publish({ ...files, 'robots.txt': 'User-agent: x\n' })
    const answer = await setting.ask('/robots.txt', { headers })
    expect(answer.status).toBe(200)
    expect(String(answer.body)).toBe('User-agent: x\n')
  })
})

describe('gzip', () => {
  const asked = (encoding: string) => ({ headers: { 'accept-encoding': encoding } })

  test('is for those that accept it, and has an ETag of its own', async () => {
    const bundle = await setting.publish(files)
    const etag = `${etagOf(bundle, 'sitemap-products-00.xml').slice(0, -1)}-gzip"`
    for (const encoding of ['gzip', 'deflate, gzip;q=1.0', 'br, GZIP;q=0.5', '*', 'x-gzip', 'gzip, identity;q=0.5']) {
      const answer = await setting.ask('/sitemap-products-00.xml', asked(encoding))
      expect(answer.headers, encoding).toMatchObject({ 'content-encoding': 'gzip', etag, vary: 'Accept-Encoding' })
      expect(String(gunzipSync(answer.body))).toBe(long)
      expect(answer.body.length).toBeLessThan(long.length)
    }
    const again = await setting.ask('/sitemap-products-00.xml', {
      headers: { 'accept-encoding': 'gzip', 'if-none-match': etag },
    })
    expect(again.status).toBe(304)
    expect(again.headers.etag).toBe(etag)
  })

  test('is not for those that do not, or like the file as it is better', async () => {
    await setting.publish(files)
    for (const encoding of ['', 'identity', 'gzip;q=0', 'gzip;q=0, *', '*;q=0', 'br', 'gzip;q=0.2, identity;q=0.8']) {
      const answer = await setting.ask('/sitemap-products-00.xml', asked(encoding))
      expect(answer.headers['content-encoding'], encoding).toBeUndefined()
      expect(answer.headers.vary).toBe('Accept-Encoding')
      expect(String(answer.body)).toBe(long)
    }
  })

  test('is not worth it for a few bytes', async () => {
    await setting.publish(files)
    const answer = await setting.ask('/robots.txt', asked('gzip'))
    expect(answer.headers['content-encoding']).toBeUndefined()
    expect(String(answer.body)).toBe('User-agent: *\n')
  })
})

describe.skipIf(!(await ensureUltimateSitemapParser()))('an independent crawler', () => {
  test('finds every page, from robots.txt on', async () => {
    const site = 'https://shop.example.com'
    await setting.publish({ ...files, 'robots.txt': `User-agent: *\nDisallow:\n\nSitemap: ${site}/sitemap.xml\n` })
    const { locs, problems } = await readWithUsp(setting.url, { site, start: 'robots.txt' })
    const pages = Array.from({ length: 100 }, (_, index) => `${site}/products/${index}`)
    expect(locs).toEqual([...pages, `${site}/products/lamp`].sort())
    expect(problems).toEqual([])
  })
})

describe('what is no file of the bundle', () => {
  test('is not there, however its name is written, even where the folder has it', async () => {
    await setting.publish(files)
    const dir = setting.dirOf('shop.example.com')
    await writeFile(join(dir, 'index.html'), 'theirs')
    await writeFile(join(setting.path, 'served', 'secret.txt'), 'secret')
    await mkdir(join(dir, 'sub'))
    await writeFile(join(dir, 'sub', 'sitemap.xml'), 'theirs')
    const paths = [
      '/',
      '//',
      '//sitemap.xml',
      '/sitemap.xml/',
      '/sub/sitemap.xml',
      '/index.html',
      '/SITEMAP.XML',
      '/__proto__',
      '/constructor',
      '/.storemap',
      '/.storemap/current/sitemap.xml',
      '/%2estoremap/current/sitemap.xml',
      '/.storemap%2fcurrent%2fsitemap.xml',
      '/../secret.txt',
      '/..%2fsecret.txt',
      '/%2e%2e/secret.txt',
      '/%2e%2e%2fsecret.txt',
      '/%252e%252e%252fsecret.txt',
      '/..%5csecret.txt',
      '/sitemap.xml%00',
      '/sitemap.xml%00.txt',
      '/%',
      '/%ff%fe',
      `/${'a'.repeat(5_000)}`,
    ]
    for (const path of paths) {
      const answer = await setting.ask(path)
      expect(answer.status, path).toBe(404)
      expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
      expect(answer.headers['cache-control']).toBe('no-store')
      expect(String(answer.body)).toBe('Nothing of that name was published. Begin with /sitemap.xml.\n')
    }
    expect((await setting.ask('/..\\secret.txt')).status).toBe(400)
    expect(setting.failures).toEqual([])
  })

  test('is asked for in vain by other methods than GET and HEAD', async () => {
    await setting.publish(files)
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND']) {
      const answer = await setting.ask('/sitemap.xml', { method })
      expect(answer.status, method).toBe(405)
      expect(answer.headers.allow).toBe('GET, HEAD')
    }
    expect(String((await setting.ask('/sitemap.xml')).body)).toBe(files['sitemap.xml'])
  })

  test('leaves with the bundle that had it', async () => {
    await setting.publish(files)
    expect((await setting.ask('/sitemap-products-01.xml.gz')).status).toBe(200)
    await setting.publish({ 'sitemap.xml': urlset('/') })
    expect((await setting.ask('/sitemap-products-01.xml.gz')).status).toBe(404)
    expect(String((await setting.ask('/sitemap.xml')).body)).toBe(urlset('/'))
  })

  test('is told apart from a server to which nothing was published yet', async () => {
    const answer = await setting.ask('/sitemap.xml')
    expect(answer.status).toBe(503)
    expect(String(answer.body)).toMatch(/^Nothing was published here yet\./)
    expect(answer.headers).toMatchObject({ 'retry-after': '60', 'cache-control': 'no-store' })
    expect(setting.failures).toEqual([])
  })

  test('is told apart from a manifest that cannot be read', async () => {
    const dir = setting.dirOf('shop.example.com')
    await mkdir(dir, { recursive: true })
    await writeFile(join(dir, 'storemap.json'), 'not json')
    expect((await setting.ask('/sitemap.xml')).status).toBe(503)
    expect((await setting.ask('/healthz')).status).toBe(503)
    expect(setting.failures).toMatchObject([{ code: 'MANIFEST_INVALID' }, { code: 'MANIFEST_INVALID' }])
  })
})
