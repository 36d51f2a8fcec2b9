// What a property of a value is.
import type { Node } from 'oxc-parser'
import { memberOfClass } from './classes.ts'
import type { Evaluator } from './evaluator.ts'
import { isMethodOf } from './methods.ts'
import type { Scope } from './scope.ts'
import { arrayOf, known, mapPossible, objectOf, UNDEFINED, type Value } from './value.ts'

interface At {
  readonly node: Node
  readonly scope: Scope
}

export function getMember(evaluator: Evaluator, value: Value, name: string, at: At): Value {
  const unknown = (reason: string): Value => evaluator.unknown(at.node, at.scope, reason)
  switch (value.is) {
    case 'choice':
    case 'maybe':
      return mapPossible(value, each => getMember(evaluator, each, name, at))
    case 'object': {
      const found = value.properties.get(name)
      if (found) return found()
      if (value.open) return unknown(value.open.reason)
      return isMethodOf('object', name) ? { is: 'method', name, of: value } : UNDEFINED
    }
    case 'array': {
      if (name === 'length')
        return value.items.some(({ is }) => is === 'unknown')
          ? unknown('its length cannot be told')
          : known(value.items.length)
      if (/^\d+$/.test(name)) return value.items[Number(name)] ?? UNDEFINED
      return isMethodOf('array', name) ? { is: 'method', name, of: value } : UNDEFINED
    }
    case 'known': {
      if (typeof value.value !== 'string')
        return value.value === undefined || value.value === null
          ? unknown(`${name} is asked of nothing`)
          : isMethodOf('text', name)
            ? { is: 'method', name, of: value }
            : UNDEFINED
      if (name === 'length') return known(value.value.length)
      if (/^\d+$/.test(name)) return known(value.value[Number(name)])
      return isMethodOf('text', name) ? { is: 'method', name, of: value } : UNDEFINED
    }
    case 'namespace':
      return evaluator.exported(value.module, name) ?? unknown(`${value.module.file} exports nothing named ${name}`)
    case 'external': {
      const { file } = at.scope.module
      if (value.module === 'import.meta' && name === 'filename') return known(`/${file}`)
      if (value.module === 'import.meta' && name === 'dirname') return known(`/${file}`.replace(/\/[^/]*$/, '') || '/')
      return { ...value, path: [...value.path, name] }
    }
    case 'function':
    case 'class': {
      const assigned = value.statics?.get(name)
      if (assigned) return assigned()
      if (value.is === 'class')
        return memberOfClass(evaluator, value, name) ?? unknown(`${name} is no part of the class`)
      return name === 'bind' || name === 'call' || name === 'apply' ? { is: 'method', name, of: value } : UNDEFINED
    }
    case 'promise':
      return name === 'then' || name === 'catch' || name === 'finally' ? { is: 'method', name, of: value } : UNDEFINED
    case 'element':
      return name === 'props' ? value.properties : name === 'type' ? value.type : UNDEFINED
    case 'regex':
      return { is: 'method', name, of: value }
    case 'unknown':
      return { ...value, source: at.scope.module.sourceOf(at.node), place: at.scope.module.placeOf(at.node) }
    case 'called':
      return unknown(`it depends on what ${value.source} gives`)
    default:
      return unknown('it is only known when it runs')
  }
}

/** The rest of an object, after some of its properties were taken out. */
export function without(value: Value, taken: readonly string[]): Value {
  return mapPossible(value, each =>
    each.is === 'object'
      ? objectOf(new Map([...each.properties].filter(([name]) => !taken.includes(name))), each)
      : each,
  )
}

/** `[name, value]` of each. */
export const entriesOf = (properties: ReadonlyMap<string, () => Value>): Value =>
  arrayOf([...properties].map(([name, value]) => arrayOf([known(name), value()])))
