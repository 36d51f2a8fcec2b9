import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  createBareRepository,
  type HttpsRemote,
  hasOpenssl,
  hasSshd,
  runGit,
  type SshRemote,
  sshCommand,
  startHangingServer,
  startHttpsRemote,
  startSshRemote,
} from './git-remotes.ts'

type Env = Record<string, string>

if (!hasSshd) console.warn('skipped: git over ssh: sshd is not installed (Debian: openssh-server)')
if (!hasOpenssl) console.warn('skipped: git over https: openssl is not installed')

let root: string
let work: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'storemap-remotes-'))
  work = await mkdtemp(join(tmpdir(), 'storemap-clones-'))
})

afterAll(async () => {
  await rm(root, { recursive: true, force: true })
  await rm(work, { recursive: true, force: true })
})

describe('a bare repository', () => {
  test('has a first commit of the given files, with the same id each time', async () => {
    const files = { 'sitemap.xml': '<urlset/>\n', 'a/ü b.txt': 'Grüße' }
    const one = await createBareRepository(join(root, 'one.git'), { files, branch: 'live' })
    const two = await createBareRepository(join(root, 'two.git'), { files, branch: 'live' })
    const idOf = (dir: string) => runGit(['rev-parse', 'live'], { cwd: dir })
    expect(await idOf(one)).toBe(await idOf(two))
    expect(await runGit(['show', 'HEAD:a/ü b.txt'], { cwd: one })).toBe('Grüße')
  })

  test('refuses to be rewound if asked to', async () => {
    const dir = await createBareRepository(join(root, 'strict.git'), {
      denyNonFastForwards: true,
      files: { 'a.txt': 'a' },
    })
    const clone = join(work, 'strict')
    await runGit(['clone', '--quiet', dir, clone])
    await runGit(['commit', '--quiet', '--amend', '--message', 'Other history'], { cwd: clone })
    await expect(runGit(['push', '--quiet', '--force', 'origin', 'main'], { cwd: clone })).rejects.toThrow(
      'non-fast-forward',
    )
  })
})

describe.skipIf(!hasSshd)('a remote over ssh', () => {
  let remote: SshRemote
  let env: Env
  beforeAll(async () => {
    remote = await startSshRemote({ root })
    env = { GIT_SSH_COMMAND: sshCommand(remote.keyFile, remote.knownHostsFile) }
    await createBareRepository(join(root, 'ssh.git'), { files: { 'a.txt': 'a', 'b.txt': 'b' } })
  })
  afterAll(() => remote.close())

  test('is cloned from and pushed to', async () => {
    await cloneCommitAndPush(remote.url('ssh.git'), 'ssh', { env })
    expect(remote.log()).toContain('Accepted publickey')
  })

  test('refuses a key it does not know', async () => {
    const other = { GIT_SSH_COMMAND: sshCommand(remote.otherKeyFile, remote.knownHostsFile) }
    await expect(runGit(['ls-remote', remote.url('ssh.git')], { env: other })).rejects.toThrow('Permission denied')
  })

  test('is refused by a client that knows another host key', async () => {
    const wary = { GIT_SSH_COMMAND: sshCommand(remote.keyFile, remote.wrongKnownHostsFile) }
    await expect(runGit(['ls-remote', remote.url('ssh.git')], { env: wary })).rejects.toThrow(
      'Host key verification failed',
    )
  })

  test('makes a partial clone', async () => {
    await clonePartially(remote.url('ssh.git'), 'ssh-partial', { env })
  })
})

