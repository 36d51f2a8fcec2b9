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

const isPathless = ({ properties }: ObjectValue): boolean => properties.has('index') || properties.has('children')

export const specOfObject = (object: ObjectValue, place: Place): RouteSpec => ({
  // What cannot be told of an object may be its path, where nothing else says what that is.
  get: name =>
    object.properties.get(name)?.() ?? (name === 'path' && !isPathless(object) ? object.open : undefined) ?? UNDEFINED,
  place: object.place ?? place,
  source: 'a route object',
})
