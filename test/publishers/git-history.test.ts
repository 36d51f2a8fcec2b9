// The git target with `keepHistory`: what becomes of old commits, of young ones, and of those of others.
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Bundle } from '../../src/bundle/manifest.ts'
import { publishAll } from '../../src/pipeline/publish.ts'
import { createGitPublisher } from '../../src/publishers/git/git.ts'
import { gitOptions } from '../../src/publishers/git/options.ts'
import type { PublishOptions, Receipt } from '../../src/publishers/publisher.ts'
import { pullOnce } from '../../src/pull/pull.ts'
import { watch } from '../../src/pull/watch.ts'
import { makeBundle, sitemapindex, tempFolder, urlset } from '../helpers/bundle.ts'
import { addDatedCommits, daysBefore, readLog } from '../helpers/git-dated.ts'
import {
  createBareRepository,
  hasOpenssl,
  hasSshd,
  runGit,
  type SshRemote,
  startHttpsRemote,
  startSshRemote,
} from '../helpers/git-remotes.ts'
import { openRepository, type Repository, withTemp } from '../helpers/git-target.ts'

if (!hasSshd) console.warn('skipped: history over ssh: sshd is not installed (Debian: openssh-server)')
if (!hasOpenssl) console.warn('skipped: history over https: openssl is not installed')

const NOW = new Date('2026-11-20T03:00:00Z')
const ago = (days: number): Date => daysBefore(NOW, days)

let temp: Awaited<ReturnType<typeof tempFolder>>
let repository: Repository
let count = 0

const bundleOf = (...paths: string[]): Promise<Bundle> =>
  makeBundle(join(temp.path, 'bundles', String(++count)), { 'sitemap.xml': urlset(...paths) })

const publisherOf = (options: Record<string, unknown> = {}, now = NOW) =>
  createGitPublisher(gitOptions.parse({ repo: repository.dir, keepHistory: '30d', ...options }), {
    base: '/',
    clock: () => now,
  })

interface PublishSettings extends Partial<PublishOptions> {
  readonly options?: Record<string, unknown>
  readonly now?: Date
}

async function publish(bundle: Bundle, { options, now, ...rest }: PublishSettings = {}): Promise<Receipt> {
  const open = await publisherOf(options, now).open()
  try {
    return await open.publish(bundle, { message: 'Update the sitemap', adopt: false, ...rest })
  } finally {
    await open.close()
  }
}

/** Nights of the past, each with a bundle of its own. */
async function publishNights(...days: number[]): Promise<void> {
  for (const day of days) {
    await publish(await bundleOf(`/night-${day}`), {
      options: { keepHistory: undefined },
      now: ago(day),
      message: `Night ${day}`,
    })
  }
}

const subjects = (): Promise<string[]> => repository.subjects()

async function addHook(name: string, script: string): Promise<void> {
  const path = join(repository.dir, 'hooks', name)
  await mkdir(join(repository.dir, 'hooks'), { recursive: true })
  await writeFile(path, `#!/bin/sh\n${script}\n`)
  await chmod(path, 0o755)
}

beforeAll(async () => {
  temp = await tempFolder()
})
afterAll(async () => {
  await temp[Symbol.asyncDispose]()
})
beforeEach(async () => {
  const dir = join(temp.path, 'repositories', `shop-${++count}.git`)
  repository = openRepository(await createBareRepository(dir, { branch: 'master' }))
})

