// The workflow file, executed by act: from a change in the database to a sitemap that the shop serves, and each way it can fail.
// What act cannot show (whether a push starts it, one at a time, permissions) the text of the file is looked at for.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type ChangingShop, changingShop, makeChangingShop } from '../faults/changing-shop.ts'
import { type Found, findWhole, inRepository } from '../faults/consumer.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { runGit, type SshRemote, startSshRemote } from '../helpers/git-remotes.ts'
import { createProject, type Project } from '../helpers/project.ts'
import { type DockerHost, hasContainers, startDockerHost } from './docker-host.ts'
import { freePort } from './nginx.ts'
import { hasParts, path, type Ran, run } from './parts.ts'
import { type FrontEnd, rendered, type Server, startFrontEnd, startServer, WEB_ROOT } from './shop-server.ts'

const isThere = hasParts('act', 'git', 'ssh') && (await hasContainers())
const WORKFLOW = '.github/workflows/deploy-sitemap.yml'

let home: Awaited<ReturnType<typeof tempFolder>>
let project: Project
let remote: SshRemote
let docker: DockerHost
let frontEnd: FrontEnd
let server: Server
let shop: ChangingShop

const values = (changed: Readonly<Record<string, string>> = {}) => ({
  server: '127.0.0.1',
  serverPort: server.port,
  site: frontEnd.url,
  branch: 'master',
  ...changed,
})
/** Something else is changed in the database, and the program publishes it. */
async function publish(): Promise<string> {
  await shop.change()
  const { code, stderr } = await project.run(['run'])
  expect(code, stderr).toBe(0)
  return String(await project.repository.read('storemap.json'))
}
/** As anybody finds it on the shop's site. */
const onSite = async (name: string): Promise<Buffer | undefined> => {
  const answer = await fetch(`${frontEnd.url}/${name}`)
  return answer.status === 200 ? Buffer.from(await answer.arrayBuffer()) : undefined
}
const served = async () => (await frontEnd.get('storemap.json')).text

beforeAll(async () => {
  if (!isThere) return
  home = await tempFolder()
  project = await createProject({ withDatabase: true })
  await project.configure({ ...changingShop, robots: {}, publish: [{ git: { repo: '../sitemap.git' } }] })
  expect((await project.run(['run'])).code).toBe(0)
  shop = makeChangingShop(project, (await findWhole(await inRepository(project.repository))) as Found)
  remote = await startSshRemote({ root: join(project.dir, '..') })
  docker = await startDockerHost()
  frontEnd = await startFrontEnd(docker, { dir: home.path, remote })
  await frontEnd.recreate()
  const answers = {
    container: frontEnd.container,
    webRoot: WEB_ROOT,
    by: 'clone',
    repo: remote.url('sitemap.git'),
    branch: 'master',
    server: '127.0.0.1',
    serverPort: await freePort(),
  }
  server = await startServer(docker, { dir: home.path, answers })
  expect((await server.setUp({})).code).toBe(0)
  await project.repository.commit({
    [WORKFLOW]: await rendered('github/deploy-sitemap.yml', values()),
    '.github/storemap-verify.sh': await rendered('front-end/storemap-verify.sh', {}),
  })
})
afterAll(async () => {
  await docker?.[Symbol.asyncDispose]()
  await remote?.close()
  await project?.[Symbol.asyncDispose]()
  await home?.[Symbol.asyncDispose]()
})

interface ActOptions {
  readonly event?: string
  readonly keyFile?: string
  readonly knownHosts?: string
  /** For the placeholders of the workflow. */
  readonly changed?: Readonly<Record<string, string>>
}

/** The workflow of the branch as it is now, run as a runner runs it. */
async function act({
  event = 'push',
  keyFile = server.keyFile,
  knownHosts,
  changed = {},
}: ActOptions = {}): Promise<Ran> {
  const checkout = join(home.path, 'checkout')
  await rm(checkout, { recursive: true, force: true })
  await runGit(['clone', '--quiet', '--branch', 'master', '--', project.repository.dir, checkout])
  await runGit(['remote', 'set-url', 'origin', 'https://github.com/acme/sitemap.git'], { cwd: checkout })
  await writeFile(join(checkout, WORKFLOW), await rendered('github/deploy-sitemap.yml', values(changed)))
  const secrets = join(home.path, 'secrets')
  const key = JSON.stringify(await readFile(keyFile, 'utf8'))
  await writeFile(
    secrets,
    `SITEMAP_DEPLOY_KEY=${key}\nSITEMAP_KNOWN_HOSTS=${JSON.stringify(knownHosts ?? server.knownHosts)}\n`,
  )
  // The forge is this machine.
  const gitConfig = join(home.path, 'gitconfig')
  await writeFile(
    gitConfig,
    `[url "file://${project.repository.dir}"]\n\tinsteadOf = https://github.com/acme/sitemap\n[safe]\n\tdirectory = *\n`,
  )
  await mkdir(join(home.path, 'home'), { recursive: true })
  return run(
    'act',
    [
      event,
      '-W',
      WORKFLOW,
      '-P',
      'ubuntu-latest=-self-hosted',
      '--container-daemon-socket',
      '-',
      '--secret-file',
      secrets,
      '--var',
      'SITEMAP_VERIFY_SECONDS=2',
      '--env',
      `GIT_CONFIG_GLOBAL=${gitConfig}`,
    ],
    {
      cwd: checkout,
      env: {
        PATH: path,
        HOME: join(home.path, 'home'),
        XDG_CACHE_HOME: join(home.path, 'home'),
        GIT_CONFIG_GLOBAL: gitConfig,
      },
    },
  )
}

