// Rules that lead from an address to its record by an index, and rules that only make a search through all shorter.
import { canRepeat, isAlone } from '../sitemap/template-overlap.ts'
import { PATH_FIELDS, type UrlTemplate } from '../sitemap/url-template.ts'

/** A template, the values that an address would be made of by it, and the language of these. */
export interface Matched {
  readonly url: UrlTemplate
  readonly values: readonly string[]
  readonly language: string | undefined
}

/** Whether a field of the template alone says which record an address is of: then no other has to be looked at. */
export const isConclusive = (url: UrlTemplate): boolean => !canRepeat(url, { translated: false })

export interface QuickRule {
  readonly where: object
  readonly by: string
}

/** The rules, each with what it goes by, for people. */
export function quickRules({ url, values, language }: Matched): QuickRule[] {
  return url.fields.flatMap((field, index): QuickRule[] => {
    if (url.formats[index] !== undefined) return []
    const value = values[index] as string
    if (field === 'id') return numbersIn(value).map(id => ({ where: { id }, by: 'id' }))
    if (field === 'globalId') {
      const id = /^[A-Za-z]+:(\d+)$/.exec(Buffer.from(value, 'base64').toString('latin1'))?.[1]
      return id === undefined ? [] : [{ where: { id: Number(id) }, by: 'id' }]
    }
    if (field === 'externalReference') return [{ where: { externalReference: value }, by: 'external reference' }]
    if (field !== 'slug') return []
    const own = { where: { slug: value }, by: 'slug' }
    if (language === undefined) return [own]
    return [{ where: { [`translations.${language}.slug`]: value }, by: `slug in ${language}` }, own]
  })
}

/** Of `17-oak-table` a template's end can be taken for part of the number's place: then the number stands at an end. */
function numbersIn(value: string): number[] {
  const numbers = /^\d+$/.test(value) ? [value] : [/^\d+(?=\D)/.exec(value)?.[0], /(?<=\D)\d+$/.exec(value)?.[0]]
  return numbers.flatMap(number => (number === undefined ? [] : [Number(number)]))
}

/** Texts that are the same in every record that the address can be of, as long as each is alone in its folder. */
const SHARED: ReadonlySet<string> = new Set([
  ...['category.slug', 'category.path', 'path', 'parent.slug', 'productType.slug', 'pageType.slug', 'name', 'title'],
])

/** Keeps no record away that has the address; {} where nothing is known of those. */
export function narrowingRule({ url, values, language }: Matched): object {
  // Translated values take the place of the record's own, or do not.
  if (language !== undefined || url.fields.filter(field => PATH_FIELDS.has(field)).length > 1) return {}
  const known = url.fields.flatMap((field, index) =>
    SHARED.has(field) && url.formats[index] === undefined && isAlone(url, index)
      ? [[field, values[index]] as const]
      : [],
  )
  return Object.fromEntries(known)
}
