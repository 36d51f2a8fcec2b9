import { describe, expect, test } from 'vitest'
import { type Files, linesOf, readFrontEnd, untoldOf } from '../../helpers/front-end-files.ts'

const app = (from: string): string => `import { Routes, Route } from 'react-router'
import { sale } from '${from}'
export default () => <Routes><Route path={sale} element={<p />} /></Routes>`
const PATHS = `export const sale = '/sale'`

describe('a file of the front end is found', () => {
  const cases: Readonly<Record<string, readonly [from: string, files: Files]>> = {
    'beside it': ['./paths', { 'src/paths.ts': PATHS }],
    'as a folder': ['./paths', { 'src/paths/index.js': PATHS }],
    'by the name that it will be compiled to': ['./paths.js', { 'src/paths.ts': PATHS }],
    'with a query for the bundler': ['./paths?raw', { 'src/paths.ts': PATHS }],
    'from the root': ['/src/paths', { 'src/paths.ts': PATHS }],
    'by paths of tsconfig, with comments in it': [
      '@/paths',
      {
        'src/paths.ts': PATHS,
        'tsconfig.json': '{ // ours\n "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["./src/*"], }, } }',
      },
    ],
    'by paths that tsconfig extends': [
      '~paths',
      {
        'config/base.json': '{ "compilerOptions": { "paths": { "~*": ["../src/*"] } } }',
        'src/paths.ts': PATHS,
        'tsconfig.json': '{ "extends": ["@tsconfig/strictest", "./config/base"] }',
      },
    ],
    'by tsconfig.app.json, as Vite makes it': [
      '@/paths',
      {
        'src/paths.ts': PATHS,
        'tsconfig.json': '{ "files": [], "references": [{ "path": "./tsconfig.app.json" }] }',
        'tsconfig.app.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }',
      },
    ],
    'by baseUrl alone': [
      'paths',
      { 'src/paths.ts': PATHS, 'jsconfig.json': '{ "compilerOptions": { "baseUrl": "src" } }' },
    ],
    'by an alias of Vite': [
      '@/paths',
      {
        'src/paths.ts': PATHS,
        'vite.config.ts': `import { defineConfig } from 'vite'; import path from 'node:path'
          export default defineConfig(({ mode }) => ({ plugins: [react()], resolve: { alias: { '@': path.resolve(__dirname, './src') } } }))`,
      },
    ],
    'by a list of aliases': [
      '@paths',
      {
        'src/paths.ts': PATHS,
        'vite.config.mts': `import { fileURLToPath, URL } from 'node:url'
          export default { resolve: { alias: [{ find: '@paths', replacement: fileURLToPath(new URL('./src/paths', import.meta.url)) }] } }`,
      },
    ],
    'by an alias of webpack': [
      'app/paths',
      {
        'src/paths.js': PATHS,
        'webpack.config.js': `const path = require('path'); module.exports = { resolve: { alias: { app: path.join(__dirname, 'src') } } }`,
      },
    ],
    'from a folder that the bundler looks in': ['shop/paths', { 'src/shop/paths.ts': PATHS }],
    'by imports of package.json': [
      '#app/paths',
      {
        'src/paths.ts': PATHS,
        'package.json': '{ "imports": { "#app/*": { "types": "./types/*", "default": "./src/*.ts" } } }',
      },
    ],
    'in a package of the workspace': [
      '@acme/paths',
      {
        'package.json': '{ "workspaces": ["packages/*"] }',
        'packages/paths/package.json': '{ "name": "@acme/paths", "main": "dist/index.js" }',
        'packages/paths/src/index.ts': `export * from './all'`,
        'packages/paths/src/all.ts': PATHS,
      },
    ],
    'in a part of such a package, with pnpm': [
      '@acme/shared/paths',
      {
        'pnpm-workspace.yaml': 'packages:\n  - libs/**\n',
        'libs/shared/package.json': '{ "name": "@acme/shared", "exports": { "./paths": { "import": "./paths.mjs" } } }',
        'libs/shared/paths.mjs': PATHS,
      },
    ],
  }
  test.each(Object.entries(cases))('%s', async (_, [from, files]) => {
    const table = await readFrontEnd({ 'src/App.tsx': app(from), ...files })
    expect([linesOf(table), untoldOf(table)]).toEqual([['/sale'], []])
  })

  test('by an alias that the configuration gives', async () => {
    const files = { 'src/App.tsx': app('shop/paths'), 'src/lib/paths.ts': PATHS }
    const table = await readFrontEnd(files, 'src/App.tsx', { aliases: { shop: 'src/lib' } })
    expect(linesOf(table)).toEqual(['/sale'])
  })
})

