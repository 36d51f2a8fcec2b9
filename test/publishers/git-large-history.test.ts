// A repository with a large history is no slower than a small one. Not told by time but by bytes: whatever the history
// weighs, a publish and a pull get and send no more than their own files, and clone no more than these.
// STOREMAP_HISTORY_MB=2048 makes it two gigabytes, in the temporary folder.
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Bundle } from '../../src/bundle/manifest.ts'
import { createGitPublisher } from '../../src/publishers/git/git.ts'
import { gitOptions } from '../../src/publishers/git/options.ts'
import { pullOnce } from '../../src/pull/pull.ts'
import { makeBundle, sitemapindex, tempFolder, urlset } from '../helpers/bundle.ts'
import { startCountingProxy } from '../helpers/counting-proxy.ts'
import { createLargeRepository } from '../helpers/git-large.ts'
import { hasSshd, runGit, type SshRemote, startSshRemote } from '../helpers/git-remotes.ts'
import { openRepository, type Repository, withTemp } from '../helpers/git-target.ts'

if (!hasSshd) console.warn('skipped: a large history over ssh: sshd is not installed (Debian: openssh-server)')

const MEGABYTES = Number(process.env.STOREMAP_HISTORY_MB ?? 50)
const NOW = new Date('2026-11-20T03:00:00Z')
/** Three megabytes: room for git's own words, which grow with commits by some 200 bytes each, and never with files. */
const MOST_BYTES = 3_000_000

let temp: Awaited<ReturnType<typeof tempFolder>>
let repository: Repository
let cloneSizes: string
let branch: string
let count = 0

async function makeBundles(): Promise<Bundle[]> {
  const products = (offset: number) =>
    urlset(...Array.from({ length: 2_000 }, (_, index) => `/products/oak-table-${index + offset}`))
  return Promise.all(
    [0, 10, 20].map(offset =>
      makeBundle(join(temp.path, 'bundles', String(offset)), {
        'sitemap-products-00.xml': products(offset),
        'sitemap.xml': sitemapindex('sitemap-products-00.xml'),
      }),
    ),
  )
}

beforeAll(async () => {
  temp = await tempFolder()
  repository = openRepository(await createLargeRepository(join(temp.path, 'shop.git'), MEGABYTES, NOW))
  // While a push is under way, the clone is whole. Sizes in KB, one a line.
  cloneSizes = join(temp.path, 'clone-sizes')
  const hook = join(repository.dir, 'hooks', 'pre-receive')
  await mkdir(join(repository.dir, 'hooks'), { recursive: true })
  await writeFile(hook, `#!/bin/sh\ndu -sk '${join(temp.path, 'tmp')}' | cut -f1 >> '${cloneSizes}'\n`)
  await chmod(hook, 0o755)
}, 600_000)
afterAll(async () => {
  await temp[Symbol.asyncDispose]()
})
beforeEach(async () => {
  branch = `branch-${++count}`
  await runGit(['update-ref', `refs/heads/${branch}`, 'refs/heads/master'], { cwd: repository.dir })
  await rm(cloneSizes, { force: true })
})

interface Access {
  readonly repo: string
  readonly sshKey?: string
  readonly knownHosts?: string
}

