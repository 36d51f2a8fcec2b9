import { describe, expect, test } from 'vitest'
import { describeRemoved, describeRule } from '../../src/rules/describe.ts'
import { namedFields, parseRule } from '../../src/rules/parse.ts'
import { toLookup } from '../../src/sources/saleor/fields.ts'

const parse = (where: unknown) => parseRule(where, 'where', toLookup('products', undefined))
const problemsOf = (where: unknown) => parse(where).problems

/** A mistake, its path, words of its message, and words of its hint. */
const MISTAKES: readonly (readonly [where: unknown, path: string, message: string, hint?: string])[] = [
  [{ ratng: 4 }, 'where.ratng', 'have no field "ratng"', 'Did you mean "rating"?'],
  [{ 'listing.visible': true }, 'where.listing.visible', 'has no "visible"', 'listing.visibleInListings'],
  [{ 'metadta.sitemap': 'x' }, 'where.metadta.sitemap', 'no field'],
  [{ metadata: { sitemap: 'exclude' } }, 'where.metadata', '"metadata" needs a key'],
  [{ attributes: { brand: 'x' } }, 'where.attributes', '"attributes" needs a key: "attributes.<slug>"'],
  [{ 'metadata.': 'x' }, 'where.metadata.', 'no field'],
  [{ 'translations.not a language.slug': 'x' }, 'where.translations.not a language.slug', 'is no language code'],
  [{ rating: { atLeast: 4 } }, 'where.rating.atLeast', '"atLeast" is no operator', 'eq, oneOf'],
  [{ rating: { gtee: 4 } }, 'where.rating.gtee', '"gtee" is no operator', 'Did you mean "gte"?'],
  [
    { rating: { contains: '4' } },
    'where.rating.contains',
    'does not fit rating, which is a number',
    'It takes eq, oneOf',
  ],
  [{ createdAt: { startsWith: '2026' } }, 'where.createdAt.startsWith', 'does not fit createdAt, which is a date'],
  [{ 'listing.isPublished': { gt: true } }, 'where.listing.isPublished.gt', 'which is a boolean', 'eq, oneOf, exists'],
  [{ rating: '4' }, 'where.rating', 'Expected a number for rating, got "4"'],
  [{ rating: { gte: true } }, 'where.rating.gte', 'got true (a boolean)'],
  [{ rating: Number.NaN }, 'where.rating', 'got NaN (a number)'],
  [{ rating: Number.POSITIVE_INFINITY }, 'where.rating', 'got Infinity (a number)'],
  [{ rating: 10n }, 'where.rating', 'got 10 (a bigint)'],
  [{ slug: 5 }, 'where.slug', 'Expected a text for slug, got 5 (a number)', 'Write "5" in quotes.'],
  [{ slug: true }, 'where.slug', 'got true (a boolean)', 'Write "true" in quotes.'],
  [{ slug: 'a\u0000b' }, 'where.slug', 'Expected a text for slug'],
  [{ slug: 'half \ud83d of a pair' }, 'where.slug', 'Expected a text for slug'],
  [{ 'metadata.a': 'half \udc00' }, 'where.metadata.a', 'for metadata.a'],
  [{ 'metadata.a\u0000': 'x' }, 'where.metadata.a\u0000', 'no key'],
  [{ 'metadata.a\ud83d': { exists: true } }, 'where.metadata.a\ud83d', 'no key'],
  [{ slug: new Date(Number.NaN) }, 'where.slug', 'got an object'],
  [{ slug: { contains: 5 } }, 'where.slug.contains', 'Expected a text for slug', 'Write "5" in quotes.'],
  [{ 'metadata.a': { startsWith: 5 } }, 'where.metadata.a.startsWith', 'Expected a text for metadata.a'],
  [{ 'listing.isPublished': 'true' }, 'where.listing.isPublished', 'Expected true or false'],
  [{ createdAt: 'yesterday' }, 'where.createdAt', 'Expected a date such as 2026-01-31'],
  [{ createdAt: '2026-02-30' }, 'where.createdAt', 'got "2026-02-30"'],
  [{ createdAt: 'now-30' }, 'where.createdAt', 'got "now-30"'],
  [{ createdAt: 'now-999999w' }, 'where.createdAt', 'got "now-999999w"'],
  [{ createdAt: 'now -30d' }, 'where.createdAt', 'got "now -30d"'],
  [{ createdAt: 1767225600 }, 'where.createdAt', 'got 1767225600 (a number)'],
  [{ rating: [4, 5] }, 'where.rating', 'got a list', 'Write { oneOf: [ … ] }.'],
  [{ rating: { eq: [4] } }, 'where.rating.eq', 'got a list'],
  [{ rating: { gte: { eq: 4 } } }, 'where.rating.gte', 'got an object'],
  [{ rating: { oneOf: 4 } }, 'where.rating.oneOf', 'Expected a list, got 4'],
  [{ rating: { oneOf: [4, '5'] } }, 'where.rating.oneOf[1]', 'Expected a number for rating, got "5"'],
  [{ rating: { oneOf: [null] } }, 'where.rating.oneOf[0]', 'got null'],
  [{ rating: null }, 'where.rating', 'got null', 'Write { exists: false } for "has no value".'],
  [{ rating: undefined }, 'where.rating', 'got null'],
  [{ rating: { eq: null } }, 'where.rating.eq', 'got null'],
  [{ rating: {} }, 'where.rating', 'Expected at least one operator'],
  [{ rating: { exists: 'yes' } }, 'where.rating.exists', 'Expected true or false, got "yes"'],
  [{ rating: { NOT: { gt: 4 } } }, 'where.rating.NOT', '"NOT" is no operator'],
  [{ rating: () => true }, 'where.rating', '(a function)'],
  ['rating >= 4', 'where', 'Expected a rule such as { rating: { gte: 4 } }, got "rating >= 4"'],
  [null, 'where', 'got null'],
  [[{ rating: 4 }], 'where', 'got a list'],
  [new Map([['rating', 4]]), 'where', 'got an object'],
  [{ NOT: [{ rating: 4 }] }, 'where.NOT', 'Expected a rule such as'],
  [{ NOT: true }, 'where.NOT', 'got true (a boolean)'],
  [{ OR: { rating: 4 } }, 'where.OR', 'Expected a list of rules, got an object'],
  [{ AND: 'x' }, 'where.AND', 'Expected a list of rules, got "x"'],
  [{ OR: [{ rating: 4 }, null] }, 'where.OR[1]', 'got null'],
  [{ and: [] }, 'where.and', 'have no field "and"', 'Did you mean "AND"?'],
  [{ not: { rating: 4 } }, 'where.not', 'have no field "not"', 'Did you mean "NOT"?'],
  [{ NOT: { OR: [{ AND: [{ x: 1 }] }] } }, 'where.NOT.OR[0].AND[0].x', 'no field "x"'],
  [{ constructor: 'x' }, 'where.constructor', 'have no field "constructor"'],
  [{ toString: 'x' }, 'where.toString', 'have no field "toString"'],
  [{ 'listing.constructor': 'x' }, 'where.listing.constructor', 'has no "constructor"'],
  [{ 'listing.__proto__': 'x' }, 'where.listing.__proto__', 'has no "__proto__"'],
  [JSON.parse('{"__proto__": {"eq": 1}}'), 'where.__proto__', 'have no field "__proto__"'],
  [{ __proto__: { rating: 4 } }, 'where', 'got an object'],
  [{ rating: { constructor: 4 } }, 'where.rating.constructor', '"constructor" is no operator'],
  [{ rating: { toString: 4 } }, 'where.rating.toString', '"toString" is no operator'],
  [JSON.parse('{"rating": {"__proto__": 4}}'), 'where.rating.__proto__', '"__proto__" is no operator'],
  [{ rating: { __proto__: { eq: 4 } } }, 'where.rating', 'got an object'],
]

