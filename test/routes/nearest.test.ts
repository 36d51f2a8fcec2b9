import { describe, expect, test } from 'vitest'
import type { Outside } from '../../src/routes/match.ts'
import { nearestRoute } from '../../src/routes/nearest.ts'
import { routeOf, tableOf, templateOf } from './oracle.ts'

const table = tableOf([
  '/',
  '/about',
  '/product/:slug',
  '/category/:slug/:id(\\d+)',
  '/:page',
  routeOf('/products/:slug', { kind: 'redirect' }),
  routeOf('/*', { kind: 'catch-all' }),
])
const near = (path: string, outside: Outside = { basename: '' }): string | undefined =>
  nearestRoute([{ table, outside }], path.includes('{') ? templateOf(path) : path)?.path

describe('the nearest route', () => {
  test.each([
    ['/products/{slug}', '/product/:slug'],
    ['/products/oak-table', '/product/:slug'],
    ['/p/{slug}', '/product/:slug'],
    ['/de/product/{slug}', '/product/:slug'],
    ['/categories/{slug}/{id}', '/category/:slug/:id(\\d+)'],
    ['/categry/x/seven', '/category/:slug/:id(\\d+)'],
    ['/abuot', '/about'],
  ])('of %s is %s', (address, path) => {
    expect(near(address)).toBe(path)
  })

  test('is none where nothing is near', () => {
    expect(near('/a/b/c/d/e/f')).toBeUndefined()
    const nothing = tableOf([routeOf('/*', { kind: 'catch-all' })])
    expect(nearestRoute([{ table: nothing, outside: { basename: '' } }], '/x')).toBeUndefined()
  })

  test('is looked for below the basename', () => {
    expect(near('/shop/products/{slug}', { basename: '/shop' })).toBe('/product/:slug')
  })

  test('is looked for without a prefix that the router does not see', () => {
    expect(near('/de/abut', { basename: '', hidden: ['/de'] })).toBe('/about')
  })

  test('is one that shows what is below it, too', () => {
    const shop = tableOf([routeOf('/', { end: false }), routeOf('/product/:slug', { end: false })])
    const front = { table: shop, outside: { basename: '' } }
    expect(nearestRoute([front], templateOf('/products/{slug}'))?.path).toBe('/product/:slug')
    expect(nearestRoute([front], '/products/oak-table')?.path).toBe('/product/:slug')
  })
})

describe('a route that is called otherwise now', () => {
  /** What is free of them begins with `+`. */
  const among = (...paths: readonly string[]) => {
    const routes = paths.map(path => routeOf(path.replace('+', '')))
    const free = new Set(routes.filter((_, index) => paths[index]?.startsWith('+')))
    return { table: tableOf(routes), outside: { basename: '' }, free }
  }
  const found = (paths: readonly string[], template: string): string | undefined =>
    nearestRoute([among(...paths)], templateOf(template))?.path

  test.each([
    ['one folder', ['+/p/:slug', '+/about', '/c/:slug'], '/products/{slug}', '/p/:slug'],
    ['two', ['+/shop/item/:id', '/c/:slug'], '/catalog/products/{id}', '/shop/item/:id'],
    ['with text beside the value', ['+/p/:slug-:id.html'], '/products/{slug}-{id}', '/p/:slug-:id.html'],
    ['with a value of several folders', ['+/c/:path+', '+/c/:slug'], '/categories/{category.path}', '/c/:path+'],
    ['behind a language that is a value', ['+/:locale/p/:slug'], '/de/products/{slug}', '/:locale/p/:slug'],
    ['nearest in text of several', ['+/blog/:post', '+/produce/:slug'], '/products/{slug}', '/produce/:slug'],
  ])('is known by its shape: %s', (_, paths, template, path) => {
    expect(found(paths, template)).toBe(path)
  })

  test.each([
    ['has its addresses from elsewhere', ['/c/:slug'], '/products/{slug}'],
    ['has other folders', ['+/p/:slug/reviews', '+/:page'], '/products/{slug}'],
    ['has text where the values are', ['+/p/all'], '/products/{slug}'],
    ['has values where the text is', ['+/p/:a/:b'], '/shop/products/{slug}'],
  ])('is none that %s', (_, paths, template) => {
    expect(found(paths, template)).toBeUndefined()
  })

  test('is less than one that is called alike, if that is free', () => {
    expect(found(['+/p/:slug', '+/product/:slug'], '/products/{slug}')).toBe('/product/:slug')
    expect(found(['+/p/:slug', '/produce/:slug'], '/products/{slug}')).toBe('/p/:slug')
    expect(found(['+/p/:slug/reviews', '/product/:slug'], '/products/{slug}')).toBe('/product/:slug')
  })

  test('is looked for in all front ends before a worse one is taken', () => {
    const fronts = [among('+/posts/:post'), among('+/product/:slug')]
    expect(nearestRoute(fronts, templateOf('/products/{slug}'))?.path).toBe('/product/:slug')
  })

  test('is none of a front end that lies elsewhere', () => {
    const blog = { ...among('+/posts/:post'), outside: { basename: '/blog' } }
    expect(nearestRoute([blog], templateOf('/items/{slug}'))).toBeUndefined()
    expect(nearestRoute([blog], templateOf('/blog/p/{slug}'))?.path).toBe('/posts/:post')
    expect(nearestRoute([blog], templateOf('/post/{slug}'))?.path).toBe('/posts/:post')
  })
})