describe('history', () => {
  test('stays whole unless a number of days is given', async () => {
    await publishNights(400, 300, 200)
    await publish(await bundleOf('/new'), { options: { keepHistory: undefined } })
    expect(await subjects()).toEqual(['Update the sitemap', 'Night 200', 'Night 300', 'Night 400'])
  })

  test('older than the days given becomes one commit, with the files and the date of the last of it', async () => {
    await publishNights(50, 40, 31, 29, 1)
    const before = await readLog(repository.dir)
    await publish(await bundleOf('/new'))
    const after = await readLog(repository.dir)
    expect(await subjects()).toEqual([
      'Update the sitemap',
      'Night 1',
      'Night 29',
      'History up to 2026-10-20, squashed',
    ])
    const root = after.at(-1)
    expect(root).toMatchObject({ tree: before[2]?.tree, parents: '' })
    expect(root?.about).toContain(`Storemap <storemap@localhost> ${ago(31).getTime() / 1_000} +0000`)
  })

  test('that is younger is replayed as it was: files, messages, names and dates, those of others too', async () => {
    await publishNights(60, 50)
    await addDatedCommits(repository.dir, [
      { date: ago(20), message: 'Say what this is\n\nWith a body.\n', files: { 'README.md': 'Shop' } },
      { date: ago(10), message: 'Ü\n', files: { 'docs/ü.txt': 'ü' }, author: 'Zoë Ünal <zoe@shop.example>' },
      { date: ago(5), message: '', files: { 'README.md': null } },
    ])
    const before = await readLog(repository.dir)
    await publish(await bundleOf('/new'))
    const after = await readLog(repository.dir)
    const seen = ({ tree, about }: { tree: string; about: string }) => ({ tree, about })
    expect(after.slice(1, 4).map(seen)).toEqual(before.slice(0, 3).map(seen))
    expect(after.length).toBe(5)
    expect(after.slice(0, -1).map(({ parents }) => parents)).toEqual(after.slice(1).map(({ id }) => id))
    expect(String(await repository.read('docs/ü.txt'))).toBe('ü')
    await runGit(['fsck', '--strict', '--no-dangling'], { cwd: repository.dir })
  })

  test('is not replaced for one old commit, nor where nothing is published', async () => {
    await publishNights(60, 10)
    const head = await repository.head()
    const { reference } = await publish(await bundleOf('/night-10'))
    expect(reference).toBe(head)
    await publish(await bundleOf('/new'))
    expect((await readLog(repository.dir))[0]?.parents).toBe(head)
    expect(await subjects()).toEqual(['Update the sitemap', 'Night 10', 'Night 60'])
  })

  test('is counted again each night: it never has more than one commit that is too old', async () => {
    for (let day = 12; day >= 1; day--)
      await publish(await bundleOf(`/night-${day}`), {
        options: { keepHistory: '3d' },
        now: ago(day),
        message: `${day}`,
      })
    expect(await subjects()).toEqual(['1', '2', '3', '4', 'History up to 2026-11-15, squashed'])
  })

  test('that is old altogether becomes one commit below the new one', async () => {
    await publishNights(90, 80, 70)
    await publish(await bundleOf('/new'))
    expect(await subjects()).toEqual(['Update the sitemap', 'History up to 2026-09-11, squashed'])
  })

  test('keeps what a wrong clock dated far back among young commits', async () => {
    await publishNights(90, 80, 20)
    await addDatedCommits(repository.dir, [{ date: ago(9_000), message: 'Wrong clock', files: { 'README.md': 'x' } }])
    await publishNights(3)
    await publish(await bundleOf('/new'))
    expect(await subjects()).toEqual([
      'Update the sitemap',
      'Night 3',
      'Wrong clock',
      'Night 20',
      'History up to 2026-09-01, squashed',
    ])
  })

  test('follows the first parent of a merge, whose files stay', async () => {
    await publishNights(90, 80)
    const main = await repository.head()
    await addDatedCommits(repository.dir, [{ date: ago(9), message: 'Side', files: { 'side.txt': 'side' } }], 'side')
    const seconds = ago(8).getTime() / 1_000
    const lines = [
      `commit refs/heads/master\ncommitter Other <other@example.com> ${seconds} +0000\ndata 5\nMerge\n`,
      `from ${main}\nmerge refs/heads/side\nM 100644 inline side.txt\ndata 4\nside\n`,
    ]
    await runGit(['fast-import', '--quiet'], { cwd: repository.dir, input: lines.join('') })
    await publish(await bundleOf('/new'))
    expect(await subjects()).toEqual(['Update the sitemap', 'Merge', 'History up to 2026-09-01, squashed'])
    expect(String(await repository.read('side.txt'))).toBe('side')
  })

  test('loses signatures, which were of other commits, and nothing else of those', async () => {
    await publishNights(90, 80)
    const [id = ''] = await addDatedCommits(repository.dir, [{ date: ago(9), message: 'Signed\n', files: { a: 'a' } }])
    const text = await runGit(['cat-file', 'commit', id], { cwd: repository.dir })
    const signature = 'gpgsig -----BEGIN SSH SIGNATURE-----\n U1NIU0lH\n \n -----END SSH SIGNATURE-----\n'
    const signed = text.replace('\n\n', `\nencoding ISO-8859-1\n${signature}\n`)
    const args = ['hash-object', '-w', '-t', 'commit', '--stdin']
    const oid = (await runGit(args, { cwd: repository.dir, input: signed })).trim()
    await runGit(['update-ref', 'refs/heads/master', oid], { cwd: repository.dir })
    await publish(await bundleOf('/new'))
    const parent = (await readLog(repository.dir))[1]?.id as string
    const replayed = await runGit(['cat-file', 'commit', parent], { cwd: repository.dir })
    const withoutParent = (commit: string) => commit.replace(/^parent .*\n/m, '')
    expect(withoutParent(replayed)).toBe(withoutParent(text).replace('\n\n', '\nencoding ISO-8859-1\n\n'))
  })

  test('of a repository with ids of SHA-256 is replaced as well', async () => {
    const dir = join(temp.path, 'repositories', `sha256-${count}.git`)
    await runGit(['init', '--quiet', '--bare', '--object-format=sha256', '--initial-branch=master', '--', dir])
    repository = openRepository(dir)
    await addDatedCommits(dir, [{ date: ago(100), message: 'First', files: { 'README.md': 'Shop' } }])
    await publishNights(90, 80, 10)
    await publish(await bundleOf('/new'))
    expect(await subjects()).toEqual(['Update the sitemap', 'Night 10', 'History up to 2026-09-01, squashed'])
    await runGit(['fsck', '--strict', '--no-dangling'], { cwd: dir })
  })
})

