// An explanation as people read it: each record, its sections, and the rule as a tree with the values that decided.
import type {
  AddressExplanation,
  Explanation,
  Judgement,
  RecordExplanation,
  SectionExplanation,
} from '../pipeline/explanation.ts'
import type { ComparisonVerdict, Verdict } from '../rules/verdict.ts'
import type { Output } from './output.ts'

export function explanationText({ records, lists, notes }: Explanation, output: Output): string {
  const blocks = [
    ...notes.map(note => output.style('yellow', note)),
    ...records.map(record => recordBlock(record, output)),
    ...lists.map(({ section, address }) =>
      [
        `${mark(true, output)} ${output.style('bold', address.loc ?? '')}`,
        `  section ${section}: in the sitemap, since the list has it`,
        ...publishedLines(address, output).map(line => `  ${line}`),
      ].join('\n'),
    ),
  ]
  return blocks.join('\n\n')
}

const KIND = { products: 'product', categories: 'category', collections: 'collection', pages: 'page' } as const

function recordBlock(record: RecordExplanation, output: Output): string {
  const { of, id, slug, name, by, listed, sections, visibility } = record
  const head = `${mark(listed, output)} ${output.style('bold', name || slug)}  ${KIND[of]} ${id}, slug ${slug}${output.style('dim', ` (found by its ${by})`)}`
  if (sections.length === 0) {
    const own = visibility.flatMap(judgement => visibilityLines(judgement, output))
    return [head, `  no section lists ${of}`, ...own.map(line => `  ${line}`)].join('\n')
  }
  return [head, ...sections.flatMap(section => sectionLines(section, output))].join('\n')
}

function sectionLines(section: SectionExplanation, output: Output): string[] {
  const { judgements, addresses, lastmod } = section
  // Channels that say the same (of pages, all do) say it once.
  const channels = new Map<string, string[]>()
  for (const judgement of judgements) {
    const text = [...visibilityLines(judgement, output), ...ruleLines(judgement.rule, output)].join('\n')
    channels.set(text, [...(channels.get(text) ?? []), judgement.channel])
  }
  const judged = [...channels].flatMap(([text, names]) => {
    const lines = text === '' ? [] : text.split('\n')
    return channels.size > 1 ? [`in ${names.join(', ')}`, ...indent(lines)] : lines
  })
  const date = lastmod.value === null ? `no lastmod: ${lastmod.why}` : `lastmod ${lastmod.value}: ${lastmod.why}`
  return [
    `  section ${section.section}: ${section.listed ? output.style('green', 'in the sitemap') : output.style('red', 'not in the sitemap')}`,
    ...indent([...judged, ...addresses.flatMap(address => addressLines(address, output)), date], 2),
  ]
}

function visibilityLines({ visibility }: Judgement, output: Output): string[] {
  return visibility.map(({ requires, removes, verdict }) => {
    const leaves = leavesOf(verdict)
    const text = verdict.holds ? requires : removes
    const values = [...new Map(leaves.map(leaf => [leaf.field, `${leaf.field}: ${valuesText(leaf)}`])).values()]
    return `${mark(verdict.holds, output)} ${text}${output.style('dim', `  ${values.join(', ')}`)}${turnText(leaves)}`
  })
}

function leavesOf(verdict: Verdict): ComparisonVerdict[] {
  switch (verdict.kind) {
    case 'compare':
      return [verdict]
    case 'not':
      return leavesOf(verdict.verdict)
    default:
      return verdict.verdicts.flatMap(leavesOf)
  }
}

/** Of conditions of which one suffices: the first instant at which one will hold. */
function turnText(leaves: readonly ComparisonVerdict[]): string {
  const from = leaves.map(leaf => leaf.from).filter(instant => instant !== undefined)
  return from.length > 0 ? `, from ${from.sort()[0]}` : ''
}

function ruleLines(rule: Verdict, output: Output): string[] {
  if (rule.kind === 'and' && rule.verdicts.length === 0) return []
  const parts = rule.kind === 'and' ? rule.verdicts : [rule]
  return parts.flatMap(part => verdictLines(part, output))
}

function verdictLines(verdict: Verdict, output: Output): string[] {
  const sign = mark(verdict.holds, output)
  switch (verdict.kind) {
    case 'compare': {
      const until = verdict.until === undefined ? '' : `, until ${verdict.until}`
      const from = verdict.from === undefined ? '' : `, from ${verdict.from}`
      return [`${sign} ${verdict.condition}${output.style('dim', `  ${valuesText(verdict)}`)}${from}${until}`]
    }
    case 'not':
      return [`${sign} not`, ...indent(verdictLines(verdict.verdict, output))]
    case 'and':
      return [`${sign} all of`, ...indent(verdict.verdicts.flatMap(each => verdictLines(each, output)))]
    case 'or':
      return [`${sign} any of`, ...indent(verdict.verdicts.flatMap(each => verdictLines(each, output)))]
  }
}

const MOST_VALUES = 5
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/

function valuesText({ values }: ComparisonVerdict): string {
  const there = [...new Set(values.filter(value => value !== null))]
  if (there.length === 0) return 'no value'
  const shown = there.slice(0, MOST_VALUES).map(value => {
    const text = typeof value === 'string' && !INSTANT.test(value) ? JSON.stringify(value) : String(value)
    return text.length > 60 ? `${text.slice(0, 59)}…` : text
  })
  const more = there.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

const WHY: Readonly<Record<NonNullable<AddressExplanation['why']>, string>> = {
  'not translated': 'not translated',
  empty: 'no address, since a value of it is empty',
  'too long': 'no address, since it would have 2,048 characters or more',
  'no path': 'no address, since a value of it cannot stand in a path',
}

function addressLines(address: AddressExplanation, output: Output): string[] {
  const { hreflang, loc, why } = address
  const language = hreflang === null ? '' : ` (${hreflang})`
  const sign = mark(address.listed, output)
  if (loc === null) return [`${sign} ${WHY[why ?? 'empty']}${language}`]
  return [`${sign} ${output.style('cyan', loc)}${language}`, ...indent(publishedLines(address, output), 2)]
}

function publishedLines({ listed, published }: AddressExplanation, output: Output): string[] {
  if (published === undefined) return []
  if (published === null) return listed ? [output.style('yellow', 'not published yet: the next run adds it')] : []
  const date = published.lastmod === null ? '' : `, lastmod ${published.lastmod}`
  const leaving = listed ? '' : output.style('yellow', ': the next run removes it')
  return [`published in ${published.file}${date}${leaving}`]
}

const mark = (holds: boolean, output: Output): string => output.style(holds ? 'green' : 'red', holds ? '✓' : '✗')

const indent = (lines: readonly string[], steps = 1): string[] => lines.map(line => `${'  '.repeat(steps)}${line}`)