/** Publishes, pulls, publishes again, replaces the older half of the history, and pulls; told are the bytes of each. */
async function goThrough(access: Access, bytesOf: (work: () => Promise<unknown>) => Promise<number>) {
  const to = join(temp.path, 'served', branch)
  const { repo: from, ...credentials } = access
  const pull = () =>
    pullOnce({ from, branch, to, switch: 'link', adopt: false, credentials, timeoutMs: 300_000 }).then(async () => {
      expect(await readFile(join(to, 'storemap.json'))).toEqual(await repository.read('storemap.json', branch))
    })
  const publish = async (bundle: Bundle, more: Record<string, unknown> = {}) => {
    const options = gitOptions.parse({ ...access, branch, ...more })
    const open = await createGitPublisher(options, { base: '/', clock: () => NOW }).open()
    const state = { put: new Map([['published', Buffer.from('yes')]]), remove: [] }
    expect(await open.publish(bundle, { message: 'Update', adopt: false, state })).not.toHaveProperty('warnings')
    await open.close()
  }
  const [first, second, third] = (await makeBundles()) as [Bundle, Bundle, Bundle]
  const commits = async () => Number(await runGit(['rev-list', '--count', branch], { cwd: repository.dir }))
  const keep = `${Math.max(1, Math.round(MEGABYTES / 48))}d`

  const bytes: Record<string, number> = {}
  await withTemp(join(temp.path, 'tmp'), async () => {
    bytes.publish = await bytesOf(() => publish(first))
    bytes.pull = await bytesOf(pull)
    bytes.publishAgain = await bytesOf(() => publish(second))
    bytes.pullAgain = await bytesOf(pull)
    expect(await commits()).toBe(MEGABYTES + 3)
    bytes.replaceHistory = await bytesOf(() => publish(third, { keepHistory: keep }))
    expect(await commits()).toBe(Math.min(MEGABYTES, Number.parseInt(keep, 10) * 24) + 5)
    bytes.pullAfterwards = await bytesOf(pull)
  })
  return bytes
}

function expectSmall(bytes: Readonly<Record<string, number>>): void {
  for (const [step, count] of Object.entries(bytes)) {
    expect(count, step).toBeGreaterThan(100)
    expect(count, step).toBeLessThan(MOST_BYTES)
  }
}

async function expectSmallClones(): Promise<void> {
  const sizes = (await readFile(cloneSizes, 'utf8')).trim().split('\n').map(Number)
  expect(sizes.length).toBe(3)
  for (const size of sizes) expect(size).toBeLessThan(8_000)
}

describe(`with ${MEGABYTES} MB of history`, () => {
  test('publishing and pulling over file:// reads what they need, and leaves the rest', async () => {
    const served = join(temp.path, 'served-bytes')
    const counter = join(temp.path, 'count-packs')
    // The server's own way to look at the packs that it hands out.
    await writeFile(counter, `#!/bin/sh\n{ "$@" | tee /dev/fd/3 | wc -c >> '${served}'; } 3>&1\n`, { mode: 0o755 })
    const settings = join(temp.path, 'gitconfig')
    await writeFile(settings, `[uploadpack]\n\tpackObjectsHook = ${counter}\n`)
    vi.stubEnv('GIT_CONFIG_GLOBAL', settings)
    const bytes = await goThrough({ repo: `file://${repository.dir}` }, async work => {
      await writeFile(served, '')
      await work()
      const packs = (await readFile(served, 'utf8')).trim().split('\n').map(Number)
      return packs.reduce((sum, size) => sum + size, 0)
    })
    expectSmall(bytes)
    await expectSmallClones()
  }, 300_000)

  describe.skipIf(!hasSshd)('over ssh', () => {
    let remote: SshRemote
    beforeAll(async () => {
      remote = await startSshRemote({ root: temp.path })
    })
    afterAll(() => remote.close())

    test('publishing and pulling send and get what they need, and nothing else', async () => {
      await using proxy = await startCountingProxy(remote.port)
      const throughProxy = (text: string) => text.replaceAll(`127.0.0.1]:${remote.port}`, `127.0.0.1]:${proxy.port}`)
      const knownHosts = throughProxy(await readFile(remote.knownHostsFile, 'utf8'))
      const repo = remote.url('shop.git').replace(`:${remote.port}`, `:${proxy.port}`)
      const bytes = await goThrough({ repo, sshKey: remote.keyFile, knownHosts }, async work => {
        const before = proxy.bytes()
        await work()
        return proxy.bytes() - before
      })
      expectSmall(bytes)
      await expectSmallClones()
    }, 300_000)
  })
})

afterEach(() => {
  vi.unstubAllEnvs()
})
