// React Router's file convention: which tree of routes the names make.
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import {
  type FlatRoutes,
  type FlatRoutesOptions,
  type RouteFile,
  readFlatRoutes,
} from '../../../src/sources/routes/framework/flat-routes.ts'
import { openFolder } from '../../../src/sources/routes/front-end-folder.ts'
import { tempFolder } from '../../helpers/bundle.ts'
import { writeSource } from '../../helpers/source-repository.ts'

const SHOP = fileURLToPath(new URL('../../fixtures/front-ends/flat-routes', import.meta.url))

async function read(files: readonly string[], options: Omit<FlatRoutesOptions, 'appFolder'> = {}): Promise<FlatRoutes> {
  await using temp = await tempFolder()
  await writeSource(temp.path, Object.fromEntries(files.map(file => [`app/${file}`, ''])))
  return await readFlatRoutes(await openFolder(temp.path, { name: 'shop' }), { appFolder: 'app', ...options })
}

/** A line a route, indented as it is nested. */
const outline = (routes: readonly RouteFile[], indent = ''): string[] =>
  routes.flatMap(({ file, path, index, children = [] }) => [
    `${indent}${index ? 'index' : 'route'} ${path ?? '-'} ${file.replace('routes/', '')}`,
    ...outline(children, `${indent}  `),
  ])

describe('a name', () => {
  test.each([
    ['about', 'about'],
    ['shop.cart', 'shop/cart'],
    ['products.$slug', 'products/:slug'],
    ['docs.$', 'docs/*'],
    ['$', '*'],
    ['($lang).about', ':lang?/about'],
    ['(en).about', 'en?/about'],
    ['_shop.cart', 'cart'],
    ['_shop', undefined],
    ['products_.compare', 'products/compare'],
    ['$id_.edit', ':id/edit'],
    ['sitemap[.]xml', 'sitemap.xml'],
    ['[_private]', '_private'],
    ['[$]price', '$price'],
    ['a[.b]c.d', 'a.bc/d'],
    ['([a.b])', 'a.b?'],
    ['tail[_]', 'tail_'],
    ['_', undefined],
  ])('%s', async (name, path) => {
    const { routes, unresolved, notes } = await read([`routes/${name}.tsx`])
    expect(routes).toEqual([{ file: `routes/${name}.tsx`, ...(path !== undefined && { path }) }])
    expect([unresolved, notes]).toEqual([[], []])
  })

  test.each([
    ['_index', undefined],
    ['shop._index', 'shop'],
    ['($lang)._index', ':lang?'],
  ])('%s is an index', async (name, path) => {
    expect((await read([`routes/${name}.tsx`])).routes).toEqual([
      { file: `routes/${name}.tsx`, ...(path !== undefined && { path }), index: true },
    ])
  })

  test.each([
    ['routes/a[*].tsx', 'the router refuses "*" in a name'],
    ['routes/[:]a.tsx', 'the router refuses ":" in a name'],
  ])('%s is told and not guessed', async (file, reason) => {
    const { routes, unresolved } = await read([file, 'routes/about.tsx'])
    expect(routes).toEqual([{ file: 'routes/about.tsx', path: 'about' }])
    expect(unresolved).toMatchObject([{ file: `app/${file}`, reason }])
  })
})

test('a file without an extension is a note', async () => {
  const { routes, notes } = await read(['routes/README', 'routes/about.tsx'])
  expect(routes).toEqual([{ file: 'routes/about.tsx', path: 'about' }])
  expect(notes).toEqual(['routes/README is no route, since its name has no extension.'])
})

describe('a tree', () => {
  test('a name is below the longest one that it begins with', async () => {
    const { routes } = await read(
      ['a', 'a.b', 'a.b.c.d', 'a_.b.c', 'ab', '_x', '_x.c', '_x.c._index', '$id', '$id.edit'].map(
        name => `routes/${name}.tsx`,
      ),
    )
    expect(outline(routes)).toEqual([
      'route a/b/c a_.b.c.tsx',
      'route :id $id.tsx',
      '  route edit $id.edit.tsx',
      'route - _x.tsx',
      '  route c _x.c.tsx',
      '    index - _x.c._index.tsx',
      'route ab ab.tsx',
      'route a a.tsx',
      '  route b a.b.tsx',
      '    route c/d a.b.c.d.tsx',
    ])
  })

  test('a folder is a route by its file route or index, and its other files are none', async () => {
    const { routes } = await read([
      'routes/a/route.tsx',
      'routes/a/index.tsx',
      'routes/a/menu.tsx',
      'routes/a.b/index.jsx',
      'routes/a.c/menu.tsx',
      'routes/a.d/deep/route.tsx',
    ])
    expect(outline(routes)).toEqual(['route a a/route.tsx', '  route b a.b/index.jsx'])
  })

  test('of two with one name, or one path, the first is used and the other is a note', async () => {
    const { routes, notes } = await read([
      'routes/a.jsx',
      'routes/a.tsx',
      'routes/_x.shop.tsx',
      'routes/_y.shop.tsx',
      'routes/_y.shop.cart.tsx',
      'routes/_x._index.tsx',
      'routes/_index.tsx',
    ])
    expect(outline(routes)).toEqual(['index - _x._index.tsx', 'route shop _x.shop.tsx', 'route a a.jsx'])
    expect(notes).toEqual([
      'routes/a.tsx is not used, since routes/a.jsx has the same name.',
      'routes/_y.shop.tsx is not used, nor what is below it, since routes/_x.shop.tsx has the same path.',
      'routes/_index.tsx is not used, nor what is below it, since routes/_x._index.tsx has the same path.',
    ])
  })
})

describe('options', () => {
  test('files that are hidden or match a pattern are not used', async () => {
    const files = ['routes/a.tsx', 'routes/a.test.tsx', 'routes/.hidden.tsx', 'routes/old/route.tsx', 'routes/b.css']
    const { routes } = await read(files, { ignoredRouteFiles: ['**/*.test.tsx', 'routes/old', '**/*.css'] })
    expect(outline(routes)).toEqual(['route a a.tsx'])
  })

  test.each(['pages/all', './pages/all/'])('the folder may be another: %s', async rootDirectory => {
    const { routes } = await read(['pages/all/a.b.tsx', 'routes/c.tsx'], { rootDirectory })
    expect(routes).toEqual([{ file: 'pages/all/a.b.tsx', path: 'a/b' }])
  })

  test('a folder that is not there has no routes', async () => {
    expect(await read(['root.tsx'])).toEqual({ routes: [], unresolved: [], notes: [] })
  })
})

test('a shop has this tree', async () => {
  const frontEnd = await openFolder(SHOP, { name: 'shop' })
  const { routes, unresolved, notes } = await readFlatRoutes(frontEnd, {
    appFolder: 'app',
    ignoredRouteFiles: ['**/*.test.tsx'],
  })
  expect(outline(routes)).toEqual([
    'route :lang?/journal/* ($lang).journal.$.tsx',
    'route products/compare products_.compare.tsx',
    'route sitemap.xml sitemap[.]xml.ts',
    'route help/returns help.returns/index.tsx',
    'route products products.tsx',
    '  index - products._index.tsx',
    '  route :slug products.$slug.tsx',
    'route account account/route.tsx',
    '  route orders/:id account.orders.$id.tsx',
    '  index - account._index.tsx',
    'index - _index.tsx',
    'route - _auth.tsx',
    '  route register _auth.register.tsx',
    '  route login _auth.login.tsx',
    'route about about.tsx',
    'route * $.tsx',
  ])
  expect([unresolved, notes]).toEqual([[], []])
})
