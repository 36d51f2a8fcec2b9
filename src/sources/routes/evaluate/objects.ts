// Object literals: their properties, evaluated when they are asked for, with what is spread into them.
import type { ObjectExpression } from 'oxc-parser'
import type { Evaluator } from './evaluator.ts'
import type { Scope } from './scope.ts'
import { spreadInto } from './spread.ts'
import { staticName } from './syntax.ts'
import { known, objectOf, type UnknownValue, type Value } from './value.ts'

export function objectLiteral(evaluator: Evaluator, node: ObjectExpression, scope: Scope): Value {
  const properties = new Map<string, () => Value>()
  let open: UnknownValue | undefined
  // What `this` is in its methods.
  const self: Value = { is: 'object', properties, open: undefined }
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      const spread = evaluator.evaluate(property.argument, scope)
      open =
        spreadInto(properties, spread, () => evaluator.unknown(property, scope, 'it cannot be told what is in it')) ??
        open
      continue
    }
    const { key, value, computed, kind } = property
    const fixed = staticName(key, computed)
    const named = fixed === undefined ? evaluator.evaluate(key, scope) : known(fixed)
    if (named.is !== 'known') {
      open = evaluator.unknown(key, scope, 'the name of a property is only known when it runs')
      continue
    }
    let made: Value | undefined
    properties.set(String(named.value), () => {
      if (made) return made
      const evaluated = evaluator.evaluate(value, scope)
      made =
        evaluated.is !== 'function'
          ? evaluated
          : kind === 'get'
            ? evaluator.call({ ...evaluated, self }, [], { node: value, scope })
            : value.type === 'ArrowFunctionExpression'
              ? evaluated
              : { ...evaluated, self }
      return made
    })
  }
  return objectOf(properties, { open, place: scope.module.placeOf(node) })
}
