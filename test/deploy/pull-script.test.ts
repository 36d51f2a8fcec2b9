// storemap-pull.sh as front ends run it: by every shell they have, against repositories that `storemap run` filled.
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, lstat, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { KILLS, makeChance } from '../faults/chance.ts'
import { type Found, findUsable, findWhole, inFolder, inRepository } from '../faults/consumer.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { until } from '../helpers/cli.ts'
import {
  hasOpenssl,
  hasSshd,
  runGit,
  startHangingServer,
  startHttpsRemote,
  startSshRemote,
} from '../helpers/git-remotes.ts'
import { createProject, listShop, type Project, paths } from '../helpers/project.ts'
import { find, hasParts, type Ran, type RunOptions, run, type Shell, shells, start, template } from './parts.ts'

const script = template('front-end/storemap-pull.sh')
const isThere = hasParts('dash', 'busybox', 'git', 'flock')

let project: Project
let home: Awaited<ReturnType<typeof tempFolder>>
let found: readonly Shell[] = []
/** Commits of two bundles, and what they hold. */
const bundles: { readonly commit: string; readonly found: Found }[] = []
let to: string

const git = (...args: string[]) => runGit(args, { cwd: project.repository.dir })
const publish = (at: number) => git('update-ref', 'refs/heads/master', (bundles[at] as { commit: string }).commit)
const served = () => findWhole(inFolder(to))
const revisionOf = (at: number) => bundles[at]?.found.revision as string

beforeAll(async () => {
  if (!isThere) return
  project = await createProject()
  home = await tempFolder()
  found = await shells(home.path)
  await project.configure({
    ...listShop,
    robots: {},
    limits: { entries: 10 },
    guard: { maxShrink: '100%' },
    publish: [{ git: { repo: '../sitemap.git' } }],
  })
  for (const count of [35, 21]) {
    await project.write('paths.txt', paths(count, `page-of-${count}`))
    expect((await project.run(['run'])).code).toBe(0)
    const whole = (await findWhole(await inRepository(project.repository))) as Found
    bundles.push({ commit: (await project.repository.head()) as string, found: whole })
  }
})
afterAll(async () => {
  await project?.[Symbol.asyncDispose]()
  await home?.[Symbol.asyncDispose]()
})

let count = 0
beforeEach(async () => {
  if (!isThere) return
  to = join(home.path, `served ${++count}`)
  await mkdir(tmp())
  await publish(0)
})

/** A test's own: what one leaves is not another's. */
const tmp = () => join(home.path, `tmp-${count}`)
const settings = (shell: Shell, { env, ...more }: RunOptions): RunOptions => ({
  ...more,
  env: { PATH: shell.path, STOREMAP_REPO: project.repository.dir, STOREMAP_TO: to, TMPDIR: tmp(), ...env },
})
async function pull(shell: Shell, args: readonly string[] = [], options: RunOptions = {}): Promise<Ran> {
  await mkdir(tmp(), { recursive: true })
  return run(shell.command, [...shell.args, script, ...args], settings(shell, options))
}
const [DASH, BUSYBOX] = ['dash', 'busybox']
const shell = (name: string | undefined): Shell => found.find(each => each.name === name) as Shell

/** Whatever there is in a folder, with inode and dates: equal means that nothing was written. */
async function snapshot(dir: string): Promise<Record<string, string>> {
  const all: Record<string, string> = {}
  for (const name of (await readdir(dir, { recursive: true })).sort()) {
    const { ino, size, mtimeNs, ctimeNs } = await lstat(join(dir, name), { bigint: true })
    all[name] = `${ino} ${size} ${mtimeNs} ${ctimeNs}`
  }
  return all
}
const leftovers = async () => [
  ...(await readdir(tmp())),
  ...(await readdir(join(to, '.storemap'))).filter(name => name.startsWith('stage')),
]

