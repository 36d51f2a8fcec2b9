// A repository that means harm, or that somebody has filled with nonsense: nothing of it is run, nothing is written
// outside, and a run publishes or fails by name.
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runGit } from '../helpers/git-remotes.ts'
import { createProject, type Project } from '../helpers/project.ts'
import { type ChangingShop, changingShop, makeChangingShop } from './changing-shop.ts'
import { type Found, findWhole, inFolder, inRepository } from './consumer.ts'

let project: Project
let shop: ChangingShop
const published = async (): Promise<Found | undefined> => findWhole(await inRepository(project.repository))
const git = (...args: string[]) => runGit(args, { cwd: project.repository.dir })
const PULL = ['pull', '--from', '../sitemap.git', '--to', 'public'] as const

beforeEach(async () => {
  project = await createProject({ withDatabase: true })
  await project.configure({ ...changingShop, publish: [{ git: { repo: '../sitemap.git' } }] })
  expect((await project.run(['run'])).code).toBe(0)
  shop = makeChangingShop(project, (await published()) as Found)
  await shop.change()
})
afterEach(async () => {
  await project[Symbol.asyncDispose]()
})

/** Would be there if anything of the repository had been run. */
const trap = (): string => join(project.tmp, '..', 'sprung')

describe('a branch', () => {
  test('with hooks, filters, submodules and links in it: none of them is followed, all of them stay', async () => {
    const spring = `touch '${trap()}'`
    await project.repository.commit(
      Object.fromEntries(
        ['post-checkout', 'pre-push', 'post-merge', 'reference-transaction', 'pre-commit'].flatMap(hook =>
          ['hooks', '.git/hooks', '.githooks'].map(folder => [
            `${folder.replace('.git/', 'git/')}/${hook}`,
            `#!/bin/sh\n${spring}\n`,
          ]),
        ),
      ),
      { mode: '100755' },
    )
    await project.repository.commit({
      '.gitattributes':
        '* filter=trap diff=trap merge=trap text eol=crlf ident working-tree-encoding=UTF-16 export-subst\n',
      '.gitmodules': `[submodule "trap"]\n\tpath = trap\n\turl = ext::sh -c ${spring.replaceAll(' ', '% ')}\n\tupdate = !${spring}\n`,
      '.lfsconfig': '[lfs]\n\turl = https://127.0.0.1:1/\n',
      config: `[core]\n\tfsmonitor = "${spring}"\n\tsshCommand = "${spring}"\n[filter "trap"]\n\tclean = ${spring}\n\tsmudge = ${spring}\n\trequired = true\n`,
    })
    await project.repository.commit({ link: '/etc/passwd', 'link-to-git': '.git' }, { mode: '120000' })
    await addSubmodule('trap')
    const theirs = await listing()
    expect(theirs.some(line => line.startsWith('160000 commit'))).toBe(true)

    expect((await project.run(['run'])).code).toBe(0)
    expect((await project.run(PULL)).code).toBe(0)
    expect((await project.run(['diff'])).code).toBe(0)
    expect(existsSync(trap())).toBe(false)
    shop.expectShown(await published())
    expect((await findWhole(inFolder(join(project.dir, 'public'))))?.revision).toBe((await published())?.revision)
    expect(existsSync(join(project.dir, 'public/hooks'))).toBe(false)
    expect(await listing()).toEqual(theirs)
  })

  test('whose shard is a link gets a plain file again, and nothing behind the link is touched', async () => {
    const shard = Object.keys((await published())?.manifest.files ?? {}).find(name =>
      name.startsWith('sitemap-pro'),
    ) as string
    const outside = join(project.tmp, '../outside.xml')
    await writeFile(outside, 'mine')
    await project.repository.commit({ [shard]: '../outside.xml' }, { mode: '120000' })
    expect((await project.run(PULL)).code).toBe(1)
    expect((await project.run(['run'])).code).toBe(0)
    shop.expectShown(await published())
    expect(await git('ls-tree', 'master', shard)).toMatch(/^100644 blob/)
    expect(await readFile(outside, 'utf8')).toBe('mine')
  })

  test('with a manifest of a newer format is left alone, by name', async () => {
    await project.repository.commit({ 'storemap.json': '{ "format": 2, "files": {} }\n' })
    const head = await project.repository.head()
    for (const command of [['run'], ['diff'], ['run', '--adopt'], PULL]) {
      expect(await project.run(command), command.join(' ')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('error MANIFEST_NEWER'),
      })
    }
    expect(await project.repository.head()).toBe(head)
  })
})

