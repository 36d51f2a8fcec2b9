// Things made on demand and kept in the gitignored .cache/: a Python environment, a Java program.

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

export const repositoryRoot: string = fileURLToPath(new URL('../../', import.meta.url))
export const cacheDir: string = join(repositoryRoot, '.cache')

/** Makes `dir` by `build`, aside and then renamed, so that what is there is whole, whoever else builds meanwhile. */
export async function buildOnce(dir: string, build: (dir: string) => Promise<void>): Promise<string> {
  if (existsSync(dir)) return dir
  const aside = `${dir}.${process.pid}`
  await mkdir(dirname(dir), { recursive: true })
  try {
    await build(aside)
    await rename(aside, dir)
  } catch (error) {
    if (!existsSync(dir)) throw error // else another process was faster, and its result serves as well
  } finally {
    await rm(aside, { recursive: true, force: true })
  }
  return dir
}

/** Standard output of a command; a failure carries all that the command said, since Maven complains on stdout. */
export async function output(command: string, args: readonly string[], cwd?: string): Promise<string> {
  const running = promisify(execFile)(command, args, { maxBuffer: 64 << 20, ...(cwd && { cwd }) })
  const { stdout } = await running.catch(error => {
    throw error.stdout ? new Error(`${error.message}\n${error.stdout}`, { cause: error }) : error
  })
  return stdout
}

export async function canRun(command: string, args: readonly string[]): Promise<boolean> {
  return output(command, args).then(
    () => true,
    () => false,
  )
}
