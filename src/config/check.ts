// From plain data to a site that can be run: every mistake that needs no connection, all at once, each with its path.
import { resolve } from 'node:path'
import { errors } from '../errors.ts'
import { parseRemote } from '../io/git-remote.ts'
import { nearestHint, type Problem, uniqueProblems } from '../problem.ts'
import { registerSecret } from '../redact.ts'
import { isPlainObject, parseRule } from '../rules/parse.ts'
import { scheduleProblem } from '../schedule/cron.ts'
import { findField, toLookup } from '../sources/saleor/fields.ts'
import type { AddressQuery, RecordKind, RecordQuery } from '../sources/source.ts'
import {
  type AddressSettings,
  listAddresses,
  localeProblems,
  recordAddresses,
  type SectionAddress,
} from './addresses.ts'
import { type Environment, substitute } from './environment.ts'
import { toProblems } from './issues.ts'
import { configurationSchema, type ParsedConfiguration } from './schema.ts'

/** A checked configuration: nothing optional is left open, `site` is an origin. */
export interface SiteConfig extends ParsedConfiguration {
  /** The site's host, for people. */
  readonly name: string
  /** Relative paths count from here. */
  readonly folder: string
}

export interface CheckedConfig {
  /** Undefined where the shape itself is wrong. */
  readonly config: SiteConfig | undefined
  readonly problems: readonly Problem[]
  /** What the shop's database can be asked about the configuration, even one with mistakes in it. */
  readonly asks: ShopAsks | undefined
}

export interface ShopAsks {
  readonly database: string
  readonly channel: string
  readonly queries: readonly RecordQuery[]
}

export async function checkConfig(raw: unknown, folder: string, environment: Environment): Promise<CheckedConfig> {
  const { data, problems } = await substitute(raw, environment)
  if (typeof data !== 'object' || data === null || Array.isArray(data)) {
    const message = 'Expected a configuration: site, sections and so on.'
    return { config: undefined, problems: [{ path: '', message }], asks: undefined }
  }
  const parsed = configurationSchema.safeParse(data)
  const parts = parsed.success ? parsed.data : partsOf(data)
  registerSecrets(parts)
  const shape = parsed.success ? [] : parsed.error.issues.flatMap(issue => toProblems(issue, data))
  const site = parts.site === undefined ? undefined : siteOrigin(parts.site)
  const crossed = [
    ...(parts.site === undefined || site ? [] : [siteProblem(parts.site)]),
    ...sourceProblems(parts, data),
    ...localeProblems(addressSettings(parts, data)),
    ...rawSections(data).flatMap(([name, section]) => sectionProblems(name, section, parts, data)),
    ...(parts.schedule ? scheduleProblem(parts.schedule) : []),
    ...targetProblems(parts, folder),
  ]
  const name = site ? new URL(site).host : ''
  return {
    config: parsed.success ? { ...parsed.data, site: site ?? '', name, folder } : undefined,
    problems: uniqueProblems(withoutConsequences([...problems, ...shape, ...crossed], problems)),
    asks: asksOf(data, parts),
  }
}

type Parts = Partial<ParsedConfiguration>

/** Each setting by itself, so that a mistake in one does not hide those in the others. */
function partsOf(data: object): Parts {
  const found = Object.entries(configurationSchema.shape).flatMap(([key, schema]) => {
    const part = schema.safeParse((data as Record<string, unknown>)[key])
    return part.success ? [[key, part.data]] : []
  })
  return Object.fromEntries(found)
}

/** A value that is missing from the environment makes others wrong after it: those are not told. */
function withoutConsequences(all: readonly Problem[], missing: readonly Problem[]): Problem[] {
  const excused = new Set(missing.map(({ path }) => path))
  return all.filter(problem => missing.includes(problem) || !excused.has(problem.path))
}

export function assertNoProblems(problems: readonly Problem[]): void {
  if (problems.length > 0) throw errors.configInvalid(problems)
}

function siteOrigin(text: string): string | undefined {
  try {
    const url = new URL(text)
    const isOrigin = url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password
    return isOrigin && /^https?:$/.test(url.protocol) ? url.origin : undefined
  } catch {
    return undefined
  }
}

