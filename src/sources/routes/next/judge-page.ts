// What the module of a Next page or layout does with its visitors.
import { componentOf } from '../evaluate/components.ts'
import { Evaluator } from '../evaluate/evaluator.ts'
import type { ModuleGraph } from '../evaluate/module-graph.ts'
import type { ExternalValue, Value } from '../evaluate/value.ts'
import { judgeFunction } from '../react-router/judge.ts'
import type { Judge, Judged } from './judge.ts'

/** What of these is imported tells a redirect; so far away from the page it is looked for. */
const NAVIGATION = new Set(['next/navigation', 'next/dist/client/components/navigation'])
const LEAVING = new Set(['redirect', 'permanentRedirect', 'unauthorized', 'forbidden'])
const DEPTH = 2

export function makeJudge(graph: ModuleGraph, environment: Readonly<Record<string, string>>): Judge {
  const evaluator = new Evaluator(
    graph,
    { isFinal: callee => isLeaving(callee) || nameIn(callee) === 'notFound' },
    environment,
  )
  return async file => {
    if (/\.mdx?$/.test(file)) return { kind: 'page' }
    await graph.load([file], { depth: DEPTH })
    const module = graph.get(file)
    if (!module) return { kind: 'page' }
    const page = evaluator.exported(module, 'default')
    if (!page) return { kind: 'missing' }
    const judged = judgeFunction(evaluator, componentOf(evaluator, page), redirectOf)
    const data = ['getServerSideProps', 'getStaticProps'].map(name => evaluator.exported(module, name))
    const loaders = data.flatMap(value => (value ? [judgeFunction(evaluator, value, redirectOfData)] : []))
    const all = [judged, ...loaders]
    const always = all.find(({ redirects }) => redirects === 'always')
    if (always) return { kind: 'redirect', to: always.to }
    const maybe = all.find(({ redirects }) => redirects === 'maybe')
    return { kind: 'page', mayRedirect: maybe?.place } satisfies Judged
  }
}

const nameIn = (callee: ExternalValue): string | undefined =>
  NAVIGATION.has(callee.module) ? callee.path.at(-1) : undefined
const isLeaving = (callee: ExternalValue): boolean => LEAVING.has(nameIn(callee) ?? '')

function redirectOf(value: Value) {
  if (value.is !== 'called' || value.callee.is !== 'external' || !isLeaving(value.callee)) return undefined
  return { to: value.args[0], place: value.place }
}

/** `return { redirect: { destination: '/login', permanent: false } }`. */
function redirectOfData(value: Value) {
  if (value.is !== 'object') return undefined
  const redirect = value.properties.get('redirect')?.()
  if (!redirect || !value.place) return undefined
  return { to: redirect.is === 'object' ? redirect.properties.get('destination')?.() : undefined, place: value.place }
}
