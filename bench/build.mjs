// Measures `storemap build` against the floor (COPY | gzip -6 of the same rows), in turn, on a grown demo shop.
// node bench/build.mjs [--products 100000] [--rounds 5] [--database URL of an empty database]
import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { measureAnswers } from './answers.mjs'

const here = fileURLToPath(new URL('.', import.meta.url))
const dist = new URL('../dist/', import.meta.url)
const { values } = parseArgs({
  options: { products: { type: 'string' }, rounds: { type: 'string' }, database: { type: 'string' } },
})
const products = Number(values.products ?? 100_000)
const rounds = Number(values.rounds ?? 5)

/** The filter of the benchmark; bench/floor.sql says the same. */
const WHERE = {
  'listing.visibleInListings': true,
  'privateMetadata.pim_status': 'ready',
  NOT: { OR: [{ 'metadata.sitemap': 'exclude' }, { 'attributes.discontinued': true }] },
}

const dir = await mkdtemp(join(tmpdir(), 'storemap-bench-'))
let server
try {
  const { loadDemoShop } = await import(new URL('demo/load-shop.js', dist))
  if (!values.database) {
    const { startPostgres } = await import(new URL('demo/postgres.js', dist))
    server = await startPostgres({ dir })
  }
  const url = values.database ?? server.url
  console.log(`growing the demo shop by ${products.toLocaleString('en')} products`)
  await loadDemoShop(url)
  await grow(url)
  await compare(url)
} finally {
  await server?.stop()
  await rm(dir, { recursive: true, force: true })
}

async function grow(url) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  // Index upkeep would be most of the work, and no plan here uses these.
  await client.query(`do $$ declare r record; begin
    for r in select indexname from pg_indexes where schemaname = 'public' and indexdef like '%USING gin%' loop
      execute format('drop index %I', r.indexname);
    end loop; end $$`)
  await client.query((await readFile(join(here, 'grow.sql'), 'utf8')).replaceAll(':n', String(products)))
  // The first reading writes hint bits, which is no part of either side.
  await client.query('vacuum analyze')
  await client.end()
}

async function compare(url) {
  const config = join(dir, 'storemap.config.json')
  await writeFile(config, JSON.stringify(configuration(url, 'updatedAt')))
  const contentConfig = join(dir, 'content.config.json')
  await writeFile(contentConfig, JSON.stringify(configuration(url, 'content')))
  const floor = []
  const byContent = []
  const build = []
  const peaks = []
  for (let round = 1; round <= rounds; round++) {
    floor.push(await timed(() => runFloor(url)))
    const { seconds, peak } = await runBuild(config)
    build.push(seconds)
    peaks.push(peak)
    const content = await runBuild(contentConfig)
    byContent.push(content.seconds)
    peaks.push(content.peak)
    console.log(
      `round ${round}: floor ${floor.at(-1).toFixed(2)} s, storemap ${seconds.toFixed(2)} s, peak ${megabytes(peak)}`,
    )
  }
  const { entries } = JSON.parse(await readFile(join(dir, 'report.json'), 'utf8'))
  console.log(`
products            ${(products + 500).toLocaleString('en')}
URLs                ${entries.toLocaleString('en')}
floor, median       ${median(floor).toFixed(2)} s   COPY | gzip -6
storemap, median    ${median(build).toFixed(2)} s   the whole command, shards gzipped
ratio               ${(median(build) / median(floor)).toFixed(2)}
by content, median  ${median(byContent).toFixed(2)} s   what pages show is read, too, and hashed by the database
peak memory         ${megabytes(Math.max(...peaks))}`)
  await measureAnswers({ url, config, where: WHERE, buildSeconds: median(build) })
}

function configuration(url, lastmod) {
  return {
    site: 'https://shop.example.com',
    source: { saleor: { database: url, channel: 'default-channel' } },
    gzip: true,
    lastmod,
    sections: {
      products: {
        of: 'products',
        url: '/products/{slug}',
        where: WHERE,
      },
    },
  }
}

async function runFloor(url) {
  const client = new pg.Client({ connectionString: url })
  const gzip = spawn('gzip', ['-6'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const psql = spawn('psql', ['-X', '-q', '-d', url, '-f', join(here, 'floor.sql')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const hasPsql = await new Promise(resolve =>
    psql.once('spawn', () => resolve(true)).once('error', () => resolve(false)),
  )
  const out = pipeline(gzip.stdout, createWriteStream(join(dir, 'floor.gz')))
  if (hasPsql) {
    await Promise.all([pipeline(psql.stdout, gzip.stdin), out])
    return
  }
  await client.connect()
  await Promise.all([pipeline(client.query(copyTo(await readFile(join(here, 'floor.sql'), 'utf8'))), gzip.stdin), out])
  await client.end()
}

async function runBuild(config) {
  const peakFile = join(dir, 'peak')
  const args = ['--import', join(here, 'peak-memory.mjs'), fileURLToPath(new URL('main.js', dist))]
  const seconds = await timed(async () => {
    const child = spawn(process.execPath, [...args, 'build', '--json', '--config', config, '--out', join(dir, 'out')], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, STOREMAP_PEAK_FILE: peakFile },
    })
    const code = new Promise(resolve => child.once('close', resolve))
    await pipeline(child.stdout, createWriteStream(join(dir, 'report.json')))
    if ((await code) !== 0)
      throw new Error(`storemap build failed: ${await readFile(join(dir, 'report.json'), 'utf8')}`)
  })
  await rm(join(dir, 'out'), { recursive: true, force: true })
  return { seconds, peak: Number(await readFile(peakFile, 'utf8')) }
}

async function timed(work) {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1_000
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]
}

function megabytes(bytes) {
  return `${Math.round(bytes / 1024 / 1024)} MB`
}
