// A section of routes: pages of the front end, by its own router.
import { z } from 'zod'
import { routerOptions } from '../sources/routes/options.ts'

const pattern = z.string().min(1)
const paths = z.union([z.string(), z.array(z.string())]).transform(value => [value].flat())

export const routeSection = z.strictObject({
  of: z.literal('routes'),
  router: routerOptions,
  include: z
    .array(pattern)
    .optional()
    .describe(
      'Patterns of the routes that are listed; what none of them names is undecided. Default: all that can be listed.',
    ),
  exclude: z
    .array(pattern)
    .default([])
    .describe('Patterns of routes that are not listed: /account/**, /checkout. They go before "include".'),
  undecided: z
    .enum(['warn', 'error'])
    .default('warn')
    .describe('What a route does of which nothing is decided: it is a warning of each run, or fails the run.'),
  uncovered: z
    .enum(['warn', 'error'])
    .default('warn')
    .describe(
      'What addresses of other sections do that are no page of the front end: a warning, or they fail the run.',
    ),
  basename: z
    .string()
    .regex(/^(\/.*)?$/, 'must begin with a slash, or be empty')
    .transform(text => text.replace(/\/+$/, ''))
    .optional()
    .describe("What stands before every path of the router: /shop. Default: the router's own."),
  params: z
    .record(z.string(), paths)
    .default({})
    .describe('Values of parameters, by their names: { page: [terms, privacy] } lists /info/:page twice.'),
  resolve: z
    .record(z.string(), paths)
    .default({})
    .describe('Routes that the source does not tell, by the expression or the place (file:line) that is reported.'),
  alias: z
    .record(z.string(), z.string())
    .default({})
    .describe("Short names of the front end's folders, { '@': src }, where its own settings do not say so."),
  env: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'What the front end is built with: values of process.env and import.meta.env that its routes are made of.',
    ),
  lastmod: z
    .enum(['git', 'none'])
    .default('none')
    .describe("What dates a page: when the file of its component last changed by the front end's history, or nothing."),
})
