// The value of a name after all that happens to it in its module or function.
import type { CallExpression, Node } from 'oxc-parser'
import { bindPattern } from './declarations.ts'
import type { Effect } from './effects.ts'
import type { Evaluator } from './evaluator.ts'
import { Scope } from './scope.ts'
import { spreadItems } from './spread.ts'
import { childrenOf, isFunctionNode, staticName } from './syntax.ts'
import { arrayOf, choiceOf, isUndefined, known, maybe, objectOf, type Value } from './value.ts'

interface Setting {
  readonly effects: readonly Effect[]
  readonly scope: Scope
}

/** Of several assignments the last that is sure counts, and those after it that may be. */
export function applyEffects(evaluator: Evaluator, value: Value, { effects, scope }: Setting): Value {
  let result = value
  for (const effect of effects) result = applyOne(evaluator, result, effect, scope)
  return result
}

function applyOne(evaluator: Evaluator, value: Value, effect: Effect, scope: Scope): Value {
  const unknown = (reason: string): Value => evaluator.unknown(effect.node, scope, reason)
  switch (effect.does) {
    case 'alter':
      return value.is === 'array' || value.is === 'known' ? unknown(`${effect.name} is changed there`) : value
    case 'assign': {
      if (effect.operator !== '=') return unknown(`${effect.name} is changed there`)
      const assigned = whereItHappens(evaluator, effect.chain, scope).map(({ scope: at, condition }) => {
        const right = evaluator.evaluate(effect.right, at)
        return condition === undefined ? right : maybe(condition, right)
      })
      const isSure = effect.chain.length === 0
      return choiceOf(isSure || isUndefined(value) ? assigned : [value, ...assigned])
    }
    case 'set': {
      const evaluate = (): Value => {
        const [first] = whereItHappens(evaluator, effect.chain, scope)
        const right = evaluator.evaluate(effect.right, first?.scope ?? scope)
        return first?.condition === undefined ? right : maybe(first.condition, right)
      }
      if (value.is === 'function' || value.is === 'class')
        return { ...value, statics: new Map(value.statics).set(effect.property, evaluate) }
      if (value.is !== 'object') return value
      return objectOf(new Map(value.properties).set(effect.property, evaluate), value)
    }
    default: {
      if (value.is !== 'array') return value
      const added = whereItHappens(evaluator, effect.chain, scope).flatMap(({ scope: at, condition }) =>
        effect.args
          .flatMap(arg =>
            arg.type === 'SpreadElement' ? spreadItems(evaluator, arg.argument, at) : evaluator.evaluate(arg, at),
          )
          .map(item => (condition === undefined ? item : maybe(condition, item))),
      )
      return arrayOf(effect.does === 'push' ? [...value.items, ...added] : [...added, ...value.items])
    }
  }
}

interface Occasion {
  readonly scope: Scope
  readonly condition: string | undefined
}

/** Once for each turn of a loop over what is known; else once, under a condition. */
function whereItHappens(evaluator: Evaluator, chain: readonly Node[], scope: Scope): Occasion[] {
  let occasions: Occasion[] = [{ scope, condition: undefined }]
  for (const node of chain) occasions = occasions.flatMap(occasion => turnsOf(evaluator, node, occasion))
  return occasions
}

function turnsOf(evaluator: Evaluator, node: Node, { scope, condition }: Occasion): Occasion[] {
  const under = (text: string): Occasion[] => [
    { scope, condition: condition === undefined ? text : `${condition} && ${text}` },
  ]
  if (node.type === 'IfStatement' || node.type === 'ConditionalExpression')
    return under(scope.module.sourceOf(node.test))
  if (node.type === 'LogicalExpression') return under(scope.module.sourceOf(node.left))
  if (node.type === 'ForOfStatement') {
    const list = evaluator.evaluate(node.right, scope)
    const pattern = node.left.type === 'VariableDeclaration' ? node.left.declarations[0]?.id : undefined
    if (list.is === 'array' && pattern)
      return list.items.map(item => ({ scope: turn(evaluator, scope, [[pattern, item]]), condition }))
  }
  if (isFunctionNode(node)) {
    const call = forEachOf(node, scope)
    const list = call && evaluator.evaluate(call.list, scope)
    if (call && list?.is === 'array') {
      const [first, second] = call.params
      return list.items.map((item, index) => ({
        scope: turn(evaluator, scope, [
          ...(first ? [[first, item] as const] : []),
          ...(second ? [[second, known(index)] as const] : []),
        ]),
        condition,
      }))
    }
    return under('it is called')
  }
  return under('it comes to it')
}

function turn(evaluator: Evaluator, scope: Scope, bound: readonly (readonly [Node, Value])[]): Scope {
  const inner = new Scope(scope.module, scope)
  for (const [pattern, value] of bound) {
    bindPattern(evaluator, pattern, {
      scope: inner,
      bind: (name, evaluate) => inner.bind(name, evaluate),
      value: () => value,
    })
  }
  return inner
}

/** The list of `list.forEach(node)`, found in the source around the function, which knows nothing of its call. */
function forEachOf(node: Node, scope: Scope): { list: Node; params: readonly Node[] } | undefined {
  const call = callsOf(scope.module.program as unknown as Node).get(node)
  if (call?.callee.type !== 'MemberExpression') return undefined
  const { object, property, computed } = call.callee
  if (staticName(property, computed) !== 'forEach') return undefined
  return { list: object, params: (node as unknown as { params: readonly Node[] }).params }
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