describe('a rule that is wrong', () => {
  test.each(MISTAKES)('%o is refused with its place', (where, path, message, hint) => {
    const problems = problemsOf(where)
    expect(problems).toHaveLength(1)
    expect(problems[0]?.path).toBe(path)
    expect(problems[0]?.message).toContain(message)
    expect(problems[0]?.message).toMatch(/[^.]\.$/)
    if (hint !== undefined) expect(problems[0]?.hint).toContain(hint)
  })

  test('is told with all its mistakes at once', () => {
    const problems = problemsOf({
      ratng: 4,
      rating: { contains: 'x', gte: 'y' },
      NOT: { OR: [{ slug: null }, { createdAt: 'soon' }] },
      AND: [{ 'listing.isPublished': { lt: 1 } }],
    })
    expect(problems.map(({ path }) => path)).toEqual([
      'where.ratng',
      'where.rating.contains',
      'where.rating.gte',
      'where.NOT.OR[0].slug',
      'where.NOT.OR[1].createdAt',
      'where.AND[0].listing.isPublished.lt',
    ])
  })

  test('names what the record kind has, where another kind has the field', () => {
    const lookups = { pages: 'rating', categories: 'listing.isPublished', collections: 'attributes.brand' } as const
    for (const [kind, name] of Object.entries(lookups)) {
      const { problems } = parseRule({ [name]: 1 }, 'where', toLookup(kind as keyof typeof lookups, undefined))
      expect(problems[0]?.message).toBe(`The records of ${kind} have no field "${name}".`)
    }
  })
})

