// The git target on a real git, over file://, ssh and https; the shared suite first, then what only git has.
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Bundle } from '../../src/bundle/manifest.ts'
import { createGitPublisher, type GitPublisherSettings } from '../../src/publishers/git/git.ts'
import { gitOptions } from '../../src/publishers/git/options.ts'
import type { Publisher, Receipt } from '../../src/publishers/publisher.ts'
import { describePublisher } from '../contracts/publisher.ts'
import { makeBundle, sitemapindex, tempFolder, urlset } from '../helpers/bundle.ts'
import {
  createBareRepository,
  type HttpsRemote,
  hasOpenssl,
  hasSshd,
  type SshRemote,
  startHangingServer,
  startHttpsRemote,
  startSshRemote,
} from '../helpers/git-remotes.ts'
import { makeTwoBundles, openRepository, type Repository, withTemp } from '../helpers/git-target.ts'
import { appears, commandLines, isGone } from '../helpers/processes.ts'

if (!hasSshd) console.warn('skipped: publishing over ssh: sshd is not installed (Debian: openssh-server)')
if (!hasOpenssl) console.warn('skipped: publishing over https: openssl is not installed')

let temp: Awaited<ReturnType<typeof tempFolder>>
let first: Bundle
let second: Bundle
let repository: Repository
let count = 0

const publisherOf = (options: Record<string, unknown>, settings: Partial<GitPublisherSettings> = {}): Publisher =>
  createGitPublisher(gitOptions.parse({ repo: repository.dir, ...options }), { base: '/', ...settings })

async function publish(
  publisher: Publisher,
  bundle: Bundle,
  { adopt = false, signal = undefined as AbortSignal | undefined } = {},
): Promise<Receipt> {
  const open = await publisher.open(signal)
  try {
    return await open.publish(bundle, { message: 'Update the sitemap\n\nTwo URLs are new.', adopt })
  } finally {
    await open.close()
  }
}

async function addHook(name: string, script: string): Promise<void> {
  const path = join(repository.dir, 'hooks', name)
  await mkdir(join(repository.dir, 'hooks'), { recursive: true })
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
}

beforeAll(async () => {
  temp = await tempFolder()
  ;[first, second] = await makeTwoBundles(join(temp.path, 'bundles'))
  // No identity, no settings: the machine of a fresh container.
  const home = join(temp.path, 'home')
  await mkdir(home)
  vi.stubEnv('HOME', home)
  vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1')
  for (const name of Object.keys(process.env)) {
    if (/^(GIT_(AUTHOR|COMMITTER|CONFIG_GLOBAL)|EMAIL$|SSH_AUTH_SOCK|XDG_CONFIG_HOME)/.test(name))
      vi.stubEnv(name, undefined)
  }
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await temp[Symbol.asyncDispose]()
})
beforeEach(async () => {
  const dir = join(temp.path, 'repositories', `shop-${++count}.git`)
  repository = openRepository(await createBareRepository(dir, { branch: 'master' }))
})

describePublisher('the git publisher', async () => {
  const { path, [Symbol.asyncDispose]: dispose } = await tempFolder()
  const own = openRepository(await createBareRepository(join(path, 'shop.git'), { branch: 'master' }))
  return {
    publisher: createGitPublisher(gitOptions.parse({ repo: own.dir }), { base: '/' }),
    readFile: name => own.read(name),
    writeForeign: async (name, text) => void (await own.commit({ [name]: text })),
    dispose: async () => dispose(),
  }
})