describe.skipIf(!isThere)('the workflow', () => {
  test.each(['push', 'workflow_dispatch', 'repository_dispatch'])(
    'brings what changed in the database to where the shop serves it (%s)',
    async event => {
      const published = await publish()
      expect(await served()).not.toBe(published)
      const { code, stdout, stderr } = await act({ event })
      expect(code, stdout + stderr).toBe(0)
      expect(stdout).toMatch(/updated \/srv\/web to revision [0-9a-f]{12}/)
      expect(stdout).toMatch(/serves revision [0-9a-f]{12}: \d+ files with the right bytes and types/)
      expect(await served()).toBe(published)
      shop.expectShown(await findWhole(onSite))
    },
  )

  test('names the link that is broken, and the shop keeps the old sitemap', { timeout: 180_000 }, async () => {
    const before = await served()
    await publish()
    const expectRed = async (options: ActOptions, ...said: RegExp[]) => {
      const { code, stdout, stderr } = await act(options)
      expect(code, stdout).toBe(1)
      for (const each of said) expect(stdout + stderr).toMatch(each)
      expect(stdout + stderr).not.toContain('PRIVATE KEY')
    }
    const kept = async () => expect(await served()).toBe(before)
    // The key was replaced, or is of somebody else.
    await expectRed(
      { keyFile: server.otherKeyFile },
      /Permission denied \(publickey/,
      /The server 127.0.0.1 did not let us in/,
    )
    await kept()
    // Somebody stands between, or the server was made anew.
    const wrong = server.knownHosts.replace(
      /AAAA.*/,
      'AAAAC3NzaC1lZDI1NTE5AAAAIMpyE0sDgjFoT5nsPoqLQ9FY2ITcnWWU65ZpoWSzbCLf',
    )
    await expectRed({ knownHosts: wrong }, /Host key verification failed/, /did not let us in, or could not be reached/)
    await kept()
    // No server there.
    await expectRed({ changed: { serverPort: String(await freePort()) } }, /Connection refused/, /could not be reached/)
    await kept()
    // Docker is not for this user.
    await server.sh('gpasswd -d deploy docker')
    await expectRed({}, /error DEPLOY_NO_PERMISSION/, /The server 127.0.0.1 could not deploy/)
    await server.setUp({})
    await kept()
    // The secrets are not there.
    await expectRed({ knownHosts: '' }, /SITEMAP_DEPLOY_KEY or SITEMAP_KNOWN_HOSTS is not set. Nothing was deployed/)
    await kept()
    // All went well, but the site is another one.
    await expectRed(
      { changed: { site: `${frontEnd.url}/elsewhere` } },
      /error VERIFY_FAILED/,
      /a page of HTML/,
      /does not serve it/,
    )
    expect(await served()).toBe(String(await project.repository.read('storemap.json')))
    await docker.must('stop', '-t', '1', frontEnd.container)
    await expectRed({}, /error DEPLOY_NOT_RUNNING/)
    await frontEnd.recreate()
    expect((await act()).code).toBe(0)
  })

  test('leaves no key behind', async () => {
    const { stdout } = await run('grep', [
      '-rlF',
      '--',
      'OPENSSH PRIVATE KEY',
      join(home.path, 'home'),
      join(home.path, 'checkout'),
    ])
    expect(stdout).toBe('')
  })
})

test('the workflow is started by a new sitemap on its branch alone, one at a time, and may only read', async () => {
  const text = await rendered('github/deploy-sitemap.yml', {
    server: 's',
    serverPort: 22,
    site: 'https://shop.example.com',
    branch: 'sitemap/live',
  })
  const workflow = parse(text)
  expect(workflow.on.push).toEqual({ branches: ['sitemap/live'], paths: ['storemap.json'] })
  expect(Object.keys(workflow.on).sort()).toEqual(['push', 'repository_dispatch', 'workflow_call', 'workflow_dispatch'])
  expect(workflow.permissions).toEqual({ contents: 'read' })
  expect(workflow.concurrency).toEqual({ group: 'deploy-sitemap', 'cancel-in-progress': false })
  expect(workflow.jobs.deploy.steps.filter((step: { uses?: string }) => step.uses)).toEqual([])
  expect(text).toMatch(/A push made with a workflow's own token starts no workflow/)
})

test('an answer with an expression of GitHub in it stays text', async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub
  const site = 'https://${{ secrets.SITEMAP_DEPLOY_KEY }}"\\'
  const text = await rendered('github/deploy-sitemap.yml', { server: 's', serverPort: 22, site, branch: 'master' })
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub
  expect(parse(text).jobs.deploy.env.SITE).toBe("https://${{ '${{' }} secrets.SITEMAP_DEPLOY_KEY }}\"\\")
})
