import { describe, expect, test } from 'vitest'
import { linesOf, readFrontEnd, untoldOf } from '../../helpers/front-end-files.ts'

const HEAD_5 = `import React from 'react'
import { BrowserRouter, Switch, Route, Redirect } from 'react-router-dom'
const Page = () => <h1>Page</h1>
`
const HEAD_6 = `import { BrowserRouter, Routes, Route, useRoutes, createBrowserRouter } from 'react-router'
const Page = () => <h1>Page</h1>
`
const inSwitch = (routes: string, more = '') =>
  readFrontEnd({
    'src/App.tsx': `${HEAD_5}${more}
export default () => <BrowserRouter><Switch><Route path="/" exact component={Page} />
${routes}
</Switch></BrowserRouter>`,
  })
const module6 = (text: string) => readFrontEnd({ 'src/App.tsx': HEAD_6 + text })

describe('in a Switch, what cannot be told is named:', () => {
  test.each([
    [
      'a call of a package',
      '{extra()}',
      `import { extra } from 'shop'`,
      'which routes it gives is only known when it runs',
    ],
    [
      'a list of a package',
      '{list.map(r => <Route path={r.path} component={Page} />)}',
      `import { list } from 'shop'`,
      'the path of a route cannot be told, since it comes from the package shop',
    ],
    ['something of a package', '{extra}', `import { extra } from 'shop'`, 'its routes come from shop'],
    ['a component of a package', '<Extra />', `import { Extra } from 'shop'`, 'whether it has routes cannot be told'],
    [
      'properties of a package',
      '<Route {...extra()} />',
      `import { extra } from 'shop'`,
      'the path of a route cannot be told',
    ],
    ['a generator', '{[...all()]}', 'function* all() { yield <Route path="/a" /> }', 'since it is a generator'],
    [
      'what a hook gives',
      '{useMore()}',
      `import { useMore } from 'shop'`,
      'which routes it gives is only known when it runs',
    ],
    [
      'a translated path',
      '<Route path={t("/about")} />',
      'const { t } = useTranslation()',
      'it is what t("/about") gives',
    ],
    [
      'a list that a function changes',
      '{list.map(p => <Route path={p} />)}',
      'const list = ["/a"]; fill(list); function fill(l) { l.push(window.x) }',
      'list is changed there',
    ],
    [
      'a list that is cut',
      '{list.map(p => <Route path={p} />)}',
      'const list = ["/a", "/b"]; list.splice(window.x)',
      'list is changed there',
    ],
    [
      'a list that is filled by a function',
      '{list}',
      'const list = []; export const add = p => list.push(<Route path={p} />)',
      'it is given by what calls the function',
    ],
    ['a name that is nowhere', '{routes}', '', "routes is not defined in the front end's source"],
  ])('%s', async (_, routes, more, reason) => {
    const table = await inSwitch(routes, more)
    expect(linesOf(table)).toEqual(['/'])
    expect(untoldOf(table)).toEqual([expect.stringContaining(reason)])
    expect(untoldOf(table)[0]).toMatch(/^src\/App\.tsx:\d+ /)
  })

  test('of several paths those that can be told are, and the others are named', async () => {
    const table = await inSwitch('<Route path={["/a", process.env.B]} exact component={Page} />')
    expect([linesOf(table), untoldOf(table).length]).toEqual([['/', '/a'], 1])
  })
})

test('a list that is kept in state may have routes, wherever it is shown', async () => {
  const table = await readFrontEnd({
    'src/App.tsx': `${HEAD_5}export default () => { const [more] = React.useState([])
      return <BrowserRouter><Route path="/" exact component={Page} />{more.map(r => <Route path={r.path} />)}</BrowserRouter> }`,
  })
  expect(untoldOf(table)).toEqual([expect.stringContaining('it depends on what React.useState([]) gives')])
})

