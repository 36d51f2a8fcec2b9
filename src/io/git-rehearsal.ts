// A push that is made in all but name: the server is asked whether it takes one, and nothing is sent.
import { join } from 'node:path'
import type { StoremapError } from '../errors.ts'
import { branchRef } from './git.ts'
import { type GitClone, makeClone } from './git-clone.ts'
import { failureOf, type GitAccess, openGit, runGit } from './git-session.ts'

export interface GitRehearsal {
  readonly clone: GitClone
  /** `git push --dry-run` of a commit on top; undefined where it would be taken. Hooks of the server are not asked. */
  push(): Promise<StoremapError | undefined>
  close(): Promise<void>
}

/** Fails as openClone does. */
export async function openRehearsal(access: GitAccess): Promise<GitRehearsal> {
  const session = await openGit(access)
  try {
    const clone = await makeClone(session, { withoutLargeFiles: true })
    return {
      clone,
      push: async () => {
        const author = { name: 'Storemap', email: 'storemap@localhost' }
        const commit = await clone.commit(clone.tree, { parent: clone.head, message: 'Rehearsal', author })
        const shape = ['push', '--dry-run', '--porcelain', '--no-thin', '--no-verify', '--recurse-submodules=no']
        const args = ['--git-dir', join(session.folder, 'clone.git'), ...shape, '--', session.remote.url]
        const result = await runGit(session, [...args, `${commit}:${branchRef(session)}`], { network: true })
        return result.code === 0 ? undefined : failureOf(session, 'push', result)
      },
      close: clone.close,
    }
  } catch (cause) {
    await session.close()
    throw cause
  }
}
