// From plain data to a site that can be run: every mistake that needs no connection, all at once, each with its path.
import { errors } from '../errors.ts'
import { type Problem, uniqueProblems } from '../problem.ts'
import { registerSecret } from '../redact.ts'
import { isPlainObject } from '../rules/parse.ts'
import { scheduleProblem } from '../schedule/cron.ts'
import { sectionProblems } from './check-sections.ts'
import { asksOf, type ShopAsks, sourceProblems } from './check-source.ts'
import { targetProblems } from './check-targets.ts'
import { type Environment, substitute } from './environment.ts'
import { toProblems } from './issues.ts'
import { localeProblems } from './locales.ts'
import { addressSettings, type Parts, rawSections } from './parts.ts'
import { robotsProblems } from './robots.ts'
import { withS3Keys } from './s3-keys.ts'
import { configurationSchema, type ParsedConfiguration } from './schema.ts'
import { stateProblems } from './state-folder.ts'

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

export async function checkConfig(raw: unknown, folder: string, environment: Environment): Promise<CheckedConfig> {
  const { data: written, problems } = await substitute(raw, environment)
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    const message = 'Expected a configuration: site, sections and so on.'
    return { config: undefined, problems: [{ path: '', message }], asks: undefined }
  }
  const data = await withS3Keys(written, environment)
  registerSecrets(data)
  const parsed = configurationSchema.safeParse(data)
  const parts = parsed.success ? parsed.data : partsOf(data)
  const shape = parsed.success ? [] : parsed.error.issues.flatMap(issue => toProblems(issue, data))
  const site = parts.site === undefined ? undefined : siteOrigin(parts.site)
  const name = site ? new URL(site).host : ''
  const crossed = [
    ...(parts.site === undefined || site ? [] : [siteProblem(parts.site)]),
    ...sourceProblems(parts, data),
    ...localeProblems(addressSettings(parts, data)),
    ...rawSections(data).flatMap(([name, section]) => sectionProblems(name, section, parts, data)),
    ...(parts.schedule ? scheduleProblem(parts.schedule) : []),
    ...targetProblems(parts, { folder, name }),
    ...stateProblems(parts, { folder, name }),
    ...(parts.robots ? robotsProblems(parts.robots, site ?? '') : []),
  ]
  return {
    config: parsed.success ? { ...parsed.data, site: site ?? '', name, folder } : undefined,
    problems: uniqueProblems(withoutConsequences([...problems, ...shape, ...crossed], problems)),
    asks: asksOf(data, parts),
  }
}

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

/** Of what is written, well-formed or not: a message on a mistake may show the value beside it. */
function registerSecrets(data: object): void {
  const { source, publish, sections } = data as Readonly<Record<'source' | 'publish' | 'sections', unknown>>
  const database = at(at(source, 'saleor'), 'database')
  if (typeof database === 'string') {
    try {
      const { password } = new URL(database)
      if (password) for (const form of [password, decodeURIComponent(password)]) registerSecret(form)
    } catch {
      registerSecret(database)
    }
  }
  const routers = isPlainObject(sections) ? Object.values(sections).map(section => at(section, 'router')) : []
  for (const target of [...(Array.isArray(publish) ? publish : []), ...routers]) {
    const [git, s3] = [at(target, 'git'), at(target, 's3')]
    for (const secret of [at(s3, 'secretAccessKey'), at(s3, 'sessionToken'), at(git, 'token')]) {
      if (typeof secret === 'string') registerSecret(secret)
    }
    const key = at(git, 'sshKey')
    if (typeof key === 'string' && key.includes('\n')) registerSecret(key)
  }
}

const at = (value: unknown, key: string): unknown => (isPlainObject(value) ? value[key] : undefined)
