// A value as plain data, as far as it can be told; what cannot is handed on as whoever reads it wants it.
import type { Evaluator } from './evaluator.ts'
import type { UnknownValue, Value } from './value.ts'

export interface DataOptions<Untold> {
  untold(unknown: UnknownValue): Untold
  /** Told of each object: where it stands, and what may be in it besides. */
  object?(
    data: Record<PropertyKey, unknown>,
    facts: { readonly place: unknown; readonly open: UnknownValue | undefined },
  ): void
}

const DEEPEST = 12

export function toData<Untold>(evaluator: Evaluator, value: Value, options: DataOptions<Untold>, depth = 0): unknown {
  const unknown = (reason: string, at: { source?: string; place?: UnknownValue['place'] } = {}): Untold =>
    options.untold({ is: 'unknown', reason, source: at.source ?? '', place: at.place ?? { file: '' } })
  if (depth > DEEPEST) return unknown('it is nested too deep')
  const inner = (each: Value): unknown => toData(evaluator, each, options, depth + 1)
  switch (value.is) {
    case 'known':
      return value.value
    case 'array':
      return value.items.map(inner)
    case 'object': {
      const data: Record<PropertyKey, unknown> = Object.fromEntries(
        [...value.properties].map(([name, property]) => [name, inner(property())]),
      )
      options.object?.(data, { place: value.place, open: value.open })
      return data
    }
    case 'function': {
      const { node, scope } = value
      if (node.params.length > 0) return unknown('it is a function', { place: scope.module.placeOf(node) })
      return inner(evaluator.call(value, [], { node, scope }))
    }
    case 'promise':
      return inner(value.value)
    case 'unknown':
      return options.untold(value)
    case 'called':
      return unknown(`it is what ${value.source} gives`, value)
    case 'choice':
    case 'maybe':
      return unknown('it depends on something that is only known when it runs')
    default:
      return unknown('it is no plain value')
  }
}
