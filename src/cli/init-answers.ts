// The answers that `init` needs: from options, from a person, and all that is wrong with them at once.
import { parse as parseYaml } from 'yaml'
import { checkSites, problemsOf } from '../config/sites.ts'
import { STOREFRONT_NAMES, STOREFRONTS } from '../config/storefronts.ts'
import {
  type Answers,
  answerProblem,
  BY,
  type By,
  DEFAULTS,
  KUBERNETES_DEFAULTS,
  RUNNERS,
  WAYS,
} from '../deploy/answers.ts'
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
  readonly namespace?: string
  readonly deployment?: string
  readonly gitSyncImage?: string
  readonly ingressClass?: string
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
  const inCluster = way === 'kubernetes'
  const by = choice<By>('--by', options.by, BY[way], BY[way][0])
  const storefronts = STOREFRONT_NAMES as readonly string[]
  const storefront =
    options.storefront === undefined
      ? undefined
      : choice('--storefront', options.storefront, storefronts, options.storefront)
  const needed = [
    'site',
    'repo',
    ...(way === 'docker' ? (['server'] as const) : []),
    ...(inCluster ? (['image'] as const) : []),
    ...(by === 'git-sync' ? (['gitSyncImage'] as const) : []),
  ] as const
  for (const name of needed)
    if (options[name] === undefined) problems.push({ path: flagOf(name), message: `${MISSING[name]} is not given.` })
  const container = options.container ?? DEFAULTS.container
  const { webRoot, runner } = inCluster ? { ...DEFAULTS, ...KUBERNETES_DEFAULTS } : DEFAULTS
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
    runner: choice('--runner', options.runner, inCluster ? KUBERNETES_RUNNERS : RUNNERS, runner),
    server: options.server ?? 'server.example.com',
    serverPort: Number(options.serverPort ?? DEFAULTS.serverPort),
    container,
    webRoot: (options.webRoot ?? webRoot).replace(/(?<=.)\/+$/, ''),
    by,
    image: options.image ?? DEFAULTS.image,
    namespace: options.namespace ?? DEFAULTS.namespace,
    deployment: options.deployment ?? container,
    gitSyncImage: options.gitSyncImage,
    ingressClass: options.ingressClass,
  }
  problems.push(...(await problemsIn(answers)))
  const told = new Set<string>()
  const each = problems.filter(({ path }) => !told.has(path) && told.add(path))
  if (each.length > 0) throw errors.initAnswers(each)
  return answers
}

/** A CronJob, or the shop's own Celery. */
const KUBERNETES_RUNNERS = ['cron', 'celery'] as const

const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`

/** Whether its addresses have a language in them. */
const hasLocale = (storefront: string | undefined): boolean =>
  Object.entries(STOREFRONTS).some(([name, { prefix }]) => name === storefront && prefix.includes('{locale}'))

const MISSING = {
  site: 'The address of the shop, https://shop.example.com,',
  repo: 'The repository that carries the sitemap, git@github.com:acme/sitemap.git,',
  server: 'The Docker server, server.example.com,',
  image: 'The image that the cluster pulls, registry.example.com/storemap:0.1.0,',
  gitSyncImage: 'The image of git-sync, as its project names it with its release,',
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
  const names = [
    ...(['schedule', 'server', 'serverPort', 'container', 'webRoot', 'image', 'namespace'] as const),
    ...(answers.way === 'kubernetes'
      ? (['repo', 'deployment', 'gitSyncImage', 'ingressClass', 'router'] as const)
      : []),
  ]
  const own = names.flatMap(name => {
    const problem = answers[name] === undefined ? undefined : answerProblem(name, answers[name])
    if (problem === undefined) return []
    return [{ path: flagOf(name), message: `"${answers[name]}" does not fit: it ${problem}.` }]
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
  SITEMAP_ROUTER_KEY: '/run/secrets/router-key',
  SITEMAP_KNOWN_HOSTS: '/run/secrets/known_hosts',
}
