// The demo's front end as source code: a repository of its own, as front ends are deployed apart from back ends.
import { execFile } from 'node:child_process'
import { cp } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const git = promisify(execFile)
const SOURCE = fileURLToPath(new URL('storefront', import.meta.url))
const AUTHOR = ['-c', 'user.name=Demo', '-c', 'user.email=demo@localhost', '-c', 'commit.gpgSign=false']

/** Makes the repository in a folder that is not there yet. */
export async function makeStorefront(dir: string): Promise<void> {
  await cp(SOURCE, dir, { recursive: true })
  const run = (...args: readonly string[]) => git('git', ['-C', dir, ...AUTHOR, ...args])
  await run('init', '--quiet', '--initial-branch=main')
  await run('add', '--', '.')
  await run('commit', '--quiet', '--no-verify', '--message=The shop')
}
