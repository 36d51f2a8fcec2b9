// Which templates can give one address twice, told from the templates alone: most cannot, and need no watching.
import { encodeLiteral, PATH_FIELDS, type UrlTemplate } from './url-template.ts'

/** Fields that no two records of a kind share, as they stand in the back end. */
const UNIQUE: ReadonlySet<string> = new Set(['id', 'globalId', 'slug', 'externalReference'])

/**
 * Whether two records of one kind could have one address by this template. A unique value tells them apart where it is
 * alone in its folder, since no encoded value has a slash.
 */
export function canRepeat(template: UrlTemplate, { translated }: { readonly translated: boolean }): boolean {
  const paths = template.fields.flatMap((field, index) => (PATH_FIELDS.has(field) ? [index] : []))
  return !template.fields.some((field, index) => {
    if (!UNIQUE.has(field) || template.formats[index] !== undefined) return false
    // A translated slug can be the slug of a record that is not translated.
    if (field === 'slug' && translated) return false
    const isApart = field === 'id' ? canTellNumber(template, index) : isAlone(template, index)
    // Counted in folders from the start or from the end, its place has to be the same in every address.
    return isApart && (paths.every(path => path > index) || paths.every(path => path < index))
  })
}

/** Whether no other value stands in the folder of this one. */
export const isAlone = (template: UrlTemplate, index: number): boolean =>
  startsFolder(template, index) && endsFolder(template, index)

/** A number ends where no digit follows: `oak-table-17`, `17-oak-table`. */
function canTellNumber(template: UrlTemplate, index: number): boolean {
  const before = template.literals[index] as string
  const after = template.literals[index + 1] as string
  const starts = startsFolder(template, index)
  const ends = endsFolder(template, index)
  return (starts && ends) || (ends && /[^0-9]$/.test(before)) || (starts && /^[^0-9]/.test(after))
}

/** Fixed text around a value hides nothing, as long as no other value stands in the same folder. */
const startsFolder = ({ literals }: UrlTemplate, index: number): boolean =>
  index === 0 || /[/?&]/.test(literals[index] as string)
const endsFolder = ({ literals, fields }: UrlTemplate, index: number): boolean =>
  index === fields.length - 1 || /[/?&]/.test(literals[index + 1] as string)

/** Whether an address of the one could be an address of the other. Never false where it could. */
export function canMeet(one: UrlTemplate, other: UrlTemplate): boolean {
  const a = foldersOf(one)
  const b = foldersOf(other)
  // No value has a question mark of its own.
  if (a.hasQuery !== b.hasQuery) return false
  const ends = Math.min(a.fixedFromStart, b.fixedFromStart)
  for (let index = 0; index < ends; index++) if (!fit(a.folders[index], b.folders[index])) return false
  if (a.isFixed && b.isFixed) return a.folders.length === b.folders.length
  return true
}

/** Folders of a path: text, or undefined for what differs from record to record. */
function foldersOf({ literals, fields }: UrlTemplate) {
  const marked = literals.map(
    (literal, index) => `${encodeLiteral(literal)}${index < fields.length ? mark(fields[index] as string) : ''}`,
  )
  const [path = '', ...query] = marked.join('').split('?')
  const folders = path.split('/')
  const firstPath = folders.findIndex(folder => folder.includes(ANY_FOLDERS))
  return {
    folders: folders.map(folder => (folder.includes(ONE_VALUE) || folder.includes(ANY_FOLDERS) ? undefined : folder)),
    hasQuery: query.length > 0,
    isFixed: firstPath === -1,
    fixedFromStart: firstPath === -1 ? folders.length : firstPath,
  }
}

const ONE_VALUE = '\u0000'
const ANY_FOLDERS = '\u0001'
const mark = (field: string): string => (PATH_FIELDS.has(field) ? ANY_FOLDERS : ONE_VALUE)
const fit = (a: string | undefined, b: string | undefined): boolean => a === undefined || b === undefined || a === b
