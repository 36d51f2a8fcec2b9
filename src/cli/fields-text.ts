// The fields of a shop as people read them: a table for each kind of record, by groups, and how to use one.
import type { KindFields, ShopField } from '../operations.ts'
import type { Output } from './output.ts'
import { isWholeExample, shownText, yamlKey, yamlValue } from './yaml-text.ts'

/** Where the terminal does not say. */
const COLUMNS = 100
const LONGEST_NAME = 40
const SHORTEST_EXAMPLE = 12

export function fieldsText(kinds: readonly KindFields[], output: Output, columns = COLUMNS): string {
  const tables = kinds.map(kind => kindLines(kind, output, Math.max(columns, 60)).join('\n'))
  return [...tables, ...usage(kinds)].join('\n\n')
}

const count = (value: number): string => value.toLocaleString('en')

function kindLines(kind: KindFields, output: Output, columns: number): string[] {
  const { of, records, sampled, fields } = kind
  const size =
    sampled === undefined
      ? `${count(records)} record${records === 1 ? '' : 's'}`
      : `about ${count(records)} records, by a look at ${count(sampled)}`
  const layout = layoutOf(kind, columns)
  const head = line({ name: 'field', type: 'type', records: 'records', example: 'example' }, layout)
  return [
    `${output.style('bold', of)}  ${size}`,
    ...(fields.length > 0 ? [output.style('dim', head)] : []),
    ...[...groupsOf(fields)].flatMap(([group, some]) => [
      output.style('cyan', `  ${group}`),
      ...some.flatMap(field => fieldLines(field, kind, { layout, output })),
    ]),
    ...closingLines(kind, output),
  ]
}

/** What has no dot is the record's own; the rest goes by what stands before it. */
function groupsOf(fields: readonly ShopField[]): Map<string, ShopField[]> {
  const groups = new Map<string, ShopField[]>()
  for (const field of fields) {
    const [first = '', rest] = field.name.split('.')
    const group = rest === undefined || first === 'visibleProducts' ? 'own' : first
    groups.set(group, [...(groups.get(group) ?? []), field])
  }
  return groups
}

interface Cells {
  readonly name: string
  readonly type: string
  readonly records: string
  readonly example: string
}

/** The widths of the first three columns, and of the whole. */
interface Layout {
  readonly name: number
  readonly type: number
  readonly records: number
  readonly columns: number
}

const typeOf = ({ type, many }: ShopField): string => (many ? `${type}, several` : type)

function layoutOf({ fields, records }: KindFields, columns: number): Layout {
  const widest = (texts: readonly string[]): number => Math.max(0, ...texts.map(text => text.length))
  return {
    name: Math.min(LONGEST_NAME, widest(['field', ...fields.map(({ name }) => yamlKey(name))])),
    type: widest(['type', ...fields.map(typeOf)]),
    records: widest(['records', `${count(records)}  100 %`]),
    columns,
  }
}

/** A name that is too long takes the room of its type first; then the example gives way. */
function line({ name, type, records, example }: Cells, layout: Layout): string {
  const named = `${name.padEnd(layout.name)}  ${type}`.padEnd(layout.name + 2 + layout.type)
  const start = `    ${named}  ${records.padStart(layout.records)}`
  const room = Math.max(SHORTEST_EXAMPLE, layout.columns - start.length - 2)
  return `${start}  ${shortened(example, room)}`.trimEnd()
}

function shortened(text: string, room: number): string {
  const characters = Array.from(text)
  return characters.length > room ? `${characters.slice(0, room - 1).join('')}…` : text
}

function fieldLines(
  field: ShopField,
  { records, sampled }: KindFields,
  { layout, output }: { readonly layout: Layout; readonly output: Output },
): string[] {
  const cells = {
    name: yamlKey(field.name),
    type: typeOf(field),
    records:
      field.records === 0 && sampled !== undefined
        ? 'none seen'
        : `${count(field.records)}  ${share(field.records, records).padStart(5)}`,
    example: shownText(field.example ?? ''),
  }
  const text = line(cells, layout)
  const more = inputText(field, layout.columns - 8)
  return [
    field.records === 0 ? output.style('dim', text) : text,
    ...(more === undefined ? [] : [output.style('dim', `        ${more}`)]),
  ]
}

/** Neither "none" nor "all" is said of what is only nearly so. */
function share(some: number, all: number): string {
  const percent = all === 0 ? 0 : (100 * some) / all
  if (some > 0 && percent < 1) return '<1 %'
  return `${some < all ? Math.min(99, Math.round(percent)) : Math.round(percent)} %`
}

/** Kinds of input that the type of the field says already. */
const PLAIN_INPUT = ['boolean', 'numeric', 'date', 'date-time']

function inputText({ inputType, choices }: ShopField, room: number): string | undefined {
  if (inputType === undefined || PLAIN_INPUT.includes(inputType)) return undefined
  if (!choices) return inputType
  if (choices.count === 0) return `${inputType}, nothing to choose yet`
  let text = `${inputType}, ${count(choices.count)} choice${choices.count === 1 ? '' : 's'}: `
  for (const [index, slug] of choices.slugs.entries()) {
    const next = `${index === 0 ? '' : ', '}${shownText(slug)}`
    if (index > 0 && text.length + next.length > room - 2) return `${text} …`
    text += next
  }
  return choices.count > choices.slugs.length ? `${text} …` : text
}

function closingLines({ moreKeys, unreadable }: KindFields, output: Output): string[] {
  const more = moreKeys === 0 ? [] : [output.style('dim', `    … and ${count(moreKeys)} more keys of metadata`)]
  const closed = unreadable.map(({ names, tables }) => {
    const some = names.slice(0, 4).join(', ')
    const rest = names.length > 4 ? ` and ${names.length - 4} more` : ''
    return output.style('yellow', `  not readable: ${some}${rest}, since the role may not read ${tables.join(', ')}`)
  })
  return [...more, ...closed]
}

/** One of the shop's own, as it is written: an attribute if there is one, else a key of metadata, else any text. */
function usage(kinds: readonly KindFields[]): string[] {
  const usable = kinds.flatMap(({ fields }) => fields).filter(isWholeExample)
  const wanted = [/^attributes\./, /^(privateMetadata|metadata)\./, /^(category|productType|pageType|parent)\./, /./]
  const found = wanted
    .map(name => usable.find(field => name.test(field.name) && /text|metadata/.test(field.type)))
    .find(field => field !== undefined)
  return found ? [`In a rule: where: { ${yamlKey(found.name)}: ${yamlValue(found.example)} }`] : []
}
