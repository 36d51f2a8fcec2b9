// What the last pull brought, kept beside the bundle: the next one can then tell by one question that nothing is new.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { writeNewText } from '../io/copy-file.ts'
import { readTextIfThere } from '../io/files.ts'
import { moveOver } from '../io/folders.ts'
import type { GitRemote } from '../io/git-remote.ts'
import { makeStage, removeStage } from '../io/stage.ts'
import { storeOf } from '../webroot/layout.ts'

export interface Remembered {
  readonly commit: string
  readonly revision: string
}

const NAME = 'pulled.json'

/** Undefined where nothing is remembered, or it is of another branch or repository. */
export async function readRemembered(dir: string, remote: GitRemote, branch: string): Promise<Remembered | undefined> {
  try {
    const text = await readTextIfThere(join(storeOf(dir), NAME))
    const { commit, revision, origin } = JSON.parse(text ?? '{}') as Record<string, unknown>
    if (origin !== originOf(remote, branch)) return undefined
    return typeof commit === 'string' && typeof revision === 'string' ? { commit, revision } : undefined
  } catch {
    return undefined // then the pull goes the long way
  }
}

export async function remember(
  dir: string,
  { remote, branch, commit, revision }: Remembered & { readonly remote: GitRemote; readonly branch: string },
): Promise<void> {
  const stage = await makeStage(storeOf(dir))
  try {
    const aside = join(stage, NAME)
    await writeNewText(aside, `${JSON.stringify({ commit, origin: originOf(remote, branch), revision })}\n`)
    await moveOver(aside, join(storeOf(dir), NAME))
  } finally {
    await removeStage(stage)
  }
}

// Hashed: the folder is served, and where its bundle comes from is nobody's business.
const originOf = (remote: GitRemote, branch: string): string =>
  createHash('sha256').update(`${remote.url}\n${branch}`).digest('hex')
