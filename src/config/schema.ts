// The shape of a configuration, composed of the options of its parts; defaults are set here and nowhere else.
import { z } from 'zod'
import { directoryOptions } from '../publishers/directory/options.ts'
import { gitOptions } from '../publishers/git/options.ts'
import { httpOptions } from '../publishers/http/options.ts'
import { s3Options } from '../publishers/s3/options.ts'
import { PROTOCOL_LIMITS } from '../sitemap/limits.ts'
import { saleorOptions } from '../sources/saleor/options.ts'
import { robotsOptions } from './robots.ts'
import { routeSection } from './route-section.ts'
import { STOREFRONT_NAMES } from './storefronts.ts'
import { duration, growth, later, percent } from './values.ts'

const lastmod = z
  .enum(['content', 'updatedAt', 'none'])
  .describe(
    "Where the date of an entry comes from: it moves when what the page shows has moved (content), it is the back end's own (updatedAt), or there is none.",
  )

const where = z.unknown().default({}).describe('The rule a record has to satisfy; {} is true.')

const recordSection = z.strictObject({
  of: z.enum(['products', 'categories', 'collections', 'pages']),
  url: z
    .string()
    .optional()
    .describe(
      "Path of a record's page, /products/{slug}; any field of the record in braces. Default: the storefront's.",
    ),
  where,
  lastmod: lastmod.optional(),
  content: z
    .array(z.string())
    .min(1)
    .optional()
    .describe(
      'With lastmod: content, what counts as shown: fields, and images, attributes. Default: all but price and stock.',
    ),
  images: z.boolean().default(false).describe("Whether entries name the page's images."),
})

const locale = z.strictObject({
  url: z
    .string()
    .optional()
    .describe('Where its pages are: /de{path}. Default: {path} after what the storefront puts before it.'),
  default: z.boolean().optional().describe('Whether it is also for readers of every other language, x-default.'),
  hreflang: z.string().optional().describe("Its language for search engines, de-AT. Default: the locale's name."),
  translations: z
    .string()
    .optional()
    .describe(
      "Saleor's code of the language whose translations it shows, de or fr-ca; without: the records' own values.",
    ),
  missing: z
    .enum(['omit', 'fallback'])
    .optional()
    .describe('A record without a translation has no page there (omit), or one with its own values (fallback).'),
  channel: z.string().min(1).optional().describe("Slug of the channel it sells in. Default: the source's."),
})

const listSection = z
  .strictObject({
    of: z.literal('list'),
    paths: z.array(z.string()).optional().describe('Paths of the site.'),
    file: z.string().min(1).optional().describe('A text file with one path a line.'),
  })
  .refine(({ paths, file }) => (paths === undefined) !== (file === undefined), {
    message: 'Expected either "paths" or "file".',
  })

const section = z.discriminatedUnion('of', [
  recordSection,
  listSection,
  routeSection,
  z
    .looseObject({ of: z.literal('sql') })
    .check(later(() => true, 'Sections of sql', 'Use "of: list" with paths for now.')),
])

const target = z
  .strictObject({
    git: gitOptions.optional(),
    directory: directoryOptions.optional(),
    http: httpOptions.optional(),
    s3: s3Options.optional(),
  })
  .refine(item => Object.keys(item).length === 1, {
    message: 'Expected one of "git", "directory", "http" and "s3"; a second target is a second item of the list.',
  })

const schedule = z.union([
  z.string().transform(cron => ({ cron, timezone: 'UTC' })),
  z.strictObject({ cron: z.string(), timezone: z.string().default('UTC') }),
])

export const configurationSchema = z.strictObject({
  $schema: z.string().optional().describe('Where this schema is, for editors; not read.'),
  site: z.string().describe('Scheme and host of the shop, https://shop.example.com.'),
  source: z.strictObject({ saleor: saleorOptions }).optional(),
  sections: z
    .record(z.string(), section)
    .refine(sections => Object.keys(sections).length > 0, { message: 'Expected at least one section.' }),
  storefront: z
    .enum(STOREFRONT_NAMES)
    .optional()
    .describe('A storefront whose addresses are known: sections need no url then.'),
  locales: z
    .record(z.string().regex(/^[A-Za-z0-9]+([-_][A-Za-z0-9]+)*$/), locale)
    .refine(locales => Object.keys(locales).length > 0, { message: 'Expected at least one locale.' })
    .optional()
    .describe('Languages, or languages and channels: each page has one address in each, linked by hreflang.'),
  addresses: z
    .enum(['error', 'warn'])
    .default('error')
    .describe(
      'A record without an address, or with that of another, fails the run (error), or is left out and named (warn).',
    ),
  robots: robotsOptions.optional(),
  state: z
    .strictObject({
      directory: z.string().min(1).describe("Folder that stays between runs; relative to the configuration's folder."),
    })
    .optional()
    .describe('Where is kept what later runs compare with. Default: with the first target that can, else .storemap.'),
  guard: z
    .strictObject({
      maxShrink: percent.default(20).describe('The share of its entries that a section may lose in one run.'),
      maxGrow: growth.optional().describe('The share of its entries that a section may gain in one run. Default: any.'),
    })
    .default({ maxShrink: 20 }),
  schedule: schedule.optional(),
  publish: z.array(target).default([]),
  gzip: z.boolean().default(false),
  lastmod: lastmod.default('content'),
  limits: z
    .strictObject({
      entries: z.int().min(1).max(PROTOCOL_LIMITS.entries).default(PROTOCOL_LIMITS.entries),
      bytes: z.int().min(1).max(PROTOCOL_LIMITS.bytes).default(PROTOCOL_LIMITS.bytes),
    })
    .default(PROTOCOL_LIMITS),
  timeouts: z
    .strictObject({
      connect: duration.default(10_000),
      statement: duration.default(15 * 60_000),
      git: duration.default(5 * 60_000),
      s3: duration.default(60_000),
    })
    .default({ connect: 10_000, statement: 15 * 60_000, git: 5 * 60_000, s3: 60_000 }),
})

export type ParsedConfiguration = z.output<typeof configurationSchema>
