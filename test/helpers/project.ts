// A user's project for e2e tests: a folder with a configuration, a bare repository, and a temporary folder of its own.
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Configuration } from '../../src/config/configuration.ts'
import { type CliResult, type RunningCli, runCli, startCli } from './cli.ts'
import { createBareRepository } from './git-remotes.ts'
import { openRepository, type Repository } from './git-target.ts'
import { createDatabase, type TestDatabase } from './postgres.ts'

export interface Project extends AsyncDisposable {
  readonly dir: string
  /** TMPDIR of all that runs here. */
  readonly tmp: string
  readonly repository: Repository
  /** A copy of the demo shop; DATABASE_URL of all that runs here. */
  readonly database: TestDatabase | undefined
  configure(configuration: Partial<Configuration>): Promise<void>
  write(name: string, text: string): Promise<void>
  /** A hook of the repository, in sh. */
  addHook(name: string, script: string): Promise<void>
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliResult>
  /** Killed with the project at the latest. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<RunningCli>
  /** What runs have left behind in their temporary folder. */
  leftovers(): Promise<string[]>
}

export const SITE = 'https://shop.example.com'

/** Every setting of the demo shop but the target. */
export const demoShop = {
  site: SITE,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the configuration
  source: { saleor: { database: '${DATABASE_URL}', channel: 'default-channel' } },
  sections: {
    products: {
      of: 'products',
      url: '/products/{slug}',
      where: {
        'listing.visibleInListings': true,
        'privateMetadata.pim_status': 'ready',
        NOT: { 'metadata.sitemap': 'exclude' },
      },
    },
    categories: { of: 'categories', url: '/categories/{slug}', where: { visibleProducts: { gte: 1 } } },
    collections: { of: 'collections', url: '/collections/{slug}' },
    pages: { of: 'pages', url: '/pages/{slug}' },
    static: { of: 'list', paths: ['/', '/about', '/stores', '/contact'] },
  },
} as const satisfies Configuration

/** The smallest configuration: one list, kept in paths.txt. */
export const listShop = { site: SITE, sections: { pages: { of: 'list', file: 'paths.txt' } } } as const

export const paths = (count: number, prefix = 'page'): string =>
  Array.from({ length: count }, (_, index) => `/${prefix}-${index + 1}\n`).join('')

export async function createProject({ withDatabase = false } = {}): Promise<Project> {
  const root = await mkdtemp(join(tmpdir(), 'storemap-project-'))
  const dir = join(root, 'work')
  const tmp = join(root, 'tmp')
  await mkdir(dir)
  await mkdir(tmp)
  const repository = openRepository(await createBareRepository(join(root, 'sitemap.git'), { branch: 'master' }))
  const database = withDatabase ? await createDatabase({ template: 'demo' }) : undefined
  const started: RunningCli[] = []
  const optionsOf = (env: Readonly<Record<string, string>>) => ({
    cwd: dir,
    env: { TMPDIR: tmp, ...(database && { DATABASE_URL: database.url }), ...env },
  })
  return {
    dir,
    tmp,
    repository,
    database,
    configure: configuration => writeFile(join(dir, 'storemap.config.json'), JSON.stringify(configuration)),
    write: (name, text) => writeFile(join(dir, name), text),
    async addHook(name, script) {
      const hooks = join(repository.dir, 'hooks')
      await mkdir(hooks, { recursive: true })
      await writeFile(join(hooks, name), `#!/bin/sh\n${script}\n`)
      await chmod(join(hooks, name), 0o755)
    },
    run: (args, env = {}) => runCli(args, optionsOf(env)),
    async start(args, env = {}) {
      const running = await startCli(args, optionsOf(env))
      started.push(running)
      return running
    },
    leftovers: () => readdir(tmp),
    async [Symbol.asyncDispose]() {
      for (const { child, ended } of started) {
        child.kill('SIGKILL')
        await ended
      }
      await database?.drop()
      await rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

/** Addresses of pages in the XML of a sitemap or of several. */
export const locsOf = (...documents: (string | Buffer | undefined)[]): string[] =>
  documents.flatMap(xml => [...String(xml).matchAll(/<url><loc>([^<]*)<\/loc>/g)].map(match => match[1] as string))