describe('a branch', () => {
  test('is made by the first publish, in an empty repository', async () => {
    const receipt = await publish(publisherOf({}), first)
    expect(receipt).toEqual({ reference: await repository.head(), written: 4, removed: 0 })
    expect(await repository.names()).toEqual([...Object.keys(first.manifest.files), 'storemap.json'].sort())
  })

  test('is made beside those that a repository has, and shares nothing with them', async () => {
    await repository.commit({ 'README.md': 'Shop' }, { branch: 'main' })
    await publish(publisherOf({ branch: 'live/sitemap' }), first)
    expect(await repository.read('README.md', 'live/sitemap')).toBeUndefined()
    expect((await repository.subjects('live/sitemap')).length).toBe(1)
    expect(await repository.subjects('main')).toEqual(['Others'])
  })

  test('gets one commit a publish, by Storemap unless an author is given', async () => {
    await publish(publisherOf({}), first)
    await publish(publisherOf({ author: 'Sitemap Robot <robot@shop.example>' }), second)
    const { runGit } = await import('../helpers/git-remotes.ts')
    const log = await runGit(['log', '--format=%an <%ae> %cn %s|%b', 'master'], { cwd: repository.dir })
    expect(log.trim().split(/\n+/)).toEqual([
      'Sitemap Robot <robot@shop.example> Sitemap Robot Update the sitemap|Two URLs are new.',
      'Storemap <storemap@localhost> Storemap Update the sitemap|Two URLs are new.',
    ])
  })

  test('gets no commit where nothing changes', async () => {
    const { reference } = await publish(publisherOf({}), first)
    expect(await publish(publisherOf({}), first)).toEqual({ reference, written: 0, removed: 0 })
    expect((await repository.subjects()).length).toBe(1)
  })

  test('keeps its README, its workflows, links, submodules and odd names as they are', async () => {
    await repository.commit({ 'README.md': 'Shop', '.github/workflows/deploy.yml': 'on: push', 'a b/ü.txt': 'x' })
    await repository.commit({ link: 'README.md' }, { mode: '120000' })
    await repository.commit({ '"odd\\377name"': 'not UTF-8' })
    const before = await repository.names()
    await publish(publisherOf({}), first)
    await publish(publisherOf({}), second)
    expect((await repository.names()).filter(name => before.includes(name))).toEqual(before)
    expect(String(await repository.read('.github/workflows/deploy.yml'))).toBe('on: push')
    expect(await repository.read('sitemap-pages-00.xml')).toBeUndefined()
  })

  test('named like a tag is still a branch', async () => {
    const commit = await repository.commit({ 'README.md': 'Shop' }, { branch: 'main' })
    const { runGit } = await import('../helpers/git-remotes.ts')
    await runGit(['tag', 'master', commit], { cwd: repository.dir })
    const open = await publisherOf({}).open()
    expect(open.published).toBeUndefined()
    await open.close()
  })
})

