// Names and values as they are written in a configuration of YAML, and on a screen that must not be played tricks on.
import type { ShopField } from '../operations.ts'

/** Controls, line breaks of Unicode, and marks that turn the direction of writing. */
const UNSEEN = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu
const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** One line, with what cannot be seen written as an escape. */
export const shownText = (text: string): string =>
  text.replace(UNSEEN, each => ESCAPES[each] ?? `\\u${(each.codePointAt(0) as number).toString(16).padStart(4, '0')}`)

/** The name of a field as a key: in quotes where it has characters that mean something to YAML. */
export function yamlKey(name: string): string {
  return /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_./+@~$-]*$/u.test(name) ? name : quoted(name)
}

/** Numbers, truth values and dates in quotes are texts: so are all that could be read as one. */
export function yamlValue(text: string): string {
  const isWord = /^\p{L}[\p{L}\p{N}\p{M}_-]*$/u.test(text) && !/^(true|false|null|yes|no|on|off|[yn])$/i.test(text)
  return isWord ? text : quoted(text)
}

function quoted(text: string): string {
  if (text.search(UNSEEN) === -1) return `'${text.replaceAll("'", "''")}'`
  return `"${shownText(text.replace(/[\\"]/g, '\\$&'))}"`
}

/** Whether the example is a value that a rule could be written with. */
export function isWholeExample(field: ShopField): field is ShopField & { readonly example: string } {
  const { example } = field
  return example !== undefined && example !== '' && !example.endsWith('…') && example.search(UNSEEN) === -1
}
