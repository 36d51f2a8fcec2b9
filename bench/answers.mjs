// What answers cost beside a build: the funnel's share of it, and how long explain and fields take.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const dist = new URL('../dist/', import.meta.url)
const ROUNDS = 5

/** `buildSeconds` is what one whole build of the same sections took. */
export async function measureAnswers({ url, config, where, buildSeconds }) {
  const { createSaleorPostgresSource } = await import(new URL('sources/saleor/postgres.js', dist))
  const source = createSaleorPostgresSource({
    url,
    channel: 'default-channel',
    visibility: 'saleor',
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 600_000,
  })
  const snapshot = await source.open()
  const query = {
    of: 'products',
    where,
    addresses: [{ missing: 'omit', fields: ['slug'], path: 'sections.products' }],
    images: false,
    updatedAt: true,
    path: 'sections.products',
  }
  await snapshot.check([query])
  const funnel = await medianOf(() => snapshot.funnel(query, { exact: false }))
  const [{ sampled }] = await snapshot.funnel(query, { exact: false })
  const [slug, name] = ['bench-oak-7', 'nothing-is-called-so']
  await snapshot.close()
  const explain = await medianOf(() => storemap(['explain', slug, '--config', config]))
  const nothing = await medianOf(() => storemap(['explain', name, '--config', config]))
  const fields = await medianOf(() => storemap(['fields', '--config', config]))
  console.log(`
funnel              ${funnel.toFixed(2)} s   ${((100 * funnel) / buildSeconds).toFixed(0)} % of the build${sampled ? `, by a sample of ${sampled.toLocaleString('en')}` : ''}
explain a slug      ${explain.toFixed(2)} s   the whole command
explain what is not ${nothing.toFixed(2)} s
fields              ${fields.toFixed(2)} s`)
}

function storemap(args) {
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.js', dist)), ...args, '--json'], {
    stdio: 'ignore',
  })
  return new Promise(resolve => child.once('close', resolve))
}

async function medianOf(work) {
  const seconds = []
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    await work()
    seconds.push((performance.now() - start) / 1_000)
  }
  return seconds.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)]
}
