// npm `sitemap`, the market leader, as a reader. It does not look at hosts, so it takes what is off-host.

import { Readable } from 'node:stream'
import { parseSitemap, parseSitemapIndex } from 'sitemap'
import { fileOfLoc, isSitemapIndex, readXml } from './bundle-files.ts'
import { type Reading, type ReadingLine, toReading } from './reading.ts'

/** Reads the bundle in `folder` as that of `site` ("https://shop.example.com"), from its sitemap.xml on. */
export async function readWithSitemapJs(folder: string, { site }: { readonly site: string }): Promise<Reading> {
  const lines: ReadingLine[] = []
  for (const name of await filesOfIndex(folder, site, lines)) {
    const xml = await readXml(folder, name).catch(toProblem(lines, name))
    const items = xml === undefined ? [] : await parseSitemap(Readable.from([xml])).catch(toProblem(lines, name))
    for (const { url, lastmod } of items ?? []) lines.push({ loc: url, lastmod })
  }
  return toReading(lines)
}

async function filesOfIndex(folder: string, site: string, lines: ReadingLine[]): Promise<string[]> {
  const xml = await readXml(folder, 'sitemap.xml')
  if (!isSitemapIndex(xml)) return ['sitemap.xml']
  const items = await parseSitemapIndex(Readable.from([xml])).catch(toProblem(lines, 'sitemap.xml'))
  const names: string[] = []
  for (const { url } of items ?? []) {
    const name = fileOfLoc(url, site)
    if (name === undefined) lines.push({ problem: `sitemap.xml: ${url} is not of ${site}` })
    else names.push(name)
  }
  return names
}

function toProblem(lines: ReadingLine[], name: string): (error: Error) => undefined {
  return error => {
    lines.push({ problem: `${name}: ${error.message}` })
    return undefined
  }
}
