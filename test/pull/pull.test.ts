// The consumer's side: from a real repository into a folder.
import { lstat, mkdir, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Bundle, formatManifest, type Manifest } from '../../src/bundle/manifest.ts'
import { acquireLock } from '../../src/io/lock.ts'
import { createGitPublisher } from '../../src/publishers/git/git.ts'
import { gitOptions } from '../../src/publishers/git/options.ts'
import { type PullOptions, pullOnce } from '../../src/pull/pull.ts'
import { makeBundle, tempFolder, urlset } from '../helpers/bundle.ts'
import {
  createBareRepository,
  hasOpenssl,
  hasSshd,
  startHangingServer,
  startHttpsRemote,
  startSshRemote,
} from '../helpers/git-remotes.ts'
import { makeTwoBundles, openRepository, type Repository, withTemp } from '../helpers/git-target.ts'
import { isGone } from '../helpers/processes.ts'

if (!hasSshd) console.warn('skipped: pulling over ssh: sshd is not installed (Debian: openssh-server)')
if (!hasOpenssl) console.warn('skipped: pulling over https: openssl is not installed')

let temp: Awaited<ReturnType<typeof tempFolder>>
let first: Bundle
let second: Bundle
let repository: Repository
let to: string
let count = 0

const pull = (options: Partial<PullOptions> = {}) =>
  pullOnce({
    from: repository.dir,
    branch: 'master',
    to,
    switch: 'link',
    adopt: false,
    credentials: {},
    timeoutMs: 20_000,
    ...options,
  })

async function publish(bundle: Bundle): Promise<string> {
  const open = await createGitPublisher(gitOptions.parse({ repo: repository.dir }), { base: '/' }).open()
  try {
    return (await open.publish(bundle, { message: 'Update', adopt: false })).reference
  } finally {
    await open.close()
  }
}

async function expectServed(bundle: Bundle): Promise<void> {
  expect(await readFile(join(to, 'storemap.json'), 'utf8')).toBe(bundle.manifestText)
  for (const name of Object.keys(bundle.manifest.files)) {
    expect((await readFile(join(to, name))).equals(await readFile(join(bundle.dir, name))), name).toBe(true)
  }
}

beforeAll(async () => {
  temp = await tempFolder()
  ;[first, second] = await makeTwoBundles(join(temp.path, 'bundles'))
})
afterAll(async () => {
  await temp[Symbol.asyncDispose]()
})
beforeEach(async () => {
  count += 1
  to = join(temp.path, 'served', String(count))
  repository = openRepository(
    await createBareRepository(join(temp.path, 'repositories', `shop-${count}.git`), { branch: 'master' }),
  )
})

