import { describe, expect, test } from 'vitest'
import {
  type DecideOptions,
  decideRoutes,
  hiddenPrefixes,
  type Outcome,
  unusedPatterns,
} from '../../src/routes/decide.ts'
import { listPages } from '../../src/routes/list-pages.ts'
import type { Route, RouteTable } from '../../src/routes/route.ts'
import { routeOf, tableOf, templateOf, v5 } from './oracle.ts'

const address = (text: string, hreflang?: string) => {
  const [before = '', after = ''] = text.split('{path}')
  return { hreflang, template: { literals: [before, after], fields: ['path'], formats: [undefined] } }
}
const section = (name: string, ...templates: string[]) => ({ name, templates: templates.map(templateOf) })
const optionsOf = (more: Partial<DecideOptions> = {}): DecideOptions => ({
  basename: '',
  exclude: [],
  params: {},
  sections: [],
  addresses: [address('{path}')],
  ...more,
})

const decide = (
  routes: readonly (string | Route)[],
  options: Partial<DecideOptions> = {},
  table: Partial<RouteTable> = {},
): Outcome[] => decideRoutes(tableOf(routes, table), optionsOf(options)).map(({ outcome }) => outcome)

/** What becomes of a route, in a word and what belongs to it. */
const word = (outcome: Outcome): string => {
  if (outcome.is === 'listed') return outcome.pages.map(({ alone, locs }) => alone ?? locs.join(' | ')).join(', ')
  if (outcome.is === 'undecided') return `undecided: ${outcome.why}`
  if (outcome.is === 'excluded' || outcome.is === 'filled') return `${outcome.is} by ${outcome.by}`
  return outcome.is
}
const words = (...given: Parameters<typeof decide>): string[] => decide(...given).map(word)

const PRODUCTS = section('products', '/products/{slug}')

describe('a route', () => {
  test('of fixed text is listed, its trailing slash kept', () => {
    expect(decide(['/', '/about', '/contact/'])).toEqual([
      { is: 'listed', by: 'default', pages: [{ path: '/', locs: ['/'] }] },
      { is: 'listed', by: 'default', pages: [{ path: '/about', locs: ['/about'] }] },
      { is: 'listed', by: 'default', pages: [{ path: '/contact/', locs: ['/contact/'] }] },
    ])
  })

  test('that is no page is what it is, whatever patterns say', () => {
    const routes = [
      routeOf('/old', { kind: 'redirect', to: '/new' }),
      routeOf('/*', { kind: 'catch-all' }),
      routeOf('/feed.xml', { kind: 'resource' }),
    ]
    expect(decide(routes, { include: ['/**'] })).toEqual([
      { is: 'redirect', to: '/new' },
      { is: 'catch-all' },
      { is: 'resource' },
    ])
  })

  test('is excluded by a pattern, before anything else is asked of it', () => {
    const guard = { file: 'src/guard.tsx', name: 'RequireUser' }
    const routes = ['/account', '/account/orders/:id', '/products/:slug', routeOf('/checkout', { guard })]
    expect(words(routes, { exclude: ['/account/**', '/products/*', '/checkout/'], sections: [PRODUCTS] })).toEqual([
      'excluded by /account/**',
      'excluded by /account/**',
      'excluded by /products/*',
      'excluded by /checkout/',
    ])
  })

  test('is called as it stands in the source, too', () => {
    const written = [
      routeOf('/:lang/about', { written: '/:lang?/about' }),
      routeOf('/about', { written: ':lang?/about' }),
      routeOf('/terms', { written: '/:lang?/terms' }),
    ]
    expect(words(written, { exclude: ['/:lang?/about'], params: { lang: ['de'] } })).toEqual([
      'excluded by /:lang?/about',
      'excluded by /:lang?/about',
      '/terms',
    ])
    expect(unusedPatterns(tableOf(written), optionsOf({ exclude: ['/:lang?/about', '/:lang?/nothing'] }))).toEqual([
      '/:lang?/nothing',
    ])
  })

  test('with parameters is filled by the sections whose addresses it shows', () => {
    const sections = [PRODUCTS, section('sale', '/products/{slug}'), section('categories', '/c/{category.path}')]
    expect(words(['/products/:slug', '/c/:rest+', '/blog/:slug'], { sections })).toEqual([
      'filled by products,sale',
      'filled by categories',
      'undecided: no section fills it, and nothing fills :slug',
    ])
  })

  test('is not filled by addresses that another one shows', () => {
    const routes = ['/:category/:slug', '/products/:slug', '/:rest+']
    expect(words(routes, { sections: [PRODUCTS] }).map(each => each.split(' ')[0])).toEqual([
      'undecided:',
      'filled',
      'undecided:',
    ])
    const strict = ['/products/:slug([a-z-0-9]+)', '/:rest+']
    expect(words(strict, { sections: [PRODUCTS] }, v5).map(each => each.split(' ')[0])).toEqual([
      'filled',
      'undecided:',
    ])
  })

  test('of fixed text is no page of a section, even where a value could be that text', () => {
    expect(words(['/products/new', '/products/:slug'], { sections: [PRODUCTS] })).toEqual([
      '/products/new',
      'filled by products',
    ])
  })

  test('behind a guard is not listed, unless a pattern includes it', () => {
    const guard = { file: 'src/guard.tsx', line: 3, name: 'RequireUser' }
    const routes = [routeOf('/account', { guard })]
    expect(decide(routes)).toEqual([{ is: 'guarded', by: guard }])
    expect(words(routes, { include: ['/account'] })).toEqual(['/account'])
  })

  test('is undecided where it is there under a condition, or its component may lead elsewhere', () => {
    const routes = [
      routeOf('/beta', { condition: 'features.beta' }),
      routeOf('/login', { mayRedirect: { file: 'src/Login.tsx', line: 12 } }),
    ]
    expect(words(routes)).toEqual([
      'undecided: it is there only where features.beta',
      'undecided: its component may lead elsewhere (src/Login.tsx:12)',
    ])
    expect(words(routes, { include: ['/beta', '/login'] })).toEqual(['/beta', '/login'])
  })

  test('is undecided where patterns include others', () => {
    expect(words(['/about', '/blog'], { include: ['/about'] })).toEqual([
      '/about',
      'undecided: no pattern of "include" names it',
    ])
  })

  test('is shadowed by one that a Switch tries first', () => {
    const first = routeOf('/:page(about|faq)')
    expect(decide([first, '/about', '/contact'], {}, v5).slice(1)).toMatchObject([
      { is: 'shadowed', by: first },
      { is: 'listed' },
    ])
    expect(words([routeOf('/:page', { condition: 'x' }), '/about'], {}, v5)[1]).toBe('/about')
    expect(words([first, '/about'], {})[1]).toBe('/about')
  })

  test('whose path cannot be read is undecided', () => {
    expect(words(['/a//b'])).toEqual(['undecided: its path cannot be read: It has an empty folder.'])
  })
})