describe.skipIf(!isThere).each(['dash', 'bash', 'busybox'])('storemap-pull.sh in %s', name => {
  test('puts the bundle into the folder, then the next one, and writes nothing where nothing is new', async () => {
    const first = await pull(shell(name))
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(first.stdout).toBe(`updated ${to} to revision ${revisionOf(0).slice(0, 12)}: 7 written, 0 removed\n`)
    expect((await served())?.revision).toBe(revisionOf(0))
    const before = await snapshot(to)
    expect((await pull(shell(name))).stdout).toBe(`unchanged: revision ${revisionOf(0).slice(0, 12)} in ${to}\n`)
    expect(await snapshot(to)).toEqual(before)

    await publish(1)
    expect(await pull(shell(name))).toMatchObject({ code: 0, stderr: '' })
    expect((await served())?.revision).toBe(revisionOf(1))
    const names = [...Object.keys(bundles[1]?.found.manifest.files ?? {}), '.storemap', 'storemap.json']
    expect((await readdir(to)).sort()).toEqual(names.sort())
    expect(await leftovers()).toEqual([])
    for (const each of names) expect((await lstat(join(to, each))).mode & 0o444, each).toBe(0o444)
  })

  test('heals what somebody altered or removed, though the branch is as it was', async () => {
    await pull(shell(name))
    await writeFile(join(to, 'sitemap.xml'), 'nonsense')
    await rm(join(to, 'robots.txt'))
    expect((await pull(shell(name))).stdout).toContain('2 written, 0 removed')
    expect((await served())?.revision).toBe(revisionOf(0))
  })

  test('takes the same files from a stream, checked once more', async () => {
    const packed = await pull(shell(name), ['--to-tar'], { env: { STOREMAP_TO: '/nowhere' } })
    expect(packed).toMatchObject({ code: 0, stderr: '' })
    const input = Buffer.from(packed.stdout, 'latin1')
    const streamed = { input, env: { STOREMAP_REPO: '' } }
    expect(await pull(shell(name), ['--from-tar'], streamed)).toMatchObject({ code: 0, stderr: '' })
    expect((await served())?.revision).toBe(revisionOf(0))
    const before = await snapshot(to)
    expect((await pull(shell(name), ['--from-tar'], streamed)).stdout).toMatch(/^unchanged/)
    expect(await snapshot(to)).toEqual(before)

    const at = input.indexOf('page-of-35-1<')
    input[at] = 'P'.charCodeAt(0)
    await rm(to, { recursive: true })
    expect(await pull(shell(name), ['--from-tar'], streamed)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error BUNDLE_FILE_ALTERED The file "sitemap-.*its sha256 is another/),
    })
    for (const cut of [Buffer.alloc(0), input.subarray(0, 3000)]) {
      const failed = await pull(shell(name), ['--from-tar'], { ...streamed, input: cut })
      expect(failed.code, failed.stderr).toBe(1)
      expect(failed.stderr).toMatch(/^error (PULL_NO_BUNDLE|BUNDLE_FILE_ALTERED) /)
    }
    expect((await readdir(to)).sort()).toEqual(['.storemap'])
    expect(await leftovers()).toEqual([])
  })

  test('never overwrites a file of others, and names all of them', async () => {
    await mkdir(to)
    for (const each of ['sitemap.xml', 'robots.txt']) await writeFile(join(to, each), 'mine')
    const refused = await pull(shell(name))
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('error TARGET_FILE_FOREIGN') })
    expect(refused.stderr).toContain('"robots.txt", "sitemap.xml"')
    expect(await readFile(join(to, 'sitemap.xml'), 'utf8')).toBe('mine')
    expect((await readdir(to)).sort()).toEqual(['.storemap', 'robots.txt', 'sitemap.xml'])
    expect((await pull(shell(name), ['--adopt'])).code).toBe(0)
    expect((await served())?.revision).toBe(revisionOf(0))
  })

  test.each([
    ['a newer format', '{\n  "files": {},\n  "format": 2,\n', 'MANIFEST_NEWER'],
    ['a name that leads out', manifestOf('../outside.xml'), 'MANIFEST_INVALID'],
    ['a name that is an option', manifestOf('-rf'), 'MANIFEST_INVALID'],
    ['a hidden name', manifestOf('.htaccess'), 'MANIFEST_INVALID'],
    ['a name for a shell', manifestOf('$(touch sprung)'), 'MANIFEST_INVALID'],
    ['a name with an escape', manifestOf('a\\u002f..\\u002fb'), 'MANIFEST_INVALID'],
    ['its own name', manifestOf('storemap.json'), 'MANIFEST_INVALID'],
    ['a file that is not there', manifestOf('sitemap-lost.xml'), 'BUNDLE_FILE_ALTERED'],
    ['a file of another size', manifestOf('README.md'), 'BUNDLE_FILE_ALTERED'],
    ['no JSON', 'hello\n', 'MANIFEST_INVALID'],
    ['nothing', '', 'MANIFEST_INVALID'],
  ])('refuses a manifest with %s, and keeps the old bundle', async (_, text, code) => {
    await pull(shell(name))
    const before = await snapshot(to)
    await project.repository.commit({ 'storemap.json': text, 'README.md': 'of somebody' })
    expect(await pull(shell(name))).toMatchObject({ code: 1, stderr: expect.stringContaining(`error ${code} `) })
    expect(await snapshot(to)).toEqual(before)
    expect(await leftovers()).toEqual([])
  })
})