describe('a rule', () => {
  test('takes a plain value for "equals", and keys side by side for "and"', () => {
    expect(parse({ rating: 4, slug: 'x' })).toEqual(parse({ AND: [{ rating: { eq: 4 } }, { slug: { eq: 'x' } }] }))
  })

  test('takes a date object, as YAML and TypeScript give them, for its text', () => {
    const date = new Date('2026-01-31T00:00:00Z')
    expect(parse({ createdAt: { gte: date } })).toEqual(parse({ createdAt: { gte: '2026-01-31T00:00:00.000Z' } }))
  })

  test('takes every field that its own parts name, and no other', () => {
    const where = { rating: 4, NOT: { OR: [{ slug: 'x' }, { AND: [{ 'metadata.a.b': { exists: true } }] }] } }
    expect(namedFields(where)).toEqual(['rating', 'slug', 'metadata.a.b'])
    expect(namedFields([null, 5, 'x'])).toEqual([])
  })

  test.each([
    [{ rating: { gte: 4 } }, 'rating is at least 4', 'rating is not at least 4'],
    [{ slug: { oneOf: ['a', 'b'] } }, 'slug is one of "a", "b"', 'slug is none of "a", "b"'],
    [{ NOT: { 'metadata.sitemap': 'exclude' } }, 'not metadata.sitemap is "exclude"', 'metadata.sitemap is "exclude"'],
    [{ seoTitle: { exists: true } }, 'seoTitle has a value', 'seoTitle has no value'],
    [{ seoTitle: { exists: false } }, 'seoTitle has no value', 'seoTitle has a value'],
    [{ createdAt: { gt: 'now-30d' } }, 'createdAt is above now-30d', 'createdAt is not above now-30d'],
    [{ createdAt: { lte: 'now+90m' } }, 'createdAt is at most now+90m', 'createdAt is not at most now+90m'],
    [{ rating: { gt: 1, lt: 3 } }, 'rating is above 1 and is below 3', 'not (rating is above 1 and is below 3)'],
    [
      { OR: [{ rating: 1 }, { NOT: { rating: { gt: 2 } } }] },
      'rating is 1 or not rating is above 2',
      'not (rating is 1 or not rating is above 2)',
    ],
    [{}, 'always', 'not always'],
    [{ OR: [] }, 'never', 'not never'],
  ])('%j can be said in words, and so can what it removes', (where, words, removed) => {
    const { rule } = parse(where)
    expect(describeRule(rule)).toBe(words)
    expect(describeRemoved(rule)).toBe(removed)
  })
})
