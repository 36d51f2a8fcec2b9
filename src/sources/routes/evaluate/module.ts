// One file of source, parsed: its syntax tree when it is asked for, and what it imports at once.
import type { ParseResult, Program } from 'oxc-parser'
import type { Place } from '../../../routes/route.ts'

export interface SourceModule {
  readonly file: string
  readonly text: string
  /** Parsed at the first time it is asked for: most modules are only passed through. */
  readonly program: Program
  readonly imports: readonly ModuleImport[]
  readonly exports: readonly ModuleExport[]
  /** What it names in imports, exports, `import()` and `require()`, as it stands there. */
  readonly specifiers: readonly string[]
  /** Why it could not be read as it should; what could be read of it is there. */
  readonly problem: string | undefined
  placeOf(node: { readonly start: number }): Place
  /** The text of a node, on one line, shortened. */
  sourceOf(node: { readonly start: number; readonly end: number }, most?: number): string
}

export interface ModuleImport {
  readonly local: string
  readonly from: string
  /** Undefined: all that is exported. */
  readonly imported: string | undefined
}

/** Of a name, or, without one, of all that another module exports. */
export interface ModuleExport {
  readonly name: string | undefined
  /** The module it is passed on from; undefined: it is the module's own. */
  readonly from: string | undefined
  /** Its name here, or there; undefined: all of it, or what `export default` is followed by. */
  readonly inner: string | undefined
}

type Lang = 'js' | 'jsx' | 'ts' | 'tsx'

export interface Parser {
  /** On a thread of its own. */
  parse(file: string, text: string, lang: Lang): Promise<ParseResult>
  parseNow(file: string, text: string, lang: Lang): ParseResult
}

let parser: Promise<Parser> | undefined

/** The parser is a native library, which only runs that read a router load. */
export async function loadParser(): Promise<Parser> {
  parser ??= import('oxc-parser').then(({ parse, parseSync }) => ({
    parse: (file, text, lang) => parse(file, text, { lang, preserveParens: false }),
    parseNow: (file, text, lang) => parseSync(file, text, { lang, preserveParens: false }),
  }))
  return parser
}

export async function parseModule(parser: Parser, file: string, text: string): Promise<SourceModule> {
  const { result, lang } = await parseInSomeDialect(parser, file, text)
  const { imports, exports } = linksOf(result)
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
      // Not kept from the first time: for all modules of a front end that would be hundreds of megabytes.
      program ??= parser.parseNow(file, text, lang).program
      return program
    },
    imports,
    exports,
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
async function parseInSomeDialect(
  parser: Parser,
  file: string,
  text: string,
): Promise<{ readonly result: ParseResult; readonly lang: Lang }> {
  const isTyped = /\.[cm]?tsx?$/.test(file)
  const first: Lang = isTyped ? (file.endsWith('.tsx') ? 'tsx' : 'ts') : 'jsx'
  const result = await parser.parse(file, text, first)
  if (!hasFailed(result) || first === 'tsx') return { result, lang: first }
  const other = await parser.parse(file, text, 'tsx')
  return hasFailed(other) ? { result, lang: first } : { result: other, lang: 'tsx' }
}

const hasFailed = ({ errors }: ParseResult): boolean => errors.some(({ severity }) => severity === 'Error')

function linksOf({ module }: ParseResult): { imports: ModuleImport[]; exports: ModuleExport[] } {
  const imports = module.staticImports.flatMap(({ moduleRequest, entries }) =>
    entries.flatMap(({ importName, localName, isType }): ModuleImport[] => {
      if (isType) return []
      const { kind, name } = importName
      const imported = kind === 'Default' ? 'default' : kind === 'Name' ? (name ?? undefined) : undefined
      return [{ local: localName.value, from: moduleRequest.value, imported }]
    }),
  )
  const exports = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, importName, exportName, localName, isType }): ModuleExport[] => {
      if (isType) return []
      const name = exportName.kind === 'Default' ? 'default' : (exportName.name ?? undefined)
      const from = moduleRequest?.value
      const inner = from === undefined ? localName.name : importName.name
      return [{ name, from, inner: inner ?? undefined }]
    }),
  )
  return { imports, exports }
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
