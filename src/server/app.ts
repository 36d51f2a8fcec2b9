// What the server answers: the files of the bundles that stand in its folders, whether it is alive, and whether it has something
// to serve.
import { Hono } from 'hono'
import { type BundleReader, createBundleReader } from '../webroot/served.ts'
import { answerFile } from './answer.ts'
import { plain } from './plain.ts'

/** A site on a port: its host, and the web root that holds its bundle. */
export interface ServedSite {
  readonly host: string
  readonly dir: string
}

/** One site answers to every host; of several, each to its own. `onFailure` hears of what cannot be served. */
export function createApp(sites: readonly ServedSite[], onFailure: (cause: unknown) => void): Hono {
  const readers = new Map(sites.map(({ host, dir }) => [host, createBundleReader(dir)]))
  const app = new Hono()
  app.get('/healthz', async ({ req }) => {
    const reader = readerFor(req.url, readers)
    if (reader) return health({ revision: await revisionFrom(reader) })
    const all = [...readers].map(async ([host, each]) => [host, await revisionFrom(each)])
    return health({ revisions: Object.fromEntries(await Promise.all(all)) })
  })
  // What is behind a proxy gets no requests before it has something to answer with.
  app.get('/readyz', async () => {
    const revisions = await Promise.all([...readers.values()].map(revisionFrom))
    if (revisions.every(revision => revision !== null)) return plain(200, 'ready')
    return plain(503, 'Nothing is published yet.', { 'retry-after': '10' })
  })
  app.get('*', async ({ req }) => {
    const reader = readerFor(req.url, readers)
    if (!reader) return plain(421, 'None of the sites on this port has that host.')
    return answerFile(req.raw, nameIn(req.url), reader)
  })
  app.all('*', () => plain(405, 'Only GET and HEAD are answered here.', { allow: 'GET, HEAD' }))
  app.onError(cause => {
    onFailure(cause)
    return plain(503, 'What is published cannot be read now.', { 'retry-after': '60' })
  })
  return app
}

/** By host and port, or by the host alone where that is enough to tell: a proxy in front has a port of its own. */
function readerFor(url: string, readers: ReadonlyMap<string, BundleReader>): BundleReader | undefined {
  const [only, ...others] = readers.values()
  if (others.length === 0) return only
  const { host } = new URL(url)
  const byName = [...readers].filter(([site]) => hostname(site) === hostname(host))
  return readers.get(host) ?? (byName.length === 1 ? byName[0]?.[1] : undefined)
}

const hostname = (host: string): string => host.replace(/:\d+$/, '').replace(/\.$/, '')

/** The name that a URL asks for: names of a bundle have no slash, so one that is written in code leads nowhere. */
function nameIn(url: string): string {
  const path = new URL(url).pathname.slice(1)
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

const revisionFrom = async (reader: BundleReader): Promise<string | null> => (await reader())?.revision ?? null

const health = (state: object): Response => Response.json(state, { headers: { 'cache-control': 'no-store' } })
