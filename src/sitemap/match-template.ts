// A template read backwards: from an address to the values that it was made of.
import { PATH_FIELDS, type UrlTemplate } from './url-template.ts'

/** The values in the order of the template's fields; undefined where the template makes no such address. */
export function matchTemplate(site: string, template: UrlTemplate, loc: string): readonly string[] | undefined {
  const pattern = template.literals
    .map((literal, index) => {
      const field = template.fields[index]
      const value = field === undefined ? '' : PATH_FIELDS.has(field) ? '(.+)' : '([^/?&]+)'
      return `${escapePattern(readable(literal))}${value}`
    })
    .join('')
  const match = new RegExp(`^${escapePattern(site)}${pattern}$`, 'su').exec(readable(loc))
  return match?.slice(1)
}

/** Whether two addresses are one, however their characters are written. */
export const isSameLoc = (a: string, b: string): boolean => readable(a) === readable(b)

/** Percent-encoding undone, but for what would then say something else: slashes and the like within a value. */
function readable(loc: string): string {
  return loc.replace(/(?:%[0-9a-f]{2})+/gi, escapes => {
    try {
      return decodeURIComponent(escapes).replace(/[/?#&%]/g, char => encodeURIComponent(char))
    } catch {
      return escapes
    }
  })
}

/** A value of matchTemplate as the record has it: `a%2Fb` → `a/b`. */
export function decodeValue(matched: string): string {
  try {
    return decodeURIComponent(matched)
  } catch {
    return matched
  }
}

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
