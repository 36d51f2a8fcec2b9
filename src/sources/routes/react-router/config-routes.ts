// Route objects of react-router-config, as v4 and v5 have them: { path, exact, component, routes }.
import type { ElementValue, ObjectValue, Value } from '../evaluate/value.ts'
import { known } from '../evaluate/value.ts'
import type { Context, Walk } from './context.ts'
import { type Guard, guardWithin, keepBehind } from './guards.ts'
import { readRoute5, showContent } from './routes-5.ts'
import { show } from './show.ts'

export function readConfigRoutes(walk: Walk, value: Value, context: Context): void {
  switch (value.is) {
    case 'array':
      for (const item of value.items) readConfigRoutes(walk, item, { ...context, inSwitch: true })
      return
    case 'choice':
      for (const each of value.values) readConfigRoutes(walk, each, context)
      return
    case 'maybe':
      readConfigRoutes(walk, value.value, { ...context, conditions: [...context.conditions, value.condition] })
      return
    case 'object': {
      const routes = value.properties.get('routes')?.()
      const element = elementOf(value)
      const within = { ...context, route: value }
      if (!routes) {
        readRoute5(walk, element, within)
        return
      }
      // What is below a route is shown by its component, wherever that may do it.
      const before = walk.found.routes.length
      readConfigRoutes(walk, routes, context)
      // Without a path it is a frame, as around a front end.
      const hasPath = value.properties.has('path')
      const guard = guardOfComponent(walk, element, within)
      keepBehind(walk.found.routes.slice(before), guard, { isInRoute: hasPath || context.isInRoute })
      if (hasPath) readRoute5(walk, element, within)
      return
    }
    case 'unknown':
      walk.found.unresolved.push({
        ...value.place,
        source: value.source,
        reason: `routes cannot be told, since ${value.reason}`,
      })
      return
    default:
      show(walk, value, context)
  }
}

/** The routes that are found on the way are those below it, and have been read. */
function guardOfComponent(walk: Walk, element: ElementValue, context: Context): Guard | undefined {
  const before = walk.found.routes.length
  const shown = showContent(walk, element, { context, isInRoute: true })
  walk.found.routes.splice(before)
  return guardWithin(shown, undefined)
}

const elementOf = (object: ObjectValue): ElementValue => ({
  is: 'element',
  type: known(''),
  name: 'Route',
  properties: object,
  place: object.place ?? { file: '' },
  written: new Set(object.properties.keys()),
})
