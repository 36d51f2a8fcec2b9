import { describe, expect, test } from 'vitest'
import { linesOf, readFrontEnd, untoldOf } from '../../helpers/front-end-files.ts'

const HEAD = `import React from 'react'
import { BrowserRouter, Switch, Route, Redirect, withRouter, useRouteMatch, generatePath } from 'react-router-dom'
const Page = () => <h1>Page</h1>
`
const inSwitch = (routes: string, more = ''): Promise<string[]> =>
  readFrontEnd({
    'src/App.tsx': `${HEAD}${more}export default () => <BrowserRouter><Switch>${routes}</Switch></BrowserRouter>`,
  }).then(linesOf)

describe('routes of a Switch', () => {
  test('have paths from the top, exact ones without what is below them', async () => {
    const routes = `
      <Route exact path="/" component={Page} />
      <Route path="/about/" exact={true} render={() => <Page />} />
      <Route path="/search" component={Page} />
      <Route path={['/cart', '/basket/:token?']} exact><Page /></Route>
      <Route path="/product/:slug([a-z-0-9]+)/:id(\\d+)/" component={Page} />
      <Route component={Page} />`
    expect(await inSwitch(routes)).toEqual([
      '/',
      '/about/',
      '/search …',
      '/cart',
      '/basket/:token',
      '/basket',
      '/product/:slug([a-z-0-9]+)/:id(\\d+)/ …',
      'catch-all /*',
    ])
  })

  test('redirect from one place, or from all that is left', async () => {
    const routes = `
      <Redirect from="/old" to="/new" />
      <Redirect exact from="/users/:id" to="/people/:id" />
      <Route path="/gone" render={() => <Redirect to="/" />} />
      <Route path="/a" exact component={Page} />
      <Redirect to="/a" />`
    expect(await inSwitch(routes)).toEqual([
      'redirect /old … to /new',
      'redirect /users/:id to /people/:id',
      'redirect /gone … to /',
      '/a',
      'catch-all /* to /a',
    ])
  })

  test('may stand in fragments, and outside of a Switch', async () => {
    const text = `${HEAD}export default () => <BrowserRouter>
      <Route path="/header" exact component={Page} />
      <Switch><><Route path="/a" exact component={Page} /></>{[1, 2].map(n => <Route key={n} path={'/n' + n} exact component={Page} />)}</Switch>
    </BrowserRouter>`
    expect(linesOf(await readFrontEnd({ 'src/App.tsx': text }))).toEqual(['/header', '/a', '/n1', '/n2'])
  })
})

describe('routes within pages', () => {
  test('have the paths of match, of url and of the hook', async () => {
    const files = {
      'src/App.tsx': `${HEAD}import Account from './account'; import Help from './help'; import { Team } from './team'
        export default () => <BrowserRouter><Switch>
          <Route path="/account" component={Account} />
          <Route path="/help" component={Help} />
          <Route path="/team"><Team /></Route>
          <Route component={Page} />
        </Switch></BrowserRouter>`,
      'src/account.tsx': `${HEAD}export default function Account({ match }) {
        return <div><Switch>
          <Route exact path={match.path} component={Page} />
          <Route path={\`\${match.path}/orders/:id\`} component={Page} />
          <Redirect to={match.url} />
        </Switch></div> }`,
      'src/help.tsx': `${HEAD}class Help extends React.Component {
          state = { open: true }
          routes() { return [<Route key="1" path={this.props.match.url + '/faq'} exact component={Page} />] }
          render() { if (this.state.open) { return <Switch>{this.routes()}</Switch> } return null }
        }
        export default withRouter(Help)`,
      'src/team.tsx': `${HEAD}export const Team = React.memo(() => { const { path } = useRouteMatch(); return <Route path={path + '/:member'} exact component={Page} /> })`,
    }
    expect(linesOf(await readFrontEnd(files))).toEqual([
      '/account',
      '/account/orders/:id …',
      'catch-all /account/* to /account',
      '/help/faq',
      '/help',
      '/team/:member',
      '/team',
      'catch-all /*',
    ])
  })

  test('below an exact path are never shown', async () => {
    const more =
      'const Inner = () => <Switch><Route path="/a/b" component={Page} /><Route exact path="/a" component={Page} /></Switch>\n'
    expect(await inSwitch('<Route exact path="/a" component={Inner} />', more)).toEqual(['/a'])
  })
})

