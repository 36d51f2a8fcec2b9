// Reads the routes of a front end, wherever it is and whatever form its router has.
import { dirname, join, posix, relative, resolve } from 'node:path'
import { errors } from '../../errors.ts'
import { findSourceTop } from '../../io/source-tree.ts'
import type { RouteTable } from '../../routes/route.ts'
import { detectRouter } from './detect.ts'
import type { FrontEnd } from './front-end.ts'
import { openFolder } from './front-end-folder.ts'
import { openGitFrontEnd } from './front-end-git.ts'
import type { RouterOptions } from './options.ts'
import { parseRoutesFile } from './routes-file.ts'

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

export interface ReadRouter {
  readonly table: RouteTable
  /** For people: where it was read. */
  readonly name: string
  /** When files of it last changed, by their history. */
  lastChanges(files: readonly string[]): Promise<ReadonlyMap<string, Date>>
  close(): Promise<void>
}

/**
 * Reads the source, and runs none of it. Fails with ROUTER_UNREACHABLE, ROUTER_NOT_FOUND, ROUTER_UNREADABLE, and with
 * ROUTER_EMPTY where it has no routes at all.
 */
export async function readRouter(router: RouterOptions, settings: RouterSettings): Promise<ReadRouter> {
  const { frontEnd, path } = await openFrontEnd(router, settings)
  try {
    const table = await readTable(frontEnd, path, settings)
    if (table.routes.length === 0) throw errors.routerEmpty(where(frontEnd, path), table.unresolved)
    return {
      table,
      name: where(frontEnd, path),
      lastChanges: files => frontEnd.lastChanges(files, settings.signal),
      close: () => frontEnd.close(),
    }
  } catch (cause) {
    await frontEnd.close()
    throw cause
  }
}

const where = ({ name }: FrontEnd, path: string): string => (path === '' ? name : `${name}: ${path}`)

async function readTable(frontEnd: FrontEnd, path: string, settings: RouterSettings): Promise<RouteTable> {
  if (path.endsWith('.json') && posix.basename(path) !== 'package.json') {
    const text = await frontEnd.read(path)
    if (text !== undefined) return parseRoutesFile(text, path)
  }
  return detectRouter(frontEnd, path, settings)
}

async function openFrontEnd(router: RouterOptions, { base, timeoutMs, signal }: RouterSettings) {
  if (typeof router !== 'string') {
    const { path = '' } = router.git
    return { frontEnd: await openGitFrontEnd(router.git, { base, timeoutMs, signal }), path: clean(path) }
  }
  const full = resolve(base, router)
  // Packages beside the front end are read, too; nothing outside of its repository.
  const top = (await findSourceTop(full)) ?? dirname(full)
  const frontEnd = await openFolder(top, { name: relative(base, top) || '.' })
  const path = clean(relative(top, full).split('\\').join('/'))
  const isThere = path === '' || (await frontEnd.isFile(path)) || (await frontEnd.list(path)).length > 0
  if (isThere) return { frontEnd, path }
  await frontEnd.close()
  throw errors.routerNotFound(`file or folder ${router}`, await namesNear(full))
}

const clean = (path: string): string => posix.normalize(path).replace(/\/+$/, '').replace(/^\.$/, '')

async function namesNear(full: string): Promise<string[]> {
  const { nearNames } = await import('./near-names.ts')
  const folder = await openFolder(dirname(full), { name: dirname(full) }).catch(() => undefined)
  const entries = (await folder?.list('')) ?? []
  await folder?.close()
  return [
    ...nearNames(
      full,
      entries.map(({ name }) => join(dirname(full), name)),
    ),
  ]
}
