// Whether the addresses of sections are pages of the front end, told from their templates as far as that goes.
import type { UrlTemplate } from '../sitemap/url-template.ts'
import type { Outside } from './match.ts'
import { inOrder } from './order.ts'
import { reach } from './reach.ts'
import type { Route, RouteTable } from './route.ts'
import { prefixOf } from './sections.ts'
import { readTemplate, withoutPrefix } from './template-patterns.ts'

export interface TemplateCoverage {
  readonly template: UrlTemplate
  /** `some`: each address has to be looked at. */
  readonly covered: 'all' | 'some' | 'none'
  /** Pages that addresses of it can show. */
  readonly by: readonly Route[]
  /** Routes that are no pages, and take addresses of it. */
  readonly lost: readonly Route[]
  /** Whether addresses of it can come to no route at all. */
  readonly hasGaps: boolean
}

/** A route that shows something, guarded or not, covers an address; a redirect or a catch-all takes it and does not. */
export const covers = (route: Route | undefined): boolean => route?.kind === 'page'

/** Without what shows nothing, and takes addresses under a condition only: most visitors come past it. */
export const withoutDetours = (table: RouteTable): RouteTable => ({
  ...table,
  routes: table.routes.filter(route => covers(route) || route.condition === undefined),
})

/** For each template, by the routes that the router would choose. */
export function coverage(
  table: RouteTable,
  templates: readonly UrlTemplate[],
  { basename, hidden = [] }: Outside,
): readonly TemplateCoverage[] {
  const ordered = inOrder(table)
  return templates.map(template => {
    const whole = readTemplate(template, { basename })
    const prefix = prefixOf(whole, hidden)
    const patterns = whole.flatMap(each => withoutPrefix(each, prefix) ?? [])
    const { reached, isWhole } = reach(ordered, patterns, { ...table, conditions: 'met' })
    const routes = reached.map(({ route }) => route)
    const by = routes.filter(covers)
    const lost = routes.filter(route => !covers(route))
    const covered = by.length === 0 ? 'none' : isWhole && lost.length === 0 ? 'all' : 'some'
    return { template, covered, by, lost, hasGaps: !isWhole }
  })
}
