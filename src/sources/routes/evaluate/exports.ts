// What a module exports by a name: its own, what it passes on, and module.exports of older ones.
import type { Evaluator } from './evaluator.ts'
import { getMember } from './members.ts'
import type { SourceModule } from './module.ts'
import { importOf, nameOf } from './module-scope.ts'
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
  const scope = evaluator.scopeOf(module)
  const cycle = (): Value => ({
    is: 'unknown',
    reason: `${name} is made of itself`,
    source: name,
    place: { file: module.file },
  })
  for (const statement of module.program.body) {
    if (statement.type === 'ExportDefaultDeclaration' && name === 'default') {
      const { declaration } = statement
      const declared =
        'id' in declaration && declaration.id && 'name' in declaration.id ? declaration.id.name : undefined
      const bound = declared === undefined ? undefined : scope.lookUp(declared, cycle)
      return bound ?? evaluator.evaluate(declaration, scope)
    }
    if (statement.type === 'TSExportAssignment' && name === 'default')
      return evaluator.evaluate(statement.expression, scope)
    if (statement.type !== 'ExportNamedDeclaration') continue
    if (statement.declaration && declares(statement.declaration, name)) return scope.lookUp(name, cycle)
    for (const { local, exported } of statement.specifiers) {
      if (nameOf(exported) !== name) continue
      if (statement.source)
        return importOf(evaluator, module, { from: statement.source.value, imported: nameOf(local) })
      return scope.lookUp(nameOf(local), cycle)
    }
  }
  return undefined
}

function declares(declaration: { type: string }, name: string): boolean {
  if (declaration.type === 'VariableDeclaration') {
    const { declarations } = declaration as { declarations?: { id: unknown }[] } & { type: string }
    return (declarations ?? []).some(({ id }) => bindsName(id, name))
  }
  const { id } = declaration as { id?: { name?: string } } & { type: string }
  return id?.name === name
}

function bindsName(pattern: unknown, name: string): boolean {
  if (pattern === null || typeof pattern !== 'object') return false
  const node = pattern as Record<string, unknown>
  switch (node.type) {
    case 'Identifier':
      return node.name === name
    case 'ObjectPattern':
      return (node.properties as unknown[]).some(property => bindsName(property, name))
    case 'Property':
      return bindsName(node.value, name)
    case 'RestElement':
      return bindsName(node.argument, name)
    case 'AssignmentPattern':
      return bindsName(node.left, name)
    case 'ArrayPattern':
      return (node.elements as unknown[]).some(element => bindsName(element, name))
    default:
      return false
  }
}

/** `export * from './paths'`, one of which may have it. */
function passedOn(evaluator: Evaluator, module: SourceModule, name: string): Value | undefined {
  let outside: Value | undefined
  for (const statement of module.program.body) {
    if (statement.type !== 'ExportAllDeclaration') continue
    const from = statement.source.value
    if (statement.exported) {
      if (nameOf(statement.exported) === name) return importOf(evaluator, module, { from, imported: undefined })
      continue
    }
    if (name === 'default') continue
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
  if (!module.text.includes('exports')) return undefined
  const scope = evaluator.scopeOf(module)
  for (const statement of [...module.program.body].reverse()) {
    if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'AssignmentExpression') continue
    const { left, right } = statement.expression
    const target = module.text.slice(left.start, left.end).replace(/\s/g, '')
    if (target === 'module.exports' || target === 'exports=module.exports') {
      const whole = evaluator.evaluate(right, scope)
      if (name === 'default') return whole
      const member = getMember(evaluator, whole, name, { node: right, scope })
      return firstUnknown(member) === member ? undefined : member
    }
    const [, exported] = /^(?:module\.)?exports\.([\w$]+)$/.exec(target) ?? []
    if (exported === name) return evaluator.evaluate(right, scope)
  }
  return undefined
}
