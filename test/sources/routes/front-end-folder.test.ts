// A front end in a folder: the shared suite, then what only a folder has.
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openFolder } from '../../../src/sources/routes/front-end-folder.ts'
import { describeFrontEnd } from '../../contracts/front-end.ts'
import { tempFolder } from '../../helpers/bundle.ts'
import { runGit } from '../../helpers/git-remotes.ts'
import { commitSource, makeSourceRepository, writeSource } from '../../helpers/source-repository.ts'

describeFrontEnd('a folder', dir => openFolder(dir, { name: './storefront' }))

let temp: Awaited<ReturnType<typeof tempFolder>>
let dir: string
beforeEach(async () => {
  temp = await tempFolder()
  dir = join(temp.path, 'storefront')
})
afterEach(() => temp[Symbol.asyncDispose]())

const open = (path = dir) => openFolder(path, { name: './storefront' })

describe('a front end in a folder', () => {
  test('has the name it was given, and no revision', async () => {
    await writeSource(dir, { 'a.ts': '1' })
    expect(await open()).toMatchObject({ name: './storefront', revision: undefined })
  })

  test('a folder that is not there, or is a file, is named as it is configured', async () => {
    await writeSource(dir, { 'a.ts': '1' })
    for (const path of [join(dir, 'none'), join(dir, 'a.ts'), join(dir, 'a.ts', 'x')]) {
      await expect(open(path)).rejects.toMatchObject({
        code: 'ROUTER_NOT_FOUND',
        message: expect.stringContaining('folder ./storefront'),
      })
    }
  })

  test('a file or a folder that this user may not read is told, not taken for missing', async context => {
    if (process.getuid?.() === 0) context.skip('root may read everything')
    await writeSource(dir, { 'secret.ts': '1', 'closed/a.ts': '1' })
    await chmod(join(dir, 'secret.ts'), 0)
    await chmod(join(dir, 'closed'), 0)
    const frontEnd = await open()
    const denied = { code: 'ROUTER_UNREADABLE', message: expect.stringContaining('this user may not read it') }
    await expect(frontEnd.read('secret.ts')).rejects.toMatchObject(denied)
    await expect(frontEnd.list('closed')).rejects.toMatchObject(denied)
    await expect(frontEnd.isFile('closed/a.ts')).rejects.toMatchObject(denied)
    await chmod(join(dir, 'closed'), 0o700)
  })

  test('what is neither file nor folder is not waited for', async () => {
    await mkdir(dir)
    await runGit(['-c', 'alias.pipe=!mkfifo', 'pipe', join(dir, 'pipe.ts')], { cwd: temp.path })
    const frontEnd = await open()
    expect(await frontEnd.read('pipe.ts')).toBeUndefined()
    expect(await frontEnd.isFile('pipe.ts')).toBe(false)
    expect(await frontEnd.list('')).toEqual([])
  })

  test('a link may name its target in full, where that is within', async () => {
    await writeSource(dir, { 'packages/ui/a.ts': 'ui', ui: { link: join(dir, 'packages/ui') } })
    const frontEnd = await open()
    expect(await frontEnd.read('ui/a.ts')).toBe('ui')
    expect(await (await open(join(dir, 'packages'))).read('../ui/a.ts')).toBeUndefined()
  })

  test('a link that takes the place of a file meanwhile is not followed', async () => {
    await writeSource(dir, { 'a.ts': '1' })
    await writeSource(temp.path, { 'secret.ts': '2' })
    const frontEnd = await open()
    expect(await frontEnd.isFile('a.ts')).toBe(true)
    await writeSource(dir, { 'a.ts': { link: '../secret.ts' } })
    expect(await frontEnd.read('a.ts')).toBeUndefined()
  })

  test('a folder below the top of a repository has its dates, and only its own files', async () => {
    await makeSourceRepository(
      dir,
      { at: '2024-01-01T00:00:00Z', files: { 'apps/shop/a.ts': '1', 'a.ts': '1' } },
      { at: '2024-02-01T00:00:00Z', files: { 'a.ts': '2' } },
    )
    const frontEnd = await open(join(dir, 'apps/shop'))
    expect(await frontEnd.lastChanges(['a.ts', '../../a.ts'])).toEqual(
      new Map([['a.ts', new Date('2024-01-01T00:00:00Z')]]),
    )
  })

  test('without a repository, a commit or a file that was committed there are no dates', async () => {
    await writeSource(dir, { 'a.ts': '1' })
    expect(await (await open()).lastChanges(['a.ts'])).toEqual(new Map())
    await makeSourceRepository(dir)
    expect(await (await open()).lastChanges(['a.ts'])).toEqual(new Map())
    await commitSource(dir, { files: {} })
    await writeSource(dir, { 'new.ts': '1' })
    expect([...(await (await open()).lastChanges(['a.ts', 'new.ts'])).keys()]).toEqual(['a.ts'])
  })

  test('a work tree whose repository was left behind, as in an image, has no dates', async () => {
    await writeSource(dir, { 'a.ts': '1', '.git': 'gitdir: /nowhere/storefront.git\n' })
    expect(await (await open()).lastChanges(['a.ts'])).toEqual(new Map())
  })

  test('a linked work tree has the dates of its own branch', async () => {
    await makeSourceRepository(dir, { at: '2024-01-01T00:00:00Z', files: { 'a.ts': '1' } })
    const linked = join(temp.path, 'linked')
    await runGit(['worktree', 'add', '--quiet', '-b', 'next', linked], { cwd: dir })
    await commitSource(linked, { at: '2024-02-01T00:00:00Z', files: { 'a.ts': '2' } })
    expect((await (await open(linked)).lastChanges(['a.ts'])).get('a.ts')).toEqual(new Date('2024-02-01T00:00:00Z'))
    expect((await (await open()).lastChanges(['a.ts'])).get('a.ts')).toEqual(new Date('2024-01-01T00:00:00Z'))
  })

  test('where the history is cut off, only what changed after the cut has a date', async () => {
    await makeSourceRepository(
      dir,
      { at: '2024-01-01T00:00:00Z', files: { 'old.ts': '1', 'new.ts': '1' } },
      { at: '2024-02-01T00:00:00Z', files: { 'border.ts': '1' } },
      { at: '2024-03-01T00:00:00Z', files: { 'new.ts': '2' } },
    )
    const shallow = join(temp.path, 'shallow')
    await runGit(['clone', '--quiet', '--depth=2', `file://${dir}`, shallow])
    const frontEnd = await open(shallow)
    expect(await frontEnd.lastChanges(['old.ts', 'new.ts', 'border.ts'])).toEqual(
      new Map([['new.ts', new Date('2024-03-01T00:00:00Z')]]),
    )
  })

  test('a merge is followed to where the change was made, and is itself one where it made another', async () => {
    await makeSourceRepository(dir, { at: '2024-01-01T00:00:00Z', files: { 'a.ts': '1', 'b.ts': '1', 'c.ts': '1' } })
    await runGit(['checkout', '--quiet', '-b', 'side'], { cwd: dir })
    await commitSource(dir, { at: '2024-02-01T00:00:00Z', files: { 'a.ts': '2', 'c.ts': 'side' } })
    await runGit(['checkout', '--quiet', 'main'], { cwd: dir })
    await commitSource(dir, { at: '2024-03-01T00:00:00Z', files: { 'c.ts': 'main' } })
    await runGit(['merge', '--no-commit', '--strategy=ours', 'side'], { cwd: dir })
    await commitSource(dir, { at: '2024-04-01T00:00:00Z', files: { 'a.ts': '2', 'c.ts': 'both' } })
    expect(await (await open()).lastChanges(['a.ts', 'b.ts', 'c.ts'])).toEqual(
      new Map([
        ['a.ts', new Date('2024-02-01T00:00:00Z')],
        ['b.ts', new Date('2024-01-01T00:00:00Z')],
        ['c.ts', new Date('2024-04-01T00:00:00Z')],
      ]),
    )
  })

  test('nothing that the repository configures is run', async () => {
    await makeSourceRepository(dir, { files: { 'a.ts': '1', '.gitattributes': '* diff=evil filter=evil' } })
    const trap = join(temp.path, 'trap')
    await writeFile(trap, `#!/bin/sh\ntouch '${trap}.sprung'\n`, { mode: 0o755 })
    const settings = `[core]\n\tfsmonitor = ${trap}\n\tpager = ${trap}\n\tsshCommand = ${trap}\n\thooksPath = ${temp.path}
[log]\n\tshowSignature = true\n[gpg]\n\tprogram = ${trap}\n[diff]\n\texternal = ${trap}\n\torderFile = /none
[diff "evil"]\n\ttextconv = ${trap}\n\tcommand = ${trap}\n`
    await writeFile(join(dir, '.git/config'), `${await readFile(join(dir, '.git/config'), 'utf8')}${settings}`)
    expect((await (await open()).lastChanges(['a.ts'])).size).toBe(1)
    await expect(readFile(`${trap}.sprung`)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('a repository that belongs to somebody else has its dates all the same', async context => {
    if (process.getuid?.() !== 0) context.skip('only root can give files away')
    await makeSourceRepository(dir, { files: { 'a.ts': '1' } })
    await runGit(['-c', 'alias.give=!chown -R 65534:65534', 'give', dir], { cwd: temp.path })
    expect((await (await open()).lastChanges(['a.ts'])).size).toBe(1)
  })

  test('a history that is damaged is told, not taken for none', async () => {
    await makeSourceRepository(dir, { files: { 'a.ts': '1' } }, { files: { 'b.ts': '1' } })
    const first = (await runGit(['rev-parse', 'HEAD~1'], { cwd: dir })).trim()
    await rm(join(dir, '.git/objects', first.slice(0, 2), first.slice(2)))
    await expect((await open()).lastChanges(['a.ts'])).rejects.toMatchObject({
      code: 'ROUTER_UNREADABLE',
      message: expect.stringContaining('history of ./storefront'),
    })
  })
})
