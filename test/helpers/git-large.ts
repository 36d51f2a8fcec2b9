// A bare repository with any number of megabytes of history that does not compress, made in a few seconds.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createBareRepository, isolatedGitEnv, runGit } from './git-remotes.ts'

const MEGABYTE = 1_048_576

/**
 * Each commit brings a megabyte in the place of the one before; the last takes it away, so that all of it is history.
 * The commits are an hour apart, and the last of them was made at `until`.
 */
export async function createLargeRepository(dir: string, megabytes: number, until: Date): Promise<string> {
  await createBareRepository(dir, { branch: 'master' })
  await runGit(['config', 'core.compression', '0'], { cwd: dir })
  // When a server tidies up is its own affair, and would be most of the work here.
  await runGit(['config', 'gc.auto', '0'], { cwd: dir })
  const child = spawn('git', ['fast-import', '--quiet', '--depth=0'], {
    cwd: dir,
    env: isolatedGitEnv(),
    stdio: ['pipe', 'ignore', 'inherit'],
  })
  const ended = once(child, 'close')
  const write = async (part: string | Buffer): Promise<void> => {
    if (!child.stdin.write(part)) await once(child.stdin, 'drain')
  }
  const last = Math.floor(until.getTime() / 1_000)
  for (let index = 0; index < megabytes; index++) {
    await write(commitAt(last - (megabytes - index) * 3_600, `Archive ${index}`))
    await write(`M 100644 inline archive.bin\ndata ${MEGABYTE}\n`)
    await write(randomBytes(MEGABYTE))
    await write('\n')
  }
  await write(`${commitAt(last, 'Take the archive away')}D archive.bin\nM 100644 inline README.md\ndata 4\nShop\n`)
  child.stdin.end()
  const [code] = await ended
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`)
  return dir
}

const commitAt = (seconds: number, message: string): string =>
  `commit refs/heads/master\ncommitter Other <other@example.com> ${seconds} +0000\ndata ${message.length}\n${message}\n`
