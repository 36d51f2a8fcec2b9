// A front end in a git repository: the shared suite, then every transport, what is fetched, and what goes wrong.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { StoremapError } from '../../../src/errors.ts'
import type { FrontEnd } from '../../../src/sources/routes/front-end.ts'
import { openGitFrontEnd } from '../../../src/sources/routes/front-end-git.ts'
import { describeFrontEnd } from '../../contracts/front-end.ts'
import { tempFolder } from '../../helpers/bundle.ts'
import { startCountingProxy } from '../../helpers/counting-proxy.ts'
import {
  type HttpsRemote,
  hasOpenssl,
  hasSshd,
  runGit,
  type SshRemote,
  startHangingServer,
  startHttpsRemote,
  startSshRemote,
} from '../../helpers/git-remotes.ts'
import { withTemp } from '../../helpers/git-target.ts'
import { commitSource, makeSourceRepository, type SourceCommit } from '../../helpers/source-repository.ts'

if (!hasSshd) console.warn('skipped: reading a front end over ssh: sshd is not installed (Debian: openssh-server)')
if (!hasOpenssl) console.warn('skipped: reading a front end over https: openssl is not installed')

type Options = Parameters<typeof openGitFrontEnd>[0]

let temp: Awaited<ReturnType<typeof tempFolder>>
let root: string
let dir: string
let count = 0
const opened: FrontEnd[] = []

async function open(options: Partial<Options> = {}, signal?: AbortSignal): Promise<FrontEnd> {
  const frontEnd = await openGitFrontEnd({ repo: dir, ...options }, { base: temp.path, timeoutMs: 30_000, signal })
  opened.push(frontEnd)
  return frontEnd
}

const failureOf = (options: Partial<Options>): Promise<StoremapError> =>
  open(options).then(
    () => expect.fail('it was opened'),
    (cause: StoremapError) => {
      expect(cause).toBeInstanceOf(StoremapError)
      return cause
    },
  )

/** The repository as a server has it, and its commits. */
async function serve(...commits: readonly SourceCommit[]): Promise<string[]> {
  const oids = await makeSourceRepository(`${dir}.work`, ...commits)
  await runGit(['clone', '--quiet', '--bare', '--template=', `${dir}.work`, dir])
  await runGit(['config', 'uploadpack.allowFilter', 'true'], { cwd: dir })
  return oids
}

/** What lies in the temporary folder of a front end that is open. */
async function blobsIn(folder: string, name = 'commit.git'): Promise<string[]> {
  const [made = ''] = (await readdir(folder)).filter(each => each.includes('-git-'))
  const args = ['cat-file', '--batch-all-objects', '--batch-check=%(objecttype) %(objectname)', '--unordered']
  const lines = (await runGit(args, { cwd: join(folder, made, name) })).split('\n')
  return lines.filter(line => line.startsWith('blob ')).map(line => line.slice(5))
}

const many = (files: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: files }, (_, index) => [`src/${index % 40}/${index}.ts`, `text ${index}`]))

beforeAll(async () => {
  temp = await tempFolder()
  root = join(temp.path, 'repositories')
  await mkdir(join(temp.path, 'home'))
  vi.stubEnv('HOME', join(temp.path, 'home'))
  vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1')
  for (const name of ['GIT_CONFIG_GLOBAL', 'SSH_AUTH_SOCK', 'XDG_CONFIG_HOME']) vi.stubEnv(name, undefined)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await temp[Symbol.asyncDispose]()
})
beforeEach(() => {
  dir = join(root, `storefront-${++count}.git`)
})
afterEach(async () => {
  for (const frontEnd of opened.splice(0)) await frontEnd.close()
})

describeFrontEnd('a commit of a git repository', repo => openGitFrontEnd({ repo }, { base: '/', timeoutMs: 30_000 }))

