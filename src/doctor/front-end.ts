// The front end's router, section by section: can it be read, and is something of it undecided.
import type { Site } from '../compose.ts'
import { routesOfSite, undecidedIn } from '../operations.ts'
import type { RouteSection } from '../pipeline/job.ts'
import type { Check } from './check.ts'

export function frontEndCheck(site: Site, section: RouteSection): Check {
  return {
    site: site.key,
    area: 'front end',
    title: section.name,
    look: async ({ tell, signal }) => {
      // What other sections list fills its routes; other front ends have checks of their own.
      const sections = site.job.sections.filter(each => each === section || each.kind !== 'routes')
      const alone = { ...site, job: { ...site.job, sections } }
      for (const read of await routesOfSite(alone, { signal })) {
        const { name, table, decided, unused } = read
        const at = table.revision === undefined ? '' : `, commit ${table.revision.slice(0, 10)}`
        const listed = decided.filter(({ outcome }) => outcome.is === 'listed').length
        const found = `${name}${at}: ${decided.length} routes, ${listed} of them listed`
        const undecided = undecidedIn(read)
        if (undecided.length === 0) tell.ok(section.name, found)
        else {
          const [first] = undecided
          const told = `${found}, ${undecided.length} undecided, such as ${first?.what}`
          const remedy = '"storemap routes" shows all of them; name each under "include", "exclude" or "params".'
          if (section.rules.undecided === 'error') tell.fail(section.name, told, { remedy })
          else tell.warn(section.name, told, { remedy })
        }
        if (unused.length > 0) {
          tell.warn(section.name, `${unused.map(text => `"${text}"`).join(', ')} of the configuration fits nothing`, {
            remedy: 'Correct it, or take it out.',
          })
        }
      }
    },
  }
}
