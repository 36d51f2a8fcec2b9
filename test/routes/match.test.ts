import fc from 'fast-check'
import { matchPath } from 'react-router-5'
import { matchRoutes } from 'react-router-7'
import { describe, expect, test } from 'vitest'
import { readPath } from '../../src/routes/from-react-router.ts'
import { readPath5 } from '../../src/routes/from-react-router-5.ts'
import { compileTable } from '../../src/routes/match.ts'
import type { Route } from '../../src/routes/route.ts'
import { routeOf, tableOf, v5, withAndWithoutSlash } from './oracle.ts'

const SITE = { basename: '' }
const chosen = (routes: readonly (string | Route)[], path: string, more = {}): string | undefined =>
  compileTable(tableOf(routes, more), SITE)(path)?.path

describe('the route of an address', () => {
  test('is the first in order where the router tries them as they are written', () => {
    expect(chosen(['/:slug', '/about'], '/about', v5)).toBe('/:slug')
    expect(chosen(['/about', '/:slug'], '/about', v5)).toBe('/about')
  })

  test('is the one with more fixed text where the router ranks them', () => {
    expect(chosen(['/*', '/:slug', '/about'], '/about')).toBe('/about')
    expect(chosen(['/*', '/:slug', '/about'], '/x')).toBe('/:slug')
    expect(chosen(['/*', '/:slug', '/about'], '/x/y')).toBe('/*')
  })

  test('is chosen by the whole path in React Router, and folder by folder in Next', () => {
    const routes = ['/docs/:rest+', '/:section/intro']
    expect(chosen(routes, '/docs/intro')).toBe('/:section/intro')
    expect(chosen(routes, '/docs/intro', { forms: ['next-app'] })).toBe('/docs/:rest+')
    expect(chosen(['/docs/:rest*', '/docs'], '/docs', { forms: ['next-pages'] })).toBe('/docs')
  })

  test('covers what is below it where it has no end', () => {
    const routes = [routeOf('/account', { end: false }), '/:page']
    expect(chosen(routes, '/account/orders/7', v5)).toBe('/account')
    expect(chosen(routes, '/accounts', v5)).toBe('/:page')
  })

  test('takes case as the router does', () => {
    expect(chosen(['/About'], '/about')).toBe('/About')
    expect(chosen(['/About'], '/about', { caseSensitive: true })).toBeUndefined()
    expect(chosen(['/:id([a-z]+)'], '/ABC')).toBe('/:id([a-z]+)')
    expect(chosen(['/:id([a-z]+)'], '/ABC', { caseSensitive: true })).toBeUndefined()
  })

  test.each([
    ['/about/', '/about'],
    ['/about', '/about/'],
    ['/über', '/%C3%BCber'],
    ['/%c3%bcber', '/%C3%BCber'],
    ['/about?x=/y', '/about'],
    ['/about/#top', '/about'],
    ['/100%', '/100%25'],
  ])('%s is found as %s', (address, path) => {
    expect(chosen([path], address)).toBe(path)
  })

  test('lies below the basename, in any case', () => {
    const match = compileTable(tableOf(['/', '/about']), { basename: '/shop' })
    expect(match('/shop/about')?.path).toBe('/about')
    expect(match('/Shop')?.path).toBe('/')
    expect(match('/shop?x=1')?.path).toBe('/')
    expect(match('/about')).toBeUndefined()
    expect(match('/shopping/about')).toBeUndefined()
  })

  test('is none where no value can be empty', () => {
    expect(chosen(['/a/:b', '/docs/:rest+'], '/a')).toBeUndefined()
    expect(chosen(['/a/:b', '/docs/:rest+'], '/docs/')).toBeUndefined()
  })

  const folder = fc.constantFrom('a', 'b', 'c', ':x', ':y', ':x', ':z.json')
  const address = fc
    .array(fc.constantFrom('a', 'b', 'c', 'd', 'A', 'd.json', '%C3%BC'), { maxLength: 5 })
    .map(folders => `/${folders.join('/')}`)

  test('is the one that React Router 7 chooses, of any routes', () => {
    const path = fc
      .tuple(
        fc.array(fc.tuple(folder, fc.constantFrom('', '', '', '?')), { maxLength: 4 }),
        fc.constantFrom('', '', '/*'),
      )
      .map(([folders, end]) => `/${folders.map(parts => parts.join('')).join('/')}${end}`.replace('//', '/'))
    let chosenOnes = 0
    fc.assert(
      fc.property(
        fc.uniqueArray(path, { minLength: 1, maxLength: 12 }),
        fc.array(address, { minLength: 10, maxLength: 20 }),
        (paths, addresses) => {
          const routes = paths.flatMap(written => {
            const read = readPath(written)
            return 'paths' in read ? read.paths.map(each => routeOf(each, { written })) : []
          })
          const match = compileTable(tableOf(routes), SITE)
          for (const one of addresses) {
            const theirs = matchRoutes(
              paths.map(each => ({ path: each })),
              one,
            )?.at(-1)?.route.path
            if (theirs) chosenOnes++
            expect([paths, one, match(one)?.written]).toEqual([paths, one, theirs])
          }
        },
      ),
      { numRuns: 500 },
    )
    expect(chosenOnes).toBeGreaterThan(1_000)
  })

  test('is the one that a Switch of React Router 5 shows, of any routes', () => {
    const route = fc.record({
      path: fc
        .tuple(
          fc.array(fc.oneof(folder, fc.constantFrom(':x?', ':x(a|b)', ':x*', ':x+', '*')), { maxLength: 3 }),
          fc.constantFrom('', '/'),
        )
        .map(([folders, end]) => `/${folders.join('/')}${folders.length > 0 ? end : ''}`),
      exact: fc.boolean(),
    })
    let chosenOnes = 0
    fc.assert(
      fc.property(
        fc.array(route, { minLength: 1, maxLength: 12 }),
        fc.array(address, { minLength: 10, maxLength: 20 }),
        (given, addresses) => {
          const routes = given.flatMap(({ path, exact }, index) => {
            const read = readPath5(path)
            if ('problem' in read) throw new Error(read.problem)
            return read.paths.map(each => routeOf(each, { line: index, end: exact }))
          })
          const match = compileTable(tableOf(routes, v5), SITE)
          for (const one of addresses) {
            const seen = decodeURI(one)
            const theirs = given.findIndex(({ path, exact }) =>
              withAndWithoutSlash(seen).some(each => matchPath(each, { path, exact }) !== null),
            )
            if (theirs !== -1) chosenOnes++
            expect([given, one, match(one)?.line ?? -1]).toEqual([given, one, theirs])
          }
        },
      ),
      { numRuns: 500 },
    )
    expect(chosenOnes).toBeGreaterThan(1_000)
  })

  test('is found soon, however hard a regular expression tries', () => {
    const match = compileTable(tableOf(['/:a-:b-:c(\\d+)']), SITE)
    expect(match(`/${'-'.repeat(300)}${'1'.repeat(300)}x`)).toBeUndefined()
  })
})
