// Where known storefronts of Saleor show its records: a configuration names one, and its sections need no `url`.
import type { RecordKind } from '../sources/source.ts'

export interface Storefront {
  /** What stands before every path, as `/{locale}/{channel}`; '' for nothing. */
  readonly prefix: string
  readonly paths: Readonly<Record<RecordKind, string>>
}

const SHORT = {
  products: '/product/{slug}',
  categories: '/category/{slug}',
  collections: '/collection/{slug}',
  pages: '/page/{slug}',
}
const PLURAL = {
  products: '/products/{slug}',
  categories: '/categories/{slug}',
  collections: '/collections/{slug}',
  pages: '/pages/{slug}',
}

export const STOREFRONTS = {
  /** The Django storefront, up to 2.9. */
  django: {
    prefix: '/{locale}',
    paths: {
      products: '/products/{name|slugify-ascii}-{id}/',
      categories: '/products/category/{slug}-{id}/',
      collections: '/products/collection/{slug}-{id}/',
      pages: '/page/{slug}/',
    },
  },
  /** saleor-storefront 2.10 and 2.11. */
  'pwa-2': {
    prefix: '',
    paths: {
      products: '/product/{name|slugify}/{id}/',
      categories: '/category/{name|slugify}/{id}/',
      collections: '/collection/{name|slugify}/{id}/',
      pages: '/page/{slug}/',
    },
  },
  /** saleor-storefront 3.0, from January 2021 on. */
  'pwa-3': { prefix: '', paths: SHORT },
  /** react-storefront, 2022 and 2023; its locales are such as `en-US`. */
  'react-storefront': { prefix: '/{channel}/{locale}', paths: { ...SHORT, products: '/products/{slug}' } },
  /** saleor/storefront of October 2023, with Saleor's ids of products. */
  'storefront-2023-10': { prefix: '', paths: { ...PLURAL, products: '/products/{globalId}' } },
  /** saleor/storefront of November 2023. */
  'storefront-2023-11': { prefix: '', paths: PLURAL },
  /** saleor/storefront from the end of November 2023 on. */
  storefront: { prefix: '/{channel}', paths: PLURAL },
  /** saleor/storefront "Paper", from June 2026 on. */
  paper: { prefix: '/{locale}/{channel}', paths: PLURAL },
} as const satisfies Readonly<Record<string, Storefront>>

export type StorefrontName = keyof typeof STOREFRONTS
export const STOREFRONT_NAMES = Object.keys(STOREFRONTS) as [StorefrontName, ...StorefrontName[]]
