// Storefronts whose router has locale and channel before each path: the pages that a shop expects, in each language.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProject, demoShop, type Project, SITE } from '../helpers/project.ts'

const FRONT_ENDS = fileURLToPath(new URL('../fixtures/front-ends', import.meta.url))

let project: Project
beforeAll(async () => {
  project = await createProject({ withDatabase: true })
})
afterAll(() => project[Symbol.asyncDispose]())

interface Made {
  /** Of the static pages, in the order of the sitemap. */
  readonly paths: readonly string[]
  /** By path, the language and the path of each of its alternates. */
  readonly alternates: ReadonlyMap<string, readonly string[]>
  readonly warnings: readonly string[]
  readonly routes: Readonly<Record<string, string>>
}

async function make(frontEnd: string, configuration: object, section: object = {}): Promise<Made> {
  const router = join(FRONT_ENDS, frontEnd)
  const { source, site } = demoShop
  const { sections = {}, ...more } = configuration as { sections?: object }
  const whole = { site, source, ...more, sections: { ...sections, static: { of: 'routes', router, ...section } } }
  await project.configure(whole as never)
  const built = await project.run(['build', '--out', 'made', '--json'])
  expect({ code: built.code, stderr: built.stderr }, built.stdout).toEqual({ code: 0, stderr: '' })
  const told = await project.run(['routes', '--json'])
  const { routes } = JSON.parse(told.stdout) as { routes: { path: string; outcome: { is: string } }[] }
  const xml = await readFile(join(project.dir, 'made', 'sitemap.xml'), 'utf8')
  const entries = [...xml.matchAll(/<url>.*?<\/url>/gs)].map(([entry]) => ({
    path: (/<loc>(.*?)<\/loc>/.exec(entry)?.[1] ?? '').slice(SITE.length),
    others: [...entry.matchAll(/hreflang="(.*?)" href="(.*?)"/g)].map(
      ([, language, href = '']) => `${language} ${href.slice(SITE.length)}`,
    ),
  }))
  const isOfRecord = (path: string): boolean => /\/(products|category|categories|pages?)\/./.test(path)
  const pages = entries.filter(({ path }) => !isOfRecord(path))
  return {
    paths: pages.map(({ path }) => path),
    alternates: new Map(pages.map(({ path, others }) => [path, others])),
    warnings: JSON.parse(built.stdout).warnings,
    routes: Object.fromEntries(routes.map(({ path, outcome }) => [path, outcome.is])),
  }
}

test('Paper: /:locale/:channel of an app folder', async () => {
  const configuration = {
    storefront: 'paper',
    locales: { en: { default: true }, pl: { translations: 'pl', channel: 'channel-pln' } },
    sections: { products: { of: 'products' }, categories: { of: 'categories' }, pages: { of: 'pages' } },
  }
  const exclude = ['/checkout/**', '/login', '/_preview', '/journal/*']
  const { paths, alternates, warnings, routes } = await make('next-app', configuration, { exclude, undecided: 'error' })
  expect(paths).toEqual([
    '/en/default-channel',
    '/pl/channel-pln',
    '/en/default-channel/journal',
    '/pl/channel-pln/journal',
    '/en/default-channel/products',
    '/pl/channel-pln/products',
  ])
  expect(alternates.get('/pl/channel-pln/journal')).toEqual([
    'en /en/default-channel/journal',
    'pl /pl/channel-pln/journal',
    'x-default /en/default-channel/journal',
  ])
  expect(routes).toMatchObject({
    '/': 'redirect',
    '/checkout': 'excluded',
    '/feed.xml': 'resource',
    '/:locale/:channel': 'listed',
    '/:locale/:channel/account': 'guarded',
    '/:locale/:channel/categories/:slug+': 'filled',
    '/:locale/:channel/journal/:filters+': 'excluded',
    '/:locale/:channel/pages/:slug': 'filled',
    '/:locale/:channel/products/:slug': 'filled',
  })
  expect(warnings.filter(text => /undecided|no page of the front end|fits nothing/.test(text))).toEqual([])
})

test('react-storefront: /:channel/:locale of a pages folder, with the slash that it has at its end', async () => {
  const configuration = {
    storefront: 'react-storefront',
    locales: { 'en-US': { default: true }, 'pl-PL': { translations: 'pl', channel: 'channel-pln' } },
    sections: { products: { of: 'products' }, categories: { of: 'categories' }, pages: { of: 'pages' } },
  }
  const exclude = ['/account/**', '/cart', '/search', '/:sitemap']
  const { paths, warnings, routes } = await make('next-pages', configuration, { exclude })
  expect(paths).toEqual(['/default-channel/en-US/', '/channel-pln/pl-PL/', '/', '/size-guide/'])
  expect(routes).toMatchObject({
    '/:channel/:locale/': 'listed',
    '/:channel/:locale/:sitemap/': 'excluded',
    '/:channel/:locale/cart/': 'excluded',
    '/:channel/:locale/category/:slug/': 'filled',
    '/:channel/:locale/page/:slug+/': 'filled',
    '/:channel/:locale/products/:slug/': 'filled',
    '/blog/': 'redirect',
    '/size-guide/': 'listed',
  })
  expect(warnings.filter(text => /undecided|no page of the front end|fits nothing/.test(text))).toEqual([])
})

test('without locales, what stands before each path is what other sections put there', async () => {
  const { paths } = await make(
    'next-pages',
    { sections: { products: { of: 'products', url: '/default-channel/en/products/{slug}' } } },
    { include: ['/', '/size-guide', '/cart'], exclude: ['/search'] },
  )
  expect(paths).toEqual(['/', '/default-channel/en/', '/default-channel/en/cart/', '/size-guide/'])
})

test('a section whose addresses the router has no page for is told, with the route that was meant', async () => {
  const locales = { en: { default: true } }
  const sections = { products: { of: 'products', url: '/product/{slug}' } }
  const { warnings } = await make('next-app', { storefront: 'paper', locales, sections })
  expect(warnings.join('\n')).toMatch(
    /addresses of products are no page of the front end: \S*\/en\/default-channel\/product\/\S+; the nearest route is \/:locale\/:channel\/products\/:slug /,
  )
})
