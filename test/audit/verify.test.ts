import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type VerifyOptions, verifySite } from '../../src/audit/verify.ts'
import type { Bundle } from '../../src/bundle/manifest.ts'
import type { StoremapError } from '../../src/errors.ts'
import { makeBundle, SITE, sitemapindex, tempFolder, urlset } from '../helpers/bundle.ts'
import { freePort } from '../helpers/http.ts'

type Answerer = (request: IncomingMessage, response: ServerResponse, name: string) => boolean | undefined

/** A web server of one folder, which answers some names in its own way. */
interface Site extends AsyncDisposable {
  readonly url: string
  dir: string
  answer: Answerer
  readonly asked: string[]
}

const TYPES: Readonly<Record<string, string>> = { xml: 'application/xml', gz: 'application/gzip', txt: 'text/plain' }

async function startSite(dir: string): Promise<Site> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const name = (request.url ?? '/').slice(1)
    asked.push(name)
    if (site.answer(request, response, name)) return
    readFile(join(site.dir, name)).then(
      body => response.writeHead(200, { 'content-type': TYPES[name.split('.').at(-1) ?? ''] ?? 'text/html' }).end(body),
      () => response.writeHead(404).end('nothing'),
    )
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const site: Site = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dir,
    answer: () => undefined,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return site
}

const ROBOTS = `User-agent: *\nDisallow: /checkout\n\nSitemap: ${SITE}/sitemap.xml\n`
const files = (page: string) => ({
  'robots.txt': ROBOTS,
  'sitemap.xml': sitemapindex('sitemap-pages-0.xml', 'sitemap-products-0.xml.gz'),
  'sitemap-pages-0.xml': urlset(page),
  'sitemap-products-0.xml.gz': gzipSync(urlset('/products/oak-table')),
})

let folder: Awaited<ReturnType<typeof tempFolder>>
let site: Site
let bundle: Bundle
beforeEach(async () => {
  folder = await tempFolder()
  bundle = await makeBundle(join(folder.path, 'new'), files('/about'))
  site = await startSite(bundle.dir)
})
afterEach(async () => {
  await site[Symbol.asyncDispose]()
  await folder[Symbol.asyncDispose]()
})

const verify = (options: Partial<VerifyOptions> = {}) =>
  verifySite({
    site: site.url,
    manifest: bundle.manifest,
    revision: bundle.revision,
    timeoutMs: 100,
    robots: true,
    ...options,
  })

const failureOf = async (options: Partial<VerifyOptions> = {}): Promise<StoremapError> =>
  verify(options).then(
    () => expect.fail('it was verified'),
    (cause: StoremapError) => cause,
  )

describe('a site that serves the published bundle', () => {
  test('is verified by every file, its type, and a robots.txt that names it', async () => {
    expect(await verify()).toMatchObject({ revision: bundle.revision, files: 4, attempts: 1 })
    expect(site.asked.toSorted()).toEqual([
      'robots.txt',
      'sitemap-pages-0.xml',
      'sitemap-products-0.xml.gz',
      'sitemap.xml',
    ])
  })

  test('is asked again until it does', async () => {
    const old = await makeBundle(join(folder.path, 'old'), files('/before'))
    site.dir = old.dir
    const seen: string[] = []
    const report = await verify({
      timeoutMs: 20_000,
      onWait: ({ problem = '' }) => {
        seen.push(problem)
        site.dir = bundle.dir
      },
    })
    expect(report.attempts).toBe(2)
    expect(seen).toEqual([expect.stringMatching(/^it has other bytes than the published one \(\d+ bytes\)$/)])
  })

  test('may be below a path, while robots.txt is at the top', async () => {
    const inner = site.answer
    site.answer = (request, response, name) => {
      if (name.startsWith('maps/')) {
        readFile(join(site.dir, name.slice(5))).then(body =>
          response.writeHead(200, { 'content-type': TYPES[name.split('.').at(-1) ?? ''] ?? '' }).end(body),
        )
        return true
      }
      return inner(request, response, name)
    }
    await verify({ site: `${site.url}/maps` })
    expect(site.asked).toContain('maps/sitemap.xml')
    expect(site.asked).toContain('robots.txt')
  })

  test('may want a name and a password, which go to no other host', async () => {
    await using elsewhere = await startSite(bundle.dir)
    const headers: (string | undefined)[] = []
    site.answer = ({ headers: { authorization } }, response, name) => {
      if (authorization !== `Basic ${Buffer.from('shop:op en').toString('base64')}`) {
        response.writeHead(401).end()
        return true
      }
      if (name !== 'sitemap-pages-0.xml') return undefined
      response.writeHead(302, { location: `${elsewhere.url}/${name}` }).end()
      return true
    }
    elsewhere.answer = ({ headers: { authorization } }) => {
      headers.push(authorization)
      return undefined
    }
    expect((await failureOf()).message).toContain('it answers 401')
    const { message } = await failureOf({ credentials: 'shop:op en' })
    expect(message).toContain('sitemap-pages-0.xml: it is served by another host')
    expect(headers).toEqual([undefined])
  })
})