describe('parameters', () => {
  test('are filled with the words of the router, with configured values, and with both', () => {
    expect(words(['/:lang(en|de)/about'])).toEqual(['/en/about, /de/about'])
    expect(words(['/guide/:name'], { params: { name: ['size', 'größe/x'] } })).toEqual([
      '/guide/size, /guide/gr%C3%B6%C3%9Fe%2Fx',
    ])
    expect(words(['/:lang(en|de)/g/:my_id'], { params: { 'my-id': ['1', '2'] } })).toEqual([
      '/en/g/1, /en/g/2, /de/g/1, /de/g/2',
    ])
    expect(words(['/docs/:rest*', '/files/*'], { params: { rest: ['', 'a/b'], '*': ['x'] } })).toEqual([
      '/docs, /docs/a/b',
      '/files/x',
    ])
  })

  test('that are given what they do not take leave a route undecided', () => {
    const why = (...given: Parameters<typeof words>) => words(...given)[0]
    expect(why(['/:lang(en|de)/about'], { params: { lang: ['fr'] } })).toContain(
      '"fr" is given for :lang, which takes en|de',
    )
    expect(why(['/x/:rest+'], { params: { rest: [''] } })).toContain('has to be one folder or more')
    expect(why(['/x/:a/:b'], { params: { a: Array(200).fill('x'), b: Array(200).fill('y') } })).toContain('40000 pages')
  })

  test('are known where every section has the same', () => {
    const routes = ['/:channel/products/:slug', '/:channel/c/:slug', '/:channel/cart', '/:channel']
    const sections = [section('products', '/eu/products/{slug}'), section('categories', '/eu/c/{slug}')]
    expect(words(routes, { sections })).toEqual(['filled by products', 'filled by categories', '/eu/cart', '/eu'])
    expect(words(routes, { sections, exclude: ['/cart'] })[2]).toBe('excluded by /cart')
    const others = [sections[0] as (typeof sections)[0], section('categories', '/us/c/{slug}')]
    expect(words(routes, { sections: others })[2]).toContain('nothing fills :channel')
  })
})

