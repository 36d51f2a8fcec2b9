// What the doctor says of a git target: over real ssh with keys that may not, hosts that are not known, hooks that refuse.
import { execFile } from 'node:child_process'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadSite } from '../../src/compose.ts'
import { runSite } from '../../src/operations.ts'
import { tempFolder } from '../helpers/bundle.ts'
import {
  createBareRepository,
  hasOpenssl,
  hasSshd,
  type SshRemote,
  sshCommand,
  startHttpsRemote,
  startSshRemote,
} from '../helpers/git-remotes.ts'
import { openRepository, type Repository } from '../helpers/git-target.ts'
import { startHangingServer } from '../helpers/hanging-server.ts'
import { listShop } from '../helpers/project.ts'
import { examined, textOf } from './setting.ts'

let folder: AsyncDisposable & { readonly path: string }
let repository: Repository
beforeEach(async () => {
  folder = await tempFolder()
  await mkdir(join(folder.path, 'remotes'))
  repository = openRepository(
    await createBareRepository(join(folder.path, 'remotes', 'sitemap.git'), { branch: 'master' }),
  )
  await writeFile(join(folder.path, 'paths.txt'), '/about\n')
})
afterEach(() => folder[Symbol.asyncDispose]())

const look = (git: object, environment: Readonly<Record<string, string>> = {}, more: object = {}) =>
  examined(
    { ...listShop, site: 'https://shop.invalid', ...more, publish: [{ git }] },
    { folder: folder.path, environment, limitMs: 20_000 },
  )

const verdicts = ({ lines }: Awaited<ReturnType<typeof look>>) =>
  lines.filter(({ area }) => area.startsWith('target')).map(({ what, result }) => `${what} ${result}`)

