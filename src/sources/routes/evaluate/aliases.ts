// Short names of folders that a bundler's configuration gives: `@` for `src`.
import { posix } from 'node:path'
import { isPlainObject } from '../../../rules/parse.ts'
import type { FrontEnd } from '../front-end.ts'
import { Evaluator } from './evaluator.ts'
import { openModules } from './module-graph.ts'
import { makeResolver } from './resolve.ts'
import { toData } from './to-data.ts'
import type { Alias } from './tsconfig-paths.ts'
import type { Value } from './value.ts'

const BUNDLERS =
  /^(vite|webpack|webpack\.common|rspack|rsbuild|craco|config-overrides|babel|\.babelrc|next)([.-]config)?\.([cm]?[jt]s)$|^\.babelrc$/

/** Of the configuration files beside package.json. What cannot be told gives none. */
export async function readAliases(
  frontEnd: FrontEnd,
  root: string,
  environment: Readonly<Record<string, string>>,
): Promise<readonly Alias[]> {
  const files = (await frontEnd.list(root)).filter(({ name, isFolder }) => !isFolder && BUNDLERS.test(name))
  if (files.length === 0) return []
  const resolve = await makeResolver(frontEnd, { root, aliases: [] })
  const graph = await openModules(frontEnd, { resolve })
  const paths = files.map(({ name }) => posix.join(root, name)).filter(path => !path.endsWith('.babelrc'))
  await graph.load(paths, { depth: 1 })
  const evaluator = new Evaluator(graph, {}, environment)
  const found: Alias[] = []
  for (const path of paths) {
    const module = graph.get(path)
    const exported = module && evaluator.exported(module, 'default')
    if (!exported) continue
    for (const config of configurations(evaluator, exported, 0)) {
      const data = toData(evaluator, config, { untold: () => undefined })
      collect(data, { root, into: found }, 0)
    }
  }
  return found
}

/** `defineConfig({ … })`, `defineConfig(() => ({ … }))`, `merge(common, { … })`. */
function configurations(evaluator: Evaluator, value: Value, depth: number): readonly Value[] {
  if (depth > 6) return []
  switch (value.is) {
    case 'object':
      return [value]
    case 'promise':
    case 'maybe':
      return configurations(evaluator, value.value, depth + 1)
    case 'choice':
      return value.values.flatMap(each => configurations(evaluator, each, depth + 1))
    case 'called':
      return value.args.flatMap(arg => configurations(evaluator, arg, depth + 1))
    case 'function': {
      const { node, scope } = value
      const unknown = evaluator.unknown(node, scope, 'it is given by the bundler')
      return configurations(evaluator, evaluator.call(value, [unknown, unknown], { node, scope }), depth + 1)
    }
    default:
      return []
  }
}

/** Whatever is called `alias`, wherever it is: bundlers and their plugins differ only in that. */
function collect(data: unknown, place: { readonly root: string; readonly into: Alias[] }, depth: number): void {
  if (depth > 8 || data === null || typeof data !== 'object') return
  for (const [key, value] of Object.entries(data)) {
    if (key === 'alias') addAll(value, place)
    else collect(value, place, depth + 1)
  }
}

function addAll(value: unknown, { root, into }: { readonly root: string; readonly into: Alias[] }): void {
  const pairs = Array.isArray(value)
    ? value.map(each =>
        isPlainObject(each) ? ([each.find, each.replacement] as const) : ([undefined, undefined] as const),
      )
    : isPlainObject(value)
      ? Object.entries(value)
      : []
  for (const [find, replacement] of pairs) {
    if (typeof find !== 'string' || typeof replacement !== 'string') continue
    // Absolute ones count from the top of what is read, others from the root; names of packages are none of ours.
    if (replacement.startsWith('/')) into.push({ find, replacement: posix.relative(`/${root}`, replacement) || '.' })
    else if (replacement.startsWith('.')) into.push({ find, replacement })
  }
}
