// Which sections need watching. "No" must never be wrong: where two records can have one address, it has to be "yes".
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canMeet, canRepeat } from '../../src/sitemap/template-overlap.ts'
import { compileTemplate, parseTemplate, type UrlTemplate } from '../../src/sitemap/url-template.ts'

const SITE = 'https://shop.example.com'
const templateOf = (text: string): UrlTemplate => {
  const parsed = parseTemplate(text)
  if ('problem' in parsed) throw new Error(`${text}: ${parsed.problem}`)
  return parsed.template
}

describe('a template', () => {
  test.each([
    '/products/{slug}',
    '/products/{slug}/',
    '/{id}',
    '/p/{globalId}?ref=sitemap',
    '/x?id={id}',
    '/p-{slug}.html',
    '/{name|slugify}/{id}/',
    '/{category.path}/{slug}',
    '/{slug}/{category.path}',
    '/{rating}?id={id}&r={metadata.rank}',
    '/{externalReference}/{name}',
    '/{name|slugify}-{id}',
    '/p/{name|slugify}-{id}/',
    '/{id}-{name|slugify}.html',
  ])('%s gives each record an address of its own', text => {
    expect(canRepeat(templateOf(text), { translated: false })).toBe(false)
  })

  test.each([
    ['/{name}', 'names repeat'],
    ['/{name|slugify}', 'so do slugs made of them'],
    ['/{slug|slugify}', 'a format can make two slugs one'],
    ['/{metadata.path}', 'metadata is what anybody writes'],
    ['/{category.slug}', 'a category has many products'],
    ['/{path}', 'a path is not known to be of one record'],
    ['/{name|slugify}{id}', 'nothing tells where the number begins'],
    ['/{name|slugify}-{globalId}', 'not only numbers can follow the hyphen'],
    ['/{slug}{id}', 'nothing stands between them'],
    ['/{slug}-{name}', 'nothing tells where the slug ends'],
    ['/{category.path}/{slug}/{path}', 'nothing tells which folder the slug is'],
  ])('%s can give one address twice: %s', text => {
    expect(canRepeat(templateOf(text), { translated: false })).toBe(true)
  })

  test('of translated slugs can: one can be the slug of a record without a translation', () => {
    expect(canRepeat(templateOf('/{slug}'), { translated: true })).toBe(true)
    expect(canRepeat(templateOf('/{slug}/{id}'), { translated: true })).toBe(false)
  })
})

describe('two templates', () => {
  test.each([
    ['/products/{slug}', '/categories/{slug}'],
    ['/products/{slug}', '/de/products/{slug}'],
    ['/products/{slug}', '/products/{slug}/'],
    ['/products/{slug}', '/products/{category.slug}/{slug}'],
    ['/a/{category.path}/{slug}', '/b/{path}'],
    ['/größe/{slug}', '/maß/{slug}'],
  ])('%s and %s never meet', (one, other) => {
    expect(canMeet(templateOf(one), templateOf(other))).toBe(false)
    expect(canMeet(templateOf(other), templateOf(one))).toBe(false)
  })

  test.each([
    ['/{slug}', '/{slug}'],
    ['/{slug}', '/{name}'],
    ['/products/{slug}', '/{category.slug}/{slug}'],
    ['/products/{slug}', '/{path}'],
    ['/de/{path}', '/{path}'],
    ['/{path}/x', '/x/{path}'],
    ['/größe/{slug}', '/gr%C3%B6%C3%9Fe/{slug}'],
    ["/it's/{slug}", '/it%27s/{slug}'],
    ['/100%/{slug}', '/100%25/{slug}'],
  ])('%s and %s may meet', (one, other) => {
    expect(canMeet(templateOf(one), templateOf(other))).toBe(true)
    expect(canMeet(templateOf(other), templateOf(one))).toBe(true)
  })
})

