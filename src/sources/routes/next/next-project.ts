// Where a Next project has its parts: the app and pages folders, its configuration, its middleware.
import type { FolderEntry, FrontEnd } from '../front-end.ts'
import { inFolder } from './names.ts'

export interface NextProject {
  readonly root: string
  readonly app: string | undefined
  readonly pages: string | undefined
  /** The file of its configuration. */
  readonly configFile: string | undefined
  /** The file that sees requests before pages do. */
  readonly middleware: string | undefined
  readonly notes: readonly string[]
}

/** In the order in which Next looks for them. */
const CONFIG_FILES = ['next.config.js', 'next.config.mjs', 'next.config.cjs', 'next.config.ts', 'next.config.mts']
const MIDDLEWARE = /^(middleware|proxy)\.(ts|js|mts|mjs)$/
/** Folders a project's app and pages folders may be in. */
const BASES = ['', 'src']

/** The project at `folder`, or the one whose app or pages folder it is; undefined where it has neither. */
export async function findNextProject(frontEnd: FrontEnd, folder: string): Promise<NextProject | undefined> {
  const name = folder.split('/').at(-1)
  const isProject = (entries: readonly FolderEntry[]): boolean =>
    entries.some(entry => !entry.isFolder && (entry.name === 'package.json' || CONFIG_FILES.includes(entry.name)))
  const listed = await frontEnd.list(folder)
  if ((name !== 'app' && name !== 'pages') || isProject(listed)) return projectAt(frontEnd, folder)
  if (listed.length === 0) return undefined

  const above = parentOf(folder)
  const isInSrc = above.split('/').at(-1) === 'src' && !isProject(await frontEnd.list(above))
  const root = isInSrc ? parentOf(above) : above
  const project = await projectAt(frontEnd, root)
  const [kind, other] = name === 'app' ? (['app', 'pages'] as const) : (['pages', 'app'] as const)
  const beside = project?.[other]
  const notes = beside === undefined ? [] : [`${beside} is not read, since the router is said to be ${folder}.`]
  return {
    root,
    app: undefined,
    pages: undefined,
    [kind]: folder,
    configFile: project?.configFile ?? (await configIn(frontEnd, root)),
    middleware: project?.middleware,
    notes,
  }
}

async function projectAt(frontEnd: FrontEnd, root: string): Promise<NextProject | undefined> {
  const [top, src] = await Promise.all(BASES.map(base => frontEnd.list(joined(root, base))))
  const find = (isWanted: (entry: FolderEntry) => boolean): string | undefined => {
    for (const [at, entries] of [top ?? [], src ?? []].entries()) {
      const found = entries.find(isWanted)
      if (found) return inFolder(joined(root, BASES[at] as string), found.name)
    }
    return undefined
  }
  const folder = (name: string): string | undefined => find(entry => entry.isFolder && entry.name === name)
  const [app, pages] = [folder('app'), folder('pages')]
  if (app === undefined && pages === undefined) return undefined
  return {
    root,
    app,
    pages,
    configFile: await configIn(frontEnd, root),
    middleware: find(entry => !entry.isFolder && MIDDLEWARE.test(entry.name)),
    notes: [],
  }
}

async function configIn(frontEnd: FrontEnd, root: string): Promise<string | undefined> {
  const entries = await frontEnd.list(root)
  const name = CONFIG_FILES.find(file => entries.some(entry => !entry.isFolder && entry.name === file))
  return name === undefined ? undefined : inFolder(root, name)
}

const joined = (root: string, base: string): string => (base === '' ? root : inFolder(root, base))
const parentOf = (folder: string): string => folder.split('/').slice(0, -1).join('/')
