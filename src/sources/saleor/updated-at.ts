// When Saleor says that a record was changed, for those who date pages by it.
import { lastmodFromPostgres } from '../../sitemap/lastmod.ts'
import type { RecordQuery } from '../source.ts'
import type { Shop } from './shop.ts'

const DAY_MS = 86_400_000

/** Products always, categories from Saleor 3.17 on; collections and pages have none in any version. */
export function hasUpdatedAt({ of }: RecordQuery, shop: Shop): boolean {
  return of === 'products' || (of === 'categories' && shop.columns.has('product_category.updated_at'))
}

/** The column's text as a lastmod. A date still to come says nothing of what has changed: some imports write such. */
export function makeUpdatedAt(now: string): (text: string | null | undefined) => string | undefined {
  const latest = new Date(Date.parse(now) + DAY_MS).toISOString()
  return text => {
    const date = text ? lastmodFromPostgres(text) : undefined
    return date !== undefined && date <= latest ? date : undefined
  }
}
