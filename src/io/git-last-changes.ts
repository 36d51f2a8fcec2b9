// When files last changed: one walk through the history, ended as soon as all of them have been met.
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type GitSession, runGit } from './git-session.ts'

export interface LastChangesOptions {
  readonly commit: string
  /** From the top of the repository on. */
  readonly paths: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

/** Above it, one path after the other would be compared with every file of every commit. */
const FEW = 300

/**
 * `git log --name-only`: the date of the last commit that changed each of the files. Those are left out that no commit
 * changed, or only the last one of a shortened history, which stands for all before it. The repository may be any that
 * git can read; its own configuration is not read where `dir` is one of ours. Undefined where it cannot be read.
 */
export async function readLastChanges(
  session: GitSession,
  dir: string,
  { commit, paths, env }: LastChangesOptions,
): Promise<ReadonlyMap<string, Date> | { readonly problem: string }> {
  const found = new Map<string, Date>()
  // A line break would end a path where it is handed over.
  const open = new Set(paths.filter(path => !path.includes('\n')))
  if (open.size === 0) return found
  const border = await readBorder(dir)
  // No name of a file can be taken for the beginning of a commit, as nobody can know this.
  const mark = randomBytes(16).toString('hex')
  const shape = ['log', '--stdin', '-z', '--root', '-c', '--name-only', '--no-renames', `--format=format:${mark}%H %ct`]
  const plain = ['--no-show-signature', '--no-ext-diff', '--no-color', '--no-notes', '--no-follow']
  const input = [commit, '--', ...pathspecsOf([...open])].map(line => `${line}\n`).join('')
  const result = await runGit(session, ['--literal-pathspecs', '--git-dir', dir, ...shape, ...plain], {
    input,
    ...(env && { env }),
    onStdout: async output => {
      let date: Date | undefined
      for await (const field of splitAtZero(output)) {
        const isCommit = field.startsWith(mark)
        const lineEnd = isCommit ? field.indexOf('\n') : -1
        if (isCommit) {
          const [oid = '', seconds] = field.slice(mark.length, lineEnd < 0 ? undefined : lineEnd).split(' ')
          date = border.has(oid) ? undefined : dateOf(Number(seconds))
        }
        const path = isCommit ? (lineEnd < 0 ? '' : field.slice(lineEnd + 1)) : field
        if (!open.delete(path)) continue
        if (date) found.set(path, date)
        if (open.size === 0) return
      }
    },
  })
  // Ended by us, it has its reason to complain.
  if (open.size === 0 || result.code === 0) return found
  return { problem: result.stderr.trim().split('\n').at(-1) || `git log ended with ${result.code}` }
}

function pathspecsOf(paths: readonly string[]): readonly string[] {
  if (paths.length <= FEW) return paths
  let common = (paths[0] ?? '').split('/').slice(0, -1)
  for (const path of paths) {
    const parts = path.split('/')
    const until = common.findIndex((part, index) => parts[index] !== part || index === parts.length - 1)
    if (until >= 0) common = common.slice(0, until)
  }
  return common.length === 0 ? [] : [common.join('/')]
}

/** The commits before which the history is cut off. */
async function readBorder(dir: string): Promise<Set<string>> {
  const text = await readFile(join(dir, 'shallow'), 'latin1').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return ''
    throw cause
  })
  return new Set(text.split('\n'))
}

function dateOf(seconds: number): Date | undefined {
  const date = new Date(seconds * 1_000)
  return Number.isNaN(date.getTime()) ? undefined : date
}

async function* splitAtZero(output: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of output) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let start = 0
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0, start)) {
      yield rest.toString('utf8', start, end)
      start = end + 1
    }
    rest = rest.subarray(start)
  }
  yield rest.toString('utf8')
}
