// A front end in a commit of a git repository, elsewhere or on this machine: only what is asked for is fetched.
import { errors, StoremapError } from '../../errors.ts'
import { type GitFiles, openGitFiles } from '../../io/git-files.ts'
import { parseRemote } from '../../io/git-remote.ts'
import { makeFolders } from './commit-folders.ts'
import type { FrontEnd } from './front-end.ts'
import { nearNames } from './near-names.ts'
import type { RouterGitOptions } from './options.ts'
import { makeFinder, type SourceFile } from './source-folder.ts'
import { MOST_BYTES, textOf, tooLarge } from './source-name.ts'

export interface GitFrontEndSettings {
  /** Where relative paths of repositories and keys count from. */
  readonly base: string
  /** For each command that talks to the repository. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal | undefined
}

/**
 * Opens a commit. Its top is the top of the repository, also where `path` names a folder of it, so that packages beside
 * that folder can be read. Fails with ROUTER_UNREACHABLE, with ROUTER_NOT_FOUND where the repository has no such `ref`
 * or `path`, with GIT_MISSING, and with the signal's reason on abort.
 */
export function openGitFrontEnd(options: RouterGitOptions, settings: GitFrontEndSettings): Promise<FrontEnd> {
  return toldAsRouters(async () => {
    const { repo, ref = 'HEAD', path = '', token, sshKey, knownHosts } = options
    const parsed = parseRemote(repo, settings.base)
    if ('problem' in parsed) throw errors.routerUnreachable(`the address of its repository ${parsed.problem}`)
    const { remote } = parsed
    const credentials = { token, sshKey, knownHosts }
    const opened = await openGitFiles({ ...settings, remote, branch: ref, credentials }, ref)
    if ('names' in opened) {
      const what = ref === 'HEAD' ? 'commit yet' : `branch, tag or full id of a commit "${ref}"`
      throw errors.routerNotFound(`${what} in ${remote.label}`, nearNames(ref, opened.names))
    }
    try {
      const name =
        ref === 'HEAD' ? remote.label : `${remote.label} at ${ref === opened.commit ? ref.slice(0, 10) : ref}`
      const frontEnd = frontEndOf(opened, name)
      if ((await frontEnd.isFile(path)) || (await frontEnd.isFolder(path))) return frontEnd
      const near = nearNames(path, namesOf(opened))
      throw errors.routerNotFound(`file or folder "${path}" in ${name}`, near)
    } catch (cause) {
      await opened.close()
      throw cause
    }
  })
}

/** Longer ones are no links that anybody made. */
const MOST_LINK_BYTES = 4096

function frontEndOf(commit: GitFiles, name: string) {
  const links = commit.files.filter(({ mode }) => mode === '120000').map(({ oid }) => oid)
  const kept = new Map<string, Buffer | number>()
  const load = async (oids: readonly string[]): Promise<void> => {
    const lacking = oids.filter(oid => !kept.has(oid))
    if (lacking.length === 0) return
    for (const [oid, bytes] of await commit.read(lacking, MOST_BYTES)) kept.set(oid, bytes)
  }
  const readLink = async ({ id }: SourceFile): Promise<string | undefined> => {
    if (!kept.has(id)) await load(links) // they are small, and the next one is seldom far
    const bytes = kept.get(id)
    const text = bytes instanceof Buffer && bytes.length <= MOST_LINK_BYTES ? textOf(bytes) : '/'
    return text.startsWith('/') ? undefined : text // of some machine, not of the repository
  }
  const { find, findFile, list } = makeFinder(makeFolders(commit.files), { readLink })
  const findFiles = (files: readonly string[]) => Promise.all(files.map(findFile))

  return {
    name,
    revision: commit.commit,
    read: file =>
      toldAsRouters(async () => {
        const found = await findFile(file)
        if (found === undefined) return undefined
        await load([found.id])
        const bytes = kept.get(found.id)
        if (typeof bytes === 'number') throw errors.routerUnreadable(`file ${file}`, tooLarge(bytes))
        return bytes && textOf(bytes)
      }),
    prefetch: files =>
      toldAsRouters(async () => load([...new Set((await findFiles(files)).flatMap(found => found?.id ?? []))])),
    isFile: file => toldAsRouters(async () => (await findFile(file)) !== undefined),
    isFolder: folder => toldAsRouters(async () => (await find(folder))?.kind === 'folder'),
    list: folder => toldAsRouters(() => list(folder)),
    lastChanges: (files, signal) =>
      toldAsRouters(async () => {
        const found = await findFiles(files)
        const dates = await commit.lastChanges([...new Set(found.flatMap(each => each?.path ?? []))], signal)
        return new Map(
          files.flatMap((file, index): [string, Date][] => {
            const date = dates.get(found[index]?.path ?? '')
            return date ? [[file, date]] : []
          }),
        )
      }),
    close: commit.close,
  } satisfies FrontEnd & { isFolder(folder: string): Promise<boolean> }
}

/** Files and the folders they are in. */
function namesOf({ files }: GitFiles): Set<string> {
  const names = new Set(files.map(({ path }) => path))
  for (const { path } of files) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const folder = path.slice(0, end)
      if (names.has(folder)) break
      names.add(folder)
    }
  }
  return names
}

/** What is told of a target's repository holds for this one too, but here it is not the target that fails. */
async function toldAsRouters<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    if (!(cause instanceof StoremapError) || !cause.code.startsWith('TARGET_')) throw cause
    if (cause.code === 'TARGET_MOVED') throw errors.routerUnreachable('its branch moved while it was read')
    throw errors.routerUnreachable(whyOf(cause), cause)
  }
}

function whyOf({ message }: StoremapError): string {
  const why = message
    .replace(' Nothing was changed.', '')
    .replace(' Nothing was changed, and no key', ' No key')
    .replace('of the git target', 'of the router')
  return why.charAt(0).toLowerCase() + why.slice(1)
}
