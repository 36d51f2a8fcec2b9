// Paths as React Router v4 and v5 take them, by path-to-regexp 1.x: /:lang(en|de)?/:slug([a-z-0-9]+), /docs/:rest*.
import { formatPaths, type Item, MAX_OPTIONAL, matchesNothing, textItems, type Wide } from './items.ts'
import { paramName, readGroup } from './pattern.ts'

/** The paths of a route in the one spelling, what is optional written out; or why it cannot be told. */
export function readPath5(written: string): { readonly paths: readonly string[] } | { readonly problem: string } {
  const read = tokenize(written)
  if ('problem' in read) return read
  if (read.tokens.filter(isOptional).length > MAX_OPTIONAL)
    return { problem: `It has more than ${MAX_OPTIONAL} optional parts.` }
  const all: Item[][] = []
  for (const tokens of choose(read.tokens)) {
    const items = toItems(tokens)
    if (!Array.isArray(items)) return items
    all.push(items)
  }
  const paths = formatPaths(all)
  return paths.length > 0 ? { paths } : { problem: 'It does not begin with a slash, so it matches no address.' }
}

interface Param {
  readonly param: string
  readonly isNamed: boolean
  readonly prefix: '' | '/' | '.'
  readonly regex: string | undefined
  readonly modifier: '' | '?' | '+' | '*'
  /** Whether its prefix belongs to the folder, and stays where the value is left out: `/:a?-x`. */
  readonly isPartial: boolean
}
type Token = string | Param

function tokenize(written: string): { tokens: Token[] } | { problem: string } {
  const tokens: Token[] = []
  let text = ''
  let unnamed = 0
  let at = 0
  while (at < written.length) {
    const char = written[at] as string
    if (char === '\\' && at + 1 < written.length) {
      text += written[at + 1]
      at += 2
      continue
    }
    const prefix = char === '/' || char === '.' ? char : ''
    const start = at + prefix.length
    const name = /^:(\w+)/.exec(written.slice(start))?.[1]
    const open = start + (name === undefined ? 0 : name.length + 1)
    if (name === undefined && written[start] !== '(' && written[start] !== '*') {
      if (char === ')') return { problem: 'It closes a parenthesis that was never opened.' }
      text += char
      at++
      continue
    }
    let regex: string | undefined
    let end = open
    if (written[open] === '(') {
      const group = readGroup(written, open)
      if ('problem' in group) return group
      // In these paths a dollar sign is one, and no end.
      regex = group.regex.replace(/(\\.)|\$/g, (_, escaped?: string) => escaped ?? '\\$')
      end = group.end
    } else if (name === undefined) {
      regex = '.*'
      end = open + 1
    }
    const isStar = written[open] === '*' && name === undefined
    const modifier = isStar ? '' : (/^[?+*]/.exec(written.slice(end))?.[0] ?? '')
    end += modifier.length
    if (text !== '') tokens.push(text)
    text = ''
    const next = written[end]
    tokens.push({
      param: name === undefined ? String(unnamed++) : paramName(name),
      isNamed: name !== undefined,
      prefix,
      regex: simplify(regex),
      modifier: modifier as Param['modifier'],
      isPartial: prefix !== '' && next !== undefined && next !== prefix,
    })
    at = end
  }
  if (text !== '') tokens.push(text)
  return { tokens }
}

/** What matches any folder says nothing. */
const simplify = (regex: string | undefined): string | undefined =>
  regex !== undefined && /^\[\^\\?\/\]\+\??$/.test(regex) ? undefined : regex

/** Whether leaving it out is another path: none or more whole folders have a spelling of their own. */
const isOptional = (token: Token): token is Param =>
  typeof token !== 'string' && (token.modifier === '?' || (token.modifier === '*' && !isFolders(token)))
const isFolders = ({ prefix, isPartial, regex }: Param): boolean =>
  prefix === '/' && !isPartial && regex !== '.*' && regex !== '.+'

/** Each choice of what is there and what is left out, the fullest first. */
function* choose([first, ...rest]: readonly Token[]): Generator<Token[]> {
  if (first === undefined) return yield []
  for (const tokens of choose(rest)) yield [first, ...tokens]
  if (!isOptional(first)) return
  for (const tokens of choose(rest)) yield first.isPartial ? [first.prefix, ...tokens] : tokens
}

function toItems(tokens: readonly Token[]): Item[] | { problem: string } {
  const items: Item[] = []
  for (const token of tokens) {
    if (typeof token === 'string') items.push(...textItems(token))
    else {
      const value = toItem(token)
      if ('problem' in value) return value
      if (token.prefix === '/') items.push('/')
      if (token.prefix === '.') items.push({ text: '.' })
      items.push(value)
    }
  }
  return items
}

function toItem(token: Param): Exclude<Item, '/'> | { problem: string } {
  const { param, isNamed, prefix, regex, modifier } = token
  const wide = (min: 0 | 1): Wide => ({ wide: isNamed ? param : undefined, param, min })
  if (regex === '.*' || regex === '.*?') return wide(0)
  if (regex === '.+' || regex === '.+?') return wide(1)
  if (modifier !== '+' && modifier !== '*') return { param, regex }
  if (isFolders(token)) return { splat: param, min: modifier === '+' && !matchesNothing(regex) ? 1 : 0, regex }
  if (regex !== undefined || prefix === '.') return { problem: `It repeats ":${param}" within a folder.` }
  return prefix === '/' ? wide(1) : { param }
}
