// The packages of a monorepo: what a front end imports from them is read like its own files.
import { posix } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { isPlainObject } from '../../../rules/parse.ts'
import type { FrontEnd } from '../front-end.ts'
import { parseJson } from './jsonc.ts'

export interface WorkspacePackage {
  readonly name: string
  readonly folder: string
  readonly manifest: Readonly<Record<string, unknown>>
}

/** Those of the workspace that the root is part of: longest names first. [] where it is part of none. */
export async function findWorkspacePackages(frontEnd: FrontEnd, root: string): Promise<readonly WorkspacePackage[]> {
  for (let folder = root; ; folder = posix.dirname(folder)) {
    const top = folder === '.' ? '' : folder
    const patterns = await patternsOf(frontEnd, top)
    if (patterns.length > 0) {
      const folders = (await Promise.all(patterns.map(pattern => foldersOf(frontEnd, top, pattern)))).flat()
      await frontEnd.prefetch(folders.map(each => posix.join(each, 'package.json')))
      const packages = await Promise.all(folders.map(each => readPackage(frontEnd, each)))
      return packages.flatMap(each => each ?? []).sort((a, b) => b.name.length - a.name.length)
    }
    if (top === '') return []
  }
}

async function patternsOf(frontEnd: FrontEnd, folder: string): Promise<string[]> {
  const manifest = parseJson((await frontEnd.read(posix.join(folder, 'package.json'))) ?? '')
  const workspaces = isPlainObject(manifest) ? manifest.workspaces : undefined
  const listed = isPlainObject(workspaces) ? workspaces.packages : workspaces
  if (Array.isArray(listed)) return texts(listed)
  const yaml = await frontEnd.read(posix.join(folder, 'pnpm-workspace.yaml'))
  const data = yaml === undefined ? undefined : readYaml(yaml)
  return isPlainObject(data) && Array.isArray(data.packages) ? texts(data.packages) : []
}

const texts = (values: readonly unknown[]): string[] =>
  values.filter((value): value is string => typeof value === 'string' && !value.startsWith('!'))

function readYaml(text: string): unknown {
  try {
    return parseYaml(text)
  } catch {
    return undefined
  }
}

/** `packages/*` → its folders; `**` goes one level, as deep as packages of shops lie. */
async function foldersOf(frontEnd: FrontEnd, top: string, pattern: string): Promise<string[]> {
  let folders = [top]
  for (const part of pattern.replace(/^\.\//, '').split('/')) {
    if (part === '' || part === '.') continue
    if (!part.includes('*')) {
      folders = folders.map(folder => posix.join(folder, part))
      continue
    }
    const wanted = new RegExp(`^${part.split('*').map(escaped).join('.*')}$`)
    const listed = await Promise.all(
      folders.map(async folder =>
        (await frontEnd.list(folder))
          .filter(({ name, isFolder }) => isFolder && name !== 'node_modules' && wanted.test(name))
          .map(({ name }) => posix.join(folder, name)),
      ),
    )
    folders = listed.flat()
  }
  return folders
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

async function readPackage(frontEnd: FrontEnd, folder: string): Promise<WorkspacePackage | undefined> {
  const manifest = parseJson((await frontEnd.read(posix.join(folder, 'package.json'))) ?? '')
  return isPlainObject(manifest) && typeof manifest.name === 'string'
    ? { name: manifest.name, folder, manifest }
    : undefined
}
