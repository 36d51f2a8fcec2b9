// The package as its users get it: packed, installed elsewhere, run and imported. Needs the npm registry.
import { execFile } from 'node:child_process'
import { cp, mkdir, readdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { tempFolder } from './helpers/bundle.ts'
import { createBareRepository, runGit } from './helpers/git-remotes.ts'
import { locsOf } from './helpers/project.ts'
import { repositoryRoot } from './oracles/build-once.ts'

const NO_NETWORK = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT/

const temp = await tempFolder()
const home = join(temp.path, 'shop')
const installed = await install().catch((cause: Error) => {
  if (process.env.CI || !NO_NETWORK.test(cause.message)) throw cause
  console.warn(`skipped: the package, since the npm registry cannot be reached: ${cause.message.slice(0, 200)}`)
  return undefined
})
afterAll(() => temp[Symbol.asyncDispose]())

/** Runs a command to its end; a failure has all that it said. */
async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { stdout } = await promisify(execFile)(command, args, { cwd, timeout: 120_000 }).catch(error => {
    throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`)
  })
  return stdout
}

/** Packs a copy of the working tree, since packing builds in place, and installs that as a shop would. */
async function install(): Promise<{ files: string[] }> {
  const copy = join(temp.path, 'copy')
  await mkdir(copy)
  for (const name of await readdir(repositoryRoot)) {
    if (['.git', '.cache', 'node_modules', 'dist'].includes(name)) continue
    await cp(join(repositoryRoot, name), join(copy, name), { recursive: true })
  }
  await symlink(join(repositoryRoot, 'node_modules'), join(copy, 'node_modules'))
  const [packed] = JSON.parse((await run('npm', ['pack', '--json', '--silent'], copy)).replace(/^[^[]*/, '')) as [
    { filename: string; files: { path: string }[] },
  ]
  await mkdir(home)
  await writeFile(join(home, 'package.json'), '{ "name": "shop", "private": true, "type": "module" }')
  const quiet = ['--no-audit', '--no-fund', '--ignore-scripts', '--omit=dev', '--prefer-offline', '--fetch-retries=1']
  await run('npm', ['install', ...quiet, join(copy, packed.filename)], home)
  // So that nothing can still be found in the tree that it was packed from.
  await rename(copy, `${copy}-away`)
  return { files: packed.files.map(({ path }) => path) }
}

const storemap = (...args: string[]) => run(join(home, 'node_modules/.bin/storemap'), args, home)

describe.skipIf(!installed)('the package', () => {
  beforeAll(async () => {
    await writeFile(
      join(home, 'storemap.config.ts'),
      `import { defineConfig } from 'storemap'

export default defineConfig({
  site: 'https://shop.example.com',
  sections: { static: { of: 'list', paths: ['/', '/about'] } },
  publish: [{ directory: './public' }],
})
`,
    )
  })

  test('holds the program, its types and its texts, and nothing of how it is tested or built', async () => {
    const files = installed?.files ?? []
    expect(files).toContain('dist/main.js')
    expect(files).toContain('dist/index.d.ts')
    // The demo's front end is source code, and is meant to be.
    const own = files.filter(path => !path.startsWith('dist/demo/storefront/'))
    expect(
      own.filter(path => /(^|\/)(test|bench|scripts|src|\.ci|\.cache)\/|\.test\.|(?<!\.d)\.ts$/.test(path)),
    ).toEqual([])
    expect(files.filter(path => /^\.|config\.(ts|json)$|package-lock/.test(path))).toEqual([])
    for (const path of ['README.md', 'LICENSE', 'CHANGELOG.md', 'package.json']) expect(files, path).toContain(path)
  })

  test('has a program that tells its version and its help', async () => {
    const { version } = JSON.parse(await readFile(join(repositoryRoot, 'package.json'), 'utf8'))
    expect(await storemap('--version')).toBe(`${version}\n`)
    expect(await storemap('--help')).toContain('storemap')
  })

  test('publishes a list into a folder, by a configuration in TypeScript', async () => {
    expect(await storemap('run')).toContain('published to folder')
    expect(locsOf(await readFile(join(home, 'public/sitemap.xml')))).toEqual([
      'https://shop.example.com/',
      'https://shop.example.com/about',
    ])
    expect(await storemap('run')).toContain('unchanged at folder')
    expect(await storemap('check', 'public')).toContain('nothing wrong')
  })

  test('pulls what it published to a repository', async () => {
    const repository = await createBareRepository(join(temp.path, 'sitemap.git'), { branch: 'master' })
    const config = {
      site: 'https://shop.example.com',
      sections: { static: { of: 'list', paths: ['/'] } },
      publish: [{ git: { repo: repository } }],
    }
    await writeFile(join(home, 'git.json'), JSON.stringify(config))
    expect(await storemap('run', '--config', 'git.json')).toContain('published to git')
    expect(await storemap('pull', '--from', repository, '--to', 'pulled')).toContain('updated pulled to revision')
    expect(await readFile(join(home, 'pulled/sitemap.xml'), 'utf8')).toBe(
      await runGit(['show', 'master:sitemap.xml'], { cwd: repository }),
    )
  })

  test('is imported by a program in JavaScript', async () => {
    const script = `
      import { defineConfig, run, StoremapError } from 'storemap'
      const sections = { static: { of: 'list', paths: ['/', '/about', '/contact'] } }
      const configuration = defineConfig({ site: 'https://shop.example.com', sections, publish: [{ directory: './js' }] })
      const stages = []
      const report = await run(configuration, { onProgress: ({ stage }) => stages.push(stage) })
      const again = await run(configuration)
      const failed = await run({ ...configuration, site: 'nowhere' }).catch(error => error)
      console.log(JSON.stringify({
        outcomes: [report.outcome, again.outcome], entries: report.entries, stages,
        failed: [failed instanceof StoremapError, failed.code],
      }))`
    await writeFile(join(home, 'use.mjs'), script)
    expect(JSON.parse(await run(process.execPath, ['use.mjs'], home))).toEqual({
      outcomes: ['published', 'unchanged'],
      entries: 3,
      stages: ['open', 'read', 'read', 'compare', 'publish'],
      failed: [true, 'CONFIG_INVALID'],
    })
  })

  test('has types that tell a report from anything, and a mistake from a configuration', async () => {
    await writeFile(
      join(home, 'use.ts'),
      `import { type Configuration, defineConfig, type RunReport, run, StoremapError } from 'storemap'

type IsAny<T> = 0 extends 1 & T ? true : false
type Report = Awaited<ReturnType<typeof run>>
export const notAny: [IsAny<Report>, IsAny<Report['sections']>, IsAny<Configuration>] = [false, false, false]

const configuration = defineConfig({
  site: 'https://shop.example.com',
  sections: { products: { of: 'products', url: '/p/{slug}', where: { 'metadata.a': { gte: 1 }, NOT: { OR: [{ id: 1 }] } } } },
  publish: [{ git: { repo: 'git@github.com:acme/sitemap.git' } }, { directory: { path: './public', switch: 'copy' } }],
})
export const report: RunReport = await run(configuration, { adopt: true, signal: AbortSignal.timeout(1) })
export const entries: number = report.sections[0]?.before ?? report.entries
export const code = (cause: unknown): string | undefined => (cause instanceof StoremapError ? cause.code : undefined)

// @ts-expect-error there is no such setting
defineConfig({ site: '', sections: {}, shedule: '* * * * *' })
// @ts-expect-error there is no such kind
defineConfig({ site: '', sections: { a: { of: 'orders', url: '/' } } })
// @ts-expect-error it is a number
export const wrong: string = report.entries
`,
    )
    const compilerOptions = {
      target: 'es2022',
      module: 'nodenext',
      moduleResolution: 'nodenext',
      strict: true,
      noEmit: true,
      types: [],
      // Declarations of ours that do not hold by themselves would be mistakes here.
      skipLibCheck: false,
    }
    await writeFile(join(home, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['use.ts'] }))
    expect(await run(process.execPath, [join(repositoryRoot, 'node_modules/typescript/bin/tsc')], home)).toBe('')
  })
})
