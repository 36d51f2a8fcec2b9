// What happens to names after they are declared: assignments, and calls that change an array in place.
import type { CallExpression, Expression, Node, Program } from 'oxc-parser'
import { childrenOf, isFunctionNode, staticName } from './syntax.ts'

export type Effect = { readonly name: string; readonly chain: readonly Node[]; readonly node: Node } & (
  | { readonly does: 'assign'; readonly operator: string; readonly right: Expression }
  | { readonly does: 'set'; readonly property: string; readonly right: Expression }
  | { readonly does: 'push' | 'unshift'; readonly args: CallExpression['arguments'] }
  | { readonly does: 'alter' }
)

const ALTERING = new Set(['splice', 'pop', 'shift', 'sort', 'reverse', 'fill', 'copyWithin'])
/** Under these something happens once, several times, or not at all. */
const CONTROL = new Set([
  'IfStatement',
  'ConditionalExpression',
  'LogicalExpression',
  'ForOfStatement',
  'ForInStatement',
  'ForStatement',
  'WhileStatement',
  'DoWhileStatement',
  'SwitchStatement',
  'TryStatement',
])

const found = new WeakMap<Program, readonly Effect[]>()
const none: ReadonlyMap<string, readonly Effect[]> = new Map()

/** By name, in the order of the source: what happens in these statements of a module. */
export function effectsIn(program: Program, statements: readonly Node[]): ReadonlyMap<string, readonly Effect[]> {
  const [first] = statements
  const last = statements.at(-1)
  const all = allEffects(program)
  if (!first || !last || all.length === 0) return none
  const within = (node: Node): boolean => node.start >= first.start && node.end <= last.end
  const effects = new Map<string, Effect[]>()
  for (const effect of all) {
    if (!within(effect.node)) continue
    const chain = effect.chain.filter(within)
    if (chain.some(node => isFunctionNode(node) && bindsItself(node, effect.name))) continue
    const before = effects.get(effect.name)
    if (before) before.push({ ...effect, chain })
    else effects.set(effect.name, [{ ...effect, chain }])
  }
  return effects
}

/** One walk for a module, since each of its functions asks. */
function allEffects(program: Program): readonly Effect[] {
  const known = found.get(program)
  if (known) return known
  const effects: Effect[] = []
  const walk = (node: Node, chain: readonly Node[]): void => {
    const effect = effectOf(node, chain)
    if (effect) effects.push(effect)
    const next = CONTROL.has(node.type) || isFunctionNode(node) ? [...chain, node] : chain
    for (const child of childrenOf(node)) walk(child, next)
  }
  for (const statement of program.body) walk(statement, [])
  found.set(program, effects)
  return effects
}

function effectOf(node: Node, chain: readonly Node[]): Effect | undefined {
  if (node.type === 'AssignmentExpression') {
    const { left, right, operator } = node
    if (left.type === 'Identifier') return { name: left.name, does: 'assign', operator, right, chain, node }
    if (left.type !== 'MemberExpression' || left.object.type !== 'Identifier') return undefined
    const property = staticName(left.property, left.computed)
    const { name } = left.object
    return property === undefined || operator !== '='
      ? { name, does: 'alter', chain, node }
      : { name, does: 'set', property, right, chain, node }
  }
  if (node.type === 'UpdateExpression' && node.argument.type === 'Identifier')
    return { name: node.argument.name, does: 'alter', chain, node }
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined
  const { object, property, computed } = node.callee
  const method = staticName(property, computed)
  if (object.type !== 'Identifier' || method === undefined) return undefined
  if (method === 'push' || method === 'unshift')
    return { name: object.name, does: method, args: node.arguments, chain, node }
  return ALTERING.has(method) ? { name: object.name, does: 'alter', chain, node } : undefined
}

/** Whether a function has a parameter or variable of that name: then it is not the outer one that is meant. */
function bindsItself(node: Node, name: string): boolean {
  const declares = (inner: Node): boolean => {
    if (inner.type === 'VariableDeclarator' && inner.id.type === 'Identifier' && inner.id.name === name) return true
    return childrenOf(inner).some(child => !isFunctionNode(child) && declares(child))
  }
  const { params, body } = node as unknown as { params: readonly Node[]; body: Node | null }
  const isParameter = (inner: Node): boolean =>
    (inner.type === 'Identifier' && inner.name === name) || childrenOf(inner).some(isParameter)
  return params.some(isParameter) || (body !== null && declares(body))
}
