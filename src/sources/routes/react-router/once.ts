// One route can be come by on several ways: on both sides of a condition, with and without it.
import type { FoundRoute } from './context.ts'

export function once(routes: readonly FoundRoute[]): FoundRoute[] {
  const same = grouped(routes, ({ path, file, line }) => JSON.stringify([path, file, line]))
  const left = new Set([...same.values()].flatMap(merged))
  return indexFirst(routes.filter(route => left.has(route)))
}

function merged(routes: readonly FoundRoute[]): readonly FoundRoute[] {
  const left: FoundRoute[] = []
  for (const route of routes) {
    const opposite = left.find(other => isOpposite(other.conditions, route.conditions))
    if (opposite) opposite.conditions = opposite.conditions.slice(0, -1)
    else if (!left.some(other => other.conditions.every(each => route.conditions.includes(each)))) left.push(route)
  }
  return left.filter(route => !left.some(other => isPart(other.conditions, route.conditions)))
}

const isPart = (some: readonly string[], all: readonly string[]): boolean =>
  some.length < all.length && some.every(each => all.includes(each))

/** The same but for the last, which is one thing here and its contrary there. */
function isOpposite(one: readonly string[], other: readonly string[]): boolean {
  const last = one.at(-1)
  const isSame = one.length === other.length && one.slice(0, -1).every((each, index) => each === other[index])
  return isSame && last !== undefined && (`!(${last})` === other.at(-1) || last === `!(${other.at(-1)})`)
}

/** Of one path the router takes the index; the others keep their order. */
function indexFirst(routes: readonly FoundRoute[]): FoundRoute[] {
  const byPath = grouped(routes, ({ path }) => path)
  for (const all of byPath.values()) all.sort((a, b) => Number(b.isIndex === true) - Number(a.isIndex === true))
  return routes.flatMap(({ path }) => byPath.get(path)?.shift() ?? [])
}

function grouped(routes: readonly FoundRoute[], keyOf: (route: FoundRoute) => string): Map<string, FoundRoute[]> {
  const groups = new Map<string, FoundRoute[]>()
  for (const route of routes) {
    const group = groups.get(keyOf(route))
    if (group) group.push(route)
    else groups.set(keyOf(route), [route])
  }
  return groups
}
