// The answers that `init` needs: from options, from a person, and all that is wrong with them at once.
import { parse as parseYaml } from 'yaml'
import { checkSites, problemsOf } from '../config/sites.ts'
import { STOREFRONT_NAMES, STOREFRONTS } from '../config/storefronts.ts'
import { type Answers, answerProblem, DEFAULTS, RUNNERS, WAYS } from '../deploy/answers.ts'
import { configText } from '../deploy/config-text.ts'
import { errors } from '../errors.ts'
import { nearestHint, type Problem } from '../problem.ts'
import type { GlobalOptions } from './program.ts'

export interface InitOptions extends GlobalOptions {
  readonly yes?: boolean
  readonly overwrite?: boolean
  readonly site?: string
  readonly channel?: string
  readonly storefront?: string
  readonly productUrl?: string
  readonly locale?: string
  readonly router?: string
  readonly repo?: string
  readonly branch?: string
  readonly schedule?: string
  readonly way?: string
  readonly runner?: string
  readonly server?: string
  readonly serverPort?: string
  readonly container?: string
  readonly webRoot?: string
  readonly by?: string
  readonly image?: string
}

/** Fails with INIT_ANSWERS and every answer that is missing or does not fit. */
export async function answersFrom(options: InitOptions): Promise<Answers> {
  const problems: Problem[] = []
  const choice = <T extends string>(flag: string, given: string | undefined, all: readonly T[], otherwise: T): T => {
    if (given === undefined) return otherwise
    const found = all.find(each => each === given)
    if (found === undefined) {
      const hint = nearestHint(given, all)
      problems.push({ path: flag, message: `"${given}" is none of ${all.join(', ')}.`, ...(hint && { hint }) })
    }
    return found ?? otherwise
  }
  const way = choice('--way', options.way, WAYS, DEFAULTS.way)
  const storefronts = STOREFRONT_NAMES as readonly string[]
  const storefront =
    options.storefront === undefined
      ? undefined
      : choice('--storefront', options.storefront, storefronts, options.storefront)
  for (const name of ['site', 'repo'] as const) {
    if (options[name] === undefined) problems.push({ path: `--${name}`, message: `${MISSING[name]} is not given.` })
  }
  if (way === 'docker' && options.server === undefined)
    problems.push({ path: '--server', message: `${MISSING.server} is not given.` })
  const answers: Answers = {
    site: options.site ?? 'https://shop.example.com',
    channel: options.channel ?? DEFAULTS.channel,
    storefront,
    productUrl: options.productUrl ?? DEFAULTS.productUrl,
    locale: options.locale ?? (hasLocale(storefront) ? 'en' : undefined),
    router: options.router,
    repo: options.repo ?? 'git@github.com:acme/sitemap.git',
    branch: options.branch ?? DEFAULTS.branch,
    schedule: options.schedule ?? DEFAULTS.schedule,
    way,
    runner: choice('--runner', options.runner, RUNNERS, DEFAULTS.runner),
    server: options.server ?? 'server.example.com',
    serverPort: Number(options.serverPort ?? DEFAULTS.serverPort),
    container: options.container ?? DEFAULTS.container,
    webRoot: (options.webRoot ?? DEFAULTS.webRoot).replace(/(?<=.)\/+$/, ''),
    by: choice('--by', options.by, ['clone', 'stream'] as const, DEFAULTS.by),
    image: options.image ?? DEFAULTS.image,
  }
  problems.push(...(await problemsIn(answers)))
  const told = new Set<string>()
  const each = problems.filter(({ path }) => !told.has(path) && told.add(path))
  if (each.length > 0) throw errors.initAnswers(each)
  return answers
}

/** Whether its addresses have a language in them. */
const hasLocale = (storefront: string | undefined): boolean =>
  Object.entries(STOREFRONTS).some(([name, { prefix }]) => name === storefront && prefix.includes('{locale}'))

const MISSING = {
  site: 'The address of the shop, https://shop.example.com,',
  repo: 'The repository that carries the sitemap, git@github.com:acme/sitemap.git,',
  server: 'The Docker server, server.example.com,',
} as const

