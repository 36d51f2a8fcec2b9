// @ts-expect-error: it brings no types, and needs none here
import { createElement, Fragment } from 'react'
import { createRoutesFromElements, matchRoutes, Route, type RouteObject } from 'react-router-7'
import { describe, expect, test } from 'vitest'
import { linesOf, readFrontEnd, untoldOf } from '../../helpers/front-end-files.ts'

const HEAD = `import { BrowserRouter, Routes, Route, Navigate, Outlet, useRoutes, createBrowserRouter, createRoutesFromElements, RouterProvider, redirect } from 'react-router'
const Page = () => <h1>Page</h1>
`
const inRoutes = (routes: string, more = ''): Promise<string[]> =>
  readFrontEnd({
    'src/App.tsx': `${HEAD}${more}export default () => <BrowserRouter><Routes>${routes}</Routes></BrowserRouter>`,
  }).then(linesOf)

describe('routes as elements', () => {
  test('nested, of an index and of a layout have the paths of what they are in', async () => {
    const routes = `
      <Route path="/" element={<Outlet />}>
        <Route index element={<Page />} />
        <Route path="about" element={<Page />} />
        <Route path="team" element={<Page />}>
          <Route path=":member" element={<Page />} />
        </Route>
        <Route element={<Outlet />}>
          <Route path="/terms" element={<Page />} />
        </Route>
      </Route>
      <Route path="shop">
        <Route path="/shop/sale/" element={<Page />} />
      </Route>
      <Route path="*" element={<Page />} />`
    expect(await inRoutes(routes)).toEqual([
      '/',
      '/about',
      '/team/:member',
      '/team',
      '/terms',
      '/shop/sale/',
      'catch-all /*',
    ])
  })

  test('are as many as their optional folders make of them', async () => {
    expect(await inRoutes('<Route path=":lang?/about/us?" element={<Page />} />')).toEqual([
      '/:lang/about/us',
      '/:lang/about',
      '/about/us',
      '/about',
    ])
  })

  test('of a star are pages where they have a path of their own, and catch-alls where they have none', async () => {
    expect(
      await inRoutes(
        '<Route path="files/*" element={<Page />} /><Route path="a"><Route path="*" element={<Page />} /></Route>',
      ),
    ).toEqual(['/files/*', 'catch-all /a/*'])
  })

  test('that show nothing are no pages', async () => {
    const routes =
      '<Route path="a" /><Route path="b" loader={() => fetch("/x")} /><Route path="c" element={<Page />} />'
    expect(await inRoutes(routes)).toEqual(['resource /a', 'resource /b', '/c'])
  })

  test('have the paths that the router itself gives them', async () => {
    const source = `
      <Route path="/" element={<Page />}>
        <Route index element={<Page />} />
        <Route path="products" element={<Page />}>
          <Route index element={<Page />} />
          <Route path=":slug" element={<Page />} />
          <Route path=":slug/reviews/:review" element={<Page />} />
        </Route>
        <>
          <Route path="en?/legal" element={<Page />} />
          <Route element={<Page />}><Route path="deep"><Route path="deeper/" element={<Page />} /></Route></Route>
        </>
      </Route>`
    const e = createElement
    const page = e('h1')
    const theirs: RouteObject[] = createRoutesFromElements(
      e(
        Route,
        { path: '/', element: page },
        e(Route, { index: true, element: page }),
        e(
          Route,
          { path: 'products', element: page },
          e(Route, { index: true, element: page }),
          e(Route, { path: ':slug', element: page }),
          e(Route, { path: ':slug/reviews/:review', element: page }),
        ),
        e(
          Fragment,
          null,
          e(Route, { path: 'en?/legal', element: page }),
          e(Route, { element: page }, e(Route, { path: 'deep' }, e(Route, { path: 'deeper/', element: page }))),
        ),
      ),
    )
    const ours = await inRoutes(source)
    for (const path of ours) {
      const address = path.replace(/:\\w+/g, 'x').replace(/:[a-z]+/g, 'x')
      expect(matchRoutes(theirs, address), path).not.toBeNull()
    }
    expect(ours.toSorted()).toEqual([
      '/',
      '/deep/deeper/',
      '/en/legal',
      '/legal',
      '/products',
      '/products/:slug',
      '/products/:slug/reviews/:review',
    ])
  })
})

