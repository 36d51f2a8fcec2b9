// Files of `init` in their folder: absent ones are written, those that are as they would be stay, others are asked about.
import { errors } from '../errors.ts'
import { type NewFile, putFile, standingOf } from '../io/put-files.ts'

export interface Placed {
  readonly written: readonly string[]
  readonly unchanged: readonly string[]
  /** Files of somebody else's, which stay. */
  readonly kept: readonly string[]
}

export interface PlaceOptions {
  readonly overwrite: boolean
  /** Asks about a file that is there and different; undefined: nobody can be asked. */
  readonly mayReplace: ((path: string) => Promise<boolean>) | undefined
}

/** Fails with INIT_FILE_IN_WAY before anything is written, where a file is in the way and nobody can be asked. */
export async function placeFiles(dir: string, files: readonly NewFile[], options: PlaceOptions): Promise<Placed> {
  const standing = await Promise.all(files.map(async file => ({ file, is: await standingOf(dir, file) })))
  const others = standing.filter(({ is }) => is === 'other').map(({ file }) => file.path)
  const different = standing.filter(({ is }) => is === 'different').map(({ file }) => file.path)
  const inWay = [...others, ...(options.overwrite || options.mayReplace ? [] : different)]
  if (inWay.length > 0) throw errors.initFileInWay(inWay)
  // All questions come before the first file.
  const kept = new Set<string>()
  if (!options.overwrite && options.mayReplace) {
    for (const path of different) if (!(await options.mayReplace(path))) kept.add(path)
  }
  const written: string[] = []
  for (const { file, is } of standing) {
    if (is === 'same' || kept.has(file.path)) continue
    await putFile(dir, file)
    written.push(file.path)
  }
  return { written, unchanged: standing.flatMap(({ file, is }) => (is === 'same' ? [file.path] : [])), kept: [...kept] }
}
