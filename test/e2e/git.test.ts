// What else can happen between a run and its repository: races, refusals, ssh, https, and secrets on the way.
import { existsSync } from 'node:fs'
import { copyFile, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CliResult } from '../helpers/cli.ts'
import { hasOpenssl, hasSshd, runGit, startHttpsRemote, startSshRemote } from '../helpers/git-remotes.ts'
import { commandLines, isGone } from '../helpers/processes.ts'
import { createProject, listShop, locsOf, type Project, paths } from '../helpers/project.ts'

if (!hasSshd) console.warn('skipped: runs over ssh: sshd is not installed (Debian: openssh-server)')
if (!hasOpenssl) console.warn('skipped: runs over https: openssl is not installed')

const toGit = { publish: [{ git: { repo: '../sitemap.git' } }] } as const
const TOKEN = 'ghp_S3cr3t/Tok+en=&x'

let project: Project
beforeEach(async () => {
  project = await createProject()
  await project.configure({ ...listShop, ...toGit })
  await project.write('paths.txt', paths(25))
})
afterEach(async () => {
  await project[Symbol.asyncDispose]()
})

/** From now on the first push is overtaken, while it is received, by a commit that stands ready. */
async function overtakeWith(commit: string): Promise<void> {
  await project.addHook(
    'pre-receive',
    `[ -e overtaken ] && exit 0
     touch overtaken
     unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
     git update-ref refs/heads/master ${commit}`,
  )
}

async function readyCommit(files: Record<string, string>, from = 'master'): Promise<string> {
  await runGit(['branch', '--force', 'ready', from], { cwd: project.repository.dir })
  return project.repository.commit(files, { branch: 'ready' })
}

describe('a commit of others that lands between open and push', () => {
  test('stays, and the run publishes on top of it', async () => {
    await project.run(['run'])
    const theirs = await readyCommit({ 'README.md': '# Ours\n' })
    await overtakeWith(theirs)
    await project.write('paths.txt', paths(26))
    const { code, stdout } = await project.run(['run', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'published', changes: { added: 1, removed: 0 } })
    expect(await runGit(['rev-parse', 'master^'], { cwd: project.repository.dir })).toBe(`${theirs}\n`)
    expect(String(await project.repository.read('README.md'))).toBe('# Ours\n')
    expect(locsOf(await project.repository.read('sitemap.xml'))).toHaveLength(26)
    expect(await project.leftovers()).toEqual([])
  })

  test('with another bundle in it makes the run start over, from that bundle', async () => {
    const before = new Map<number, string>()
    for (const count of [25, 30]) {
      await project.write('paths.txt', paths(count))
      await project.run(['run'])
      before.set(count, (await project.repository.head()) as string)
    }
    await runGit(['update-ref', 'refs/heads/master', before.get(25) as string], { cwd: project.repository.dir })
    await overtakeWith(before.get(30) as string)
    await project.write('paths.txt', paths(31))
    const { code, stdout } = await project.run(['run', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ sections: [{ before: 30, entries: 31 }], changes: { added: 1 } })
    expect(await runGit(['rev-parse', 'master^'], { cwd: project.repository.dir })).toBe(`${before.get(30)}\n`)
  })

  test('meets the guard anew: what the other bundle has must not vanish either', async () => {
    await project.run(['run'])
    await project.write('paths.txt', paths(50))
    await project.run(['run'])
    const theirs = (await project.repository.head()) as string
    await runGit(['update-ref', 'refs/heads/master', 'master^'], { cwd: project.repository.dir })
    await overtakeWith(theirs)
    await project.write('paths.txt', paths(26))
    const { code, stderr } = await project.run(['run'])
    expect(code).toBe(3)
    expect(stderr).toContain('fell from 50 to 26')
    expect(await project.repository.head()).toBe(theirs)
    expect(await project.leftovers()).toEqual([])
  })

  test('again and again ends the run with 75', async () => {
    await project.run(['run'])
    await project.addHook(
      'pre-receive',
      `unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
       export GIT_AUTHOR_NAME=o GIT_AUTHOR_EMAIL=o@example.com GIT_COMMITTER_NAME=o GIT_COMMITTER_EMAIL=o@example.com
       git update-ref refs/heads/master $(git commit-tree -p master -m Others "master^{tree}")`,
    )
    await project.write('paths.txt', paths(26))
    const { code, stderr } = await project.run(['run'])
    expect(code).toBe(75)
    expect(stderr).toContain('error TARGET_MOVED')
    expect((await project.repository.subjects()).filter(subject => subject === 'Others')).toHaveLength(3)
    expect(await project.leftovers()).toEqual([])
  })
})