describe('locales', () => {
  const both = [address('{path}', 'en'), address('/de{path}', 'de')]

  test('are placed before each path where the router does not see them', () => {
    expect(words(['/', '/about', '/contact/'], { addresses: both })).toEqual([
      '/ | /de/',
      '/about | /de/about',
      '/contact/ | /de/contact/',
    ])
    expect(words(['/about'], { addresses: [address('{path}', 'en'), address('{path}?lang=de', 'de')] })).toEqual([
      '/about | /about?lang=de',
    ])
    expect(words(['/about', '/faq/'], { addresses: [address('/en{path}/', 'en')] })).toEqual(['/en/about/', '/en/faq/'])
  })

  test('are the router’s own where it has them: each page has the addresses that its routes have', () => {
    const decided = decideRoutes(
      tableOf(['/:lang/about', '/about', '/:lang', '/', '/:lang/faq', '/imprint']),
      optionsOf({ addresses: both }),
    )
    expect(listPages(decided).map(({ path, locs }) => [path, ...locs])).toEqual([
      ['/about', '/about', '/de/about'],
      ['/', '/', '/de'],
      ['/faq', undefined, '/de/faq'],
      ['/imprint', '/imprint', undefined],
    ])
  })

  test('leave a page alone that is in none of them', () => {
    const addresses = [address('/en{path}', 'en'), address('/de{path}', 'de')]
    const decided = decideRoutes(tableOf(['/:lang(en|de)/about', '/status']), optionsOf({ addresses }))
    expect(listPages(decided)).toMatchObject([
      { path: '/about', locs: ['/en/about', '/de/about'] },
      { path: '/status', locs: [undefined, undefined], alone: '/status' },
    ])
  })

  test('are no evidence where a route begins with any value', () => {
    expect(words(['/about', '/:page'], { addresses: both })[0]).toBe('/about | /de/about')
  })

  test('have the pages of those routes alone that end as their addresses do', () => {
    const addresses = [address('/de{path}/', 'de')]
    expect(words(['/:lang/about/', '/:lang/faq'], { addresses })).toEqual([
      '/de/about/',
      'undecided: no section fills it, and no address begins as /:lang can, and ends as it does',
    ])
  })

  test('leave no page alone that is in one of them by another route', () => {
    const options = { addresses: [address('/de{path}', 'de')], params: { a: ['de'], b: ['about', 'team'] } }
    const decided = decideRoutes(tableOf(['/:lang/about', '/:a/:b']), optionsOf(options))
    expect(listPages(decided).map(({ alone, locs }) => alone ?? locs)).toEqual([['/de/about'], '/de/team'])
  })

  test('are seen in fixed text, too', () => {
    const addresses = [address('/en{path}', 'en'), address('/de{path}', 'de')]
    const decided = decideRoutes(tableOf(['/en/about', '/de/about/', '/de/impressum']), optionsOf({ addresses }))
    expect(listPages(decided).map(({ path, locs }) => [path, ...locs])).toEqual([
      ['/about', '/en/about', '/de/about/'],
      ['/impressum', undefined, '/de/impressum'],
    ])
  })

  test('are told from a page whose address begins with a value', () => {
    const sections = [
      section('pages', '/{slug}', '/de/{slug}'),
      section('products', '/products/{slug}', '/de/products/{slug}'),
    ]
    const routes = ['/', '/:slug', '/:slug/comments', '/products/:slug', '/about']
    const options = { addresses: both, sections }
    expect(words(routes, options)).toEqual([
      '/ | /de/',
      'filled by pages',
      'undecided: no section fills it, and nothing fills :slug',
      'filled by products',
      '/about | /de/about',
    ])
    expect(hiddenPrefixes(tableOf(routes), optionsOf(options))).toEqual(['/de'])
  })

  test('with a channel have a prefix of two folders', () => {
    const addresses = [address('/us/en{path}', 'en-US'), address('/eu/de{path}', 'de')]
    const sections = [section('products', '/us/en/products/{slug}', '/eu/de/products/{slug}')]
    const routes = ['/:channel/:locale', '/:channel/:locale/cart', '/:channel/:locale/products/:slug']
    expect(words(routes, { addresses, sections })).toEqual([
      '/us/en | /eu/de',
      '/us/en/cart | /eu/de/cart',
      'filled by products',
    ])
    expect(words(routes, { addresses, sections, exclude: ['/cart'] })[1]).toBe('excluded by /cart')
    expect(hiddenPrefixes(tableOf(routes), optionsOf({ addresses, sections }))).toEqual([])
  })
})