interface TarEntry {
  readonly name: string
  readonly content?: string
  readonly link?: string
}

/** A tar as no tar program would make it. */
function tarOf(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ name, content = '', link }) => {
    const header = Buffer.alloc(512)
    const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`
    header.write(name, 0)
    header.write(octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(content.length, 12) + octal(0, 12), 100)
    header.write(' '.repeat(8) + (link === undefined ? '0' : '2') + (link ?? ''), 148)
    header.write('ustar\x0000', 257)
    header.write(
      `${octal(
        header.reduce((sum, byte) => sum + byte, 0),
        7,
      )} `,
      148,
    )
    return [header, Buffer.concat([Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)])]
  })
  return Buffer.concat([...blocks, Buffer.alloc(1024)])
}

/** A manifest that is right but for the name of a file. */
function manifestOf(name: string): string {
  return `{\n  "files": {\n    "${name}": { "bytes": 1, "sha256": "${'0'.repeat(64)}" }\n  },\n  "format": 1,\n  "sections": {},\n  "site": "https://shop.example.com"\n}\n`
}

describe.skipIf(!isThere)('a repository that means harm', () => {
  test('has no say: hooks, attributes, filters, submodules and links of it are not followed', async () => {
    const sprung = join(home.path, 'sprung')
    await project.repository.commit(
      {
        'hooks/post-checkout': `#!/bin/sh\ntouch '${sprung}'\n`,
        '.githooks/post-checkout': `#!/bin/sh\ntouch '${sprung}'\n`,
      },
      { mode: '100755' },
    )
    await project.repository.commit({
      '.gitattributes': '* filter=trap text eol=crlf ident working-tree-encoding=UTF-16 export-subst export-ignore\n',
      '.gitmodules': `[submodule "trap"]\n\tpath = trap\n\turl = ext::sh -c touch% ${sprung}\n\tupdate = !touch ${sprung}\n`,
      config: `[core]\n\tfsmonitor = "touch ${sprung}"\n\thooksPath = hooks\n`,
    })
    await project.repository.commit({ link: '/etc/passwd' }, { mode: '120000' })
    for (const each of [DASH, BUSYBOX]) {
      await rm(to, { recursive: true, force: true })
      expect(await pull(shell(each))).toMatchObject({ code: 0, stderr: '' })
      expect((await served())?.revision).toBe(revisionOf(0))
      expect(await readdir(to)).not.toContain('link')
    }
    expect(existsSync(sprung)).toBe(false)
  })

  test('whose shard is a link, or has other bytes, is refused by the name of the file', async () => {
    await pull(shell(DASH))
    const before = await snapshot(to)
    const shard = Object.keys(bundles[0]?.found.manifest.files ?? {}).find(each =>
      each.startsWith('sitemap-'),
    ) as string
    await project.repository.commit({ [shard]: '/etc/passwd' }, { mode: '120000' })
    const linked = await pull(shell(DASH))
    expect(linked).toMatchObject({ code: 1, stderr: expect.stringContaining(`The file "${shard}" is not the one`) })
    expect(linked.stderr).toContain('not a plain file')
    await publish(0)
    await writeFile(join(to, shard), 'damaged, so it has to be fetched')
    await project.repository.commit({ [shard]: String(await project.repository.read(shard)).replace('page', 'pagf') })
    const changed = await pull(shell(BUSYBOX))
    expect(changed).toMatchObject({ code: 1, stderr: expect.stringContaining('its sha256 is another') })
    expect(Object.keys(await snapshot(to))).toEqual(Object.keys(before))
  })

  test.each([
    ['leads out by its name', [{ name: '../outside.xml', content: 'x' }]],
    ['has a link for its manifest', [{ name: 'storemap.json', link: '/etc/passwd' }]],
    [
      'has a link for a folder, and a file behind it',
      [
        { name: 'out', link: '/tmp' },
        { name: 'out/sprung', content: 'x' },
      ],
    ],
  ])('cannot harm by a tar that %s', async (_, entries) => {
    for (const each of [DASH, BUSYBOX]) {
      const { code, stderr } = await pull(shell(each), ['--from-tar'], { input: tarOf(entries) })
      expect(code, stderr).toBe(1)
      expect(stderr).toMatch(/error (PULL_NO_BUNDLE|MANIFEST_INVALID) /)
      for (const place of [join(tmp(), 'outside.xml'), join(home.path, 'outside.xml'), '/tmp/sprung'])
        expect(existsSync(place), place).toBe(false)
      expect(await leftovers()).toEqual([])
    }
  })

  test('cannot be named by a dangerous address', async () => {
    const wrong = async (STOREMAP_REPO: string) =>
      (await pull(shell(DASH), [], { env: { STOREMAP_REPO } })).stderr.split('\n')[0]
    const said = (what: string) =>
      `error PULL_ADDRESS_INVALID The value of "STOREMAP_REPO" ${what}. Nothing was pulled.`
    expect(await wrong('ext::sh -c true')).toBe(said('is not an address of ssh, https, or a path'))
    expect(await wrong('--upload-pack=true')).toBe(said('begins with "-", which git would take for an option'))
    expect(await wrong('http://example.com/a/b')).toBe(said('is not an address of ssh, https, or a path'))
    expect(await wrong('https://me:verysecret@example.com/a/b')).toBe(
      said('has a password in it; give it as STOREMAP_TOKEN'),
    )
    expect(await wrong('')).toBe(said('is empty'))
    expect(await wrong('/a\n/b')).toBe(said('has a control character or a line break in it'))
    const branch = await pull(shell(BUSYBOX), [], { env: { STOREMAP_BRANCH: '--help' } })
    expect(branch).toMatchObject({ code: 2, stderr: expect.stringContaining('"STOREMAP_BRANCH" is not a name') })
    expect(await pull(shell(BUSYBOX), ['--force'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('OPTION_INVALID'),
    })
  })
})