describe('a sitemap that somebody changed in the repository', () => {
  const good = async (): Promise<string> => String(await project.repository.read('sitemap.xml'))

  test('is put right by the next run, even though no record changed', async () => {
    await project.run(['run'])
    const published = await good()
    await project.repository.commit({ 'sitemap.xml': 'oops <' })
    const { code, stdout } = await project.run(['run', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'published' })
    expect(await good()).toBe(published)
    expect((await project.repository.subjects())[0]).toMatch(/^Restore the sitemap of shop\.example\.com/)
    expect(JSON.parse((await project.run(['run', '--json'])).stdout)).toMatchObject({ outcome: 'unchanged' })
  })

  test('hinders no run with news, which then cannot tell by URL what changed', async () => {
    await project.run(['run'])
    await project.repository.commit({ 'sitemap.xml': 'oops <' })
    await project.write('paths.txt', paths(26))
    const { code, stdout } = await project.run(['run', '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).not.toHaveProperty('changes')
    expect(locsOf(await project.repository.read('sitemap.xml'))).toHaveLength(26)
  })
})

test('a push that a hook refuses fails with its words, and the repository stays', async () => {
  await project.run(['run'])
  const head = await project.repository.head()
  await project.addHook('pre-receive', 'echo "no deploys on Friday" >&2; exit 1')
  await project.write('paths.txt', paths(26))
  const { code, stderr } = await project.run(['run'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/error TARGET_PUSH_REFUSED .*no deploys on Friday/)
  expect(await project.repository.head()).toBe(head)
  expect(await project.leftovers()).toEqual([])
})

describe('a run that is told to end during a push', () => {
  test('leaves the old bundle or the new one, and does not claim to know which', async () => {
    await project.run(['run'])
    await project.addHook('pre-receive', 'touch pushing; sleep 2')
    await project.write('paths.txt', paths(26))
    const running = await project.start(['run'])
    await waitForFile(join(project.repository.dir, 'pushing'))
    running.child.kill('SIGTERM')
    const { code, stderr } = await running.ended
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('error PUBLISH_ABORTED') })
    expect(stderr).not.toContain('Nothing was published')
    expect([25, 26]).toContain(locsOf(await project.repository.read('sitemap.xml')).length)
    expect(await isGone(project.tmp, 3_000)).toBe(true)
    expect(await project.leftovers()).toEqual([])
  })

  test('to the second of two targets tells that the first has the new bundle', async () => {
    await project.configure({ ...listShop, publish: [{ directory: './public' }, ...toGit.publish] })
    // The state comes first, by a push of its own.
    await project.addHook('pre-receive', 'grep -q refs/heads/master || exit 0; touch pushing; sleep 2')
    const running = await project.start(['run', '--json'])
    await waitForFile(join(project.repository.dir, 'pushing'))
    running.child.kill('SIGTERM')
    const { code, stdout } = await running.ended
    expect(code).toBe(1)
    expect(JSON.parse(stdout).targets).toMatchObject([
      { outcome: 'published' },
      { outcome: 'failed', error: { code: 'PUBLISH_ABORTED' } },
    ])
    expect(locsOf(await readFile(join(project.dir, 'public/sitemap.xml')))).toHaveLength(25)
    expect(await project.leftovers()).toEqual([])
  })
})

test('what a killed run leaves behind goes with the next one, and never what a living one uses', async () => {
  await project.addHook('pre-receive', 'touch pushing; sleep 3')
  const killed = await project.start(['run'])
  await waitForFile(join(project.repository.dir, 'pushing'))
  killed.child.kill('SIGKILL')
  await killed.ended
  expect(await project.leftovers()).not.toEqual([])
  expect(await isGone(project.tmp, 5_000), 'its git goes with it').toBe(true)

  const twin = await createProject()
  try {
    await twin.write('paths.txt', paths(25))
    await twin.configure({ ...listShop, ...toGit })
    await twin.addHook('pre-receive', 'touch pushing; sleep 1')
    const living = await twin.start(['run'], { TMPDIR: project.tmp })
    await waitForFile(join(twin.repository.dir, 'pushing'))
    await project.addHook('pre-receive', 'exit 0')
    expect((await project.run(['run'])).code).toBe(0)
    expect((await project.leftovers()).every(name => name.includes(`-${living.child.pid}-`))).toBe(true)
    expect((await living.ended).code).toBe(0)
  } finally {
    await twin[Symbol.asyncDispose]()
  }
  expect(await project.leftovers()).toEqual([])
  expect(locsOf(await project.repository.read('sitemap.xml'))).toHaveLength(25)
})

describe.skipIf(!hasSshd)('over ssh', () => {
  test('a run goes by a deploy key and a pinned host key, and by no other', async () => {
    await using remote = await startSshRemote({ root: dirname(project.repository.dir) })
    await copyFile(remote.keyFile, join(project.dir, 'deploy_key'))
    const knownHosts = await readFile(remote.knownHostsFile, 'utf8')
    const git = { repo: remote.url('sitemap.git'), sshKey: './deploy_key', knownHosts }
    await project.configure({ ...listShop, publish: [{ git }] })
    expect(await project.run(['run'])).toMatchObject({ code: 0, stderr: expect.not.stringContaining('warning') })
    expect(locsOf(await project.repository.read('sitemap.xml'))).toHaveLength(25)

    await project.configure({ ...listShop, publish: [{ git: { ...git, knownHosts: remote.wrongKnownHostsFile } }] })
    const spoofed = await project.run(['run'])
    expect(spoofed.code).toBe(1)
    expect(spoofed.stderr).toContain('error TARGET_HOST_KEY_UNKNOWN')

    await project.configure({ ...listShop, publish: [{ git: { ...git, sshKey: remote.otherKeyFile } }] })
    expect((await project.run(['run'])).stderr).toContain('error TARGET_AUTH_FAILED')
    expect(await project.leftovers()).toEqual([])
  })

  test('a run takes the key itself from the environment, and shows it nowhere', async () => {
    await using remote = await startSshRemote({ root: dirname(project.repository.dir) })
    const key = await readFile(remote.keyFile, 'utf8')
    const [, secretLine = ''] = key.split('\n')
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the configuration
    const git = { repo: remote.url('sitemap.git'), sshKey: '${DEPLOY_KEY}', knownHosts: remote.knownHostsFile }
    await project.configure({ ...listShop, publish: [{ git }] })
    const { result, seen } = await watched(['run', '--verbose'], { DEPLOY_KEY: key })
    expect(result.code, result.stderr).toBe(0)
    expectAbsent([secretLine], result, seen)
  })
})

describe.skipIf(!hasOpenssl)('over https', () => {
  const cases = [
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the configuration
    ['token', (url: string) => ({ repo: url, token: '${GIT_TOKEN}' })],
    [
      'the token in the address',
      (url: string) => ({ repo: url.replace('://', `://robot:${encodeURIComponent(TOKEN)}@`) }),
    ],
  ] as const
  test.each(cases)('a run goes by %s, which stays out of output and arguments', async (_, gitOf) => {
    await using remote = await startHttpsRemote({ root: dirname(project.repository.dir), token: TOKEN })
    // A slow hook, so that there is time to look at the processes.
    await project.addHook('pre-receive', 'sleep 0.3')
    await project.configure({ ...listShop, publish: [{ git: gitOf(remote.url('sitemap.git')) }] })
    const env = { GIT_SSL_CAINFO: remote.caFile, GIT_TOKEN: TOKEN }
    const secrets = [TOKEN, encodeURIComponent(TOKEN), Buffer.from(TOKEN).toString('base64').replace(/=+$/, '')]

    const { result, seen } = await watched(['run', '--verbose'], env)
    expect(result.code, result.stderr).toBe(0)
    expect(seen.some(line => line.includes('push'))).toBe(true)
    expectAbsent(secrets, result, seen)
    expect(locsOf(await project.repository.read('sitemap.xml'))).toHaveLength(25)
    expectAbsent(secrets, await project.run(['run', '--json'], env))

    await project.write('paths.txt', paths(26))
    await project.addHook('pre-receive', `echo "denied to ${TOKEN}" >&2; exit 1`)
    for (const flag of ['--verbose', '--json']) {
      const refused = await project.run(['run', flag], env)
      expect(refused.code).toBe(1)
      expect(refused.stdout + refused.stderr).toContain('TARGET_PUSH_REFUSED')
      expectAbsent(secrets, refused)
    }
  })

  test('a wrong token is refused, and not shown either', async () => {
    await using remote = await startHttpsRemote({ root: dirname(project.repository.dir), token: TOKEN })
    const git = { repo: remote.url('sitemap.git'), token: 'wr0ng-T0ken-of-mine' }
    await project.configure({ ...listShop, publish: [{ git }] })
    const refused = await project.run(['run', '--verbose'], { GIT_SSL_CAINFO: remote.caFile })
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain('error TARGET_AUTH_FAILED')
    expectAbsent([git.token], refused)
  })
})

/** A run, and every command line that was seen on this machine meanwhile. */
async function watched(args: readonly string[], env: Record<string, string>) {
  const running = await project.start(args, env)
  const seen = new Set<string>()
  let result: CliResult | undefined
  const ended = running.ended.then(value => {
    result = value
  })
  while (!result) {
    for (const line of commandLines()) seen.add(line)
    await delay(5)
  }
  await ended
  return { result, seen: [...seen] }
}

function expectAbsent(secrets: readonly string[], { stdout, stderr }: CliResult, seen: readonly string[] = []): void {
  for (const secret of secrets) {
    expect(secret).not.toBe('')
    for (const text of [stdout, stderr, ...seen]) expect(text.includes(secret), `in: ${text}`).toBe(false)
  }
}

async function waitForFile(path: string): Promise<void> {
  for (let waited = 0; waited < 10_000; waited += 20) {
    if (existsSync(path)) return
    await delay(20)
  }
  throw new Error(`there never was a file ${path}`)
}