describe('what is read of a git repository', () => {
  test('is its HEAD, or a branch, a tag or a commit', async () => {
    const [first = '', second = ''] = await serve({ files: { 'a.ts': '1' } }, { files: { 'a.ts': '2' } })
    await runGit(['tag', 'v1', first], { cwd: dir })
    await runGit(['tag', '--annotate', '--message=Release', 'v1-annotated', first], { cwd: dir })
    await runGit(['branch', 'release/1.0', first], { cwd: dir })
    for (const [ref, commit] of [
      [undefined, second],
      ['main', second],
      ['refs/heads/main', second],
      ['release/1.0', first],
      ['v1', first],
      ['v1-annotated', first],
      [first, first],
      [second, second],
    ]) {
      const frontEnd = await open({ ref })
      expect(frontEnd.revision, ref).toBe(commit)
      expect(await frontEnd.read('a.ts'), ref).toBe(commit === first ? '1' : '2')
    }
    expect((await open()).name).toMatch(/^repositories\/storefront-\d+$/)
    expect((await open({ ref: 'main' })).name).toMatch(/ at main$/)
    expect((await open({ ref: first })).name).toMatch(new RegExp(` at ${first.slice(0, 10)}$`))
  })

  test('is the branch where a tag has the same name', async () => {
    const [first = '', second = ''] = await serve({ files: { 'a.ts': '1' } }, { files: { 'a.ts': '2' } })
    await runGit(['tag', 'main', first], { cwd: dir })
    expect((await open({ ref: 'main' })).revision).toBe(second)
  })

  test('stays the commit that was opened, whatever is pushed meanwhile', async () => {
    const [first] = await serve({ files: { 'a.ts': '1' } })
    const frontEnd = await open()
    await commitSource(`${dir}.work`, { files: { 'a.ts': '2' } })
    await runGit(['push', '--quiet', dir, 'main'], { cwd: `${dir}.work` })
    expect(frontEnd.revision).toBe(first)
    expect(await frontEnd.read('a.ts')).toBe('1')
    expect((await frontEnd.lastChanges(['a.ts'])).size).toBe(1)
  })

  test('begins at the top of the repository, wherever in it the front end is', async () => {
    await serve({ files: { 'apps/shop/src/App.tsx': 'app', 'packages/paths/index.ts': 'paths' } })
    for (const path of ['apps/shop', 'apps/shop/', 'apps/shop/src/App.tsx', '.', '']) {
      expect(await (await open({ path })).read('packages/paths/index.ts'), path).toBe('paths')
    }
  })

  test('of submodules is nothing', async () => {
    const [commit = ''] = await serve({ files: { 'a.ts': '1' } })
    await runGit(['update-index', '--add', '--cacheinfo', `160000,${commit},sub`], { cwd: `${dir}.work` })
    await runGit(['commit', '--quiet', '--message=Sub'], { cwd: `${dir}.work` })
    await runGit(['push', '--quiet', dir, 'main'], { cwd: `${dir}.work` })
    const frontEnd = await open()
    expect(await frontEnd.list('')).toEqual([{ name: 'a.ts', isFolder: false }])
    expect(await frontEnd.read('sub')).toBeUndefined()
  })

  test('may have sha256 for its ids', async () => {
    await runGit(['init', '--quiet', '--initial-branch=main', '--object-format=sha256', '--', `${dir}.work`])
    const commit = await commitSource(`${dir}.work`, { files: { 'a.ts': '1' } })
    for (const ref of [undefined, commit]) {
      const frontEnd = await open({ repo: `${dir}.work`, ref })
      expect(frontEnd.revision).toHaveLength(64)
      expect(await frontEnd.read('a.ts')).toBe('1')
      expect((await frontEnd.lastChanges(['a.ts'])).size).toBe(1)
    }
  })
})

