// Settings of a framework: react-router.config.ts, and what makes routes besides those of the names of files.
import { posix } from 'node:path'
import type { Unresolved } from '../../../routes/route.ts'
import type { Evaluator } from '../evaluate/evaluator.ts'
import { parseJson } from '../evaluate/jsonc.ts'
import { getMember } from '../evaluate/members.ts'
import type { ModuleGraph } from '../evaluate/module-graph.ts'
import type { FrontEnd } from '../front-end.ts'

const EXTENSIONS = ['ts', 'mts', 'js', 'mjs', 'cjs']

/** `routes(defineRoutes) { … }` of Remix, and the convention of its first version. */
export async function otherRoutes(frontEnd: FrontEnd, folder: string): Promise<readonly Unresolved[]> {
  const found: Unresolved[] = []
  for (const [name, pattern] of SETTINGS) {
    for (const extension of EXTENSIONS) {
      const file = posix.join(folder, `${name}.${extension}`)
      const text = (await frontEnd.read(file)) ?? ''
      const at = pattern.exec(text)
      if (!at) continue
      const line = text.slice(0, at.index + at[0].search(/routes[^\n]*$/)).split('\n').length
      found.push({ file, line, source: 'routes', reason: 'it makes routes besides those of the names of files' })
    }
  }
  const version = await versionOf(frontEnd, folder)
  if (version !== undefined && /^\D*1\./.test(version))
    found.push({
      file: posix.join(folder, 'package.json'),
      source: `@remix-run/dev ${version}`,
      reason: 'files are named otherwise in Remix 1, and are read as those of Remix 2',
    })
  return found
}

const SETTINGS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['remix.config', /(?:^|[{,;])\s*(?:async\s+)?routes\s*[(:]/m],
  ['vite.config', /\b(?:remix|vitePlugin)\s*\(\s*\{[\s\S]*?(?:[{,])\s*(?:async\s+)?routes\s*[(:]/],
]

async function versionOf(frontEnd: FrontEnd, folder: string): Promise<string | undefined> {
  const manifest = parseJson((await frontEnd.read(posix.join(folder, 'package.json'))) ?? '')
  const { dependencies, devDependencies } = (manifest ?? {}) as Record<string, Record<string, string> | undefined>
  return devDependencies?.['@remix-run/dev'] ?? dependencies?.['@remix-run/dev']
}

/** A setting of react-router.config.ts, or of Remix's vite plugin; undefined where it is not set, or cannot be told. */
export function frameworkSetting(
  evaluator: Evaluator,
  graph: ModuleGraph,
  file: string,
  name: string,
): string | undefined {
  const module = graph.get(file)
  const config = module && evaluator.exported(module, 'default')
  if (!module || !config) return undefined
  const value = getMember(evaluator, config, name, { node: module.program, scope: evaluator.scopeOf(module) })
  return value.is === 'known' && typeof value.value === 'string' ? value.value : undefined
}
