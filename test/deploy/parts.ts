// Which parts of a deployment this machine has (.ci/containers.sh brings them), and shells to run scripts in.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, symlink } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { cacheDir, repositoryRoot } from '../oracles/build-once.ts'

export const deployCache: string = join(cacheDir, 'deploy')
export const templatesDir: string = join(repositoryRoot, 'src/deploy/templates')
export const template = (name: string): string => join(templatesDir, name)

const folders = [join(deployCache, 'bin'), ...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin']

/** PATH of everything that runs here: with what .ci/containers.sh brought, and servers' programs. */
export const path: string = folders.join(delimiter)

/** Where a program is, or undefined. */
export const find = (name: string): string | undefined =>
  folders.map(folder => join(folder, name)).find(each => existsSync(each))

/** Names of those that are missing; absent ones fail where CI demands them, and skip out loud elsewhere. */
export function hasParts(...names: readonly string[]): boolean {
  const missing = names.filter(name => find(name) === undefined)
  if (missing.length === 0) return true
  return absent(missing.join(', '))
}

export function absent(what: string): false {
  if (process.env.STOREMAP_REQUIRE_ORACLES === '1')
    throw new Error(`${what} is required here (STOREMAP_REQUIRE_ORACLES) but absent: .ci/containers.sh`)
  console.warn(`skipped: ${what} is not here (.ci/containers.sh)`)
  return false
}

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  readonly input?: string | Buffer
  /** A process group of its own, which can be ended as a whole. */
  readonly group?: boolean
}

/** Runs a program to its end, in an environment that knows nothing but PATH. */
export const run = (command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> =>
  start(command, args, options).ended

export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ran>
  said(): string
}

export function start(command: string, args: readonly string[], { env, cwd, input, group }: RunOptions = {}): Running {
  const child = spawn(command, args, {
    ...(cwd && { cwd }),
    detached: group === true,
    env: { PATH: path, HOME: '/nonexistent', GIT_CONFIG_NOSYSTEM: '1', ...env },
  })
  const said = { stdout: '', stderr: '' }
  const chunks: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => chunks.push(part))
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    said.stderr += part
  })
  child.stdin.on('error', () => {}) // it may end before it has read all
  child.stdin.end(input ?? '')
  const ended = new Promise<Ran>((resolve, reject) => {
    child.once('error', reject).once('close', code => {
      resolve({ code, stdout: Buffer.concat(chunks).toString('latin1'), stderr: said.stderr })
    })
  })
  return { child, ended, said: () => Buffer.concat(chunks).toString('utf8') + said.stderr }
}

export interface Shell {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Of the tools that the script calls. */
  readonly path: string
}

/** Every shell that front ends have: those of Debian with its tools, and busybox with nothing but its own. */
export async function shells(dir: string): Promise<readonly Shell[]> {
  const found: Shell[] = []
  for (const name of ['dash', 'bash']) {
    const command = find(name)
    if (command) found.push({ name, command, args: [], path })
  }
  const busybox = find('busybox')
  if (busybox) {
    const applets = join(dir, 'busybox')
    if (!existsSync(applets)) {
      await mkdir(applets, { recursive: true })
      const { stdout } = await run(busybox, ['--list'])
      for (const applet of stdout.split('\n').filter(each => each !== '')) await symlink(busybox, join(applets, applet))
      // Debian's build has no flock, unlike Alpine's; git and ssh are no part of any.
      for (const name of ['git', 'ssh', 'curl', 'flock']) {
        const program = find(name)
        if (program && !(await readdir(applets)).includes(name)) await symlink(program, join(applets, name))
      }
    }
    found.push({ name: 'busybox', command: busybox, args: ['sh'], path: applets })
  }
  return found
}
