// A list of paths kept by hand: in the configuration, or in a text file with one path a line.
import { errors } from '../../errors.ts'
import { readTextIfThere } from '../../io/files.ts'

export interface ListOptions {
  readonly section: string
  readonly paths: readonly string[] | undefined
  /** Absolute path of the file; read anew at each run. */
  readonly file: string | undefined
}

/** Blank lines and lines that begin with # say nothing. Fails with LIST_UNREADABLE. */
export async function* readList({ section, paths, file }: ListOptions): AsyncGenerator<readonly string[]> {
  if (file === undefined) {
    yield paths ?? []
    return
  }
  let text: string | undefined
  try {
    text = await readTextIfThere(file)
  } catch (cause) {
    throw errors.listUnreadable(section, file, cause)
  }
  if (text === undefined) throw errors.listUnreadable(section, file)
  yield text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !line.startsWith('#'))
}
