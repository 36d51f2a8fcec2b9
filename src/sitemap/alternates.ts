// hreflang: which language a page's address is for, and the links between the addresses of one page.
import type { Alternate } from './entry.ts'

export interface LocalizedLoc {
  readonly hreflang: string
  /** Whether it is also the address for everybody else, `x-default`. */
  readonly isDefault: boolean
  readonly loc: string
}

/**
 * The links that every address of the page carries: the same list for all, itself included, so that each link has
 * its answer. Undefined for a page with one address, which has nothing to link to.
 */
export function linkGroup(locs: readonly LocalizedLoc[]): readonly Alternate[] | undefined {
  if (locs.length < 2) return undefined
  const links = locs.map(({ hreflang, loc }): Alternate => ({ hreflang, href: loc }))
  const fallback = locs.find(({ isDefault }) => isDefault)
  return fallback ? [...links, { hreflang: 'x-default', href: fallback.loc }] : links
}

/** Regions that are no country: what search engines do not know. */
const NO_COUNTRIES = ['EU', 'EZ', 'QO', 'UN', 'XA', 'XB', 'ZZ']

/**
 * `de`, `de_at`, `zh-hans-tw` as search engines write them; undefined for what names no language they know, or no country.
 * An outdated code is taken for what it is today, `en-UK` for `en-GB`.
 */
export function parseHreflang(text: string): string | undefined {
  try {
    const locale = new Intl.Locale(text.replaceAll('_', '-'))
    const { language, script, region } = locale
    const canonical = [language, script, region].filter(part => part !== undefined).join('-')
    const isLanguage = language !== 'mul' && isNamed('language', language)
    const isCountry =
      region === undefined || (/^[A-Z]{2}$/.test(region) && !NO_COUNTRIES.includes(region) && isNamed('region', region))
    return isLanguage && isCountry && canonical === locale.toString() ? canonical : undefined
  } catch {
    return undefined
  }
}

const isNamed = (type: 'language' | 'region', code: string): boolean =>
  new Intl.DisplayNames(['en'], { type, fallback: 'none' }).of(code) !== undefined