describe('components around routes', () => {
  const guards = {
    'a function': `const PrivateRoute = ({ component: Component, ...rest }) => (
      <Route {...rest} render={props => isAuthenticated() ? <Component {...props} /> : <Redirect to={{ pathname: '/login' }} />} />)`,
    'a function with children': `function PrivateRoute({ children, ...rest }) { const user = useUser()
      return <Route {...rest}>{user ? children : <Redirect to="/login" />}</Route> }`,
    'a class': `class PrivateRoute extends React.Component { render() { const { component: C, ...rest } = this.props
      return <Route {...rest} render={p => this.props.user ? <C {...p} /> : <Redirect to="/login" />} /> } }`,
    'a connected one': `const Guarded = ({ component: C, user, ...rest }) => <Route {...rest} render={p => { if (!user) { return <Redirect to="/login" /> } return <C {...p} /> }} />
      const PrivateRoute = connect(state => ({ user: state.user }))(Guarded)`,
  }
  test.each(Object.entries(guards))('guard them: %s', async (_, guard) => {
    const routes = `<PrivateRoute path="/account" exact component={Page}><Page /></PrivateRoute>
      <Route path="/" exact component={Page} />`
    expect(await inSwitch(routes, `${guard}\n`)).toEqual([expect.stringMatching(/^\/account guarded by /), '/'])
  })

  const GATES = `
    const Gate = ({ children }) => useUser() ? children : <Redirect to="/login" />
    const Orders = () => <Switch><Route exact path="/account" component={Page} /><Route exact path="/account/orders/:id" component={Page} /></Switch>
    const Account = () => <main><Orders /></main>
    const Own = () => { const user = useUser(); if (!user) return <Redirect to="/login" />; return <Account /> }
    class Classic extends React.Component { render() { if (!this.state.user) { return <Redirect to="/login" /> } return <Account /> } }
    const Beside = () => <main>{useUser() ? null : <Redirect to="/login" />}<Orders /></main>
    const PrivateRoute = ({ component: C, ...rest }) => <Route {...rest} render={props => useUser() ? <C {...props} /> : <Redirect to="/login" />} />
    const Menu = () => useUser() ? <Page /> : <Redirect to="/" />
    const Open = () => <main><nav><Menu /></nav><Orders /></main>
    const Kept = () => <Switch><Route exact path="/account" component={Page} /><PrivateRoute exact path="/account/orders/:id" component={Page} /></Switch>
  `
  test.each([
    ['around its page', '<Route path="/account" render={() => <Gate><Account /></Gate>} />', 'Gate'],
    ['as its children', '<Route path="/account"><Gate><Account /></Gate></Route>', 'Gate'],
    ['in its page', '<Route path="/account" component={Own} />', 'Own'],
    ['in its page, which is a class', '<Route path="/account" component={Classic} />', 'Classic'],
    ['beside them in its page', '<Route path="/account" component={Beside} />', 'Beside'],
    ['of a component with its path', '<PrivateRoute path="/account" component={Account} />', 'PrivateRoute'],
    [
      'of its own',
      '<Route path="/account" render={() => useUser() ? <Account /> : <Redirect to="/login" />} />',
      'a redirect',
    ],
    ['around the route', '<Gate><Route path="/account" component={Account} /></Gate>', 'Gate'],
  ])('guard all routes that a page shows: a redirect %s', async (_, route, name) => {
    expect(await inSwitch(`${route}<Route path="/" exact component={Page} />`, GATES)).toEqual([
      `/account guarded by ${name}`,
      `/account/orders/:id guarded by ${name}`,
      '/',
    ])
  })

  test('guard what is below a page, and the page itself', async () => {
    const more = `${GATES}const Below = () => { if (!useUser()) return <Redirect to="/login" />; return <div><Route exact path="/account/orders" component={Page} /></div> }\n`
    expect(await inSwitch('<Route path="/account" component={Below} />', more)).toEqual([
      '/account/orders guarded by Below',
      expect.stringMatching(/^\/account guarded by Below/),
    ])
  })

  test.each([
    ['where it is only in some part of the page', 'Open', ['/account', '/account/orders/:id']],
    ['where it is around one of them', 'Kept', ['/account', '/account/orders/:id guarded by PrivateRoute']],
  ])('guard no other route of a page: a redirect %s', async (_, page, lines) => {
    expect(await inSwitch(`<Route path="/account" component={${page}} />`, GATES)).toEqual(lines)
  })

  test.each([
    ['of the front end', 'if (!useShop()) return <Redirect to="/closed" />; return PAGES'],
    ['around all', 'return <BrowserRouter><Gate>PAGES</Gate></BrowserRouter>'],
    ['of a route without a path', 'return <Route render={() => useShop() ? PAGES : <Redirect to="/closed" />} />'],
  ])('leave all routes undecided: a redirect %s', async (_, app) => {
    const pages = '<Switch><Route exact path="/" component={Page} /><Route exact path="/a" component={Page} /></Switch>'
    const text = `${HEAD}${GATES}export default function App() { ${app.replace('PAGES', pages)} }`
    expect(linesOf(await readFrontEnd({ 'src/App.tsx': text }))).toEqual(['/ may redirect', '/a may redirect'])
  })

  test('stand at the place where their path is written', async () => {
    const table = await readFrontEnd({
      'src/App.tsx': `${HEAD}import { Localized } from './localized'
export default () => <BrowserRouter><Switch>
  <Localized path="/about" exact component={Page} />
</Switch></BrowserRouter>`,
      'src/localized.tsx': `${HEAD}export const Localized = ({ path, ...rest }) => <Route path={\`/:lang(en|de)\${path}\`} {...rest} />`,
    })
    expect(linesOf(table)).toEqual(['/:lang(en|de)/about'])
  })

  test('that cannot be read leave a condition, and no doubt about the path', async () => {
    const table = await readFrontEnd({
      'src/App.tsx': `${HEAD}import { AuthRoute } from 'shop-auth'
        import { Gone } from './gone'
        export default () => <BrowserRouter><Switch><AuthRoute path="/a" exact component={Page} /><Gone path="/b" /></Switch></BrowserRouter>`,
    })
    expect(linesOf(table)).toEqual([
      expect.stringMatching(/^\/a if what <AuthRoute> does with it, which cannot be told/),
      expect.stringMatching(
        /^\/b … if what <Gone> does with it, which cannot be told, since there is no file for \.\/gone/,
      ),
    ])
  })
})

