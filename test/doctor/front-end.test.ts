// What the doctor says of the front end's router.
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { tempFolder } from '../helpers/bundle.ts'
import { writeSource } from '../helpers/source-repository.ts'
import { ROUTES_FILE, storefront } from '../helpers/storefront.ts'
import { examined, textOf } from './setting.ts'

let folder: AsyncDisposable & { readonly path: string }
beforeEach(async () => {
  folder = await tempFolder()
  await writeSource(join(folder.path, 'front-end'), storefront())
})
afterEach(() => folder[Symbol.asyncDispose]())

const look = (router: object | string, more: object = {}) => {
  const products = { of: 'products', url: '/products/{slug}' }
  const pages = { of: 'routes', router, ...more }
  const source = { saleor: { database: 'postgres://storemap@127.0.0.1:9/saleor', channel: 'main' } }
  const config = { site: 'https://shop.invalid', source, sections: { products, pages } }
  return examined(config, { folder: folder.path })
}

test('is read, counted, and warned of where something of it is undecided', async () => {
  const undecided = await look(`front-end/${ROUTES_FILE}`)
  const line = undecided.line('pages', 'front end')
  expect(line, textOf(undecided.lines)).toMatchObject({
    result: 'warning',
    found: expect.stringMatching(/: 12 routes, \d+ of them listed, \d+ undecided, such as \//),
    remedy: expect.stringContaining('storemap routes'),
  })
  // What another section fills is not undecided.
  expect(line.found).not.toContain('/products/')
  const exclude = ['/categories/:slug', '/collections/:slug', '/pages/:slug', '/blog/:post', '/orders']
  const decided = await look(`front-end/${ROUTES_FILE}`, { exclude: [...exclude, '/nowhere'] })
  const told = decided.lines.filter(({ area }) => area === 'front end')
  expect(
    told.map(({ result }) => result),
    textOf(decided.lines),
  ).toEqual(['ok', 'warning'])
  expect(told[1]?.found).toBe('"/nowhere" of the configuration fits nothing')
})

test('fails where undecided routes are forbidden, and where there is nothing to read', async () => {
  expect((await look(`front-end/${ROUTES_FILE}`, { undecided: 'error' })).line('pages').result).toBe('failed')
  const gone = await look('front-end/src/router.tsx')
  expect(gone.line('pages')).toMatchObject({ result: 'failed', code: expect.stringMatching(/^ROUTER_/) })
  const git = await look({ git: { repo: 'nowhere.git', path: 'src/routes.tsx' } })
  expect(git.line('pages')).toMatchObject({ result: 'failed', code: 'ROUTER_UNREACHABLE' })
})
