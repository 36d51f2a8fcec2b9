// Names of files of a front end: relative to its top, with `/`, and never outside of it.
import { compareValues } from '../../rules/order.ts'

/** Above it, it is no source code that anybody wrote. */
export const MOST_BYTES = 2 * 1024 * 1024

/** The name without `.`, `..` and doubled slashes, '' for the top; undefined where it leaves the top, or can be no name. */
export function plainName(name: string): string | undefined {
  if (name.startsWith('/') || name.includes('\0')) return undefined
  const parts: string[] = []
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return undefined
  }
  return parts.join('/')
}

/** By code point, as no locale orders them. */
export const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  compareValues(a.name, b.name)

const decoder = new TextDecoder()

/** The text of a source file: UTF-8, without a mark at its beginning; bytes that are none do no harm. */
export const textOf = (bytes: Uint8Array): string => decoder.decode(bytes)

/** Why a file of that size is not read. */
export const tooLarge = (bytes: number): string =>
  `it has ${(bytes / 1024 / 1024).toFixed(1)} MB, and source code of more than ${MOST_BYTES / 1024 / 1024} MB is not read`
