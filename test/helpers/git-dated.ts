// Commits with dates of their own on a branch of a bare repository: history that is as old as a test needs it.
import { runGit } from './git-remotes.ts'

export interface DatedCommit {
  readonly date: Date
  readonly message: string
  /** Text by path; null removes. */
  readonly files: Readonly<Record<string, string | null>>
  /** @defaultValue 'Other <other@example.com>' */
  readonly author?: string
}

export const daysBefore = (now: Date, days: number): Date => new Date(now.getTime() - days * 86_400_000)

/** Adds commits on top of the branch, the oldest first, and resolves with their ids. */
export async function addDatedCommits(
  dir: string,
  commits: readonly DatedCommit[],
  branch = 'master',
): Promise<string[]> {
  const ids: string[] = []
  for (const { date, message, files, author = 'Other <other@example.com>' } of commits) {
    const parent = await headOf(dir, branch)
    // A committer in another zone, so that a date that is only nearly kept shows.
    const seconds = Math.floor(date.getTime() / 1_000)
    const lines = [
      `commit refs/heads/${branch}\n`,
      `author ${author} ${seconds - 60} +0530\n`,
      `committer Forge <forge@example.com> ${seconds} -0800\n`,
      `data ${Buffer.byteLength(message)}\n${message}\n`,
      parent === undefined ? '' : `from ${parent}\n`,
      ...Object.entries(files).map(([path, content]) =>
        content === null ? `D ${path}\n` : `M 100644 inline ${path}\ndata ${Buffer.byteLength(content)}\n${content}\n`,
      ),
    ]
    await runGit(['fast-import', '--quiet'], { cwd: dir, input: lines.join('') })
    ids.push((await headOf(dir, branch)) as string)
  }
  return ids
}

export interface LoggedCommit {
  readonly id: string
  readonly tree: string
  readonly parents: string
  /** Everything else that a reader of the history sees: who, when and why. */
  readonly about: string
}

/** The branch's commits, the newest first. */
export async function readLog(dir: string, branch = 'master'): Promise<LoggedCommit[]> {
  const format = '--format=%H%x00%T%x00%P%x00%an <%ae> %ad|%cn <%ce> %cd|%B%x01'
  const log = await runGit(['log', format, '--date=raw', branch], { cwd: dir })
  return log.split('\u0001\n').flatMap(record => {
    const [id = '', tree = '', parents = '', about = ''] = record.trimStart().split('\0')
    return id === '' ? [] : [{ id, tree, parents, about }]
  })
}

const headOf = (dir: string, branch: string): Promise<string | undefined> =>
  runGit(['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`], { cwd: dir }).then(
    out => out.trim(),
    () => undefined,
  )
