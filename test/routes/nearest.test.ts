import { describe, expect, test } from 'vitest'
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
const near = (path: string, outside = { basename: '' }): string | undefined =>
  nearestRoute(table, path.includes('{') ? templateOf(path) : path, outside)?.path

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
    expect(nearestRoute(tableOf([routeOf('/*', { kind: 'catch-all' })]), '/x', { basename: '' })).toBeUndefined()
  })

  test('is looked for below the basename', () => {
    expect(near('/shop/products/{slug}', { basename: '/shop' })).toBe('/product/:slug')
  })

  test('is looked for without a prefix that the router does not see', () => {
    expect(nearestRoute(table, '/de/abut', { basename: '', hidden: ['/de'] })?.path).toBe('/about')
  })
})
