// The suite that every front end passes, wherever its files are.
import { afterEach, describe, expect, test } from 'vitest'
import type { FrontEnd } from '../../src/sources/routes/front-end.ts'
import { tempFolder } from '../helpers/bundle.ts'
import { makeSourceRepository, type SourceCommit } from '../helpers/source-repository.ts'

/** `open` opens the last commit, which is also what the folder `dir` has. */
export function describeFrontEnd(name: string, open: (dir: string) => Promise<FrontEnd>): void {
  describe(`${name} keeps the front end's contract`, () => {
    const opened: FrontEnd[] = []
    let temp: Awaited<ReturnType<typeof tempFolder>> | undefined
    let dir = ''

    const make = async (...commits: readonly SourceCommit[]): Promise<FrontEnd> => {
      temp = await tempFolder()
      dir = `${temp.path}/storefront`
      await makeSourceRepository(dir, ...commits)
      const frontEnd = await open(dir)
      opened.push(frontEnd)
      return frontEnd
    }
    const of = (files: SourceCommit['files']): Promise<FrontEnd> => make({ files })
    const names = async (frontEnd: FrontEnd, folder: string): Promise<string[]> =>
      (await frontEnd.list(folder)).map(({ name, isFolder }) => (isFolder ? `${name}/` : name))

    afterEach(async () => {
      for (const frontEnd of opened.splice(0)) await frontEnd.close()
      await temp?.[Symbol.asyncDispose]()
    })

    test('a file is read by its name, and what is no file is not there', async () => {
      const frontEnd = await of({ 'src/App.tsx': 'app', 'src/empty.ts': '' })
      expect(await frontEnd.read('src/App.tsx')).toBe('app')
      expect(await frontEnd.read('./src//x/../App.tsx')).toBe('app')
      expect(await frontEnd.read('src/empty.ts')).toBe('')
      for (const none of ['src', '', 'src/app.ts', 'src/App.tsx/x', 'x'.repeat(5000), 'a\0b']) {
        expect(await frontEnd.read(none)).toBeUndefined()
        expect(await frontEnd.isFile(none)).toBe(false)
      }
      expect(await frontEnd.isFile('src/App.tsx')).toBe(true)
    })

    test('no name leads out of the top', async () => {
      const frontEnd = await of({ 'src/App.tsx': 'app' })
      for (const name of ['../storefront/src/App.tsx', '/etc/passwd', `${dir}/src/App.tsx`, 'src/../../x', '..']) {
        expect(await frontEnd.read(name)).toBeUndefined()
        expect(await frontEnd.isFile(name)).toBe(false)
        expect(await frontEnd.list(name)).toEqual([])
      }
    })

    test('a folder is listed in the order of code points, with what of it are folders', async () => {
      const frontEnd = await of({
        'src/b.ts': '',
        'src/Z.ts': '',
        'src/a/x.ts': '',
        'src/\u{1f600}.ts': '',
        'src/\uff21.ts': '',
        'src/é ü.ts': '',
        'src/__proto__': '',
        'src/two\nlines.ts': 'two lines',
      })
      expect(await names(frontEnd, 'src')).toEqual([
        'Z.ts',
        '__proto__',
        'a/',
        'b.ts',
        'two\nlines.ts',
        'é ü.ts',
        '\uff21.ts',
        '\u{1f600}.ts',
      ])
      expect(await names(frontEnd, 'src/')).toHaveLength(8)
      expect((await names(frontEnd, '')).filter(name => name !== '.git/')).toEqual(['src/'])
      expect(await names(frontEnd, 'src/a')).toEqual(['x.ts'])
      expect(await frontEnd.list('src/b.ts')).toEqual([])
      expect(await frontEnd.list('none')).toEqual([])
      expect(await frontEnd.read('src/two\nlines.ts')).toBe('two lines')
    })

    test('links are followed within the top, as between the packages of one repository', async () => {
      const frontEnd = await of({
        'packages/ui/src/index.ts': 'ui',
        'packages/ui/paths.ts': { link: './src/../src/index.ts' },
        'apps/shop/node_modules/@acme/ui': { link: '../../../../packages/ui' },
        'apps/shop/again': { link: 'node_modules/@acme/ui/paths.ts' },
      })
      expect(await frontEnd.read('apps/shop/node_modules/@acme/ui/src/index.ts')).toBe('ui')
      expect(await frontEnd.read('apps/shop/again')).toBe('ui')
      expect(await frontEnd.isFile('packages/ui/paths.ts')).toBe(true)
      expect(await frontEnd.isFile('apps/shop/node_modules/@acme/ui')).toBe(false)
      expect(await names(frontEnd, 'apps/shop/node_modules/@acme')).toEqual(['ui/'])
      expect(await names(frontEnd, 'apps/shop/node_modules/@acme/ui')).toEqual(['paths.ts', 'src/'])
    })

    test('links that lead out of the top, in circles or to nothing are not there', async () => {
      const links = {
        absolute: '/etc',
        file: '/etc/passwd',
        out: '../..',
        itself: 'itself',
        ping: 'pong',
        pong: 'ping',
        dangling: 'nothing.ts',
        through: 'App.tsx/x',
      }
      const files = Object.fromEntries(Object.entries(links).map(([name, link]) => [`src/${name}`, { link }]))
      const frontEnd = await of({ 'src/App.tsx': 'app', ...files })
      for (const name of Object.keys(links)) {
        for (const asked of [`src/${name}`, `src/${name}/passwd`]) {
          expect(await frontEnd.read(asked), asked).toBeUndefined()
          expect(await frontEnd.isFile(asked), asked).toBe(false)
          expect(await frontEnd.list(asked), asked).toEqual([])
        }
      }
      expect(await names(frontEnd, 'src')).toEqual(['App.tsx'])
    })

    test('text is UTF-8, without a mark before it; bytes that are none do no harm', async () => {
      const frontEnd = await of({ 'mark.ts': '\ufeffé', 'latin.ts': Buffer.from('caf\xe9 = 1', 'latin1') })
      expect(await frontEnd.read('mark.ts')).toBe('é')
      expect(await frontEnd.read('latin.ts')).toBe('caf\ufffd = 1')
    })

    test('a file of more than 2 MB is there, and is not read', async () => {
      const most = 2 * 1024 * 1024
      const frontEnd = await of({ 'big.js': 'x'.repeat(most + 1), 'most.js': 'y'.repeat(most) })
      await frontEnd.prefetch(['big.js', 'most.js'])
      await expect(frontEnd.read('big.js')).rejects.toMatchObject({
        code: 'ROUTER_UNREADABLE',
        message: expect.stringContaining('big.js'),
      })
      expect(await frontEnd.isFile('big.js')).toBe(true)
      expect(await frontEnd.read('most.js')).toHaveLength(most)
    })

    test('many files are read at once, whether they were read ahead or not', async () => {
      const files = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`src/${index}.ts`, `text ${index}`]))
      const frontEnd = await of(files)
      await frontEnd.prefetch([...Object.keys(files).slice(0, 150), 'src/none.ts', 'src', '../x'])
      const texts = await Promise.all(Object.keys(files).map(file => frontEnd.read(file)))
      expect(texts).toEqual(Object.values(files))
    })

    test('a file has the date of the last commit that changed it', async () => {
      const frontEnd = await make(
        { at: '2024-01-01T00:00:00Z', files: { 'a.ts': '1', 'b.ts': '1', 'pages/é ü.ts': '1', 'kept.ts': '1' } },
        { at: '2024-02-01T00:00:00Z', files: { 'a.ts': '2', link: { link: 'a.ts' }, 'renamed.ts': '1' } },
        { at: '2024-03-01T00:00:00Z', files: { 'pages/é ü.ts': '2', 'b.ts': null } },
        { at: '2024-04-01T00:00:00Z', files: {} },
      )
      const asked = ['a.ts', 'b.ts', 'pages/é ü.ts', 'link', './kept.ts', 'none.ts', 'pages', '../x']
      expect(await frontEnd.lastChanges(asked)).toEqual(
        new Map([
          ['a.ts', new Date('2024-02-01T00:00:00Z')],
          ['pages/é ü.ts', new Date('2024-03-01T00:00:00Z')],
          ['link', new Date('2024-02-01T00:00:00Z')],
          ['./kept.ts', new Date('2024-01-01T00:00:00Z')],
        ]),
      )
      expect(await frontEnd.lastChanges([])).toEqual(new Map())
    })

    test('the dates of hundreds of files are found in one walk', async () => {
      const pages = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`src/pages/${index}.ts`, '1']))
      const frontEnd = await make(
        { at: '2024-01-01T00:00:00Z', files: { ...pages, 'src/[x].ts': '1' } },
        { at: '2024-02-01T00:00:00Z', files: { 'src/pages/7.ts': '2', 'other.ts': '2' } },
      )
      const dates = await frontEnd.lastChanges([...Object.keys(pages), 'src/[x].ts'])
      expect(dates.size).toBe(401)
      expect(dates.get('src/pages/7.ts')).toEqual(new Date('2024-02-01T00:00:00Z'))
      expect(dates.get('src/[x].ts')).toEqual(new Date('2024-01-01T00:00:00Z'))
    })

    test('a walk through the history ends when it is told to', async () => {
      const frontEnd = await of({ 'a.ts': '1' })
      const reason = new Error('enough')
      await expect(frontEnd.lastChanges(['a.ts'], AbortSignal.abort(reason))).rejects.toBe(reason)
    })
  })
}
