// Next's app folder: folders are the path, and a page is what is called page.
import type { FolderEntry, FrontEnd } from '../front-end.ts'
import type { Judge } from './judge.ts'
import { inFolder, withoutExtension } from './names.ts'
import { type NamedRoutes, type PageFile, routesOf } from './page-file.ts'

interface Found extends PageFile {
  /** Of a page in a parallel slot, as `@modal`: where it stands. */
  readonly slot: Slot | undefined
}

interface Slot {
  /** Whether something is shown beside the slot where nothing there has the path. */
  readonly hasDefault: boolean
}

interface Around {
  readonly names: readonly string[]
  readonly layouts: readonly string[]
  readonly slot: Slot | undefined
}

/** Also folders within it: `(..)(..)photo`. They show a page of elsewhere in another place, and have none of their own. */
const INTERCEPTS = /^\(\.{1,3}\)/
const GROUP = /^\(.*\)$/
const REST = /^\[{1,2}\.\.\./

/** What search engines and browsers ask for by fixed names. All but sitemaps only at the top; images have names of their own. */
const METADATA: Readonly<Record<string, string>> = {
  sitemap: 'sitemap.xml',
  robots: 'robots.txt',
  manifest: 'manifest.webmanifest',
}

/** Reads the app folder `folder`. Code that cannot be judged is the judge's to tell. */
export async function readAppRoutes(
  frontEnd: FrontEnd,
  folder: string,
  { pageExtensions, judge }: { readonly pageExtensions: readonly string[]; readonly judge: Judge },
): Promise<NamedRoutes> {
  const found = await visit(frontEnd, folder, { names: [], layouts: [], slot: undefined }, pageExtensions)
  const { pages, notes } = withoutSlots(found)
  await frontEnd.prefetch(pages.flatMap(({ file, kind, layouts }) => (kind === 'page' ? [file, ...layouts] : [])))
  const read = await routesOf(pages, judge)
  return { ...read, notes: [...notes, ...read.notes] }
}

async function visit(
  frontEnd: FrontEnd,
  folder: string,
  around: Around,
  extensions: readonly string[],
): Promise<readonly Found[]> {
  const entries = await frontEnd.list(folder)
  const fileOf = (role: string): string | undefined => {
    const candidates = extensions.map(extension => `${role}.${extension}`)
    const name = candidates.find(candidate => entries.some(entry => !entry.isFolder && entry.name === candidate))
    return name === undefined ? undefined : inFolder(folder, name)
  }
  const layout = fileOf('layout')
  const inside: Around = layout === undefined ? around : { ...around, layouts: [...around.layouts, layout] }

  const [page, handler] = [fileOf('page'), fileOf('route')]
  const own: Found[] = []
  if (page !== undefined) own.push({ ...inside, file: page, kind: 'page' })
  if (handler !== undefined) own.push({ ...inside, file: handler, kind: 'resource' })
  for (const { name, file } of metadataOf(folder, entries, extensions)) {
    if (inside.names.length > 0 && name !== METADATA.sitemap) continue
    own.push({ ...inside, names: [...inside.names, name], file, kind: 'resource' })
  }

  const below = entries.filter(({ name, isFolder }) => isFolder && !name.startsWith('_') && !INTERCEPTS.test(name))
  const hasDefault = fileOf('default') !== undefined
  const deeper = await Promise.all(
    below.map(({ name }) => visit(frontEnd, inFolder(folder, name), enter(name, inside, hasDefault), extensions)),
  )
  return [...own, ...deeper.flat()]
}

function enter(name: string, around: Around, hasDefault: boolean): Around {
  if (GROUP.test(name)) return around
  if (name.startsWith('@')) {
    return name === '@children' ? around : { ...around, slot: around.slot ?? { hasDefault } }
  }
  return { ...around, names: [...around.names, name.replaceAll('%5F', '_')] }
}

function metadataOf(
  folder: string,
  entries: readonly FolderEntry[],
  extensions: readonly string[],
): { readonly name: string; readonly file: string }[] {
  return entries.flatMap(entry => {
    if (entry.isFolder) return []
    const isWrittenOut = Object.values(METADATA).includes(entry.name) || entry.name === 'manifest.json'
    const role = withoutExtension(entry.name, extensions) ?? ''
    const name = isWrittenOut ? entry.name : Object.hasOwn(METADATA, role) ? METADATA[role] : undefined
    return name === undefined ? [] : [{ name, file: inFolder(folder, entry.name) }]
  })
}

/**
 * Pages in slots are parts of other pages. Where a path has none but in a slot, it is a page all the same if the place
 * beside the slot has something to show: its default, or a page that takes all that is below.
 */
function withoutSlots(found: readonly Found[]): {
  readonly pages: readonly PageFile[]
  readonly notes: readonly string[]
} {
  const pathOf = ({ names }: Found): string => names.join('/')
  const main = found.filter(({ slot }) => slot === undefined)
  const taken = new Set(main.map(pathOf))
  const notes: string[] = []
  const pages = found.filter(each => {
    const { slot, names, file, kind } = each
    if (slot === undefined) return true
    if (taken.has(pathOf(each)) || kind === 'resource') return false
    const isWithinRest = main.some(
      ({ names: other }) => REST.test(other.at(-1) ?? '') && other.slice(0, -1).every((name, at) => name === names[at]),
    )
    if (!slot.hasDefault && !isWithinRest) {
      notes.push(`${file} is not a page of its own: nothing is shown beside it at this path.`)
      return false
    }
    taken.add(pathOf(each))
    return true
  })
  return { pages, notes }
}
