// Whether a function that answers for a page, as a loader does, sends its visitors elsewhere: always, or at times.
import type { Place } from '../../../routes/route.ts'
import { type Evaluator, withEffects } from '../evaluate/evaluator.ts'
import { type FunctionValue, mapPossible, possibilities, type Value } from '../evaluate/value.ts'
import { REDIRECTS, routerName } from './names.ts'
import { textOf } from './texts.ts'

export interface Judgement {
  readonly redirects: 'always' | 'maybe' | 'never'
  /** Where to, where that is one place and can be told. */
  readonly to?: string | undefined
  readonly place?: Place | undefined
}

const NEVER: Judgement = { redirects: 'never' }

/** `isRedirect`: what a redirect is besides React Router's. */
export function judgeFunction(
  evaluator: Evaluator,
  value: Value,
  isRedirect: (value: Value) => { to: Value | undefined; place: Place } | undefined = routerRedirect,
): Judgement {
  const made = mapPossible(value, each => each)
  if (made.is !== 'function') return NEVER
  const results = possibilities(withEffects(evaluator, () => callUnknowing(evaluator, made)))
  const settled = results.flatMap(result => possibilities(result.is === 'promise' ? result.value : result))
  const redirects = settled.flatMap(result => isRedirect(result.is === 'thrown' ? result.value : result) ?? [])
  const [first] = redirects
  if (!first) return NEVER
  const others = settled.filter(
    result => !isRedirect(result.is === 'thrown' ? result.value : result) && result.is !== 'thrown',
  )
  const targets = new Set(redirects.map(({ to }) => to && textOf(to)))
  return {
    redirects: others.length === 0 ? 'always' : 'maybe',
    to: targets.size === 1 ? [...targets][0] : undefined,
    place: first.place,
  }
}

/** Called with what nobody knows: a request, its parameters. */
function callUnknowing(evaluator: Evaluator, callee: FunctionValue): Value {
  const { node, scope } = callee
  const unknown = evaluator.unknown(node, scope, 'it is only known when it runs')
  return evaluator.call(callee, [unknown, unknown, unknown], { node, scope })
}

function routerRedirect(value: Value): { to: Value | undefined; place: Place } | undefined {
  if (value.is !== 'called') return undefined
  const name = routerName(value.callee)
  const isPlain =
    value.callee.is === 'external' &&
    value.callee.module === 'global' &&
    value.callee.path.join('.') === 'Response.redirect'
  if (!isPlain && (name === undefined || !REDIRECTS.has(name))) return undefined
  return { to: value.args[0], place: value.place }
}
