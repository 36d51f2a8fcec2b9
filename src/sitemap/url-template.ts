// Addresses from templates: `/products/{slug}` and a record's values give an absolute, percent-encoded loc.
import { isLocTooLong } from './entry.ts'

export interface UrlTemplate {
  /** Fixed text around the values: one more than there are fields. */
  readonly literals: readonly string[]
  readonly fields: readonly string[]
  /** What is made of each field's value before it is encoded: `{name|slugify}`; undefined: nothing. */
  readonly formats: readonly (TemplateFormat | undefined)[]
}

/** `slugify` as browsers' storefronts do it; `slugify-ascii` as Django does after a transliteration. */
export const TEMPLATE_FORMATS = ['slugify', 'slugify-ascii'] as const
export type TemplateFormat = (typeof TEMPLATE_FORMATS)[number]
export type Formatters = Partial<Readonly<Record<TemplateFormat, (text: string) => string>>>

/** Why a record gets no address. */
export type NoLoc = 'empty' | 'too long' | 'no path'

/** `/products/{slug}` as parts; undefined and a reason where it is no template. */
export function parseTemplate(text: string): { template: UrlTemplate } | { problem: string; hint?: string } {
  if (!text.startsWith('/') || text.startsWith('//'))
    return { problem: 'It has to begin with one slash: it is a path of the site.' }
  const literals: string[] = []
  const fields: string[] = []
  const formats: (TemplateFormat | undefined)[] = []
  let rest = text
  for (;;) {
    const open = rest.indexOf('{')
    if (open === -1) break
    const close = rest.indexOf('}', open)
    if (close === -1) return { problem: 'A brace is opened and never closed.' }
    const [field = '', format, ...more] = rest
      .slice(open + 1, close)
      .split('|')
      .map(part => part.trim())
    if (field === '' || field.includes('{')) return { problem: 'A pair of braces names no field.' }
    if (more.length > 0 || (format !== undefined && !isFormat(format))) {
      return { problem: `"${[format, ...more].join('|')}" is nothing that can be made of a value.`, hint: FORMATS_HINT }
    }
    literals.push(rest.slice(0, open))
    fields.push(field)
    formats.push(format)
    rest = rest.slice(close + 1)
  }
  if (rest.includes('}')) return { problem: 'A brace is closed that was never opened.' }
  literals.push(rest)
  if (literals.some(literal => literal.includes('#')))
    return { problem: 'It has a fragment (#…), which is no part of an address.' }
  if (!isWhole(literals))
    return { problem: 'Its fixed text has "." or ".." as a folder, or a character that no address can have.' }
  return { template: { literals, fields, formats } }
}

const isFormat = (text: string): text is TemplateFormat => (TEMPLATE_FORMATS as readonly string[]).includes(text)
const FORMATS_HINT = `There are ${TEMPLATE_FORMATS.map(format => `{name|${format}}`).join(' and ')}.`

/** The template with some of its fields replaced by what they are for all records: a channel, a language. */
export function fillTemplate(template: UrlTemplate, constants: ReadonlyMap<string, string>): UrlTemplate {
  const literals = [template.literals[0] as string]
  const fields: string[] = []
  const formats: (TemplateFormat | undefined)[] = []
  template.fields.forEach((field, index) => {
    const constant = constants.get(field)
    const after = template.literals[index + 1] as string
    if (constant !== undefined) {
      literals.push(`${literals.pop()}${encodeSegment(constant)}${after}`)
    } else {
      fields.push(field)
      formats.push(template.formats[index])
      literals.push(after)
    }
  })
  return { literals, fields, formats }
}

/** Whether an address made of it is read back as it was written. */
function isWhole(literals: readonly string[]): boolean {
  if (/\p{Surrogate}/u.test(literals.join('{}'))) return false
  const loc = `https://shop.example.com${literals.map(encodeLiteral).join('x')}`
  return new URL(loc).href === loc
}

/** The values in the order of the template's fields → the loc, or why there is none. */
export function compileTemplate(
  site: string,
  template: UrlTemplate,
  formatters: Formatters = {},
): (values: readonly (string | null)[]) => string | { no: NoLoc; field?: string } {
  const literals = template.literals.map(encodeLiteral)
  const isPath = template.fields.map(field => PATH_FIELDS.has(field))
  const formats = template.formats.map(format => format && (formatters[format] as (text: string) => string))
  const isFormatted = formats.some(format => format !== undefined)
  const first = `${site}${literals[0] as string}`
  const written = (index: number): string => {
    const format = template.formats[index]
    return `${template.fields[index]}${format ? `|${format}` : ''}`
  }
  return values => {
    let loc = first
    let odd = false
    for (let index = 0; index < isPath.length; index++) {
      const given = values[index]
      const value = isFormatted && given ? (formats[index]?.(given) ?? given) : given
      if (value === null || value === undefined || value === '') return { no: 'empty', field: written(index) }
      loc += isPath[index] ? value.split('/').map(encodeSegment).join('/') : encodeSegment(value)
      if (value.startsWith('.') || (isPath[index] && value.includes('/.'))) odd = true
      loc += literals[index + 1] as string
    }
    if (isLocTooLong(loc)) return { no: 'too long' }
    // "." and ".." cannot be told from the folder itself: no encoding makes a path segment of them.
    if (odd && new URL(loc).href !== loc) return { no: 'no path' }
    return loc
  }
}

/** Slugs joined by slashes, which stay what they are. */
export const PATH_FIELDS: ReadonlySet<string> = new Set(['path', 'category.path'])

const UNRESERVED = /^[A-Za-z0-9_.~-]*$/

/** RFC 3986: all but unreserved characters and harmless marks is percent-encoded, slash included; ' since queries need it. */
const encodeSegment = (value: string): string =>
  UNRESERVED.test(value) ? value : encodeURIComponent(value).replaceAll("'", '%27')

/** Fixed text keeps its slashes, query and ready-made escapes; what may not stand in an address is encoded. */
export function encodeLiteral(text: string): string {
  return text
    .split(/(%[0-9A-Fa-f]{2})/)
    .map((part, index) => (index % 2 === 1 ? part : encodeURI(part).replaceAll("'", '%27')))
    .join('')
}

/** A path as a user writes it → the loc, or undefined where it leaves the site or is no path. */
export function locOfPath(site: string, path: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: URL drops some of them in silence
  if (/[\u0000-\u0020\u007f]$|^[\u0000-\u0020]|[\u0000-\u001f\u007f]/.test(path)) return undefined
  if (!path.startsWith('/') && !/^https?:\/\//i.test(path)) return undefined
  try {
    const url = new URL(path, site)
    return url.origin === site && !url.href.includes('#') && !url.username && !url.password ? url.href : undefined
  } catch {
    return undefined
  }
}