describe('paths', () => {
  const files = (paths: string, use: string) => ({
    'src/paths.ts': paths,
    'src/App.tsx': `${HEAD}${use}
      export default () => <BrowserRouter><Switch>{list.map(path => <Route key={path} exact path={path} component={Page} />)}</Switch></BrowserRouter>`,
  })
  test.each([
    [
      'constants',
      `export const home = '/'; const base = '/shop'; export const sale = base + '/sale'`,
      `import { home, sale } from './paths'; const list = [home, sale]`,
    ],
    [
      'an object',
      `export const paths = { home: '/', shop: { sale: '/shop/sale' } } as const`,
      `import { paths } from './paths'; const list = [paths.home, paths['shop'].sale]`,
    ],
    [
      'all of an object',
      `export default Object.freeze({ home: '/', sale: '/shop/sale' })`,
      `import paths from './paths'; const list = Object.values(paths)`,
    ],
    [
      'an enum',
      `export enum Paths { Home = '/', Sale = \`\${Paths.Home}shop/sale\` }`,
      `import { Paths } from './paths'; const list = [Paths.Home, Paths.Sale]`,
    ],
    [
      'a class',
      `export class Paths { static readonly home = '/'; static base = '/shop'; static get sale() { return Paths.base + '/sale' } }`,
      `import { Paths } from './paths'; const list = [Paths.home, Paths.sale]`,
    ],
    [
      'a namespace',
      `export namespace Paths { export const home = '/'; export const sale = '/shop/sale' }`,
      `import * as all from './paths'; const list = [all.Paths.home, all.Paths.sale]`,
    ],
    [
      'a function',
      `export const path = (...parts: string[]) => '/' + parts.filter(Boolean).join('/')`,
      `import { path } from './paths'; const list = [path(), path('shop', '', 'sale')]`,
    ],
    [
      'a function with conditions',
      `export function to(name, { base = '/shop' } = {}) { if (name === undefined) return '/'; switch (name) { case 'x': return '/x' } return \`\${base}/\${name}\` }`,
      `import { to } from './paths'; const list = [to(), to('sale')]`,
    ],
    [
      'CommonJS',
      `const home = '/'; module.exports = { home, sale: '/shop/sale' }`,
      `const { home, sale } = require('./paths'); const list = [home, sale]`,
    ],
    [
      'exports one by one',
      `exports.home = '/'; exports.sale = '/shop/sale'`,
      `import { home, sale } from './paths'; const list = [home, sale]`,
    ],
    [
      'a list that is filled',
      `export const list = []; list.push('/'); for (const name of ['sale']) { list.push('/shop/' + name) }`,
      `import { list } from './paths'`,
    ],
    [
      'a list by forEach',
      `export const list = ['/']; ['sale'].forEach((name, index) => { list.push(\`/shop/\${name}\`) })`,
      `import { list } from './paths'`,
    ],
    [
      'spread, concat and reduce',
      `const a = ['/']; export const list = [...a, ...['sale'].concat([]).reduce((all, n) => [...all, '/shop/' + n], [])]`,
      `import { list } from './paths'`,
    ],
    [
      'keys of an object',
      `export const pages = { '/': 1, '/shop/sale': 2 }`,
      `import { pages } from './paths'; const list = Object.keys(pages)`,
    ],
    [
      'generatePath',
      `export const home = '/'; export const any = '/:a/:b'`,
      `import { home, any } from './paths'; const list = [home, generatePath(any, { a: 'shop', b: 'sale' })]`,
    ],
    [
      'a value that is set later',
      `let base; base = '/shop'; export const list = ['/', base + '/sale']`,
      `import { list } from './paths'`,
    ],
    [
      'members that are set later',
      `export const paths = { home: '/' }; paths.sale = '/shop/sale'`,
      `import { paths } from './paths'; const list = [paths.home, paths.sale]`,
    ],
  ])('come from %s of another file', async (_, paths, use) => {
    const table = await readFrontEnd(files(paths, use))
    expect([linesOf(table), untoldOf(table)]).toEqual([['/', '/shop/sale'], []])
  })

  test('come through barrels, JSON, and names that components carry', async () => {
    const table = await readFrontEnd({
      'src/App.tsx': `${HEAD}import { About, paths, Terms } from './all'
        export default () => <BrowserRouter><Switch>
          <Route exact path={paths.home} component={Page} />
          <Route exact path={About.path} component={About} />
          <Route exact path={Terms.path} component={Terms} />
        </Switch></BrowserRouter>`,
      'src/all/index.ts': `export * from './pages'; export { default as paths } from './paths.json'; export * from './index'`,
      'src/all/pages.tsx': `export const About = () => <p />; About.path = '/about'
        export class Terms extends React.Component { static path = '/terms'; render() { return <p /> } }`,
      'src/all/paths.json': '{ "home": "/" }',
    })
    expect([linesOf(table), untoldOf(table)]).toEqual([['/', '/about', '/terms'], []])
  })

  test('that could be one thing or another are not guessed', async () => {
    const table = await readFrontEnd({
      'src/App.tsx': `${HEAD}let base = '/a'
        if (window.shop) base = '/b'
        export default () => <BrowserRouter><Switch>
          <Route exact path={base} component={Page} />
          <Route exact path={flag ? '/x' : '/y'} component={Page} />
        </Switch></BrowserRouter>`,
    })
    expect([linesOf(table), untoldOf(table)]).toEqual([
      ['/x if flag', '/y if !(flag)'],
      [expect.stringContaining('it is one of "/a", "/b"')],
    ])
  })
})

