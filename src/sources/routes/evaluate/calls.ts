// What a call gives: of a function of the source, of a method of the language, or of a package.
import type { Node } from 'oxc-parser'
import { runBody } from './bodies.ts'
import { bindPattern, declare } from './declarations.ts'
import type { Evaluator } from './evaluator.ts'
import { callGlobal } from './globals.ts'
import { callMethod } from './methods.ts'
import { Scope } from './scope.ts'
import { arrayOf, type FunctionValue, mapPossible, UNDEFINED, type Value } from './value.ts'

export interface Call {
  readonly args: readonly Value[]
  readonly node: Node
  readonly scope: Scope
}

export function evaluateCall(evaluator: Evaluator, callee: Value, call: Call): Value {
  const { args, node, scope } = call
  switch (callee.is) {
    case 'choice':
    case 'maybe':
      return mapPossible(callee, each => evaluateCall(evaluator, each, call))
    case 'function':
      return callFunction(evaluator, callee, call)
    case 'method':
      return callMethod(evaluator, callee, call)
    case 'external': {
      const meant = callGlobal(evaluator, callee, call) ?? evaluator.meanings.call?.(callee, args)
      if (meant) return meant
      break
    }
    case 'known':
      return evaluator.unknown(node, scope, 'it is called, and is no function')
  }
  // Whoever asks may know what a package makes of it: of memo(Page) it is the page.
  return { is: 'called', callee, args, place: scope.module.placeOf(node), source: scope.module.sourceOf(node) }
}

function callFunction(evaluator: Evaluator, callee: FunctionValue, { args }: Call): Value {
  const { node, self } = callee
  const outer = callee.scope
  if (node.type !== 'ArrowFunctionExpression' && node.generator)
    return evaluator.unknown(node, outer, 'it is a generator')
  const scope = new Scope(outer.module, outer, self)
  node.params.forEach((param, index) => {
    const isRest = param.type === 'RestElement'
    const pattern = isRest ? param.argument : param.type === 'TSParameterProperty' ? param.parameter : param
    bindPattern(evaluator, pattern, {
      scope,
      bind: (name, evaluate) => scope.bind(name, evaluate),
      value: () => (isRest ? arrayOf(args.slice(index)) : (args[index] ?? UNDEFINED)),
    })
  })
  const { body } = node
  if (!body) return UNDEFINED
  const isBlock = body.type === 'BlockStatement'
  if (isBlock) declare(evaluator, body.body, scope)
  const result = isBlock ? runBody(evaluator, body.body, scope) : evaluator.evaluate(body, scope)
  return node.async && result.is !== 'promise' ? { is: 'promise', value: result } : result
}
