// What happens to names after they are declared: assignments, and calls that change an array or an object in place.
import type { CallExpression, Expression, Node, Program } from 'oxc-parser'
import { childrenOf, isFunctionNode, staticName } from './syntax.ts'

export type Effect = {
  readonly name: string
  /** To what of it: `['routes']` for `config.routes.push(…)`. */
  readonly path: readonly string[]
  /** What it stands in, as far as it says whether and how often it happens. */
  readonly chain: readonly Node[]
  readonly node: Node
} & (
  | { readonly does: 'assign'; readonly operator: string; readonly right: Expression }
  | { readonly does: 'set'; readonly property: string | Expression; readonly right: Expression }
  | { readonly does: 'push' | 'unshift' | 'extend'; readonly args: CallExpression['arguments'] }
  | { readonly does: 'alter' }
  /** It is given to a function, which may change it. */
  | { readonly does: 'pass'; readonly callee: Expression; readonly index: number }
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

type ByName = ReadonlyMap<string, readonly Effect[]>

export interface Effects {
  /** In the order of the source. */
  of(name: string): readonly Effect[]
}

/** What happens in these statements of a module. */
export function effectsIn(program: Program, statements: readonly Node[]): Effects {
  const [first] = statements
  const last = statements.at(-1)
  if (!first || !last) return { of: () => [] }
  const isWithin = (node: Node): boolean => node.start >= first.start && node.end <= last.end
  return {
    of: name =>
      (allEffects(program).get(name) ?? []).flatMap(effect => {
        if (!isWithin(effect.node)) return []
        const chain = effect.chain.filter(isWithin)
        return chain.some(node => isFunctionNode(node) && bindsItself(node, name)) ? [] : [{ ...effect, chain }]
      }),
  }
}

const found = new WeakMap<Program, ByName>()

/** One walk for a module, since each of its functions asks. */
function allEffects(program: Program): ByName {
  const known = found.get(program)
  if (known) return known
  const effects = new Map<string, Effect[]>()
  const walk = (node: Node, chain: readonly Node[]): void => {
    for (const effect of effectsOf(node, chain)) {
      const before = effects.get(effect.name)
      if (before) before.push(effect)
      else effects.set(effect.name, [effect])
    }
    const next = CONTROL.has(node.type) || isFunctionNode(node) ? [...chain, node] : chain
    for (const child of childrenOf(node)) walk(child, next)
  }
  for (const statement of program.body) walk(statement, [])
  found.set(program, effects)
  return effects
}

function effectsOf(node: Node, chain: readonly Node[]): readonly Effect[] {
  switch (node.type) {
    case 'AssignmentExpression': {
      const { left, right, operator } = node
      if (left.type === 'Identifier')
        return [{ name: left.name, path: [], does: 'assign', operator, right, chain, node }]
      const target = left.type === 'MemberExpression' ? rootOf(left.object) : undefined
      if (left.type !== 'MemberExpression' || !target) return []
      const property = staticName(left.property, left.computed) ?? (left.property as Expression)
      if (operator !== '=' || !target.isWhole) return [{ ...target, does: 'alter', chain, node }]
      return [{ ...target, does: 'set', property, right, chain, node }]
    }
    case 'UpdateExpression':
      return node.argument.type === 'Identifier'
        ? [{ name: node.argument.name, path: [], does: 'alter', chain, node }]
        : []
    case 'CallExpression':
      return ofMethod(node, chain)
    case 'ExpressionStatement':
      return node.expression.type === 'CallExpression' ? ofPassing(node.expression, chain) : []
    default:
      return []
  }
}

function ofMethod(node: CallExpression, chain: readonly Node[]): readonly Effect[] {
  const { callee, arguments: args } = node
  if (callee.type !== 'MemberExpression') return []
  const method = staticName(callee.property, callee.computed)
  if (method === undefined) return []
  const [first, ...rest] = args
  if (method === 'assign' && callee.object.type === 'Identifier' && callee.object.name === 'Object') {
    const target = first && rootOf(first)
    return target?.isWhole ? [{ ...target, does: 'extend', args: rest, chain, node }] : []
  }
  if (method !== 'push' && method !== 'unshift' && !ALTERING.has(method)) return []
  const target = rootOf(callee.object)
  if (!target) return []
  if (ALTERING.has(method) || !target.isWhole) return [{ ...target, does: 'alter', chain, node }]
  return [{ ...target, does: method as 'push' | 'unshift', args, chain, node }]
}

const ofPassing = ({ callee, arguments: args }: CallExpression, chain: readonly Node[]): readonly Effect[] =>
  args.flatMap((arg, index) =>
    arg.type === 'Identifier'
      ? [{ name: arg.name, path: [], does: 'pass' as const, callee, index, chain, node: arg }]
      : [],
  )

/** Of `config.routes` the name and the path from it; not whole where a part of the path is computed. */
function rootOf(node: Node): { name: string; path: readonly string[]; isWhole: boolean } | undefined {
  if (node.type === 'Identifier') return { name: node.name, path: [], isWhole: true }
  if (node.type === 'TSNonNullExpression' || node.type === 'TSAsExpression' || node.type === 'ChainExpression')
    return rootOf(node.expression)
  if (node.type !== 'MemberExpression') return undefined
  const outer = rootOf(node.object)
  const name = staticName(node.property, node.computed)
  if (!outer?.isWhole || name === undefined) return outer && { ...outer, isWhole: false }
  return { ...outer, path: [...outer.path, name] }
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
