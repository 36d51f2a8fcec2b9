// What crawlers are told: the shape of `robots`, and what no shape can say of it.
import { z } from 'zod'
import type { Problem } from '../problem.ts'
import { isUserAgent, ROBOTS_MAX_BYTES, type Robots, renderRobots, robotsPathProblem } from '../sitemap/robots.ts'

const path = z.string().check(({ value, issues }) => {
  const message = robotsPathProblem(value)
  if (message !== undefined) issues.push({ code: 'custom', input: value, message })
})

const rules = {
  disallow: z
    .array(path)
    .default([])
    .describe('Paths that crawlers must not visit: /checkout; * is any text, $ at the end is the end.'),
  allow: z.array(path).default([]).describe('Exceptions: paths below those that they may visit.'),
}

export const robotsOptions = z
  .strictObject({
    ...rules,
    agents: z
      .record(z.string(), z.strictObject(rules))
      .default({})
      .describe(
        'Rules of single crawlers, by their names: GPTBot. Each follows its own rules instead of those for all.',
      ),
  })
  .describe('Writes robots.txt, with the address of the sitemap; absent: none is written.')

export function robotsProblems(robots: Robots, site: string): Problem[] {
  const agents = Object.keys(robots.agents)
  const problems = agents.flatMap((agent, index) => {
    const at = `robots.agents.${agent}`
    if (agent === '*') return [{ path: at, message: 'The rules for all stand beside "agents".' }]
    if (!isUserAgent(agent)) {
      const message = 'Expected the name of a crawler: letters and digits, with hyphens, underscores or dots.'
      return [{ path: at, message }]
    }
    const first = agents.findIndex(other => other.toLowerCase() === agent.toLowerCase())
    return first === index ? [] : [{ path: at, message: `The same crawler as ${agents[first]}: case does not count.` }]
  })
  const bytes = renderRobots(robots, `${site}/sitemap.xml`).length
  if (bytes > ROBOTS_MAX_BYTES) {
    const message = `robots.txt would have ${bytes} bytes, and crawlers read no more than ${ROBOTS_MAX_BYTES} of it.`
    problems.push({ path: 'robots', message })
  }
  return problems
}
