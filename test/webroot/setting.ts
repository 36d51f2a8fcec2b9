// What the tests of served folders share: a folder, three bundles, and a look at what a web server would serve.
import { lstat, readdir, readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Bundle } from '../../src/bundle/manifest.ts'
import { type Placed, placeBundle, type Switch } from '../../src/webroot/place.ts'
import { makeBundle, sitemapindex, tempFolder, urlset } from '../helpers/bundle.ts'

export interface Setting extends AsyncDisposable {
  readonly temp: string
  /** The served folder; absent until something is placed or written. */
  readonly dir: string
  readonly first: Bundle
  readonly second: Bundle
  readonly third: Bundle
  place(bundle: Bundle, mode: Switch, more?: { adopt?: boolean; signal?: AbortSignal }): Promise<Placed>
}

export async function makeSetting(): Promise<Setting> {
  const temp = await tempFolder()
  const dir = join(temp.path, 'public')
  const shard = (name: string, ...paths: string[]) => ({ [`sitemap-products-${name}.xml`]: urlset(...paths) })
  const bundleOf = (name: string, shards: Record<string, string>) =>
    makeBundle(join(temp.path, name), {
      ...shards,
      'sitemap.xml': sitemapindex(...Object.keys(shards)),
      'robots.txt': 'User-agent: *\n',
    })
  return {
    temp: temp.path,
    dir,
    first: await bundleOf('first', { ...shard('00', '/oak'), ...shard('01', '/elm') }),
    second: await bundleOf('second', { ...shard('00', '/oak', '/ash'), ...shard('02', '/fir') }),
    third: await bundleOf('third', shard('00', '/yew')),
    place: (bundle, mode, more) => placeBundle(bundle, { dir, switch: mode, adopt: false, ...more }),
    [Symbol.asyncDispose]: () => temp[Symbol.asyncDispose]() as Promise<void>,
  }
}

/** Every name of the bundle can be read with its bytes, and is of the mode's kind; `beside` are the other names. */
export async function expectServed(dir: string, bundle: Bundle, mode: Switch, beside: string[] = []): Promise<void> {
  const names = [...Object.keys(bundle.manifest.files), 'storemap.json']
  for (const name of names) {
    expect(await readFile(join(dir, name), 'utf8'), name).toBe(await readFile(join(bundle.dir, name), 'utf8'))
    const stats = await lstat(join(dir, name))
    expect(stats.isSymbolicLink(), name).toBe(mode === 'link')
    if (mode === 'link') expect(await readlink(join(dir, name))).toBe(`.storemap/current/${name}`)
  }
  expect((await readdir(dir)).sort()).toEqual(['.storemap', ...names, ...beside].sort())
  expect((await readdir(join(dir, '.storemap'))).filter(name => name.startsWith('stage-'))).toEqual([])
}

/** Everything in a folder with its inode and time of change: equal means that nothing was written. */
export async function snapshot(dir: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of (await readdir(dir, { recursive: true })).sort()) {
    const stats = await lstat(join(dir, name), { bigint: true })
    found[name] = `${stats.ino} ${stats.mode} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`
  }
  return found
}