const siteProblem = (text: string): Problem => ({
  path: 'site',
  message: `Expected scheme and host such as https://shop.example.com, got "${text.slice(0, 100)}".`,
  hint: 'A sitemap speaks for a whole host: paths go into the "url" of each section.',
})

function sourceProblems({ source }: Parts, data: object): Problem[] {
  const reader = rawSections(data).find(([, section]) => isRecordKind(section.of))
  if (!source) {
    if (!reader || (data as { source?: unknown }).source !== undefined) return []
    return [{ path: 'source', message: `Section "${reader[0]}" reads a shop, and no source is named.` }]
  }
  const { database, graphql, token } = source.saleor
  const problems: Problem[] = []
  if (graphql !== undefined || token !== undefined) {
    const path = `source.saleor.${graphql !== undefined ? 'graphql' : 'token'}`
    problems.push({
      path,
      message: 'Reading by GraphQL is not part of this version of Storemap.',
      hint: 'Name the "database".',
    })
  } else if (database === undefined) {
    problems.push({ path: 'source.saleor.database', message: 'Expected the address of the database.' })
  }
  if (database !== undefined && !isDatabaseAddress(database)) {
    problems.push({
      path: 'source.saleor.database',
      message: 'Expected an address: postgres://, then user, password, host, port and name of the database.',
      hint: 'A "#", "/", "?", "@" or "%" in a password must be percent-encoded.',
    })
  }
  return problems
}

