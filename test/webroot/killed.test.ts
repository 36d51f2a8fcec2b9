// Stops a run at each of its changes to the file system, one after the other, as if the process had been killed there.
import fs from 'node:fs/promises'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import type { Bundle } from '../../src/bundle/manifest.ts'
import { readWebRoot } from '../../src/webroot/read.ts'
import { expectServed, makeSetting, type Setting } from './setting.ts'

const CHANGES = ['rename', 'symlink', 'unlink', 'rm', 'mkdir', 'chmod'] as const
const originals = Object.fromEntries(CHANGES.map(name => [name, fs[name]]))

afterEach(() => patch(originals))

const modes = ['link', 'copy'] as const
// `built`: by `storemap build` straight into the folder, so without a journal.
const moves = ([...modes, 'built'] as const).flatMap(from => modes.map(to => ({ from, to })))

test.each(moves)(
  'killed anywhere between $from and $to, the old or the new bundle is served, and the next run is clean',
  async ({ from, to }) => {
    let stop = 1
    for (; ; stop++) {
      await using setting = await makeSetting()
      const { dir, first, second, third } = setting
      if (from === 'built') await fs.cp(first.dir, dir, { recursive: true })
      else await setting.place(first, from)
      const isKilled = await placeAndDie(setting, second, { to, stop })
      const served = await expectUsable(dir, [first, second])
      if (from === 'link' && to === 'link') await expectWhole(dir, served)
      if (!isKilled) break
      const { placeBundle } = await asAfterRestart()
      await placeBundle(third, { dir, switch: to, adopt: false })
      await expectServed(dir, third, to)
    }
    expect(stop).toBeGreaterThan(10)
  },
)

/** Runs until the `stop`th change, which never happens, nor anything after it; false if there are not so many. */
async function placeAndDie(setting: Setting, bundle: Bundle, { to, stop }: { to: 'link' | 'copy'; stop: number }) {
  const { placeBundle } = await asAfterRestart()
  let calls = 0
  let die = () => {}
  const death = new Promise<true>(resolve => {
    die = () => resolve(true)
  })
  const counted = (work: (...args: never[]) => unknown) =>
    function stopOrGoOn(...args: never[]) {
      if (++calls < stop) return work(...args)
      die()
      return new Promise(() => {})
    }
  patch(Object.fromEntries(Object.entries(originals).map(([name, work]) => [name, counted(work as never)])))
  try {
    const run = placeBundle(bundle, { dir: setting.dir, switch: to, adopt: false })
    return await Promise.race([death, run.then(() => false)])
  } finally {
    patch(originals)
  }
}

/** A fresh copy of the modules: a restarted process remembers nothing, and in a container has the same id. */
async function asAfterRestart(): Promise<typeof import('../../src/webroot/place.ts')> {
  vi.resetModules()
  return import('../../src/webroot/place.ts')
}

/** The manifest is that of one bundle, and the index lists nothing that is not there. */
async function expectUsable(dir: string, bundles: readonly Bundle[]): Promise<Bundle> {
  const { revision } = (await readWebRoot(dir)) ?? {}
  const served = bundles.find(bundle => bundle.revision === revision)
  if (!served) return expect.fail(`neither bundle is served: ${revision}`)
  const index = await fs.readFile(join(dir, 'sitemap.xml'), 'utf8')
  for (const [, name] of index.matchAll(/\/([^/]+)<\/loc>/g)) {
    expect(await fs.readFile(join(dir, name as string), 'utf8')).toMatch(/<\/urlset>\n$/)
  }
  return served
}

async function expectWhole(dir: string, bundle: Bundle): Promise<void> {
  for (const name of Object.keys(bundle.manifest.files)) {
    expect(await fs.readFile(join(dir, name)), name).toEqual(await fs.readFile(join(bundle.dir, name)))
  }
}

function patch(replacements: object): void {
  Object.assign(fs, replacements)
  syncBuiltinESMExports()
}
