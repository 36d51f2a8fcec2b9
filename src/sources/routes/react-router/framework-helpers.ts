// The helpers that routes.ts is written with: route(), index(), layout(), prefix(), relative(), flatRoutes().
import { posix } from 'node:path'
import type { ExternalValue, Value } from '../evaluate/value.ts'

export const HELPERS = new Set(['@react-router/dev/routes', '@remix-run/route-config', '@react-router/dev/routes.js'])
export const CONVENTIONS = new Set(['@react-router/fs-routes', '@remix-run/fs-routes'])

/** Whether a file has routes of the framework, by what it imports. */
export const isFrameworkRoutes = (text: string): boolean =>
  [...HELPERS, ...CONVENTIONS].some(name => text.includes(`'${name}'`) || text.includes(`"${name}"`))

export const isOf = (modules: ReadonlySet<string>, callee: Value, name: string): callee is ExternalValue =>
  callee.is === 'external' && modules.has(callee.module) && callee.path.at(-1) === name

export const isRelative = (callee: Value): callee is ExternalValue => isOf(HELPERS, callee, 'relative')

/** `relative(folder)` gives the same helpers, whose files are in the folder. */
export function folderHelpers(callee: ExternalValue, [folder]: readonly Value[]): Value | undefined {
  if (folder?.is !== 'known' || typeof folder.value !== 'string') return undefined
  return { ...callee, path: ['relative', folder.value] }
}

/** A file that a helper is given, as the routes would name it without `relative()`. */
export function fileOf(callee: ExternalValue, file: Value): Value {
  const [first, folder] = callee.path
  const isIn = first === 'relative' && folder !== undefined && callee.path.length > 2
  if (!isIn || file.is !== 'known' || typeof file.value !== 'string') return file
  return { is: 'known', value: posix.join('/', folder, file.value) }
}
