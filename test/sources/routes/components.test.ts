import { describe, expect, test } from 'vitest'
import { type Files, linesOf, readFrontEnd, untoldOf } from '../../helpers/front-end-files.ts'

const HEAD = `import React from 'react'
import { BrowserRouter, Switch, Route, Redirect } from 'react-router-dom'
const Page = () => <h1>Page</h1>
`
const read = async (text: string, more: Files = {}) => {
  const table = await readFrontEnd({ 'src/App.tsx': HEAD + text, ...more })
  return [linesOf(table), untoldOf(table)]
}
const shown = (app: string, more = '') => read(`${more}\nexport default () => <BrowserRouter>${app}</BrowserRouter>`)

describe('a component is followed through what it is wrapped in:', () => {
  const inner = 'const Shop = () => <Route path="/shop/:id" exact component={Page} />\n'
  const file = { 'src/shop.tsx': `${HEAD}${inner}export default Shop; export { Shop }` }
  test.each([
    ['memo', 'const W = React.memo(Shop)'],
    ['forwardRef', 'const W = React.forwardRef((props, ref) => <Shop {...props} />)'],
    ['connect', 'const W = connect(state => state)(Shop)'],
    ['compose', 'const W = compose(withA, withB({ x: 1 }))(Shop)'],
    ['styled', 'const W = styled(Shop)`color: red`'],
    [
      'its own HOC',
      'const wrap = C => function Wrapped(props) { return <main><C {...props} /></main> }; const W = wrap(Shop)',
    ],
    [
      'a HOC that gives a class',
      'const wrap = C => class extends React.Component { render() { return <C {...this.props} /> } }; const W = wrap(Shop)',
    ],
    [
      'a decorator',
      '@observer class W extends React.Component { render() { return this.props.ready ? <Shop /> : null } }',
    ],
    [
      'a class that it inherits from',
      'class Base extends React.Component { content() { return <Shop /> } render() { return this.content() } } class W extends Base {}',
    ],
    ['a choice', 'const W = isMobile ? Page : Shop'],
  ])('%s', async (_, more) => {
    const [lines] = await shown('<Route path="/shop" component={W} />', inner + more)
    expect(lines?.[0]).toMatch(/^\/shop\/:id/)
  })

  test.each([
    ['lazy', `React.lazy(() => import('./shop'))`],
    ['lazy of a named export', `React.lazy(() => import('./shop').then(m => ({ default: m.Shop })))`],
    [
      'lazy that awaits',
      `React.lazy(async () => { const { Shop } = await import('./shop'); return { default: Shop } })`,
    ],
    ['loadable', `loadable(() => import(/* webpackChunkName: "shop" */ './shop'), { fallback: <p /> })`],
    ['Loadable with options', `Loadable({ loader: () => import('./shop'), loading: () => null })`],
    ['a loader that tries again', `retry(() => import('./shop'))`],
    ['require', `require('./shop').default`],
  ])('and loaded: %s', async (_, loaded) => {
    const retry = `const retry = load => React.lazy(async () => { try { const m = await load(); done(); return m } catch (e) { location.reload(); throw e } })\n`
    const text = `import Loadable from 'react-loadable'; import loadable from '@loadable/component'\n${retry}const W = ${loaded}
      export default () => <BrowserRouter><Route path="/shop" component={W} /></BrowserRouter>`
    expect(await read(text, file)).toEqual([['/shop/:id', '/shop'], []])
  })
})

describe('elements are found where they are given to others:', () => {
  const route = (path: string): string => `<Route path="${path}" exact component={Page} />`
  test.each([
    ['as children of a package’s component', `<Foreign>${route('/a')}</Foreign>`],
    ['in its properties', `<Foreign extra={${route('/a')}} />`],
    ['in lists and objects', `<Tabs items={[{ key: 1, children: ${route('/a')} }]} />`],
    ['in render functions', `<Foreign renderMore={() => ${route('/a')}} />`],
    ['as components', '<Foreign component={Inner} />'],
    ['in children that are a function', `<Foreign>{({ x }) => <div>${route('/a')}</div>}</Foreign>`],
    ['in a call of a package', `{transition((style, item) => <p style={style}>${route('/a')}</p>)}`],
    ['in a list that is not known', `{transition.map(({ item }) => <p key={item}>${route('/a')}</p>)}`],
    ['in children that are copied', `<Copy>${route('/a')}</Copy>`],
    ['in a component within itself', `<Box><Box>${route('/a')}</Box></Box>`],
  ])('%s', async (_, app) => {
    const more = `import { Foreign, Tabs, transition } from 'ui'
      const Inner = () => ${route('/a')}
      const Box = ({ children }) => <div>{children}</div>
      const Copy = ({ children }) => <div>{React.Children.map(children, child => React.cloneElement(child, { x: 1 }))}</div>`
    expect(await shown(app, more)).toEqual([['/a'], []])
  })
})

