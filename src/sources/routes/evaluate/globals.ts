// What the language itself and a few packages of everyone make of their arguments.
import { posix } from 'node:path'
import type { Call } from './calls.ts'
import type { Evaluator } from './evaluator.ts'
import { createdElement } from './jsx.ts'
import { ofLodash } from './lodash.ts'
import { entriesOf } from './members.ts'
import { callMethod } from './methods.ts'
import { arrayOf, type ExternalValue, known, objectOf, truthOf, type Value } from './value.ts'

/** Undefined where it is none of these. */
export function callGlobal(
  evaluator: Evaluator,
  callee: ExternalValue,
  { args, node, scope }: Call,
): Value | undefined {
  const name = callee.path.filter(part => part !== 'default').join('.')
  switch (callee.module) {
    case 'global':
      return name === 'Array.from' ? arrayFrom(evaluator, { args, node, scope }) : ofLanguage(name, args)
    case 'lodash':
    case 'lodash-es':
      return ofLodash(evaluator, name, { args, node, scope })
    case 'path':
    case 'node:path':
    case 'path-browserify':
      return ofPaths(name, args)
    case 'url-join':
    case 'urljoin':
    case 'proper-url-join':
      return joinedUrl(args)
    case 'url':
    case 'node:url':
      return name === 'fileURLToPath' ? args[0] : undefined
    case 'react':
    case 'react/jsx-runtime':
    case 'preact':
    case 'preact/compat': {
      const place = { place: scope.module.placeOf(node), name: scope.module.sourceOf(node, 40) }
      if (name === 'createElement' || name === 'cloneElement' || name === 'h')
        return createdElement(args, { ...place, hasChildren: true })
      if (name === 'jsx' || name === 'jsxs' || name === 'jsxDEV')
        return createdElement(args, { ...place, hasChildren: false })
      // What is computed once, or at each turn, is what the function gives.
      if (name === 'useMemo' && args[0]) return evaluator.call(args[0], [], { node, scope })
      if (name === 'useCallback') return args[0]
      return name.startsWith('Children.') ? ofChildren(evaluator, name, { args, node, scope }) : undefined
    }
    default: {
      const [, single] = /^lodash(?:-es)?[/.](\w+)$/.exec(callee.module) ?? []
      return single === undefined ? undefined : ofLodash(evaluator, single, { args, node, scope })
    }
  }
}

function ofChildren(evaluator: Evaluator, name: string, { args, node, scope }: Call): Value | undefined {
  const [children, change] = args
  if (!children) return undefined
  const list: Value = children.is === 'array' ? children : arrayOf([children])
  if (name === 'Children.toArray') return list
  if (name === 'Children.only') return children
  if (name !== 'Children.map' || !change) return undefined
  return callMethod(evaluator, { is: 'method', name: 'map', of: list }, { args: [change], node, scope })
}

function arrayFrom(evaluator: Evaluator, { args, node, scope }: Call): Value | undefined {
  const [list, change] = args
  if (list?.is !== 'array') return undefined
  if (!change) return list
  return callMethod(evaluator, { is: 'method', name: 'map', of: list }, { args: [change], node, scope })
}

function ofLanguage(name: string, args: readonly Value[]): Value | undefined {
  const [first] = args
  switch (name) {
    case 'Object.freeze':
    case 'Object.seal':
    case 'structuredClone':
    case 'Promise.resolve':
      return args.length === 1 ? first : undefined
    case 'Object.keys':
      return first?.is === 'object' && !first.open ? arrayOf([...first.properties.keys()].map(known)) : undefined
    case 'Object.values':
      return first?.is === 'object' && !first.open
        ? arrayOf([...first.properties.values()].map(value => value()))
        : undefined
    case 'Object.entries':
      return first?.is === 'object' && !first.open ? entriesOf(first.properties) : undefined
    case 'Object.fromEntries':
      return first?.is === 'array' ? fromEntries(first.items) : undefined
    case 'Object.assign': {
      if (!args.every(arg => arg.is === 'object')) return undefined
      return objectOf(new Map(args.flatMap(arg => (arg.is === 'object' ? [...arg.properties] : []))))
    }
    case 'Array.isArray':
      return first?.is === 'array'
        ? known(true)
        : first?.is === 'known' || first?.is === 'object'
          ? known(false)
          : undefined
    case 'Boolean': {
      const truth = first && truthOf(first)
      return truth === undefined ? undefined : known(truth)
    }
    case 'String':
      return first?.is === 'known' ? known(String(first.value)) : undefined
    case 'Number':
      return first?.is === 'known' ? known(Number(first.value)) : undefined
    case 'encodeURIComponent':
      return textual(first, encodeURIComponent)
    case 'encodeURI':
      return textual(first, encodeURI)
    case 'decodeURIComponent':
      return textual(first, decodeURIComponent)
    default:
      return undefined
  }
}

function textual(value: Value | undefined, change: (text: string) => string): Value | undefined {
  if (value?.is !== 'known' || typeof value.value !== 'string') return undefined
  try {
    return known(change(value.value))
  } catch {
    return undefined
  }
}

function fromEntries(items: readonly Value[]): Value | undefined {
  const properties = new Map<string, () => Value>()
  for (const item of items) {
    const [key, value] = item.is === 'array' ? item.items : []
    if (key?.is !== 'known' || !value) return undefined
    properties.set(String(key.value), () => value)
  }
  return objectOf(properties)
}

/** Parts with one slash between each two. */
function joinedUrl(args: readonly Value[]): Value | undefined {
  const parts = args.flatMap(arg => (arg.is === 'array' ? arg.items : [arg]))
  const texts = parts.map(part => (part.is === 'known' ? String(part.value ?? '') : undefined))
  const unknown = parts.find(({ is }) => is === 'unknown')
  if (texts.includes(undefined)) return unknown
  const path = texts
    .filter(text => text !== '')
    .join('/')
    .replace(/\/{2,}/g, '/')
  return known(path.replace(/\/([?&#])/g, '$1'))
}

/** As paths of the front end, whose top is `/`. */
function ofPaths(name: string, args: readonly Value[]): Value | undefined {
  const parts = args.map(arg => (arg.is === 'known' && typeof arg.value === 'string' ? arg.value : undefined))
  if (parts.some(part => part === undefined)) return undefined
  const method = name.replace(/^posix\./, '')
  if (method === 'join') return known(posix.join(...(parts as string[])))
  if (method === 'resolve') return known(posix.resolve('/', ...(parts as string[])))
  return method === 'dirname' ? known(posix.dirname(parts[0] as string)) : undefined
}