describe('routes as data', () => {
  const objects = `[
    { path: '/', Component: Page },
    { path: 'about', element: <Page />, children: [{ index: true, Component: Page }, { path: 'us', Component: Page }] },
    { children: [{ path: 'terms', lazy: () => import('./terms') }] },
    { path: '*', Component: Page },
  ]`
  const expected = ['/', '/about', '/about/us', '/terms', 'catch-all /*']
  const terms = { 'src/terms.tsx': 'export function Component() { return <p>Terms</p> }' }

  test.each([
    ['createBrowserRouter', `export const router = createBrowserRouter(${objects})`],
    ['useRoutes', `export default function App() { return useRoutes(${objects}) }`],
    [
      'an element of useRoutes',
      `export default function App() { const el = useRoutes(${objects}); return <main>{el}</main> }`,
    ],
    [
      'RouterProvider',
      `const router = createBrowserRouter(${objects})\nexport default () => <RouterProvider router={router} />`,
    ],
    ['a list that something else takes', `export const routes = ${objects}`],
    ['a list in an object', `export default { routes: ${objects} }`],
  ])('by %s', async (_, text) => {
    const table = await readFrontEnd({ 'src/App.tsx': HEAD + text, ...terms })
    expect(linesOf(table)).toEqual(expected)
    expect(table.unresolved).toEqual([])
  })

  test('made of elements', async () => {
    const text = `${HEAD}export const router = createBrowserRouter(createRoutesFromElements(
      <Route path="/" element={<Page />}><Route path="a" element={<Page />} /></Route>), { basename: '/shop/' })`
    const table = await readFrontEnd({ 'src/App.tsx': text })
    expect(linesOf(table)).toEqual(['/a', '/'])
    expect(table.basename).toBe('/shop')
  })

  test('with parts that are loaded one by one, or as a module is turned into a route', async () => {
    const text = `${HEAD}
      const convert = m => { const { default: Component, ...rest } = m; return { ...rest, Component } }
      export const router = createBrowserRouter([
        { path: '/a', lazy: { Component: async () => (await import('./page')).Named } },
        { path: '/b', lazy: () => import('./page').then(convert) },
        { path: '/c', lazy: async () => { const { Named } = await import('./page'); return { Component: Named } } },
      ])`
    const page = `import { Navigate } from 'react-router'
      export const Named = () => <Navigate to="/named" />
      export default () => <p>Page</p>`
    const table = await readFrontEnd({ 'src/App.tsx': text, 'src/page.tsx': page })
    expect(linesOf(table)).toEqual(['redirect /a to /named', '/b', 'redirect /c to /named'])
  })
})

describe('routes within pages', () => {
  test('are found where a star lets them be, over several levels', async () => {
    const table = await readFrontEnd({
      'src/App.tsx': `${HEAD}import { Account } from './account'
        export default () => <BrowserRouter><Routes>
          <Route path="/account/*" element={<Account />} />
          <Route path="/plain" element={<Account />} />
        </Routes></BrowserRouter>`,
      'src/account.tsx': `${HEAD}import Orders from './orders'
        export const Account = () => <section><Routes>
          <Route index element={<Page />} />
          <Route path="/profile" element={<Page />} />
          <Route path="orders/*" element={<Orders />} />
          <Route path="*" element={<Navigate to="/account" />} />
        </Routes></section>`,
      'src/orders.tsx': `${HEAD}export default class extends React.Component {
        render() { return <Routes><Route path="/" element={<Page />} /><Route path=":id" element={<Page />} /></Routes> }
      }`,
    })
    expect(linesOf(table)).toEqual([
      '/account',
      '/account/profile',
      '/account/orders',
      '/account/orders/:id',
      'catch-all /account/* to /account',
      '/plain',
    ])
  })

  test('of a second <Routes>, as for a dialog, are routes, too', async () => {
    const table = await readFrontEnd({
      'src/App.tsx': `${HEAD}export default function App() {
        const state = useLocation().state
        return <BrowserRouter>
          <Routes location={state || undefined}><Route path="/" element={<Page />} /></Routes>
          {state && <Routes><Route path="/img/:id" element={<Page />} /></Routes>}
        </BrowserRouter> }`,
    })
    expect(linesOf(table)).toEqual(['/', '/img/:id'])
  })
})

