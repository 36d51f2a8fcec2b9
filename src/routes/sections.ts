// Which sections fill which routes, and what they tell of prefixes and parameters.
import type { UrlTemplate } from '../sitemap/url-template.ts'
import type { OrderedRoute } from './order.ts'
import type { Pattern } from './pattern.ts'
import { filledBy, type Reached, reach } from './reach.ts'
import type { Route } from './route.ts'
import { foldersOf, readTemplate, withoutPrefix } from './template-patterns.ts'

/** A section of records with all its addresses. */
export interface RecordSection {
  readonly name: string
  readonly templates: readonly UrlTemplate[]
}

export interface SectionFill extends Reached {
  readonly section: string
  /** How many folders of a prefix begin the template's addresses. */
  readonly prefixed: number
}

interface Where {
  readonly ordered: readonly OrderedRoute[]
  readonly caseSensitive: boolean
  readonly basename: string
  /** Prefixes that addresses have, `/de`, without the basename. */
  readonly prefixes: readonly string[]
}

/** Each route that a section fills, by each of its templates; `seen` is whether the router sees the prefixes. */
export function fillsOf(
  sections: readonly RecordSection[],
  { seen, ordered, caseSensitive, basename, prefixes }: Where & { readonly seen: boolean },
): readonly SectionFill[] {
  return sections.flatMap(({ name, templates }) =>
    templates.flatMap(template => {
      const whole = readTemplate(template, { basename })
      const prefix = prefixOf(whole, prefixes)
      const patterns = seen ? whole : whole.flatMap(each => withoutPrefix(each, prefix) ?? [])
      const { reached } = reach(ordered, patterns, { caseSensitive, conditions: 'open' })
      return filledBy(reached).map(each => ({ ...each, section: name, prefixed: prefix.length }))
    }),
  )
}

/** The longest one that all addresses of a template begin with. */
export function prefixOf(template: readonly Pattern[], prefixes: readonly string[]): readonly string[] {
  const fitting = prefixes
    .map(foldersOf)
    .filter(folders => template.length > 0 && template.every(each => withoutPrefix(each, folders)))
  return fitting.reduce((longest, each) => (each.length > longest.length ? each : longest), [])
}

/** Parameters that are one text wherever a section fills them: the channel, as it stands in all sections' addresses. */
export function taughtBy(fills: readonly SectionFill[]): ReadonlyMap<string, readonly string[]> {
  const texts = new Map<string, Set<string | undefined>>()
  for (const { pattern, fit } of fills) {
    for (const name of namesOf(pattern)) {
      const known = texts.get(name) ?? new Set()
      texts.set(name, known.add(fit.bindings.get(name)))
    }
  }
  return new Map(
    [...texts].flatMap(([name, [text, ...more]]) => (text === undefined || more.length > 0 ? [] : [[name, [text]]])),
  )
}

/** The names of its parameters; `*` of a splat without one. */
export const namesOf = ({ segments }: Pattern): readonly string[] =>
  segments.flatMap(segment =>
    segment.is === 'splat'
      ? [segment.name ?? '*']
      : segment.pieces.flatMap(piece => ('text' in piece ? [] : [piece.param])),
  )

/** The names of the sections that fill a route, each once. */
export const sectionsOf = (fills: readonly SectionFill[], route: Route): readonly string[] => [
  ...new Set(fills.filter(fill => fill.route === route).map(({ section }) => section)),
]
