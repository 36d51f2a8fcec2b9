import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatPattern, type Pattern, parsePattern, wordsOf } from '../../src/routes/pattern.ts'

describe('the path of a route', () => {
  test.each([
    ['/', { segments: [], trailingSlash: true }],
    ['/%C3%BCber/', { segments: [{ is: 'folder', pieces: [{ text: 'über' }] }], trailingSlash: true }],
    ['/:slug', { segments: [{ is: 'folder', pieces: [{ param: 'slug' }] }], trailingSlash: false }],
    [
      '/:slug-:id(\\d+).html',
      {
        segments: [
          {
            is: 'folder',
            pieces: [{ param: 'slug' }, { text: '-' }, { param: 'id', regex: '\\d+' }, { text: '.html' }],
          },
        ],
        trailingSlash: false,
      },
    ],
    [
      '/:slug([^/]+)',
      { segments: [{ is: 'folder', pieces: [{ param: 'slug', regex: '[^/]+' }] }], trailingSlash: false },
    ],
    ['/:rest+', { segments: [{ is: 'splat', name: 'rest', min: 1 }], trailingSlash: false }],
    ['/:rest*/', { segments: [{ is: 'splat', name: 'rest', min: 0 }], trailingSlash: true }],
    ['/*', { segments: [{ is: 'splat', min: 0 }], trailingSlash: false }],
    ['/:ids(\\d+)+', { segments: [{ is: 'splat', name: 'ids', min: 1, regex: '\\d+' }], trailingSlash: false }],
    ['/100%', { segments: [{ is: 'folder', pieces: [{ text: '100%' }] }], trailingSlash: false }],
    ['/a*b:', { segments: [{ is: 'folder', pieces: [{ text: 'a*b:' }] }], trailingSlash: false }],
  ])('%s is read into folders', (path, pattern) => {
    expect(parsePattern(path)).toEqual({ pattern })
  })

  test.each([
    ['', 'does not begin with a slash'],
    ['about', 'does not begin with a slash'],
    ['/a//b', 'an empty folder'],
    ['//', 'an empty folder'],
    ['/a?b', 'has a "?"'],
    ['/a#b', 'has a "#"'],
    ['/:id((a+)+)', 'groups of its own'],
    ['/:id(\\d+', 'one that never ends'],
    ['/:id([)', 'is no regular expression'],
  ])('%s is none: %s', (path, words) => {
    expect(parsePattern(path)).toEqual({ problem: expect.stringContaining(words) })
  })

  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }).filter(each => !/\p{Surrogate}/u.test(each))
  const regex = fc.constantFrom(undefined, '\\d+', 'en|de', '[^/]+', '\\(\\/')
  const param = fc.constantFrom('a', 'slug', '0', 'my_id')
  const value = fc
    .record({ param, regex })
    .map(({ param, regex }) => (regex === undefined ? { param } : { param, regex }))
  const odd = fc.constantFrom('*', ':a', '(', '+', ')', '?', '/', '%2F', '#', "'", ':', '1', 'ü')
  const texts = fc.oneof(text, odd)
  const pieces = fc.oneof(
    texts.map(each => [{ text: each }]),
    value.map(each => [each]),
    fc.tuple(value, texts).map(([a, b]) => [a, { text: b }]),
    fc.tuple(texts, value, texts, value).map(([a, b, c, d]) => [{ text: a }, b, { text: c }, d]),
  )
  const segment = fc.oneof(
    pieces.map(each => ({ is: 'folder' as const, pieces: each })),
    fc.constant({ is: 'splat' as const, min: 0 as const }),
    fc
      .record({ value, min: fc.constantFrom(0, 1) })
      .map(({ value: { param, ...more }, min }) => ({ is: 'splat' as const, name: param, min: min as 0 | 1, ...more })),
  )

  test('is written as it is read, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 4 }), fc.boolean(), (segments, slash) => {
        const pattern: Pattern = { segments, trailingSlash: slash || segments.length === 0 }
        const path = formatPattern(pattern)
        expect(parsePattern(path)).toEqual({ pattern })
      }),
      { numRuns: 3_000 },
    )
  })
})

test('only an alternation of words has words', () => {
  expect(wordsOf('en|de-AT')).toEqual(['en', 'de-AT'])
  expect(wordsOf('en')).toEqual(['en'])
  for (const regex of [undefined, '\\d+', '[a-z]', 'en|', 'en|d.', 'a+']) expect(wordsOf(regex)).toBeUndefined()
})