describe('the routes of shops as they are', () => {
  test('of fixed paths and slugs', () => {
    const guard = { file: 'src/routes.tsx', line: 40, name: 'RequireUser' }
    const routes = [
      '/',
      '/category/:slug',
      '/product/:slug',
      '/page/:slug',
      '/search',
      '/account-confirm',
      routeOf('/account/', { guard }),
      '/account/order-history/:token',
      '/checkout/payment-confirm',
      routeOf('/*', { kind: 'catch-all' }),
    ]
    const sections = ['product', 'category', 'page'].map(name => section(name, `/${name}/{slug}`))
    expect(words(routes, { sections, exclude: ['/account/**', '/account-confirm', '/checkout/**'] }, v5)).toEqual([
      '/',
      'filled by category',
      'filled by product',
      'filled by page',
      '/search',
      'excluded by /account-confirm',
      'excluded by /account/**',
      'excluded by /account/**',
      'excluded by /checkout/**',
      'catch-all',
    ])
  })

  test('of language and channel before most paths, and not before all', () => {
    const addresses = [address('/en/eu{path}', 'en'), address('/de/eu{path}', 'de')]
    const sections = [section('products', '/en/eu/products/{slug}', '/de/eu/products/{slug}')]
    const routes = [
      '/',
      '/checkout',
      '/:locale/:channel',
      '/:locale/:channel/products',
      '/:locale/:channel/products/:slug',
    ]
    expect(words(routes, { addresses, sections }, { forms: ['next-app'], caseSensitive: true })).toEqual([
      '/',
      '/checkout',
      '/en/eu | /de/eu',
      '/en/eu/products | /de/eu/products',
      'filled by products',
    ])
  })
})

describe('a storefront’s prefix', () => {
  test('is the value of the first folder where the router has one', () => {
    const options = {
      addresses: [address('/default-channel{path}')],
      sections: [section('products', '/default-channel/products/{slug}')],
    }
    expect(
      words(['/:channel', '/:channel/cart', '/:channel/products/:slug', '/:channel/pages/:slug'], options),
    ).toEqual([
      '/default-channel',
      '/default-channel/cart',
      'filled by products',
      'undecided: no section fills it, and nothing fills :slug',
    ])
  })
})

describe('a basename', () => {
  test('stands before every path, and need not stand in a pattern', () => {
    const options = {
      basename: '/shop',
      exclude: ['/cart', '/shop/account'],
      sections: [section('products', '/shop/products/{slug}')],
    }
    expect(words(['/', '/about', '/cart', '/account', '/products/:slug'], options)).toEqual([
      '/shop/',
      '/shop/about',
      'excluded by /cart',
      'excluded by /shop/account',
      'filled by products',
    ])
  })

  test('may be the beginning of the addresses', () => {
    const addresses = [address('/shop/en{path}', 'en'), address('/shop/de{path}', 'de')]
    expect(words(['/:lang/about'], { basename: '/shop', addresses })).toEqual(['/shop/en/about | /shop/de/about'])
    expect(words(['/about'], { basename: '/shop', addresses })).toEqual(['/shop/en/about | /shop/de/about'])
  })
})

describe('patterns', () => {
  test.each([
    ['/blog/[slug]', '/blog/:slug'],
    ['/blog/[...rest]', '/blog/:rest+'],
    ['/blog/[[...rest]]', '/blog/:rest*'],
    ['/blog/:slug', '/blog/:slug(\\d+)'],
    ['/blog/:slug(\\d+)', '/blog/:slug(\\d+)'],
    ['/blog/*', '/blog/:slug/'],
    ['/blog/', '/blog'],
    ['/BLOG', '/blog'],
    ['/über/**', '/%C3%BCber/uns'],
    ['/%C3%BCber', '/%C3%BCber'],
    ['/**', '/'],
    ['/{a,b}', '/b'],
    ['/.well-known/*', '/.well-known/x'],
  ])('%s names %s', (pattern, path) => {
    expect(words([path], { exclude: [pattern] })).toEqual([`excluded by ${pattern}`])
    expect(unusedPatterns(tableOf([path]), optionsOf({ exclude: [pattern] }))).toEqual([])
  })

  test.each([
    ['/blog', '/blogs'],
    ['/blog/*', '/blog'],
    ['/blog/*', '/blog/a/b'],
    ['/blog/:slug', '/blog/:name'],
    ['/blog/[slug]', '/blog/slug'],
  ])('%s does not name %s, and is told to name nothing', (pattern, path) => {
    expect(words([path], { exclude: [pattern] })).not.toEqual([`excluded by ${pattern}`])
    expect(unusedPatterns(tableOf([path]), optionsOf({ include: [pattern], exclude: [] }))).toEqual([pattern])
  })
})

describe('the pages of all routes', () => {
  test('come out once, with the first route that gives them', () => {
    const routes = [routeOf('/about', { line: 1 }), routeOf('/about/', { line: 2 }), routeOf('/faq', { line: 3 })]
    const pages = listPages(decideRoutes(tableOf(routes), optionsOf()))
    expect(pages.map(({ path, locs, route }) => [path, ...locs, route.line])).toEqual([
      ['/about', '/about', 1],
      ['/faq', '/faq', 3],
    ])
  })
})
