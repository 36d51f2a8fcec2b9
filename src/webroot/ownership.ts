// What stands at the top of a served folder, and whose it is. Looks only; changes nothing.
import { join } from 'node:path'
import { type Bundle, MANIFEST_NAME } from '../bundle/manifest.ts'
import { errors, StoremapError } from '../errors.ts'
import { hashFile, lstatIfThere } from '../io/files.ts'
import { listFolder, listLinks } from '../io/folders.ts'
import { readLinkIfThere } from '../io/links.ts'
import { type Journal, readJournal } from './journal.ts'
import { currentOf, LINKS_LEAD_TO, linkTextOf, placingOrder, releasesOf, storeOf } from './layout.ts'
import { type PublishedFolder, readCurrent, readWebRoot } from './read.ts'

/** `link`: our link, as it should be; `oddLink`: into our store, but to another name. `other`: foreign link, device. */
export type Standing = 'absent' | 'link' | 'oddLink' | 'file' | 'folder' | 'other'

export interface Survey {
  readonly previous: PublishedFolder | undefined
  /** The revision the links lead to; it may be there in copy mode, too, after a switch of modes. */
  readonly current: string | undefined
  /** Releases there were before this run; a later one may be somebody else's who is about to switch to it. */
  readonly releases: readonly string[]
  readonly journal: Journal
  /** For every name of the bundle, in placing order. */
  readonly standings: ReadonlyMap<string, Standing>
  /** Names of ours that the bundle does not have. */
  readonly leaving: readonly string[]
}

/**
 * Surveys a served folder before a bundle is placed. Fails with TARGET_FILE_FOREIGN, naming all files in the way,
 * and with WEB_ROOT_UNSAFE where the store is not what Storemap made.
 */
export async function surveyWebRoot(bundle: Bundle, dir: string, { adopt }: { adopt: boolean }): Promise<Survey> {
  await assertOwnStore(dir)
  const names = placingOrder(bundle.manifest)
  const previous = await readPrevious(dir, adopt)
  const journal = await readJournal(dir)
  const standings = new Map<string, Standing>()
  for (const name of names) standings.set(name, await standingOf(dir, name))

  const foreign: string[] = []
  for (const [name, standing] of standings) {
    // A folder is never taken over: what lies in it cannot be brought back.
    if (standing === 'folder') foreign.push(name)
    else if (!adopt && !(await isOurs(name, standing, { dir, previous, journal }))) foreign.push(name)
  }
  if (foreign.length > 0) throw errors.targetFileForeign(foreign, dir)

  return {
    previous,
    current: await readCurrent(dir),
    releases: await listFolder(releasesOf(dir)),
    journal,
    standings,
    leaving: await findLeaving(new Set(names), { dir, previous, journal }),
  }
}

interface Known {
  readonly dir: string
  readonly previous: PublishedFolder | undefined
  readonly journal: Journal
}

async function isOurs(name: string, standing: Standing, known: Known): Promise<boolean> {
  if (standing === 'absent' || standing === 'link' || standing === 'oddLink') return true
  if (standing === 'folder') return false
  if (isNamed(name, known.previous)) return true
  return standing === 'file' && (await isJournalled(name, known))
}

const isNamed = (name: string, previous: PublishedFolder | undefined): boolean =>
  previous !== undefined && (name === MANIFEST_NAME || Object.hasOwn(previous.manifest.files, name))

async function isJournalled(name: string, { dir, journal }: Known): Promise<boolean> {
  const hashes = journal.filter(([named]) => named === name).map(([, sha256]) => sha256)
  return hashes.length > 0 && hashes.includes((await hashFile(join(dir, name))).sha256)
}

async function findLeaving(staying: ReadonlySet<string>, known: Known): Promise<string[]> {
  const { dir, previous, journal } = known
  const candidates = new Set([
    ...Object.keys(previous?.manifest.files ?? {}),
    ...journal.map(([name]) => name),
    ...(await listLinks(dir)),
  ])
  const leaving: string[] = []
  for (const name of [...candidates].sort()) {
    if (staying.has(name)) continue
    const standing = await standingOf(dir, name)
    // A link of somebody's own to a file of ours is theirs.
    if (standing === 'absent' || (standing === 'oddLink' && !isNamed(name, previous))) continue
    if (await isOurs(name, standing, known)) leaving.push(name)
  }
  return leaving
}

async function standingOf(dir: string, name: string): Promise<Standing> {
  const stats = await lstatIfThere(join(dir, name))
  if (!stats) return 'absent'
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'folder'
  const text = stats.isSymbolicLink() ? await readLinkIfThere(join(dir, name)) : undefined
  if (text === linkTextOf(name)) return 'link'
  return text?.startsWith(LINKS_LEAD_TO) ? 'oddLink' : 'other'
}

/** The bundle in place, as far as it can be read: what is no manifest of ours is somebody else's file, or damaged. */
async function readPrevious(dir: string, adopt: boolean): Promise<PublishedFolder | undefined> {
  try {
    return await readWebRoot(dir)
  } catch (cause) {
    if (!(cause instanceof StoremapError)) throw cause
    if (cause.code === 'MANIFEST_INVALID' || (cause.code === 'MANIFEST_NEWER' && adopt)) return undefined
    throw cause
  }
}

/** A store that is a link would have us write where somebody else decides. */
async function assertOwnStore(dir: string): Promise<void> {
  for (const path of [storeOf(dir), releasesOf(dir)]) {
    const stats = await lstatIfThere(path)
    if (stats?.isSymbolicLink()) throw errors.webRootUnsafe(path, 'is a link')
    if (stats && !stats.isDirectory()) throw errors.webRootUnsafe(path, 'is not a folder')
  }
  const current = await lstatIfThere(currentOf(dir))
  if (current && !current.isSymbolicLink()) throw errors.webRootUnsafe(currentOf(dir), 'is not a link')
}