test('route objects of react-router-config are read with their own routes', async () => {
  const table = await readFrontEnd(
    {
      'src/routes.js': `import Root from './root'
      export default [{ component: Root, routes: [
        { path: '/', exact: true, component: Root },
        { path: '/shop', component: Root, routes: [{ path: '/shop/:slug', component: Root }] },
        { component: Root } ] }]`,
      'src/root.js': `import { renderRoutes } from 'react-router-config'
      export default ({ route }) => <main>{renderRoutes(route.routes)}</main>`,
    },
    'src/routes.js',
  )
  expect(linesOf(table)).toEqual(['/', '/shop/:slug …', '/shop', 'catch-all /*'])
})

test('route objects of react-router-config are guarded by what their component shows instead', async () => {
  const text = `${HEAD}import { renderRoutes } from 'react-router-config'
    const Account = ({ route }) => useUser() ? renderRoutes(route.routes) : <Redirect to="/login" />
    const routes = [
      { path: '/', exact: true, component: Page },
      { path: '/account', component: Account, routes: [{ path: '/account/orders', exact: true, component: Page }] },
      { component: Account, routes: [{ path: '/address', exact: true, component: Page }] },
    ]
    export default () => <BrowserRouter>{renderRoutes(routes)}</BrowserRouter>`
  expect(linesOf(await readFrontEnd({ 'src/App.tsx': text }))).toEqual([
    '/',
    '/account/orders guarded by Account',
    expect.stringMatching(/^\/account guarded by Account/),
    '/address guarded by Account',
  ])
})

test('without a build of JSX, createElement says the same', async () => {
  const text = `const React = require('react'); const { BrowserRouter, Switch, Route } = require('react-router-dom')
    const h = React.createElement
    module.exports = function App() {
      return h(BrowserRouter, null, h(Switch, {}, h(Route, { path: '/', exact: true, component: App }), h(Route, { path: '/a' }, 'text')))
    }`
  expect(linesOf(await readFrontEnd({ 'src/App.js': text }, 'src/App.js'))).toEqual(['/', '/a …'])
})
