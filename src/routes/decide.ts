// What becomes of each route: listed, excluded, filled by a section, or undecided with the reason.
import type { ParameterValues } from './fill.ts'
import { compilePattern, toFolders } from './match-folders.ts'
import { compileNames, type NamePattern, namesOfPath } from './name-patterns.ts'
import { inOrder, type OrderedRoute } from './order.ts'
import { isStatic, type Pattern, paramName, paramOf, parsePattern, wordsOf } from './pattern.ts'
import { leadLength, type Page, type Placement, placePages, withoutLead } from './place.ts'
import { leadsOf, type PageAddress, prefixOfAddress } from './prefixes.ts'
import type { Place, Route, RouteTable } from './route.ts'
import { fillsOf, namesOf, type RecordSection, type SectionFill, sectionsOf, taughtBy } from './sections.ts'

export interface DecideOptions {
  readonly basename: string
  /** Undefined: whatever nothing speaks against is listed. */
  readonly include?: readonly string[] | undefined
  readonly exclude: readonly string[]
  /** Values of parameters, `*` for a splat without a name. */
  readonly params: Readonly<Record<string, readonly string[]>>
  readonly sections: readonly RecordSection[]
  readonly addresses: readonly PageAddress[]
}

export type Outcome =
  | { readonly is: 'listed'; readonly pages: readonly Page[] /** A pattern, or `default`. */; readonly by: string }
  | { readonly is: 'excluded'; readonly by: string }
  | { readonly is: 'filled'; readonly by: readonly string[] }
  | { readonly is: 'redirect'; readonly to?: string | undefined }
  | { readonly is: 'catch-all' }
  | { readonly is: 'resource' }
  | { readonly is: 'guarded'; readonly by: Place & { readonly name: string } }
  | { readonly is: 'shadowed'; readonly by: Route }
  | { readonly is: 'undecided'; readonly why: string }

export interface DecidedRoute {
  readonly route: Route
  readonly outcome: Outcome
}

/** In the order of the table. */
export function decideRoutes(table: RouteTable, options: DecideOptions): readonly DecidedRoute[] {
  const known = study(table, options)
  return table.routes.map(route => ({ route, outcome: decide(route, known) }))
}

/** Patterns that name no route at all: they are written wrong, or the route is gone. */
export function unusedPatterns(table: RouteTable, options: DecideOptions): readonly string[] {
  const known = study(table, options)
  const names = table.routes.map(({ path, written }) => {
    const parsed = parsePattern(path)
    return 'problem' in parsed ? [path] : [...namesFor(parsed.pattern, known), ...asWritten(written)]
  })
  return [...known.exclude, ...(known.include ?? [])]
    .filter(({ matches }) => !names.some(matches))
    .map(({ text }) => text)
}

/** Parameters with values of which no route has the name. */
export function unusedParams({ routes }: RouteTable, { params }: Pick<DecideOptions, 'params'>): readonly string[] {
  const known = new Set(
    routes.flatMap(({ path }) => {
      const parsed = parsePattern(path)
      return 'problem' in parsed ? [] : namesOf(parsed.pattern)
    }),
  )
  return Object.keys(params).filter(name => !known.has(name === '*' ? name : paramName(name)))
}

/** Prefixes of addresses that the router never sees. */
export function hiddenPrefixes(
  table: RouteTable,
  options: Pick<DecideOptions, 'basename' | 'sections' | 'addresses'>,
): readonly string[] {
  const { leads, prefixes } = study(table, { ...options, exclude: [], params: {} })
  return leads.size > 0 ? [] : prefixes.filter(prefix => prefix !== '')
}

interface Known extends Placement {
  readonly table: RouteTable
  readonly ordered: readonly OrderedRoute[]
  readonly prefixes: readonly string[]
  readonly fills: readonly SectionFill[]
  readonly include: readonly NamePattern[] | undefined
  readonly exclude: readonly NamePattern[]
}

