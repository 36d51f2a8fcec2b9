// A front end for tests, from its files' texts, read as a run reads it.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Route, RouteTable } from '../../src/routes/route.ts'
import { type RouterSettings, readRouter } from '../../src/sources/routes/router.ts'
import { tempFolder } from './bundle.ts'

export type Files = Readonly<Record<string, string>>

/** Reads the front end of these files; `router` is the file or folder that is configured. */
export async function readFrontEnd(
  files: Files,
  router = 'src/App.tsx',
  settings: Partial<RouterSettings> = {},
): Promise<RouteTable> {
  await using folder = await tempFolder()
  const all = { 'package.json': '{ "name": "shop" }', ...files }
  for (const [name, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder.path, name)), { recursive: true })
    await writeFile(join(folder.path, name), text)
  }
  const read = await readRouter(router, {
    base: folder.path,
    aliases: {},
    environment: {},
    timeoutMs: 10_000,
    ...settings,
  })
  await read.close()
  return read.table
}

/** A route in a line: what it is, where, and what is known of it. */
export function lineOf({ kind, path, to, guard, mayRedirect, condition, end }: Route): string {
  return [
    kind === 'page' ? path : `${kind} ${path}`,
    ...(end === false ? ['…'] : []),
    ...(to === undefined ? [] : [`to ${to}`]),
    ...(guard ? [`guarded by ${guard.name}`] : []),
    ...(mayRedirect ? ['may redirect'] : []),
    ...(condition === undefined ? [] : [`if ${condition}`]),
  ].join(' ')
}

/** All of them, in their order. */
export const linesOf = (table: RouteTable): string[] => table.routes.map(lineOf)

/** What could not be told: where, and why. */
export const untoldOf = (table: RouteTable): string[] =>
  table.unresolved.map(({ file, line, reason }) => `${file}:${line} ${reason}`)