describe('a pull', () => {
  test.each(['link', 'copy'] as const)('brings the bundle, then only what is new (switch: %s)', async mode => {
    const commit = await publish(first)
    expect(await pull({ switch: mode })).toEqual({
      outcome: 'updated',
      revision: first.revision,
      commit,
      written: 4,
      removed: 0,
    })
    await expectServed(first)
    await publish(second)
    expect(await pull({ switch: mode })).toMatchObject({ outcome: 'updated', written: 4, removed: 1 })
    await expectServed(second)
    expect(await pull({ switch: mode })).toMatchObject({ outcome: 'unchanged', written: 0, removed: 0 })
  })

  test('brings the bundle only: nothing else of the branch', async () => {
    await repository.commit({ 'README.md': 'Shop', '.env': 'SECRET=1', 'index.html': 'theirs' })
    await mkdir(to, { recursive: true })
    await writeFile(join(to, 'index.html'), 'ours')
    await publish(first)
    await pull()
    expect((await readdir(to)).sort()).toEqual(
      ['.storemap', 'index.html', 'storemap.json', ...Object.keys(first.manifest.files)].sort(),
    )
    expect(await readFile(join(to, 'index.html'), 'utf8')).toBe('ours')
  })

  test('brings the very bytes, whatever attributes the repository has', async () => {
    await repository.commit({ '.gitattributes': '* text eol=crlf\n*.xml filter=x ident export-ignore\n' })
    const bundle = await makeBundle(join(temp.path, 'odd'), { 'sitemap.xml': `${urlset('/a')}<!-- $Id$ \r\n\n -->` })
    await publish(bundle)
    await pull()
    await expectServed(bundle)
  })

  test('of a commit that changes no file of the bundle is unchanged', async () => {
    await publish(first)
    await pull()
    const commit = await repository.commit({ 'README.md': 'New' })
    expect(await pull()).toMatchObject({ outcome: 'unchanged', commit, revision: first.revision })
  })

  test('heals a folder in which somebody changed or removed something', async () => {
    await publish(first)
    await pull({ switch: 'copy' })
    await writeFile(join(to, 'sitemap.xml'), 'vandalised')
    await rm(join(to, 'sitemap-pages-00.xml'))
    expect(await pull({ switch: 'copy' })).toMatchObject({ outcome: 'updated', written: 2 })
    await expectServed(first)
  })

  test('changes the way of switching when asked to', async () => {
    await publish(first)
    await pull({ switch: 'link' })
    expect((await lstat(join(to, 'sitemap.xml'))).isSymbolicLink()).toBe(true)
    await pull({ switch: 'copy' })
    expect((await lstat(join(to, 'sitemap.xml'))).isFile()).toBe(true)
    await expectServed(first)
  })

  test('takes nothing over that it did not put there, unless told to', async () => {
    await publish(first)
    await mkdir(to, { recursive: true })
    await writeFile(join(to, 'sitemap.xml'), 'by hand')
    await expect(pull()).rejects.toMatchObject({ code: 'TARGET_FILE_FOREIGN' })
    expect(await readFile(join(to, 'sitemap.xml'), 'utf8')).toBe('by hand')
    await pull({ adopt: true })
    await expectServed(first)
  })

  test('says nothing in the served folder about where it came from', async () => {
    await publish(first)
    await pull()
    const memory = await readFile(join(to, '.storemap', 'pulled.json'), 'utf8')
    expect(memory).not.toContain('repositories')
  })

  test('of another branch does not take the first one for it', async () => {
    await publish(first)
    await pull()
    await expect(pull({ branch: 'other' })).rejects.toMatchObject({ code: 'PULL_NO_BUNDLE' })
    await expectServed(first)
  })

  test('waits for nobody: a second one on the same folder says so', async () => {
    await publish(first)
    const lock = await acquireLock(`pull ${to}`)
    await expect(pull()).rejects.toMatchObject({ code: 'PULL_LOCKED', exitCode: 75, retryable: true })
    if (!('heldBy' in lock)) await lock.release()
    await pull()
  })
})

