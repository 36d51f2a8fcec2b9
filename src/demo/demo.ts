// The whole way once, for real: database → filtered sitemap → git → front end, then one change and the same again.
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { loadSite, type Site } from '../compose.ts'
import { errors } from '../errors.ts'
import type { Explanation } from '../explain/explanation.ts'
import { makeTempFolder } from '../io/temp.ts'
import { explainSite, runSite } from '../operations.ts'
import type { RunReport } from '../pipeline/report.ts'
import { type PullReport, pullOnce } from '../pull/pull.ts'
import { demoConfiguration } from './configuration.ts'
import { type FrontEnd, makeFrontEnd, serveFrontEnd } from './front-end.ts'
import { loadDemoShop } from './load-shop.ts'
import { startPostgres } from './postgres.ts'
import { makeStorefront } from './storefront.ts'

const git = promisify(execFile)

export interface DemoOptions {
  /** An empty database of the user's; undefined: an embedded server. */
  readonly database: string | undefined
  /** 0: a free one. */
  readonly port: number
  readonly signal: AbortSignal
  /** Does one step of the story, shown while it lasts; `done` says in a line what came of it. */
  readonly step: <T>(
    title: string,
    work: (update: (text: string) => void) => Promise<T>,
    done?: (result: T) => string,
  ) => Promise<T>
}

/** Everything of a running demo; `close()` ends it and leaves nothing. */
export interface Demo {
  readonly configFile: string
  readonly database: string
  /** Holds the database's address: it has a password in it, which is never printed. */
  readonly databaseFile: string
  readonly site: Site
  readonly frontEnd: FrontEnd
  readonly frontEndDir: string
  readonly repository: string
  close(): Promise<void>
}

/** Sets the scene: a shop's database, a repository, a front end. */
export async function setUpDemo({ database, port, signal, step }: DemoOptions): Promise<Demo> {
  const folder = await makeTempFolder('demo')
  const endings: (() => Promise<void>)[] = [() => folder.remove()]
  const close = async (): Promise<void> => {
    for (const end of endings.reverse().splice(0)) await end()
  }
  try {
    const url =
      database ??
      (await step(
        'Starting a PostgreSQL server',
        async update => {
          const server = await startPostgres({ dir: folder.path, signal, onStep: update })
          endings.push(() => server.stop())
          return server.url
        },
        () => 'PostgreSQL runs',
      ))
    await step(
      'Loading the demo shop',
      () => loadShop(url),
      count => `The demo shop is loaded: ${count} products in Saleor's own tables`,
    )

    const repository = join(folder.path, 'acme', 'sitemap.git')
    const frontEndDir = join(folder.path, 'front-end')
    const configFile = join(folder.path, 'storemap.config.yaml')
    const databaseFile = join(folder.path, 'database-url')
    const frontEnd = await step(
      'Making git repositories and a front end',
      async () => {
        await git('git', ['init', '--quiet', '--bare', '--', repository])
        await makeStorefront(join(folder.path, 'acme', 'storefront'))
        await mkdir(frontEndDir)
        await makeFrontEnd(frontEndDir)
        await writeFile(databaseFile, `${url}\n`, { mode: 0o600 })
        await writeFile(configFile, demoConfiguration('*/10 * * * * *'))
        const served = await serveFrontEnd(frontEndDir, port)
        endings.push(() => served.close())
        return served
      },
      ({ url: address }) => `Two git repositories and a front end at ${address} stand ready`,
    )
    const site = await loadSite({ config: configFile, folder: folder.path, environment: { DATABASE_URL: url } })
    return { configFile, database: url, databaseFile, site, frontEnd, frontEndDir, repository, close }
  } catch (cause) {
    await close()
    throw cause
  }
}

async function loadShop(url: string): Promise<number> {
  return withClient(url, async client => {
    const { rows } = await client.query("select 1 from information_schema.tables where table_schema = 'public' limit 1")
    if (rows.length > 0) throw errors.demoDatabaseNotEmpty()
    await loadDemoShop(url)
    const counted = await client.query('select count(*)::int as count from product_product')
    return (counted.rows[0] as { count: number }).count
  })
}

export const publish = (demo: Demo, signal: AbortSignal): Promise<RunReport> => runSite(demo.site, { signal })

/** What the front end does on its side: clone, check, switch. */
export const pull = (demo: Demo, signal: AbortSignal): Promise<PullReport> =>
  pullOnce({
    from: demo.repository,
    branch: 'master',
    to: demo.frontEndDir,
    switch: 'link',
    adopt: false,
    credentials: {},
    timeoutMs: 60_000,
    signal,
  })

/** The served sitemap, read back over HTTP as a search engine would. */
export async function readBack({
  frontEnd,
}: Demo): Promise<{ status: number; locs: readonly string[]; bytes: number }> {
  const response = await fetch(`${frontEnd.url}/sitemap.xml`)
  const text = await response.text()
  return {
    status: response.status,
    locs: [...text.matchAll(/<loc>(.*?)<\/loc>/g)].map(match => match[1] as string),
    bytes: text.length,
  }
}

/** An editor takes one product out: a field that Saleor's API cannot filter on changes in the database. */
export async function excludeOneProduct({ database }: Demo, locs: readonly string[]): Promise<string> {
  const slug = decodeURIComponent((locs.find(loc => loc.includes('/products/')) as string).split('/').at(-1) as string)
  await withClient(database, client =>
    client.query(`update product_product set metadata = metadata || '{"sitemap": "exclude"}' where slug = $1`, [slug]),
  )
  return slug
}

/** Why a page is in the sitemap, or why not. */
export const ask = async (demo: Demo, path: string, signal: AbortSignal): Promise<Explanation> =>
  (await explainSite(demo.site, path, { signal })).explanation

/** The last commits of the repository, newest first: what each changed. */
export async function readLog({ repository }: Demo): Promise<readonly string[]> {
  const { stdout } = await git('git', ['--git-dir', repository, 'log', '--format=%h %s', 'master'])
  return stdout.trim().split('\n')
}

async function withClient<T>(url: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await act(client)
  } finally {
    await client.end()
  }
}
