import { describe, expect, test } from 'vitest'
import { coverage, covers } from '../../src/routes/cover.ts'
import { compileTable, type Outside } from '../../src/routes/match.ts'
import type { Route } from '../../src/routes/route.ts'
import { routeOf, tableOf, templateOf, v5 } from './oracle.ts'

const covered = (
  routes: readonly (string | Route)[],
  template: string,
  { more = {}, outside = { basename: '' } as Outside } = {},
) => {
  const [found] = coverage(tableOf(routes, more), [templateOf(template)], outside)
  return (
    found && {
      covered: found.covered,
      by: found.by.map(({ path }) => path),
      lost: found.lost.map(({ path }) => path),
      hasGaps: found.hasGaps,
    }
  )
}

describe('the addresses of a template', () => {
  test('are covered where a page takes each of them', () => {
    expect(covered(['/products/:slug', '/about'], '/products/{slug}')).toEqual({
      covered: 'all',
      by: ['/products/:slug'],
      lost: [],
      hasGaps: false,
    })
  })

  test('are covered where a page of fixed text takes one, and another page the rest', () => {
    expect(covered(['/products/:slug', '/products/new'], '/products/{slug}')).toMatchObject({
      covered: 'all',
      by: ['/products/new', '/products/:slug'],
    })
  })

  test('are covered behind a guard', () => {
    const guard = { file: 'src/guard.tsx', name: 'Guard' }
    expect(covered([routeOf('/products/:slug', { guard })], '/products/{slug}')?.covered).toBe('all')
  })

  test('are not where no route takes them', () => {
    expect(covered(['/product/:slug'], '/products/{slug}')).toEqual({
      covered: 'none',
      by: [],
      lost: [],
      hasGaps: true,
    })
  })

  test('are not where a redirect or a catch-all takes them', () => {
    const notFound = routeOf('/*', { kind: 'catch-all' })
    const old = routeOf('/products/:slug', { kind: 'redirect', to: '/product/:slug' })
    expect(covered(['/product/:slug', notFound], '/products/{slug}')).toEqual({
      covered: 'none',
      by: [],
      lost: ['/*'],
      hasGaps: false,
    })
    expect(covered([old, '/product/:slug', notFound], '/products/{slug}')).toMatchObject({
      covered: 'none',
      lost: ['/products/:slug'],
    })
  })

  test('have to be looked at where a route takes some of them', () => {
    const notFound = routeOf('/*', { kind: 'catch-all' })
    expect(covered(['/products/:slug([a-z-0-9]+)', notFound], '/products/{slug}', { more: v5 })).toEqual({
      covered: 'some',
      by: ['/products/:slug([a-z-0-9]+)'],
      lost: ['/*'],
      hasGaps: false,
    })
    expect(
      covered([routeOf('/products/old', { kind: 'redirect' }), '/products/:slug'], '/products/{slug}'),
    ).toMatchObject({
      covered: 'some',
      lost: ['/products/old'],
    })
  })

  test('are not where the front page takes whatever comes', () => {
    const home = routeOf('/', { end: false })
    expect(covered([home], '/products/{slug}', { more: v5 })).toMatchObject({ covered: 'none', lost: ['/'] })
    const match = compileTable(tableOf([home], v5), { basename: '' })
    expect([covers(match('/')), covers(match('/products/x'))]).toEqual([true, false])
    expect(covered([routeOf('/products', { end: false })], '/products/{slug}', { more: v5 })?.covered).toBe('all')
  })

  test('are those of the route that the router tries first', () => {
    const routes = [routeOf('/*', { kind: 'catch-all' }), '/products/:slug']
    expect(covered(routes, '/products/{slug}')?.covered).toBe('all')
    expect(covered(routes, '/products/{slug}', { more: v5 })?.covered).toBe('none')
  })

  test('lie below basename and hidden prefixes', () => {
    const outside = { basename: '/shop', hidden: ['/de', '/de-at'] }
    expect(covered(['/products/:slug'], '/shop/products/{slug}', { outside })?.covered).toBe('all')
    expect(covered(['/products/:slug'], '/shop/de/products/{slug}', { outside })?.covered).toBe('all')
    expect(covered(['/products/:slug'], '/products/{slug}', { outside })?.covered).toBe('none')
    const match = compileTable(tableOf(['/products/:slug']), outside)
    expect(covers(match('/shop/de-at/products/x'))).toBe(true)
    expect(covers(match('/shop/products/x'))).toBe(true)
    expect(covers(match('/shop/fr/products/x'))).toBe(false)
  })

  test('cover an address that a template cannot tell, one by one', () => {
    const match = compileTable(tableOf(['/products/:slug([a-z-0-9]+)', routeOf('/*', { kind: 'catch-all' })], v5), {
      basename: '',
    })
    expect(covers(match('/products/oak-table'))).toBe(true)
    expect(covers(match('/products/t%C3%BCr'))).toBe(false)
  })
})
