// A route of v6 and later, however it is written: as an element, or as an object.
import type { Place } from '../../../routes/route.ts'
import { type ElementValue, type ObjectValue, UNDEFINED, type Value } from '../evaluate/value.ts'

export interface RouteSpec {
  get(name: string): Value
  readonly place: Place
  /** For people: `<Route>`, or the object's beginning. */
  readonly source: string
}

export const specOfElement = (element: ElementValue): RouteSpec => ({
  get: name => element.properties.properties.get(name)?.() ?? element.properties.open ?? UNDEFINED,
  place: element.place,
  source: `<${element.name}>`,
})

export const specOfObject = (object: ObjectValue, place: Place): RouteSpec => ({
  // What cannot be told of an object may be anything, but mostly is not the path.
  get: name => object.properties.get(name)?.() ?? UNDEFINED,
  place: object.place ?? place,
  source: 'a route object',
})
