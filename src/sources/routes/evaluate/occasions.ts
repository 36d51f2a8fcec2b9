// When something of the source happens: once for each turn of a loop that can be followed, or under a condition.
import type { CallExpression, ForStatement, Node } from 'oxc-parser'
import { bindPattern, declare } from './declarations.ts'
import type { Evaluator } from './evaluator.ts'
import { Scope } from './scope.ts'
import { childrenOf, isFunctionNode, staticName } from './syntax.ts'
import { known, truthOf, type Value } from './value.ts'

export interface Occasion {
  readonly scope: Scope
  readonly condition: string | undefined
}

/** `chain`: what a node stands in, from the outermost on. */
export function occasionsOf(
  evaluator: Evaluator,
  { chain, node }: { readonly chain: readonly Node[]; readonly node: Node },
  scope: Scope,
): Occasion[] {
  let occasions: Occasion[] = [{ scope, condition: undefined }]
  for (const around of chain)
    occasions = occasions.flatMap(occasion => turnsOf(evaluator, around, { occasion, inner: node }))
  return occasions
}

interface Turning {
  readonly occasion: Occasion
  readonly inner: Node
}

function turnsOf(evaluator: Evaluator, node: Node, { occasion, inner }: Turning): Occasion[] {
  const { scope, condition } = occasion
  const under = (text: string): Occasion[] => [
    { scope, condition: condition === undefined ? text : `${condition} && ${text}` },
  ]
  const turns = (items: readonly (readonly (readonly [Node, Value])[])[], body: Node): Occasion[] =>
    items.map(bound => ({
      scope: turn(evaluator, scope, { bound, body }),
      condition: mayBeLeft(scope, body) ? under('it comes to it')[0]?.condition : condition,
    }))
  switch (node.type) {
    case 'IfStatement':
    case 'ConditionalExpression': {
      if (isWithin(inner, node.test)) return [occasion]
      const isThen = isWithin(inner, node.consequent)
      const truth = truthOf(evaluator.evaluate(node.test, scope))
      if (truth !== undefined) return truth === isThen ? [occasion] : []
      const test = scope.module.sourceOf(node.test)
      return under(isThen ? test : `!(${test})`)
    }
    case 'LogicalExpression': {
      if (isWithin(inner, node.left)) return [occasion]
      const truth = truthOf(evaluator.evaluate(node.left, scope))
      if (truth !== undefined && node.operator !== '??') return truth === (node.operator === '&&') ? [occasion] : []
      const test = scope.module.sourceOf(node.left)
      return under(node.operator === '&&' ? test : `!(${test})`)
    }
    case 'ForOfStatement':
    case 'ForInStatement': {
      const list = evaluator.evaluate(node.right, scope)
      const pattern = node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : undefined
      if (pattern && node.type === 'ForOfStatement' && list.is === 'array')
        return turns(
          list.items.map(item => [[pattern, item]]),
          node.body,
        )
      if (pattern && node.type === 'ForInStatement' && list.is === 'object' && !list.open)
        return turns(
          [...list.properties.keys()].map(name => [[pattern, known(name)]]),
          node.body,
        )
      return under('it comes to it')
    }
    case 'ForStatement': {
      const counted = countsOf(evaluator, node, scope)
      return counted
        ? turns(
            counted.counts.map(count => [[counted.pattern, known(count)]]),
            node.body,
          )
        : under('it comes to it')
    }
  }
  if (!isFunctionNode(node)) return under('it comes to it')
  const call = forEachOf(node, scope)
  const list = call && evaluator.evaluate(call.list, scope)
  if (!call || list?.is !== 'array')
    return [called(evaluator, node, { scope, condition: under('it is called')[0]?.condition })]
  const [first, second] = call.params
  return turns(
    list.items.map((item, index) => [
      ...(first ? [[first, item] as const] : []),
      ...(second ? [[second, known(index)] as const] : []),
    ]),
    call.body,
  )
}

/** Whether a turn may end before all of it happens. */
const mayBeLeft = ({ module }: Scope, body: Node): boolean =>
  body.type === 'BlockStatement' && /\b(continue|break|return)\b/.test(module.text.slice(body.start, body.end))

/** A function that something calls, with what nobody knows. */
function called(evaluator: Evaluator, node: Node, { scope, condition }: Occasion): Occasion {
  const { params, body } = node as unknown as { params: readonly Node[]; body: Node | null }
  const unknown = evaluator.unknown(node, scope, 'it is given by what calls the function')
  const bound = params.map(param => [param.type === 'RestElement' ? param.argument : param, unknown] as const)
  return { scope: body ? turn(evaluator, scope, { bound, body }) : scope, condition }
}

const isWithin = (inner: Node, outer: Node): boolean => inner.start >= outer.start && inner.end <= outer.end

function turn(
  evaluator: Evaluator,
  scope: Scope,
  { bound, body }: { readonly bound: readonly (readonly [Node, Value])[]; readonly body: Node },
): Scope {
  const inner = new Scope(scope.module, scope)
  for (const [pattern, value] of bound) {
    bindPattern(evaluator, pattern, {
      scope: inner,
      bind: (name, evaluate) => inner.bind(name, evaluate),
      value: () => value,
    })
  }
  if (body.type === 'BlockStatement') declare(evaluator, body.body, inner)
  return inner
}

const MOST_TURNS = 1000

/** `for (let i = 0; i < list.length; i++)`. */
function countsOf(
  evaluator: Evaluator,
  { init, test, update }: ForStatement,
  scope: Scope,
): { readonly pattern: Node; readonly counts: readonly number[] } | undefined {
  const declarator = init?.type === 'VariableDeclaration' ? init.declarations[0] : undefined
  if (declarator?.id.type !== 'Identifier' || !declarator.init || test?.type !== 'BinaryExpression') return undefined
  const { name } = declarator.id
  const isUp = update?.type === 'UpdateExpression' && update.operator === '++'
  if (!isUp || test.left.type !== 'Identifier' || test.left.name !== name) return undefined
  const from = evaluator.evaluate(declarator.init, scope)
  const to = evaluator.evaluate(test.right, scope)
  if (from.is !== 'known' || to.is !== 'known' || (test.operator !== '<' && test.operator !== '<=')) return undefined
  const end = Number(to.value) + (test.operator === '<=' ? 1 : 0)
  const length = end - Number(from.value)
  if (!(length <= MOST_TURNS)) return undefined
  return {
    pattern: declarator.id,
    counts: Array.from({ length: Math.max(0, length) }, (_, i) => Number(from.value) + i),
  }
}

/** The list of `list.forEach(node)` or `list.map(node)`, found in the source around the function, which knows nothing of its call. */
function forEachOf(node: Node, scope: Scope): { list: Node; params: readonly Node[]; body: Node } | undefined {
  const call = callsOf(scope.module.program as unknown as Node).get(node)
  if (call?.callee.type !== 'MemberExpression') return undefined
  const { object, property, computed } = call.callee
  if (!/^(forEach|map)$/.test(staticName(property, computed) ?? '')) return undefined
  const { params, body } = node as unknown as { params: readonly Node[]; body: Node }
  return { list: object, params, body }
}

const calls = new WeakMap<object, Map<Node, CallExpression>>()

function callsOf(program: Node): Map<Node, CallExpression> {
  const known = calls.get(program)
  if (known) return known
  const found = new Map<Node, CallExpression>()
  const walk = (node: Node): void => {
    if (node.type === 'CallExpression') for (const arg of node.arguments) found.set(arg, node)
    for (const child of childrenOf(node)) walk(child)
  }
  walk(program)
  calls.set(program, found)
  return found
}