const FLAGS: readonly (readonly [path: RegExp, flag: string])[] = [
  [/^site$/, '--site'],
  [/\.git\.repo$/, '--repo'],
  [/\.git\.branch$/, '--branch'],
  [/^schedule/, '--schedule'],
  [/\.channel$/, '--channel'],
  [/^locales/, '--locale'],
  [/^sections\.static/, '--router'],
  [/^sections\..*\.url$/, '--product-url'],
]

/** What the configuration that would be written is checked for, in terms of the answers. */
async function problemsIn(answers: Answers): Promise<Problem[]> {
  const names = ['schedule', 'server', 'serverPort', 'container', 'webRoot', 'image'] as const
  const own = names.flatMap(name => {
    const problem = answerProblem(name, answers[name])
    const flag = `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`
    return problem === undefined ? [] : [{ path: flag, message: `"${answers[name]}" does not fit: it ${problem}.` }]
  })
  const checked = await checkSites(parseYaml(configText(answers)), '/', PRETENDED)
  const configured = problemsOf(checked).map(problem => ({
    ...problem,
    path: FLAGS.find(([path]) => path.test(problem.path))?.[1] ?? problem.path,
  }))
  return [...own, ...configured]
}

/** What a configuration will find in its environment. */
const PRETENDED = {
  DATABASE_URL: 'postgres://storemap@localhost:5432/saleor',
  SITEMAP_TOKEN: 'token',
  SITEMAP_SSH_KEY: '/run/secrets/key',
  SITEMAP_KNOWN_HOSTS: '/run/secrets/known_hosts',
}

/** Fails with INIT_CANCELLED where the person leaves. Options that are given are not asked for. */
export async function askAnswers(options: InitOptions): Promise<Answers> {
  const prompts = await import('@clack/prompts')
  const { yes: _, overwrite: __, ...settings } = options
  const given = settings as Record<string, string | undefined>
  const settled = async (answer: Promise<string | symbol>): Promise<string> => {
    const value = await answer
    if (typeof value !== 'string') throw errors.initCancelled()
    return value
  }
  const ask = async (name: string, message: string, placeholder: string, initialValue = ''): Promise<void> => {
    if (given[name] !== undefined) return
    const value = await settled(prompts.text({ message, placeholder, initialValue }))
    if (value !== '') given[name] = value
  }
  const select = async (name: string, message: string, choices: Readonly<Record<string, string>>): Promise<void> => {
    if (given[name] !== undefined) return
    const list = Object.entries(choices).map(([value, label]) => ({ value, label }))
    given[name] = await settled(prompts.select({ message, options: list }))
  }
  prompts.intro('Storemap')
  await ask('site', 'Where is the shop?', 'https://shop.example.com')
  await ask('channel', 'Which channel of Saleor does it sell in?', DEFAULTS.channel, DEFAULTS.channel)
  await select('storefront', 'Which storefront is it?', {
    '': 'another',
    ...Object.fromEntries(STOREFRONT_NAMES.map(name => [name, name])),
  })
  if (given.storefront === '') {
    given.storefront = undefined
    await ask('productUrl', 'Where is the page of a product?', DEFAULTS.productUrl, DEFAULTS.productUrl)
  }
  await ask(
    'router',
    "Where is the front end's router? (a file or folder, or a repository; empty: a list of pages)",
    '../front-end/src/routes.tsx',
  )
  await ask('repo', 'Which repository carries the sitemap?', 'git@github.com:acme/sitemap.git')
  await ask('schedule', 'When is it renewed? (cron, in UTC)', DEFAULTS.schedule, DEFAULTS.schedule)
  await select('way', 'How does the shop serve it?', {
    docker: 'a container on a Docker server',
    folder: 'a folder of a web server',
  })
  if (given.way === 'docker') {
    await ask('server', 'Which Docker server?', 'server.example.com')
    await ask('container', "What is the front end's container called?", DEFAULTS.container, DEFAULTS.container)
    await ask('webRoot', 'Which folder in it is served?', DEFAULTS.webRoot, DEFAULTS.webRoot)
  }
  return answersFrom(given as InitOptions)
}