describe('of a repository of 2,000 files', () => {
  test('only the ten that are read are fetched, those read ahead all at once', async () => {
    const files = many(2000)
    await serve({ files })
    await withTemp(join(temp.path, `temp-${count}`), async () => {
      const frontEnd = await open()
      expect(await blobsIn(process.env.TMPDIR as string)).toEqual([])
      const names = Object.keys(files).slice(0, 10)
      await frontEnd.prefetch(names.slice(0, 9))
      expect(await blobsIn(process.env.TMPDIR as string)).toHaveLength(9)
      for (const name of names) expect(await frontEnd.read(name)).toBe(files[name])
      expect(await blobsIn(process.env.TMPDIR as string)).toHaveLength(10)
    })
  })

  test('the history is fetched only for dates, and without any file', async () => {
    await serve({ files: many(50) }, { at: '2024-02-01T00:00:00Z', files: { 'src/1/1.ts': 'new' } })
    await withTemp(join(temp.path, `temp-${count}`), async () => {
      const frontEnd = await open()
      expect((await frontEnd.lastChanges(['src/1/1.ts'])).get('src/1/1.ts')).toEqual(new Date('2024-02-01T00:00:00Z'))
      expect(await blobsIn(process.env.TMPDIR as string)).toEqual([])
    })
  })

  test('a server whose own history is cut off has dates only for what changed after the cut', async () => {
    await makeSourceRepository(
      `${dir}.work`,
      { at: '2024-01-01T00:00:00Z', files: { 'old.ts': '1', 'new.ts': '1' } },
      { at: '2024-02-01T00:00:00Z', files: { 'border.ts': '1' } },
      { at: '2024-03-01T00:00:00Z', files: { 'new.ts': '2' } },
    )
    await runGit(['clone', '--quiet', '--bare', '--depth=2', `file://${dir}.work`, dir])
    const frontEnd = await open()
    expect(await frontEnd.lastChanges(['old.ts', 'new.ts', 'border.ts'])).toEqual(
      new Map([['new.ts', new Date('2024-03-01T00:00:00Z')]]),
    )
    expect(await frontEnd.read('old.ts')).toBe('1')
  })

  test('nothing stays when it is closed, nor when it could not be opened', async () => {
    await serve({ files: { 'a.ts': '1' } })
    const folder = join(temp.path, `temp-${count}`)
    await withTemp(folder, async () => {
      const frontEnd = await open()
      expect(await readdir(folder)).toHaveLength(1)
      await frontEnd.close()
      await frontEnd.close()
      await failureOf({ ref: 'none' })
      await failureOf({ path: 'none' })
      await failureOf({ repo: join(root, 'none.git') })
    })
    expect(await readdir(folder)).toEqual([])
  })
})

describe('what is not there', () => {
  test('a branch is named with those that are most like it', async () => {
    const [first = ''] = await serve({ files: { 'a.ts': '1' } })
    await runGit(['branch', 'release/2.0'], { cwd: dir })
    await runGit(['tag', 'v2.0'], { cwd: dir })
    const cause = await failureOf({ ref: 'mian' })
    expect(cause).toMatchObject({ code: 'ROUTER_NOT_FOUND', retryable: false })
    expect(cause.message).toMatch(
      /no branch, tag or full id of a commit "mian" in repositories\/storefront-\d+\. Nothing was published\.$/,
    )
    expect(cause.hint).toContain('Near are: main.')
    expect((await failureOf({ ref: 'V2.0' })).hint).toContain('v2.0')
    expect((await failureOf({ ref: first.slice(0, 12) })).code).toBe('ROUTER_NOT_FOUND')
    expect((await failureOf({ ref: '0'.repeat(40) })).code).toBe('ROUTER_NOT_FOUND')
  })

  test('a path is named with those that are most like it', async () => {
    await serve({ files: { 'apps/shop/src/routes.tsx': '1', 'apps/admin/src/index.tsx': '1' } })
    const cause = await failureOf({ path: 'src/routes.tsx', ref: 'main' })
    expect(cause.code).toBe('ROUTER_NOT_FOUND')
    expect(cause.message).toMatch(/no file or folder "src\/routes\.tsx" in repositories\/storefront-\d+ at main\./)
    expect(cause.hint).toContain('apps/shop/src/routes.tsx')
    expect((await failureOf({ path: 'app/shop' })).hint).toContain('apps/shop')
  })

  test('a repository without a commit has no routes', async () => {
    await runGit(['init', '--quiet', '--bare', dir])
    expect(await failureOf({})).toMatchObject({ code: 'ROUTER_NOT_FOUND' })
  })

  test('a tag of something that is no commit is none', async () => {
    await serve({ files: { 'a.ts': '1' } })
    await runGit(['tag', 'odd', 'HEAD:a.ts'], { cwd: dir })
    expect(await failureOf({ ref: 'odd' })).toMatchObject({ code: 'ROUTER_NOT_FOUND' })
  })
})