describe('a bundle that cannot be trusted is not taken, and the old one stays', () => {
  const change = (files: Record<string, string | null>, mode?: string) => async () =>
    void (await repository.commit(files, mode === undefined ? {} : { mode }))
  const named = (name: string): Manifest => ({
    ...first.manifest,
    files: { ...first.manifest.files, [name]: { bytes: 1, sha256: '0'.repeat(64) } },
  })

  test.each([
    ['a file is missing', change({ 'sitemap-products-01.xml': null }), 'BUNDLE_FILE_ALTERED'],
    ['a file is another', change({ 'sitemap-products-01.xml': urlset('/products/lamq') }), 'BUNDLE_FILE_ALTERED'],
    ['a file is longer', change({ 'sitemap.xml': 'x'.repeat(100_000) }), 'BUNDLE_FILE_ALTERED'],
    ['a file is a link', change({ 'sitemap.xml': '/etc/passwd' }, '120000'), 'BUNDLE_FILE_ALTERED'],
    ['a file is a folder', change({ 'sitemap.xml': null, 'sitemap.xml/x': 'x' }), 'BUNDLE_FILE_ALTERED'],
    ['the manifest is a link', change({ 'storemap.json': 'README.md' }, '120000'), 'MANIFEST_INVALID'],
    ['the manifest is no JSON', change({ 'storemap.json': '{' }), 'MANIFEST_INVALID'],
    ['the manifest is newer', change({ 'storemap.json': '{"format":2}' }), 'MANIFEST_NEWER'],
    ['there is no manifest', change({ 'storemap.json': null }), 'PULL_NO_BUNDLE'],
  ])('%s', async (_, attack, code) => {
    await publish(first)
    await pull()
    await publish(second)
    await attack()
    await expect(pull()).rejects.toMatchObject({ code })
    await expectServed(first)
  })

  test.each(['../escape.txt', '/tmp/escape.txt', '.htaccess', 'a/b.xml', 'storemap.json'])(
    'a name is %s',
    async name => {
      await publish(first)
      await pull()
      await repository.commit({ 'storemap.json': formatManifest(named(name)) })
      await expect(pull()).rejects.toMatchObject({ code: 'MANIFEST_INVALID' })
      await expectServed(first)
    },
  )

  test('a name is a link to somewhere else, and nothing behind it is read', async () => {
    await publish(first)
    await pull()
    await repository.commit({ 'storemap.json': formatManifest(named('secret.txt')) })
    await repository.commit({ 'secret.txt': '/etc/hostname' }, { mode: '120000' })
    await expect(pull()).rejects.toMatchObject({ code: 'BUNDLE_FILE_ALTERED' })
    await expect(readlink(join(to, 'secret.txt'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('a repository', () => {
  test('that is empty has no bundle', async () => {
    await expect(pull()).rejects.toMatchObject({ code: 'PULL_NO_BUNDLE' })
    await expect(readdir(to)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test.each([
    ['--upload-pack=id', 'master'],
    ['ext::sh -c id', 'master'],
    ['/srv/x.git', '--all'],
  ])('by the address %s and branch %s is not asked', async (from, branch) => {
    await expect(pull({ from, branch })).rejects.toMatchObject({ code: 'PULL_ADDRESS_INVALID', exitCode: 2 })
  })

  test('that hangs is given up in time, and nothing is left behind', async () => {
    await publish(first)
    await pull()
    await using server = await startHangingServer()
    const folder = join(temp.path, 'tmp', String(count))
    await withTemp(folder, async () => {
      const attempt = pull({ from: server.url('http'), timeoutMs: 500 })
      await expect(attempt).rejects.toMatchObject({ code: 'TARGET_TIMEOUT', retryable: true })
      expect(await readdir(folder)).toEqual([])
    })
    expect(await isGone(`127.0.0.1:${server.port}`, 500)).toBe(true)
    await expectServed(first)
  })

  test('that hangs is left at once on abort', async () => {
    await using server = await startHangingServer()
    const controller = new AbortController()
    const running = pull({ from: server.url('http'), signal: controller.signal })
    running.catch(() => {})
    while (server.connections() === 0) await new Promise(resolve => setImmediate(resolve))
    controller.abort(new Error('enough'))
    await expect(running).rejects.toThrow('enough')
    expect(await isGone(`127.0.0.1:${server.port}`, 500)).toBe(true)
  })

  test.skipIf(!hasSshd)('over ssh, without protocol 2, is pulled with a key and known hosts', async () => {
    await using remote = await startSshRemote({ root: temp.path, protocol2: false })
    await publish(first)
    const from = remote.url(`repositories/shop-${count}.git`)
    const credentials = { sshKey: remote.keyFile, knownHosts: remote.knownHostsFile }
    expect(await pull({ from, credentials })).toMatchObject({ outcome: 'updated' })
    expect(await pull({ from, credentials })).toMatchObject({ outcome: 'unchanged' })
    await expectServed(first)
  })

  test.skipIf(!hasOpenssl)('over https is pulled with a token; a wrong one leaves the old bundle', async () => {
    await using remote = await startHttpsRemote({ root: join(temp.path, 'repositories'), token: 'pull-token' })
    process.env.GIT_SSL_CAINFO = remote.caFile
    try {
      await publish(first)
      const from = remote.url(`shop-${count}.git`)
      await pull({ from, credentials: { token: 'pull-token' } })
      const before = remote.requests().length
      expect(await pull({ from, credentials: { token: 'pull-token' } })).toMatchObject({ outcome: 'unchanged' })
      const asked = remote.requests().slice(before)
      // One question for the commit; no pack.
      expect(asked.filter(({ authorized }) => authorized).length).toBeLessThanOrEqual(2)
      const attempt = pull({ from, credentials: { token: 'wrong-pull-token' } })
      await expect(attempt).rejects.toMatchObject({ code: 'TARGET_AUTH_FAILED' })
      await expectServed(first)
    } finally {
      delete process.env.GIT_SSL_CAINFO
    }
  })
})
