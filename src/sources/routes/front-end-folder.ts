// A front end in a folder of this machine. Each of its folders is listed once, when something in it is first asked for.
import { join } from 'node:path'
import { errors, StoremapError } from '../../errors.ts'
import { readLocalLastChanges } from '../../io/git-local.ts'
import { findTop, listNames, readUpTo, targetWithin } from '../../io/source-tree.ts'
import type { FrontEnd } from './front-end.ts'
import { makeFinder, type SourceEntries, type SourceFolder } from './source-folder.ts'
import { MOST_BYTES, textOf, tooLarge } from './source-name.ts'

/** A long history is read in seconds; a file system that hangs shall not hold a run. */
const HISTORY_MS = 120_000

/**
 * Opens the folder at `path`, called `name` in messages. Fails with ROUTER_NOT_FOUND where there is none, and with
 * ROUTER_UNREADABLE where it may not be entered.
 */
export async function openFolder(path: string, { name }: { readonly name: string }): Promise<FrontEnd> {
  const top = await readable(`folder ${name}`, () => findTop(path))
  if (top === undefined) throw errors.routerNotFound(`folder ${name}`, [])
  const { find, findFile, list } = makeFinder(folderOf(top, ''), {
    readLink: async ({ id }) => {
      const target = await targetWithin(top, id)
      return target === undefined ? undefined : `/${target}`
    },
  })

  return {
    name,
    revision: undefined,
    async read(file) {
      const bytes = await readable(`file ${file}`, async () => {
        const found = await findFile(file)
        return found && readUpTo(found.id, MOST_BYTES)
      })
      if (typeof bytes === 'number') throw errors.routerUnreadable(`file ${file}`, tooLarge(bytes))
      return bytes && textOf(bytes)
    },
    async prefetch() {
      // It is all here.
    },
    isFile: file => readable(`file ${file}`, async () => (await find(file))?.kind === 'file'),
    list: folder => readable(`folder ${folder || name}`, () => list(folder)),
    async lastChanges(files, signal) {
      const found = await readable(`folder ${name}`, () => Promise.all(files.map(findFile)))
      const paths = new Set(found.flatMap(each => each?.id ?? []))
      const dates = await readable(`history of ${name}`, () =>
        readLocalLastChanges(top, [...paths], { label: name, timeoutMs: HISTORY_MS, signal }),
      )
      return new Map(
        files.flatMap((file, index): [string, Date][] => {
          const date = dates.get(found[index]?.id ?? '')
          return date ? [[file, date]] : []
        }),
      )
    },
    async close() {
      // Nothing stays open.
    },
  }
}

function folderOf(top: string, path: string): SourceFolder {
  let listed: Promise<SourceEntries> | undefined
  const listIt = async (): Promise<SourceEntries> => {
    const names = await listNames(join(top, path))
    return new Map(
      names.map(({ name, kind }) => {
        const below = path === '' ? name : `${path}/${name}`
        return [name, kind === 'folder' ? folderOf(top, below) : { kind, path: below, id: join(top, below) }]
      }),
    )
  }
  return {
    kind: 'folder',
    path,
    entries() {
      listed ??= listIt()
      return listed
    },
  }
}

/** Says what of the front end it is that cannot be read, and why. */
async function readable<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (cause instanceof StoremapError && /^(GIT_FAILED|TARGET_TIMEOUT)$/.test(cause.code))
      throw errors.routerUnreadable(what, cause.message.replace(/ Nothing was \w+\.$/, ''), cause)
    const { code, syscall } = (cause ?? {}) as NodeJS.ErrnoException
    if (syscall === undefined) throw cause
    const isDenied = code === 'EACCES' || code === 'EPERM'
    throw errors.routerUnreadable(what, isDenied ? 'this user may not read it' : `the file system says ${code}`, cause)
  }
}
