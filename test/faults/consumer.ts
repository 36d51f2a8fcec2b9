// What a consumer finds in a target: whole, or in what it is not.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type Manifest, parseManifest, revisionOf } from '../../src/bundle/manifest.ts'
import { runGit } from '../helpers/git-remotes.ts'
import type { Repository } from '../helpers/git-target.ts'

/** The bytes of a file of a target; undefined where there is none. */
export type ReadFile = (name: string) => Promise<Buffer | undefined>

export interface Found {
  readonly revision: string
  readonly manifest: Manifest
  /** The lastmod of each page, by its address. */
  readonly pages: ReadonlyMap<string, string | undefined>
}

/** As a web server finds it: links followed. */
export const inFolder =
  (dir: string): ReadFile =>
  name =>
    readFile(join(dir, name)).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT') return undefined
      throw cause
    })

/** In one commit, whatever is pushed meanwhile. */
export async function inRepository(repository: Repository, branch = 'master'): Promise<ReadFile> {
  const commit = await repository.head(branch)
  return async name => {
    if (commit === undefined) return undefined
    const text = runGit(['cat-file', 'blob', `${commit}:${name}`], { cwd: repository.dir })
    return text.then(Buffer.from, () => undefined)
  }
}

/** The bundle, every byte of it as its manifest says; undefined where none is published. Fails where it is not whole. */
export async function findWhole(read: ReadFile): Promise<Found | undefined> {
  const text = await read('storemap.json')
  if (!text) return undefined
  const manifest = parseManifest(String(text), 'what a consumer finds')
  const names = Object.keys(manifest.files)
  const contents = await Promise.all(names.map(read))
  for (const [index, name] of names.entries()) {
    const sha256 = createHash('sha256')
      .update(contents[index] ?? '')
      .digest('hex')
    expect(sha256, `${name} is as the manifest says`).toBe(manifest.files[name]?.sha256)
  }
  const shards = await readShards(read)
  expect([...shards.keys()].sort(), 'the index names what the manifest does').toEqual(
    names.filter(name => name.endsWith('.xml') && (name !== 'sitemap.xml' || shards.has(name))).sort(),
  )
  return { revision: revisionOf(String(text)), manifest, pages: pagesIn([...shards.values()]) }
}

/** Copy mode, cut off: whatever the index names is there and whole, though it may be older or newer than the index. */
export async function findUsable(read: ReadFile): Promise<ReadonlyMap<string, string | undefined>> {
  return pagesIn([...(await readShards(read)).values()])
}

/** By name, every shard that the index names, or `sitemap.xml` alone. */
async function readShards(read: ReadFile): Promise<Map<string, string>> {
  const entry = String(await read('sitemap.xml'))
  if (entry.includes('<urlset')) return new Map([['sitemap.xml', complete('sitemap.xml', entry)]])
  complete('sitemap.xml', entry)
  const names = [...entry.matchAll(/<sitemap><loc>[^<]*\/([^/<]+)<\/loc>/g)].map(match => match[1] as string)
  const shards = await Promise.all(names.map(read))
  return new Map(names.map((name, index) => [name, complete(name, String(shards[index]))] as const))
}

function complete(name: string, xml: string): string {
  expect(xml, `${name} is there, whole`).toMatch(/<\/(urlset|sitemapindex)>\n$/)
  return xml
}

const pagesIn = (documents: readonly string[]): ReadonlyMap<string, string | undefined> =>
  new Map(
    documents.flatMap(xml =>
      [...xml.matchAll(/<url><loc>([^<]*)<\/loc>(?:<lastmod>([^<]*)<\/lastmod>)?/g)].map(
        ([, loc, lastmod]) => [loc as string, lastmod] as const,
      ),
    ),
  )