describe('the push that replaces history', () => {
  test('carries the state along, all or nothing, and the state has no history', async () => {
    await publishNights(90, 80, 10)
    const state = { put: new Map([['published', Buffer.from('yes')]]), remove: [] }
    await publish(await bundleOf('/new'), { state })
    expect(String(await repository.read('master.published', 'storemap-state'))).toBe('yes')
    expect((await repository.subjects('storemap-state')).length).toBe(1)
  })

  test('sends commits alone: no old file goes to the server again, and none is fetched for it', async () => {
    await publishNights(90)
    await addDatedCommits(
      repository.dir,
      [80, 60, 20, 15, 10].map(day => ({
        date: ago(day),
        message: `${day}`,
        files: { 'big/a.bin': randomBytes(1_500_000).toString('base64') },
      })),
    )
    await publishNights(5)
    const seen = join(temp.path, `sizes-${count}`)
    const folder = join(temp.path, `tmp-${count}`)
    await mkdir(folder)
    // While the push is under way, the clone is whole.
    await addHook('pre-receive', `du -sk '${folder}' | cut -f1 > '${seen}'`)
    const before = await countObjects()
    await withTemp(folder, async () => publish(await bundleOf('/new')))
    // Four commits replayed, the one for the old ones, the new one, and its folder, sitemap.xml and storemap.json.
    expect((await countObjects()) - before).toBe(5 + 1 + 3)
    expect(Number(await readFile(seen, 'utf8'))).toBeLessThan(1_000)
  })

  test('loses a race as any other: what somebody else pushed meanwhile is there, and nothing was replaced', async () => {
    await publishNights(90, 80, 10)
    const open = await publisherOf().open()
    const moved = await repository.commit({ 'README.md': 'Faster' })
    const attempt = open.publish(await bundleOf('/new'), { message: 'Late', adopt: false })
    await expect(attempt).rejects.toMatchObject({ code: 'TARGET_MOVED', exitCode: 75, retryable: true })
    await open.close()
    expect(await repository.head()).toBe(moved)
    expect(await subjects()).toEqual(['Others', 'Night 10', 'Night 80', 'Night 90'])
  })

  test('loses a race, too, where the state alone has moved', async () => {
    await publishNights(90, 80, 10)
    const head = await repository.head()
    const open = await publisherOf().open()
    await repository.commit({ 'other.published': 'x' }, { branch: 'storemap-state' })
    const state = { put: new Map([['published', Buffer.from('yes')]]), remove: [] }
    const attempt = open.publish(await bundleOf('/new'), { message: 'Late', adopt: false, state })
    await expect(attempt).rejects.toMatchObject({ code: 'TARGET_MOVED' })
    await open.close()
    expect(await repository.head()).toBe(head)
  })

  test('leaves the target ready for the next publish', async () => {
    await publishNights(90, 80, 10)
    const open = await publisherOf().open()
    const first = await open.publish(await bundleOf('/one'), { message: 'One', adopt: false })
    expect(first.reference).toBe(await repository.head())
    await open.publish(await bundleOf('/two'), { message: 'Two', adopt: false })
    await open.close()
    expect(await subjects()).toEqual(['Two', 'One', 'Night 10', 'History up to 2026-09-01, squashed'])
  })
})

