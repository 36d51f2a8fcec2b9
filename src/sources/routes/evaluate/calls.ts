// What a call gives: of a function of the source, of a method of the language, or of a package.
import type { Node } from 'oxc-parser'
import { applyEffects } from './apply-effects.ts'
import { runBody } from './bodies.ts'
import { bindPattern, declare } from './declarations.ts'
import { effectsIn } from './effects.ts'
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
  const { node } = callee
  const outer = callee.scope
  if (node.type !== 'ArrowFunctionExpression' && node.generator)
    return evaluator.unknown(node, outer, 'it is a generator')
  const scope = openBody(evaluator, callee, args)
  const { body } = node
  if (!body) return UNDEFINED
  const result = body.type === 'BlockStatement' ? runBody(evaluator, body.body, scope) : evaluator.evaluate(body, scope)
  return node.async && result.is !== 'promise' ? { is: 'promise', value: result } : result
}

/** What names mean in a function that is called with these. */
export function openBody(
  evaluator: Evaluator,
  { node, scope: outer, self }: FunctionValue,
  args: readonly Value[],
): Scope {
  const scope = new Scope(outer.module, outer, self)
  const { body } = node
  const effects = body?.type === 'BlockStatement' ? effectsIn(outer.module.program, body.body) : undefined
  node.params.forEach((param, index) => {
    const isRest = param.type === 'RestElement'
    const pattern = isRest ? param.argument : param.type === 'TSParameterProperty' ? param.parameter : param
    bindPattern(evaluator, pattern, {
      scope,
      bind: (name, evaluate) => {
        const later = effects?.of(name) ?? []
        scope.bind(
          name,
          later.length === 0 ? evaluate : () => applyEffects(evaluator, evaluate(), { effects: later, scope }),
        )
      },
      value: () => (isRest ? arrayOf(args.slice(index)) : (args[index] ?? UNDEFINED)),
    })
  })
  if (body?.type === 'BlockStatement') declare(evaluator, body.body, scope)
  return scope
}
