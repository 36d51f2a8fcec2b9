// What a run would change as people read it: section by section what comes, what goes and why, and what has another date.
import type { ExplainedDiff, ExplainedSectionDiff, Removal, RemovalCause } from '../explain/removal.ts'
import { valuesText } from './explain-verdicts.ts'
import type { Output } from './output.ts'
import { shownText } from './yaml-text.ts'

/** Named below each reason; the JSON has all that were looked at. */
const EXAMPLES = 3

const number = (value: number): string => value.toLocaleString('en')

/** Addresses are shown without the site. */
type PathOf = (loc: string) => string

interface Showing {
  readonly output: Output
  readonly pathOf: PathOf
}

/** '' where nothing changed. */
export function changesText(changes: ExplainedDiff, { site, output }: { site: string; output: Output }): string {
  const pathOf = (loc: string): string => (loc.startsWith(`${site}/`) ? loc.slice(site.length) : loc)
  return changes.sections.flatMap(section => sectionLines(section, { output, pathOf })).join('\n')
}

function sectionLines(section: ExplainedSectionDiff, { output, pathOf }: Showing): string[] {
  const { name, added, changed, examples } = section
  return [
    `  ${output.style('bold', name ?? 'of a section that cannot be told')}`,
    ...block(output.style('green', '+'), added, { word: 'added', locs: examples.added.map(pathOf) }),
    ...removedLines(section, { output, pathOf }),
    ...block(output.style('yellow', '~'), changed, { word: 'changed', locs: examples.changed.map(pathOf) }),
  ]
}

function block(sign: string, count: number, { word, locs }: { word: string; locs: readonly string[] }): string[] {
  if (count === 0) return []
  return [
    `    ${sign} ${number(count)} ${word}`,
    ...locs.map(loc => `        ${loc}`),
    ...moreLines(count - locs.length, 8),
  ]
}

const moreLines = (more: number, indent: number): string[] =>
  more > 0 ? [`${' '.repeat(indent)}and ${number(more)} more`] : []

function removedLines(section: ExplainedSectionDiff, { output, pathOf }: Showing): string[] {
  const { removed, reasons, removals, notLookedAt } = section
  if (removed === 0) return []
  const digits = Math.max(...[...reasons.map(({ count }) => count), notLookedAt].map(count => number(count).length))
  const line = (count: number, text: string): string => `      ${number(count).padStart(digits)}  ${text}`
  const lines = reasons.flatMap(cause => {
    const own = removals.filter(({ reason, detail }) => reason === cause.reason && detail === cause.detail)
    const shown = own.slice(0, EXAMPLES).map(removal => exampleText(removal, pathOf))
    const indent = digits + 10
    const examples = [
      ...shown.map(text => `${' '.repeat(indent)}${text}`),
      ...moreLines(own.length - shown.length, indent),
    ]
    return [line(cause.count, causeText(cause)), ...examples.map(text => output.style('dim', text))]
  })
  const rest = notLookedAt > 0 ? [line(notLookedAt, 'not looked at, since there are so many')] : []
  return [`    ${output.style('red', '-')} ${number(removed)} removed`, ...lines, ...rest]
}

/** What the record has in place of what it should, where it is now, or who has its address. */
function exampleText(
  { loc, detail = '', to, values = {}, takenBy, route }: Omit<Removal, 'section'>,
  pathOf: PathOf,
): string {
  const path = pathOf(loc)
  if (to !== undefined) return `${path} → ${pathOf(to)}`
  if (takenBy) return `${path}  ${shownText([takenBy.section, takenBy.slug ?? ''].join(' ').trim())}`
  if (route) return `${path}  ${shownText(routePlace(route))}`
  const all = Object.entries(values).map(([field, each]) => {
    const text = valuesText({ values: each })
    // The condition says of itself which field it is of, most of the time.
    return detail.startsWith(`${field} `) ? text : `${field}: ${text}`
  })
  return all.length > 0 ? `${path}  ${shownText(all.join(', '))}` : path
}

const routePlace = ({ file, line }: NonNullable<Removal['route']>): string => (line === null ? file : `${file}:${line}`)

function causeText({ reason, detail = '' }: RemovalCause): string {
  const about = shownText(detail)
  switch (reason) {
    case 'rule':
    case 'visibility':
    case 'route':
      return about
    case 'moved':
      return 'at another address now'
    case 'deleted':
      return 'deleted'
    case 'gone':
      return 'of no record any more: deleted, or given another slug'
    case 'not translated':
      return `not translated${about && `: ${about}`}`
    case 'empty':
      return `a value of the address is missing: ${about}`
    case 'too long':
      return 'the address would have 2,048 characters or more'
    case 'no path':
      return 'a value of the address cannot stand in a path'
    case 'taken':
      return 'another record has the address'
    case 'list':
      return 'no longer in the list'
    case 'section':
      return 'the section is no longer configured'
    case 'locale':
      return `the locale is no longer configured: ${about}`
    case 'site':
      return `the site was ${about}`
    case 'unknown':
      return 'for a reason that cannot be told'
  }
}