describe('a branch of state', () => {
  const stateNames = async () => project.repository.names('storemap-state')

  /** Nothing but the dates of what changed may depend on it, and one run later all is well. */
  async function expectHealed(): Promise<void> {
    const { code, stdout } = await project.run(['run', '--json'])
    expect(code, stdout).toBe(0)
    expect([...((await published())?.pages.keys() ?? [])].some(loc => loc.endsWith('/pages/night-1'))).toBe(true)
    const again = await project.run(['run', '--json'])
    expect(JSON.parse(again.stdout)).toMatchObject({ outcome: 'unchanged', warnings: [] })
    expect(existsSync(trap())).toBe(false)
    expect(await project.leftovers()).toEqual([])
  }

  test('in which every file is garbage heals', async () => {
    const garbage = Object.fromEntries((await stateNames()).map(name => [name, '\u0000\u0001\u007f\n\u0000}']))
    await project.repository.commit(garbage, { branch: 'storemap-state' })
    await expectHealed()
  })

  test.each([
    [
      'an object of other things',
      '{"format":1,"instant":"2026-01-01T00:00:00Z","manifest":5,"sections":{"products":[]}}',
    ],
    ['a prototype', '{"__proto__":{"format":1},"format":1,"sections":{"__proto__":{"parts":[{}]}}}'],
    ['brackets without end', '['.repeat(200_000)],
  ])('whose files say %s heals', async (_, text) => {
    await project.repository.commit(Object.fromEntries((await stateNames()).map(name => [name, text])), {
      branch: 'storemap-state',
    })
    await expectHealed()
  })

  test('in which the true state has parts, dates and names that cannot be heals', async () => {
    const name = (await stateNames()).find(each => each.startsWith('master.state-')) as string
    const state = JSON.parse(String(await project.repository.read(name, 'storemap-state')))
    for (const part of state.sections.products.parts) {
      part.file = '../../../../outside.xml'
      part.rows = '../../outside'
      part.first = -1
      part.entries = Number.MAX_SAFE_INTEGER
    }
    await project.repository.commit({ [name]: JSON.stringify(state) }, { branch: 'storemap-state' })
    await expectHealed()
  })

  test('with links and folders in the place of its files heals', async () => {
    const names = await stateNames()
    await project.repository.commit(Object.fromEntries(names.map(name => [name, null])), { branch: 'storemap-state' })
    const [links, folders] = [names.filter((_, at) => at % 2 === 0), names.filter((_, at) => at % 2 === 1)]
    await project.repository.commit(Object.fromEntries(links.map(name => [name, '/etc/passwd'])), {
      branch: 'storemap-state',
      mode: '120000',
    })
    await project.repository.commit(Object.fromEntries(folders.map(name => [`${name}/inner`, 'x'])), {
      branch: 'storemap-state',
    })
    await expectHealed()
  })

  test('with names that lead out of it, and files too large to be state, is not taken for ours', async () => {
    const large = Buffer.alloc(5_000_000, 'x')
    await project.repository.commit(
      {
        'master.state-0123456789abcdef.json': large,
        'master.rows-0123456789abcdef0123456789abcdef': large,
        'master.held.json': large,
        'master...%2f..%2foutside': 'x',
        'master.\\..\\outside': 'x',
        'elsewhere.state-0123456789abcdef.json': 'of another site',
        'README.md': 'of somebody',
      },
      { branch: 'storemap-state' },
    )
    await plantRawNames(['..', '.git', 'master.../x'])
    await expectHealed()
    expect(existsSync(join(project.tmp, '../outside'))).toBe(false)
    expect(await stateNames()).toContain('elsewhere.state-0123456789abcdef.json')
    expect((await project.run(['run', '--accept'])).code).toBe(2)
  })

  test('that is no branch of commits but the history of somebody else heals', async () => {
    await git('update-ref', 'refs/heads/storemap-state', 'refs/heads/master')
    await expectHealed()
  })
})

/** As files of a tree that no git would make, but that anybody may push. */
async function plantRawNames(names: readonly string[]): Promise<void> {
  const blob = (await runGit(['hash-object', '-w', '--stdin'], { cwd: project.repository.dir, input: 'x' })).trim()
  const before = (await git('ls-tree', 'storemap-state')).trimEnd().split('\n')
  const entries = [...before, ...names.map(name => `100644 blob ${blob}\t${name.replaceAll('/', '%2f')}`)]
  const sorted = entries.sort((a, b) => ((a.split('\t')[1] as string) < (b.split('\t')[1] as string) ? -1 : 1))
  const bytes = Buffer.concat(
    sorted.map(line => {
      const [, mode, oid, name] = /^(\d+) \w+ (\w+)\t(.*)$/.exec(line) as RegExpExecArray
      return Buffer.concat([Buffer.from(`${Number(mode)} ${name}\0`), Buffer.from(oid as string, 'hex')])
    }),
  )
  const file = join(project.tmp, '../tree')
  await writeFile(file, bytes)
  const tree = (await git('hash-object', '-t', 'tree', '--literally', '-w', file)).trim()
  const commit = (await git('commit-tree', '-m', 'Planted', tree)).trim()
  await git('update-ref', 'refs/heads/storemap-state', commit)
}

/** A submodule at the top of the branch, to a commit that is nowhere. */
async function addSubmodule(path: string): Promise<void> {
  const entries = await git('ls-tree', 'master')
  const tree = await runGit(['mktree', '--missing'], {
    cwd: project.repository.dir,
    input: `${entries}160000 commit ${'1'.repeat(40)}\t${path}\n`,
  })
  const commit = await git('commit-tree', '-p', 'master', '-m', 'Others', tree.trim())
  await git('update-ref', 'refs/heads/master', commit.trim())
}

/** All but the sitemap. */
const listing = async (): Promise<string[]> =>
  (await git('ls-tree', '-r', 'master')).split('\n').filter(line => !/\tsitemap|\tstoremap\.json/.test(line))
