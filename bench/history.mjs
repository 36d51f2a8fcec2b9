// How the repository of a git target grows: simulated nightly runs of a shop, published by the program itself.
// node bench/history.mjs [--days 365] [--products 100000] [--keep 30]
import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { makeShop } from './shop.mjs'

const dist = new URL('../dist/', import.meta.url)
const { values } = parseArgs({
  options: { days: { type: 'string' }, products: { type: 'string' }, keep: { type: 'string' } },
})
const days = Number(values.days ?? 365)
const products = Number(values.products ?? 100_000)
const keep = Number(values.keep ?? Math.min(30, Math.ceil(days / 3)))
/** Nights from one upkeep of the server to the next, and those whose sizes are told. */
const UPKEEP = 30
const TOLD = new Set([1, 30, 90, 180, days])

const { createGitPublisher } = await import(new URL('publishers/git/git.js', dist))
const { gitOptions } = await import(new URL('publishers/git/options.js', dist))
const { runJob } = await import(new URL('pipeline/run.js', dist))
const { parseTemplate } = await import(new URL('sitemap/url-template.js', dist))

const dir = await mkdtemp(join(tmpdir(), 'storemap-history-'))
try {
  console.log(`${days} nights of ${products.toLocaleString('en')} products, 1 % of them changed each night`)
  const rows = []
  for (const gzip of [false, true]) rows.push(...(await simulate(gzip)))
  printTable(rows)
  for (const { name, kept, commits, gzip, sizes, firstPush } of rows) {
    // Those of the days kept, the one for all that is older, one that has just become too old, and today's.
    if (kept && commits > keep + 3) throw new Error(`${name} has ${commits} commits`)
    const aNight = (sizes.get(days) - sizes.get(1)) / Math.max(1, days - 1)
    if (!gzip && aNight > firstPush / 10) throw new Error(`${name} grows by ${megabytes(aNight)} MB a night`)
  }
} finally {
  await rm(dir, { recursive: true, force: true })
}

async function simulate(gzip) {
  const format = gzip ? 'gzip' : 'XML'
  const all = await makeRepository(`${format}, all history`, {})
  const short = await makeRepository(`${format}, ${keep} days`, { keepHistory: `${keep}d` })
  const shop = makeShop(products)
  const job = makeJob(gzip)
  const startedAt = performance.now()
  for (let night = 1; night <= days; night++) {
    if (night > 1) shop.live()
    const now = shop.now()
    const publishers = [all, short].map(({ options }) => createGitPublisher(options, { base: '/', clock: () => now }))
    const source = { open: async () => shop.snapshot() }
    const report = await runJob(job, { publishers, source, clock: () => now }, { adopt: false })
    const wrong = report.targets.find(({ outcome }) => outcome !== 'published')
    if (wrong || report.warnings.length > 0) throw new Error(JSON.stringify(wrong ?? report.warnings))
    for (const repository of [all, short]) {
      await look(repository)
      if (TOLD.has(night) || night % UPKEEP === 0) await tidy(repository, night)
    }
  }
  const seconds = (performance.now() - startedAt) / 1_000
  console.log(`${format}: ${(seconds / days).toFixed(2)} s a night`)
  return Promise.all([all, short].map(repository => summary(repository, gzip)))
}

function makeJob(gzip) {
  const { template } = parseTemplate('/products/{slug}')
  const address = {
    channel: undefined,
    language: undefined,
    missing: 'omit',
    fields: template.fields,
    path: 'products',
  }
  const query = { of: 'products', where: {}, addresses: [address], images: false, updatedAt: true, path: 'products' }
  const section = { kind: 'records', name: 'products', query, lastmod: 'content', basis: 'simulated' }
  return {
    name: 'shop.example.com',
    site: 'https://shop.example.com',
    sections: [{ ...section, addresses: [{ hreflang: undefined, isDefault: true, url: template }] }],
    // The program's own limit, or several shards of a small shop.
    limits: { entries: Math.min(50_000, Math.ceil(products / 2)), bytes: 52_428_800 },
    gzip,
    guard: { maxShrinkPercent: 20 },
    features: { alternates: false, images: false },
    frontEnds: [],
    addressProblems: 'error',
    versionedNames: false,
    robots: undefined,
  }
}