describe('a repository on this machine', () => {
  test('that is empty, or has no such branch, is ready for the first run, and is left as it was', async () => {
    const said = await look({ repo: 'remotes/sitemap.git' })
    expect(verdicts(said), textOf(said.lines)).toEqual(['fetch ok', 'push ok', 'bundle ok'])
    expect(said.line('fetch').found).toBe('there is no such branch: the first run makes it')
    expect(said.line('fetch').area).toBe('target git remotes/sitemap (master)')
    expect(await repository.head()).toBeUndefined()
    await repository.commit({ 'README.md': 'Hello\n' })
    const head = (await repository.head()) as string
    expect((await look({ repo: 'remotes/sitemap.git' })).line('fetch').found).toBe(`at commit ${head.slice(0, 10)}`)
    expect((await look({ repo: 'remotes/sitemap.git', branch: 'gh-pages' })).line('fetch').found).toContain(
      'no such branch',
    )
    expect(await repository.head()).toBe(head)
  })

  test("with somebody else's sitemap.xml in it fails, and names --adopt", async () => {
    await repository.commit({ 'sitemap.xml': '<urlset/>\n', 'robots.txt': 'User-agent: *\n' })
    expect((await look({ repo: 'remotes/sitemap.git' })).line('bundle')).toMatchObject({
      result: 'failed',
      found: "sitemap.xml of somebody else's stands where ours go: a run would stop there",
      remedy: expect.stringContaining('storemap run --adopt'),
    })
    const withRobots = await look({ repo: 'remotes/sitemap.git' }, {}, { robots: {} })
    expect(withRobots.line('bundle').found).toMatch(/^sitemap.xml and robots.txt of somebody else's stand/)
  })

  test('with a bundle names its revision; with that of another site, that; with a damaged one, what is wrong', async () => {
    const git = { repo: 'remotes/sitemap.git' }
    const config = { ...listShop, publish: [{ git }] }
    await runSite(await loadSite({ config, folder: folder.path, environment: {} }))
    expect((await look(git, {}, { site: listShop.site })).line('bundle')).toMatchObject({
      result: 'ok',
      found: expect.stringMatching(/^revision [0-9a-f]{12}, 1 file$/),
    })
    expect((await look(git)).line('bundle')).toMatchObject({
      result: 'warning',
      found: `the one that is there is of ${listShop.site}, and not of https://shop.invalid`,
    })
    await repository.commit({ 'storemap.json': '{' })
    expect((await look(git)).line('bundle')).toMatchObject({ result: 'failed', code: 'MANIFEST_INVALID' })
  })

  test('that is not there fails', async () => {
    expect((await look({ repo: 'remotes/nowhere.git' })).line('fetch')).toMatchObject({
      result: 'failed',
      code: 'TARGET_UNREACHABLE',
    })
  })
})

describe.skipIf(!hasSshd)('a repository over ssh', () => {
  let remote: SshRemote
  beforeEach(async () => {
    remote = await startSshRemote({ root: join(folder.path, 'remotes') })
  })
  afterEach(() => remote[Symbol.asyncDispose]())

  const access = () => ({
    repo: remote.url('sitemap.git'),
    sshKey: remote.keyFile,
    knownHosts: remote.knownHostsFile,
  })

  test('with a key of its own and a pinned host is all green', async () => {
    await repository.commit({ 'README.md': 'Hello\n' })
    const said = await look(access())
    expect(verdicts(said), textOf(said.lines)).toEqual(['key ok', 'fetch ok', 'host key ok', 'push ok', 'bundle ok'])
    expect(said.line('host key').found).toBe('that of 127.0.0.1 is pinned by "knownHosts"')
    expect(said.line('push').found).toContain('its hooks and the protection of the branch are not asked')
    expect(said.line('ssh').result).toBe('ok')
  })

  test('whose key may only read can be fetched, and not be pushed to', async () => {
    await repository.commit({ 'README.md': 'Hello\n' })
    const authorized = join(dirname(remote.keyFile), 'authorized_keys')
    const script = join(dirname(remote.keyFile), 'read-only')
    await writeFile(
      script,
      '#!/bin/sh\ncase "$SSH_ORIGINAL_COMMAND" in\ngit-upload-pack*) eval exec "$SSH_ORIGINAL_COMMAND" ;;\n' +
        "*) echo 'ERROR: The key you are authenticating with has been marked as read only.' >&2; exit 1 ;;\nesac\n",
      { mode: 0o755 },
    )
    await writeFile(authorized, `restrict,command="${script}" ${await readFile(authorized, 'utf8')}`)
    const said = await look(access())
    expect(said.line('fetch').result, textOf(said.lines)).toBe('ok')
    expect(said.line('push')).toMatchObject({
      result: 'failed',
      code: 'TARGET_PUSH_REFUSED',
      found: expect.stringContaining('marked as read only'),
    })
    expect(said.code).toBe('failed')
  })

  test('whose hook refuses every push looks well, and the line says what a dry run cannot tell', async () => {
    const hook = join(repository.dir, 'hooks', 'pre-receive')
    await mkdir(dirname(hook), { recursive: true })
    await writeFile(hook, '#!/bin/sh\necho no >&2\nexit 1\n', { mode: 0o755 })
    const line = (await look(access())).line('push')
    expect(line).toMatchObject({ result: 'ok', found: expect.stringContaining('as far as a dry run can tell') })
  })

  test('that refuses the key, or shows another host key, fails with the cure', async () => {
    expect((await look({ ...access(), sshKey: remote.otherKeyFile })).line('fetch')).toMatchObject({
      result: 'failed',
      code: 'TARGET_AUTH_FAILED',
    })
    expect((await look({ ...access(), knownHosts: remote.wrongKnownHostsFile })).line('fetch')).toMatchObject({
      result: 'failed',
      code: 'TARGET_HOST_KEY_UNKNOWN',
      remedy: expect.stringContaining(`ssh-keyscan -p ${remote.port} 127.0.0.1`),
    })
  })

  test('of whose key others may read the file is told, and of one with a passphrase that it cannot be used', async () => {
    await chmod(remote.keyFile, 0o644)
    expect((await look(access())).line('key')).toMatchObject({
      result: 'warning',
      found: `others of this machine may read ${remote.keyFile} (mode 0644)`,
      remedy: expect.stringContaining(`chmod 600 ${remote.keyFile}`),
    })
    const keygen = (type: string, format: string, path: string) =>
      promisify(execFile)('ssh-keygen', ['-q', '-t', type, '-m', format, '-N', 'open sesame', '-f', path])
    for (const [type, format] of [
      ['ed25519', 'RFC4716'],
      ['rsa', 'PEM'],
      ['rsa', 'PKCS8'],
    ] as const) {
      const path = join(folder.path, `${type}-${format}`)
      await keygen(type, format, path)
      for (const sshKey of [path, await readFile(path, 'utf8')]) {
        expect((await look({ ...access(), sshKey })).line('key'), `${type} ${format}`).toMatchObject({
          result: 'failed',
          found: 'it has a passphrase, and nobody is there to type it',
        })
      }
    }
  })

  test("that this user's own ssh lets in is told that a job elsewhere may not know the host", async () => {
    const command = sshCommand(remote.keyFile, remote.knownHostsFile)
    const said = await withVariable('GIT_SSH_COMMAND', command, () => look({ repo: remote.url('sitemap.git') }))
    expect(said.line('key')).toMatchObject({ result: 'ok', found: expect.stringContaining("this user's own ssh") })
    expect(said.line('host key')).toMatchObject({
      result: 'warning',
      remedy: expect.stringContaining(`ssh-keyscan -p ${remote.port} 127.0.0.1`),
    })
  })

  test('that hangs is cut off and told', async () => {
    await using server = await startHangingServer()
    const config = {
      ...listShop,
      site: 'https://shop.invalid',
      publish: [{ git: { ...access(), repo: server.url('ssh', 'a/b.git') } }],
    }
    const said = await examined(config, { folder: folder.path, limitMs: 2_000 })
    expect(said.line('fetch')).toMatchObject({ result: 'failed', code: 'TARGET_TIMEOUT' })
  })
})

describe.skipIf(!hasOpenssl)('a repository over https', () => {
  const token = 'ghs_doctorsOwnToken1234567890'

  test('with its token in the address is told to take it out, and the token is not shown', async () => {
    await using remote = await startHttpsRemote({ root: join(folder.path, 'remotes'), token })
    const address = new URL(remote.url('sitemap.git'))
    address.username = 'x-access-token'
    address.password = token
    const said = await withAuthority(remote.caFile, () => look({ repo: address.href }))
    expect(said.line('address'), textOf(said.lines)).toMatchObject({ result: 'warning' })
    expect(said.line('fetch').result, textOf(said.lines)).toBe('ok')
    expect(said.line('push').result).toBe('ok')
    expect(JSON.stringify(said.lines)).not.toContain(token)
  })

  test("with a workflow's own token is told that such a push starts no workflow", async () => {
    await using remote = await startHttpsRemote({ root: join(folder.path, 'remotes'), token })
    const repo = remote.url('sitemap.git')
    const said = await withAuthority(remote.caFile, () => look({ repo, token }))
    expect(said.line('token')).toMatchObject({
      result: 'warning',
      found: expect.stringContaining('starts no workflow'),
      remedy: expect.stringContaining('deploy key'),
    })
    const named = { GITHUB_ACTIONS: 'true', GITHUB_TOKEN: 'another-form-of-it' }
    expect((await look({ repo, token: named.GITHUB_TOKEN }, named)).line('token').result).toBe('warning')
    const personal = await look({ repo, token: 'github_pat_something' }, named)
    expect(personal.lines.some(({ what }) => what === 'token')).toBe(false)
    expect(personal.line('fetch')).toMatchObject({ result: 'failed' })
  })
})

const withAuthority = <T>(file: string, work: () => Promise<T>): Promise<T> =>
  withVariable('GIT_SSL_CAINFO', file, work)

/** Git is run in the environment of this process. */
async function withVariable<T>(name: string, value: string, work: () => Promise<T>): Promise<T> {
  process.env[name] = value
  try {
    return await work()
  } finally {
    delete process.env[name]
  }
}
