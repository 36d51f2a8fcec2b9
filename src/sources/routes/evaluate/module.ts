// One file of source, parsed: its syntax tree when it is asked for, and what it imports at once.
import type { ParseResult, Program } from 'oxc-parser'
import type { Place } from '../../../routes/route.ts'

export interface SourceModule {
  readonly file: string
  readonly text: string
  /** Parsed at the first time it is asked for. */
  readonly program: Program
  /** What it names in imports, exports, `import()` and `require()`, as it stands there. */
  readonly specifiers: readonly string[]
  /** Why it could not be read as it should; what could be read of it is there. */
  readonly problem: string | undefined
  placeOf(node: { readonly start: number }): Place
  /** The text of a node, on one line, shortened. */
  sourceOf(node: { readonly start: number; readonly end: number }, most?: number): string
}

type Parse = (file: string, text: string, options: { lang: 'js' | 'jsx' | 'ts' | 'tsx' }) => ParseResult

let parser: Promise<Parse> | undefined

/** The parser is a native library, which only runs that read a router load. */
export async function loadParser(): Promise<Parse> {
  parser ??= import('oxc-parser').then(
    ({ parseSync }) =>
      (file, text, options) =>
        parseSync(file, text, { ...options, preserveParens: false }),
  )
  return parser
}

export function parseModule(parse: Parse, file: string, text: string): SourceModule {
  const result = parseInSomeDialect(parse, file, text)
  let program: Program | undefined
  let lineStarts: number[] | undefined
  const failure = result.errors.find(({ severity }) => severity === 'Error')
  const sourceOf: SourceModule['sourceOf'] = (node, most = 80) => {
    const oneLine = text.slice(node.start, node.end).replace(/\s+/g, ' ')
    return oneLine.length > most ? `${oneLine.slice(0, most - 1)}…` : oneLine
  }
  return {
    file,
    text,
    get program() {
      program ??= result.program
      return program
    },
    specifiers: specifiersOf(result, text),
    problem: failure?.message,
    placeOf: ({ start }) => {
      lineStarts ??= startsOfLines(text)
      return { file, line: lineAt(lineStarts, start) }
    },
    sourceOf,
  }
}

/** Many a .js file has JSX in it, or type annotations. */
function parseInSomeDialect(parse: Parse, file: string, text: string): ParseResult {
  const isTyped = /\.[cm]?tsx?$/.test(file)
  const dialects = isTyped
    ? [/\.tsx$/.test(file) ? ('tsx' as const) : ('ts' as const), 'tsx' as const]
    : (['jsx', 'tsx'] as const)
  let first: ParseResult | undefined
  for (const lang of dialects) {
    const result = parse(file, text, { lang })
    if (!result.errors.some(({ severity }) => severity === 'Error')) return result
    first ??= result
  }
  return first as ParseResult
}

function specifiersOf(result: ParseResult, text: string): string[] {
  const found = new Set<string>()
  for (const { moduleRequest, entries } of result.module.staticImports) {
    const onlyTypes = entries.length > 0 && entries.every(({ isType }) => isType)
    if (!onlyTypes) found.add(moduleRequest.value)
  }
  for (const { entries } of result.module.staticExports) {
    for (const { moduleRequest, isType } of entries) if (moduleRequest && !isType) found.add(moduleRequest.value)
  }
  for (const { moduleRequest } of result.module.dynamicImports) {
    const literal = LITERAL.exec(text.slice(moduleRequest.start, moduleRequest.end).replace(COMMENTS, ''))
    if (literal) found.add(literal[2] as string)
  }
  if (text.includes('require')) for (const [, , name] of text.matchAll(REQUIRE)) found.add(name as string)
  return [...found]
}

/** `import(/* webpackChunkName: "x" *\/ './x')`. */
const COMMENTS = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g
const LITERAL = /^\s*(['"`])([^'"`$]+)\1\s*$/
const REQUIRE = /\brequire(?:\.ensure)?\(\s*(?:\/\*[^*]*\*\/\s*)?(['"])([^'"]+)\1\s*\)/g

function startsOfLines(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** From 1. */
function lineAt(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length
  while (low + 1 < high) {
    const middle = (low + high) >> 1
    if ((starts[middle] as number) <= offset) low = middle
    else high = middle
  }
  return low + 1
}
