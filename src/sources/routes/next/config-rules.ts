// The redirects and rewrites of a Next configuration, as routes.
import type { Place, Route } from '../../../routes/route.ts'
import { pathsOfPattern } from './config-pattern.ts'
import { isUntold, PLACE, Untold } from './untold.ts'

export interface RulesContext {
  readonly file: string
  readonly kind: 'redirect' | 'rewrite'
  readonly cannotTell: (what: string, place: Place, why: Untold) => undefined
}

/** Reads a list of rules. Those outside of `basePath` are left out, and those that cannot be told are reported. */
export function readRules(value: unknown, context: RulesContext): readonly Route[] {
  const rules = Array.isArray(value) ? value : value === undefined ? [] : [value]
  return rules.flatMap(rule => readRule(rule, context))
}

function readRule(rule: unknown, { file, kind, cannotTell }: RulesContext): readonly Route[] {
  const tellNot = (place: Place, why: Untold): readonly Route[] => cannotTell(`a ${kind}`, place, why) ?? []
  if (isUntold(rule)) return tellNot({ file }, rule)
  const named = (typeof rule === 'object' && rule !== null ? rule : {}) as Readonly<Record<PropertyKey, unknown>>
  const place = (named[PLACE] as Place | undefined) ?? { file }
  const { source, destination, basePath } = named
  if (basePath === false) return []
  if (isUntold(source)) return tellNot(place, source)
  if (typeof source !== 'string') {
    return tellNot(place, new Untold(typeof rule === 'function' ? 'it is made by a function' : 'it has no source'))
  }
  const pattern = pathsOfPattern(source)
  if ('problem' in pattern) return tellNot(place, new Untold(pattern.problem, { source }))

  const to = typeof destination === 'string' ? destination : undefined
  const more = kind === 'redirect' ? ({ kind, to } as const) : ({ kind: kindOfRewrite(source, to) } as const)
  return pattern.paths.map(path => ({
    path,
    written: path === source ? undefined : source,
    ...place,
    ...more,
    condition: conditionOf(named),
  }))
}

/** What is shown at an address of its own, unless it takes everything, or answers something that is no page. */
function kindOfRewrite(source: string, to: string | undefined): Route['kind'] {
  if (/^\/(:\w+\*|:\w+\(\.[*+]\)|\(\.[*+]\)|:\w+\+)$/.test(source)) return 'catch-all'
  return to !== undefined && /^\/api(\/|$)|\.\w+$/.test(to.replace(/^https?:\/\/[^/]*|\?.*$/g, ''))
    ? 'resource'
    : 'page'
}

/** `has host "shop.example"`, as far as it can be told. */
function conditionOf(rule: Readonly<Record<PropertyKey, unknown>>): string | undefined {
  const conditions = ['has', 'missing'].flatMap(word => {
    const listed = rule[word]
    if (listed === undefined) return []
    if (!Array.isArray(listed)) return [`${word} something that cannot be told`]
    return listed.map(each => {
      const { type, key, value } = (typeof each === 'object' && each !== null ? each : {}) as Record<string, unknown>
      const what = [type, key].filter(part => typeof part === 'string').join(' ')
      return `${word} ${what || 'something that cannot be told'}${typeof value === 'string' ? ` "${value}"` : ''}`
    })
  })
  return conditions.length === 0 ? undefined : conditions.join(' and ')
}
