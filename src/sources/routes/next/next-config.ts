// What a Next configuration says about addresses, from its value as far as that could be told.
import type { Place, Route, Unresolved } from '../../../routes/route.ts'
import { readRules } from './config-rules.ts'
import { PAGE_EXTENSIONS } from './names.ts'
import { isUntold, type Untold } from './untold.ts'

export interface NextConfig {
  /** '' for none. */
  readonly basePath: string
  /** Whether the address of every page ends with a slash. */
  readonly trailingSlash: boolean
  /** Without a dot before them. */
  readonly pageExtensions: readonly string[]
  /** Of the pages folder: its paths are there below each of these, but for the default one. */
  readonly i18n: { readonly locales: readonly string[]; readonly defaultLocale: string | undefined } | undefined
  readonly output: string | undefined
  /** In the order in which they are tried. */
  readonly redirects: readonly Route[]
  /** Addresses that show what is elsewhere: `beforeFiles`, then `afterFiles`, then `fallback`. */
  readonly rewrites: readonly Route[]
  readonly unresolved: readonly Unresolved[]
  readonly notes: readonly string[]
}

const SETTINGS = ['basePath', 'trailingSlash', 'pageExtensions', 'i18n', 'redirects', 'rewrites'] as const

/** Where there is no configuration. */
export const DEFAULT_CONFIG: NextConfig = {
  basePath: '',
  trailingSlash: false,
  pageExtensions: PAGE_EXTENSIONS,
  i18n: undefined,
  output: undefined,
  redirects: [],
  rewrites: [],
  unresolved: [],
  notes: [],
}

/** Under this, an object has what its spread-in part was, where that could not be told. */
export const OTHERS = Symbol('others')

/**
 * Reads the value that the configuration exports: plugins taken off, `redirects` and `rewrites` called. What could not
 * be told stands in it as `Untold`, or is missing with the reason under `OTHERS`. Each setting that counts and cannot
 * be told is unresolved, and is taken as if it were not set.
 */
export function readNextConfig(value: unknown, { file }: { readonly file: string }): NextConfig {
  const unresolved: Unresolved[] = []
  const cannotTell = (what: string, { unknown, source, place }: Untold): undefined => {
    unresolved.push({
      ...(place ?? { file }),
      reason: `${what} cannot be told, since ${unknown}`,
      source: source ?? what,
    })
    return undefined
  }
  if (isUntold(value)) {
    cannotTell('what Next is configured to', value)
    return { ...DEFAULT_CONFIG, unresolved }
  }
  const settings = asObject(value)
  const others = settings[OTHERS]
  if (isUntold(others)) {
    const open = SETTINGS.filter(name => !Object.hasOwn(settings, name))
    if (open.length > 0) cannotTell(open.join(', '), others)
  }
  const get = (name: (typeof SETTINGS)[number]): unknown => {
    const setting = settings[name]
    return isUntold(setting) ? cannotTell(name, setting) : setting
  }

  // It often depends on the environment, and makes no difference but to an export.
  const output = text(settings.output)
  const extensions = texts(get('pageExtensions'))
  const rules = {
    file,
    cannotTell: (what: string, place: Place, why: Untold) => cannotTell(what, why.place ? why : { ...why, place }),
  }
  const redirects = readRules(get('redirects'), { ...rules, kind: 'redirect' })
  const rewrites = readRules(inOrder(get('rewrites')), { ...rules, kind: 'rewrite' })
  const isExport = output === 'export'
  const lost = redirects.length + rewrites.length
  return {
    basePath: text(get('basePath'))?.replace(/\/+$/, '') ?? '',
    trailingSlash: get('trailingSlash') === true,
    pageExtensions: extensions.length > 0 ? extensions : PAGE_EXTENSIONS,
    i18n: localesOf(get('i18n')),
    output,
    redirects: isExport ? [] : redirects,
    rewrites: isExport ? [] : rewrites,
    unresolved,
    notes: lost > 0 && (isExport || isUntold(settings.output)) ? [noteOfExport(file, isExport)] : [],
  }
}

const noteOfExport = (file: string, isExport: boolean): string =>
  `${file}: ${isExport ? 'with output "export"' : 'it cannot be told whether output is "export"; if it is'}, ` +
  'Next has no redirects and no rewrites of its own.'

function localesOf(value: unknown): NextConfig['i18n'] {
  const i18n = asObject(value)
  const locales = texts(i18n.locales)
  return locales.length === 0 ? undefined : { locales, defaultLocale: text(i18n.defaultLocale) }
}

/** Rewrites are a list, or three. */
function inOrder(value: unknown): unknown {
  if (value === undefined || Array.isArray(value) || isUntold(value)) return value
  const { beforeFiles, afterFiles, fallback } = asObject(value)
  return [beforeFiles, afterFiles, fallback].flatMap(list => list ?? [])
}

const asObject = (value: unknown): Readonly<Record<PropertyKey, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>) : {}
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter(each => typeof each === 'string' && each !== '') : []
