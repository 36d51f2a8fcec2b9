// The questions of `init`, on a terminal: what was given by options is not asked.
import { STOREFRONT_NAMES } from '../config/storefronts.ts'
import { type Answers, DEFAULTS } from '../deploy/answers.ts'
import { errors } from '../errors.ts'
import { answersFrom, type InitOptions } from './init-answers.ts'

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
    kubernetes: 'pods of Kubernetes',
    folder: 'a folder of a web server',
  })
  if (given.way === 'docker') {
    await ask('server', 'Which Docker server?', 'server.example.com')
    await ask('container', "What is the front end's container called?", DEFAULTS.container, DEFAULTS.container)
    await ask('webRoot', 'Which folder in it is served?', DEFAULTS.webRoot, DEFAULTS.webRoot)
  }
  if (given.way === 'kubernetes') {
    await ask('image', 'Which image of Storemap does the cluster pull?', 'registry.example.com/storemap:0.1.0')
    await ask('namespace', 'In which namespace?', DEFAULTS.namespace, DEFAULTS.namespace)
    await select('by', 'How does the sitemap get to the front end?', {
      pull: "a container of Storemap's image beside the front end's",
      'git-sync': "git-sync beside the front end's",
      server: 'it does not: Storemap serves it behind an Ingress',
    })
    if (given.by === 'git-sync')
      await ask('gitSyncImage', 'Which image of git-sync?', 'as its project names its release')
    if (given.by !== 'server') {
      await ask('container', "What is the front end's container called?", DEFAULTS.container, DEFAULTS.container)
      await ask('deployment', 'And its Deployment?', given.container ?? DEFAULTS.container, given.container)
    }
  }
  return answersFrom(given as InitOptions)
}
