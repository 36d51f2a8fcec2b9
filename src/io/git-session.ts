// One remote, for the time of one run: its environment, its temporary folder, and how commands of git are run in it.
import { errors, type StoremapError } from '../errors.ts'
import { isDiskFull } from './files.ts'
import { CAREFUL_SSH, type GitCredentials, type GitEnvironment, prepareEnvironment } from './git-environment.ts'
import { explainFailure } from './git-failure.ts'
import type { GitRemote } from './git-remote.ts'
import { type CommandOptions, type CommandResult, runCommand } from './process.ts'
import { makeTempFolder } from './temp.ts'

export interface GitAccess {
  readonly remote: GitRemote
  readonly branch: string
  readonly credentials: GitCredentials
  /** Where relative paths of keys count from. */
  readonly base: string
  /** For each command that talks to the remote. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

export interface GitSession extends GitAccess {
  readonly environment: GitEnvironment
  /** Temporary; goes with the session. */
  readonly folder: string
  close(): Promise<void>
}

export interface GitRunOptions {
  /** Talks to the remote. All other commands are held back from it: a missing object is missing, and not fetched. */
  readonly network?: boolean
  readonly input?: CommandOptions['input']
  readonly stdoutFile?: string
  readonly onStdout?: NonNullable<CommandOptions['onStdout']>
  readonly env?: NodeJS.ProcessEnv
  /** @defaultValue that of the session */
  readonly timeoutMs?: number
}

const OLDEST = [2, 29] as const

/** Opens a session; whoever opens it closes it. Fails with GIT_MISSING, TARGET_KEY_UNREADABLE or DISK_FULL. */
export async function openGit(access: GitAccess): Promise<GitSession> {
  access.signal?.throwIfAborted()
  const { path: folder, remove } = await makeTempFolder('git')
  try {
    const { remote, credentials, base } = access
    const environment = await prepareEnvironment(remote, { credentials, base, folder })
    const session = { ...access, environment, folder, close: remove }
    await assertNewEnough(session)
    if (remote.transport === 'ssh' && environment.usesOwnSsh) await addCarefulSsh(session)
    return session
  } catch (cause) {
    await remove()
    throw cause
  }
}

/**
 * Runs one command of git and resolves whatever its exit code. Fails with GIT_MISSING where there is no git, with
 * TARGET_TIMEOUT where it takes too long, and with the signal's reason on abort.
 */
export async function runGit(
  session: GitSession,
  args: readonly string[],
  { network = false, input, stdoutFile, onStdout, env, timeoutMs = session.timeoutMs }: GitRunOptions = {},
): Promise<CommandResult> {
  const { environment, folder, signal, remote } = session
  const settings = environment.settings.flatMap(setting => ['-c', setting])
  const local = network ? {} : { GIT_ALLOW_PROTOCOL: 'none', GIT_NO_LAZY_FETCH: '1' }
  const result = await runCommand('git', [...settings, ...args], {
    cwd: folder,
    env: { ...environment.env, ...local, ...env },
    ...(input !== undefined && { input }),
    ...(stdoutFile !== undefined && { stdoutFile }),
    ...(onStdout && { onStdout }),
    timeoutMs,
    signal,
  }).catch(cause => {
    const { code, syscall } = (cause ?? {}) as NodeJS.ErrnoException
    if ((code === 'ENOENT' || code === 'EACCES') && syscall?.startsWith('spawn'))
      throw errors.gitMissing('there is no command "git"', cause)
    throw cause
  })
  if (result.timedOut) throw errors.targetTimeout(remote.label, Math.round(timeoutMs / 1000))
  return result
}

/** Like `runGit`, for commands that do not fail unless something is badly wrong: then GIT_FAILED or DISK_FULL. */
export async function runLocalGit(
  session: GitSession,
  what: string,
  args: readonly string[],
  options: GitRunOptions = {},
): Promise<Buffer> {
  const { code, stdout, stderr } = await runGit(session, args, options)
  if (code === 0) return stdout
  if (/No space left on device|Disk quota exceeded/.test(stderr) || (await isDiskFull(session.folder))) {
    throw errors.diskFull(session.folder)
  }
  throw errors.gitFailed(session.remote.label, what, stderr.trim().split('\n').at(-1) || `exit code ${code}`)
}

/** The error for a command that talked to the remote and failed. */
export function failureOf(session: GitSession, operation: 'read' | 'push', result: CommandResult): StoremapError {
  const { remote, branch, folder } = session
  const report = operation === 'push' ? result.stdout.toString() : ''
  return explainFailure({ remote, branch, operation, stderr: result.stderr, report, folder })
}

async function assertNewEnough(session: GitSession): Promise<void> {
  const { stdout } = await runGit(session, ['version'])
  const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout.toString()) ?? []
  const isOld = Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1])
  if (isOld) throw errors.gitMissing(`here is ${major}.${minor}`)
}

/** Only where the user has not said how to connect: then at least nothing asks, and no unknown host is trusted. */
async function addCarefulSsh(session: GitSession): Promise<void> {
  const { env } = session.environment
  if (env.GIT_SSH_COMMAND !== undefined || env.GIT_SSH !== undefined) return
  const { code } = await runGit(session, ['config', '--get', 'core.sshCommand'])
  if (code !== 0) env.GIT_SSH_COMMAND = CAREFUL_SSH
}
