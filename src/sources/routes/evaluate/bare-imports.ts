// `import 'containers/App'`, as NODE_PATH=src or a bundler's list of folders lets it be written without any alias.
import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { isPlainObject } from '../../../rules/parse.ts'
import type { FrontEnd } from '../front-end.ts'
import { parseJson } from './jsonc.ts'
import type { Candidate } from './tsconfig-paths.ts'

const FOLDERS = ['src', 'app', 'client']

/** What begins as a file or folder there, and as no package that the front end depends on. */
export async function bareImports(
  frontEnd: FrontEnd,
  root: string,
): Promise<(specifier: string) => readonly Candidate[]> {
  const packages = await packagesOf(frontEnd, root)
  const firsts = new Map<string, string[]>()
  for (const folder of FOLDERS) {
    for (const { name } of await frontEnd.list(posix.join(root, folder))) {
      const first = name.replace(/\.\w+$/, '')
      if (packages.has(first) || isBuiltin(first) || /^react(-|$)/.test(first)) continue
      firsts.set(first, [...(firsts.get(first) ?? []), folder])
    }
  }
  return specifier => {
    const [first = ''] = specifier.split('/')
    return (firsts.get(first) ?? []).map(folder => ({ path: posix.join(root, folder, specifier), isGuess: true }))
  }
}

async function packagesOf(frontEnd: FrontEnd, root: string): Promise<ReadonlySet<string>> {
  const manifest = parseJson((await frontEnd.read(posix.join(root, 'package.json'))) ?? '')
  const lists = isPlainObject(manifest)
    ? [manifest.dependencies, manifest.devDependencies, manifest.peerDependencies]
    : []
  return new Set(lists.flatMap(list => (isPlainObject(list) ? Object.keys(list) : [])))
}
