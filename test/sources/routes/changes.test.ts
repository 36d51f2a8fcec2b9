import { describe, expect, test } from 'vitest'
import { linesOf, readFrontEnd, untoldOf } from '../../helpers/front-end-files.ts'

const paths = async (text: string, list = 'list'): Promise<readonly unknown[]> => {
  const table = await readFrontEnd({
    'src/App.tsx': `import { BrowserRouter, Switch, Route } from 'react-router-dom'
const Page = () => <h1>Page</h1>
${text}
export default () => <BrowserRouter><Switch><Route exact path="/" component={Page} />
{${list}.map(path => <Route key={path} exact path={path} component={Page} />)}</Switch></BrowserRouter>`,
  })
  return [linesOf(table), untoldOf(table)]
}

describe('what is done to a list after it is made counts:', () => {
  test.each([
    ['push', `const list = ['/a']; list.push('/b')`],
    ['push of several', `const list = []; list.push(...['/a'], '/b')`],
    ['a member of an object', `const shop = { list: ['/a'] }; shop.list.push('/b')`, 'shop.list'],
    ['a member of an item', `const shop = [{ list: ['/a'] }]; shop[0].list.push('/b')`, 'shop[0].list'],
    ['a static member of a class', `class Shop { static list = ['/a'] } Shop.list.push('/b')`, 'Shop.list'],
    ['a loop', `const list = []; for (const name of ['a', 'b']) { const path = '/' + name; list.push(path) }`],
    ['a loop over keys', `const list = []; for (const path in { '/a': 1, '/b': 2 }) list.push(path)`],
    [
      'a loop that counts',
      `const all = ['/a', '/b']; const list = []; for (let i = 0; i < all.length; i++) list.push(all[i])`,
    ],
    ['forEach', `const list = []; ['a', 'b'].forEach(name => { list.push('/' + name) })`],
    ['map, for its effect', `const list = []; ['a', 'b'].map(name => list.push('/' + name))`],
    ['another list instead', `let list = ['/x']; list = ['/a', '/b']`],
    ['itself and more', `let list = ['/a']; list = [...list, '/b']`],
    ['a text that grows', `let b = '/'; b += 'b'; const list = ['/a', b]`],
    ['reduce that pushes', `const list = ['a', 'b'].reduce((all, name) => { all.push('/' + name); return all }, [])`],
    [
      'reduce that sets',
      `const all = ['a', 'b'].reduce((all, name) => { all[name] = '/' + name; return all }, {})`,
      'Object.values(all)',
    ],
    [
      'names that are computed',
      `const all = {}; for (const name of ['a', 'b']) all['x' + name] = '/' + name`,
      'Object.values(all)',
    ],
    ['Object.assign', `const all = { a: '/a' }; Object.assign(all, { b: '/b' })`, 'Object.values(all)'],
    [
      'a function that builds it',
      `const make = (names, list = []) => { for (const n of names) list.push('/' + n); return list }; const list = make(['a', 'b'])`,
    ],
    [
      'a parameter that is set',
      `const slash = path => { path = '/' + path; return path }; const list = [slash('a'), slash('b')]`,
    ],
    [
      'a field of the constructor',
      `class Shop { constructor() { this.list = ['/a', '/b'] } } const shop = new Shop()`,
      'shop.list',
    ],
    [
      'what is known to be so',
      `const list = ['/a']; if (process.env.NODE_ENV === 'production') { list.push('/b') } else { list.push('/c') }`,
    ],
  ])('%s', async (_, text, list = 'list') => {
    expect(await paths(text, list)).toEqual([['/', '/a', '/b'], []])
  })

  test('under its condition, and under the contrary', async () => {
    const text = `const list = []; if (isNew) { list.push('/a') } else { list.push('/b') }`
    expect(await paths(text)).toEqual([['/', '/a if isNew', '/b if !(isNew)'], []])
  })

  test('under a condition where a loop may pass over it', async () => {
    const text = `const list = []; for (const path of ['/a', '/b']) { if (isOld(path)) continue; list.push(path) }`
    expect(await paths(text)).toEqual([['/', '/a if it comes to it', '/b if it comes to it'], []])
  })

  test('and is not guessed', async () => {
    const [lines, untold] = await paths(`const list = ['/a']; let i = 0; while (more()) { list.push('/' + i); i++ }`)
    expect([lines, untold]).toEqual([['/', '/a'], [expect.stringContaining('i is changed there')]])
  })
})

test.each([
  ['lodash', `import _ from 'lodash'; const list = _.map(['a', 'b'], name => '/' + name)`],
  ['one function of lodash', `import map from 'lodash/map'; const list = map({ x: 'a', y: 'b' }, name => '/' + name)`],
  [
    'flatten and compact',
    `import { flatten, compact } from 'lodash-es'; const list = compact(flatten([['/a', null], '/b']))`,
  ],
  ['Array.from', `const list = Array.from(['a', 'b'], name => '/' + name)`],
  ['import = require', `import all = require('./all'); const list = [all.a, all.b]`],
])('lists are made by %s', async (_, text) => {
  const table = await readFrontEnd({
    'src/all.ts': `export = { a: '/a', b: '/b' }`,
    'src/App.tsx': `import { Routes, Route } from 'react-router'
${text}
export default () => <Routes>{list.map(path => <Route key={path} path={path} element={<p />} />)}</Routes>`,
  })
  expect([linesOf(table), untoldOf(table)]).toEqual([['/a', '/b'], []])
})
