// Where the pages of a route are, in all languages.
import { encodeLiteral } from '../sitemap/url-template.ts'
import { fillPattern, type ParameterValues } from './fill.ts'
import { belowBasename } from './match.ts'
import type { Pattern } from './pattern.ts'
import { beginsWith, formatLead, type PageAddress, prefixOfAddress } from './prefixes.ts'
import { foldersOf } from './template-patterns.ts'

/** A page by its path, `/about`, with its place in the site for each of the addresses; undefined: not there. */
export interface Page {
  readonly path: string
  readonly locs: readonly (string | undefined)[]
  /** Its one place, of a page that has none of the addresses. */
  readonly alone?: string | undefined
}

export interface Placement {
  readonly addresses: readonly PageAddress[]
  readonly basename: string
  /** How routes begin that have the addresses' prefixes. */
  readonly leads: ReadonlySet<string>
  readonly values: ParameterValues
}

/** The pages of a route; or why they cannot be told. */
export function placePages(
  pattern: Pattern,
  placement: Placement,
): { readonly pages: readonly Page[] } | { readonly why: string } {
  const { addresses, basename, leads, values } = placement
  const lead = leadLength(pattern, placement)
  const rest = withoutLead(pattern, lead)
  const filled = fillPattern(rest, values)
  if ('why' in filled) return filled
  const places = addresses.map(address => {
    const prefix = foldersOf(prefixOfAddress(address, basename))
    if (leads.size === 0) return true
    return prefix.length === lead && beginsWith(pattern, prefix)
  })
  const pages = filled.paths.flatMap((path): Page[] => {
    const locs = addresses.map((address, index) =>
      places[index] ? placeIn(address, path, { basename, lead, slash: pattern.trailingSlash }) : undefined,
    )
    if (locs.some(loc => loc !== undefined)) return [{ path: pageName(path, addresses[places.indexOf(true)]), locs }]
    const own = lead === 0 ? { paths: [path] } : fillPattern(pattern, values)
    return 'why' in own ? [] : own.paths.map(each => ({ path: each, locs, alone: `${withoutSlash(basename)}${each}` }))
  })
  return pages.length > 0
    ? { pages }
    : { why: `no address begins as ${formatLead(pattern, lead)} can, and ends as it does` }
}

/** How many folders of a pattern are the prefix of an address. */
export function leadLength(pattern: Pattern, { addresses, basename, leads }: Omit<Placement, 'values'>): number {
  const lengths = addresses.map(address => foldersOf(prefixOfAddress(address, basename)).length)
  return Math.max(
    0,
    ...lengths.filter(length => length <= pattern.segments.length && leads.has(formatLead(pattern, length))),
  )
}

export const withoutLead = ({ segments, trailingSlash }: Pattern, length: number): Pattern => ({
  segments: segments.slice(length),
  trailingSlash: trailingSlash || segments.length === length,
})

/** `/about` at `/de{path}`; undefined where the address ends in a way that the route does not. */
function placeIn(
  { template }: PageAddress,
  path: string,
  { basename, lead, slash }: { readonly basename: string; readonly lead: number; readonly slash: boolean },
): string | undefined {
  const [before = '', after = ''] = template.literals.map(encodeLiteral)
  const start = before.replace(/\/$/, '')
  const base = belowBasename(start === '' ? '/' : start, basename) === undefined ? withoutSlash(basename) : ''
  const [end = '', ...query] = after.split('?')
  // A router that has the prefix has the whole path: what follows it in the address has to be there, too.
  if (lead > 0 && !path.endsWith(end)) return undefined
  const tail = lead > 0 ? '' : end.startsWith('/') && path.endsWith('/') ? end.slice(1) : end
  // The front page below a prefix has no slash but its own: /de of /:lang, /de/ of /:lang/.
  const whole = `${start}${base}${lead > 0 && path === '/' && !slash ? '' : path}${tail}`
  return query.length > 0 ? `${whole}?${query.join('?')}` : whole
}

/** Without what every address puts behind it. */
function pageName(path: string, address: PageAddress | undefined): string {
  const [end = ''] = encodeLiteral(address?.template.literals[1] ?? '').split('?')
  return end !== '' && path.endsWith(end) && path !== end ? path.slice(0, -end.length) : path
}

const withoutSlash = (basename: string): string => encodeLiteral(basename.replace(/\/$/, ''))
