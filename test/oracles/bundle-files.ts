// The files of a bundle's folder as text, for the readers that do not fetch.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'

/** Names of the sitemaps at the top of a folder, links followed, sorted. */
export async function sitemapFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder)
  return names.filter(name => /\.xml(\.gz)?$/.test(name)).sort()
}

export async function readXml(folder: string, name: string): Promise<string> {
  const bytes = await readFile(join(folder, name))
  return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
}

/** By the first start tag; a comment with a tag in it before the root would deceive it. */
export function isSitemapIndex(xml: string): boolean {
  return /<[A-Za-z][^\s>/]*/.exec(xml)?.[0] === '<sitemapindex'
}

/** The file a sitemap's address stands for, or undefined if it is not of this site. */
export function fileOfLoc(loc: string, site: string): string | undefined {
  const prefix = `${site.replace(/\/$/, '')}/`
  return loc.startsWith(prefix) ? decodeURIComponent(loc.slice(prefix.length)) : undefined
}
