// Link mode: names at the top are links through one link, `current`, and a switch of that one changes all at once.
import { join } from 'node:path'
import { type Bundle, MANIFEST_NAME } from '../bundle/manifest.ts'
import { lstatIfThere } from '../io/files.ts'
import { makeReadableFolder, moveFolder, moveOver, removeFile, removeTree, syncFolder } from '../io/folders.ts'
import { readLinkIfThere, replaceLink } from '../io/links.ts'
import { journalOf, removeJournal, writeJournal } from './journal.ts'
import {
  currentOf,
  currentTextOf,
  linkTextOf,
  placingOrder,
  releaseOf,
  releasesOf,
  stagedFiles,
  stagedLink,
  storeOf,
} from './layout.ts'
import type { Survey } from './ownership.ts'
import { readCurrent } from './read.ts'
import { findDamaged, stageFiles, wantedOf } from './staging.ts'

/** What a mode is to do: nothing at all where `names` and `leaving` are empty. */
export interface Plan {
  /** Names that will not be as they were. */
  readonly names: readonly string[]
  run(stage: string, signal: AbortSignal | undefined): Promise<void>
}

export async function planLinks(bundle: Bundle, dir: string, survey: Survey): Promise<Plan> {
  const order = placingOrder(bundle.manifest)
  const release = releaseOf(dir, bundle.revision)
  const isSwitched = survey.current === bundle.revision
  const damaged = await findDamaged(bundle, order, release)
  const unlinked = order.filter(name => survey.standings.get(name) !== 'link')
  const changed = isSwitched ? damaged : order.filter(name => !isPublished(bundle, name, survey))
  return {
    names: [...new Set([...changed, ...unlinked])],
    async run(stage, signal) {
      if (damaged.length > 0) await stageFiles(bundle, damaged, { stage, signal })
      signal?.throwIfAborted()
      if (damaged.length > 0) await putRelease(dir, stage, { release, names: damaged, all: order.length })
      // Its plain files are known by its manifest only, which a link is about to hide.
      if (survey.previous?.filesDir === dir) {
        await writeJournal(dir, stage, [...survey.journal, ...journalOf(survey.previous)])
      }
      await switchLinks(bundle, dir, { survey, stage, signal })
      for (const name of survey.leaving) await removeFile(join(dir, name))
      await removeJournal(dir)
      await removeOldReleases(bundle.revision, dir, survey)
      await syncFolder(dir)
    },
  }
}

function isPublished(bundle: Bundle, name: string, { previous }: Survey): boolean {
  const sha256 = name === MANIFEST_NAME ? previous?.revision : previous?.manifest.files[name]?.sha256
  return sha256 === wantedOf(bundle, name).sha256
}

/** A whole release arrives as a folder; one that was damaged is healed file by file, with readers in it. */
async function putRelease(
  dir: string,
  stage: string,
  { release, names, all }: { release: string; names: readonly string[]; all: number },
): Promise<void> {
  await makeReadableFolder(releasesOf(dir))
  const there = await lstatIfThere(release)
  if (there && !there.isDirectory()) await removeFile(release)
  const isWhole = names.length === all && (await moveFolder(stagedFiles(stage), release))
  if (!isWhole) {
    await makeReadableFolder(release)
    for (const name of names) {
      const place = join(release, name)
      if ((await lstatIfThere(place))?.isDirectory()) await removeTree(place)
      await moveOver(join(stagedFiles(stage), name), place)
    }
    await syncFolder(release)
  }
  await syncFolder(releasesOf(dir))
}

async function switchLinks(
  bundle: Bundle,
  dir: string,
  { survey, stage, signal }: { survey: Survey; stage: string; signal: AbortSignal | undefined },
): Promise<void> {
  const link = (name: string) => replaceLink(join(dir, name), linkTextOf(name), stagedLink(stage))
  const namesThat = (isMeant: (standing: string) => boolean) =>
    [...survey.standings].filter(([, standing]) => isMeant(standing)).map(([name]) => name)

  const made: string[] = []
  try {
    // New names first: they stand for nothing until the switch, and the old index does not list them.
    for (const name of namesThat(standing => standing === 'absent')) {
      await link(name)
      made.push(name)
    }
    signal?.throwIfAborted()
    if (survey.current !== bundle.revision) {
      await replaceLink(currentOf(dir), currentTextOf(bundle.revision), stagedLink(stage))
    }
  } catch (cause) {
    for (const name of made) await removeFile(join(dir, name))
    throw cause
  }
  await syncFolder(storeOf(dir))
  // Names that have a file of another kind (copy mode, adopted, planted) turn into links when there is something behind.
  for (const name of namesThat(standing => standing !== 'absent' && standing !== 'link')) await link(name)
}

/** Keeps the release before, so that a reader in the middle still finds its files. */
async function removeOldReleases(revision: string, dir: string, survey: Survey): Promise<void> {
  if (survey.current === revision) return
  const kept = new Set([revision, survey.current, await readCurrent(dir)])
  for (const name of survey.releases) {
    if (!kept.has(name)) await removeTree(join(releasesOf(dir), name))
  }
}

/** After a switch to copy mode nothing at the top leads into the store any more. */
export async function removeLinkStore(dir: string): Promise<void> {
  if ((await readLinkIfThere(currentOf(dir))) !== undefined) await removeFile(currentOf(dir))
  await removeTree(releasesOf(dir))
}
