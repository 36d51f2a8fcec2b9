// Whether the router itself has what stands before a page's path, as /de or /default-channel: evidence decides.
import type { UrlTemplate } from '../sitemap/url-template.ts'
import { belowBasename } from './match.ts'
import { toTest } from './match-folders.ts'
import type { OrderedRoute } from './order.ts'
import { formatPattern, type Pattern, paramOf, textOf, wordsOf } from './pattern.ts'
import { fillsOf, type RecordSection } from './sections.ts'
import { foldersOf } from './template-patterns.ts'

/** One of the addresses that every page may have: `/de{path}`. */
export interface PageAddress {
  readonly hreflang?: string | undefined
  /** With the one field `path`. */
  readonly template: UrlTemplate
}

/** What of addresses stands before the path, below the basename: `/de`; '' for nothing. */
export function prefixOfAddress({ template }: PageAddress, basename: string): string {
  const before = (template.literals[0] ?? '').replace(/\/$/, '')
  return (belowBasename(before, basename) ?? before).replace(/^\/$/, '')
}

/**
 * How routes begin where addresses have their prefix, `:lang` or `de`; none where the router sees paths without one,
 * since a basename or Next's own languages take it away.
 */
export function leadsOf(
  ordered: readonly OrderedRoute[],
  {
    prefixes,
    sections,
    ...where
  }: {
    readonly prefixes: readonly string[]
    readonly sections: readonly RecordSection[]
    readonly caseSensitive: boolean
    readonly basename: string
  },
): ReadonlySet<string> {
  const named = prefixes.filter(prefix => prefix !== '')
  if (named.length === 0) return new Set()
  const leads = ordered.flatMap(({ pattern, route }) =>
    route.kind === 'catch-all' ? [] : named.flatMap(prefix => leadOf(pattern, foldersOf(prefix)) ?? []),
  )
  const own = leads.filter(({ isSure }) => isSure).map(({ lead }) => lead)
  const given = { ...where, ordered, prefixes: named }
  const withThem = fillsOf(sections, { ...given, seen: true }).filter(
    ({ prefixed, fit }) => prefixed > 0 && fit.loose <= prefixed,
  )
  const without = fillsOf(sections, { ...given, seen: false }).filter(
    ({ prefixed, fit }) => prefixed > 0 && fit.loose === 0,
  )
  if (without.length > withThem.length) return new Set(own.filter(lead => !lead.includes(':')))
  const filled = withThem.map(({ pattern, prefixed }) => formatLead(pattern, prefixed))
  return new Set([...own, ...filled])
}

/** How the pattern begins, where that can be the prefix; sure where hardly anything else can be meant. */
function leadOf(pattern: Pattern, prefix: readonly string[]): { lead: string; isSure: boolean } | undefined {
  if (!beginsWith(pattern, prefix)) return undefined
  const first = pattern.segments.slice(0, prefix.length)
  const isNarrow = first.some(segment => textOf(segment) !== undefined || isChoice(paramOf(segment)?.regex))
  return {
    lead: formatLead(pattern, prefix.length),
    isSure: isNarrow || textOf(pattern.segments[prefix.length]) !== undefined,
  }
}

/** Whether the folders of a prefix stand at its beginning, as text or as whole values. */
export const beginsWith = (pattern: Pattern, prefix: readonly string[]): boolean =>
  prefix.every((text, index) => {
    const segment = pattern.segments[index]
    const value = paramOf(segment)
    const fixed = textOf(segment)
    return fixed !== undefined
      ? fixed.toLowerCase() === text.toLowerCase()
      : value !== undefined && toTest([value], false)(text)
  })

export const formatLead = ({ segments }: Pattern, length: number): string =>
  formatPattern({ segments: segments.slice(0, length), trailingSlash: false })

/** A regular expression that takes languages or channels, and not just any page. */
const isChoice = (regex: string | undefined): boolean =>
  regex !== undefined &&
  (wordsOf(regex) !== undefined || !toTest([{ param: '', regex }], false)('a-page-with-a-longer-name'))
