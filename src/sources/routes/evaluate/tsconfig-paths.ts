// Short names of folders that a front end's tsconfig or jsconfig gives: `@/paths` for `src/paths`.
import { posix } from 'node:path'
import { createPathsMatcher } from 'get-tsconfig'
import { isPlainObject } from '../../../rules/parse.ts'
import type { FrontEnd } from '../front-end.ts'
import { parseJsonc } from './jsonc.ts'

export interface Alias {
  readonly find: string | RegExp
  readonly replacement: string
}

export interface Candidate {
  readonly path: string
  /** Whether it is only tried: that there is no such file does not mean that one is missing. */
  readonly isGuess: boolean
}

/** tsconfig.app.json is where Vite's templates have them, tsconfig.base.json where Nx has. */
const NAMES = ['tsconfig.json', 'jsconfig.json', 'tsconfig.app.json', 'tsconfig.base.json']
const MOST_EXTENDED = 10

/** Of the root's files, then of those above it, up to the top. */
export async function pathMatchers(
  frontEnd: FrontEnd,
  root: string,
): Promise<((specifier: string) => readonly Candidate[])[]> {
  const folders: string[] = []
  for (let folder = root; ; folder = posix.dirname(folder)) {
    folders.push(folder === '.' ? '' : folder)
    if (folder === '' || folder === '.') break
  }
  const matchers: ((specifier: string) => readonly Candidate[])[] = []
  for (const folder of folders) {
    for (const name of NAMES) {
      const matcher = await matcherOf(frontEnd, posix.join(folder, name))
      if (matcher) matchers.push(matcher)
    }
  }
  return matchers
}

async function matcherOf(frontEnd: FrontEnd, file: string) {
  const found = await findPaths(frontEnd, file, MOST_EXTENDED)
  if (!found) return undefined
  // The library works with absolute paths: those of a folder that only exists here.
  const { compilerOptions } = found
  const match = createPathsMatcher({ path: `/${found.file}`, config: { compilerOptions } })
  if (!match) return undefined
  const patterns = Object.keys(compilerOptions.paths ?? {})
  return (specifier: string): readonly Candidate[] => {
    const isNamed = patterns.some(pattern => pattern !== '*' && matches(pattern, specifier))
    return match(specifier).map(path => ({ path: posix.relative('/', path), isGuess: !isNamed }))
  }
}

interface PathOptions {
  baseUrl?: string
  paths?: Record<string, string[]>
}

/** Those of the file itself, or else of what it extends: they count from the file that has them. */
async function findPaths(
  frontEnd: FrontEnd,
  file: string,
  depth: number,
): Promise<{ file: string; compilerOptions: PathOptions } | undefined> {
  const text = await frontEnd.read(file)
  const data = text === undefined ? undefined : await parseJsonc(text)
  if (!isPlainObject(data)) return undefined
  const options = isPlainObject(data.compilerOptions) ? data.compilerOptions : {}
  const own: PathOptions = {
    ...(typeof options.baseUrl === 'string' && { baseUrl: options.baseUrl }),
    ...(isPlainObject(options.paths) && { paths: toPaths(options.paths) }),
  }
  if (own.paths || own.baseUrl !== undefined) return { file, compilerOptions: own }
  if (depth === 0) return undefined
  const bases = [data.extends].flat().filter((base): base is string => typeof base === 'string')
  for (const base of bases.reverse()) {
    // Those of packages are not here, and have no paths of this front end.
    if (!base.startsWith('.')) continue
    const path = posix.join(posix.dirname(file), base)
    if (path.startsWith('..')) continue
    const found = (await findPaths(frontEnd, path, depth - 1)) ?? (await findPaths(frontEnd, `${path}.json`, depth - 1))
    if (found) return found
  }
  return undefined
}

const toPaths = (paths: Record<string, unknown>): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(paths).map(([pattern, targets]) => [
      pattern,
      [targets].flat().filter((target): target is string => typeof target === 'string'),
    ]),
  )

function matches(pattern: string, specifier: string): boolean {
  const [before = '', after] = pattern.split('*')
  return after === undefined ? specifier === pattern : specifier.startsWith(before) && specifier.endsWith(after)
}
