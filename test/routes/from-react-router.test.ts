import fc from 'fast-check'
import { matchRoutes } from 'react-router-7'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { readPath } from '../../src/routes/from-react-router.ts'
import { parsePattern } from '../../src/routes/pattern.ts'
import { matchesAny, withAndWithoutSlash } from './oracle.ts'

describe('a path of React Router since 6', () => {
  test.each([
    ['', ['/']],
    ['/', ['/']],
    ['about', ['/about']],
    ['/about/', ['/about/']],
    ['//about', ['/about']],
    [':lang?/about', ['/:lang/about', '/about']],
    [':lang?', ['/:lang', '/']],
    ['users/:id/edit?', ['/users/:id/edit', '/users/:id']],
    ['a?/b?', ['/a/b', '/a', '/b', '/']],
    ['files/*', ['/files/*']],
    ['files*', ['/files/*']],
    ['*', ['/*']],
    ['files/*/x', ['/files/%2A/x']],
    [':file.json', ['/:file.json']],
    [':my-id', ['/:my_id']],
    [':a-:b', ['/:a_%3Ab']],
    ['v:version', ['/v%3Aversion']],
    ['wiki/(old)', ['/wiki/(old)']],
    ['über uns', ['/%C3%BCber%20uns']],
  ])('%j is %j', (written, paths) => {
    expect(readPath(written)).toEqual({ paths })
  })

  test.each([
    [':a?b', 'question mark within a folder'],
    ['a?/'.repeat(13), 'more than 12 optional'],
  ])('%j is refused: %s', (written, words) => {
    expect(readPath(written)).toEqual({ problem: expect.stringContaining(words) })
  })

  // The router advises on each path that ends as "files*" does.
  beforeEach(() => void vi.spyOn(console, 'warn').mockImplementation(() => undefined))
  afterEach(() => vi.restoreAllMocks())

  const folder = fc
    .tuple(
      fc.constantFrom(
        'a',
        'b',
        'docs',
        'B',
        'x-y',
        'ü',
        '*',
        ':a',
        ':b',
        ':my-id',
        ':a.json',
        ':a-',
        'a.b',
        '(a)',
        'a:b',
        'a+',
      ),
      fc.constantFrom('', '', '', '?'),
    )
    .map(parts => parts.join(''))
  const written = fc
    .tuple(fc.constantFrom('', '/'), fc.array(folder, { maxLength: 4 }), fc.constantFrom('', '', '/', '/*', '*'))
    .map(([start, folders, end]) => `${start}${folders.join('/')}${end}`.replace('//', '/').replace('?*', '*'))
  const address = fc
    .array(
      fc.constantFrom('a', 'b', 'A', 'docs', 'en', 'x-y', 'a.json', '%C3%BC', '*', 'a.b', 'axb', '(a)', 'a:b', 'a+'),
      { maxLength: 5 },
    )
    .map(folders => `/${folders.join('/')}`)

  test('matches, written out, just what it matches in the router', () => {
    let matched = 0
    fc.assert(
      fc.property(written, fc.array(address, { minLength: 10, maxLength: 20 }), (path, addresses) => {
        const ours = readPath(path)
        if ('problem' in ours) throw new Error(ours.problem)
        for (const one of ours.paths) expect(parsePattern(one)).toHaveProperty('pattern')
        const matches = matchesAny(ours.paths)
        for (const one of addresses) {
          const theirs = withAndWithoutSlash(one).some(each => matchRoutes([{ path }], each) !== null)
          if (theirs) matched++
          expect([path, ours.paths, one, matches(one)]).toEqual([path, ours.paths, one, theirs])
        }
      }),
      { numRuns: 1_000 },
    )
    expect(matched).toBeGreaterThan(1_000)
  })
})