describe.skipIf(!isThere)('the served folder', () => {
  test('is taken over from `storemap pull` with links or copies, and back', async () => {
    const node = (mode: string) =>
      project.run(['pull', '--from', project.repository.dir, '--to', to, '--switch', mode, '--json'])
    for (const [at, mode] of ['link', 'copy'].entries()) {
      await publish(at)
      expect((await node(mode)).code).toBe(0)
      await publish(1 - at)
      expect(await pull(shell(at === 0 ? BUSYBOX : DASH))).toMatchObject({ code: 0, stderr: '' })
      expect((await served())?.revision).toBe(revisionOf(1 - at))
      expect((await lstat(join(to, 'sitemap.xml'))).isSymbolicLink()).toBe(false)
      expect(await readdir(join(to, '.storemap'))).not.toContain('current')
      const back = await node(mode)
      expect(JSON.parse(back.stdout)).toMatchObject(mode === 'copy' ? { outcome: 'unchanged' } : { outcome: 'updated' })
    }
  })

  test('is held by one pull at a time, and a killed one does not keep it', async () => {
    await using hanging = await hangingRemote()
    const slow = start(DASH as string, [script], settings(shell(DASH), { env: { STOREMAP_REPO: hanging.url } }))
    await until('the pull', () => existsSync(join(to, '.storemap/pull.lock')))
    await until('the pull', async () => (await pull(shell(DASH))).code === 75)
    expect(await pull(shell(BUSYBOX))).toMatchObject({ code: 75, stderr: expect.stringContaining('error PULL_LOCKED') })
    slow.child.kill('SIGKILL')
    await slow.ended
    expect(await pull(shell(BUSYBOX))).toMatchObject({ code: 0, stderr: '' })
    expect(await leftovers()).toEqual([])
  })

  test('keeps its old bundle where a signal ends the pull, which leaves nothing behind', async () => {
    await pull(shell(DASH))
    await using hanging = await hangingRemote()
    for (const each of [DASH, BUSYBOX]) {
      const { command, args } = shell(each)
      const slow = start(command, [...args, script], settings(shell(each), { env: { STOREMAP_REPO: hanging.url } }))
      await until('the pull', async () => (await readdir(tmp())).length > 0)
      slow.child.kill('SIGTERM')
      expect(await slow.ended).toMatchObject({ code: 143, stderr: expect.stringContaining('error PULL_ABORTED') })
      expect(await leftovers()).toEqual([])
    }
    expect((await served())?.revision).toBe(revisionOf(0))
  })

  test('is not waited for longer than STOREMAP_TIMEOUT', async () => {
    await using hanging = await hangingRemote()
    for (const each of [DASH, BUSYBOX]) {
      const slow = await pull(shell(each), [], { env: { STOREMAP_REPO: hanging.url, STOREMAP_TIMEOUT: '1' } })
      expect(slow).toMatchObject({ code: 1, stderr: expect.stringContaining('error TARGET_TIMEOUT') })
    }
    expect(await leftovers()).toEqual([])
  })

  test('that is read-only keeps its old bundle, and is named', async ({ skip }) => {
    await mkdir(to)
    if (!mount(to)) return skip('only root can mount')
    try {
      await pull(shell(DASH))
      execFileSync('mount', ['-o', 'remount,ro', to])
      await publish(1)
      for (const each of [DASH, BUSYBOX])
        expect(await pull(shell(each))).toMatchObject({
          code: 1,
          stderr: expect.stringMatching(
            /^error FOLDER_NOT_WRITABLE The folder .*\/.storemap cannot be written \(Read-only file system\)\./,
          ),
        })
      expect((await served())?.revision).toBe(revisionOf(0))
    } finally {
      execFileSync('umount', [to])
    }
  })

  test('whose store is a link is not written', async () => {
    await mkdir(to)
    await mkdir(join(home.path, 'elsewhere'))
    await symlink(join(home.path, 'elsewhere'), join(to, '.storemap'))
    expect(await pull(shell(DASH))).toMatchObject({ code: 1, stderr: expect.stringContaining('error WEB_ROOT_UNSAFE') })
    expect(await readdir(join(home.path, 'elsewhere'))).toEqual([])
  })

  test('killed at any moment has the old or the new bundle, and the next pull leaves nothing else', {
    timeout: 120_000,
  }, async () => {
    const chance = makeChance()
    await pull(shell(DASH))
    await publish(1)
    const started = performance.now()
    await pull(shell(DASH))
    const duration = performance.now() - started
    for (let kill = 1; kill <= KILLS; kill++) {
      const moment = chance.next() * duration
      const one = shell(kill % 4 === 0 ? BUSYBOX : DASH)
      await publish(kill % 2)
      const running = start(one.command, [...one.args, script], settings(one, {}))
      await delay(moment)
      running.child.kill('SIGKILL')
      await running.ended
      expect((await findUsable(inFolder(to))).size, `STOREMAP_SEED=${chance.seed}, kill ${kill}`).toBeGreaterThan(0)
      if (kill % 4 !== 0 && kill !== KILLS) continue
      // A git that outlives its killed script by a moment may still write where the next pull tidies up.
      const isTidy = async () => (await pull(shell(DASH))).code === 0 && (await leftovers()).length === 0
      await until('a pull that leaves nothing', isTidy)
      expect((await served())?.revision).toBe(revisionOf(kill % 2))
      const names = [...Object.keys(bundles[kill % 2]?.found.manifest.files ?? {}), '.storemap', 'storemap.json']
      expect((await readdir(to)).sort(), `STOREMAP_SEED=${chance.seed}, kill ${kill}`).toEqual(names.sort())
    }
  })

  test.each(['mv', 'rm'])(
    'killed at each %s in turn, has files that fit, and the next pull leaves nothing else',
    { timeout: 120_000 },
    async tool => {
      await pull(shell(DASH))
      const spies = join(home.path, `killed-at-${tool}`)
      await mkdir(spies)
      // Instead of its nth work it ends the script, as an outage would.
      const file = join(spies, 'moment')
      await writeFile(
        join(spies, tool),
        `#!/bin/sh\nread -r left <'${file}'\necho $((left - 1)) >'${file}'\n[ "$left" != 1 ] || { kill -9 "$(cat '${file}.pid')"; exit 1; }\nexec ${find(tool)} "$@"\n`,
      )
      await chmod(join(spies, tool), 0o755)
      const env = { PATH: `${spies}:${shell(DASH).path}` }
      let killed = 0
      for (let isKilled = true; isKilled; killed += isKilled ? 1 : 0) {
        await publish((killed + 1) % 2)
        await writeFile(file, `${killed + 1}\n`)
        const line = `echo $$ >'${file}.pid'; exec dash '${script}'`
        const ended = await run('dash', ['-c', line], settings(shell(DASH), { env }))
        isKilled = ended.code === null
        expect((await findUsable(inFolder(to))).size, `${tool} ${killed + 1}`).toBeGreaterThan(0)
        const next = await pull(shell(DASH))
        expect(next, `after ${tool} ${killed + 1}`).toMatchObject({ code: 0, stderr: '' })
        expect((await served())?.revision).toBe(revisionOf((killed + 1) % 2))
        const names = [
          ...Object.keys(bundles[(killed + 1) % 2]?.found.manifest.files ?? {}),
          '.storemap',
          'storemap.json',
        ]
        expect((await readdir(to)).sort(), `after ${tool} ${killed + 1}`).toEqual(names.sort())
        expect(await leftovers()).toEqual([])
      }
      expect(killed).toBeGreaterThan(2)
    },
  )

  test.for(['the folder', 'TMPDIR'])(
    'on a full disk (%s) keeps its old bundle, and the disk is named',
    async (full, { skip }) => {
      await mkdir(to)
      await mkdir(tmp(), { recursive: true })
      const place = full === 'TMPDIR' ? join(home.path, `small-${count}`) : to
      await mkdir(place, { recursive: true })
      if (!mount(place)) return skip('only root can mount')
      try {
        const env = full === 'TMPDIR' ? { TMPDIR: place } : {}
        for (const each of [DASH, BUSYBOX]) expect(await pull(shell(each), [], { env })).toMatchObject({ code: 0 })
        const rest = join(place, 'rest')
        execFileSync('sh', [
          '-c',
          `dd if=/dev/zero of='${rest}' bs=4096 2>/dev/null; rm -f '${rest}' && dd if=/dev/zero of='${rest}' bs=4096 count=$(($(df -P '${place}' | awk 'NR==2{print $4}') / 4 - 3)) 2>/dev/null`,
        ])
        await publish(1)
        for (const each of [DASH, BUSYBOX]) {
          expect(await pull(shell(each), [], { env })).toMatchObject({
            code: 1,
            stderr: expect.stringContaining('error DISK_FULL'),
          })
          expect((await served())?.revision).toBe(revisionOf(0))
        }
        await rm(rest)
        expect(await pull(shell(DASH), [], { env })).toMatchObject({ code: 0 })
        expect((await served())?.revision).toBe(revisionOf(1))
      } finally {
        execFileSync('umount', [place])
      }
    },
  )
})