/** An unencoded "#" or "/" in a password makes a part of it the host, which messages name. */
function isDatabaseAddress(text: string): boolean {
  if (!/^postgres(ql)?:\/\//.test(text)) return false
  try {
    // An address may leave the host out, and name a socket's folder in its query.
    const { username, password, pathname, hash } = new URL(text.replace('@/', '@localhost/'))
    for (const part of [username, password, pathname]) decodeURIComponent(part)
    return hash === '' && !text.includes('#')
  } catch {
    return false
  }
}

/** Read leniently: whatever is written right enough to be asked about. */
function asksOf(data: object, parts: Parts): ShopAsks | undefined {
  const { source } = data as { source?: { saleor?: Record<string, unknown> } }
  const { database, channel } = source?.saleor ?? {}
  if (typeof database !== 'string' || typeof channel !== 'string' || !isDatabaseAddress(database)) return undefined
  const queries = rawSections(data).flatMap(([name, section]): RecordQuery[] => {
    const { of, where = {} } = section
    if (!isRecordKind(of)) return []
    const { addresses } = recordAddresses({ name, of, url: urlOf(section) }, addressSettings(parts, data))
    const path = `sections.${name}`
    return [{ of, where, addresses: addresses.map(toAddressQuery), images: false, updatedAt: false, path }]
  })
  return { database, channel, queries }
}

/** What a source has to know of an address. */
export const toAddressQuery = ({
  locale,
  channel,
  language,
  missing,
  template,
  path,
}: SectionAddress): AddressQuery => ({
  channel,
  language,
  missing,
  fields: template.fields,
  path,
  ...(locale !== undefined && { channelPath: `locales.${locale}.channel` }),
})

/** `data`: as it is written, for a channel beside which the source has a mistake. */
export function addressSettings({ source, storefront, locales }: Parts, data: object = {}): AddressSettings {
  const written = (data as { source?: { saleor?: { channel?: unknown } } }).source?.saleor?.channel
  return { channel: source?.saleor.channel ?? (typeof written === 'string' ? written : undefined), storefront, locales }
}

const urlOf = ({ url }: Record<string, unknown>): string | undefined => (typeof url === 'string' ? url : undefined)

const SECTION_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/

function sectionProblems(name: string, section: Record<string, unknown>, parts: Parts, data: object): Problem[] {
  const path = `sections.${name}`
  const problems: Problem[] = []
  if (!SECTION_NAME.test(name) || name.length > 60) {
    problems.push({ path, message: "A section's name becomes a file name: small letters, digits and hyphens." })
  }
  // Locales that are wrong by themselves are told, and what follows from them is not.
  const isSettled = (data as { locales?: unknown }).locales === undefined || parts.locales !== undefined
  const settings = addressSettings(parts, data)
  if (section.of === 'list' && isSettled && parts.locales) return [...problems, ...listAddresses(settings).problems]
  const { of } = section
  if (!isRecordKind(of)) return problems
  problems.push(...parseRule(section.where ?? {}, `${path}.where`, toLookup(of, undefined)).problems)
  if (section.images === true) problems.push(...imageProblems(of, path, parts))
  if (!isSettled || (section.url !== undefined && typeof section.url !== 'string')) return problems
  const { addresses, problems: addressed } = recordAddresses({ name, of, url: urlOf(section) }, settings)
  return [...problems, ...addressed, ...fieldProblems(of, addresses)]
}

function fieldProblems(of: RecordKind, addresses: readonly SectionAddress[]): Problem[] {
  const problems = new Map<string, Problem>()
  for (const { path, template } of addresses) {
    for (const field of template.fields) {
      const found = findField(of, field, undefined)
      if (!('problem' in found)) continue
      const hint = nearestHint(field, found.known)
      problems.set(`${path} ${field}`, { path, message: found.problem, ...(hint && { hint }) })
    }
    if (template.fields.length === 0) {
      const message = 'It names no field, so all records would have one address.'
      problems.set(path, { path, message, hint: 'Write {slug}.' })
    }
  }
  return [...problems.values()]
}

function imageProblems(of: RecordKind, path: string, { source }: Parts): Problem[] {
  if (of === 'pages') return [{ path: `${path}.images`, message: 'Saleor keeps no images of pages.' }]
  const media = source?.saleor.media
  if (!source || (media !== undefined && isMediaAddress(media))) return []
  return [
    {
      path: 'source.saleor.media',
      message: 'Expected the address at which paths of images begin, https://media.example.com/.',
      hint: "It is Saleor's MEDIA_URL, or the address of its bucket.",
    },
  ]
}

function isMediaAddress(text: string): boolean {
  try {
    const url = new URL(text)
    return /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '' && url.username === ''
  } catch {
    return false
  }
}

/** As they are written: what is no section at all is the schema's to tell. */
function rawSections(data: object): [name: string, section: Record<string, unknown>][] {
  const { sections } = data as { sections?: unknown }
  return isPlainObject(sections)
    ? Object.entries(sections).filter((entry): entry is [string, Record<string, unknown>] => isPlainObject(entry[1]))
    : []
}

/** What tells targets apart, in their order. */
export const targetKeys = (publish: NonNullable<Parts['publish']>, folder: string): string[] =>
  publish.map(({ git, directory }) =>
    JSON.stringify(git ? ['git', git.repo, git.branch] : ['directory', resolve(folder, directory?.path ?? '')]),
  )

function targetProblems({ publish = [] }: Parts, folder: string): Problem[] {
  const keys = targetKeys(publish, folder)
  return publish.flatMap(({ git }, index) => {
    const path = `publish[${index}]`
    const first = keys.indexOf(keys[index] as string)
    if (first !== index) return [{ path, message: `The same target as publish[${first}].` }]
    if (!git) return []
    const parsed = parseRemote(git.repo, folder)
    return 'problem' in parsed ? [{ path: `${path}.git.repo`, message: parsed.problem }] : []
  })
}

function registerSecrets({ source, publish = [] }: Parts): void {
  const database = source?.saleor.database
  if (database) {
    try {
      const { password } = new URL(database)
      if (password) for (const form of [password, decodeURIComponent(password)]) registerSecret(form)
    } catch {
      registerSecret(database)
    }
  }
  for (const { git } of publish) {
    if (git?.token) registerSecret(git.token)
    if (git?.sshKey?.includes('\n')) registerSecret(git.sshKey)
  }
}

const isRecordKind = (of: unknown): of is RecordKind =>
  of === 'products' || of === 'categories' || of === 'collections' || of === 'pages'
