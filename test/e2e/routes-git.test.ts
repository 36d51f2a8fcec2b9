// A front end elsewhere: over every transport, and what a run does where its repository cannot be read.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../helpers/cli.ts'
import {
  hasOpenssl,
  hasSshd,
  runGit,
  startHangingServer,
  startHttpsRemote,
  startSshRemote,
} from '../helpers/git-remotes.ts'
import { createProject, locsOf, type Project, SITE } from '../helpers/project.ts'
import { commitSource, makeSourceRepository } from '../helpers/source-repository.ts'
import { ROUTES_FILE, storefront, withRoute } from '../helpers/storefront.ts'

if (!hasSshd) console.warn('skipped: routes over ssh: sshd is not installed (Debian: openssh-server)')
if (!hasOpenssl) console.warn('skipped: routes over https: openssl is not installed')

const TOKEN = 'glpat-front-end/token+1'
const EXCLUDED = ['/cart', '/*/:*', '/blog/**']

let project: Project
/** The folder of all repositories, and the developers' one of them. */
let root: string
let work: string
let revision: string

beforeEach(async () => {
  project = await createProject()
  root = join(project.dir, '..')
  work = join(root, 'frontend')
  const [oid] = await makeSourceRepository(work, { files: storefront() })
  revision = oid as string
  await runGit(['clone', '--quiet', '--bare', '--template=', work, join(root, 'frontend.git')])
  await runGit(['config', 'uploadpack.allowFilter', 'true'], { cwd: join(root, 'frontend.git') })
})
afterEach(() => project[Symbol.asyncDispose]())

const configure = (git: object, more: object = {}) =>
  project.configure({
    site: SITE,
    sections: { static: { of: 'routes', router: { git: { path: ROUTES_FILE, ...git } }, exclude: EXCLUDED } },
    publish: [{ git: { repo: '../sitemap.git' } }],
    ...more,
  } as never)

const published = async () => locsOf(await project.repository.read('sitemap.xml')).map(loc => loc.slice(SITE.length))

/** A change of the front end, on the server. */
async function deploy(branch: string, ...given: Parameters<typeof commitSource>): Promise<string> {
  const oid = await commitSource(...given)
  await runGit(['push', '--quiet', '../frontend.git', `HEAD:refs/heads/${branch}`], { cwd: work })
  return oid
}

/** Both commands name the commit; the run publishes the pages. */
async function readsRoutes(env: Record<string, string> = {}): Promise<void> {
  const routes = await project.run(['routes', '--json'], env)
  expect({ code: routes.code, stderr: routes.stderr }, routes.stdout).toEqual({ code: 0, stderr: '' })
  expect(JSON.parse(routes.stdout)).toMatchObject({ revision, section: 'static' })
  const run = await project.run(['run', '--json'], env)
  expect({ code: run.code, stderr: run.stderr }, run.stdout).toEqual({ code: 0, stderr: '' })
  expect(run.stdout).toContain(revision)
  expect(await published()).toEqual(['/', '/about', '/stores'])
  expect(await project.leftovers()).toEqual([])
}

/** The run fails, says so, publishes nothing, and leaves nothing lying about. */
async function failsWith(code: string, env: Record<string, string> = {}): Promise<{ message: string; hint: string }> {
  const before = await project.repository.head()
  const { code: exit, stdout } = await project.run(['run', '--json'], env)
  const { error } = JSON.parse(stdout)
  expect({ exit, code: error.code }, stdout).toEqual({ exit: 1, code })
  expect(await project.repository.head()).toBe(before)
  expect(await project.leftovers()).toEqual([])
  return error
}