function study(table: RouteTable, options: DecideOptions): Known {
  const { basename, addresses, sections } = options
  const { caseSensitive } = table
  const ordered = inOrder(table)
  const prefixes = [...new Set(addresses.map(address => prefixOfAddress(address, basename)))]
  const leads = leadsOf(ordered, { prefixes, sections, caseSensitive, basename })
  const fills = fillsOf(sections, { ordered, caseSensitive, basename, prefixes, seen: leads.size > 0 })
  const hasLocales = addresses.some(({ hreflang }) => hreflang !== undefined)
  const given = Object.entries(options.params).map(
    ([name, texts]) => [name === '*' ? name : paramName(name), texts] as const,
  )
  const values: ParameterValues = { given: new Map(given), taught: hasLocales ? new Map() : taughtBy(fills) }
  const include = options.include && compileNames(options.include, table)
  const exclude = compileNames(options.exclude, table)
  return { table, ordered, prefixes, fills, include, exclude, addresses, basename, leads, values }
}

function decide(route: Route, known: Known): Outcome {
  if (route.kind === 'redirect') return { is: 'redirect', to: route.to }
  if (route.kind !== 'page') return { is: route.kind }
  const parsed = parsePattern(route.path)
  if ('problem' in parsed) return { is: 'undecided', why: `its path cannot be read: ${parsed.problem}` }
  const { pattern } = parsed
  const names = [...namesFor(pattern, known), ...asWritten(route.written)]
  const excluding = known.exclude.find(({ matches }) => matches(names))
  if (excluding) return { is: 'excluded', by: excluding.text }
  const sections = isStatic(pattern) ? [] : sectionsOf(known.fills, route)
  if (sections.length > 0) return { is: 'filled', by: sections }
  const including = known.include?.find(({ matches }) => matches(names))
  if (including) return listBy(pattern, including.text, known)
  const shadow = shadowOf(route, known)
  if (shadow) return { is: 'shadowed', by: shadow }
  if (route.guard) return { is: 'guarded', by: route.guard }
  const why = doubtsOf(route, known)
  return why === undefined ? listBy(pattern, 'default', known) : { is: 'undecided', why }
}

function listBy(pattern: Pattern, by: string, known: Known): Outcome {
  const placed = placePages(pattern, known)
  if ('pages' in placed) return { is: 'listed', pages: placed.pages, by }
  const why = isStatic(pattern) ? placed.why : `no section fills it, and ${placed.why}`
  return { is: 'undecided', why }
}

function doubtsOf({ condition, mayRedirect }: Route, { include }: Known): string | undefined {
  if (condition !== undefined) return `it is there only where ${condition}`
  if (mayRedirect) {
    const line = mayRedirect.line === undefined ? '' : `:${mayRedirect.line}`
    return `its component may lead elsewhere (${mayRedirect.file}${line})`
  }
  return include ? 'no pattern of "include" names it' : undefined
}

/** The route that a Switch shows in its place, since it comes first. */
function shadowOf(route: Route, { table, ordered }: Known): Route | undefined {
  const at = ordered.findIndex(each => each.route === route)
  const own = ordered[at]
  if (table.order !== 'written' || own === undefined) return undefined
  const parsed = parsePattern(route.path)
  if ('problem' in parsed || !isStatic(parsed.pattern)) return undefined
  const folders = toFolders(route.path, table)
  return ordered
    .slice(0, at)
    .find(each => each.route.condition === undefined && compilePattern(each.pattern, table).matches(folders))?.route
}

/** As people see it in the source: `/:lang?/about`. */
const asWritten = (written: string | undefined): readonly string[] =>
  written === undefined ? [] : [written.startsWith('/') ? written : `/${written}`]

/** What patterns can call it: with basename and prefix, and without. */
function namesFor(pattern: Pattern, known: Known): readonly string[] {
  const lead = leadLength(pattern, known) || constantLead(pattern, known)
  const names = [...namesOfPath(pattern), ...(lead > 0 ? namesOfPath(withoutLead(pattern, lead)) : [])]
  const base = known.basename.replace(/\/$/, '')
  return base === '' ? names : [...names, ...names.map(name => `${base}${name}`)]
}

/** Folders at the beginning whose values are known without a section: the channel, the language. */
function constantLead({ segments }: Pattern, { values, leads }: Known): number {
  if (leads.size > 0) return 0
  const end = segments.findIndex(segment => {
    const value = paramOf(segment)
    return !value || (wordsOf(value.regex) === undefined && !values.taught.has(value.param))
  })
  return end === -1 ? segments.length : end
}
