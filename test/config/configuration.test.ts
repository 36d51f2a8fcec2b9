// The type that people write by, and the schema that checks what they wrote: held together.
import { describe, expect, expectTypeOf, test } from 'vitest'
import type { z } from 'zod'
import type { Configuration, RouterRepository, RouteSectionConfiguration } from '../../src/config/configuration.ts'
import { configurationSchema } from '../../src/config/schema.ts'
import { defineConfig } from '../../src/index.ts'

type Input = z.input<typeof configurationSchema>
/** The settings that exist to be refused by name. */
type Later = 'sites'

const FULL: Configuration = {
  $schema: './node_modules/storemap/schema/config.schema.json',
  site: 'https://shop.example.com',
  source: {
    saleor: {
      database: 'postgres://reader@db.example/saleor',
      channel: 'default-channel',
      media: 'https://media.example.com/',
      visibility: 'all',
    },
  },
  sections: {
    products: {
      of: 'products',
      url: '/products/{slug}',
      where: {
        'listing.visibleInListings': true,
        rating: { gte: 4, lt: 5 },
        createdAt: { gt: new Date(0), lte: 'now-30d' },
        slug: { oneOf: ['a', 'b'], startsWith: 'a', contains: 'b', exists: true },
        AND: [{ seoTitle: { exists: false } }],
        OR: [{ rating: 4 }, { NOT: { name: 'x' } }],
        NOT: { OR: [{ 'metadata.sitemap': 'exclude' }] },
      },
      lastmod: 'none',
      content: ['name'],
      images: true,
    },
    pages: { of: 'pages' },
    listed: { of: 'list', paths: ['/'] },
    filed: { of: 'list', file: 'paths.txt' },
    routed: {
      of: 'routes',
      router: { git: { repo: 'x.git', ref: 'main', path: 'src', token: 't', sshKey: 'k', knownHosts: 'h' } },
      include: ['/', '/**'],
      exclude: ['/account/**'],
      undecided: 'error',
      uncovered: 'error',
      basename: '/shop',
      params: { page: ['terms', 'privacy'], kind: 'one' },
      resolve: { 'campaigns()': ['/sale'], 'src/app.tsx:4': [], 'src/old.tsx': '/old' },
      alias: { '@': 'src' },
      env: { VITE_BASE: '/' },
      lastmod: 'git',
    },
    built: { of: 'routes', router: 'routes.json' },
  },
  storefront: 'storefront',
  locales: {
    en: { url: '/en{path}', default: true },
    de: { url: '/de{path}', hreflang: 'de-AT', translations: 'de', missing: 'fallback', channel: 'at' },
  },
  addresses: 'warn',
  guard: { maxShrink: '20%', maxGrow: '300%' },
  state: { directory: 'state' },
  schedule: { cron: '0 3 * * *', timezone: 'Europe/Warsaw' },
  publish: [
    { git: { repo: 'x.git', branch: 'main', token: 't', sshKey: 'k', knownHosts: 'h', author: 'A <a@example.com>' } },
    { directory: 'public' },
    { directory: { path: 'public2', switch: 'copy' } },
    { http: 8080 },
    { http: { port: '8081', host: '0.0.0.0', directory: 'served' } },
    { s3: { bucket: 'shop' } },
    {
      s3: {
        bucket: 'shop',
        prefix: 'maps',
        region: 'auto',
        endpoint: 'https://s3.example.com',
        pathStyle: false,
        accessKeyId: 'k',
        secretAccessKey: 's',
        sessionToken: 't',
        cacheControl: 'no-cache',
        statePrefix: 'private/',
        conditionalWrites: false,
      },
    },
  ],
  robots: { disallow: ['/checkout'], allow: ['/checkout/help'], agents: { GPTBot: { disallow: ['/'] }, Bingbot: {} } },
  gzip: true,
  lastmod: 'updatedAt',
  limits: { entries: 10, bytes: 10_000 },
  timeouts: { connect: '1s', statement: '1m', git: '1h', s3: '90s' },
}

describe('the type of a configuration', () => {
  test('has the settings of the schema, and no other', () => {
    expectTypeOf<keyof Configuration>().toEqualTypeOf<Exclude<keyof Input, Later>>()
    type Options<T, K extends PropertyKey> = T extends Record<K, infer V> ? keyof V : never
    type Saleor = NonNullable<Configuration['source']>['saleor']
    expectTypeOf<keyof Saleor>().toEqualTypeOf<
      Exclude<keyof NonNullable<Input['source']>['saleor'], 'graphql' | 'token'>
    >()
    expectTypeOf<keyof NonNullable<Configuration['timeouts']>>().toEqualTypeOf<keyof NonNullable<Input['timeouts']>>()
    expectTypeOf<keyof NonNullable<Configuration['limits']>>().toEqualTypeOf<keyof NonNullable<Input['limits']>>()
    expectTypeOf<keyof NonNullable<Configuration['guard']>>().toEqualTypeOf<keyof NonNullable<Input['guard']>>()
    type Target = NonNullable<Configuration['publish']>[number]
    type GitInput = NonNullable<NonNullable<Input['publish']>[number]['git']>
    expectTypeOf<Options<Target, 'git'>>().toEqualTypeOf<keyof GitInput>()
    type Routed = Extract<Input['sections'][string], { of: 'routes' }>
    expectTypeOf<keyof RouteSectionConfiguration>().toEqualTypeOf<keyof Routed>()
    type Repository = Extract<Routed['router'], object>['git']
    expectTypeOf<keyof RouterRepository>().toEqualTypeOf<keyof Repository>()
    type S3Input = NonNullable<NonNullable<Input['publish']>[number]['s3']>
    expectTypeOf<Options<Target, 's3'>>().toEqualTypeOf<keyof S3Input>()
  })

  test('allows nothing that the schema refuses', () => {
    // The type is readonly where the schema does not care.
    type Mutable<T> = T extends readonly (infer I)[]
      ? Mutable<I>[]
      : T extends object
        ? { -readonly [K in keyof T]: Mutable<T[K]> }
        : T
    expectTypeOf<Mutable<Omit<Configuration, 'sections'>>>().toExtend<Omit<Input, 'sections'>>()
    expect(configurationSchema.safeParse(FULL).error).toBeUndefined()
  })

  test('requires what the schema requires', () => {
    for (const key of Object.keys(FULL)) {
      const { [key as 'gzip']: _, ...rest } = FULL
      expect(configurationSchema.safeParse(rest).success, key).toBe(!['site', 'sections'].includes(key))
    }
    // @ts-expect-error: no site
    defineConfig({ sections: {} })
    // @ts-expect-error: no kind of records
    defineConfig({ site: 'x', sections: { p: { url: '/p/{slug}' } } })
    // @ts-expect-error: a mistyped setting
    defineConfig({ site: 'x', sections: {}, limts: {} })
  })

  test('gives back the very configuration', () => {
    expect(defineConfig(FULL)).toBe(FULL)
  })
})
