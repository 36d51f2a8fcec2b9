// Real git remotes for tests, on loopback only: bare repositories, and the servers that offer them.
// The servers live in files of their own; a test imports everything from here.

import { spawn } from 'node:child_process'

export { type HttpsRemote, hasOpenssl, startHttpsRemote } from './git-https-remote.ts'
export { hasSshd, type SshRemote, sshCommand, startSshRemote } from './git-ssh-remote.ts'
export { type HangingServer, startHangingServer } from './hanging-server.ts'

export interface BareRepositoryOptions {
  readonly denyNonFastForwards?: boolean
  /** Path and text of the files of a first commit; without it the repository is empty. */
  readonly files?: Readonly<Record<string, string>>
  /** @defaultValue 'main' */
  readonly branch?: string
}

/** Makes a bare repository at `dir` and resolves with `dir`. The same files give the same commit id, always. */
export async function createBareRepository(dir: string, options: BareRepositoryOptions = {}): Promise<string> {
  const branch = options.branch ?? 'main'
  await runGit(['init', '--quiet', '--bare', `--initial-branch=${branch}`, '--', dir])
  const set = (name: string, value: boolean) => runGit(['config', name, String(value)], { cwd: dir })
  await set('uploadpack.allowFilter', true)
  if (options.denyNonFastForwards) await set('receive.denyNonFastForwards', true)
  if (options.files) {
    await runGit(['fast-import', '--quiet'], { cwd: dir, input: firstCommit(branch, options.files) })
  }
  return dir
}

export interface RunGitOptions {
  readonly cwd?: string
  /** Added to `isolatedGitEnv()`. */
  readonly env?: Readonly<Record<string, string>>
  readonly input?: string
}

/** Runs git and resolves with its standard output; rejects with its standard error if it fails. */
export function runGit(args: readonly string[], { cwd, env, input }: RunGitOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', args, { ...(cwd && { cwd }), env: { ...isolatedGitEnv(), ...env } })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', text => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', text => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', status => {
      if (status === 0) resolve(stdout)
      else reject(new Error(`git ${args[0]} ended with ${status}: ${stderr.trim()}`))
    })
    child.stdin.on('error', () => {}) // git may end before it has read all; its exit code tells
    child.stdin.end(input ?? '')
  })
}

/** This process' environment without git's own variables (hooks set GIT_DIR) and without the developer's settings. */
export function isolatedGitEnv(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_') && name !== 'SSH_AUTH_SOCK')
  return {
    ...Object.fromEntries(own),
    LC_ALL: 'C',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_AUTHOR_NAME: 'Test',
    GIT_AUTHOR_EMAIL: 'test@example.com',
    GIT_COMMITTER_NAME: 'Test',
    GIT_COMMITTER_EMAIL: 'test@example.com',
  }
}

/** As text of `git fast-import`: one process however many files, no work tree, no clock. */
function firstCommit(branch: string, files: Readonly<Record<string, string>>): string {
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`
  return [
    `commit refs/heads/${branch}\n`,
    'committer Test <test@example.com> 1700000000 +0000\n',
    data('First commit'),
    ...Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`),
  ].join('')
}
