// The program as its users have it: built, and run as a process of its own in an environment that knows nothing.
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { buildOnce, cacheDir, output, repositoryRoot } from '../oracles/build-once.ts'

export interface CliOptions {
  readonly cwd: string
  /** On top of PATH, an empty HOME and nothing else. */
  readonly env?: Readonly<Record<string, string>>
}

export interface CliResult {
  /** Null where a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCli {
  readonly child: ChildProcess
  readonly ended: Promise<CliResult>
  stdout(): string
  stderr(): string
}

/** Runs a command line to its end. */
export async function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return (await startCli(args, options)).ended
}

/** The program's file, for those who start it in their own way. */
export const programPath = async (): Promise<string> => join(await builtProgram(), 'main.js')

/** Starts a command line; whoever starts it ends it. */
export async function startCli(args: readonly string[], { cwd, env }: CliOptions): Promise<RunningCli> {
  const main = join(await builtProgram(), 'main.js')
  const home = await mkdtemp(join(tmpdir(), 'storemap-home-'))
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (part: string) => {
      said[name] += part
    })
  }
  const closed = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve)
  })
  const ended = closed.then(async code => {
    await rm(home, { recursive: true, force: true })
    return { code, ...said }
  })
  return { child, ended, stdout: () => said.stdout, stderr: () => said.stderr }
}

/** Waits for what has to become true; fails aloud where it does not. */
export async function until(what: string, isTrue: () => unknown, withinMs = 20_000): Promise<void> {
  for (let waited = 0; waited <= withinMs; waited += 20) {
    if (await isTrue()) return
    await delay(20)
  }
  throw new Error(`waited ${withinMs} ms in vain: ${what}`)
}

let built: Promise<string> | undefined

/**
 * The folder that the build script makes of the sources as they are now. Each state of them has a folder of its own in
 * the gitignored .cache/: nobody's build pulls the program away from under a test that runs it.
 */
export function builtProgram(): Promise<string> {
  built ??= build()
  return built
}

async function build(): Promise<string> {
  const programs = join(cacheDir, 'program')
  const dir = await buildOnce(join(programs, await hashOfSources()), async aside => {
    await mkdir(aside, { recursive: true })
    await copyFile(join(repositoryRoot, 'package.json'), join(aside, 'package.json'))
    await output(process.execPath, [join(repositoryRoot, 'scripts/build.mjs'), join(aside, 'dist')])
  })
  await removeOld(programs)
  return join(dir, 'dist')
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256')
  const files = await readdir(join(repositoryRoot, 'src'), { recursive: true, withFileTypes: true })
  const paths = files.filter(file => file.isFile()).map(file => join(file.parentPath, file.name))
  for (const name of ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'scripts/build.mjs'])
    paths.push(join(repositoryRoot, name))
  for (const path of paths.sort()) hash.update(path).update(await readFile(path))
  return hash.digest('hex').slice(0, 16)
}

/** Those of yesterday's sources; a test that runs now has a younger one. */
async function removeOld(programs: string): Promise<void> {
  for (const name of await readdir(programs)) {
    const path = join(programs, name)
    const age = existsSync(path) ? Date.now() - (await stat(path)).mtimeMs : 0
    if (age > 24 * 3_600_000) await rm(path, { recursive: true, force: true })
  }
}