describe('what is not the router’s to say', () => {
  test.each([
    [
      'a path of the environment',
      '<Route path={process.env.BASE} element={<Page />} />',
      'process.env.BASE is only known when the front end is built',
    ],
    ['a path of a package', '<Route path={config.path} element={<Page />} />', 'it comes from the package shop-config'],
    ['a path that a hook gives', '<Route path={usePath()} element={<Page />} />', 'it is what usePath() gives'],
    ['routes of a package', '{extraRoutes()}', 'which routes it gives is only known when it runs'],
    ['an element that is no route', '<Extra />', 'it stands where only routes can stand'],
  ])('%s is named with its place', async (_, routes, reason) => {
    const text = `${HEAD}import { config, usePath, extraRoutes, Extra } from 'shop-config'
export default () => <BrowserRouter><Routes>
  <Route path="/" element={<Page />} />
  ${routes}
</Routes></BrowserRouter>`
    const table = await readFrontEnd({ 'src/App.tsx': text })
    expect(linesOf(table)).toEqual(['/'])
    expect(untoldOf(table)).toEqual([expect.stringMatching(/^src\/App\.tsx:6 /)])
    expect(untoldOf(table)[0]).toContain(reason)
  })

  test('is said by the environment that the front end is built with', async () => {
    const text = `${HEAD}export default () => <BrowserRouter basename={import.meta.env.BASE_URL}><Routes>
      <Route path={\`\${process.env.SHOP_PREFIX}/sale\`} element={<Page />} /></Routes></BrowserRouter>`
    const environment = { BASE_URL: '/shop/', SHOP_PREFIX: '/eu' }
    const table = await readFrontEnd({ 'src/App.tsx': text }, 'src/App.tsx', { environment })
    expect(linesOf(table)).toEqual(['/eu/sale'])
    expect(table.basename).toBe('/shop')
  })

  test('keeps the condition under which a route is there', async () => {
    const routes = `{flags.beta && <Route path="/beta" element={<Page />} />}
      {process.env.NODE_ENV === 'development' && <Route path="/debug" element={<Page />} />}
      {import.meta.env.PROD ? <Route path="/live" element={<Page />} /> : null}`
    expect(await inRoutes(routes, 'const flags = useFlags()\n')).toEqual(['/beta if flags.beta', '/live'])
  })

  test('is not a condition where something merely loads', async () => {
    const text = `${HEAD}export default function App() {
      const { loading, error } = useQuery()
      if (error) return <p>no</p>
      return loading ? <Spinner /> : <BrowserRouter><Routes><Route path="/" element={<Page />} /></Routes></BrowserRouter>
    }`
    expect(linesOf(await readFrontEnd({ 'src/App.tsx': text }))).toEqual(['/'])
  })

  test('pages behind a # or without addresses are no pages', async () => {
    const text = `import { HashRouter, Routes, Route } from 'react-router-dom'
      export default () => <HashRouter><Routes><Route path="/a" element={<p />} /></Routes></HashRouter>`
    await expect(readFrontEnd({ 'src/App.tsx': text })).rejects.toMatchObject({
      code: 'ROUTER_EMPTY',
      message: expect.stringContaining('keeps the path of a page behind "#"'),
    })
  })
})