describe.skipIf(!isThere)('what the remote says', () => {
  const of = async (env: Record<string, string | undefined>, each = DASH) =>
    (await pull(shell(each), [], { env })).stderr

  test('is told by name: no repository, no branch, no bundle', async () => {
    expect(await of({ STOREMAP_REPO: '/nowhere/acme/sitemap.git' })).toMatch(
      /^error TARGET_UNREACHABLE The repository acme\/sitemap cannot be reached: .* Nothing was changed.\nhint: /,
    )
    expect(await of({ STOREMAP_BRANCH: 'other' }, BUSYBOX)).toMatch(/^error PULL_NO_BUNDLE .*has no such branch/)
    await project.repository.commit({ 'README.md': 'hello' }, { branch: 'docs' })
    expect(await of({ STOREMAP_BRANCH: 'docs' })).toMatch(/^error PULL_NO_BUNDLE .*has no storemap.json at the top/)
  })

  test.skipIf(!hasOpenssl)('over https a token opens it, and is nowhere to be seen', async () => {
    const token = 'ghp_verysecret123'
    await using remote = await startHttpsRemote({ root: join(project.dir, '..'), token })
    const repo = remote.url('sitemap.git')
    const env = { STOREMAP_REPO: repo, GIT_SSL_CAINFO: remote.caFile }
    const file = join(home.path, 'token')
    await writeFile(file, `${token}\n`)
    for (const each of [DASH, BUSYBOX]) {
      await rm(to, { recursive: true, force: true })
      // What git is called with, as anybody on the machine could see it.
      const seen = join(home.path, `arguments-${each}`)
      const spy = join(home.path, `spy-${each}`)
      await mkdir(spy)
      await writeFile(join(spy, 'git'), `#!/bin/sh\nprintf '%s\\n' "$@" >>'${seen}'\nexec ${find('git')} "$@"\n`)
      await chmod(join(spy, 'git'), 0o755)
      const pulled = await pull(shell(each), [], {
        env: { ...env, STOREMAP_TOKEN_FILE: file, PATH: `${spy}:${shell(each).path}` },
      })
      expect(pulled).toMatchObject({ code: 0, stderr: '' })
      expect(await readFile(seen, 'utf8')).not.toContain(token)
      expect((await served())?.revision).toBe(revisionOf(0))
    }
    const refused = await of({ ...env, STOREMAP_TOKEN: 'wrongtoken99' })
    expect(refused).toMatch(/^error TARGET_AUTH_FAILED /)
    expect(refused).not.toContain('wrongtoken99')
    expect(await of({ ...env, STOREMAP_TOKEN_FILE: '/nowhere' })).toMatch(
      /^error TARGET_KEY_UNREADABLE .*"STOREMAP_TOKEN_FILE"/,
    )
  })

  test.skipIf(!hasOpenssl)(
    'over https a host that redirects to another does not get the token sent there',
    async () => {
      const [key, cert] = [join(home.path, 'tls-key'), join(home.path, 'tls-cert')]
      const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1']
      const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost']
      await run('openssl', [...request, ...names, '-keyout', key, '-out', cert])
      const tls = { key: await readFile(key), cert: await readFile(cert) }
      const seen: string[] = []
      const listen = async (answer: RequestListener) => {
        const server = createServer(tls, answer).listen(0, '127.0.0.1')
        await new Promise(resolve => server.once('listening', resolve))
        return { server, port: (server.address() as AddressInfo).port }
      }
      const stranger = await listen((asked, response) => {
        seen.push(asked.headers.authorization ?? 'none')
        response.writeHead(401, { 'www-authenticate': 'Basic realm="anything"' }).end()
      })
      const host = await listen((asked, response) => {
        response.writeHead(302, { location: `https://localhost:${stranger.port}${asked.url}` }).end()
      })
      try {
        const repo = `https://127.0.0.1:${host.port}/acme/sitemap.git`
        const env = { STOREMAP_REPO: repo, STOREMAP_TOKEN: 'a-token-for-one-host', GIT_SSL_CAINFO: cert }
        expect(await of(env)).toMatch(/^error TARGET_AUTH_FAILED /)
        expect(new Set(seen)).toEqual(new Set(['none']))
      } finally {
        host.server.close()
        stranger.server.close()
      }
    },
  )

  test.skipIf(!hasSshd)('over ssh a key and a pinned host open it, and nothing else does', async () => {
    await using remote = await startSshRemote({ root: join(project.dir, '..') })
    const env = { STOREMAP_REPO: remote.url('sitemap.git'), STOREMAP_KNOWN_HOSTS_FILE: remote.knownHostsFile }
    const key = await readFile(remote.keyFile, 'utf8')
    const opened = await pull(shell(DASH), [], { env: { ...env, STOREMAP_SSH_KEY_FILE: remote.keyFile } })
    expect(opened).toMatchObject({ code: 0, stderr: '' })
    const written = await pull(shell(BUSYBOX), [], {
      env: { ...env, STOREMAP_SSH_KEY: key.trim().replaceAll('\n', '\\n'), STOREMAP_TO: `${to}2` },
    })
    expect(written).toMatchObject({ code: 0, stderr: '' })
    expect(await of({ ...env, STOREMAP_SSH_KEY_FILE: remote.otherKeyFile })).toMatch(/^error TARGET_AUTH_FAILED /)
    expect(await of({ ...env, STOREMAP_SSH_KEY: 'nonsense' })).toMatch(/^error TARGET_KEY_UNREADABLE /)
    const pinned = { STOREMAP_SSH_KEY_FILE: remote.keyFile, STOREMAP_KNOWN_HOSTS_FILE: remote.wrongKnownHostsFile }
    expect(await of({ ...env, ...pinned })).toMatch(/^error TARGET_HOST_KEY_UNKNOWN /)
    expect(await readdir(tmp())).toEqual([])
  })
})

/** An ssh address whose host takes connections and says nothing. */
async function hangingRemote(): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = await startHangingServer()
  return { url: `ssh://git@127.0.0.1:${server.port}/acme/sitemap.git`, [Symbol.asyncDispose]: () => server.close() }
}

function mount(dir: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', dir], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