test('shards are sent whole, not as what tells them from another shard, so that a server finds the earlier one', async () => {
  const shard = (from: number) =>
    urlset(...Array.from({ length: 2_000 }, (_, index) => `/products/a-table-of-old-oak-${from + index}`))
  const bundle = await makeBundle(join(temp.path, 'bundles', String(++count)), {
    'sitemap-products-00.xml': shard(0),
    'sitemap-products-01.xml': shard(1),
    'sitemap.xml': sitemapindex('sitemap-products-00.xml', 'sitemap-products-01.xml'),
  })
  await runGit(['config', 'receive.unpackLimit', '1'], { cwd: repository.dir })
  await publish(bundle)
  const folder = join(repository.dir, 'objects', 'pack')
  const packs = (await readdir(folder)).filter(name => name.endsWith('.idx'))
  const objects = await runGit(['verify-pack', '-v', ...packs], { cwd: folder })
  expect(objects).toMatch(/^[0-9a-f]{40} blob +\d+ \d+ \d+$/m)
  // A delta's line goes on with its depth and what it is made of.
  expect(objects).not.toMatch(/^[0-9a-f]{40} \w+ +\d+ \d+ \d+ \d+ [0-9a-f]{40}$/m)
})

test('large files that the clone left out are still there to be read when history was replaced', async () => {
  const large = urlset(...Array.from({ length: 20_000 }, (_, index) => `/products/a-table-of-old-oak-${index}`))
  const bundleWith = (path: string) =>
    makeBundle(join(temp.path, 'bundles', String(++count)), {
      'sitemap-products-00.xml': large,
      'sitemap-pages-00.xml': urlset(path),
      'sitemap.xml': sitemapindex('sitemap-products-00.xml', 'sitemap-pages-00.xml'),
    })
  for (const day of [90, 80, 10]) await publish(await bundleWith(`/${day}`), { now: ago(day), message: `${day}` })
  const open = await publisherOf().open()
  await open.publish(await bundleWith('/new'), { message: 'New', adopt: false })
  expect(await subjects()).toEqual(['New', '10', 'History up to 2026-09-01, squashed'])
  const chunks: Uint8Array[] = []
  for await (const chunk of open.published?.read('sitemap-products-00.xml') ?? []) chunks.push(chunk)
  await open.close()
  expect(Buffer.concat(chunks).toString()).toBe(large)
})

