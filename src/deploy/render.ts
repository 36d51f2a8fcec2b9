// Fills in templates: every placeholder says where its value is to stand, so that no value can break out of there.

/** Where a value may stand: `{{name|sh}}` is one word of a shell, `{{name|yaml}}` one scalar, and so on. */
export const PLACES = {
  /** A word of a POSIX shell. */
  sh: value => `'${value.replaceAll("'", "'\\''")}'`,
  /** A scalar of YAML, in double quotes: JSON's escapes are YAML's. */
  yaml: quote,
  /** A scalar in a workflow of GitHub's, whose expressions would be read in quotes, too. */
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression that stands for its own beginning
  workflow: value => quote(value).replaceAll('${{', "${{ '${{' }}"),
  /** A scalar in a container's command or arguments in Kubernetes, where `$(NAME)` names a variable. */
  kubernetes: value => quote(value).replaceAll('$(', '$$$$('),
  /** A scalar in a compose file, where a `$` names a variable. */
  compose: value => quote(value).replaceAll('$', '$$$$'),
  /** A number, as it is. */
  number: value => refuse(value, /[^0-9]|^$/, 'number'),
  /** A string of JSON. */
  json: quote,
  /** A string of Python, whose escapes are the same but for a slash, which JSON.stringify leaves alone. */
  python: quote,
  /** A parameter of nginx. It has no escape for a `$`, which would name a variable. */
  nginx: value => `"${refuse(value, /\$/, 'nginx').replace(/["\\]/g, '\\$&')}"`,
  /** A literal of SQL, and an identifier. */
  sql: value => `'${value.replaceAll("'", "''")}'`,
  sqlName: value => `"${value.replaceAll('"', '""')}"`,
  /** Five fields of cron, in a file of its own or in a crontab. */
  cron: value => refuse(value, /[^0-9A-Za-z*,/ -]/, 'cron'),
  /** Part of a comment: one line. */
  comment: value => value,
} as const satisfies Readonly<Record<string, (value: string) => string>>

function quote(value: string): string {
  // What JSON allows and YAML and JavaScript take for line ends, and what is invisible.
  return JSON.stringify(value).replace(/[\u007f-\u00a0\u2028\u2029\ufeff]/g, character => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

function refuse(value: string, wrong: RegExp, place: string): string {
  if (wrong.test(value)) throw new Error(`the value ${JSON.stringify(value)} cannot stand in ${place}`)
  return value
}

const PLACEHOLDER = /\{\{([^{}\n]*)\}\}/g
// A line that begins with {{?name}} is there only where that has a value.
const CONDITION = /^([ \t]*)\{\{\?(\w+)\}\}(.*\n?)/gm
// GitHub's own expressions look alike, and stay.
const EXPRESSION = /\$\{\{[^\n]*?\}\}/g

/**
 * A template with its values; a line that begins with `{{?name}}` is left out where that is the empty text. What is wrong
 * with a template is an error of ours and throws: an unknown name or place, a placeholder without a place, a value with a
 * line break or another control character, a value that cannot stand there.
 */
export function render(template: string, values: Readonly<Record<string, string | number>>): string {
  const fill = (text: string): string =>
    text.replace(PLACEHOLDER, (whole, inside: string) => {
      const [name = '', place] = inside.split('|')
      if (place === undefined || !Object.hasOwn(PLACES, place))
        throw new Error(`the placeholder ${whole} has no known place`)
      if (!Object.hasOwn(values, name)) throw new Error(`there is no value for the placeholder ${whole}`)
      const value = String(values[name])
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
      refuse(value, /[\u0000-\u001f\u007f]/, place)
      return PLACES[place as keyof typeof PLACES](value)
    })
  const chosen = template.replace(CONDITION, (_, indent: string, name: string, rest: string) => {
    if (!Object.hasOwn(values, name)) throw new Error(`there is no value for the condition {{?${name}}}`)
    return String(values[name]) === '' ? '' : indent + rest
  })
  let at = 0
  let filled = ''
  for (const { index, 0: expression } of chosen.matchAll(EXPRESSION)) {
    filled += fill(chosen.slice(at, index)) + expression
    at = index + expression.length
  }
  return filled + fill(chosen.slice(at))
}