describe('among routes of v6, what cannot be told is named:', () => {
  test.each([
    ['a virtual module', `import more from '~react-pages'`, 'children: more', 'its routes come from ~react-pages'],
    [
      'a virtual list',
      `import more from 'virtual:generated-pages'`,
      'children: [...more]',
      'since it cannot be told what is in it',
    ],
    [
      'modules that the build finds',
      `const pages = import.meta.glob('./pages/*.tsx')`,
      'children: Object.keys(pages).map(path => ({ path, lazy: pages[path] }))',
      'it depends on what Object.keys(pages) gives',
    ],
    [
      'an object that is spread',
      `import { more } from 'shop'`,
      'children: [{ ...more }]',
      'the path of a route cannot be told',
    ],
    ['an object of a package', `import { more } from 'shop'`, 'children: [more]', 'its routes come from shop'],
    [
      'a function that nothing calls',
      '',
      'children: [() => ({ path: "/a" })]',
      'it stands where only routes can stand',
    ],
    [
      'a context',
      `import { useContext } from 'react'; const more = useContext(Pages)`,
      'children: more',
      'which routes it gives',
    ],
  ])('%s', async (_, more, children, reason) => {
    const table = await module6(`${more}
export const router = createBrowserRouter([{ path: '/', element: <Page /> }, { ${children} }])`)
    expect(linesOf(table)).toEqual(['/'])
    expect(untoldOf(table)).toEqual([expect.stringContaining(reason)])
    expect(untoldOf(table)[0]).toMatch(/^src\/App\.tsx:\d+ /)
  })

  test('routes that are added while it runs', async () => {
    const table = await module6(
      `export const router = createBrowserRouter([{ path: '/', element: <Page /> }], { patchRoutesOnNavigation() {} })`,
    )
    expect(untoldOf(table)).toEqual([expect.stringContaining('it adds routes while the front end runs')])
  })

  test('a basename of which there are two', async () => {
    const table = await module6(
      `export default () => <BrowserRouter basename={isOld ? '/old' : '/shop'}><Routes><Route path="/" element={<Page />} /></Routes></BrowserRouter>`,
    )
    expect([table.basename, untoldOf(table).length]).toEqual(['', 1])
  })
})

test('a page that asks for what only a visitor’s address has is a page', async () => {
  const table = await module6(`import { useParams, Navigate } from 'react-router'
    const Product = () => { const { id } = useParams(); if (!id) return <Navigate to="/404" />; return <Page /> }
    export default () => <Routes><Route path="/p/:id" element={<Product />} /></Routes>`)
  expect(linesOf(table)).toEqual(['/p/:id may redirect'])
})

test('routes that are written and never reached are noted', async () => {
  const table = await module6(`const Account = () => <Routes><Route path="orders" element={<Page />} /></Routes>
    export default () => <Routes><Route path="/account" element={<Account />} /></Routes>`)
  expect(linesOf(table)).toEqual(['/account'])
  expect(table.notes).toEqual([expect.stringContaining('/account shows has routes that are never reached')])
})

test('routes of React Router 3 are not taken for those of a later one', async () => {
  const table = await readFrontEnd(
    {
      'src/App.jsx': `import { Router, Route, IndexRoute, browserHistory } from 'react-router'
      export default () => <Router history={browserHistory}><Route path="/" component={A}><IndexRoute component={B} /></Route></Router>`,
    },
    'src/App.jsx',
  )
  expect(untoldOf(table)).toEqual([expect.stringContaining('routes of React Router 3 and before are not read')])
})

test('what takes more steps than any router is given up, and that is told', async () => {
  const reading = readFrontEnd({
    'src/App.tsx': `${HEAD_6}const few = [1, 2, 3, 4, 5, 6, 7, 8]
      const many = few.flatMap(a => few.flatMap(b => few.flatMap(c => few.flatMap(d => few.flatMap(e => few.flatMap(f => few.map(g => a + b + c + d + e + f + g)))))))
      export default () => <Routes>{many.map(n => <Route path={'/' + n} element={<Page />} />)}</Routes>`,
  })
  await expect(reading).rejects.toMatchObject({
    code: 'ROUTER_EMPTY',
    message: expect.stringContaining('src/App.tsx:4: the router takes too many steps to evaluate'),
  })
})
