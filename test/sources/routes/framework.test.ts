import { describe, expect, test } from 'vitest'
import { type Files, linesOf, readFrontEnd, untoldOf } from '../../helpers/front-end-files.ts'

const PAGE = 'export default function Page() { return <h1>Page</h1> }'
const HELPERS = `import { type RouteConfig, index, layout, prefix, relative, route } from '@react-router/dev/routes'\n`
const pages = (...names: string[]): Files => Object.fromEntries(names.map(name => [`app/${name}`, PAGE]))

const read = (routes: string, files: Files, router = 'app/routes.ts') =>
  readFrontEnd({ 'app/root.tsx': PAGE, 'app/routes.ts': HELPERS + routes, ...files }, router)

describe('routes.ts', () => {
  test('has routes by its helpers, nested and with a prefix', async () => {
    const table = await read(
      `export default [
        index('./home.tsx'),
        route('about', './about.tsx'),
        layout('./auth/layout.tsx', [route('login', './auth/login.tsx'), route('register/', './auth/register.tsx')]),
        ...prefix('concerts', [index('./concerts.tsx'), route(':city', './city.tsx', { id: 'city' }, [route('map', './map.tsx')])]),
        route('files/*', './files.tsx'),
        route('*', './not-found.tsx'),
      ] satisfies RouteConfig`,
      pages(
        'home.tsx',
        'about.tsx',
        'auth/layout.tsx',
        'auth/login.tsx',
        'auth/register.tsx',
        'concerts.tsx',
        'city.tsx',
        'map.tsx',
        'files.tsx',
        'not-found.tsx',
      ),
    )
    expect([linesOf(table), untoldOf(table), table.notes]).toEqual([
      [
        '/',
        '/about',
        '/login',
        '/register/',
        '/concerts',
        '/concerts/:city/map',
        '/concerts/:city',
        '/files/*',
        'catch-all /*',
      ],
      [],
      [],
    ])
    expect(table.forms).toEqual(['react-router-framework'])
    expect(table.routes[1]).toMatchObject({ file: 'app/routes.ts', line: 4, component: 'app/about.tsx' })
  })

  test('is read from the folder of the front end, too, with its basename', async () => {
    const files = {
      ...pages('home.tsx'),
      'react-router.config.ts': `export default { basename: '/shop/', ssr: true } satisfies Config`,
    }
    const table = await read(
      `export default [index('home.tsx')]`,
      { ...files, 'package.json': '{ "devDependencies": { "@react-router/dev": "7" } }' },
      '.',
    )
    expect([linesOf(table), table.basename]).toEqual([['/'], '/shop'])
  })

  test('may be computed, and may differ from build to build', async () => {
    const table = await read(
      `const pages = ['about', 'terms']
      const extra = process.env.NODE_ENV === 'development' ? [route('debug', './debug.tsx')] : []
      const beta = import.meta.env.VITE_BETA ? [route('beta', './beta.tsx')] : []
      export default [...pages.map(name => route(name, \`./\${name}.tsx\`)), ...extra, ...beta]`,
      pages('about.tsx', 'terms.tsx', 'debug.tsx', 'beta.tsx'),
    )
    expect(linesOf(table)).toEqual(['/about', '/terms', '/beta if import.meta.env.VITE_BETA'])
  })

  test('takes the names of files where it says so', async () => {
    const flat = `import { flatRoutes } from '@react-router/fs-routes'
      export default [route('old', './old.tsx'), ...(await flatRoutes({ ignoredRouteFiles: ['**/*.test.*'] }))] satisfies RouteConfig`
    const table = await read(
      flat,
      pages(
        'old.tsx',
        'routes/_index.tsx',
        'routes/shop.tsx',
        'routes/shop.$slug.tsx',
        'routes/_info.about.tsx',
        'routes/a.test.tsx',
        'routes/feed[.]xml.ts',
      ),
    )
    expect(linesOf(table).toSorted()).toEqual(['/', '/about', '/feed.xml', '/old', '/shop', '/shop/:slug'])
  })

  test('may have helpers of a folder, and modules that only its prefix names', async () => {
    const table = await read(
      `import { join } from 'node:path'
      const account = relative(join(import.meta.dirname, 'account'))
      export default [...prefix('account', [account.layout('guard.tsx', [account.index('home.tsx'), account.route('logout', 'logout.ts')])])]`,
      {
        'app/account/guard.tsx': `import { Navigate, Outlet } from 'react-router'
          export default function Guard() { return useUser() ? <Outlet /> : <Navigate to="/login" /> }`,
        'app/account/home.tsx': PAGE,
        'app/account/logout.ts': `import { redirect } from 'react-router'\nexport const loader = () => redirect('/')`,
      },
    )
    expect([linesOf(table), untoldOf(table), table.notes]).toEqual([
      ['/account guarded by Guard', 'redirect /account/logout to /'],
      [],
      [],
    ])
    expect(table.routes[0]?.component).toBe('app/account/home.tsx')
  })

  test('that gives routes which cannot be told names them', async () => {
    const table = await read(
      `import { cmsRoutes } from 'cms'\nexport default [route('about', './about.tsx'), ...cmsRoutes()]`,
      pages('about.tsx'),
    )
    expect([linesOf(table), untoldOf(table)]).toEqual([
      ['/about'],
      ['app/routes.ts:3 which routes it gives is only known when it runs'],
    ])
  })
})

