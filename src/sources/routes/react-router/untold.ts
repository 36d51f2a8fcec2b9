// Names what cannot be told at a place where routes stand, so that none is lost in silence.
import type { Place } from '../../../routes/route.ts'
import type { Value } from '../evaluate/value.ts'
import type { Context, Walk } from './context.ts'

export function leaveUntold(walk: Walk, value: Value, context: Context): void {
  const { place, source, reason } = whyUntold(value, context)
  walk.found.unresolved.push({ ...place, source, reason })
}

interface Untold {
  readonly place: Place
  readonly source: string
  readonly reason: string
}

function whyUntold(value: Value, { at }: Context): Untold {
  switch (value.is) {
    case 'unknown':
      return {
        place: value.place.file === '' ? at : value.place,
        source: value.source,
        reason: `routes cannot be told, since ${value.reason}`,
      }
    case 'called': {
      const { callee, place, source } = value
      const reason =
        callee.is === 'unknown'
          ? `routes cannot be told, since ${callee.reason}`
          : 'which routes it gives is only known when it runs'
      return { place, source, reason }
    }
    case 'external': {
      const name = value.path.join('.')
      const reason =
        value.module === 'global'
          ? `${name} is not defined in the front end's source`
          : `its routes come from ${value.module}`
      return { place: at, source: name || value.module, reason }
    }
    default:
      return {
        place: at,
        source: '',
        reason: `it stands where only routes can stand, and is ${KINDS[value.is] ?? 'none'}`,
      }
  }
}

const KINDS: Readonly<Record<string, string>> = {
  function: 'a function that nothing calls',
  class: 'a class',
  namespace: 'all that a module exports',
  method: 'a function that nothing calls',
  regex: 'a regular expression',
  object: 'an object',
}

/** How much was found: whether something was, is whether it has grown. */
export const foundBy = ({ found }: Walk): number => found.routes.length + found.unresolved.length
