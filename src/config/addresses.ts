// The addresses of a section: its `url`, or one for each locale, with what is the same for all records filled in.
import type { Problem } from '../problem.ts'
import { parseHreflang } from '../sitemap/alternates.ts'
import { fillTemplate, parseTemplate, type UrlTemplate } from '../sitemap/url-template.ts'
import type { RecordKind } from '../sources/source.ts'
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

/** What a configuration says of addresses, apart from the sections. */
export interface AddressSettings {
  readonly channel: string | undefined
  readonly storefront: StorefrontName | undefined
  /** Undefined: the site has one language, and none is named. */
  readonly locales: Readonly<Record<string, LocaleOptions>> | undefined
}

/** One address of every record of a section. */
export interface SectionAddress {
  /** Undefined without locales. */
  readonly hreflang: string | undefined
  readonly isDefault: boolean
  readonly channel: string | undefined
  readonly language: string | undefined
  readonly missing: 'omit' | 'fallback'
  readonly template: UrlTemplate
  /** Where it is configured. */
  readonly path: string
}

/** Stands for the path of a list in a locale's address. */
const PATH = '{path}'

/** The addresses of a section's records. `url` is undefined where the storefront has to say it. */
export function recordAddresses(
  section: { readonly name: string; readonly of: RecordKind; readonly url: string | undefined },
  settings: AddressSettings,
): { addresses: SectionAddress[]; problems: Problem[] } {
  const storefront = settings.storefront && STOREFRONTS[settings.storefront]
  const path = section.url ?? storefront?.paths[section.of]
  const at = `sections.${section.name}.url`
  if (path === undefined) {
    const message = 'Expected the path of a page, such as /products/{slug}; or name a "storefront" that is known.'
    return { addresses: [], problems: [{ path: at, message }] }
  }
  if (settings.locales) return localizedAddresses(path, settings, at)
  const prefix = section.url === undefined ? (storefront?.prefix ?? '') : ''
  return gather([addressOf(`${prefix}${path}`, { ...WITHOUT_LOCALE, channel: undefined, path: at }, settings)])
}

/** The addresses of a list's paths: its template has the one field `path`. */
export function listAddresses(settings: AddressSettings): { addresses: SectionAddress[]; problems: Problem[] } {
  if (settings.locales) return localizedAddresses(`/${PATH}`, settings, 'locales')
  const template: UrlTemplate = { literals: ['/', ''], fields: ['path'], formats: [undefined] }
  return { addresses: [{ ...WITHOUT_LOCALE, channel: undefined, path: 'sections', template }], problems: [] }
}

/** Mistakes of the locales themselves. */
export function localeProblems({ locales, storefront }: AddressSettings): Problem[] {
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
  if (locale.translations !== undefined && !/^[a-z]{2,3}(-[a-z0-9]+)*$/i.test(locale.translations)) {
    const message = `"${locale.translations}" is no language code such as de or fr-ca.`
    problems.push({ path: `${path}.translations`, message })
  }
  if (locale.missing !== undefined && locale.translations === undefined) {
    const message = 'Nothing can be missing where no "translations" are named.'
    problems.push({ path: `${path}.missing`, message })
  }
  const parts = localeUrl(locale, storefront).split(PATH)
  if (parts.length !== 2) {
    problems.push({ path: `${path}.url`, message: `Expected ${PATH} in it, once: it stands for the path of a page.` })
    return problems
  }
  const parsed = parseTemplate(parts.join('/x'))
  if ('problem' in parsed) problems.push({ path: `${path}.url`, message: parsed.problem })
  else {
    for (const field of parsed.template.fields.filter(each => !CONSTANTS.includes(each)))
      problems.push({ path: `${path}.url`, message: `{${field}} is of a record. ${KNOWN_CONSTANTS}` })
  }
  return problems
}

const CONSTANTS = ['locale', 'language', 'channel']
const KNOWN_CONSTANTS = 'A locale can name {locale}, {language} and {channel}.'

const localeUrl = ({ url }: LocaleOptions, storefront: StorefrontName | undefined): string =>
  url ?? `${storefront ? STOREFRONTS[storefront].prefix : ''}${PATH}`

function localizedAddresses(path: string, settings: AddressSettings, at: string) {
  const made = Object.entries(settings.locales ?? {}).flatMap(([name, locale]) => {
    const url = localeUrl(locale, settings.storefront)
    if (url.split(PATH).length !== 2) return [] // localeProblems says so
    return [
      addressOf(
        url.replace(PATH, () => path),
        {
          name,
          hreflang: parseHreflang(locale.hreflang ?? name),
          isDefault: locale.default ?? false,
          channel: locale.channel,
          language: locale.translations?.toLowerCase(),
          missing: locale.missing ?? 'omit',
          path: at,
        },
        settings,
      ),
    ]
  })
  const { addresses, problems } = gather(made)
  return { addresses, problems: [...problems, ...sameAddresses(addresses, at)] }
}

/** Two locales at one address cannot both be linked to. */
function sameAddresses(addresses: readonly SectionAddress[], at: string): Problem[] {
  const seen = new Map<string, string | undefined>()
  for (const { template, hreflang } of addresses) {
    const key = JSON.stringify(template)
    if (seen.has(key)) {
      const message = `The locales ${seen.get(key)} and ${hreflang} have one and the same address there.`
      return [{ path: at, message, hint: 'Write {locale} into it, or a "url" for each locale: /de{path}.' }]
    }
    seen.set(key, hreflang)
  }
  return []
}

const WITHOUT_LOCALE = { hreflang: undefined, isDefault: false, language: undefined, missing: 'omit' } as const

interface AddressFacts extends Omit<SectionAddress, 'template'> {
  /** The locale's; undefined without. */
  readonly name?: string
}

type Made = { readonly address: SectionAddress } | { readonly problem: Problem }

function addressOf(url: string, { name, ...facts }: AddressFacts, settings: AddressSettings): Made {
  const { path } = facts
  const parsed = parseTemplate(url)
  if ('problem' in parsed) {
    return { problem: { path, message: parsed.problem, ...(parsed.hint && { hint: parsed.hint }) } }
  }
  const { fields } = parsed.template
  if (name === undefined && fields.includes('locale')) {
    const message = 'It names {locale}, and no "locales" are configured.'
    return { problem: { path, message, hint: 'Write locales: { en: { default: true } }.' } }
  }
  if (fields.includes('language') && facts.language === undefined) {
    const message = 'It names {language}, and the locale names no "translations".'
    return { problem: { path, message } }
  }
  const constants = new Map<string, string>()
  if (name !== undefined) constants.set('locale', name)
  if (facts.language !== undefined) constants.set('language', facts.language)
  const channel = facts.channel ?? settings.channel
  if (channel !== undefined) constants.set('channel', channel)
  return { address: { ...facts, template: fillTemplate(parsed.template, constants) } }
}

function gather(made: readonly Made[]): { addresses: SectionAddress[]; problems: Problem[] } {
  const problems = made.flatMap(each => ('problem' in each ? [each.problem] : []))
  return {
    addresses: made.flatMap(each => ('address' in each ? [each.address] : [])),
    // A mistake of the section's own path is the same in every locale.
    problems: problems.filter((each, index) => problems.findIndex(({ message }) => message === each.message) === index),
  }
}
