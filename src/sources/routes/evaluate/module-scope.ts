// What names mean at the top of a module: its declarations and its imports.

import { declare } from './declarations.ts'
import type { Evaluator } from './evaluator.ts'
import type { SourceModule } from './module.ts'
import { Scope } from './scope.ts'
import type { Value } from './value.ts'

const scopes = new WeakMap<Evaluator, Map<SourceModule, Scope>>()

export function moduleScope(evaluator: Evaluator, module: SourceModule): Scope {
  const known = scopes.get(evaluator) ?? new Map<SourceModule, Scope>()
  scopes.set(evaluator, known)
  const made = known.get(module)
  if (made) return made
  const scope = new Scope(module)
  known.set(module, scope)
  for (const { local, from, imported } of module.imports)
    scope.bind(local, () => importOf(evaluator, module, { from, imported }))
  declare(evaluator, module.program.body, scope)
  return scope
}

/** `imported` undefined: all that it exports. */
export function importOf(
  evaluator: Evaluator,
  module: SourceModule,
  { from, imported }: { readonly from: string; readonly imported: string | undefined },
): Value {
  const resolution = evaluator.graph.resolution(module, from)
  if ('external' in resolution) return { is: 'external', module: from, path: imported === undefined ? [] : [imported] }
  const target = 'file' in resolution ? evaluator.graph.get(resolution.file) : undefined
  const unread = (reason: string): Value => ({
    is: 'unknown',
    reason,
    isMissing: true,
    source: imported ?? from,
    place: { file: module.file, line: lineOfImport(module, from) },
  })
  if ('missing' in resolution) return unread(`there is no file for ${from}, which ${module.file} imports`)
  if (!target) return unread(`${resolution.file} is no source that could be read`)
  if (imported === undefined) return { is: 'namespace', module: target }
  return evaluator.exported(target, imported) ?? unread(`${target.file} exports nothing named ${imported}`)
}

/** What `require()` gives: a module of the older kind is what it assigns. */
export function requiredModule(evaluator: Evaluator, module: SourceModule, from: string): Value {
  const whole = importOf(evaluator, module, { from, imported: undefined })
  if (whole.is !== 'namespace') return whole
  const isAssigned = /\bmodule\.exports\s*=|^export\s*=/m.test(whole.module.text)
  return isAssigned ? (evaluator.exported(whole.module, 'default') ?? whole) : whole
}

function lineOfImport(module: SourceModule, from: string): number | undefined {
  const at = module.text.indexOf(from)
  return at === -1 ? undefined : module.placeOf({ start: at }).line
}

export const nameOf = (node: { type: string; name?: string; value?: unknown }): string =>
  node.type === 'Identifier' ? (node.name as string) : String(node.value)