describe('what a repository holds', () => {
  test('changes no byte of ours, by attributes or by filters, on the way in and on the way out', async () => {
    await repository.commit({ '.gitattributes': '* text eol=crlf\n*.xml filter=x ident\n' })
    const bundle = await makeBundle(join(temp.path, 'mixed'), {
      'sitemap.xml': urlset('/a').replaceAll('\n', '\r\n').replace('\r\n', '\n'),
      'robots.txt': '$Id$\r\n\n\r',
    })
    await publish(publisherOf({}), bundle)
    expect(await repository.read('sitemap.xml')).toEqual(await readFile(join(bundle.dir, 'sitemap.xml')))
    expect(String(await repository.read('robots.txt'))).toBe('$Id$\r\n\n\r')
    const open = await publisherOf({}).open()
    const chunks: Uint8Array[] = []
    for await (const chunk of open.published?.read('robots.txt') ?? []) chunks.push(chunk)
    expect(Buffer.concat(chunks).toString()).toBe('$Id$\r\n\n\r')
    await open.close()
  })

  test('is not run: hooks of a template and of the settings have no say', async () => {
    const templates = join(temp.path, 'templates')
    const proof = join(temp.path, 'hook-ran')
    await mkdir(join(templates, 'hooks'), { recursive: true })
    for (const name of ['pre-push', 'post-checkout', 'reference-transaction', 'pre-commit', 'post-index-change']) {
      await writeFile(join(templates, 'hooks', name), `#!/bin/sh\necho $0 $PWD >> '${proof}'\n`, { mode: 0o755 })
    }
    const settings = `[init]\n\ttemplateDir = ${templates}\n[core]\n\thooksPath = ${templates}/hooks\n\tautocrlf = true\n`
    await writeFile(join(temp.path, 'home', '.gitconfig'), `${settings}[commit]\n\tgpgSign = true\n`)
    try {
      await publish(publisherOf({}), first)
    } finally {
      await writeFile(join(temp.path, 'home', '.gitconfig'), '')
    }
    // Over file:// the receiving side is this machine, too, and its hooks are its own affair.
    const ran = (await readFile(proof, 'utf8').catch(() => '')).split('\n')
    expect(ran.filter(line => line !== '' && !line.endsWith(repository.dir))).toEqual([])
    expect(await repository.read('sitemap.xml')).toEqual(await readFile(join(first.dir, 'sitemap.xml')))
  })

  test('is of no interest to the caller: its own GIT_DIR and index lead nowhere', async () => {
    vi.stubEnv('GIT_DIR', '/nowhere')
    vi.stubEnv('GIT_INDEX_FILE', '/nowhere/index')
    vi.stubEnv('GIT_CONFIG_COUNT', '1')
    vi.stubEnv('GIT_CONFIG_KEY_0', 'core.hooksPath')
    vi.stubEnv('GIT_CONFIG_VALUE_0', '/nowhere')
    try {
      await publish(publisherOf({}), first)
    } finally {
      for (const name of ['DIR', 'INDEX_FILE', 'CONFIG_COUNT', 'CONFIG_KEY_0', 'CONFIG_VALUE_0']) {
        vi.stubEnv(`GIT_${name}`, undefined)
      }
    }
    expect(await repository.head()).toBeDefined()
  })

  test.each([
    ['is no JSON', { 'storemap.json': '{' }, undefined, 'MANIFEST_INVALID'],
    ['is a link', { 'storemap.json': '/etc/passwd' }, '120000', 'MANIFEST_INVALID'],
    ['is of a newer format', { 'storemap.json': '{"format":99}' }, undefined, 'MANIFEST_NEWER'],
  ])('stops the run where its storemap.json %s', async (_, files, mode, code) => {
    await repository.commit(files, mode === undefined ? {} : { mode })
    await expect(publisherOf({}).open()).rejects.toMatchObject({ code })
  })

  test('is read only as far as it is plain files', async () => {
    await publish(publisherOf({}), first)
    await repository.commit({ 'sitemap.xml': '/etc/passwd' }, { mode: '120000' })
    await repository.commit({ 'sitemap-pages-00.xml': null })
    const open = await publisherOf({}).open()
    const drain = async (name: string) => {
      for await (const _ of open.published?.read(name) ?? []);
    }
    await expect(drain('sitemap.xml')).rejects.toMatchObject({ code: 'BUNDLE_FILE_ALTERED' })
    await expect(drain('sitemap-pages-00.xml')).rejects.toMatchObject({ code: 'BUNDLE_FILE_ALTERED' })
    await expect(drain('other')).rejects.toMatchObject({ code: 'BUNDLE_FILE_ALTERED' })
    await open.close()
  })

  test('is never taken over where it is a folder', async () => {
    await repository.commit({ 'sitemap.xml/inner.txt': 'mine' })
    const attempt = publish(publisherOf({}), first, { adopt: true })
    await expect(attempt).rejects.toMatchObject({ code: 'TARGET_FILE_FOREIGN' })
    expect(String(await repository.read('sitemap.xml/inner.txt'))).toBe('mine')
  })
})

describe('a race', () => {
  test('of two publishers is won by one; the other is told so and has changed nothing', async () => {
    const [one, two] = await Promise.all([publisherOf({}).open(), publisherOf({}).open()])
    const outcomes = await Promise.allSettled([
      one.publish(first, { message: 'One', adopt: false }),
      two.publish(second, { message: 'Two', adopt: false }),
    ])
    await Promise.all([one.close(), two.close()])
    const lost = outcomes.find(outcome => outcome.status === 'rejected')
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(1)
    expect(lost?.reason).toMatchObject({ code: 'TARGET_MOVED', exitCode: 75, retryable: true })
    expect((await repository.subjects()).length).toBe(1)
  })

  test('is lost, too, where the branch was set back meanwhile', async () => {
    const { reference } = await publish(publisherOf({}), first)
    const { reference: later } = await publish(publisherOf({}), second)
    const open = await publisherOf({}).open()
    const { runGit } = await import('../helpers/git-remotes.ts')
    await runGit(['update-ref', 'refs/heads/master', reference, later], { cwd: repository.dir })
    const third = await makeBundle(join(temp.path, 'third'), { 'sitemap.xml': urlset('/third') })
    await expect(open.publish(third, { message: 'Three', adopt: false })).rejects.toMatchObject({
      code: 'TARGET_MOVED',
    })
    await open.close()
    expect(await repository.head()).toBe(reference)
  })

  test('is lost where a hook refuses while somebody else publishes, whatever the hook says', async () => {
    await publish(publisherOf({}), first)
    const open = await publisherOf({}).open()
    const moved = await repository.commit({ 'README.md': 'Faster' })
    await addHook('pre-receive', 'echo "not now"; exit 1')
    await expect(open.publish(second, { message: 'Two', adopt: false })).rejects.toMatchObject({ code: 'TARGET_MOVED' })
    await open.close()
    expect(await repository.head()).toBe(moved)
  })
})