async function makeRepository(name, more) {
  const path = join(dir, `${name.replaceAll(/\W+/g, '-')}.git`)
  await git(dir, 'init', '--quiet', '--bare', '--initial-branch=master', '--', path)
  await git(path, 'config', 'uploadpack.allowFilter', 'true')
  // Each push stays the pack that it came as, so that its size can be told; and upkeep is ours.
  await git(path, 'config', 'receive.unpackLimit', '1')
  await git(path, 'config', 'receive.autogc', 'false')
  const options = gitOptions.parse({ repo: path, ...more })
  return {
    name,
    path,
    options,
    kept: more.keepHistory !== undefined,
    packs: new Set(),
    pushed: [],
    states: [],
    sizes: new Map(),
    most: 0,
  }
}

/** What the push of this night brought. */
async function look(repository) {
  const { path, packs, pushed, states } = repository
  let bytes = 0
  for (const [pack, size] of await packsOf(path)) {
    if (packs.has(pack)) continue
    packs.add(pack)
    bytes += size
  }
  pushed.push(bytes)
  const state = await git(path, 'rev-parse', '--verify', '--quiet', 'refs/heads/storemap-state').catch(() => '')
  if (state === '') return
  const before = repository.state === undefined ? [] : [`^${repository.state}`]
  repository.state = state
  states.push(Number(await git(path, 'rev-list', '--objects', '--disk-usage', state, ...before)))
}

/** As a server does now and then: one pack, and what nothing leads to any more is gone. */
async function tidy(repository, night) {
  const { path, packs, sizes } = repository
  const before = await sizeOf(path)
  await git(path, 'reflog', 'expire', '--expire=now', '--all')
  await git(path, 'repack', '-a', '-d', '-q')
  await git(path, 'prune', '--expire=now')
  for (const [pack] of await packsOf(path)) packs.add(pack)
  repository.most = Math.max(repository.most, before)
  if (TOLD.has(night)) sizes.set(night, await sizeOf(path))
}

async function packsOf(path) {
  const folder = join(path, 'objects', 'pack')
  const names = (await readdir(folder)).filter(name => name.endsWith('.pack'))
  return Promise.all(names.map(async name => [name, (await stat(join(folder, name))).size]))
}

async function sizeOf(path) {
  const text = await git(path, 'count-objects', '-v')
  const kilobytes = name => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
  return (kilobytes('size') + kilobytes('size-pack')) * 1_024
}

async function summary({ name, path, kept, pushed, states, sizes, most }, gzip) {
  const files = (await git(path, 'ls-tree', '--format=%(objectsize)', 'master')).split('\n')
  const commits = Number(await git(path, 'rev-list', '--count', 'master'))
  const state =
    states.length > 0 ? Number(await git(path, 'rev-list', '--objects', '--disk-usage', 'storemap-state')) : 0
  // What a publish with keepHistory fetches to see how old the history is.
  const commitBytes = Number(await git(path, 'rev-list', '--disk-usage', 'master'))
  return {
    name,
    kept,
    gzip,
    commits,
    state,
    commitBytes,
    sizes,
    most,
    bundle: files.reduce((sum, size) => sum + Number(size), 0),
    firstPush: pushed[0],
    push: median(pushed.slice(1)),
    statePush: median(states.slice(1)),
  }
}

function printTable(rows) {
  const nights = [...TOLD].filter(night => night <= days).sort((a, b) => a - b)
  const head = ['', 'bundle', 'first push', 'push a night', 'of it state', ...nights.map(night => `night ${night}`)]
  const lines = rows.map(row => [
    row.name,
    megabytes(row.bundle),
    megabytes(row.firstPush),
    megabytes(row.push),
    Number.isNaN(row.statePush) ? 'none' : megabytes(row.statePush),
    ...nights.map(night => megabytes(row.sizes.get(night))),
    megabytes(row.most),
    `${(row.sizes.get(days) / row.sizes.get(1)).toFixed(1)} x`,
    `${row.commits}`,
    `${(row.commitBytes / 1_024).toFixed(0)} KB`,
    row.state === 0 ? 'none' : megabytes(row.state),
  ])
  const table = [[...head, 'most between', 'growth', 'commits', 'their size', 'state'], ...lines]
  const widths = table[0].map((_, column) => Math.max(...table.map(line => line[column].length)))
  console.log('\nSizes of the repository in MB, after upkeep by the server (one pack, nothing unreachable)\n')
  for (const line of table) console.log(line.map((cell, column) => cell.padStart(widths[column])).join('  '))
}

async function git(cwd, ...args) {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' }
  const { stdout } = await promisify(execFile)('git', args, { cwd, env, maxBuffer: 2 ** 27 })
  return stdout.trim()
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}

function megabytes(bytes) {
  return (bytes / 1_048_576).toFixed(2)
}
