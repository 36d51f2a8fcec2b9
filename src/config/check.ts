// From plain data to a site that can be run: every mistake that needs no connection, all at once, each with its path.
import type { z } from 'zod'
import { errors } from '../errors.ts'
import { parseRemote } from '../io/git-remote.ts'
import { nearestHint, type Problem } from '../problem.ts'
import { registerSecret } from '../redact.ts'
import { parseRule } from '../rules/parse.ts'
import { scheduleProblem } from '../schedule/cron.ts'
import { parseTemplate } from '../sitemap/url-template.ts'
import { findField, toLookup } from '../sources/saleor/fields.ts'
import type { RecordKind, RecordQuery } from '../sources/source.ts'
import { type Environment, substitute } from './environment.ts'
import { knownKeysAt } from './known-keys.ts'
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
  if (!parsed.success) {
    const shape = parsed.error.issues.flatMap(issue => toProblems(issue, data))
    return {
      config: undefined,
      problems: sorted([...problems, ...shape, ...rawProblems(data)], problems),
      asks: asksOf(data),
    }
  }
  registerSecrets(parsed.data)
  const site = siteOrigin(parsed.data.site)
  const config: SiteConfig = { ...parsed.data, site: site ?? '', name: site ? new URL(site).host : '', folder }
  const crossed = [
    ...(site ? [] : [siteProblem(parsed.data.site)]),
    ...sourceProblems(config),
    ...Object.entries(config.sections).flatMap(([name, section]) => sectionProblems(name, section)),
    ...(config.schedule ? scheduleProblem(config.schedule) : []),
    ...targetProblems(config),
  ]
  return { config, problems: sorted([...problems, ...crossed], problems), asks: asksOf(data) }
}

/** A value that is missing from the environment makes others wrong after it: those are not told. */
function sorted(all: readonly Problem[], missing: readonly Problem[]): Problem[] {
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

function sourceProblems({ source, sections }: SiteConfig): Problem[] {
  const reader = Object.entries(sections).find(([, section]) => section.of !== 'list')
  if (!source)
    return reader ? [{ path: 'source', message: `Section "${reader[0]}" reads a shop, and no source is named.` }] : []
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
      message: 'Expected an address such as postgres://user:password@host:5432/saleor.',
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
function asksOf(data: object): ShopAsks | undefined {
  const { source, sections } = data as {
    source?: { saleor?: Record<string, unknown> }
    sections?: Record<string, Record<string, unknown>>
  }
  const { database, channel } = source?.saleor ?? {}
  if (typeof database !== 'string' || typeof channel !== 'string' || !isDatabaseAddress(database)) return undefined
  const queries = Object.entries(sections ?? {}).flatMap(([name, section]): RecordQuery[] => {
    if (!isRecordKind(section?.of)) return []
    const parsed = typeof section.url === 'string' ? parseTemplate(section.url) : undefined
    const fields = parsed && 'template' in parsed ? parsed.template.fields : []
    return [{ of: section.of, where: section.where ?? {}, fields, updatedAt: false, path: `sections.${name}` }]
  })
  return { database, channel, queries }
}

const SECTION_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/

function sectionProblems(name: string, section: Record<string, unknown>): Problem[] {
  const path = `sections.${name}`
  const problems: Problem[] = []
  if (!SECTION_NAME.test(name) || name.length > 60) {
    problems.push({ path, message: "A section's name becomes a file name: small letters, digits and hyphens." })
  }
  if (!isRecordKind(section.of)) return problems
  problems.push(...parseRule(section.where ?? {}, `${path}.where`, toLookup(section.of, undefined)).problems)
  if (typeof section.url !== 'string') return problems
  const parsed = parseTemplate(section.url)
  if ('problem' in parsed) return [...problems, { path: `${path}.url`, message: parsed.problem }]
  for (const field of parsed.template.fields) {
    const found = findField(section.of, field, undefined)
    if ('problem' in found) {
      const hint = nearestHint(field, found.known)
      problems.push({ path: `${path}.url`, message: found.problem, ...(hint && { hint }) })
    }
  }
  if (parsed.template.fields.length === 0) {
    problems.push({
      path: `${path}.url`,
      message: 'It names no field, so all records would have one address.',
      hint: 'Write {slug}.',
    })
  }
  return problems
}

/** What can be checked even where the shape around it is wrong, so that all mistakes come at once. */
function rawProblems(data: object): Problem[] {
  const { site, schedule, sections } = data as { site?: unknown; schedule?: unknown; sections?: unknown }
  const problems = typeof site === 'string' && !siteOrigin(site) ? [siteProblem(site)] : []
  if (typeof schedule === 'string') problems.push(...scheduleProblem({ cron: schedule, timezone: 'UTC' }))
  if (typeof sections !== 'object' || sections === null) return problems
  return problems.concat(
    Object.entries(sections).flatMap(([name, section]) =>
      typeof section === 'object' && section !== null ? sectionProblems(name, section as Record<string, unknown>) : [],
    ),
  )
}

function targetProblems({ publish, folder }: SiteConfig): Problem[] {
  const seen = new Map<string, number>()
  return publish.flatMap((target, index) => {
    const path = `publish[${index}]`
    const key = JSON.stringify(
      target.git ? ['git', target.git.repo, target.git.branch] : ['directory', target.directory?.path],
    )
    const first = seen.get(key)
    if (first !== undefined) return [{ path, message: `The same target as publish[${first}].` }]
    seen.set(key, index)
    if (!target.git) return []
    const parsed = parseRemote(target.git.repo, folder)
    return 'problem' in parsed ? [{ path: `${path}.git.repo`, message: parsed.problem }] : []
  })
}

function registerSecrets({ source, publish }: ParsedConfiguration): void {
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

/** One of zod's issues in our words, at its place. */
function toProblems(issue: z.core.$ZodIssue, data: object): Problem[] {
  const path = pathText(issue.path)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => {
      const hint = nearestHint(key, knownKeysAt(issue.path, data))
      return {
        path: path ? `${path}.${key}` : key,
        message: `There is no setting "${key}" here.`,
        ...(hint && { hint }),
      }
    })
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    // The alternative that came furthest says best what is wrong.
    const best = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? []
    if (depth(best) > 0)
      return best.flatMap(inner => toProblems({ ...inner, path: [...issue.path, ...inner.path] }, data))
  }
  if (issue.code === 'invalid_union' && issue.path.at(-1) === 'of') {
    return [{ path, message: 'Expected one of products, categories, collections, pages, list.' }]
  }
  return [{ path, message: readable(issue.message) }]
}

const depth = (issues: readonly z.core.$ZodIssue[]): number =>
  Math.max(0, ...issues.map(({ path, code }) => path.length + (code === 'unrecognized_keys' ? 1 : 0)))

const readable = (message: string): string => {
  if (/^Too small: expected string to have >=1 char/.test(message)) return 'Expected a text, got an empty one.'
  const text = message
    .replace(/^Invalid input: expected (.+), received undefined$/, 'Expected a $1, and there is none')
    .replace(/^Invalid input: /, '')
    .replace(/^Invalid option: /, '')
  return `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : text ? `${text}.${String(part)}` : String(part)),
    '',
  )
