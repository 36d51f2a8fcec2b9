// The files of one commit of a remote: their names all at once, of their bytes only those that are asked for.
import { join } from 'node:path'
import { errors } from '../errors.ts'
import { createByteReader } from './byte-reader.ts'
import { fetchFiles, fetchHistory, fetchInto, listMissing, listNames, type Wanted } from './git-fetch.ts'
import { readLastChanges } from './git-last-changes.ts'
import { type GitAccess, type GitSession, openGit, runLocalGit } from './git-session.ts'
import { makeTurns } from './turns.ts'

export interface GitFile {
  /** From the top of the repository on. */
  readonly path: string
  /** 100644 and 100755 are plain files, 120000 a link, 160000 a submodule. */
  readonly mode: string
  readonly oid: string
}

export interface GitFiles {
  readonly commit: string
  readonly files: readonly GitFile[]
  /**
   * The bytes of files by their ids, or the size alone of one that has more than `most`. All that is asked for while a
   * fetch is under way comes with the next one. Those are left out that are no files.
   */
  read(oids: readonly string[], most: number): Promise<ReadonlyMap<string, Buffer | number>>
  /** When files last changed, by their paths. The first call fetches the history, without its files. */
  lastChanges(paths: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, Date>>
  close(): Promise<void>
}

/**
 * Opens what a name of the remote stands for, without a work tree: a branch, a tag, the full id of a commit, or HEAD.
 * Where the remote has no such thing, resolves with the names that it has.
 */
export async function openGitFiles(access: GitAccess, name: string): Promise<Opened> {
  const session = await openGit(access)
  try {
    const dir = join(session.folder, 'commit.git')
    for (const wanted of candidatesFor(name)) {
      const found = await fetchInto(session, dir, { wanted, withoutFiles: true })
      if (found === 'refused') return await openAmongAll(session, dir, name)
      if (found) return await readCommit(session, dir, { ...found, wanted })
    }
    return await openNone(session)
  } catch (cause) {
    await session.close()
    throw cause
  }
}

type Opened = GitFiles | { readonly names: readonly string[] }

function candidatesFor(name: string): Wanted[] {
  if (name === 'HEAD' || name.startsWith('refs/')) return [{ ref: name }]
  const named = [{ ref: `refs/heads/${name}` }, { ref: `refs/tags/${name}` }]
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(name) ? [{ commit: name }, ...named] : named
}

/** A server that gives out no commit by its id (protocol 0) gives all branches and tags with their histories. */
async function openAmongAll(session: GitSession, dir: string, name: string): Promise<Opened> {
  const wanted = { allFor: name }
  const found = await fetchInto(session, dir, { wanted, withoutFiles: true })
  return typeof found === 'object' ? readCommit(session, dir, { ...found, wanted }) : openNone(session)
}

async function openNone(session: GitSession): Promise<Opened> {
  const names = await listNames(session)
  await session.close()
  return { names }
}

async function readCommit(
  session: GitSession,
  dir: string,
  { wanted, commit }: { readonly wanted: Wanted; readonly commit: string },
): Promise<GitFiles> {
  const files = await listFiles(session, dir, commit)
  const missing = await listMissing(session, dir, commit)
  const inTurn = makeTurns()
  const fullDir = join(session.folder, 'full.git')
  let from = dir

  /** Where a server gives out no single objects, it gives the whole commit, once more. */
  const fetchAll = async (): Promise<void> => {
    const now = await fetchInto(session, fullDir, { wanted, withoutFiles: false })
    if (typeof now !== 'object' || now.commit !== commit) throw errors.targetMoved(session.remote.label)
    from = fullDir
  }
  const load = async (oids: readonly string[], most: number): Promise<Map<string, Buffer | number>> => {
    const lacking = from === dir ? oids.filter(oid => missing.has(oid)) : []
    if (lacking.length > 0) {
      if (await fetchFiles(session, dir, lacking)) for (const oid of lacking) missing.delete(oid)
      else await fetchAll()
    }
    return readObjects(session, from, { oids, most })
  }

  let next: { readonly oids: Set<string>; readonly done: Promise<Map<string, Buffer | number>> } | undefined
  return {
    commit,
    files,
    async read(oids, most) {
      if (next === undefined) {
        const asked = new Set<string>()
        const done = inTurn(() => {
          next = undefined
          return load([...asked], most)
        })
        next = { oids: asked, done }
      }
      for (const oid of oids) next.oids.add(oid)
      return next.done
    },
    lastChanges: (paths, signal) =>
      inTurn(async () => {
        const signals = [session.signal, signal].filter(each => each !== undefined)
        const within = { ...session, signal: signals.length > 1 ? AbortSignal.any(signals) : signals[0] }
        await fetchHistory(within, dir, wanted)
        const dates = await readLastChanges(within, dir, { commit, paths })
        if ('problem' in dates) throw errors.gitFailed(session.remote.label, 'read the history', dates.problem)
        return dates
      }),
    close: session.close,
  }
}

/** `git ls-tree -r -z`: names in no known encoding are left out, since nobody could ask for them. */
async function listFiles(session: GitSession, dir: string, commit: string): Promise<GitFile[]> {
  const args = ['--git-dir', dir, 'ls-tree', '-r', '-z', '--full-tree', commit]
  const records = (await runLocalGit(session, 'list the files', args)).toString('utf8').split('\0')
  return records.flatMap(record => {
    const [, mode, oid, path] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)$/s.exec(record) ?? []
    return mode && oid && path && !path.includes('\ufffd') ? [{ mode, oid, path }] : []
  })
}

/** `git cat-file --batch`: all of them in one process. */
async function readObjects(
  session: GitSession,
  dir: string,
  { oids, most }: { readonly oids: readonly string[]; readonly most: number },
): Promise<Map<string, Buffer | number>> {
  const found = new Map<string, Buffer | number>()
  if (oids.length === 0) return found
  await runLocalGit(session, 'read the files', ['--git-dir', dir, 'cat-file', '--batch'], {
    input: oids.map(oid => `${oid}\n`).join(''),
    onStdout: async output => {
      const bytes = createByteReader(output)
      for (const oid of oids) {
        const [, type, size] = /^\S+ (\w+) (\d+)$/.exec(await bytes.line()) ?? []
        if (size === undefined) throw errors.gitFailed(session.remote.label, 'read a file', `${oid} is not there`)
        const chunks: Buffer[] = []
        for await (const chunk of bytes.take(Number(size))) if (Number(size) <= most) chunks.push(chunk)
        await bytes.line()
        if (type === 'blob') found.set(oid, Number(size) > most ? Number(size) : Buffer.concat(chunks))
      }
    },
  })
  return found
}