describe('a page that leads elsewhere', () => {
  test.each([
    ['an element', 'element={<Navigate to="/new" replace />}', 'redirect /old to /new'],
    ['a component', 'element={<Gone />}', 'redirect /old to /new'],
    ['a loader', 'element={<Page />} loader={() => redirect("/new")}', 'redirect /old to /new'],
    [
      'a loader that throws',
      'element={<Page />} loader={async () => { throw redirect("/new") }}',
      'redirect /old to /new',
    ],
    ['a loader that may', 'element={<Page />} loader={mayLoad}', '/old guarded by its loader'],
    [
      'a loader that asks another',
      'element={<Page />} loader={async ({ request }) => { await requireUser(request); return null }}',
      '/old guarded by its loader',
    ],
    ['middleware', 'element={<Page />} middleware={[requireUser]}', '/old guarded by its loader'],
    ['something around the page', 'element={<RequireUser><Page /></RequireUser>}', '/old guarded by RequireUser'],
    ['the page itself, at times', 'element={<Cart />}', '/old may redirect'],
    ['a part of the page, at times', 'element={<Layout />}', '/old'],
  ])('by %s', async (_, properties, line) => {
    const more = `
      const Gone = () => <Navigate to={{ pathname: '/new' }} />
      const mayLoad = ({ params }) => params.x ? redirect('/new') : null
      const requireUser = async request => { const user = await find(request); if (!user) throw redirect('/login') }
      const RequireUser = ({ children }) => { const user = useUser(); return user ? children : <Navigate to="/login" /> }
      function Cart() { const items = useCart(); if (items.length === 0) return <Navigate to="/" />; return <Page /> }
      const Logout = () => { const user = useUser(); return user ? <button /> : <Navigate to="/" /> }
      const Layout = () => <div><header><Logout /></header><Page /></div>
    `
    expect(await inRoutes(`<Route path="/old" ${properties} />`, more)).toEqual([line])
  })

  test('is one wherever else it is a part of a page', async () => {
    const text = `${HEAD}const Menu = () => useUser() ? <Page /> : <Navigate to="/" />
      export default () => <BrowserRouter><nav><Menu /></nav><Routes><Route path="/menu" element={<Menu />} /></Routes></BrowserRouter>`
    expect(linesOf(await readFrontEnd({ 'src/App.tsx': text }))).toEqual(['/menu may redirect'])
  })

  test('guards all that is in it', async () => {
    const more = "const Guard = () => useUser() ? <Outlet /> : <Navigate to='/login' />\n"
    const routes =
      '<Route element={<Guard />}><Route path="/a" element={<Page />} /><Route path="/b"><Route path="c" element={<Page />} /></Route></Route>'
    expect(await inRoutes(routes, more)).toEqual(['/a guarded by Guard', '/b/c guarded by Guard'])
  })

  test.each([
    ['by what is around it', '<Gate><Outlet /></Gate>', '/a guarded by Gate'],
    ['by a choice of its own', 'useUser() ? <Outlet /> : <Navigate to="/login" />', '/a guarded by a redirect'],
    ['always', '<Navigate to="/login" />', '/a guarded by a redirect'],
  ])('guards what is in it %s', async (_, element, line) => {
    const more = "const Gate = ({ children }) => useUser() ? children : <Navigate to='/login' />\n"
    const routes = `<Route element={${element}}><Route path="/a" element={<Page />} /></Route>`
    expect(await inRoutes(routes, more)).toEqual([line])
  })

  const GATES = `
    const Gate = ({ children }) => useUser() ? children : <Navigate to="/login" />
    const Effect = ({ children }) => { const go = useNavigate(); useEffect(() => { if (!useUser()) go('/login') }); return children }
    const Orders = () => <Routes><Route path="/" element={<Page />} /><Route path="orders/:id" element={<Page />} /><Route path="*" element={<Navigate to="/account" />} /></Routes>
    const Account = () => <main><Orders /></main>
    const Own = () => { const user = useUser(); if (!user) return <Navigate to="/login" />; return <Account /> }
    const Beside = () => <main>{useUser() ? null : <Navigate to="/login" />}<Orders /></main>
    const Within = () => <main><nav><Menu /></nav><Gate><Orders /></Gate></main>
    const Menu = () => useUser() ? <Page /> : <Navigate to="/" />
    const Open = () => <main><nav><Menu /></nav><Orders /></main>
    const Kept = () => <Routes><Route path="/" element={<Gate><Page /></Gate>} /><Route path="orders/:id" element={<Page />} /></Routes>
    const load = async () => { if (!(await findUser())) throw redirect('/login'); return null }
  `
  const guarded = (name: string) => ({
    '/account': ` guarded by ${name}`,
    '/account/orders/:id': ` guarded by ${name}`,
  })
  test.each([
    ['by what is around the page', 'element={<Gate><Account /></Gate>}', guarded('Gate')],
    ['by its loader', 'element={<Account />} loader={load}', guarded('its loader')],
    ['by what the page shows instead', 'element={<Own />}', guarded('Own')],
    ['by what the page shows beside them', 'element={<Beside />}', guarded('Beside')],
    ['by what is around them in the page', 'element={<Within />}', guarded('Gate')],
    ['by a choice of the route', 'element={useUser() ? <Account /> : <Navigate to="/login" />}', guarded('a redirect')],
    ['by none, where some part of the page may redirect', 'element={<Open />}', {}],
    ['by none, where an effect may redirect', 'element={<Effect><Account /></Effect>}', {}],
    ['by what is around one of them', 'element={<Kept />}', { '/account': ' guarded by Gate' }],
  ])('guards the routes that it shows: %s', async (_, properties, guards: Record<string, string>) => {
    const lines = await inRoutes(`<Route path="/account/*" ${properties} />`, GATES)
    const pages = ['/account', '/account/orders/:id'].map(path => `${path}${guards[path] ?? ''}`)
    expect(lines.filter(line => !line.startsWith('catch-all'))).toEqual(pages)
    for (const line of lines) if (line.startsWith('catch-all')) expect(line).toBe('catch-all /account/* to /account')
  })
})

