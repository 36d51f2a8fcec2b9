import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ensureCrawlerCommons, ensureSchemas, ensureSitemapJs, ensureUltimateSitemapParser } from './available.ts'
import { readWithCrawlerCommons } from './crawler-commons.ts'
import { checkSchemas } from './schemas.ts'
import { type ServedFolder, serveFolder } from './serve-folder.ts'
import { readWithSitemapJs } from './sitemap-js.ts'
import { readWithUsp } from './ultimate-sitemap-parser.ts'

const site = 'https://shop.example.com'
const namespace = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
const extensions = [
  'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"',
  'xmlns:xhtml="http://www.w3.org/1999/xhtml"',
].join(' ')

const products = `<?xml version="1.0" encoding="UTF-8"?>
<urlset ${namespace} ${extensions}>
<url><loc>${site}/products/a?x=1&amp;y=2</loc><lastmod>2026-11-20T03:00:00Z</lastmod></url>
<url><loc>${site}/products/caf%C3%A9</loc><lastmod>2026-11-20T03:00:00.250+01:00</lastmod>\
<xhtml:link rel="alternate" hreflang="de" href="${site}/de/products/caf%C3%A9"/>\
<image:image><image:loc>${site}/media/caf%C3%A9.jpg</image:loc></image:image></url>
</urlset>
`
const pages = `<?xml version="1.0" encoding="UTF-8"?>
<urlset ${namespace}>
<url><loc>${site}/pages/what&apos;s-new</loc><lastmod>2026-11-20</lastmod></url>
<url><loc>${site}/</loc></url>
</urlset>
`
const whole = {
  locs: [`${site}/`, `${site}/pages/what's-new`, `${site}/products/a?x=1&y=2`, `${site}/products/caf%C3%A9`],
  lastmods: new Map([
    [`${site}/pages/what's-new`, '2026-11-20T00:00:00.000Z'],
    [`${site}/products/a?x=1&y=2`, '2026-11-20T03:00:00.000Z'],
    [`${site}/products/caf%C3%A9`, '2026-11-20T02:00:00.250Z'],
  ]),
  problems: [],
}

const offHost = 'https://elsewhere.example.com/products/a'
const foreign = products.replace(`${site}/products/a?x=1&amp;y=2`, offHost)
const malformed = pages.replace('what&apos;s-new', 'less-<-more')

let good: string
let broken: string
let servedGood: ServedFolder
let servedBroken: ServedFolder

beforeAll(async () => {
  good = await writeBundle(products, pages)
  broken = await writeBundle(foreign, malformed)
  servedGood = await serveFolder(good)
  servedBroken = await serveFolder(broken)
})

afterAll(async () => {
  await servedGood.close()
  await servedBroken.close()
  await rm(good, { recursive: true, force: true })
  await rm(broken, { recursive: true, force: true })
})

describe.skipIf(!(await ensureSchemas()))('xmllint with the schemas', () => {
  test('finds a good bundle valid, index, shard and gzipped shard', async () => {
    expect(await checkSchemas(good)).toEqual({
      files: ['pages.xml.gz', 'products.xml', 'sitemap.xml'],
      problems: [],
    })
  })

  test('refuses unescaped text and an element out of order', async () => {
    expect((await checkSchemas(broken)).problems.join('\n')).toMatch(/^pages\.xml\.gz: .*parser error/m)
    const folder = await writeBundle(products.replace(/(<loc>.*<\/loc>)(<lastmod>.*<\/lastmod>)/, '$2$1'), pages)
    const { problems } = await checkSchemas(folder)
    await rm(folder, { recursive: true })
    expect(problems.join('\n')).toMatch(/^products\.xml: .*Schemas validity error/m)
  })
})

describe.skipIf(!(await ensureCrawlerCommons()))('crawler-commons', () => {
  test('reads a good bundle whole', async () => {
    expect(await readWithCrawlerCommons(good, { site })).toEqual(whole)
  })

  test('refuses a page of another host and a file that is not well-formed', async () => {
    const { locs, problems } = await readWithCrawlerCommons(broken, { site })
    expect(locs).toEqual([`${site}/products/caf%C3%A9`])
    expect(problems).toEqual([
      `${site}/products.xml: refused ${offHost}`,
      expect.stringContaining(`${site}/pages.xml.gz: `),
    ])
  })
})

describe.skipIf(!(await ensureUltimateSitemapParser()))('ultimate-sitemap-parser', () => {
  test('reads a good bundle whole from sitemap.xml', async () => {
    expect(await readWithUsp(servedGood.url, { site })).toEqual(whole)
  })

  test('reads a good bundle whole from robots.txt', async () => {
    expect(await readWithUsp(servedGood.url, { site, start: 'robots.txt' })).toEqual(whole)
  })

  test('complains of a file that is not well-formed, but takes a page of another host', async () => {
    const { locs, problems } = await readWithUsp(servedBroken.url, { site })
    expect(locs).toContain(offHost)
    expect(problems).toEqual([expect.stringContaining(`Parsing sitemap from URL ${site}/pages.xml.gz failed`)])
  })
})

describe.skipIf(!(await ensureSitemapJs()))('sitemap.js', () => {
  test('reads a good bundle whole', async () => {
    expect(await readWithSitemapJs(good, { site })).toEqual(whole)
  })

  test('refuses a file that is not well-formed, but takes a page of another host', async () => {
    const { locs, problems } = await readWithSitemapJs(broken, { site })
    expect(locs).toEqual([offHost, `${site}/products/caf%C3%A9`])
    expect(problems).toEqual([expect.stringContaining('pages.xml.gz: ')])
  })
})

describe('a served folder', () => {
  test('offers each kind of file with its type, a .gz as the file it is', async () => {
    const shard = await fetch(`${servedGood.url}/pages.xml.gz`)
    expect(shard.headers.get('content-type')).toBe('application/gzip')
    expect(shard.headers.get('content-encoding')).toBe(null)
    expect(Buffer.from(await shard.arrayBuffer())).toEqual(gzipSync(pages))
    const index = await fetch(`${servedGood.url}/sitemap.xml`)
    expect(index.headers.get('content-type')).toBe('application/xml')
    expect(await index.text()).toContain('<sitemapindex')
  })

  test('follows links and knows nothing outside the folder', async () => {
    await symlink('products.xml', join(good, 'linked.txt'))
    expect(await (await fetch(`${servedGood.url}/linked.txt`)).text()).toBe(products)
    expect((await fetch(`${servedGood.url}/%2e%2e%2f%2e%2e%2fetc/hostname`)).status).toBe(404)
    expect((await fetch(`${servedGood.url}/`)).status).toBe(404)
  })
})

async function writeBundle(productsXml: string, pagesXml: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'storemap-bundle-'))
  const sitemap = (name: string) =>
    `<sitemap><loc>${site}/${name}</loc><lastmod>2026-11-20T03:00:00Z</lastmod></sitemap>\n`
  await writeFile(
    join(folder, 'sitemap.xml'),
    `<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex ${namespace}>
${sitemap('products.xml')}${sitemap('pages.xml.gz')}</sitemapindex>
`,
  )
  await writeFile(join(folder, 'products.xml'), productsXml)
  await writeFile(join(folder, 'pages.xml.gz'), gzipSync(pagesXml))
  await writeFile(join(folder, 'robots.txt'), `User-agent: *\nSitemap: ${site}/sitemap.xml\n`)
  return folder
}
