import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import type { RouteTable } from '../../../src/routes/route.ts'
import { type RouterSettings, readRouter } from '../../../src/sources/routes/router.ts'
import { linesOf, untoldOf } from '../../helpers/front-end-files.ts'

const base = fileURLToPath(new URL('../../fixtures/front-ends', import.meta.url))

async function read(name: string, environment: RouterSettings['environment'] = {}): Promise<RouteTable> {
  const { table, close } = await readRouter(name, { base, aliases: {}, environment, timeoutMs: 10_000 })
  await close()
  return table
}

const componentOf = (table: RouteTable, path: string): string | undefined =>
  table.routes.find(route => route.path === path)?.component?.replace(/^.*front-ends\//, '')

test('a shop with a Switch, paths in a file of their own, an account and a checkout with routes of their own', async () => {
  const table = await read('pwa-5')
  expect(linesOf(table)).toEqual([
    '/',
    '/search/ …',
    '/category/:slug([a-z-0-9]+)/:id([0-9]+)/ …',
    '/collection/:slug([a-z-0-9]+)/:id([0-9]+)/ …',
    '/product/:slug([a-z-0-9]+)/:id([0-9]+)/ …',
    '/cart/:token/ …',
    '/cart/ …',
    '/page/:slug/ …',
    '/my-account/order/:id/ …',
    'catch-all /my-account/*',
    '/my-account/',
    '/account/',
    '/order-history/',
    '/address-book/',
    '/checkout/address … guarded by CheckoutPage',
    '/checkout/shipping … guarded by CheckoutPage',
    '/checkout/review … guarded by CheckoutPage',
    'catch-all /checkout/*',
    '/checkout/ guarded by CheckoutPage may redirect',
    '/stores/',
    'catch-all /*',
  ])
  expect([table.forms, table.order, untoldOf(table)]).toEqual([['react-router-5'], 'written', []])
  expect(componentOf(table, '/product/:slug([a-z-0-9]+)/:id([0-9]+)/')).toBe('pwa-5/src/views/Product/index.tsx')
  // Most of its views are not there, and what is around the routes is not either.
  expect(table.notes).toEqual([expect.stringContaining('<Loader> was not followed, since there is no file for')])
})

test('a shop with a data router, that loads its pages when they are asked for', async () => {
  const table = await read('data-router', { BASE_URL: '/shop/' })
  expect(linesOf(table)).toEqual([
    '/',
    '/product/:slug',
    'redirect /products/:slug',
    'redirect /sale to /collection/sale',
    '/collection/:slug/:page may redirect',
    '/collection/:slug may redirect',
    '/terms',
    '/privacy',
    '/help',
    '/help/returns',
    '/help/shipping',
    'catch-all /help/*',
    `/stores if import.meta.env.VITE_STORES === 'on'`,
    '/account guarded by its loader',
    '/account/orders guarded by its loader',
    '/account/orders/:id guarded by its loader',
    'resource /feed.xml',
    'catch-all /*',
  ])
  expect([table.forms, table.basename, untoldOf(table), table.notes]).toEqual([['react-router'], '/shop', [], []])
  expect(['/', '/product/:slug', '/terms', '/privacy'].map(path => componentOf(table, path))).toEqual([
    'data-router/src/pages/home.tsx',
    'data-router/src/pages/product.tsx',
    'data-router/src/pages/legal.tsx',
    'data-router/src/pages/legal.tsx',
  ])
})

test('the basename and what else the build decides is told where the configuration does not say it', async () => {
  const table = await read('data-router', { VITE_STORES: 'off' })
  expect(linesOf(table)).not.toContainEqual(expect.stringContaining('/stores'))
  expect(untoldOf(table)).toEqual([
    expect.stringContaining("router's basename cannot be told, since import.meta.env.BASE_URL is only known when"),
  ])
})