describe('a server that does not let history be replaced', () => {
  test.each([
    ['by its settings', () => runGit(['config', 'receive.denyNonFastForwards', 'true'], { cwd: repository.dir })],
    [
      'by a hook of the branch',
      () =>
        addHook(
          'update',
          'case $1 in *-state) exit;; esac; test "$(git merge-base $2 $3)" = $2 || { echo "history is protected"; exit 1; }',
        ),
    ],
  ])('%s gets the bundle on top of it, and the receipt warns', async (_, protect) => {
    await publishNights(90, 80, 10)
    await protect()
    const state = { put: new Map([['published', Buffer.from('yes')]]), remove: [] }
    const receipt = await publish(await bundleOf('/new'), { state })
    expect(receipt.reference).toBe(await repository.head())
    expect(receipt.warnings).toEqual([
      expect.stringMatching(/^History older than 30 days stays in git .* \(master\), below the new commit: .*refused/),
    ])
    expect(receipt.warnings?.[0]).not.toContain('stays as it was')
    expect(await subjects()).toEqual(['Update the sitemap', 'Night 10', 'Night 80', 'Night 90'])
    expect(String(await repository.read('master.published', 'storemap-state'))).toBe('yes')
  })

  test('has the warning in the report of the run', async () => {
    await publishNights(90, 80)
    await runGit(['config', 'receive.denyNonFastForwards', 'true'], { cwd: repository.dir })
    const publisher = publisherOf()
    const other = openRepository(
      await createBareRepository(join(temp.path, `other-${count}.git`), { branch: 'master' }),
    )
    const plain = createGitPublisher(gitOptions.parse({ repo: other.dir }), { base: '/' })
    const target = await publisher.open()
    const bundle = await bundleOf('/new')
    const publication = { target, place: undefined, bundle, state: undefined, message: 'Update', adopt: false }
    const { targets, warnings } = await publishAll({ publishers: [publisher, plain] }, publication)
    await target.close()
    expect(targets.map(({ outcome }) => outcome)).toEqual(['published', 'published'])
    expect(warnings).toEqual([expect.stringContaining('older than 30 days stays')])
  })

  test('and refuses everything is a refusal as ever', async () => {
    await publishNights(90, 80)
    const head = await repository.head()
    await addHook('pre-receive', 'echo "frozen"; exit 1')
    await expect(publish(await bundleOf('/new'))).rejects.toMatchObject({ code: 'TARGET_PUSH_REFUSED' })
    expect(await repository.head()).toBe(head)
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
  const optionsOf = (server: SshRemote) => ({
    repo: server.url(repository.dir.slice(temp.path.length + 1)),
    sshKey: server.keyFile,
    knownHosts: server.knownHostsFile,
  })

  test.each([
    ['protocol 2', () => remote],
    ['protocol 0', () => plain],
  ])('history is replaced with %s', async (_, serverOf) => {
    await publishNights(90, 80, 10)
    await publish(await bundleOf('/new'), { options: optionsOf(serverOf()) })
    expect(await subjects()).toEqual(['Update the sitemap', 'Night 10', 'History up to 2026-09-01, squashed'])
  })

  test.each([
    ['protocol 2', () => remote],
    ['protocol 0', () => plain],
  ])('it stays where the server gives no commits without files, and the receipt says so (%s)', async (_, serverOf) => {
    await publishNights(90, 80, 10)
    await runGit(['config', 'uploadpack.allowFilter', 'false'], { cwd: repository.dir })
    const receipt = await publish(await bundleOf('/new'), { options: optionsOf(serverOf()) })
    expect(receipt.warnings).toEqual([expect.stringContaining('uploadpack.allowFilter true')])
    expect(await subjects()).toEqual(['Update the sitemap', 'Night 10', 'Night 80', 'Night 90'])
  })
})

test.skipIf(!hasOpenssl)('over https history is replaced as well, and commits alone are sent', async () => {
  const token = 'right-token-of-the-robot'
  await using remote = await startHttpsRemote({ root: join(temp.path, 'repositories'), token })
  vi.stubEnv('GIT_SSL_CAINFO', remote.caFile)
  try {
    await publishNights(90, 80, 10)
    const before = await countObjects()
    const repo = remote.url(repository.dir.slice(join(temp.path, 'repositories').length + 1))
    await publish(await bundleOf('/new'), { options: { repo, token } })
    expect(await subjects()).toEqual(['Update the sitemap', 'Night 10', 'History up to 2026-09-01, squashed'])
    expect((await countObjects()) - before).toBe(3 + 3)
  } finally {
    vi.unstubAllEnvs()
  }
})

describe('a consumer', () => {
  const pull = (to: string) =>
    pullOnce({
      from: repository.dir,
      branch: 'master',
      to,
      switch: 'link',
      adopt: false,
      credentials: {},
      timeoutMs: 20_000,
    })

  test('pulls before and after history was replaced, and sees nothing of it', async () => {
    const to = join(temp.path, 'served', String(count))
    await publishNights(90, 80, 10)
    await pull(to)
    const bundle = await bundleOf('/new')
    const { reference } = await publish(bundle)
    expect(await pull(to)).toMatchObject({ outcome: 'updated', commit: reference, revision: bundle.revision })
    expect(await readFile(join(to, 'sitemap.xml'))).toEqual(await readFile(join(bundle.dir, 'sitemap.xml')))
    expect(await pull(to)).toMatchObject({ outcome: 'unchanged', commit: reference })
  })

  test('that watches goes on over it', async () => {
    const to = join(temp.path, 'served', String(count))
    await publishNights(90, 80, 10)
    const controller = new AbortController()
    const outcomes: string[] = []
    const sleep = async () => {
      if (outcomes.length === 2) controller.abort()
      else await publish(await bundleOf('/new'))
    }
    const onReport = ({ outcome }: { outcome: string }) => outcomes.push(outcome)
    await watch({ periodMs: 1_000, signal: controller.signal, onReport, sleep }, () => pull(to))
    expect(outcomes).toEqual(['updated', 'updated'])
    expect((await subjects()).length).toBe(3)
  })
})

describe('the option', () => {
  test.each(['90d', '1d', ' 365d '])('takes a number of days: %s', text => {
    expect(gitOptions.parse({ repo: '/a/b.git', keepHistory: text }).keepHistory).toBe(
      Number.parseInt(text, 10) * 86_400_000,
    )
  })

  test.each(['0d', '12h', '90', '1.5d', '-3d', 'd', 90])('refuses %s, and says what it expects', value => {
    const result = gitOptions.safeParse({ repo: '/a/b.git', keepHistory: value })
    expect(result.error?.issues[0]?.message).toMatch(/^Expected a number of days such as 90d/)
  })
})

async function countObjects(): Promise<number> {
  const args = ['cat-file', '--batch-all-objects', '--batch-check=%(objectname)']
  return (await runGit(args, { cwd: repository.dir })).split('\n').filter(line => line !== '').length
}
