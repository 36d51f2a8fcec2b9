// What stands before all paths of a router, and routers whose pages have no addresses.
import type { Place } from '../../../routes/route.ts'
import { propertyOf } from '../evaluate/jsx.ts'
import { type ElementValue, UNDEFINED, type Value } from '../evaluate/value.ts'
import type { Walk } from './context.ts'
import { textsOf } from './texts.ts'

interface At {
  readonly place: Place
}

export function takeBasename(walk: Walk, value: Value, at: At): void {
  if (walk.found.basename !== undefined) return
  const texts = textsOf(value, { source: 'basename', place: at.place })
  if (texts === undefined) return
  const [only, ...others] = 'is' in texts ? [] : texts
  if (only && others.length === 0) {
    walk.found.basename = only.text.replace(/\/+$/, '')
    return
  }
  const { place, source, reason } = 'is' in texts ? texts : { ...at, source: 'basename', reason: ONE_OF }
  walk.found.unresolved.push({ ...place, source, reason: `the router's basename cannot be told, since ${reason}` })
  walk.found.basename = ''
}

const ONE_OF = 'it is one thing or another'

/** Of `<Router history={createBrowserHistory({ basename })}>`, too. */
export function takeBasenameOf(walk: Walk, element: ElementValue): void {
  takeBasename(walk, propertyOf(element, 'basename'), element)
  const history = propertyOf(element, 'history')
  if (history.is !== 'called' || history.callee.is !== 'external') return
  const name = history.callee.path.at(-1) ?? ''
  if (/^create(Hash|Memory)History$/.test(name)) hide(walk, name, history)
  const [options] = history.args
  if (name === 'createBrowserHistory' && options?.is === 'object')
    takeBasename(walk, options.properties.get('basename')?.() ?? options.open ?? UNDEFINED, history)
}

export function hide(walk: Walk, name: string, { place }: At): void {
  const reason = name.includes('Hash')
    ? 'it keeps the path of a page behind "#", so that all pages have one address'
    : 'its pages have no addresses'
  walk.found.unresolved.push({ ...place, source: name, reason })
}