describe('what leads elsewhere before any route', () => {
  const inApp = (app: string, more = ''): Promise<string[]> =>
    readFrontEnd({ 'src/App.tsx': `${HEAD}${more}export default function App() { ${app} }` }).then(linesOf)
  const PAGES = '<Routes><Route path="/" element={<Page />} /><Route path="/about" element={<Page />} /></Routes>'

  test.each([
    ['of what shows all of them', `if (!useShop()) return <Navigate to="/closed" />; return ${PAGES}`],
    ['of what is somewhere in it', 'return <div className="app"><Shop /></div>'],
    ['of what is around all of them', `return <BrowserRouter><Gate>${PAGES}</Gate></BrowserRouter>`],
    ['of another component that only redirects', `return <main>{useShop() ? ${PAGES} : <Closed />}</main>`],
  ])('leaves them undecided: %s', async (_, app) => {
    const more = `
      const Closed = () => <Navigate to="/closed" />
      const Shop = () => useShop() ? ${PAGES} : <Navigate to="/closed" />
      const Gate = ({ children }) => { const shop = useShop(); if (!shop) return <Navigate to="/closed" />; return children }
    `
    expect(await inApp(app, more)).toEqual(['/ may redirect', '/about may redirect'])
  })

  test('guards them where there are others', async () => {
    const more = `const Gate = ({ children }) => useUser() ? children : <Navigate to="/login" />\n`
    const app = `return <BrowserRouter>${PAGES}<Gate><Routes><Route path="/orders" element={<Page />} /></Routes></Gate></BrowserRouter>`
    expect(await inApp(app, more)).toEqual(['/', '/about', '/orders guarded by Gate'])
  })

  test('says nothing of them where it is beside them', async () => {
    expect(await inApp(`return <>{useDone() && <Navigate to="/" />}${PAGES}</>`)).toEqual(['/', '/about'])
  })
})
