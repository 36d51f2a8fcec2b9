// A template read backwards: from an address to the values that it was made of.
import { encodeLiteral, PATH_FIELDS, type UrlTemplate } from './url-template.ts'

/** From an address to the values in the order of the template's fields; undefined where the template makes no such address. */
export function compileMatch(site: string, template: UrlTemplate): (loc: string) => readonly string[] | undefined {
  let inQuery = false
  const pattern = template.literals
    .map((literal, index) => {
      const text = readable(encodeLiteral(literal), inQuery)
      inQuery ||= literal.includes('?')
      const field = template.fields[index]
      const value = field === undefined ? '' : PATH_FIELDS.has(field) ? '(.+)' : inQuery ? '([^&]+)' : '([^/?]+)'
      return `${escapePattern(text)}${value}`
    })
    .join('')
  const whole = new RegExp(`^${escapePattern(site)}${pattern}$`, 'su')
  return loc => whole.exec(readable(loc))?.slice(1)
}

/** Whether two addresses are one, however their characters are written. */
export const isSameLoc = (a: string, b: string): boolean => readable(a) === readable(b)

/** Percent-encoding undone, but for what would then say something else: a slash within a value, a & within a query. */
function readable(loc: string, inQuery = false): string {
  const at = inQuery ? 0 : loc.indexOf('?')
  if (at === -1) return decoded(loc, /[/?#%]/g)
  return `${decoded(loc.slice(0, at), /[/?#%]/g)}${decoded(loc.slice(at), /[&#%]/g)}`
}

const decoded = (part: string, kept: RegExp): string =>
  part.replace(/(?:%[0-9a-f]{2})+/gi, escapes => {
    try {
      return decodeURIComponent(escapes).replace(kept, char => encodeURIComponent(char))
    } catch {
      return escapes
    }
  })

/** A value of a match as the record has it: `a%2Fb` → `a/b`. */
export function decodeValue(matched: string): string {
  try {
    return decodeURIComponent(matched)
  } catch {
    return matched
  }
}

const escapePattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