describe('a refusal', () => {
  test('of a hook is told in its own words, and the old bundle stays', async () => {
    const { reference } = await publish(publisherOf({}), first)
    await addHook('pre-receive', "printf '\\033[31mThe branch is frozen until Monday.\\033[0m\\n' >&2; exit 1")
    const attempt = publish(publisherOf({}), second)
    await expect(attempt).rejects.toMatchObject({
      code: 'TARGET_PUSH_REFUSED',
      message: expect.stringMatching(
        /pre-receive hook declined.*The branch is frozen until Monday\..*stays as it was\.$/,
      ),
    })
    await attempt.catch(error => expect(error.message).not.toContain('\u001b'))
    expect(await repository.head()).toBe(reference)
  })

  test.each([
    ['a missing repository', { repo: '/nowhere/shop.git' }, 'TARGET_UNREACHABLE', /nowhere\/shop/],
    [
      'a host that nobody knows',
      { repo: 'https://no-such-host.invalid/shop.git' },
      'TARGET_UNREACHABLE',
      /resolve host/,
    ],
    ['a port where nobody listens', { repo: 'http://127.0.0.1:1/shop.git' }, 'TARGET_UNREACHABLE', /connect/i],
  ])('by %s names the cause', async (_, options, code, message) => {
    await expect(publisherOf(options).open()).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  test('by a machine without git, or with an old one, says which is needed', async () => {
    const bin = join(temp.path, 'bin')
    await mkdir(bin, { recursive: true })
    const path = process.env.PATH
    vi.stubEnv('PATH', bin)
    try {
      await expect(publisherOf({}).open()).rejects.toMatchObject({ code: 'GIT_MISSING' })
      await writeFile(join(bin, 'git'), '#!/bin/sh\necho git version 2.17.1\n', { mode: 0o755 })
      await expect(publisherOf({}).open()).rejects.toMatchObject({
        code: 'GIT_MISSING',
        message: expect.stringContaining('2.17'),
      })
    } finally {
      vi.stubEnv('PATH', path)
    }
  })
})

describe('the end of a publish', () => {
  let folder: string
  beforeEach(() => {
    folder = join(temp.path, 'tmp', String(count))
  })

  test('leaves no temporary folder behind, however it ended', async () => {
    await withTemp(folder, async () => {
      await publish(publisherOf({}), first)
      await addHook('pre-receive', 'exit 1')
      await expect(publish(publisherOf({}), second)).rejects.toThrow()
      await expect(publisherOf({ repo: '/nowhere.git' }).open()).rejects.toThrow()
      expect(await readdir(folder)).toEqual([])
    })
  })

  test('comes at once on abort: no child, no temporary folder', async () => {
    const seconds = `31.${process.pid}${count}`
    await addHook('pre-receive', `sleep ${seconds}`)
    const controller = new AbortController()
    await withTemp(folder, async () => {
      const running = publish(publisherOf({}), first, { signal: controller.signal })
      running.catch(() => {})
      expect(await appears(`sleep ${seconds}`, 10_000)).toBe(true)
      controller.abort(new Error('enough'))
      await expect(running).rejects.toThrow('enough')
      expect(await readdir(folder)).toEqual([])
      expect(await isGone(repository.dir, 500)).toBe(true)
    })
  })

  test.each(['http', 'ssh'] as const)('comes within the time allowed where a server hangs, over %s', async scheme => {
    await using server = await startHangingServer()
    await withTemp(folder, async () => {
      const startedAt = performance.now()
      const attempt = publisherOf({ repo: server.url(scheme) }, { timeoutMs: 1_000 }).open()
      await expect(attempt).rejects.toMatchObject({ code: 'TARGET_TIMEOUT', retryable: true })
      expect(performance.now() - startedAt).toBeLessThan(4_500)
      expect(await isGone(`127.0.0.1:${server.port}`, 500)).toBe(true)
      expect(await isGone(`-p ${server.port}`, 500)).toBe(true)
      expect(await readdir(folder)).toEqual([])
    })
  })

  test('of which the answer got lost is a success if the commit arrived', async () => {
    const seconds = `2.${process.pid}`
    await addHook('post-receive', `sleep ${seconds}`)
    const receipt = await publish(publisherOf({}, { timeoutMs: 1_000 }), first)
    expect(receipt.reference).toBe(await repository.head())
  })

  test('that never came says that the branch has not moved', async () => {
    await addHook('pre-receive', `sleep 4.${process.pid}`)
    const attempt = publish(publisherOf({}, { timeoutMs: 1_000 }), first)
    await expect(attempt).rejects.toMatchObject({
      code: 'TARGET_TIMEOUT',
      message: expect.stringContaining('not moved'),
    })
    await isGone(`sleep 4.${process.pid}`, 5_000)
  })
})

describe.skipIf(!hasSshd)('over ssh', () => {
  let remote: SshRemote
  let plain: SshRemote
  beforeAll(async () => {
    remote = await startSshRemote({ root: temp.path })
    plain = await startSshRemote({ root: temp.path, protocol2: false })
  })
  afterAll(async () => {
    await remote.close()
    await plain.close()
  })
  const repoOf = (server: SshRemote) => server.url(`repositories/shop-${count}.git`)
  const keysOf = (server: SshRemote) => ({ sshKey: server.keyFile, knownHosts: server.knownHostsFile })

  test('a key and known hosts may be files', async () => {
    await publish(publisherOf({ repo: repoOf(remote), ...keysOf(remote) }), first)
    expect(await repository.read('storemap.json')).toEqual(Buffer.from(first.manifestText))
  })

  test('a key file may be readable for others, as mounted secrets are', async () => {
    const key = join(temp.path, 'mounted-key')
    await writeFile(key, await readFile(remote.keyFile), { mode: 0o644 })
    await publish(publisherOf({ repo: repoOf(remote), ...keysOf(remote), sshKey: key }), first)
    expect(await repository.head()).toBeDefined()
  })

  test.each([
    ['as it is', (key: string) => key],
    ['without the line end at its end', (key: string) => key.trim()],
    ['with line ends of Windows', (key: string) => key.replaceAll('\n', '\r\n')],
    ['in one line with written-out line ends', (key: string) => key.trim().replaceAll('\n', '\\n')],
  ])('a key may be the content itself, %s', async (_, change) => {
    const sshKey = change(await readFile(remote.keyFile, 'utf8'))
    const knownHosts = (await readFile(remote.knownHostsFile, 'utf8')).trim()
    await publish(publisherOf({ repo: repoOf(remote), sshKey, knownHosts }), first)
    expect(await repository.head()).toBeDefined()
  })

  test('settings of the user have no say beside a key of ours', async () => {
    await writeFile(join(temp.path, 'home', '.gitconfig'), '[core]\n\tsshCommand = false\n')
    try {
      await publish(publisherOf({ repo: repoOf(remote), ...keysOf(remote) }), first)
    } finally {
      await writeFile(join(temp.path, 'home', '.gitconfig'), '')
    }
    expect(await repository.head()).toBeDefined()
  })

  test("without a key of ours the user's GIT_SSH_COMMAND is taken", async () => {
    const { sshCommand } = await import('../helpers/git-remotes.ts')
    vi.stubEnv('GIT_SSH_COMMAND', sshCommand(remote.keyFile, remote.knownHostsFile))
    try {
      await publish(publisherOf({ repo: repoOf(remote) }), first)
    } finally {
      vi.stubEnv('GIT_SSH_COMMAND', undefined)
    }
    expect(await repository.head()).toBeDefined()
  })

  test('a key that is not authorised is refused as such', async () => {
    const options = { repo: repoOf(remote), ...keysOf(remote), sshKey: remote.otherKeyFile }
    await expect(publisherOf(options).open()).rejects.toMatchObject({ code: 'TARGET_AUTH_FAILED' })
  })

  test.each([
    ['another key', () => remote.wrongKnownHostsFile],
    ['no key', () => plain.knownHostsFile],
  ])('a host of which we know %s is not talked to, and the error says how to pin it', async (_, knownHosts) => {
    const options = { repo: repoOf(remote), ...keysOf(remote), knownHosts: knownHosts() }
    await expect(publisherOf(options).open()).rejects.toMatchObject({
      code: 'TARGET_HOST_KEY_UNKNOWN',
      hint: expect.stringContaining(`ssh-keyscan -p ${remote.port} 127.0.0.1`),
    })
  })

  test('nothing is trusted on first sight where neither is configured', async () => {
    await expect(publisherOf({ repo: repoOf(remote) }).open()).rejects.toMatchObject({
      code: 'TARGET_HOST_KEY_UNKNOWN',
    })
  })

  test.each([
    ['is missing', '/nowhere/key', /no file \/nowhere\/key/],
    ['is a folder', '/', /is a folder/],
    ['is the public half', 'ssh-ed25519 AAAA\n', /public half/],
    ['is something else', 'hello\nworld', /not a private key/],
    ['is damaged', '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n', /damaged/],
  ])('a key that %s is named so', async (_, sshKey, message) => {
    const options = { repo: repoOf(remote), ...keysOf(remote), sshKey }
    await expect(publisherOf(options).open()).rejects.toMatchObject({
      code: 'TARGET_KEY_UNREADABLE',
      message: expect.stringMatching(message),
    })
  })

  test('a missing repository is unreachable', async () => {
    const options = { repo: remote.url('nowhere.git'), ...keysOf(remote) }
    await expect(publisherOf(options).open()).rejects.toMatchObject({ code: 'TARGET_UNREACHABLE' })
  })

  test.each([
    ['protocol 2', () => remote],
    ['protocol 0', () => plain],
  ])('large old files are not needed to publish, and are there when read, with %s', async (_, serverOf) => {
    const server = serverOf()
    const large = await makeLargeBundle(join(temp.path, `large-${count}`), 1)
    const larger = await makeLargeBundle(join(temp.path, `larger-${count}`), 2)
    const publisher = publisherOf({ repo: repoOf(server), ...keysOf(server) })
    await publish(publisher, large)

    const open = await publisher.open()
    const chunks: Uint8Array[] = []
    for await (const chunk of open.published?.read('sitemap-products-00.xml') ?? []) chunks.push(chunk)
    expect(Buffer.concat(chunks).equals(await readFile(join(large.dir, 'sitemap-products-00.xml')))).toBe(true)
    await open.close()

    // Only the small file is another: the large one is neither fetched nor sent.
    expect(await publish(publisher, larger)).toMatchObject({ written: 3, removed: 0 })
    expect((await repository.read('sitemap-products-00.xml'))?.length).toBe(
      large.manifest.files['sitemap-products-00.xml']?.bytes,
    )
  })
})

describe.skipIf(!hasOpenssl)('over https', () => {
  const token = 'right-token-of-the-robot'
  let remote: HttpsRemote
  beforeAll(async () => {
    remote = await startHttpsRemote({ root: join(temp.path, 'repositories'), token })
    vi.stubEnv('GIT_SSL_CAINFO', remote.caFile)
  })
  afterAll(() => remote.close())
  const repoOf = () => remote.url(`shop-${count}.git`)
  const withUser = (user: string) => repoOf().replace('https://', `https://${user}@`)

  test.each([
    ['as an option', () => ({ repo: repoOf(), token })],
    ['in the address, with a name', () => ({ repo: withUser(`robot:${token}`) })],
    ['in the address, alone', () => ({ repo: withUser(token) })],
    ['as an option, with a name in the address', () => ({ repo: withUser('robot'), token })],
  ])('a token is given %s', async (_, options) => {
    await publish(publisherOf(options()), first)
    await publish(publisherOf(options()), second)
    expect(await repository.read('storemap.json')).toEqual(Buffer.from(second.manifestText))
  })

  test.each([
    ['a wrong one', () => ({ repo: repoOf(), token: 'wrong-token-planted' })],
    ['a wrong one in the address', () => ({ repo: withUser('robot:wrong-token-planted') })],
    ['none', () => ({ repo: repoOf() })],
  ])('%s is refused, and is not in the message', async (_, options) => {
    const error = await publisherOf(options())
      .open()
      .then(
        () => undefined,
        cause => cause,
      )
    expect(error).toMatchObject({ code: 'TARGET_AUTH_FAILED', retryable: false })
    expect(`${error.message} ${error.hint} ${error.stack} ${error.cause}`).not.toContain('wrong-token-planted')
  })

  test("the user's own credential helper does not get to see our token", async () => {
    const seen = join(temp.path, 'seen-by-helper')
    await writeFile(join(temp.path, 'home', '.gitconfig'), `[credential]\n\thelper = "!cat >>'${seen}'; :"\n`)
    try {
      await publish(publisherOf({ repo: repoOf(), token }), first)
    } finally {
      await writeFile(join(temp.path, 'home', '.gitconfig'), '')
    }
    await expect(readFile(seen)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('no argument of any process ever shows the token during a push', async () => {
    await addHook('pre-receive', `sleep 1.${process.pid}`)
    let done = false
    let looks = 0
    let pushes = 0
    const publishing = publish(publisherOf({ repo: withUser(`robot:${token}`) }), first).finally(() => {
      done = true
    })
    const encoded = Buffer.from(`robot:${token}`).toString('base64')
    while (!done) {
      const lines = commandLines()
      looks += 1
      if (lines.some(line => line.includes(' push --porcelain'))) pushes += 1
      expect(lines.filter(line => line.includes(token) || line.includes(encoded))).toEqual([])
      await delay(5)
    }
    await publishing
    expect(looks).toBeGreaterThan(20)
    expect(pushes).toBeGreaterThan(5)
  })

  test('a certificate that nobody vouches for is not accepted', async () => {
    vi.stubEnv('GIT_SSL_CAINFO', undefined)
    try {
      await expect(publisherOf({ repo: repoOf(), token }).open()).rejects.toMatchObject({
        code: 'TARGET_UNREACHABLE',
        message: expect.stringContaining('certificate'),
      })
    } finally {
      vi.stubEnv('GIT_SSL_CAINFO', remote.caFile)
    }
  })
})

describe('the options', () => {
  test.each([
    ['an unknown key', { repo: '/a/b.git', tokens: 'x' }],
    ['an address that git must not get', { repo: 'ext::sh -c id' }],
    ['a branch that is an option', { repo: '/a/b.git', branch: '--all' }],
    ['an author without a mail address', { repo: '/a/b.git', author: 'Robot' }],
  ])('refuse %s', (_, options) => {
    expect(gitOptions.safeParse(options).success).toBe(false)
  })

  test('name the target without its credentials', () => {
    const options = gitOptions.parse({ repo: 'https://robot:token-in-name@git.example/acme/sitemap.git' })
    expect(createGitPublisher(options, { base: '/' }).name).toBe('git acme/sitemap (master)')
  })
})

afterEach(() => {
  expect(process.env.TMPDIR ?? '').not.toContain('storemap-test-')
})

/** A shard of over a megabyte that does not compress, so that clones leave it out, and a small one that differs. */
async function makeLargeBundle(dir: string, version: number): Promise<Bundle> {
  const paths = Array.from({ length: 40_000 }, (_, n) => `/p/${(Math.imul(n + 1, 2654435761) >>> 0).toString(36)}${n}`)
  return makeBundle(dir, {
    'sitemap-products-00.xml': urlset(...paths),
    'sitemap-pages-00.xml': urlset(`/about-${version}`),
    'sitemap.xml': sitemapindex('sitemap-products-00.xml', 'sitemap-pages-00.xml').replace(
      '</',
      `<!-- ${version} --></`,
    ),
  })
}