describe('the module of a route', () => {
  const only = (module: string) => read(`export default [route('x', './x.tsx')]`, { 'app/x.tsx': module }).then(linesOf)
  test.each([
    ['that shows something is a page', PAGE, '/x'],
    ['of the server is a page', 'export function ServerComponent() { return <p /> }', '/x'],
    ['without a component answers no page', 'export const loader = () => new Response("x")', 'resource /x'],
    [
      'whose loader always redirects is a redirect',
      `import { redirect } from 'react-router'\nexport const loader = () => redirect('/y')\n${PAGE}`,
      'redirect /x to /y',
    ],
    [
      'of a redirect needs no component',
      `import { redirect } from 'react-router'\nexport function loader() { throw redirect('/y') }`,
      'redirect /x to /y',
    ],
    [
      'whose loader may redirect is guarded',
      `import { redirect } from 'react-router'\nexport async function loader({ request }) { const u = await who(request); if (!u) { return redirect('/login') } return { u } }\n${PAGE}`,
      '/x guarded by its loader',
    ],
    [
      'with middleware that may redirect is guarded',
      `import { redirect } from 'react-router'\nexport const middleware = [async ({ context }, next) => { if (!context.user) throw redirect('/login'); return next() }]\n${PAGE}`,
      '/x guarded by its loader',
    ],
  ])('%s', async (_, module, line) => {
    expect(await only(module)).toEqual([line])
  })

  test('that is missing, or no source, is taken for a page, and noted', async () => {
    const table = await read(`export default [route('x', './x.tsx'), route('y', './y.mdx')]`, {
      'app/y.mdx': '# Hello',
    })
    expect([linesOf(table), table.notes]).toEqual([['/x', '/y'], ['app/x.tsx is named by a route, and is not there.']])
  })

  test('that takes all the rest may have the routes of an older app in it', async () => {
    const table = await read(`export default [route('new', './new.tsx'), route('*?', './catchall.tsx')]`, {
      ...pages('new.tsx'),
      'app/catchall.tsx': `export { default } from '../src/App'`,
      'src/App.tsx': `import { Routes, Route } from 'react-router'
        export default () => <Routes><Route path="/" element={<p />} /><Route path="/old" element={<p />} /></Routes>`,
    })
    expect(linesOf(table)).toEqual(['/new', '/', '/old'])
  })
})

test('Remix has its routes in the names of files alone', async () => {
  const table = await readFrontEnd(
    {
      'package.json': '{ "dependencies": { "@remix-run/react": "2" } }',
      'app/root.tsx': PAGE,
      'app/routes/_index.tsx': PAGE,
      'app/routes/shop_.sale.tsx': PAGE,
      'app/routes/$.tsx': PAGE,
    },
    '.',
  )
  expect(linesOf(table).toSorted()).toEqual(['/', '/shop/sale', 'catch-all /*'])
})

test.each([
  [
    'a function of its settings',
    { 'remix.config.js': 'export default {\n  routes(defineRoutes) { return convention(defineRoutes) },\n}' },
    'remix.config.js:2 it makes routes besides',
  ],
  [
    'a setting of its plugin',
    { 'vite.config.ts': 'export default { plugins: [remix({ ssr: true,\n  routes: more })] }' },
    'vite.config.ts:2 it makes routes besides',
  ],
  [
    'its first version',
    { 'package.json': '{ "devDependencies": { "@remix-run/dev": "^1.19.3" } }' },
    'files are named otherwise in Remix 1',
  ],
])('Remix may have other routes, which is told: by %s', async (_, files, told) => {
  const table = await readFrontEnd(
    {
      'package.json': '{ "devDependencies": { "@remix-run/dev": "^2.4.1" } }',
      'app/root.tsx': PAGE,
      'app/routes/_index.tsx': PAGE,
      ...files,
    },
    '.',
  )
  expect([linesOf(table), untoldOf(table)]).toEqual([['/'], [expect.stringContaining(told)]])
})