describe('what a site does instead is told', () => {
  const answering = (wanted: string, status: number, headers: Record<string, string>, body: string | Buffer = '') => {
    site.answer = (_, response, name) => {
      if (name !== wanted) return undefined
      response.writeHead(status, headers).end(body)
      return true
    }
  }

  test.each([
    ['nothing', 404, {}, '', 'it answers 404'],
    ['a failure', 503, {}, '', 'it answers 503'],
    [
      'the front end',
      200,
      { 'content-type': 'text/html' },
      '<!doctype html><div id="root">',
      'it answers a page of HTML',
    ],
    [
      'other bytes out of a cache',
      200,
      { age: '340', 'content-type': 'text/xml' },
      '<x/>',
      'it has other bytes than the published one (4 bytes, 340 s old in a cache)',
    ],
  ])('%s', async (_, status, headers, body, told) => {
    answering('sitemap.xml', status, headers as Record<string, string>, body)
    const failure = await failureOf()
    expect(failure.code).toBe('VERIFY_FAILED')
    expect(failure.message).toContain(`${site.url}/sitemap.xml: ${told}`)
    // As long as the entry point is another, nothing else has to be there.
    expect(site.asked.filter(name => name.startsWith('sitemap-'))).toEqual([])
  })

  test('a shard that is not there yet, though the entry point is', async () => {
    answering('sitemap-pages-0.xml', 404, {})
    expect((await failureOf()).message).toContain(`${site.url}/sitemap-pages-0.xml: it answers 404`)
  })

  test('a wrong type, for which nobody has to wait', async () => {
    answering(
      'sitemap-products-0.xml.gz',
      200,
      { 'content-type': 'text/plain' },
      gzipSync(urlset('/products/oak-table')),
    )
    const started = performance.now()
    const { message } = await failureOf({ timeoutMs: 60_000 })
    expect(message).toContain('its content type is "text/plain", not application/gzip')
    expect(performance.now() - started).toBeLessThan(30_000)
  })

  test('a packed file that is unpacked on the way', async () => {
    answering(
      'sitemap-products-0.xml.gz',
      200,
      { 'content-type': 'application/gzip', 'content-encoding': 'gzip' },
      gzipSync(gzipSync(urlset('/products/another'))),
    )
    expect((await failureOf()).message).toContain('it is packed for the way (gzip), though nobody asked for that')
  })

  test.each([
    ['is not there', 404, 'x', 'it answers 404, so nobody is told of'],
    ['names no sitemap', 200, 'User-agent: *\n', 'it names no sitemap, and not'],
    [
      'names another',
      200,
      'Sitemap: https://old.example.com/map.xml',
      'it names https://old.example.com/map.xml, and not',
    ],
  ])('a robots.txt that %s', async (_, status, body, told) => {
    answering('robots.txt', status, { 'content-type': 'text/plain' }, body)
    expect((await failureOf()).message).toContain(`${site.url}/robots.txt: ${told} ${SITE}/sitemap.xml`)
    await verify({ robots: false })
  })

  test('the revision of another bundle', async () => {
    const old = await makeBundle(join(folder.path, 'old'), files('/before'))
    site.dir = old.dir
    expect((await failureOf()).message).toContain(`It serves revision ${old.revision.slice(0, 12)}.`)
  })

  test('no answer at all', async () => {
    const port = await freePort()
    expect((await failureOf({ site: `http://127.0.0.1:${port}` })).message).toContain('it refuses the connection')
  })

  test('an answer that never comes, or never ends', async () => {
    site.answer = (_, __, name) => name === 'sitemap.xml'
    expect((await failureOf({ timeoutMs: 1_000 })).message).toContain('there was no answer within 1 s')
    site.answer = (_, response, name) => {
      if (name !== 'sitemap.xml') return undefined
      response.writeHead(200, { 'content-type': 'text/xml' })
      const more = setInterval(() => response.write(Buffer.alloc(65_536, 'x')), 1)
      response.once('close', () => clearInterval(more))
      return true
    }
    expect((await failureOf()).message).toContain('it has other bytes')
  })

  test('a redirect in a circle', async () => {
    answering('sitemap.xml', 301, { location: '/sitemap.xml' })
    expect((await failureOf()).message).toContain('it redirects more than 5 times')
  })

  test('no more than ten files of many', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 14 }, (_, index) => [`sitemap-pages-${index}.xml`, urlset(`/${index}`)]),
    )
    const large = await makeBundle(join(folder.path, 'large'), {
      ...many,
      'sitemap.xml': sitemapindex(...Object.keys(many)),
    })
    site.dir = large.dir
    site.answer = (_, response, name) => {
      if (!name.startsWith('sitemap-')) return undefined
      response.writeHead(500).end()
      return true
    }
    const { message } = await failureOf({ manifest: large.manifest, revision: large.revision, robots: false })
    expect(message.match(/it answers 500/g)).toHaveLength(10)
    expect(message).toContain('and 4 more')
  })
})

test('who stops it waits no longer', async () => {
  site.answer = (_, response) => {
    response.writeHead(404).end()
    return true
  }
  const controller = new AbortController()
  const verified = verify({ timeoutMs: 60_000, signal: controller.signal, onWait: () => controller.abort() })
  await expect(verified).rejects.toMatchObject({ name: 'AbortError' })
})
