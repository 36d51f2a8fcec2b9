import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isUserAgent, type Robots, renderRobots, robotsPathProblem } from '../../src/sitemap/robots.ts'
import { ensureRobotparser } from '../oracles/available.ts'
import { readRobots } from '../oracles/robotparser.ts'

const SITEMAP = 'https://shop.example.com/sitemap.xml'
const render = (robots: Partial<Robots>): string =>
  renderRobots({ disallow: [], allow: [], agents: {}, ...robots }, SITEMAP)

describe('robots.txt', () => {
  test('names what must not be visited, its exceptions, crawlers with rules of their own, and the sitemap', () => {
    const agents = { GPTBot: { disallow: ['/'], allow: [] }, Bingbot: { disallow: [], allow: [] } }
    expect(render({ disallow: ['/checkout', '/*?sort='], allow: ['/checkout/help$'], agents })).toBe(`User-agent: *
Allow: /checkout/help$
Disallow: /checkout
Disallow: /*?sort=

User-agent: GPTBot
Disallow: /

User-agent: Bingbot
Disallow:

Sitemap: https://shop.example.com/sitemap.xml
`)
  })

  test('without rules allows everything', () => {
    expect(render({})).toBe(`User-agent: *\nDisallow:\n\nSitemap: ${SITEMAP}\n`)
  })

  test('has the longest rule first, allowed before forbidden where both are as long, and none twice', () => {
    expect(render({ disallow: ['/a', '/a/b/c', '/x', '/a'], allow: ['/a/b', '/x'] })).toBe(`User-agent: *
Disallow: /a/b/c
Allow: /a/b
Allow: /x
Disallow: /a
Disallow: /x

Sitemap: ${SITEMAP}
`)
  })

  test('is ASCII: what is not is percent-encoded, and what is encoded stays', () => {
    expect(render({ disallow: ['/möbel/a b', '/%C3%A9%2fx', '/100%', '/😀'] })).toContain(
      'Disallow: /m%C3%B6bel/a%20b\nDisallow: /%F0%9F%98%80\nDisallow: /%C3%A9%2fx\nDisallow: /100%25\n',
    )
  })
})

describe('a path of robots.txt', () => {
  test.each(['/', '/checkout', '*.pdf$', '/a?b=c&d', '/100%', '/möbel', '/a b'])('may be %j', path => {
    expect(robotsPathProblem(path)).toBeUndefined()
  })

  test.each([
    ['', 'An empty list forbids nothing'],
    ['checkout', 'begins with "/" or "*"'],
    ['https://shop.example.com/checkout', 'begins with "/" or "*"'],
    [' /checkout', 'begins with "/" or "*"'],
    ['/a\nDisallow: /', 'one line'],
    ['/a\r', 'one line'],
    ['/a\tb', 'one line'],
    ['/a\u0000', 'one line'],
    ['/a\u0085b', 'one line'],
    ['/a\u2028b', 'one line'],
    ['/a#b', 'Write %23'],
    ['/a\ud83d', 'half a character'],
  ])('must not be %j', (path, words) => {
    expect(robotsPathProblem(path)).toContain(words)
  })

  test('without problems stays one line of one rule, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const path = `/${text}`
        fc.pre(robotsPathProblem(path) === undefined)
        const lines = render({ disallow: [path] }).split('\n')
        expect(lines).toHaveLength(5)
        expect(lines[1]).toMatch(/^Disallow: [\x21-\x7e]+$/)
        expect(lines[1]).not.toContain('#')
      }),
    )
  })
})

test('the name of a crawler has letters, digits, hyphens, underscores and dots', () => {
  for (const name of ['GPTBot', 'Googlebot-Image', 'MJ12bot', '360Spider', 'Mail.RU_Bot', 'ia_archiver']) {
    expect(isUserAgent(name), name).toBe(true)
  }
  for (const name of ['', '*', 'GPT Bot', 'Bot/1.0', 'a\nDisallow: /', '-bot', 'böt', 'a#b', 'a:b']) {
    expect(isUserAgent(name), name).toBe(false)
  }
})

/** RFC 9309, section 2.2.2, of paths without `*`: the longest rule decides, and of two as long the one that allows. */
function isAllowed(path: string, { disallow, allow }: Pick<Robots, 'disallow' | 'allow'>): boolean {
  const longest = (rules: readonly string[]) =>
    Math.max(-1, ...rules.filter(rule => path.startsWith(rule)).map(rule => rule.length))
  return longest(allow) >= longest(disallow)
}

describe.skipIf(!(await ensureRobotparser()))('an independent reader of robots.txt', () => {
  test('sees in it what the rules say, and where the sitemap is', async () => {
    const robots = {
      disallow: ['/checkout', '/möbel'],
      allow: ['/checkout/help'],
      agents: { GPTBot: { disallow: ['/'], allow: [] } },
    }
    const ask = ['/', '/checkout', '/checkout/pay', '/checkout/help', '/m%C3%B6bel/a', '/moebel'].flatMap(path =>
      ['Googlebot', 'GPTBot'].map(agent => [agent, `https://shop.example.com${path}`] as const),
    )
    expect(await readRobots(render(robots), ask)).toEqual({
      allowed: [true, false, false, false, false, false, true, false, false, false, true, false],
      sitemaps: [SITEMAP],
    })
  })

  test('that takes the first rule that matches decides as those do that take the longest', async () => {
    const path = fc.array(fc.constantFrom('a', 'b', 'c/', 'd'), { maxLength: 4 }).map(parts => `/${parts.join('')}`)
    const rules = fc.record({
      disallow: fc.uniqueArray(path, { maxLength: 5 }),
      allow: fc.uniqueArray(path, { maxLength: 5 }),
    })
    const cases = fc.sample(fc.tuple(rules, fc.array(path, { minLength: 50, maxLength: 50 })), {
      numRuns: 10,
      seed: 9309,
    })
    for (const [each, paths] of cases) {
      const { allowed } = await readRobots(
        render(each),
        paths.map(asked => ['Bot', `https://shop.example.com${asked}`] as const),
      )
      expect(allowed, JSON.stringify([each, paths])).toEqual(paths.map(asked => isAllowed(asked, each)))
    }
  })
})
