// The other way round: addresses that sections list, and the front end has no route for.
import { coverage, covers, withoutDetours } from '../routes/cover.ts'
import type { DecidedRoute } from '../routes/decide.ts'
import { compileTable } from '../routes/match.ts'
import { nearestRoute } from '../routes/nearest.ts'
import type { Route } from '../routes/route.ts'
import type { PageEntry } from './entries.ts'
import type { Job, Section } from './job.ts'
import type { FrontEndRead } from './routes.ts'

export interface UncoveredExample {
  readonly loc: string
  /** The redirect or catch-all that takes it. */
  readonly takenBy?: Route | undefined
  /** The route that was probably meant. */
  readonly nearest?: Route | undefined
}

/** Addresses of a section that no page of the front end shows. */
export interface Uncovered {
  count: number
  readonly examples: UncoveredExample[]
}

export type Watch = (entries: readonly PageEntry[]) => void

const MOST_EXAMPLES = 3

/** Undefined where there is nothing to look at: all that the section's templates can give is covered. */
export function watchCoverage(job: Job, section: Section): { watch: Watch; uncovered: Uncovered } | undefined {
  const others = job.frontEnds.map(read => ({ ...read, table: withoutDetours(read.table) }))
  if (others.length === 0 || others.some(({ section: name }) => name === section.name)) return undefined
  const needs =
    section.kind === 'list'
      ? undefined
      : needsOf(
          section.addresses.map(({ url }) => url),
          others,
        )
  if (needs && !needs.includes(true)) return undefined
  const matchers = others.map(({ table, outside }) => compileTable(table, outside))
  const nearby = others.map(({ table, outside, decided }) => ({ table, outside, free: freeFor(section.name, decided) }))
  const uncovered: Uncovered = { count: 0, examples: [] }
  const look = ({ loc, slot }: PageEntry): void => {
    if (needs && !needs[slot]) return
    const path = loc.slice(job.site.length).replace(/[?#].*$/s, '')
    const routes = matchers.map(match => match(path))
    if (routes.some(covers)) return
    uncovered.count++
    if (uncovered.examples.length >= MOST_EXAMPLES) return
    const nearest = nearestRoute(nearby, section.kind === 'records' ? (section.addresses[slot]?.url ?? path) : path)
    uncovered.examples.push({ loc, takenBy: routes.find(route => route !== undefined), nearest })
  }
  return { uncovered, watch: entries => entries.forEach(look) }
}

/** Routes that wait for addresses: no other section fills them, and nobody has put them aside. */
function freeFor(section: string, decided: readonly DecidedRoute[]): ReadonlySet<Route> {
  const isFree = ({ outcome }: DecidedRoute): boolean =>
    outcome.is === 'filled' ? outcome.by.every(name => name === section) : FREE.has(outcome.is)
  return new Set(decided.filter(isFree).map(({ route }) => route))
}

const FREE: ReadonlySet<DecidedRoute['outcome']['is']> = new Set(['listed', 'undecided'])

/** For each address of the section, whether its entries have to be looked at one by one. */
function needsOf(
  templates: readonly Parameters<typeof coverage>[1][number][],
  others: readonly FrontEndRead[],
): boolean[] {
  const told = others.map(({ table, outside }) => coverage(table, templates, outside))
  return templates.map((_, index) => !told.some(each => each[index]?.covered === 'all'))
}

/** Next leads each address without its slash, or with one too many, to the other: a sitemap has the one that is shown. */
export function slashTexts(job: Job): readonly string[] {
  const tables = job.frontEnds.filter(({ table }) => table.forms.some(form => form.startsWith('next')))
  return job.sections.flatMap(section => {
    if (section.kind !== 'records') return []
    const templates = section.addresses.map(({ url }) => url)
    for (const { table, outside } of tables) {
      for (const { template, by } of coverage(table, templates, outside)) {
        const hasSlash = (template.literals.at(-1) ?? '').endsWith('/')
        const [route] = by
        if (!route || by.some(({ path }) => path.endsWith('/') === hasSlash)) continue
        const [own, other] = hasSlash ? ['with a slash', 'without one'] : ['without a slash', 'with one']
        return [
          `Addresses of ${section.name} end ${own}, and those of the front end's route ${route.path} (${placeOf(route)}) ${other}: each only leads to the other.`,
        ]
      }
    }
    return []
  })
}

export function uncoveredText(section: string, { count, examples }: Uncovered): string {
  const told = examples.map(({ loc, takenBy, nearest }) => {
    return `${loc}${takenBy ? `, which ${takerText(takenBy)}` : ''}${nearest ? `; the nearest route is ${nearest.path} (${placeOf(nearest)})` : ''}`
  })
  const first = count === 1 ? '1 address' : `${count.toLocaleString('en')} addresses`
  return `${first} of ${section} ${count === 1 ? 'is' : 'are'} no page of the front end: ${told.join('. ')}`
}

function takerText(route: Route): string {
  const name = `${route.path} (${placeOf(route)})`
  if (route.kind === 'resource') return `${name} answers with no page`
  return `the ${route.kind} ${name} takes`
}

const placeOf = ({ file, line }: Route): string => (line === undefined ? file : `${file}:${line}`)
