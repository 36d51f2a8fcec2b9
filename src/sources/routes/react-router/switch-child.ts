// What stands in a <Switch> and is neither Route nor Redirect: it is matched by its own path, or by every address.
import { type ElementValue, isUndefined } from '../evaluate/value.ts'
import { type Context, nothingShown, type Walk } from './context.ts'
import { natureOf } from './emit.ts'
import { allBelow, readRoute5, withPath } from './routes-5.ts'
import { foundBy } from './untold.ts'

/**
 * `follow` looks for routes in it, and gives the reason where its source is not there to look into.
 */
export function readSwitchChild(
  walk: Walk,
  element: ElementValue,
  { context, follow }: { readonly context: Context; readonly follow: (context: Context) => string | undefined },
): void {
  const before = foundBy(walk)
  const shown = nothingShown()
  const inside = { ...context, shown, outer: context.conditions.length, inSwitch: false, isRoot: true, isSpine: true }
  const untold = follow(inside)
  context.shown.output = true
  if (foundBy(walk) > before) return
  const { properties, open } = element.properties
  const path = ['path', 'from'].map(name => properties.get(name)?.()).find(value => value && !isUndefined(value))
  if (path) {
    const condition = untold && `what <${element.name}> does with it, which cannot be told, since ${untold}`
    const conditions = condition === undefined ? context.conditions : [...context.conditions, condition]
    readRoute5(walk, withPath(element, path), { ...context, conditions })
    return
  }
  const reason = open?.reason ?? untold
  if (reason !== undefined) {
    walk.found.unresolved.push({
      ...element.place,
      source: `<${element.name}>`,
      reason: `whether it has routes cannot be told, since ${reason}`,
    })
    return
  }
  walk.found.routes.push({
    path: allBelow(context.match),
    written: '*',
    ...element.place,
    ...natureOf(shown, { guard: undefined, isCatchAll: true }),
    conditions: context.conditions,
    component: shown.component,
  })
}