/** Few values and few pieces of text, all of which look alike, so that addresses do meet. */
const VALUES = ['1', 'a-1', '2-1', 'a', 'b', 'de', 'a/b', 'b/a', 'a-b', 'b-a', 'ä', '%C3%A4', 'a&', 'a?x=a']
const FIELDS = ['slug', 'id', 'path', 'category.path', 'category.slug', 'name', 'name|slugify', 'slug|slugify']
const BETWEEN = ['/', '/', '-', '', '/a/', '/de/', '?x=', '&x=', '/ä/', '/%C3%A4/', 'b']
const templates = fc
  .tuple(
    fc.constantFrom('/', '/a/', '/a', '/de/', '/ä/', '/%C3%A4/'),
    fc.array(fc.tuple(fc.constantFrom(...FIELDS), fc.constantFrom(...BETWEEN)), { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '/', '/a', '.html', '?x=a'),
  )
  .map(([start, parts, end]) => {
    const fields = parts.map(([field, after], index) => `{${field}}${index === parts.length - 1 ? end : after}`)
    return templateOf(`${start}${fields.join('')}`)
  })

const FORMATTERS = { slugify: (text: string) => text.replace(/[^\w-]/g, '') }

/** Every address of the template, with all the values that give it. */
function addressesOf(template: UrlTemplate): Map<string, string[][]> {
  const toLoc = compileTemplate(SITE, template, FORMATTERS)
  const made = new Map<string, string[][]>()
  for (const values of tuples(template.fields)) {
    const loc = toLoc(values)
    if (typeof loc === 'string') made.set(loc, [...(made.get(loc) ?? []), values])
  }
  return made
}

/** An id is a number. */
const NUMBERS = ['1', '2', '12', '21']
const tuples = ([field, ...fields]: readonly string[]): string[][] =>
  field === undefined
    ? [[]]
    : tuples(fields).flatMap(rest => (field === 'id' ? NUMBERS : VALUES).map(value => [value, ...rest]))

describe('whatever the templates and the values are,', () => {
  /** Two records differ in every field that is unique, and a field has one value a record. */
  const areTwoRecords = (fields: readonly string[], unique: readonly string[], one: string[], other: string[]) =>
    fields.every((field, index) => !unique.includes(field) || one[index] !== other[index]) &&
    [one, other].every(values => fields.every((field, index) => values[fields.indexOf(field)] === values[index]))

  test.each([
    [false, ['slug', 'id']],
    [true, ['id']],
  ] as const)('two records with one address are expected (translated: %s)', (translated, unique) => {
    const answers = { expected: 0, safe: 0 }
    fc.assert(
      fc.property(templates, template => {
        const shared = [...addressesOf(template).values()].some(all =>
          all.some((one, index) =>
            all.slice(index + 1).some(other => areTwoRecords(template.fields, unique, one, other)),
          ),
        )
        const expected = canRepeat(template, { translated })
        if (shared) expect(expected, JSON.stringify(template)).toBe(true)
        answers[expected ? 'expected' : 'safe']++
      }),
      { numRuns: 500 },
    )
    expect(Math.min(answers.expected, answers.safe)).toBeGreaterThan(20)
  })

  test('two templates that share an address are expected to', () => {
    const answers = { meets: 0, expected: 0, safe: 0 }
    fc.assert(
      fc.property(templates, templates, fc.constantFrom('locale', 'fields', 'any'), (one, another, how) => {
        const [first = '', ...rest] = one.literals
        const other = {
          // The other locale of the same section
          locale: { ...one, literals: [`/de${first}`, ...rest] },
          // Another section with the same folders
          fields: { ...one, fields: one.fields.map((field, index) => another.fields[index] ?? field) },
          any: another,
        }[how]
        const [a, b] = [addressesOf(one), addressesOf(other)]
        const meets = [...a.keys()].some(loc => b.has(loc))
        const expected = canMeet(one, other)
        if (meets) expect(expected, JSON.stringify([one, other])).toBe(true)
        expect(canMeet(other, one)).toBe(expected)
        if (meets) answers.meets++
        answers[expected ? 'expected' : 'safe']++
      }),
      { numRuns: 500 },
    )
    expect(Math.min(answers.meets, answers.expected, answers.safe)).toBeGreaterThan(20)
  })
})
