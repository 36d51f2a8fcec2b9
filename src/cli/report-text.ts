// A run's report as people read it: a table of sections, the funnel below each, then what changed.
import type { Funnel, RunReport, SectionReport, TargetReport } from '../pipeline/report.ts'

import type { Output } from './output.ts'

const number = (value: number): string => value.toLocaleString('en')

export function reportText(report: RunReport, output: Output): string {
  const changes = changeLines(report, output)
  return [sectionsText(report, output), ...(changes.length > 0 ? ['', ...changes] : [])].join('\n')
}

/** The sections alone, without what changed. */
export const sectionsText = ({ site, sections }: Pick<RunReport, 'site' | 'sections'>, output: Output): string =>
  [output.style('bold', site), ...sectionLines(sections, output)].join('\n')

function sectionLines(sections: readonly SectionReport[], output: Output): string[] {
  const width = Math.max(...sections.map(({ name }) => name.length))
  const digits = Math.max(...sections.map(({ entries }) => number(entries).length))
  return sections.flatMap(section => {
    const moved = section.before !== null && section.before !== section.entries ? `  was ${number(section.before)}` : ''
    const head = `  ${section.name.padEnd(width)}  ${number(section.entries).padStart(digits)} URL${section.entries === 1 ? '' : 's'}${moved}`
    const lines = localeLines(section).map(line => output.style('dim', `      ${line}`))
    return [
      head,
      ...lines,
      ...routeLines(section, output),
      ...funnelLines(section, output),
      ...leftOutLines(section, output),
    ]
  })
}

function localeLines({ locales = {} }: SectionReport): string[] {
  const languages = Object.entries(locales)
  const gaps = languages.flatMap(([locale, { absent, examples }]) =>
    absent === 0
      ? []
      : [
          `${number(absent)} without ${locale}: ${examples.map(shortened).join(', ')}${absent > examples.length ? ' …' : ''}`,
        ],
  )
  if (languages.length === 0) return []
  return [languages.map(([locale, { entries }]) => `${locale} ${number(entries)}`).join(', '), ...gaps]
}

function routeLines({ routes }: SectionReport, output: Output): string[] {
  if (!routes) return []
  const { from, revision, counts, unresolved } = routes
  const commit = revision === undefined ? '' : `, commit ${revision.slice(0, 10)}`
  const told = Object.entries(counts).map(([is, count]) => `${number(count)} ${is}`)
  const untold = unresolved.length > 0 ? [`${number(unresolved.length)} not told by the source`] : []
  return [
    output.style('dim', `      ${from}${commit}`),
    output.style('dim', `      routes: ${[...told, ...untold].join(', ')}`),
  ]
}

function funnelLines({ funnel, otherFunnels = [] }: SectionReport, output: Output): string[] {
  return [funnel, ...otherFunnels].flatMap(each => (each ? oneFunnel(each, output) : []))
}

function oneFunnel({ records, steps, sampled, channel }: Funnel, output: Output): string[] {
  const removing = steps.filter(({ removed }) => removed > 0)
  if (removing.length === 0 && channel === undefined) return []
  const about = sampled === undefined ? '' : `about, by a look at ${number(sampled)}`
  const notes = [channel === undefined ? '' : `in ${channel}`, about].filter(note => note !== '')
  const head = `records${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`
  const rows: [count: string, text: string][] = [
    [number(records), head],
    ...removing.map(({ condition, removed, examples }): [string, string] => [
      `-${number(removed)}`,
      `${condition}${examples.length > 0 ? `: ${examples.map(shortened).join(', ')}${removed > examples.length ? ' …' : ''}` : ''}`,
    ]),
  ]
  const digits = Math.max(...rows.map(([count]) => count.length))
  return rows.map(([count, text]) => output.style('dim', `      ${count.padStart(digits)}  ${text}`))
}

const shortened = (slug: string): string => (slug.length > 40 ? `${slug.slice(0, 39)}…` : slug)

const REASONS: Readonly<Record<string, string>> = {
  empty: 'left out: a value of their address is missing',
  'too long': 'left out: their address has 2,048 characters or more',
  'no path': 'left out: their value cannot stand in a path',
  taken: 'left out: another record has their address',
}

function leftOutLines({ leftOut }: SectionReport, output: Output): string[] {
  return (leftOut ?? []).map(({ reason, count, examples }) =>
    output.style('yellow', `      ${number(count)} ${REASONS[reason] ?? reason} (${examples.join(', ')})`),
  )
}

function changeLines({ changes }: RunReport, output: Output): string[] {
  if (!changes) return []
  const { added, removed, changed, examples } = changes
  return [
    ...changeBlock(output.style('green', '+'), added, 'added', examples.added),
    ...changeBlock(output.style('red', '-'), removed, 'removed', examples.removed),
    ...changeBlock(output.style('yellow', '~'), changed, 'changed', examples.changed),
  ]
}

function changeBlock(sign: string, count: number, word: string, examples: readonly string[]): string[] {
  if (count === 0) return []
  const more = count > examples.length ? [`      and ${number(count - examples.length)} more`] : []
  return [`  ${sign} ${number(count)} ${word}`, ...examples.map(loc => `      ${loc}`), ...more]
}

export const targetLines = ({ targets }: RunReport, output: Output): string[] =>
  targets.map(target => targetLine(target, output))

function targetLine({ target, outcome, reference, error }: TargetReport, output: Output): string {
  if (outcome === 'failed') {
    const hint = error?.hint ? `\n  ${output.style('cyan', 'hint:')} ${error.hint}` : ''
    return `${output.style('red', 'failed')} at ${target}: ${error?.code} ${error?.message}${hint}`
  }
  const state = reference === undefined || target.endsWith(reference) ? '' : `: ${short(reference)}`
  return outcome === 'published'
    ? `${output.style('green', 'published')} to ${target}${state}`
    : `unchanged at ${target}${state}`
}

const short = (reference: string): string =>
  /^[0-9a-f]{40,64}$/.test(reference) ? `commit ${reference.slice(0, 10)}` : reference
