// What v5 gives to the components of routes: `match` is the route's path, as far as it can be told.
import { known, objectOf, type UnknownValue, type Value } from '../evaluate/value.ts'
import type { Context } from './context.ts'

const changing = (source: string): UnknownValue => ({
  is: 'unknown',
  reason: 'it is only known when it runs',
  source,
  place: { file: '' },
})

/** `match.url` of a route is its path; its parameters are those of a visitor's address. */
export const matchOf = (path: string): Value =>
  objectOf({ path: known(path), url: known(path === '/' ? '' : path) }, { open: changing('match') })

export const routeProperties = ({ match }: Context): Map<string, () => Value> =>
  new Map([
    ['match', () => matchOf(match)],
    ['location', () => changing('location')],
    ['history', () => changing('history')],
  ])

export const routeProps = (context: Context): Value => objectOf(routeProperties(context))
