// A package as others publish it, in a folder that is kept between runs; undefined where it cannot be had.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheDir } from './build-once.ts'

const run = promisify(execFile)

/** `name@1.2.3` → the folder that has its files. No script of it is run. */
export async function fetchPackage(spec: string): Promise<string | undefined> {
  const dir = join(cacheDir, 'packages', spec.replaceAll('/', '+'))
  if (existsSync(dir)) return dir
  await mkdir(join(cacheDir, 'packages'), { recursive: true })
  const work = await mkdtemp(join(cacheDir, 'packages', '.new-'))
  try {
    const { stdout } = await run('npm', ['pack', spec, '--silent', '--ignore-scripts', '--pack-destination', work], {
      timeout: 60_000,
    })
    const file = stdout.trim().split('\n').at(-1) ?? ''
    await run('tar', ['-xzf', join(work, file), '-C', work])
    // Some pack their files into a folder of another name.
    await rename(join(work, 'package'), dir).catch(cause => {
      if (!existsSync(dir)) throw cause
    })
    return dir
  } catch (cause) {
    if (process.env.STOREMAP_REQUIRE_ORACLES) throw cause
    return undefined
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
