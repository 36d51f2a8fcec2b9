// A million entries under a small fixed heap: rows flow, they do not pile up.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { tempFolder } from '../helpers/bundle.ts'
import { builtProgram } from '../helpers/cli.ts'

interface Measured {
  readonly entries: number
  readonly uncovered: number
  readonly files: number
  readonly peakRssMb: number
}

/** Builds a bundle of made-up records in a process of its own, whose heap may not grow beyond `heapMb`. */
async function buildMany(
  entries: number,
  { heapMb, gzip, content, routes }: { heapMb: number; gzip: boolean; content: boolean; routes: boolean },
): Promise<Measured> {
  await using state = await tempFolder()
  await using folder = await tempFolder()
  const load = pathToFileURL(join(await builtProgram(), 'pipeline/build.js')).href
  const script = `
    const { buildBundle } = await import(${JSON.stringify(load)})
    const query = {
      of: 'products', where: {}, addresses: [{ missing: 'omit', fields: ['slug'] }], images: false, updatedAt: true,
      path: 'sections.products',
    }
    const url = { literals: ['/products/', ''], fields: ['slug'], formats: [undefined] }
    const basis = ${content} ? 'basis' : undefined
    const section = { kind: 'records', name: 'products', query, addresses: [{ isDefault: false, url }], basis }
    // One in ten of the addresses is no page of it: each has to be looked at.
    const route = { path: '/products/:slug([a-z0-9-]+[1-9])', file: 'src/routes.tsx', line: 1, kind: 'page' }
    const table = {
      forms: ['react-router-5'], order: 'written', basename: '', caseSensitive: false, unresolved: [], notes: [],
      routes: [route],
    }
    const frontEnd = { section: 'static', name: 'shop', table, outside: { basename: '' }, decided: [], uncovered: 'warn' }
    const job = {
      name: 'shop', site: 'https://shop.example.com', sections: [section], gzip: ${gzip},
      limits: { entries: 50_000, bytes: 52_428_800 }, guard: { maxShrinkPercent: 20 },
      features: { alternates: false, images: false }, addressProblems: 'error', frontEnds: ${routes} ? [frontEnd] : [],
    }
    const snapshot = {
      now: '2026-11-20T03:00:00Z', warnings: [], check: async () => [], funnel: async () => [],
      close: async () => {},
      async *read() {
        for (let key = 0; key < ${entries}; key += 1000)
          yield Array.from({ length: 1000 }, (_, index) => ({
            key: String(key + index), updatedAt: '2026-01-02T03:04:05Z', addresses: [['a-product-of-this-shop-' + (key + index)]],
            fingerprints: [key + index],
          }))
      },
    }
    const { bundle, sections } = await buildBundle(job, snapshot, {
      dir: ${JSON.stringify(folder.path)}, published: undefined, now: snapshot.now, stateDir: ${JSON.stringify(state.path)},
    })
    const peakRssMb = process.resourceUsage().maxRSS / 1024
    console.log(JSON.stringify({
      entries: sections[0].entries, uncovered: sections[0].uncovered?.count ?? 0, files: Object.keys(bundle.manifest.files).length, peakRssMb,
    }))`
  const args = [`--max-old-space-size=${heapMb}`, '--input-type=module', '-e', script]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout) as Measured
}

// It holds with 16 MB, too; the rest is margin for other versions of Node.js.
const heapMb = 40

test.each([
  { gzip: false, content: false, routes: false },
  { gzip: true, content: false, routes: false },
  { gzip: true, content: true, routes: true },
])(
  'a million entries take no more memory than 200,000 (gzip: $gzip, lastmod by content: $content, each looked up in a router: $routes)',
  async options => {
    const few = await buildMany(200_000, { heapMb, ...options })
    const many = await buildMany(1_000_000, { heapMb, ...options })
    // Ids are dense, so the greatest range of keys that a file of 50,000 has room for has 32,768.
    expect(few).toMatchObject({ entries: 200_000, files: 8, uncovered: options.routes ? 20_000 : 0 })
    expect(many).toMatchObject({ entries: 1_000_000, files: 32, uncovered: options.routes ? 100_000 : 0 })
    // Mostly what the garbage collector leaves lying about: four millions take as much as one.
    expect(many.peakRssMb - few.peakRssMb).toBeLessThan(35)
    // Two shards: one is filled while the one before is written.
    expect(many.peakRssMb).toBeLessThan(145)
  },
)