describe.skipIf(!hasOpenssl)('a remote over https', () => {
  let remote: HttpsRemote
  let env: Env
  const withToken = (token: string) => ({
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'credential.helper',
    GIT_CONFIG_VALUE_0: `!f() { echo username=robot; echo password=${token}; }; f`,
  })
  beforeAll(async () => {
    remote = await startHttpsRemote({ root, token: 'right-token' })
    env = { GIT_SSL_CAINFO: remote.caFile, ...withToken('right-token') }
    await createBareRepository(join(root, 'https.git'), { files: { 'a.txt': 'a', 'b.txt': 'b' } })
  })
  afterAll(() => remote.close())

  test('is cloned from and pushed to, the first request being unauthorised', async () => {
    await cloneCommitAndPush(remote.url('https.git'), 'https', { env })
    expect(remote.requests()[0]).toEqual({
      method: 'GET',
      path: '/https.git/info/refs?service=git-upload-pack',
      authorized: false,
    })
    expect(remote.requests()).toContainEqual({
      method: 'POST',
      path: '/https.git/git-receive-pack',
      authorized: true,
    })
  })

  test('takes a push of some megabytes, which git sends in chunks', async () => {
    const clone = join(work, 'https-big')
    await runGit(['clone', '--quiet', remote.url('https.git'), clone], { env })
    const noise = Array.from({ length: 400_000 }, (_, n) => (Math.imul(n, 2654435761) >>> 0).toString(36)).join('\n')
    await writeFile(join(clone, 'big.txt'), noise)
    await runGit(['add', '--', 'big.txt'], { cwd: clone })
    await runGit(['commit', '--quiet', '--message', 'Add big.txt'], { cwd: clone })
    await runGit(['push', '--quiet', 'origin', 'HEAD:refs/heads/big'], { cwd: clone, env })
    expect(await runGit(['show', 'big:big.txt'], { cwd: join(root, 'https.git') })).toBe(noise)
  })

  test('takes a negotiation that git compresses', async () => {
    // Many commits of its own make the client's list of haves longer than the 1 KiB from which git sends gzip.
    const clone = join(work, 'https-gzip')
    await runGit(['clone', '--quiet', remote.url('https.git'), clone], { env })
    for (let n = 0; n < 40; n += 1) {
      await runGit(['commit', '--quiet', '--allow-empty', '--message', `Commit ${n}`], { cwd: clone })
    }
    await cloneCommitAndPush(remote.url('https.git'), 'https-gzip-writer', { env })
    await runGit(['fetch', '--quiet', 'origin'], { cwd: clone, env })
    const written = await runGit(['log', '-1', '--format=%s', 'origin/main'], { cwd: clone })
    expect(written.trim()).toBe('Change a.txt')
  })

  test('refuses a wrong token', async () => {
    const wrong = { ...env, ...withToken('wrong-token') }
    await expect(runGit(['ls-remote', remote.url('https.git')], { env: wrong })).rejects.toThrow(
      'Authentication failed',
    )
  })

  test('is refused by a client that does not know its certificate', async () => {
    await expect(runGit(['ls-remote', remote.url('https.git')], { env: withToken('right-token') })).rejects.toThrow(
      'certificate',
    )
  })

  test('makes a partial clone', async () => {
    await clonePartially(remote.url('https.git'), 'https-partial', { env })
  })
})

test('a hanging server takes the connection and leaves the client waiting', async () => {
  const server = await startHangingServer()
  try {
    const outcome = runGit(['ls-remote', server.url('http')]).then(
      () => 'answered',
      () => 'cut off',
    )
    while (server.connections() === 0) await new Promise(resolve => setImmediate(resolve))
    await server.close()
    expect(await outcome).toBe('cut off')
  } finally {
    await server.close()
  }
})

async function cloneCommitAndPush(url: string, name: string, { env }: { env: Env }): Promise<void> {
  const clone = join(work, name)
  await runGit(['clone', '--quiet', url, clone], { env })
  await writeFile(join(clone, 'a.txt'), `changed by ${name}`)
  await runGit(['commit', '--quiet', '--all', '--message', 'Change a.txt'], { cwd: clone })
  await runGit(['push', '--quiet', 'origin', 'main'], { cwd: clone, env })

  const again = join(work, `${name}-again`)
  await runGit(['clone', '--quiet', url, again], { env })
  expect(await readFile(join(again, 'a.txt'), 'utf8')).toBe(`changed by ${name}`)
}

/** No file's text comes with the clone (git would call it missing); asking for one fetches it. */
async function clonePartially(url: string, name: string, { env }: { env: Env }): Promise<void> {
  const clone = join(work, name)
  const partial = ['--depth', '1', '--filter=blob:none', '--no-checkout']
  await runGit(['clone', '--quiet', ...partial, url, clone], { env })
  const missing = await runGit(['rev-list', '--objects', '--missing=print', 'HEAD'], { cwd: clone })
  expect(missing.split('\n').filter(line => line.startsWith('?')).length).toBeGreaterThanOrEqual(2)
  expect(await runGit(['show', 'HEAD:b.txt'], { cwd: clone, env })).toBe('b')
}