describe('a forged commit', () => {
  /** A tree as no git would make it. */
  async function serveTree(
    entries: readonly (readonly [mode: string, name: string, content: string])[],
  ): Promise<void> {
    await runGit(['init', '--quiet', '--bare', '--initial-branch=main', dir])
    const records: Buffer[] = []
    for (const [mode, name, content] of entries) {
      const oid = await runGit(['hash-object', '-w', '--stdin'], { cwd: dir, input: content })
      records.push(Buffer.from(`${mode} ${name}\0`), Buffer.from(oid.trim(), 'hex'))
    }
    const file = `${dir}.tree`
    await writeFile(file, Buffer.concat(records))
    const tree = (await runGit(['hash-object', '-t', 'tree', '-w', '--literally', file], { cwd: dir })).trim()
    const commit = (await runGit(['commit-tree', '-m', 'Forged', tree], { cwd: dir })).trim()
    await runGit(['update-ref', 'refs/heads/main', commit], { cwd: dir })
  }

  test('has no name that leads elsewhere', async () => {
    await serveTree([
      ['100644', '..', 'up'],
      ['100644', '.', 'here'],
      ['100644', '../../etc/passwd', 'passwd'],
      ['100644', '/etc/passwd', 'passwd'],
      ['100644', 'a.ts', 'a'],
      ['100644', 'a.ts', 'again'],
      ['120000', 'a.ts/b', '../..'],
      ['120000', 'long', 'x/'.repeat(5000)],
      ['120000', 'zero', 'a.ts\0b'],
      ['120000', 'empty', ''],
    ])
    const frontEnd = await open()
    expect(await frontEnd.list('')).toEqual([{ name: 'a.ts', isFolder: false }])
    expect(await frontEnd.read('a.ts')).toBe('a')
    for (const name of ['..', '../..', 'long', 'zero', 'empty', 'a.ts/b', '/etc/passwd', 'etc/passwd'])
      expect(await frontEnd.read(name), name).toBeUndefined()
  })
})