describe('a front end is read', () => {
  test.each([
    ['a path beside the configuration', () => '../frontend.git'],
    ['the developers’ own folder', () => '../frontend'],
    ['file://', () => `file://${join(root, 'frontend.git')}`],
  ])('from %s', async (_, repo) => {
    await configure({ repo: repo() })
    await readsRoutes()
  })

  test.skipIf(!hasSshd)('over ssh, with a key and the known keys of the host', async () => {
    await using ssh = await startSshRemote({ root })
    await configure({ repo: ssh.url('frontend.git'), sshKey: ssh.keyFile, knownHosts: ssh.knownHostsFile })
    await readsRoutes()
  })

  test.skipIf(!hasOpenssl)('over https, with a token of the environment', async () => {
    await using https = await startHttpsRemote({ root, token: TOKEN })
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the configuration
    await configure({ repo: https.url('frontend.git'), token: '${FRONTEND_TOKEN}' })
    await readsRoutes({ GIT_SSL_CAINFO: https.caFile, FRONTEND_TOKEN: TOKEN })
  })

  test('at the branch, the tag or the commit that is deployed', async () => {
    const pressed = await deploy('production', work, { files: withRoute('/press') })
    await deploy('main', work, { files: withRoute('/not-yet') })
    await runGit(['tag', 'v1', pressed], { cwd: join(root, 'frontend.git') })
    for (const ref of ['production', 'v1', pressed]) {
      await configure({ repo: '../frontend.git', ref })
      const { stdout } = await project.run(['routes', '--json'])
      expect(JSON.parse(stdout).revision, ref).toBe(pressed)
      expect(stdout).toContain('"/press"')
      expect(stdout).not.toContain('not-yet')
    }
  })

  test('as the routes.json that its own pipeline wrote into it', async () => {
    const { stdout } = await project.run(['routes', '--router', '../frontend', '--json'])
    await deploy('main', work, { files: { 'routes.json': stdout, [ROUTES_FILE]: 'export const moved = 1\n' } })
    await configure({ repo: '../frontend.git', path: 'routes.json' })
    await readsRoutes()
  })

  test('with the dates of its own history', async () => {
    await deploy('main', work, {
      files: { 'src/page.tsx': 'export const Page = () => null\n' },
      at: '2026-02-03T04:05:06Z',
    })
    const section = { of: 'routes', router: { git: { repo: '../frontend.git' } }, include: ['/'], lastmod: 'git' }
    await project.configure({ site: SITE, sections: { static: section } } as never)
    const { stdout } = await project.run(['build', '--out', 'made', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({ entries: 1 })
    expect(await readFile(join(project.dir, 'made', 'sitemap.xml'), 'utf8')).toContain(
      `<loc>${SITE}/</loc><lastmod>2026-02-03T04:05:06Z</lastmod>`,
    )
  })
})

describe('a run fails and leaves what is published', () => {
  beforeEach(async () => {
    await configure({ repo: '../frontend.git' })
    expect((await project.run(['run'])).code).toBe(0)
  })

  test('where the server takes the connection and says nothing', async () => {
    await using server = await startHangingServer()
    await configure({ repo: server.url('https') }, { timeouts: { git: '2s' } })
    await failsWith('ROUTER_UNREACHABLE')
    expect(server.connections()).toBeGreaterThan(0)
  })

  test('where it is ended while it waits for the front end', async () => {
    await using server = await startHangingServer()
    await configure({ repo: server.url('https') })
    const before = await project.repository.head()
    const running = await project.start(['run', '--json'])
    await until('the server is asked', () => server.connections() > 0)
    running.child.kill('SIGTERM')
    const { code, stdout } = await running.ended
    expect(JSON.parse(stdout).error.code, stdout).toBe('RUN_ABORTED')
    expect(code).not.toBe(0)
    expect(await project.repository.head()).toBe(before)
    expect(await project.leftovers()).toEqual([])
  })

  test('where nobody listens', async () => {
    const server = await startHangingServer()
    await server.close()
    await configure({ repo: server.url('https') })
    await failsWith('ROUTER_UNREACHABLE')
  })

  test.skipIf(!hasSshd)('where the key is refused, or the host is another', async () => {
    await using ssh = await startSshRemote({ root })
    const repo = ssh.url('frontend.git')
    await configure({ repo, sshKey: ssh.otherKeyFile, knownHosts: ssh.knownHostsFile })
    await failsWith('ROUTER_UNREACHABLE')
    await configure({ repo, sshKey: ssh.keyFile, knownHosts: ssh.wrongKnownHostsFile })
    await failsWith('ROUTER_UNREACHABLE')
  })

  test.skipIf(!hasOpenssl)('where the token is refused, and it is nowhere to be read', async () => {
    await using https = await startHttpsRemote({ root, token: 'another' })
    await configure({ repo: https.url('frontend.git'), token: TOKEN })
    const { message, hint } = await failsWith('ROUTER_UNREACHABLE', { GIT_SSL_CAINFO: https.caFile })
    expect(`${message} ${hint}`).not.toContain(TOKEN)
  })

  test('where the branch is gone, and names those that are near', async () => {
    await configure({ repo: '../frontend.git', ref: 'mian' })
    const { message, hint } = await failsWith('ROUTER_NOT_FOUND')
    expect(message).toContain('mian')
    expect(hint).toContain('main')
  })

  test('where the file of the router is gone, and names those that are near', async () => {
    await configure({ repo: '../frontend.git', path: 'src/route.tsx' })
    const { hint } = await failsWith('ROUTER_NOT_FOUND')
    expect(hint).toContain('src/routes.tsx')
  })

  test('where the router has no routes any more, or is no source code', async () => {
    await deploy('main', work, { files: { 'src/routes.tsx': 'export const nothing = 1\n' } })
    await failsWith('ROUTER_EMPTY')
    await deploy('main', work, { files: { 'src/routes.tsx': 'export const = {{{\n' } })
    const { message } = await failsWith('ROUTER_EMPTY')
    expect(message).toContain('src/routes.tsx could not be read as it should')
    expect(await published()).toEqual(['/', '/about', '/stores'])
  })
})