test('an alias that leads to a package is no file of the front end', async () => {
  const table = await readFrontEnd({
    'src/App.tsx': `import { Suspense } from 'react'; import { Routes, Route } from 'react-router'
      export default () => <Suspense><Routes><Route path="/" element={<p />} /></Routes></Suspense>`,
    'vite.config.js': `import { resolve } from 'path'
      export default { resolve: { alias: { react: resolve('./node_modules/react'), 'react-router': resolve(__dirname, 'node_modules/react-router') } } }`,
  })
  expect([linesOf(table), table.notes]).toEqual([['/'], []])
})

describe('what is not there', () => {
  test('is named where a path is made of it', async () => {
    const table = await readFrontEnd({
      'src/App.tsx': `${app('./paths').replace('</Routes>', '<Route path="/" element={<p />} /></Routes>')}`,
    })
    expect([linesOf(table), untoldOf(table)]).toEqual([
      ['/'],
      [
        'src/App.tsx:2 the path of a route cannot be told, since there is no file for ./paths, which src/App.tsx imports',
      ],
    ])
  })

  test('or cannot be read is a note where it only shows something', async () => {
    const table = await readFrontEnd({
      'src/App.tsx': `import { Routes, Route } from 'react-router'
        import { Missing } from './missing'; import Broken from './broken'; import logo from './logo.svg'; import './app.css'
        export default () => <Routes><Route path="/a" element={<Missing />} /><Route path="/b" element={<Broken />} /></Routes>`,
      'src/broken.tsx': 'export default function Broken( { return <p>',
      'src/logo.svg': '<svg/>',
      'src/app.css': 'p {}',
    })
    expect(linesOf(table)).toEqual(['/a', '/b'])
    expect(table.notes).toEqual([
      expect.stringContaining('src/broken.tsx could not be read as it should'),
      expect.stringContaining('<Missing> was not followed, since there is no file for ./missing'),
      expect.stringContaining('<Broken> was not followed'),
    ])
  })

  test('leads no further than the front end’s own repository', async () => {
    const table = await readFrontEnd({
      'src/App.tsx': `${app('../../../../etc/passwd').replace('</Routes>', '<Route path="/" element={<p />} /></Routes>')}`,
    })
    expect(untoldOf(table)).toEqual([expect.stringContaining('there is no file for ../../../../etc/passwd')])
  })
})

describe('source of all kinds', () => {
  test.each([
    ['JSX in .js', 'App.js', ''],
    [
      'type annotations of Flow in .js',
      'App.js',
      '// @flow\ntype Props = { a: string };\nconst f = (x: Props): void => {};\n',
    ],
    ['decorators', 'App.tsx', '@observer class Store { @action.bound go() {} accessor x = 1 }\n'],
    ['a byte order mark and other line ends', 'App.tsx', '\uFEFF// x\r\n'],
    ['a line to run it by', 'App.tsx', '#!/usr/bin/env node\n'],
  ])('is read: %s', async (_, name, text) => {
    const table = await readFrontEnd(
      {
        [`src/${name}`]: `${text}import { Routes, Route } from 'react-router'\nexport default () => <Routes><Route path="/a" element={<p />} /></Routes>`,
      },
      `src/${name}`,
    )
    expect(linesOf(table)).toEqual(['/a'])
  })

  test('that is in a circle ends', async () => {
    const table = await readFrontEnd({
      'src/App.tsx': `import { Routes, Route } from 'react-router'; import { a } from './a'; import * as self from './App'
        export const own = self.own
        const Tree = ({ depth }) => <div><Tree depth={depth + 1} /></div>
        const loop = n => loop(n + 1)
        const grow = (text, n) => n > 0 ? grow(text + text, n - 1) : text
        export default () => <Routes><Route path={a} element={<Tree depth={0} />} /><Route path={own} element={<p />} />
          <Route path={loop(0)} element={<p />} /><Route path={grow('x', 100)} element={<p />} /><Route path="/" element={<p />} /></Routes>`,
      'src/a.ts': `import { b } from './b'; export const a = b`,
      'src/b.ts': `import { a } from './a'; export const b = a`,
    })
    expect(linesOf(table)).toEqual(['/'])
    expect(table.unresolved).toHaveLength(4)
  })

  test('of an expression that takes for ever is not waited for', async () => {
    const text = `import { Routes, Route } from 'react-router'
      const path = '${'a'.repeat(40)}!'.replace(/^(a+)+$/, '/x')
      export default () => <Routes><Route path="/" element={<p />} /><Route path={path} element={<p />} /></Routes>`
    const table = await readFrontEnd({ 'src/App.tsx': text })
    expect([linesOf(table), table.unresolved.length]).toEqual([['/'], 1])
  })
})
