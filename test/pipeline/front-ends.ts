// Sections of routes for tests of the pipeline: the table comes from the test, everything after it is real.
import type { Address, Job, PlacedPath, RouteRules, RouteSection } from '../../src/pipeline/job.ts'
import { readRoutes } from '../../src/pipeline/routes.ts'
import type { RouteTable } from '../../src/routes/route.ts'
import { makeJob } from './setting.ts'

export const RULES: RouteRules = {
  include: undefined,
  exclude: [],
  basename: undefined,
  params: {},
  resolve: {},
  undecided: 'warn',
  uncovered: 'warn',
  lastmod: 'none',
}

/** `/de{path}`. */
export function address(text: string, hreflang?: string): Address {
  const [before = '', after = ''] = text.split('{path}')
  return { hreflang, isDefault: false, url: { literals: [before, after], fields: ['path'], formats: [undefined] } }
}

export interface FrontEndGiven extends Partial<RouteRules> {
  readonly name?: string
  readonly addresses?: readonly Address[]
  /** By file, what its history says. */
  readonly dates?: Readonly<Record<string, string>>
  readonly onOpen?: () => void
  readonly onClose?: () => void
}

export function routeSection(table: RouteTable, given: FrontEndGiven = {}): RouteSection {
  const { name = 'static', addresses = [address('/{path}')], dates = {}, onOpen, onClose, ...rules } = given
  return {
    kind: 'routes',
    name,
    addresses,
    rules: { ...RULES, ...rules },
    open: async () => {
      onOpen?.()
      return {
        table,
        name: `front end of ${name}`,
        lastChanges: async files =>
          new Map(files.flatMap(file => (dates[file] ? [[file, new Date(dates[file])] as const] : []))),
        close: async () => onClose?.(),
      }
    },
  }
}

/** The job with its front ends read. */
export const read = (sections: readonly (RouteSection | Job['sections'][number])[]): Promise<Job> =>
  readRoutes({ ...makeJob([]), sections })

/** What a section of routes lists. */
export async function pathsOf(job: Job, name = 'static'): Promise<readonly PlacedPath[]> {
  const section = job.sections.find(each => each.name === name)
  if (section?.kind !== 'list') throw new Error(`${name} is no list`)
  const paths: PlacedPath[] = []
  for await (const batch of section.read()) paths.push(...(batch as readonly PlacedPath[]))
  return paths
}
