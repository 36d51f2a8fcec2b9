// A bare repository as a target: what a consumer finds in it, and what others put there.
import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Bundle } from '../../src/bundle/manifest.ts'
import { makeBundle, sitemapindex, urlset } from './bundle.ts'
import { isolatedGitEnv, runGit } from './git-remotes.ts'

export interface Repository {
  readonly dir: string
  /** The commit of a branch, undefined where there is none. */
  head(branch?: string): Promise<string | undefined>
  read(name: string, branch?: string): Promise<Buffer | undefined>
  names(branch?: string): Promise<string[]>
  /** A commit of somebody else's on top of the branch. Modes other than 100644 by `mode`; null removes. */
  commit(
    files: Readonly<Record<string, string | Buffer | null>>,
    options?: { branch?: string; mode?: string },
  ): Promise<string>
  subjects(branch?: string): Promise<string[]>
}

export function openRepository(dir: string): Repository {
  const git = (args: string[], input?: string) => runGit(args, { cwd: dir, ...(input !== undefined && { input }) })
  const head = (branch = 'master') =>
    git(['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`]).then(
      out => out.trim(),
      () => undefined,
    )
  return {
    dir,
    head,
    read: async (name, branch = 'master') => {
      try {
        const args = ['cat-file', 'blob', `refs/heads/${branch}:${name}`]
        return (
          await promisify(execFile)('git', args, {
            cwd: dir,
            encoding: 'buffer',
            env: isolatedGitEnv(),
            maxBuffer: 2 ** 27,
          })
        ).stdout
      } catch {
        return undefined
      }
    },
    names: async (branch = 'master') =>
      (await git(['ls-tree', '-r', '-z', '--name-only', branch])).split('\0').filter(name => name !== ''),
    async commit(files, { branch = 'master', mode = '100644' } = {}) {
      const parent = await head(branch)
      const changes = Object.entries(files).map(([path, content]) =>
        content === null ? `D ${path}\n` : `M ${mode} inline ${path}\ndata ${Buffer.byteLength(content)}\n${content}\n`,
      )
      const data = 'data 6\nOthers\n'
      const from = parent === undefined ? '' : `from ${parent}\n`
      await git(
        ['fast-import', '--quiet'],
        `commit refs/heads/${branch}\ncommitter Other <other@example.com> 1700000001 +0000\n${data}${from}${changes.join('')}`,
      )
      return (await head(branch)) as string
    },
    subjects: async (branch = 'master') =>
      (await git(['log', '--format=%s', branch])).split('\n').filter(line => line !== ''),
  }
}

/** Two bundles of the same site, the second with one changed, one new, and one file less. */
export async function makeTwoBundles(dir: string): Promise<[Bundle, Bundle]> {
  await mkdir(dir, { recursive: true })
  const first = await makeBundle(join(dir, 'first'), {
    'sitemap-products-00.xml': urlset('/products/oak-table', '/products/chair'),
    'sitemap-pages-00.xml': urlset('/about'),
    'sitemap.xml': sitemapindex('sitemap-products-00.xml', 'sitemap-pages-00.xml'),
  })
  const second = await makeBundle(join(dir, 'second'), {
    'sitemap-products-00.xml': urlset('/products/oak-table'),
    'sitemap-products-01.xml': urlset('/products/lamp'),
    'sitemap.xml': sitemapindex('sitemap-products-00.xml', 'sitemap-products-01.xml'),
  })
  return [first, second]
}

/** Where temporary folders of this process' runs are made, while the work goes on. */
export async function withTemp<T>(dir: string, work: () => Promise<T>): Promise<T> {
  const before = process.env.TMPDIR
  await mkdir(dir, { recursive: true })
  process.env.TMPDIR = dir
  try {
    if (tmpdir() !== dir) throw new Error('the temporary folder cannot be chosen here')
    return await work()
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}
