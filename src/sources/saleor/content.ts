// What a page shows: the names that `content` can have, and those that it has where nobody sets it.
import { nearestHint, type Problem } from '../../problem.ts'
import type { RecordKind } from '../source.ts'
import { findField } from './fields.ts'
import { own } from './saleor-field.ts'
import type { Shop } from './shop.ts'

/**
 * Says what a fingerprint means. To be raised with every change that gives the same content another number: numbers of
 * two versions say nothing of each other.
 */
export const CONTENT_VERSION = 1

/** What a storefront shows of its own accord. Price and stock come and go without a page that is worth another visit. */
export const DEFAULT_CONTENT: Readonly<Record<RecordKind, readonly string[]>> = {
  products: ['name', 'description', 'seoTitle', 'seoDescription', 'images', 'attributes'],
  categories: ['name', 'description', 'seoTitle', 'seoDescription', 'images'],
  collections: ['name', 'description', 'seoTitle', 'seoDescription', 'images'],
  pages: ['title', 'content', 'seoTitle', 'seoDescription', 'attributes'],
}

/**
 * Names that content has and rules have not, or not so. `images`: what is shown, in its order. `attributes`: all that
 * storefronts show. `description`, of pages `content`: the document as it was written, where a rule sees its bare text.
 */
export type ContentGroup = 'images' | 'attributes' | 'description' | 'content'

const GROUPS: Readonly<Record<RecordKind, readonly ContentGroup[]>> = {
  products: ['images', 'attributes', 'description'],
  categories: ['images', 'description'],
  collections: ['images', 'description'],
  pages: ['attributes', 'content'],
}

export const findGroup = (kind: RecordKind, name: string): ContentGroup | undefined =>
  GROUPS[kind].find(group => group === name)

/** What is wrong with a query's content, each with its place below `path`. Without a shop, what only a shop can tell is believed. */
export function contentProblems(
  { of, content = [] }: { readonly of: RecordKind; readonly content?: readonly string[] | undefined },
  { path, shop }: { readonly path: string; readonly shop?: Shop | undefined },
): Problem[] {
  return content.flatMap((name, index) => {
    const found = findGroup(of, name) ? undefined : findField(of, name, shop)
    if (!found || !('problem' in found)) return []
    const hint = found.known.length > 0 && nearestHint(name, [...GROUPS[of], ...found.known])
    const told = own(ELSEWHERE[of] ?? {}, name) ?? { message: found.problem, ...(hint && { hint }) }
    return [{ path: `${path}[${index}]`, ...told }]
  })
}

/** What other kinds have, and how it is called here. */
const ELSEWHERE: Partial<Record<RecordKind, Readonly<Record<string, Omit<Problem, 'path'>>>>> = {
  pages: {
    images: { message: 'Saleor keeps no images of pages.' },
    description: {
      message: 'The records of pages have no field "description".',
      hint: 'What is written on a page is its "content".',
    },
  },
}
