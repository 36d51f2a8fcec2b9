// From names of folders to paths of routes, as Next's app and pages folders have them in common.
import { decodeText, formatPattern, paramName, type Segment } from '../../../routes/pattern.ts'

/** Next takes files with these for pages unless its configuration says otherwise. */
export const PAGE_EXTENSIONS: readonly string[] = ['tsx', 'ts', 'jsx', 'js']

export type NamedPath =
  | { readonly paths: readonly string[]; readonly written: string | undefined }
  | { readonly problem: string }

const PARAMETER = /^\[(\.\.\.)?([^[\]]+)\]$/
const OPTIONAL_REST = /^\[\[\.\.\.([^[\]]+)\]\]$/

/** The paths that folders of these names stand for: two where the last one is optional, as `[[...rest]]`. */
export function pathOf(names: readonly string[]): NamedPath {
  const segments: Segment[] = []
  const taken = new Set<string>()
  for (const [at, name] of names.entries()) {
    const rest = OPTIONAL_REST.exec(name)?.[1]
    const [, dots, single] = PARAMETER.exec(name) ?? []
    const param = rest ?? single
    if (param === undefined) {
      if (/^\[|\]$/.test(name)) return { problem: `"${name}" is no name that Next knows` }
      segments.push({ is: 'folder', pieces: [{ text: decodeText(name) }] })
    } else if (rest === undefined && dots === undefined) {
      segments.push({ is: 'folder', pieces: [{ param: freeName(param, taken) }] })
    } else {
      if (at < names.length - 1) return { problem: `"${name}" is not the last folder, which Next refuses` }
      segments.push({ is: 'splat', name: freeName(param, taken), min: 1 })
    }
  }
  const path = pathOfSegments(segments)
  const written = `/${names.join('/')}`
  return {
    paths: OPTIONAL_REST.test(names.at(-1) ?? '') ? [pathOfSegments(segments.slice(0, -1)), path] : [path],
    written: written === path ? undefined : written,
  }
}

const pathOfSegments = (segments: readonly Segment[]): string =>
  formatPattern({ segments, trailingSlash: segments.length === 0 })

/** A name as a path can have it, that no other of its parameters has. */
export function freeName(name: string, taken: Set<string>): string {
  const plain = paramName(name)
  let free = plain
  for (let count = 2; taken.has(free); count++) free = `${plain}${count}`
  taken.add(free)
  return free
}

/** The name without its page extension, the longest that fits; undefined where it is no page's. Types alone are none. */
export function withoutExtension(file: string, extensions: readonly string[]): string | undefined {
  if (file.endsWith('.d.ts')) return undefined
  const fitting = extensions.filter(extension => file.endsWith(`.${extension}`) && file.length > extension.length + 1)
  const longest = fitting.reduce<string | undefined>(
    (a, b) => (a !== undefined && a.length >= b.length ? a : b),
    undefined,
  )
  return longest === undefined ? undefined : file.slice(0, -longest.length - 1)
}

export const inFolder = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)