describe('one component with other data shows other routes', () => {
  test('side by side', async () => {
    const more =
      'const List = ({ paths }) => <Switch>{paths.map(p => <Route key={p} path={p} exact component={Page} />)}</Switch>'
    const app = '<List paths={[]} /><List paths={["/a"]} /><List paths={["/b"]} />'
    expect(await shown(app, more)).toEqual([['/a', '/b'], []])
  })

  test('and within itself', async () => {
    const more = `
      const routes = [{ path: '/a', component: Page }, { path: '/b', component: Menu, routes: [
        { path: '/b/c', component: Page }, { path: '/b/d', component: Menu, routes: [{ path: '/b/d/e', component: Page }] }] }]
      function Sub(route) { return <Route path={route.path} render={props => <route.component {...props} routes={route.routes} />} /> }
      function Menu({ routes }) { return <Switch>{routes.map(route => <Sub key={route.path} {...route} />)}</Switch> }`
    expect(await shown('<Menu routes={routes} />', more)).toEqual([['/a …', '/b/c …', '/b/d/e …', '/b/d', '/b'], []])
  })
})

describe('in a Switch, a component without a Route of its own', () => {
  test.each([
    ['without a path is what all the rest leads to', '<Page />', 'catch-all /*'],
    ['with a path is matched by it', '<Page path="/x" exact />', '/x'],
    ['that redirects sends all the rest elsewhere', '<Home />', 'catch-all /* to /'],
    ['and HTML, too', '<p>Not found</p>', 'catch-all /*'],
  ])('%s', async (_, child, line) => {
    const app = `<Switch><Route path="/" exact component={Page} />${child}</Switch>`
    expect(await shown(app, 'const Home = () => <Redirect to="/" />')).toEqual([['/', line], []])
  })
})

describe('a component of the front end around a route', () => {
  test.each([
    [
      'with defaults of a class',
      'class R extends React.Component { static defaultProps = { exact: true }; render() { return <Route {...this.props} /> } }',
    ],
    ['with defaults that are set', 'const R = props => <Route {...props} />; R.defaultProps = { exact: true }'],
    ['with defaults of its parameters', 'const R = ({ exact = true, ...rest }) => <Route exact={exact} {...rest} />'],
    [
      'that guests see only',
      'const R = ({ component: C, ...rest }) => { const user = useUser(); return <Route exact {...rest} render={p => user ? <Redirect to="/" /> : <C {...p} />} /> }',
    ],
  ])('%s', async (_, more) => {
    const [lines] = await shown('<Switch><R path="/login" component={Page} /></Switch>', more)
    expect(lines?.[0]).toMatch(/^\/login(?: guarded by R)?$/)
  })

  test('is not taken for the page that it is made of', async () => {
    const table = await readFrontEnd({
      'src/App.tsx': `${HEAD}import { load, framed } from './load'; import Terms from './terms'
        const Home = load(() => import('./home'))
        export default () => <BrowserRouter><Route exact path="/" component={Home} /><Route exact path="/terms" component={framed(Terms)} /></BrowserRouter>`,
      'src/load.tsx': `import React, { lazy, Suspense } from 'react'
        export const load = loader => { const Page = lazy(loader); return props => <Suspense fallback={<i />}><Page {...props} /></Suspense> }
        export const framed = Page => props => <main><Page {...props} /></main>`,
      'src/home.tsx': 'export default () => <h1>Home</h1>',
      'src/terms.tsx': 'export default function Terms() { return <h1>Terms</h1> }',
    })
    expect(table.routes.map(({ component }) => component)).toEqual(['src/home.tsx', 'src/terms.tsx'])
  })

  test('is no condition of routes that are on both sides of it', async () => {
    const more =
      'const Wide = ({ children }) => <main>{children}</main>; const Narrow = ({ children }) => <p>{children}</p>'
    expect(
      await read(`${more}
      export default () => { const Layout = useWidth() > 800 ? Wide : Narrow
        return <BrowserRouter><Layout><Route path="/a" exact component={Page} /></Layout></BrowserRouter> }`),
    ).toEqual([['/a'], []])
  })
})
