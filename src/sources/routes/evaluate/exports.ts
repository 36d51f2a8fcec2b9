// What a module exports by a name: its own, what it passes on, and module.exports of older ones.
import type { Node } from 'oxc-parser'
import type { Evaluator } from './evaluator.ts'
import { getMember } from './members.ts'
import type { SourceModule } from './module.ts'
import { importOf } from './module-scope.ts'
import { firstUnknown, type Value } from './value.ts'

const underWay = new WeakMap<SourceModule, Set<string>>()

export function exportsOf(evaluator: Evaluator, module: SourceModule, name: string): Value | undefined {
  // Two barrels may pass on each other.
  const asked = underWay.get(module) ?? new Set<string>()
  underWay.set(module, asked)
  if (asked.has(name)) return undefined
  asked.add(name)
  try {
    return own(evaluator, module, name) ?? passedOn(evaluator, module, name) ?? common(evaluator, module, name)
  } finally {
    asked.delete(name)
  }
}

function own(evaluator: Evaluator, module: SourceModule, name: string): Value | undefined {
  const found = module.exports.find(each => each.name === name)
  if (!found) return undefined
  const { from, inner } = found
  if (from !== undefined) return importOf(evaluator, module, { from, imported: inner })
  const scope = evaluator.scopeOf(module)
  const cycle = (): Value => ({
    is: 'unknown',
    reason: `${name} is made of itself`,
    source: name,
    place: { file: module.file },
  })
  const bound = inner === undefined ? undefined : scope.lookUp(inner, cycle)
  if (bound) return bound
  for (const statement of module.program.body) {
    if (statement.type === 'ExportDefaultDeclaration') return evaluator.evaluate(statement.declaration, scope)
    if (statement.type === 'TSExportAssignment') return evaluator.evaluate(statement.expression, scope)
  }
  return undefined
}

/** `export * from './paths'`, one of which may have it. */
function passedOn(evaluator: Evaluator, module: SourceModule, name: string): Value | undefined {
  if (name === 'default') return undefined
  let outside: Value | undefined
  for (const { name: exported, from } of module.exports) {
    if (exported !== undefined || from === undefined) continue
    const resolution = evaluator.graph.resolution(module, from)
    if ('external' in resolution) outside ??= { is: 'external', module: from, path: [name] }
    const target = 'file' in resolution ? evaluator.graph.get(resolution.file) : undefined
    const found = target && evaluator.exported(target, name)
    if (found) return found
  }
  return outside
}

/** `module.exports = { … }`, `exports.home = '/'`. */
function common(evaluator: Evaluator, module: SourceModule, name: string): Value | undefined {
  if (!/\bexports?\b/.test(module.text) || module.exports.length > 0) return undefined
  const scope = evaluator.scopeOf(module)
  const member = (whole: Value, node: Node): Value | undefined => {
    if (name === 'default') return whole
    const found = getMember(evaluator, whole, name, { node, scope })
    return firstUnknown(found) === found ? undefined : found
  }
  for (const statement of [...module.program.body].reverse()) {
    // `export = { … }`
    if (statement.type === 'TSExportAssignment')
      return member(evaluator.evaluate(statement.expression, scope), statement.expression)
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') continue
    const { left, right } = statement.expression
    const target = module.text.slice(left.start, left.end).replace(/\s/g, '')
    if (target === 'module.exports' || target === 'exports=module.exports')
      return member(evaluator.evaluate(right, scope), right)
    const [, exported] = /^(?:module\.)?exports\.([\w$]+)$/.exec(target) ?? []
    if (exported === name) return evaluator.evaluate(right, scope)
  }
  return undefined
}
