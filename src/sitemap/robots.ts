// robots.txt by RFC 9309: groups of rules by user agent, and where the sitemap is.

export interface RobotsRules {
  /** What must not be visited: paths of the site, where `*` is any text and `$` at the end is the end. */
  readonly disallow: readonly string[]
  /** Exceptions to it. */
  readonly allow: readonly string[]
}

/** The rules for all, and those of agents that have their own instead. */
export interface Robots extends RobotsRules {
  readonly agents: Readonly<Record<string, RobotsRules>>
}

/** RFC 9309, section 2.5: what every crawler reads at least, and some read no further. */
export const ROBOTS_MAX_BYTES = 500 * 1024

/** The text of robots.txt, ASCII. Paths have to be without problems. */
export function renderRobots(robots: Robots, sitemap: string): string {
  const groups = [group('*', robots), ...Object.entries(robots.agents).map(([agent, rules]) => group(agent, rules))]
  return `${[...groups, `Sitemap: ${sitemap}`].join('\n\n')}\n`
}

/**
 * The longest rule first, and allowed before forbidden: readers that take the first rule that matches then decide as
 * those do that take the longest, as far as paths have no `*`.
 */
function group(agent: string, { disallow, allow }: RobotsRules): string {
  const rules = [
    ...allow.map(path => ({ verb: 'Allow', path: encodePath(path) })),
    ...disallow.map(path => ({ verb: 'Disallow', path: encodePath(path) })),
  ].sort((a, b) => b.path.length - a.path.length)
  const nothing = disallow.length === 0 ? ['Disallow:'] : []
  const lines = rules.map(({ verb, path }) => `${verb}: ${path}`)
  return [`User-agent: ${agent}`, ...new Set(lines), ...nothing].join('\n')
}

/** What a line of ASCII cannot hold is percent-encoded; what already is stays as it is. */
function encodePath(path: string): string {
  return path.replace(/%(?![0-9A-Fa-f]{2})/g, '%25').replace(/[^\x21-\x7e]+/g, encodeURIComponent)
}

/** Why a text is no path of robots.txt, or undefined where it is one. */
export function robotsPathProblem(path: string): string | undefined {
  if (path === '') return 'Expected a path, got an empty text. An empty list forbids nothing.'
  if (!/^[/*]/.test(path)) return `Expected a path that begins with "/" or "*", got "${path.slice(0, 100)}".`
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(path)) return 'Expected one line without control characters.'
  if (path.includes('#')) return 'In robots.txt a "#" begins a comment. Write %23.'
  if (/\p{Surrogate}/u.test(path)) return 'It holds half a character, which cannot be written.'
  return undefined
}

/** Wider than RFC 9309, which knows letters, hyphens and underscores only: names in use have digits and dots. */
export const isUserAgent = (name: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name)
