// Reads the routes of a front end, wherever it is and whatever form its router has.
import { basename, dirname, join, posix, relative, resolve } from 'node:path'
import { errors } from '../../errors.ts'
import { readLocalCommit } from '../../io/git-local.ts'
import { findSourceTop } from '../../io/source-tree.ts'
import type { RouteTable } from '../../routes/route.ts'
import { lastmodFromDate } from '../../sitemap/lastmod.ts'
import type { FrontEndRoutes } from '../source.ts'
import { detectRouter } from './detect.ts'
import type { FrontEnd } from './front-end.ts'
import { openFolder } from './front-end-folder.ts'
import { openGitFrontEnd } from './front-end-git.ts'
import type { RouterOptions } from './options.ts'
import { parseRoutesFile, toRoutesFile } from './routes-file.ts'

export interface RouterSettings {
  /** Where relative paths count from. */
  readonly base: string
  /** Short names of folders, `@` → `src`, where the front end's own settings do not say so. */
  readonly aliases: Readonly<Record<string, string>>
  /** Values of `process.env` and `import.meta.env` that the front end is built with. */
  readonly environment: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Reads the source, and runs none of it. Fails with ROUTER_UNREACHABLE, ROUTER_NOT_FOUND, ROUTER_UNREADABLE, and with
 * ROUTER_EMPTY where it has no routes at all.
 */
export async function readRouter(router: RouterOptions, settings: RouterSettings): Promise<FrontEndRoutes> {
  const { frontEnd, path, name } = await openFrontEnd(router, settings)
  try {
    const written = await readWritten(frontEnd, path)
    const table = written ?? (await detectRouter(frontEnd, path, settings))
    if (table.routes.length === 0) throw errors.routerEmpty(name, table.unresolved, table.notes)
    return {
      table,
      name,
      // What lies around routes.json is not the front end, and has another history.
      lastChanges: async files => (written ? new Map() : frontEnd.lastChanges(files, settings.signal)),
      close: () => frontEnd.close(),
    }
  } catch (cause) {
    await frontEnd.close()
    throw cause
  }
}

/** Of a routes.json; undefined where it is something else. */
async function readWritten(frontEnd: FrontEnd, path: string): Promise<RouteTable | undefined> {
  if (!path.endsWith('.json') || posix.basename(path) === 'package.json') return undefined
  const text = await frontEnd.read(path)
  return text === undefined ? undefined : parseRoutesFile(text, path)
}

async function openFrontEnd(router: RouterOptions, { base, timeoutMs, signal }: RouterSettings) {
  if (typeof router !== 'string') {
    const path = clean(router.git.path ?? '')
    const frontEnd = await openGitFrontEnd(router.git, { base, timeoutMs, signal })
    return { frontEnd, path, name: path === '' ? frontEnd.name : `${frontEnd.name}: ${path}` }
  }
  const full = resolve(base, router)
  // Packages beside the front end are read, too; nothing outside of its repository.
  const top = (await findSourceTop(full)) ?? dirname(full)
  const frontEnd = await openFolder(top, { name: relative(base, top) || '.' })
  const path = clean(relative(top, full).split('\\').join('/'))
  const isThere = path === '' || (await frontEnd.isFile(path)) || (await frontEnd.list(path)).length > 0
  if (isThere) return { frontEnd, path, name: relative(base, full) || basename(full) }
  await frontEnd.close()
  throw errors.routerNotFound(`file or folder ${router}`, await namesNear(full, base))
}

const clean = (path: string): string => posix.normalize(path).replace(/\/+$/, '').replace(/^\.$/, '')

/** As they would be written in the place of the one that is not there. */
async function namesNear(full: string, base: string): Promise<readonly string[]> {
  const { nearNames } = await import('./near-names.ts')
  const folder = await openFolder(dirname(full), { name: dirname(full) }).catch(() => undefined)
  const entries = (await folder?.list('')) ?? []
  await folder?.close()
  const names = entries.map(({ name }) => relative(base, join(dirname(full), name)) || '.')
  return nearNames(relative(base, full), names)
}

/**
 * The routes of a front end on this machine as routes.json has them: with the commit that its repository is at, and the
 * dates of its files. Fails as readRouter does.
 */
export async function readRoutesFile(
  router: string,
  settings: RouterSettings,
): Promise<ReturnType<typeof toRoutesFile>> {
  const read = await readRouter(router, settings)
  try {
    const { table } = read
    const dates = await read.lastChanges([...new Set(table.routes.map(({ component, file }) => component ?? file))])
    const top = (await findSourceTop(resolve(settings.base, router))) ?? settings.base
    const { timeoutMs, signal } = settings
    const revision = table.revision ?? (await readLocalCommit(top, { label: read.name, timeoutMs, signal }))
    const routes = table.routes.map(route => {
      const date = dates.get(route.component ?? route.file)
      return date ? { ...route, changed: lastmodFromDate(date) } : route
    })
    return toRoutesFile({ ...table, routes, ...(revision !== undefined && { revision }) })
  } finally {
    await read.close()
  }
}
