// The addresses of a section: its `url`, or one for each locale, with what is the same for all records filled in.
import type { Problem } from '../problem.ts'
import { parseHreflang } from '../sitemap/alternates.ts'
import { fillTemplate, parseTemplate, type UrlTemplate } from '../sitemap/url-template.ts'
import type { RecordKind } from '../sources/source.ts'
import { type LocaleOptions, localeUrl, NO_LANGUAGE, PATH, urlProblems } from './locales.ts'
import { STOREFRONTS, type StorefrontName } from './storefronts.ts'

/** What a configuration says of addresses, apart from the sections. */
export interface AddressSettings {
  readonly channel: string | undefined
  readonly storefront: StorefrontName | undefined
  /** Undefined: the site has one language, and none is named. */
  readonly locales: Readonly<Record<string, LocaleOptions>> | undefined
}

/** One address of every record of a section. */
export interface SectionAddress {
  /** The locale's name; undefined without locales. */
  readonly locale: string | undefined
  readonly hreflang: string | undefined
  readonly isDefault: boolean
  readonly channel: string | undefined
  readonly language: string | undefined
  readonly missing: 'omit' | 'fallback'
  readonly template: UrlTemplate
  /** Where it is configured. */
  readonly path: string
}

/** The addresses of a section's records. `url` is undefined where the storefront has to say it. */
export function recordAddresses(
  section: { readonly name: string; readonly of: RecordKind; readonly url: string | undefined },
  given: AddressSettings,
): { addresses: SectionAddress[]; problems: Problem[] } {
  // Where no channel is known, the source has a mistake, which is told; {channel} would only be told after it.
  const settings = { ...given, channel: given.channel ?? 'channel' }
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
  if (settings.locales) {
    const { addresses, problems } = localizedAddresses(`/${PATH}`, settings, 'locales')
    const message = 'Its address names {channel}, and no channel is named: not here, and not by a source.'
    const without = addresses.filter(({ template }) => template.fields.includes('channel'))
    return {
      addresses,
      problems: [...problems, ...without.map(({ locale }) => ({ path: `locales.${locale}.channel`, message }))],
    }
  }
  const template: UrlTemplate = { literals: ['/', ''], fields: ['path'], formats: [undefined] }
  return { addresses: [{ ...WITHOUT_LOCALE, channel: undefined, path: 'sections', template }], problems: [] }
}

/** The addresses of a front end's pages: as those of lists, after what the storefront puts before every path. */
export function pageAddresses(settings: AddressSettings): { addresses: SectionAddress[]; problems: Problem[] } {
  const prefix = settings.storefront ? STOREFRONTS[settings.storefront].prefix : ''
  if (settings.locales || prefix === '') return listAddresses(settings)
  return gather([
    addressOf(`${prefix}/${PATH}`, { ...WITHOUT_LOCALE, channel: undefined, path: 'storefront' }, settings),
  ])
}

function localizedAddresses(path: string, settings: AddressSettings, at: string) {
  const made = Object.entries(settings.locales ?? {}).flatMap(([name, locale]) => {
    if (urlProblems(name, locale, settings.storefront).length > 0) return [] // localeProblems says so
    return [
      addressOf(
        localeUrl(locale, settings.storefront).replace(PATH, () => path),
        {
          locale: name,
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
  for (const { template, locale } of addresses) {
    const key = JSON.stringify(template)
    if (seen.has(key)) {
      const message = `The locales ${seen.get(key)} and ${locale} have one and the same address there.`
      return [{ path: at, message, hint: 'Write {locale} into it, or a "url" for each locale: /de{path}.' }]
    }
    seen.set(key, locale)
  }
  return []
}

const WITHOUT_LOCALE = {
  locale: undefined,
  hreflang: undefined,
  isDefault: false,
  language: undefined,
  missing: 'omit',
} as const

type Made = { readonly address: SectionAddress } | { readonly problem: Problem }

function addressOf(url: string, facts: Omit<SectionAddress, 'template'>, settings: AddressSettings): Made {
  const { path, locale, language } = facts
  const parsed = parseTemplate(url)
  if ('problem' in parsed) {
    return { problem: { path, message: parsed.problem, ...(parsed.hint && { hint: parsed.hint }) } }
  }
  const { fields } = parsed.template
  const unnamed = locale === undefined && fields.find(field => field === 'locale' || field === 'language')
  if (unnamed) {
    const message = `It names {${unnamed}}, and no "locales" are configured.`
    return { problem: { path, message, hint: 'Write locales: { en: { default: true } }.' } }
  }
  if (fields.includes('language') && language === undefined) return { problem: { path, message: NO_LANGUAGE } }
  const constants = new Map<string, string>()
  if (locale !== undefined) constants.set('locale', locale)
  if (language !== undefined) constants.set('language', language)
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
