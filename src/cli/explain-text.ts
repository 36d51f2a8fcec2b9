// An explanation as people read it: each record, its sections, their verdicts and its addresses. What the shop and the
// asker wrote is shown with its control characters visible: a name must not move a cursor.
import type {
  AddressExplanation,
  AddressOwner,
  Explanation,
  Judgement,
  RecordExplanation,
  SectionExplanation,
} from '../explain/explanation.ts'
import { indent, mark, ruleLines, visibilityLines } from './explain-verdicts.ts'
import type { Output } from './output.ts'
import { shownText } from './yaml-text.ts'

export function explanationText({ records, lists, routes, notes }: Explanation, output: Output): string {
  const blocks = [
    ...notes.map(note => output.style('yellow', shownText(note))),
    ...records.map(record => recordBlock(record, output)),
    ...lists.map(list =>
      listBlock(list, { isOfRoutes: routes.some(({ section }) => section === list.section), output }),
    ),
    ...routes.map(routeText),
  ]
  return blocks.join('\n\n')
}

/** `In the front end it is the route /account (src/routes.tsx:31): excluded by "/account/**".` */
function routeText({ path, file, line, text }: Explanation['routes'][number]): string {
  const place = line === null ? file : `${file}:${line}`
  return shownText(`In the front end it is the route ${path} (${place}): ${text}.`)
}

function listBlock(
  { section, address }: Explanation['lists'][number],
  { isOfRoutes, output }: { readonly isOfRoutes: boolean; readonly output: Output },
): string {
  const { listed, loc, takenBy } = address
  const has = isOfRoutes ? 'the front end' : 'the list'
  const why = takenBy ? `not of ${has}: ${ownerText(takenBy)}` : `in the sitemap, since ${has} has it`
  return [
    `${mark(listed, output)} ${output.style('bold', loc ?? '')}`,
    `  section ${section}: ${why}`,
    ...indent(publishedLines(address, output)),
  ].join('\n')
}

const KIND = { products: 'product', categories: 'category', collections: 'collection', pages: 'page' } as const

function recordBlock(record: RecordExplanation, output: Output): string {
  const { of, id, slug, name, by, listed, sections, visibility } = record
  const found = output.style('dim', ` (found by its ${shownText(by)})`)
  const title = output.style('bold', shownText(name || slug))
  const head = `${mark(listed, output)} ${title}  ${KIND[of]} ${id}, slug ${shownText(slug)}${found}`
  const linesOf: JudgementLines = judgement => visibilityLines(judgement, output)
  if (sections.length === 0)
    return [head, `  no section lists ${of}`, ...indent(byChannel(visibility, linesOf))].join('\n')
  // What the shop itself says is the same for each section, most of the time: then it is said once.
  const all = sections.flatMap(({ judgements }) => judgements)
  const first = [...new Map(all.map(each => [each.channel, each] as const).reverse()).values()].reverse()
  const text = (judgement: Judgement): string => `${judgement.channel}\n${linesOf(judgement).join('\n')}`
  const isShared = sections.length > 1 && new Set(all.map(text)).size === first.length
  const shared = isShared ? byChannel(first, linesOf) : []
  const inSection: JudgementLines = judgement => [
    ...(isShared ? [] : linesOf(judgement)),
    ...ruleLines(judgement.rule, output),
  ]
  return [head, ...indent(shared), ...sections.flatMap(section => sectionLines(section, inSection, output))].join('\n')
}

type JudgementLines = (judgement: Judgement) => string[]

/** Channels that say the same (of pages, all do) say it once. */
function byChannel(judgements: readonly Judgement[], linesOf: JudgementLines): string[] {
  const channels = new Map<string, string[]>()
  for (const judgement of judgements) {
    const text = linesOf(judgement).join('\n')
    channels.set(text, [...(channels.get(text) ?? []), judgement.channel])
  }
  return [...channels].flatMap(([text, names]) => {
    const lines = text === '' ? [] : text.split('\n')
    return channels.size > 1 ? [`in ${names.join(', ')}`, ...indent(lines)] : lines
  })
}

function sectionLines(section: SectionExplanation, linesOf: JudgementLines, output: Output): string[] {
  const { judgements, addresses, lastmod } = section
  const date = lastmod.value === null ? `no lastmod: ${lastmod.why}` : `lastmod ${lastmod.value}: ${lastmod.why}`
  const verdict = section.listed ? output.style('green', 'in the sitemap') : output.style('red', 'not in the sitemap')
  const addressed = addresses.flatMap(address => addressLines(address, output))
  return [
    `  section ${section.section}: ${verdict}`,
    ...indent([...byChannel(judgements, linesOf), ...addressed, date], 2),
  ]
}

const WHY: Readonly<Record<NonNullable<AddressExplanation['why']>, string>> = {
  'not translated': 'not translated',
  empty: 'no address, since a value of it is empty',
  'too long': 'no address, since it would have 2,048 characters or more',
  taken: 'another record has it',
  'no path': 'no address, since a value of it cannot stand in a path',
}

function addressLines(address: AddressExplanation, output: Output): string[] {
  const { hreflang, loc, why, takenBy } = address
  const language = hreflang === null ? '' : ` (${hreflang})`
  const sign = mark(address.listed, output)
  if (loc === null) return [`${sign} ${WHY[why ?? 'empty']}${language}`]
  const owner = takenBy ? [ownerText(takenBy)] : []
  return [
    `${sign} ${output.style('cyan', loc)}${language}`,
    ...indent([...owner, ...publishedLines(address, output)], 2),
  ]
}

function ownerText({ section, id, slug, hreflang }: AddressOwner): string {
  if (id === null) return `another list has it: ${section}`
  const language = hreflang === null ? '' : `, ${hreflang}`
  return `another record has it: ${section} ${shownText(slug ?? '')} (id ${id}${language})`
}

function publishedLines({ listed, published, takenBy }: AddressExplanation, output: Output): string[] {
  if (published === undefined) return []
  if (published === null) return listed ? [output.style('yellow', 'not published yet: the next run adds it')] : []
  const date = published.lastmod === null ? '' : `, lastmod ${published.lastmod}`
  // What another has stays.
  const leaving = listed || takenBy ? '' : output.style('yellow', ': the next run removes it')
  return [`published in ${published.file}${date}${leaving}`]
}
