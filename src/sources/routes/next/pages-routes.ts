// Next's pages folder: every file in it is a page, but for a few with names of their own.
import type { FrontEnd } from '../front-end.ts'
import type { Judge } from './judge.ts'
import { inFolder, withoutExtension } from './names.ts'
import { type NamedRoutes, type PageFile, routesOf } from './page-file.ts'

const NO_PAGES_AT_THE_TOP = ['_app', '_document', '_error', '404', '500']
/** Of version 12.0; later it is beside the folder. */
const MIDDLEWARE = '_middleware'

export const noteOfMiddleware = (file: string): string =>
  `${file} sees requests before pages do, and may send visitors elsewhere.`

/** Reads the pages folder `folder`. Code that cannot be judged is the judge's to tell. */
export async function readPagesRoutes(
  frontEnd: FrontEnd,
  folder: string,
  { pageExtensions, judge }: { readonly pageExtensions: readonly string[]; readonly judge: Judge },
): Promise<NamedRoutes> {
  const found = await visit(frontEnd, { folder, names: [], extensions: pageExtensions })
  const pages = found.filter(({ names }) => names.at(-1) !== MIDDLEWARE)
  await frontEnd.prefetch(pages.filter(({ kind }) => kind === 'page').map(({ file }) => file))
  const read = await routesOf(pages, judge)
  const before = found.filter(page => !pages.includes(page)).map(({ file }) => noteOfMiddleware(file))
  return { ...read, notes: [...before, ...read.notes] }
}

async function visit(
  frontEnd: FrontEnd,
  { folder, names, extensions }: { folder: string; names: readonly string[]; extensions: readonly string[] },
): Promise<readonly PageFile[]> {
  const entries = await frontEnd.list(folder)
  const each = await Promise.all(
    entries.map(async ({ name, isFolder }): Promise<readonly PageFile[]> => {
      const file = inFolder(folder, name)
      if (isFolder) return visit(frontEnd, { folder: file, names: [...names, name], extensions })
      const page = withoutExtension(name, extensions)
      if (page === undefined) return []
      if (names.length === 0 && NO_PAGES_AT_THE_TOP.includes(page)) return []
      const path = page === 'index' ? names : [...names, page]
      return [{ file, names: path, kind: path[0] === 'api' ? 'resource' : 'page', layouts: [] }]
    }),
  )
  return each.flat()
}
