// The repository that a folder of this machine is in, for its history alone: nothing that it configures takes effect.
import { copyFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { errors, StoremapError } from '../errors.ts'
import { lstatIfThere } from './files.ts'
import { initBare } from './git.ts'
import { readLastChanges } from './git-last-changes.ts'
import { type GitSession, openGit, runGit } from './git-session.ts'

export interface LocalHistoryOptions {
  /** For people. */
  readonly label: string
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * When files last changed by the history of the repository around the folder `top`; both by their real paths. None where
 * there is no repository, no commit or no git. Fails with GIT_FAILED where the history is damaged.
 */
export async function readLocalLastChanges(
  top: string,
  files: readonly string[],
  options: LocalHistoryOptions,
): Promise<ReadonlyMap<string, Date>> {
  const root = await findRoot(top)
  if (root === undefined || files.length === 0) return new Map()
  const session = await openLocal(top, options)
  try {
    return (session && (await readWithin(session, root, files))) ?? new Map()
  } finally {
    await session?.close()
  }
}

/** The commit that the repository around a folder is at; undefined where there is none, or no git. */
export async function readLocalCommit(top: string, options: LocalHistoryOptions): Promise<string | undefined> {
  const root = await findRoot(top)
  if (root === undefined) return undefined
  const session = await openLocal(top, options)
  try {
    return session && (await findCommit(session, root))?.commit
  } finally {
    await session?.close()
  }
}

async function openLocal(
  top: string,
  { label, timeoutMs, signal }: LocalHistoryOptions,
): Promise<GitSession | undefined> {
  const remote = { ...NO_REMOTE, label }
  const access = { remote, branch: 'HEAD', credentials: {}, base: top, timeoutMs, signal }
  return openGit(access).catch(cause => {
    if (cause instanceof StoremapError && cause.code === 'GIT_MISSING') return undefined
    throw cause
  })
}

const NO_REMOTE = {
  url: '',
  transport: 'file',
  host: undefined,
  port: undefined,
  username: undefined,
  password: undefined,
} as const

/** The nearest folder, from this one upwards, that has a repository. */
async function findRoot(folder: string): Promise<string | undefined> {
  for (let at = folder; ; at = dirname(at)) {
    if (await lstatIfThere(join(at, '.git'))) return at
    if (dirname(at) === at) return undefined
  }
}

async function readWithin(
  session: GitSession,
  root: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, Date> | undefined> {
  const found = await findCommit(session, root)
  if (found === undefined) return undefined
  const { common, commit } = found

  // Another repository over the same objects: one whose configuration is ours.
  const dir = join(session.folder, 'history.git')
  const source = resolve(session.folder, common)
  await initBare(session, dir, commit.length === 64 ? { objectFormat: 'sha256' } : {})
  await copyFile(join(source, 'shallow'), join(dir, 'shallow')).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause
  })
  const byPath = new Map(files.map(file => [relative(root, file).replaceAll('\\', '/'), file]))
  const env = { GIT_OBJECT_DIRECTORY: join(source, 'objects') }
  const dates = await readLastChanges(session, dir, { commit, paths: [...byPath.keys()], env })
  if ('problem' in dates) throw errors.gitFailed(session.remote.label, 'read the history', dates.problem)
  return new Map([...dates].map(([path, date]) => [byPath.get(path) as string, date]))
}

async function findCommit(session: GitSession, root: string): Promise<{ common: string; commit: string } | undefined> {
  // Named by its path, a repository may be anybody's; who owns it matters only to a git that has to find it.
  const asked = ['--git-dir', join(root, '.git'), 'rev-parse', '--git-common-dir', '--verify', 'HEAD^{commit}']
  const { code, stdout } = await runGit(session, asked)
  const [common = '', commit = ''] = stdout.toString().trim().split('\n')
  return code === 0 && /^[0-9a-f]{40,}$/.test(commit) ? { common, commit } : undefined
}
