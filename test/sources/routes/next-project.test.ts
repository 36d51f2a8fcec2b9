// A Next project: where its folders are, and what its configuration makes of their paths.
import { describe, expect, test } from 'vitest'
import type { RouteTable } from '../../../src/routes/route.ts'
import { openFolder } from '../../../src/sources/routes/front-end-folder.ts'
import { readNext } from '../../../src/sources/routes/next/next.ts'
import { readNextConfig } from '../../../src/sources/routes/next/next-config.ts'
import { findNextProject } from '../../../src/sources/routes/next/next-project.ts'
import { tempFolder } from '../../helpers/bundle.ts'
import { writeSource } from '../../helpers/source-repository.ts'
import { judgeBy } from './judge-by-table.ts'

async function inFolderOf<T>(files: readonly string[], work: (path: string) => Promise<T>): Promise<T> {
  await using temp = await tempFolder()
  await writeSource(temp.path, Object.fromEntries(files.map(file => [file, ''])))
  return await work(temp.path)
}

const find = (files: readonly string[], root: string) =>
  inFolderOf(files, async path => findNextProject(await openFolder(path, { name: 'shop' }), root))

const read = (files: readonly string[], settings: unknown = {}, root = ''): Promise<RouteTable> =>
  inFolderOf(files, async path => {
    const config = readNextConfig(settings, { file: 'next.config.js' })
    const table = await readNext(await openFolder(path, { name: 'shop' }), { root, judge: judgeBy(), config })
    if (table === undefined) throw new Error('There is no project.')
    return table
  })

const listed = ({ routes }: RouteTable): string[] => routes.map(({ kind, path }) => `${kind} ${path}`)

describe('the folders of a project', () => {
  test.each([
    ['at the top', ['app/page.tsx', 'pages/a.tsx'], '', { root: '', app: 'app', pages: 'pages' }],
    ['in src', ['src/app/page.tsx', 'package.json'], '', { root: '', app: 'src/app', pages: undefined }],
    ['at the top before src', ['app/page.tsx', 'src/app/b.tsx'], '', { app: 'app' }],
    ['of one of several projects', ['web/src/pages/a.tsx'], 'web', { root: 'web', pages: 'web/src/pages' }],
    [
      'of a project that is called app',
      ['app/app/page.tsx', 'app/package.json'],
      'app',
      { root: 'app', app: 'app/app' },
    ],
  ])('are found %s', async (_, files, root, expected) => {
    expect(await find(files, root)).toMatchObject(expected)
  })

  test.each([
    ['app', ['app/page.tsx', 'next.config.mjs'], { root: '', app: 'app', configFile: 'next.config.mjs' }],
    ['web/src/app', ['web/src/app/page.tsx', 'web/next.config.ts'], { root: 'web', configFile: 'web/next.config.ts' }],
    ['web/pages', ['web/pages/a.tsx', 'web/pages/app/b.tsx'], { root: 'web', app: undefined, pages: 'web/pages' }],
    ['src/pages', ['src/pages/a.tsx', 'src/package.json'], { root: 'src', pages: 'src/pages' }],
  ])('may be named themselves: %s', async (root, files, expected) => {
    expect(await find(files, root)).toMatchObject(expected)
  })

  test('one that is named is read alone, and the other is a note', async () => {
    const table = await read(['src/app/page.tsx', 'src/pages/old.tsx', 'next.config.js'], {}, 'src/app')
    expect(table.forms).toEqual(['next-app'])
    expect(listed(table)).toEqual(['page /'])
    expect(table.notes).toEqual(['src/pages is not read, since the router is said to be src/app.'])
  })

  test.each(['', 'app', 'web/src/pages'])('a folder without any is no project: "%s"', async root => {
    expect(await find(['src/index.ts', 'package.json'], root)).toBeUndefined()
  })

  test('the configuration is the one that Next takes first', async () => {
    expect(await find(['app/page.tsx', 'next.config.ts', 'next.config.mjs'], '')).toMatchObject({
      configFile: 'next.config.mjs',
    })
  })
})

describe('both folders side by side', () => {
  test('are two forms in one table, and the app folder has a path that both have', async () => {
    const table = await read([
      'app/page.tsx',
      'app/[slug]/page.tsx',
      'pages/index.tsx',
      'pages/[id].tsx',
      'pages/old.tsx',
    ])
    expect(table.forms).toEqual(['next-app', 'next-pages'])
    expect(listed(table)).toEqual(['page /', 'page /:slug', 'page /old'])
    expect(table.notes).toEqual([
      'pages/[id].tsx is not shown: app/[slug]/page.tsx has the same path, /:slug.',
      'pages/index.tsx is not shown: app/page.tsx has the same path, /.',
    ])
  })
})

describe('the configuration of a project', () => {
  const FILES = ['app/page.tsx', 'app/blog/[slug]/page.tsx', 'app/feed.xml/route.ts', 'app/about/page.tsx']

  test('gives the basename', async () => {
    expect((await read(FILES, { basePath: '/shop' })).basename).toBe('/shop')
    expect((await read(FILES)).basename).toBe('')
  })

  test('gives pages a slash at their end, and leaves files as they are', async () => {
    expect(listed(await read(FILES, { trailingSlash: true }))).toEqual([
      'page /',
      'page /about/',
      'page /blog/:slug/',
      'resource /feed.xml',
    ])
  })

  test('takes a page away where it redirects its address', async () => {
    const redirects = [
      { source: '/blog/:path*', destination: '/news/:path*' },
      { source: '/ABOUT', destination: '/us' },
    ]
    const table = await read(FILES, { redirects })
    expect(listed(table)).toEqual([
      'redirect /blog/:path*',
      'redirect /ABOUT',
      'page /',
      'redirect /about',
      'redirect /blog/:slug',
      'resource /feed.xml',
    ])
    expect(table.routes.map(({ to }) => to)).toEqual([
      '/news/:path*',
      '/us',
      undefined,
      '/us',
      '/news/:path*',
      undefined,
    ])
  })

  test('takes all away where it redirects everything', async () => {
    const table = await read(FILES, { redirects: [{ source: '/(.*)', destination: 'https://new.shop.example' }] })
    expect(table.routes.map(({ kind }) => kind)).toEqual(Array(5).fill('redirect'))
  })

  test('leaves a page that it redirects only sometimes, or in part', async () => {
    const redirects = [
      {
        source: '/:path*',
        has: [{ type: 'host', value: 'www.shop.example' }],
        destination: 'https://shop.example/:path*',
      },
      { source: '/blog/:id(\\d+)', destination: '/news/:id' },
      { source: '/blog', destination: '/blog/all' },
      { source: '/blog/:slug/:rest+', destination: '/blog/:slug' },
    ]
    expect(listed(await read(FILES, { redirects })).filter(route => route.startsWith('page'))).toEqual([
      'page /',
      'page /about',
      'page /blog/:slug',
    ])
  })

  test('adds what it shows at other addresses', async () => {
    const rewrites = [{ source: '/us', destination: '/about' }]
    expect(listed(await read(FILES, { rewrites, trailingSlash: true }))).toContain('page /us/')
  })

  test('says in which languages the pages folder is served', async () => {
    const i18n = { locales: ['en', 'de', 'fr'], defaultLocale: 'en' }
    expect((await read(['pages/index.tsx'], { i18n })).notes).toEqual([
      'Next serves the paths of pages below /de, /fr too (i18n).',
    ])
    expect((await read(['app/page.tsx'], { i18n })).notes).toEqual([])
  })
})
