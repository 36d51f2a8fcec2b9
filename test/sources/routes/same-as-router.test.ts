import fc from 'fast-check'
// @ts-expect-error: it brings no types, and needs none here
import { createElement } from 'react'
import { createRoutesFromElements, matchRoutes, Route, type RouteObject } from 'react-router-7'
import { describe, expect, test } from 'vitest'
import { readFrontEnd, untoldOf } from '../../helpers/front-end-files.ts'
import { matchesAny } from '../../routes/oracle.ts'

/** A route as it is written: what is below it, and its path, undefined for a layout, `index` for an index. */
interface Tree {
  readonly path: string | undefined
  readonly isIndex: boolean
  readonly children: readonly Tree[]
}

const segment = fc.constantFrom('a', 'b', ':x', 'a?', ':x?', 'c.d')
const path = fc.array(segment, { minLength: 1, maxLength: 2 }).map(segments => segments.join('/'))

const { route } = fc.letrec<{ route: Tree }>(tie => ({
  route: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.record({
      path: fc.oneof(
        path,
        path,
        fc.constant('*'),
        path.map(each => `${each}/*`),
      ),
      isIndex: fc.constant(false),
      children: fc.constant([]),
    }),
    fc.record({ path: fc.constant(undefined), isIndex: fc.constant(true), children: fc.constant([]) }),
    fc.record({
      path: fc.oneof(path, fc.constant(undefined)),
      isIndex: fc.constant(false),
      children: fc.array(tie('route'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}))

/** Each route in a line of its own, which is its name for both. */
class Printer {
  readonly lines: string[] = []

  objects(trees: readonly Tree[]): void {
    for (const { path: own, isIndex, children } of trees) {
      const parts = [own === undefined ? [] : [`path: ${JSON.stringify(own)}`], isIndex ? ['index: true'] : []].flat()
      this.lines.push(`{ id: '${this.#next()}', element: page, ${parts.map(part => `${part}, `).join('')}children: [`)
      this.objects(children)
      this.lines.push('] },')
    }
  }

  calls(trees: readonly Tree[]): void {
    for (const { path: own, isIndex, children } of trees) {
      const given = { id: this.#next(), ...(own !== undefined && { path: own }), ...(isIndex && { index: true }) }
      this.lines.push(`h(Route, { ...${JSON.stringify(given)}, element: page },`)
      this.calls(children)
      this.lines.push('),')
    }
  }

  /** What stands before it is in two lines. */
  #next(): string {
    return String(this.lines.length + 3)
  }
}

const HEAD = `import { Route, createBrowserRouter, createRoutesFromElements } from 'react-router'; import { createElement as h } from 'react'\n`
const page = createElement('h1')
const run = (text: string): RouteObject[] =>
  new Function('h', 'Route', 'createRoutesFromElements', 'page', `return ${text}`)(
    createElement,
    Route,
    createRoutesFromElements,
    page,
  )

const FOLDERS = ['a', 'b', 'c.d', 'z']
const addresses = ['/']
for (let from = 0, depth = 0; depth < 4; depth++) {
  const to = addresses.length
  for (const before of addresses.slice(from, to))
    for (const folder of FOLDERS) addresses.push(`${before.replace(/\/$/, '')}/${folder}`)
  from = to
}

const FORMS: Readonly<Record<string, (printer: Printer, trees: readonly Tree[]) => string>> = {
  objects: (printer, trees) => {
    printer.objects(trees)
    return `[\n${printer.lines.join('\n')}\n]`
  },
  elements: (printer, trees) => {
    printer.calls(trees)
    return `createRoutesFromElements(h(Route, {},\n${printer.lines.join('\n')}\n))`
  },
}

describe('every address that the router has a route for has it among ours, and no other, written as', () => {
  test.each(Object.entries(FORMS))('%s', async (_, print) => {
    await fc.assert(
      fc.asyncProperty(fc.array(route, { minLength: 1, maxLength: 4 }), async trees => {
        const text = print(new Printer(), trees)
        const theirs = run(text)
        const table = await readFrontEnd(
          {
            'src/App.jsx': `${HEAD}const page = <h1>Page</h1>; export const router = createBrowserRouter(${text})`,
          },
          'src/App.jsx',
        ).catch(error => {
          // Layouts alone are no routes.
          expect(error.code).toBe('ROUTER_EMPTY')
          return undefined
        })
        if (table) expect(untoldOf(table)).toEqual([])
        const routes = (table?.routes ?? []).map(({ path, line }) => ({
          matches: matchesAny([path]),
          id: String(line),
        }))
        for (const address of addresses) {
          const chosen = matchRoutes(theirs, address)?.at(-1)?.route.id
          const ours = routes.filter(({ matches }) => matches(address)).map(({ id }) => id)
          expect([address, ours]).toEqual([address, chosen === undefined ? [] : expect.arrayContaining([chosen])])
        }
      }),
      { numRuns: 40 },
    )
  })
})
