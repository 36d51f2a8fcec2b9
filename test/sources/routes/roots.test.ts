import { describe, expect, test } from 'vitest'
import { type Files, linesOf, readFrontEnd } from '../../helpers/front-end-files.ts'

const HEAD = `import React from 'react'
import { createRoot } from 'react-dom/client'
import ReactDOM from 'react-dom'
import { BrowserRouter, Router, Switch, Route } from 'react-router-dom'
`
const APP = '<BrowserRouter basename="/shop"><Route path="/a" exact /></BrowserRouter>'
const only = async (text: string, more: Files = {}, router = 'src/index.jsx') => {
  const table = await readFrontEnd({ 'src/index.jsx': text, ...more }, router)
  return [table.basename, linesOf(table)]
}

describe('what a module mounts is found', () => {
  test.each([
    ['at once', `ReactDOM.render(${APP}, el)`],
    ['in a root that has a name', `const root = createRoot(el); root.render(${APP})`],
    ['under a condition', `if (el) { createRoot(el).render(${APP}) }`],
    ['behind &&', `el && createRoot(el).render(${APP})`],
    ['in a function', `function start() { createRoot(el).render(${APP}) }\nstart()`],
    [
      'in an async one',
      `async function start() { await ready(); createRoot(el).render(${APP}) }\nstart().catch(console.error)`,
    ],
    ['when something else is done', `i18n.init().then(() => createRoot(el).render(${APP}))`],
    [
      'when the page is loaded',
      `document.addEventListener('DOMContentLoaded', () => { createRoot(el).render(${APP}) })`,
    ],
    ['in a function that is called at once', `(async () => { try { createRoot(el).render(${APP}) } catch {} })()`],
    [
      'by a function that is given the component',
      `const App = () => <Route path="/a" exact />
      const render = Component => { ReactDOM.render(<BrowserRouter basename="/shop"><Component /></BrowserRouter>, el) }
      render(App)
      if (module.hot) module.hot.accept('./App', () => render(require('./App').default))`,
    ],
  ])('%s', async (_, text) => {
    expect(await only(HEAD + text)).toEqual(['/shop', ['/a']])
  })

  test('in a module that it loads to do so', async () => {
    const more = { 'src/bootstrap.jsx': `${HEAD}createRoot(el).render(${APP})` }
    expect(await only(`import('./bootstrap')`, more)).toEqual(['/shop', ['/a']])
  })
})

describe('without that it is what the module exports', () => {
  test.each([
    ['a component', 'export default () => <Route path="/a" exact />'],
    ['an element', 'export const app = <Route path="/a" exact />'],
    ['a function with a small letter', 'export const renderRoutes = () => <Route path="/a" exact />'],
    ['a function of its own', 'const App = () => <Route path="/a" exact />'],
  ])('%s', async (_, text) => {
    expect(await only(HEAD + text)).toEqual(['', ['/a']])
  })

  test.each([
    ['default', `export { default } from './App'`],
    ['all', `export * from './App'`],
    ['by another name', `export { App as Routes } from './App'`],
  ])('or passes on: %s', async (_, text) => {
    const app = `${HEAD}export const App = () => <Route path="/a" exact />\nexport default App`
    expect(await only(text, { 'src/App.jsx': app })).toEqual(['', ['/a']])
  })

  test.each([
    ['a list', `[{ path: '/a', element: <p /> }]`],
    ['an object of lists', `{ shop: [{ path: '/a', element: <p /> }] }`],
    ['an object of routes', `{ shop: { path: '/a', element: <p /> } }`],
    ['a function that gives a list', `user => [{ path: '/a', element: <p /> }]`],
  ])('or has as data: %s', async (_, data) => {
    expect(await only(`export const routes = ${data}`)).toEqual(['', ['/a']])
  })

  test('or has as elements for another', async () => {
    const text = `import { Route } from 'react-router'
      export const routes = <Route path="/" element={<p />}><Route index element={<p />} /><Route path="a" element={<p />} /></Route>`
    expect(await only(text)).toEqual(['', ['/', '/a']])
  })
})

describe('the basename', () => {
  test.each([
    [
      'of a history',
      `import { createBrowserHistory } from 'history'; const history = createBrowserHistory({ basename: '/shop' })`,
      '<Router history={history}>',
      '</Router>',
    ],
    [
      'of one of two routers',
      `const R = isServer ? StaticRouter : BrowserRouter; import { StaticRouter } from 'react-router-dom'`,
      '<R basename="/shop">',
      '</R>',
    ],
    [
      'of the router with addresses',
      `import { HashRouter } from 'react-router-dom'; const R = isDesktop ? HashRouter : BrowserRouter`,
      '<R basename="/shop/">',
      '</R>',
    ],
  ])('%s', async (_, more, open, close) => {
    expect(await only(`${HEAD}${more}\nexport default () => ${open}<Route path="/a" exact />${close}`)).toEqual([
      '/shop',
      ['/a'],
    ])
  })
})
