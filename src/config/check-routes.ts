// What a section of routes says by hand: patterns, and paths in the one spelling of routes.

import type { Problem } from '../problem.ts'
import { parsePattern } from '../routes/pattern.ts'
import { isPlainObject } from '../rules/parse.ts'

export function routeProblems(section: Record<string, unknown>, path: string): Problem[] {
  const patterns = ['include', 'exclude'].flatMap(key => {
    const given = section[key]
    return (Array.isArray(given) ? given : []).flatMap((text: unknown, index): Problem[] =>
      typeof text !== 'string' || /^(?:$|[/*!({[])/.test(text)
        ? []
        : [
            {
              path: `${path}.${key}[${index}]`,
              message: `Expected a pattern of paths such as /account/**, got "${text}".`,
              hint: `Write /${text}.`,
            },
          ],
    )
  })
  const { resolve } = section
  const resolved = Object.entries(isPlainObject(resolve) ? resolve : {}).flatMap(([key, given]) =>
    [given].flat().flatMap((text: unknown): Problem[] => {
      const read = typeof text === 'string' ? parsePattern(text) : { pattern: undefined }
      if (!('problem' in read)) return []
      return [
        {
          path: `${path}.resolve["${key}"]`,
          message: `"${text}" is no route. ${read.problem}`,
          hint: 'Write /sale, or /sale/:name.',
        },
      ]
    }),
  )
  return [...patterns, ...resolved]
}
