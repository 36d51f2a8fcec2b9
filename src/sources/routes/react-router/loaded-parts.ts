// What a route of v6 has besides its path: parts that it loads, its loaders and middlewares.
import { isUndefined, type Value } from '../evaluate/value.ts'
import type { Walk } from './context.ts'
import { type Judgement, judgeFunction } from './judge.ts'
import type { RouteSpec } from './route-spec.ts'
import { callWith } from './show.ts'

/** What `lazy` loads: an object or a module with Component, loader and so on. */
export function loadedPart(walk: Walk, spec: RouteSpec): Value | undefined {
  const lazy = spec.get('lazy')
  if (lazy.is === 'object') return lazy
  if (lazy.is !== 'function') return undefined
  const result = callWith(walk, lazy, [])
  return result.is === 'promise' ? result.value : result
}

export function partOf(walk: Walk, loaded: Value | undefined, name: string): Value | undefined {
  if (loaded?.is === 'namespace') return walk.evaluator.exported(loaded.module, name)
  if (loaded?.is !== 'object') return undefined
  const part = loaded.properties.get(name)?.()
  // Each part may be loaded by itself: lazy: { Component: async () => … }.
  const isLoader = part?.is === 'function' && part.node.async && name !== 'loader' && name !== 'clientLoader'
  if (!part || !isLoader) return part
  const result = callWith(walk, part, [])
  return result.is === 'promise' ? result.value : result
}

const FUNCTIONS = ['loader', 'clientLoader']
const LISTS = ['middleware', 'unstable_middleware', 'clientMiddleware', 'unstable_clientMiddleware']

/** The strictest of what its loaders and middlewares do. */
export function judgementOf(walk: Walk, spec: RouteSpec, loaded: Value | undefined): Judgement | undefined {
  const get = (name: string): Value[] => [spec.get(name), partOf(walk, loaded, name)].filter(each => each !== undefined)
  const functions = [
    ...FUNCTIONS.flatMap(get),
    ...LISTS.flatMap(get).flatMap(list => (list.is === 'array' ? list.items : [])),
  ]
  const judged = functions.filter(each => !isUndefined(each)).map(each => judgeFunction(walk.evaluator, each))
  return (
    judged.find(({ redirects }) => redirects === 'always') ??
    judged.find(({ redirects }) => redirects === 'maybe') ??
    judged[0]
  )
}

export const hasLoader = (walk: Walk, loaded: Value): boolean => partOf(walk, loaded, 'loader') !== undefined
