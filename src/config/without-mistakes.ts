// What is left of a configuration when the parts with mistakes are taken out, so that the others can still be looked at.
import type { Problem } from '../problem.ts'
import { isPlainObject } from '../rules/parse.ts'

type Data = Readonly<Record<string, unknown>>

/** A site that none can be; for a configuration that names none. */
const NO_SITE = 'https://storemap.invalid'

export function withoutMistakes(data: unknown, problems: readonly Problem[]): unknown {
  if (!isPlainObject(data)) return data
  const paths = problems.map(({ path }) => path)
  if (!isPlainObject(data.sites)) return pruned(data, paths, NO_SITE)
  const { sites, ...shared } = data
  const own = Object.entries(sites as Data).flatMap(([key, site], index): [string, unknown][] => {
    const prefix = `sites.${key}`
    // What is wrong with its name, or with all of it, leaves nothing.
    if (!isPlainObject(site) || paths.includes(prefix)) return []
    const inside = paths.filter(path => path.startsWith(`${prefix}.`)).map(path => path.slice(prefix.length + 1))
    return [[key, pruned(site, inside, shared.sections === undefined ? `https://site-${index}.invalid` : undefined)]]
  })
  return { ...pruned(shared, paths, undefined), sites: Object.fromEntries(own) }
}

/** `site`: what takes the place of one that is missing; undefined: none does, and no section has to be left. */
function pruned(data: Data, paths: readonly string[], site: string | undefined): Data {
  const at = (setting: string): boolean =>
    paths.some(path => path === setting || (path.startsWith(setting) && /^[.[]/.test(path.slice(setting.length))))
  const left = Object.entries(data).flatMap(([key, value]): [string, unknown][] => {
    if (!at(key)) return [[key, value]]
    if (key === 'sections' && isPlainObject(value))
      return [[key, Object.fromEntries(Object.entries(value).filter(([name]) => !at(`sections.${name}`)))]]
    if (key === 'publish' && Array.isArray(value)) return [[key, value.filter((_, index) => !at(`publish[${index}]`))]]
    return []
  })
  const next = Object.fromEntries(left)
  if (site === undefined) return next
  const sections = isPlainObject(next.sections) && Object.keys(next.sections).length > 0 ? next.sections : EMPTY
  return { ...next, site: next.site ?? site, sections }
}

const EMPTY = { nothing: { of: 'list', paths: ['/'] } }
