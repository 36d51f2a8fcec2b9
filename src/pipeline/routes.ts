// Sections of routes become lists: each front end is read once, before anything else of the run, and decided about.
import { errors } from '../errors.ts'
import { type DecidedRoute, decideRoutes, hiddenPrefixes, unusedParams, unusedPatterns } from '../routes/decide.ts'
import { listPages } from '../routes/list-pages.ts'
import type { Outside } from '../routes/match.ts'
import type { Route, RouteTable, Unresolved } from '../routes/route.ts'
import { lastmodFromDate } from '../sitemap/lastmod.ts'
import type { FrontEndRoutes } from '../sources/source.ts'
import type { ConfiguredJob, Job, ListSection, OnProgress, PlacedPath, RouteSection, Section } from './job.ts'

/** What was read of a front end for a section, and what becomes of it. */
export interface FrontEndRead {
  readonly section: string
  /** For people: where it was read. */
  readonly name: string
  readonly table: RouteTable
  readonly decided: readonly DecidedRoute[]
  /** What is not told by hand either. */
  readonly unresolved: readonly Unresolved[]
  /** Patterns, parameters and expressions of the configuration that fit nothing. */
  readonly unused: readonly string[]
  readonly outside: Outside
  readonly uncovered: 'warn' | 'error'
}

/**
 * Reads the front ends. Fails as they do, and with ROUTES_UNDECIDED where one is that is not allowed to be: nothing else
 * has been read then.
 */
export async function readRoutes(
  job: ConfiguredJob,
  {
    signal,
    onProgress,
  }: { readonly signal?: AbortSignal | undefined; readonly onProgress?: OnProgress | undefined } = {},
): Promise<Job> {
  const frontEnds: FrontEndRead[] = []
  const sections: Section[] = []
  for (const section of job.sections) {
    if (section.kind !== 'routes') {
      sections.push(section)
      continue
    }
    onProgress?.({ stage: 'routes', section: section.name })
    const { read, paths } = await readSection(job, section, signal)
    frontEnds.push(read)
    sections.push(listOf(section, paths))
  }
  const undecided = frontEnds.flatMap(read => {
    const section = job.sections.find(({ name }) => name === read.section)
    return section?.kind === 'routes' && section.rules.undecided === 'error' ? [...undecidedIn(read)] : []
  })
  if (undecided.length > 0) throw errors.routesUndecided(undecided)
  return { ...job, sections, frontEnds }
}

/** The same job for what reads no front end: its sections of routes are lists of nothing. */
export const withoutRoutes = (job: ConfiguredJob): Job => ({
  ...job,
  frontEnds: [],
  sections: job.sections.map(section => (section.kind === 'routes' ? listOf(section, []) : section)),
})

function listOf({ name, addresses }: RouteSection, paths: readonly PlacedPath[]): ListSection {
  return {
    kind: 'list',
    name,
    addresses,
    read: async function* () {
      yield paths
    },
  }
}

async function readSection(
  job: ConfiguredJob,
  section: RouteSection,
  signal: AbortSignal | undefined,
): Promise<{ read: FrontEndRead; paths: readonly PlacedPath[] }> {
  const opened = await section.open(signal)
  try {
    const read = decide(job, section, opened)
    const pages = listPages(read.decided)
    const dates = await datesOf(section, opened, pages)
    const paths = pages.map(
      ({ path, locs, alone, route }): PlacedPath => ({ path, places: locs, alone, lastmod: dates.get(fileOf(route)) }),
    )
    return { read, paths }
  } finally {
    await opened.close()
  }
}

function decide(job: ConfiguredJob, section: RouteSection, { table: found, name }: FrontEndRoutes): FrontEndRead {
  const { rules } = section
  const { table, unresolved, unused } = resolveByHand(found, section)
  const basename = rules.basename ?? table.basename
  const sections = job.sections.flatMap(each =>
    each.kind === 'records' ? [{ name: each.name, templates: each.addresses.map(({ url }) => url) }] : [],
  )
  const addresses = section.addresses.map(({ hreflang, url }) => ({ hreflang, template: url }))
  const { include, exclude, params } = rules
  const options = { basename, include, exclude, params, sections, addresses }
  return {
    section: section.name,
    name,
    table,
    decided: decideRoutes(table, options),
    unresolved,
    unused: [...unusedPatterns(table, options), ...unusedParams(table, options), ...unused],
    outside: { basename, hidden: hiddenPrefixes(table, options) },
    uncovered: rules.uncovered,
  }
}

/** What the source does not tell, and the configuration does. */
function resolveByHand(found: RouteTable, { name, rules }: RouteSection) {
  const used = new Set<string>()
  const unresolved = found.unresolved.filter(({ file, line, source }) => {
    const key = [`${file}:${line}`, source, file].find(each => Object.hasOwn(rules.resolve, each))
    if (key !== undefined) used.add(key)
    return key === undefined
  })
  const given = Object.entries(rules.resolve).flatMap(([key, paths]) =>
    paths.map((path): Route => ({ path, file: `sections.${name}.resolve["${key}"]`, kind: 'page' })),
  )
  const known = new Set(found.routes.map(({ path }) => path))
  const table = { ...found, routes: [...found.routes, ...given.filter(({ path }) => !known.has(path))] }
  return { table, unresolved, unused: Object.keys(rules.resolve).filter(key => !used.has(key)) }
}

const fileOf = ({ component, file }: Route): string => component ?? file

async function datesOf(
  { rules }: RouteSection,
  opened: FrontEndRoutes,
  pages: readonly { readonly route: Route }[],
): Promise<ReadonlyMap<string, string>> {
  if (rules.lastmod === 'none') return new Map()
  const dates = new Map(pages.flatMap(({ route }) => (route.changed ? [[fileOf(route), route.changed] as const] : [])))
  const files = [...new Set(pages.map(({ route }) => fileOf(route)))].filter(file => !dates.has(file))
  for (const [file, date] of await opened.lastChanges(files)) dates.set(file, lastmodFromDate(date))
  return dates
}

export interface Undecided {
  readonly section: string
  /** A route's path, or an expression of the source. */
  readonly what: string
  readonly file: string
  readonly line: number | undefined
  readonly why: string
}

/** Routes of which nothing is decided, and places of the source that may have more of them. */
export function undecidedIn({ section, decided, unresolved }: FrontEndRead): readonly Undecided[] {
  return [
    ...decided.flatMap(({ route, outcome }) =>
      outcome.is === 'undecided'
        ? [{ section, what: route.path, file: route.file, line: route.line, why: outcome.why }]
        : [],
    ),
    ...unresolved.map(({ source, file, line, reason }) => ({ section, what: source, file, line, why: reason })),
  ]
}

const MOST_TOLD = 5

/** What is worth a warning at each run. */
export function routeWarnings(read: FrontEndRead): readonly string[] {
  const undecided = undecidedIn(read)
  const told = undecided.slice(0, MOST_TOLD).map(({ what, file, line, why }) => {
    const place = line === undefined ? file : `${file}:${line}`
    return `${what} (${place}): ${why}`
  })
  const more = undecided.length > told.length ? `; and ${undecided.length - told.length} more` : ''
  const count = undecided.length === 1 ? '1 route is' : `${undecided.length} routes are`
  return [
    ...(undecided.length === 0
      ? []
      : [`In ${read.name} ${count} undecided: ${told.join('; ')}${more}. "storemap routes" shows all of them.`]),
    ...read.unused.map(
      text =>
        `In sections.${read.section}, "${text}" fits nothing in ${read.name}: it is written wrong, or the route is gone.`,
    ),
  ]
}