describe('a server that', () => {
  test.skipIf(!hasOpenssl)('cannot leave files out gives all of them, and they are read', async () => {
    const commits = await serve({ files: many(20) }, { at: '2024-02-01T00:00:00Z', files: { 'src/1/1.ts': 'new' } })
    await using https = await startHttpsRemote({ root, token: 'reads-only-4711' })
    vi.stubEnv('GIT_SSL_CAINFO', https.caFile)
    await runGit(['config', 'uploadpack.allowFilter', 'false'], { cwd: dir })
    for (const ref of [undefined, 'main', commits[1]]) {
      const frontEnd = await open({ repo: https.url(`storefront-${count}.git`), token: 'reads-only-4711', ref })
      const before = https.requests().length
      expect(await frontEnd.read('src/1/1.ts')).toBe('new')
      expect(https.requests().length).toBe(before)
      expect((await frontEnd.lastChanges(['src/1/1.ts'])).get('src/1/1.ts')).toEqual(new Date('2024-02-01T00:00:00Z'))
    }
  })

  test('does not answer is waited for no longer than allowed', async () => {
    await using hanging = await startHangingServer()
    for (const scheme of ['http', 'ssh'] as const) {
      const options = { repo: hanging.url(scheme), knownHosts: '127.0.0.1 ssh-ed25519 AAAA' }
      const opening = openGitFrontEnd(options, { base: '/', timeoutMs: 1_000 })
      await expect(opening).rejects.toMatchObject({
        code: 'ROUTER_UNREACHABLE',
        retryable: true,
        message: expect.stringMatching(/did not answer within 1 s\. Nothing was published\.$/),
      })
    }
  })

  test('does not answer is left when the run is ended', async () => {
    await using hanging = await startHangingServer()
    const reason = new Error('enough')
    const abort = new AbortController()
    const settings = { base: '/', timeoutMs: 30_000, signal: abort.signal }
    const opening = openGitFrontEnd({ repo: hanging.url('http') }, settings)
    await vi.waitUntil(() => hanging.connections() > 0, { timeout: 10_000 })
    abort.abort(reason)
    await expect(opening).rejects.toBe(reason)
  })

  test('is not there is told with what git says of it', async () => {
    const cause = await failureOf({ repo: 'https://nowhere.invalid/acme/storefront.git' })
    expect(cause).toMatchObject({ code: 'ROUTER_UNREACHABLE', retryable: true })
    expect(cause.message).toMatch(
      /^The routes of the front end cannot be read: the repository acme\/storefront cannot be reached: /,
    )
    expect(cause.message).toMatch(/nowhere\.invalid.*\. Nothing was published\.$/)
    expect(await failureOf({ repo: join(root, 'none.git') })).toMatchObject({ code: 'ROUTER_UNREACHABLE' })
  })
})

describe.skipIf(!hasOpenssl)('over https', () => {
  const token = 'reads&only/4711+%'
  let https: HttpsRemote
  beforeAll(async () => {
    await mkdir(root, { recursive: true })
    https = await startHttpsRemote({ root, token })
    vi.stubEnv('GIT_SSL_CAINFO', https.caFile)
  })
  afterAll(() => https.close())

  test('all files that are read ahead come in one exchange', async () => {
    const files = many(200)
    await serve({ files })
    const frontEnd = await open({ repo: https.url(`storefront-${count}.git`), token })
    const before = https.requests().filter(({ method }) => method === 'POST').length
    await frontEnd.prefetch(Object.keys(files))
    const after = https.requests().filter(({ method }) => method === 'POST').length
    expect(after - before).toBe(1)
    expect(await frontEnd.read('src/3/3.ts')).toBe('text 3')
  })

  test('a token that is refused is told, and not shown', async () => {
    await serve({ files: { 'a.ts': '1' } })
    const cause = await failureOf({ repo: https.url(`storefront-${count}.git`), token: 'wrong-token-0815' })
    expect(cause).toMatchObject({ code: 'ROUTER_UNREACHABLE', retryable: false })
    expect(cause.message).toMatch(/does not let us in: .*Nothing was published\.$/)
    expect(cause.hint).toContain('"token"')
    expect(JSON.stringify([cause.message, cause.hint, String(cause.cause)])).not.toContain('wrong-token-0815')
  })
})

