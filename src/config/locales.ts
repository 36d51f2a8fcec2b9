// Locales as they are configured: where the pages of each are, and the mistakes that need nothing else to be seen.
import type { Problem } from '../problem.ts'
import { parseHreflang } from '../sitemap/alternates.ts'
import { parseTemplate } from '../sitemap/url-template.ts'
import { isLanguageCode } from '../sources/saleor/translations.ts'
import { STOREFRONTS, type StorefrontName } from './storefronts.ts'

/** A locale as it is configured. */
export interface LocaleOptions {
  readonly url?: string | undefined
  readonly default?: boolean | undefined
  readonly hreflang?: string | undefined
  readonly translations?: string | undefined
  readonly missing?: 'omit' | 'fallback' | undefined
  readonly channel?: string | undefined
}

interface LocaleSettings {
  readonly storefront: StorefrontName | undefined
  readonly locales: Readonly<Record<string, LocaleOptions>> | undefined
}

/** Stands for the path of a page in a locale's address. */
export const PATH = '{path}'

/** Mistakes of the locales themselves. */
export function localeProblems({ locales, storefront }: LocaleSettings): Problem[] {
  const entries = Object.entries(locales ?? {})
  const problems = entries.flatMap(([name, locale]) => localeProblem(name, locale, storefront))
  const defaults = entries.filter(([, locale]) => locale.default)
  for (const [name] of defaults.slice(1)) {
    problems.push({ path: `locales.${name}.default`, message: `Only one can be: "${defaults[0]?.[0]}" is, too.` })
  }
  const first = new Map<string, string>()
  for (const [name, locale] of entries) {
    const hreflang = parseHreflang(locale.hreflang ?? name)
    const other = hreflang && first.get(hreflang)
    if (other !== undefined) {
      const message = `Its language ${hreflang} is that of "${other}", too: a page has one address a language.`
      problems.push({ path: `locales.${name}`, message, hint: 'Tell them apart by region: hreflang: en-GB.' })
    } else if (hreflang) first.set(hreflang, name)
  }
  return problems
}

function localeProblem(name: string, locale: LocaleOptions, storefront: StorefrontName | undefined): Problem[] {
  const path = `locales.${name}`
  const problems: Problem[] = []
  if (!parseHreflang(locale.hreflang ?? name)) {
    problems.push({
      path: locale.hreflang === undefined ? path : `${path}.hreflang`,
      message: `"${locale.hreflang ?? name}" names no language that search engines know.`,
      hint: 'Name one by "hreflang": de, de-AT, zh-Hant.',
    })
  }
  if (locale.translations !== undefined && !isLanguageCode(locale.translations.toLowerCase())) {
    const message = `"${locale.translations}" is no language code such as de or fr-ca.`
    const plain = locale.translations.toLowerCase().replaceAll('_', '-')
    const hint = isLanguageCode(plain) ? `Write ${plain}.` : undefined
    problems.push({ path: `${path}.translations`, message, ...(hint && { hint }) })
  }
  if (locale.missing !== undefined && locale.translations === undefined) {
    const message = 'Nothing can be missing where no "translations" are named.'
    problems.push({ path: `${path}.missing`, message })
  }
  return [...problems, ...urlProblems(name, locale, storefront)]
}

/** Mistakes of where the pages of a locale are. */
export function urlProblems(name: string, locale: LocaleOptions, storefront: StorefrontName | undefined): Problem[] {
  const path = `locales.${name}.url`
  const [before = '', after, ...more] = localeUrl(locale, storefront).split(PATH)
  if (after === undefined || more.length > 0)
    return [{ path, message: `Expected ${PATH} in it, once: it stands for the path of a page.` }]
  if (before.endsWith('/')) {
    const hint = `Write ${before.replace(/\/+$/, '')}${PATH}.`
    return [{ path, message: `${PATH} begins with a slash itself.`, hint }]
  }
  const parsed = parseTemplate(`${before}/x${after}`)
  if ('problem' in parsed) return [{ path, message: parsed.problem }]
  const { fields } = parsed.template
  const ofRecords = fields.filter(field => !CONSTANTS.includes(field))
  const problems = ofRecords.map(field => ({ path, message: `{${field}} is of a record. ${KNOWN_CONSTANTS}` }))
  return fields.includes('language') && locale.translations === undefined
    ? [...problems, { path, message: NO_LANGUAGE }]
    : problems
}

/** What a locale's address can name: the same for all records. */
const CONSTANTS = ['locale', 'language', 'channel']
export const NO_LANGUAGE = 'It names {language}, and the locale names no "translations".'
const KNOWN_CONSTANTS = 'A locale can name {locale}, {language} and {channel}.'

/** Where the pages of a locale are, `/de{path}`. */
export const localeUrl = ({ url }: LocaleOptions, storefront: StorefrontName | undefined): string =>
  url ?? `${storefront ? STOREFRONTS[storefront].prefix : ''}${PATH}`
