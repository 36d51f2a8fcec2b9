// A repository with a work tree, as a front end's developers have it: commits of given files at given times.
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { runGit } from './git-remotes.ts'

/** Null removes; a link has its target as it is written into it. */
export type SourceContent = string | Uint8Array | { readonly link: string } | null

export interface SourceCommit {
  /** An instant, as git takes it. @defaultValue 2024-01-01T00:00:00Z */
  readonly at?: string
  readonly files: Readonly<Record<string, SourceContent>>
}

/** Makes the repository at `dir`, on branch main, and resolves with the ids of its commits. */
export async function makeSourceRepository(dir: string, ...commits: readonly SourceCommit[]): Promise<string[]> {
  await runGit(['init', '--quiet', '--initial-branch=main', '--template=', '--', dir])
  const oids: string[] = []
  for (const commit of commits) oids.push(await commitSource(dir, commit))
  return oids
}

export async function commitSource(dir: string, { at = '2024-01-01T00:00:00Z', files }: SourceCommit): Promise<string> {
  await writeSource(dir, files)
  await runGit(['add', '--all'], { cwd: dir })
  const env = { GIT_AUTHOR_DATE: '2001-01-01T00:00:00Z', GIT_COMMITTER_DATE: at }
  await runGit(['commit', '--quiet', '--allow-empty', '--message=Change'], { cwd: dir, env })
  return (await runGit(['rev-parse', 'HEAD'], { cwd: dir })).trim()
}

export async function writeSource(dir: string, files: SourceCommit['files']): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(dir, name)
    await rm(path, { recursive: true, force: true })
    if (content === null) continue
    await mkdir(dirname(path), { recursive: true })
    if (typeof content === 'string' || content instanceof Uint8Array) await writeFile(path, content)
    else await symlink(content.link, path)
  }
}