describe.skipIf(!hasSshd)('over ssh', () => {
  let ssh: SshRemote
  let plain: SshRemote
  beforeAll(async () => {
    await mkdir(root, { recursive: true })
    ssh = await startSshRemote({ root })
    plain = await startSshRemote({ root, protocol2: false })
  })
  afterAll(async () => {
    await ssh?.close()
    await plain?.close()
  })
  const keys = ({ keyFile, knownHostsFile }: SshRemote) => ({ sshKey: keyFile, knownHosts: knownHostsFile })

  test('little more is transferred than the files that are read', async () => {
    const big = Object.fromEntries(
      Array.from({ length: 30 }, (_, index) => [`big/${index}.bin`, Buffer.from(randomText(100_000, index))]),
    )
    await serve({ files: { ...many(100), ...big } })
    await using proxy = await startCountingProxy(ssh.port)
    const repo = ssh.url(`storefront-${count}.git`).replace(`:${ssh.port}/`, `:${proxy.port}/`)
    const knownHosts = `[127.0.0.1]:${proxy.port} ${await hostKeyOf(ssh)}`
    const frontEnd = await open({ repo, sshKey: ssh.keyFile, knownHosts })
    await frontEnd.prefetch(Object.keys(many(10)))
    expect(await frontEnd.read('src/7/7.ts')).toBe('text 7')
    await frontEnd.lastChanges(['src/7/7.ts'])
    expect(proxy.bytes()).toBeLessThan(100_000)
    expect((await frontEnd.read('big/3.bin'))?.length).toBe(100_000)
    expect(proxy.bytes()).toBeLessThan(300_000)
  })

  test('a server without protocol 2 gives out no single files, and then gives all', async () => {
    const files = many(60)
    const [first = ''] = await serve({ files }, { at: '2024-02-01T00:00:00Z', files: { 'src/1/1.ts': 'new' } })
    for (const ref of [undefined, 'main', first]) {
      const frontEnd = await open({ repo: plain.url(`storefront-${count}.git`), ref, ...keys(plain) })
      expect(await frontEnd.read('src/1/1.ts')).toBe(ref === first ? 'text 1' : 'new')
      expect(await frontEnd.read('src/2/2.ts')).toBe('text 2')
      expect((await frontEnd.lastChanges(['src/2/2.ts'])).size).toBe(1)
    }
    const missing = await failureOf({ repo: plain.url(`storefront-${count}.git`), ref: '0'.repeat(40), ...keys(plain) })
    expect(missing.code).toBe('ROUTER_NOT_FOUND')
  })

  test('a branch that moved meanwhile on such a server is for the next run', async () => {
    await serve({ files: { 'a.ts': '1' } })
    const frontEnd = await open({ repo: plain.url(`storefront-${count}.git`), ...keys(plain) })
    await commitSource(`${dir}.work`, { files: { 'a.ts': '2' } })
    await runGit(['push', '--quiet', dir, 'main'], { cwd: `${dir}.work` })
    await expect(frontEnd.read('a.ts')).rejects.toMatchObject({
      code: 'ROUTER_UNREACHABLE',
      retryable: true,
      message: expect.stringContaining('moved while it was read'),
    })
  })

  test('a key that is refused, a host that is not known and a key that is none are told', async () => {
    await serve({ files: { 'a.ts': '1' } })
    const repo = ssh.url(`storefront-${count}.git`)
    const refused = await failureOf({ repo, sshKey: ssh.otherKeyFile, knownHosts: ssh.knownHostsFile })
    expect(refused).toMatchObject({ code: 'ROUTER_UNREACHABLE', retryable: false })
    expect(refused.message).toContain('does not let us in')
    const unknown = await failureOf({ repo, sshKey: ssh.keyFile, knownHosts: ssh.wrongKnownHostsFile })
    expect(unknown.message).toMatch(/did not show a host key that is known here: .*\. No key of yours was offered/)
    expect(unknown.message).toMatch(/Nothing was published\.$/)
    expect(unknown.hint).toContain('ssh-keyscan')
    const none = await failureOf({ repo, sshKey: './none', knownHosts: ssh.knownHostsFile })
    expect(none.message).toContain('the "sshKey" of the router cannot be used')
    for (const { message } of [refused, unknown, none]) expect(message).not.toMatch(/target|Nothing was changed/)
  })
})

function randomText(length: number, seed: number): string {
  let state = seed + 1
  let text = ''
  while (text.length < length) {
    state = (state * 48_271) % 2_147_483_647
    text += String.fromCharCode(33 + (state % 90))
  }
  return text
}

async function hostKeyOf({ knownHostsFile }: SshRemote): Promise<string> {
  return (await readFile(knownHostsFile, 'utf8')).split(' ').slice(1).join(' ')
}
